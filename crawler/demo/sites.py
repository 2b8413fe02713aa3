"""The demo's web: invented publishers, each with the page structure of its time, and every way in which pages fail.

All hosts lie under ``.example``, which RFC 2606 keeps free of real sites.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.demo.archived_pages import old_pages
from crawler.demo.layouts import Setting, Story, plain_page, render, story
from crawler.demo.site import (
    Delivery,
    Page,
    Route,
    Site,
    failing,
    html,
    in_turn,
    missing,
    rate_limited,
    redirect,
    unavailable,
)

FEED_HOST = "www.orel-echo.example"
FEED_PATH = "/rss.xml"
_DIVERS = "/world/2018/09/veresk-bridge/"
_PIER = "/news/world/orel-bridge-8102"
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
_GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b",
)
_FORBIDDEN = "<html><head><title>Forbidden</title></head><body>You are not allowed to see this page.</body></html>"
_NOTICE = (
    "<I>Copyright 2009 The Associated Press. All rights reserved. This material may not be published, broadcast, "
    "rewritten or redistributed.</I>"
)


def demo_sites() -> tuple[Site, ...]:
    """All sites of the demo, a web archive among them.

    ``www.vanished-chronicle.example`` is cited and does not exist: that is the point.
    """
    return (
        _norland(),
        _tallis(),
        _kestrel(),
        _harbour(),
        _meridian(),
        _veresk(),
        _vestnik(),
        _lanting(),
        _haidao(),
        *_gazette(),
        _echo(),
        *_walls(),
        *_broken(),
        old_pages(),
    )


def _norland() -> Site:
    host, told = "news.norland.example", story("ferry")
    high, low = "/1/hi/world/europe/3082114.stm", "/2/hi/world/europe/3082114.stm"
    return Site(
        host=host,
        routes={
            high: _set(told, "broadcaster2003", host, high, encoding="windows-1252", declared=""),
            low: _set(told, "lowgraphics2003", host, low, encoding="windows-1252", declared=""),
        },
    )


def _tallis() -> Site:
    host, windows = "www.tallis-herald.example", {"encoding": "windows-1252", "declared": "iso-8859-1"}
    own, paper = "/articles/2006/07/05/breakwater.html", "/print/2006/07/05/breakwater.html"
    wire = "/articles/2009/03/12/dam.html"
    storm, cut = story("breakwater"), story("dam").edited(keep=6, headline="Neighbors resume talks over river water")
    return Site(
        host=host,
        robots="User-agent: *\nDisallow: /classifieds/\nDisallow: /forum/\nCrawl-delay: 0.2\n",
        routes={
            own: _set(storm, "table2006", host, own, **windows),
            paper: _set(storm, "print2006", host, paper, **windows),
            wire: _set(cut, "table2006", host, wire, tail=_NOTICE, **windows),
            "/images/breakwater.gif": Page(body=_GIF, content_type="image/gif"),
        },
    )


def _kestrel() -> Site:
    host = "www.kestrel-observer.example"
    wire, own = "/world/2009/03/dam-talks-hollin/", "/national/2009/11/mine/"
    talks = story("dam").edited(
        byline="Tobias Erren", standfirst="Two countries, one river and one napkin", credit="AP"
    )
    dam = _set(talks, "cms2009", host, wire, section="world")
    mine = _set(story("mine"), "cms2009", host, own, section="national")
    divers = story("divers").edited(keep=5, headline="Anchor hunt ends in closed bridge", credit="AP")
    return Site(
        host=host,
        robots="User-agent: *\nDisallow: /admin/\nDisallow: /search/\n",
        routes={
            wire: dam,
            f"{wire}index.html": dam,
            own: replace(mine, etag='"8812-1258743900"', last_modified="Fri, 20 Nov 2009 19:05:00 GMT"),
            _DIVERS: _set(divers, "cms2009", host, _DIVERS, section="world"),
            "/local/council-closed.php": missing(410),
        },
    )


def _harbour() -> Site:
    host, wire = "www.harbour-standard.example", "/news/local/dam-reaction-4471"
    local = story("dam").edited(
        keep=11,
        headline="Valley farmers tip earth in front of envoys as water talks open",
        insert={
            4: "Growers from the lower valley had set out from Brannock Ford before dawn in eleven tractors and a hay "
            "cart, the Standard’s reporter found when she met them at the bridge."
        },
    )
    crack = _bare(story("pier").edited(keep=6, headline="Railway bridge to salt port shut by crack", byline="Newsdesk"))
    return Site(
        host=host,
        routes={
            wire: _set(local, "local2009", host, wire, encoding="windows-1252", declared=""),
            _PIER: _set(crack, "local2009", host, _PIER, encoding="windows-1252", declared=""),
            "/news/lost-4090": html(plain_page("soft404")),
            "/news/2008/old-story": redirect(f"http://{host}/", 302),
            "/": html(plain_page("home")),
        },
    )


def _meridian() -> Site:
    host = "www.meridian-post.example"
    launch, vote = "/world/2016/04/08/orbit-launch-delayed", "/world/2016/03/01/election-recount"
    bridge = "/world/2018/09/06/orel-bridge-closed"
    told, amp_url = story("orbit"), f"http://{host}/amp{launch}"
    first = _set(told, "cms2016", host, launch, amp_url=amp_url)
    return Site(
        host=host,
        robots="User-agent: *\nDisallow: /subscribe\nSitemap: http://www.meridian-post.example/sitemap.xml\n",
        routes={
            launch: in_turn(
                replace(first, etag='"launch-1"'),
                replace(_set(_updated(told), "cms2016", host, launch, amp_url=amp_url), etag='"launch-2"'),
            ),
            f"/amp{launch}": _set(told, "amp", host, launch),
            vote: replace(_set(story("recount"), "cms2016", host, vote), gzip=True),
            bridge: _set(story("pier"), "cms2016", host, bridge),
            "/live/2016/vote-night": failing(Delivery.ENDLESS),
        },
    )


def _updated(told: Story) -> Story:
    right = replace(told, paragraphs=tuple(text.replace("eighteen", "sixteen") for text in told.paragraphs))
    return right.edited(
        modified="2016-04-08T17:20:00-04:00",
        updated_line='<span class="updated">Updated April 8, 2016</span>',
        correction='<p class="correction"><strong>Correction:</strong> An earlier version of this article misstated '
        "the number of engines. It is sixteen, not eighteen.</p>",
        insert={
            8: "Late on Friday the trade ministry said that Varnia had sent the missing list of places by courier. "
            "It arrived in an envelope addressed to the ministry of fisheries, which opened it."
        },
    )


def _veresk() -> Site:
    host = "www.veresk-times.example"
    salt, ice = (
        "/2019/12/30/varnia-norland-to-hold-more-talks-on-lifting-salt-tariffs-a68775",
        "/2018/05/21/glacier-a61510",
    )
    pier = "/2018/09/06/crack-shuts-orel-bridge-a62377"
    here = story("pier").edited(keep=7, headline="Crack Shuts Orel Railway Bridge", byline="Reuters")
    return Site(
        host=host,
        routes={
            salt: _set(story("salt"), "times2019", host, salt),
            pier: _set(here, "times2019", host, pier),
            ice: replace(_set(story("glacier"), "times2019", host, ice), delay_s=0.4),
        },
    )


def _vestnik() -> Site:
    host, path = "www.severny-vestnik.example", "/news/2008/08/14/most.html"
    page = _set(story("most"), "vestnik2008", host, path, encoding="windows-1251", declared="")
    return Site(host=host, routes={path: page})


def _lanting() -> Site:
    host, path = "news.lanting.example", "/html/2010-05/18/content_2210.htm"
    return Site(
        host=host, routes={path: _set(story("reservoir"), "portal2010", host, path, encoding="gbk", declared="")}
    )


def _haidao() -> Site:
    host, path = "www.haidao-ribao.example", "/2007/jun/14/today-life3.htm"
    return Site(host=host, routes={path: _set(story("lantern"), "daily2007", host, path, encoding="big5", declared="")})


def _gazette() -> tuple[Site, ...]:
    """A paper that moved twice: the old host sends on to the next, and that one to the group's."""
    old, middle, group = "old.northgate-gazette.example", "www.northgate-gazette.example", "www.ngmedia.example"
    path = "/gazette/2013/02/19/night-tram/"
    return (
        Site(
            host=old,
            routes={
                "/archive/story.php?id=5512": redirect(f"http://{middle}/archive/5512"),
                "/archive/letters": redirect(f"http://{old}/archive/letters/"),
                "/archive/letters/": redirect(f"http://{old}/archive/letters", 302),
            },
        ),
        Site(host=middle, routes={"/archive/5512": redirect(f"http://{group}{path}")}),
        Site(host=group, routes={path: _set(story("tram"), "blog2013", group, path)}),
    )


def _echo() -> Site:
    """A paper that no entry cites: only its feed leads to its reports."""
    host, path = FEED_HOST, "/city/ferrymen-row-again"
    told = story("ferrymen")
    feed = (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>The Orel Echo</title>'
        f"<link>http://{host}/</link>\n<item><title>{told.fields['headline']}</title>"
        f"<link>http://{host}{path}?from=rss</link></item>\n</channel></rss>\n"
    )
    return Site(
        host=host,
        routes={
            FEED_PATH: Page(body=feed.encode(), content_type="application/rss+xml; charset=utf-8"),
            path: _set(told, "tribune2018", host, path, paper="The Orel Echo", lang="en"),
        },
    )


def _bare(told: Story) -> Story:
    """Without the agency's own opening, as papers print it that name the agency nowhere."""
    first, *rest = told.paragraphs
    return replace(told, paragraphs=(first.partition(" - ")[2], *rest))


def _walls() -> tuple[Site, ...]:
    """Pages that want something first: consent, a browser, a script, money, a password, or no robots."""
    money, teaser = "www.sentinel-financial.example", "/markets/2015/10/06/second-bell"
    challenge = plain_page("challenge")
    castle, divers = "www.castle-tribune.example", "/news/2018/bridge-divers"
    locked = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".article-body"}
    structured = {"isAccessibleForFree": False, "hasPart": locked}
    page = render(story("teaser"), Setting(layout="paywall2015", url=f"http://{money}{teaser}", structured=structured))
    return (
        Site(host="www.dagblad-terveen.example", routes={"/artikel/2017/dijk": html(plain_page("consent"))}),
        Site(
            host=castle,
            routes={
                "/news/2018/court-hears-miller": replace(html(challenge), status=403),
                divers: _set(story("divers"), "tribune2018", castle, divers, paper="Castle Tribune", lang="en"),
            },
        ),
        Site(host="www.keep-gazette.example", routes={"/news/2018/verdict": html(challenge)}),
        Site(host="www.glass-front.example", routes={"/2019/05/tram-depot": html(plain_page("shell"))}),
        Site(host=money, routes={teaser: page, "/markets/2015/10/06/voices": missing(403, _FORBIDDEN)}),
        Site(
            host="docs.merrow-council.example",
            robots="# The council's papers\nUser-agent: *\nDisallow: /private/\n",
            routes={
                "/reports/2011/flood-gates.pdf": Page(body=_PDF, content_type="application/pdf"),
                "/members/agenda.html": redirect("http://docs.merrow-council.example/login?next=agenda", 302),
                "/login": html(plain_page("signin")),
                "/members/accounts": replace(
                    html(plain_page("login")), status=401, headers=(("WWW-Authenticate", 'Basic realm="members"'),)
                ),
                "/private/minutes.html": html("<p>Not for robots.</p>"),
            },
        ),
    )


def _broken() -> tuple[Site, ...]:
    """Servers that fail, each in its own way."""
    failures: dict[str, dict[str, Route]] = {
        "www.slow-courier.example": {"/2014/08/rain-record": failing(Delivery.HANG)},
        "www.dripping-dispatch.example": {"/stories/771": failing(Delivery.DRIP)},
        "www.frail-bulletin.example": {"/2011/grain-ship": unavailable()},
        "www.closed-window.example": {"/robots.txt": unavailable(), "/2019/05/depot-costs": html("<p>Not asked.</p>")},
        "www.busy-messenger.example": {"/2012/10/dock-strike": rate_limited("3600")},
        "www.broken-line.example": {
            "/news/2017/quake": failing(Delivery.RESET),
            "/news/2017/aftershock": failing(Delivery.SHORT),
        },
    }
    return tuple(Site(host=host, routes=routes) for host, routes in failures.items())


def _set(
    told: Story,
    layout: str,
    host: str,
    path: str,
    *,
    encoding: str = "utf-8",
    declared: str | None = None,
    **extra: str,
) -> Page:
    url = f"http://{host}{path}"
    return render(told, Setting(layout=layout, url=url, encoding=encoding, declared=declared, extra=extra))
