"""What a correct crawl of the demo stores: one outcome for every URL that the bundled entries cite.

For a crawler that gives up on a page after a few seconds and some megabytes, and that believes its proxy's
``Proxy-Status`` when a name does not resolve.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.types import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What comes of one cited URL.

    Attributes:
        cited_url: as the entries write it, HTML entities included.
        outcome: of a first crawl; ``None`` where nothing may be requested (an image, a URL without http).
        final_url: where the page is found when redirects lead there; empty where there are none.
        status: of the last response; ``None`` where there is none or where it depends on the crawler's limits.
        again: outcome of a second crawl; ``None`` where it is the same.
    """

    cited_url: str
    outcome: Outcome | None
    final_url: str = ""
    status: int | None = 200
    again: Outcome | None = None


def _article(
    url: str, *, final_url: str = "", outcome: Outcome = Outcome.FETCHED, again: Outcome | None = None
) -> Expected:
    return Expected(cited_url=url, outcome=outcome, final_url=final_url, again=again)


def _failure(url: str, outcome: Outcome, status: int | None = None, *, final_url: str = "") -> Expected:
    return Expected(cited_url=url, outcome=outcome, status=status, final_url=final_url)


_TALLIS = "http://www.tallis-herald.example"
_KESTREL = "http://www.kestrel-observer.example"
_HARBOUR = "http://www.harbour-standard.example"
_MERIDIAN = "http://www.meridian-post.example"
_VERESK = "http://www.veresk-times.example"
_NORTHGATE = "http://old.northgate-gazette.example"
_COUNCIL = "http://docs.merrow-council.example"
_SALT = f"{_VERESK}/2019/12/30/varnia-norland-to-hold-more-talks-on-lifting-salt-tariffs-a68775"

ARTICLES: tuple[Expected, ...] = (
    _article("http://news.norland.example/1/hi/world/europe/3082114.stm"),
    _article("http://news.norland.example/2/hi/world/europe/3082114.stm"),
    _article(f"{_TALLIS}/articles/2006/07/05/breakwater.html?utm_source=rss&utm_medium=feed&utm_campaign=city"),
    _article(f"http://web.archive.org/web/20060706081500/{_TALLIS}/articles/2006/07/05/breakwater.html"),
    _article(f"{_TALLIS}/articles/2006/07/05/breakwater.html#comments"),
    _article(f"{_TALLIS}/articles/2006/07/05/breakwater.html?utm_medium=email"),
    _article(f"{_TALLIS}/print/2006/07/05/breakwater.html"),
    _article(f"{_TALLIS}/articles/2009/03/12/dam.html"),
    _article("http://www.haidao-ribao.example/2007/jun/14/today-life3.htm"),
    _article("http://www.severny-vestnik.example/news/2008/08/14/most.html"),
    _article("http://news.lanting.example/html/2010-05/18/content_2210.htm"),
    _article(f"{_KESTREL}/world/2009/03/dam-talks-hollin/"),
    _article(f"{_KESTREL}/world/2009/03/dam-talks-hollin/?utm_source=portal"),
    _article(f"{_KESTREL}/world/2009/03/dam-talks-hollin/index.html"),
    _article(f"{_KESTREL}/national/2009/11/mine/", again=Outcome.NOT_MODIFIED),
    _article(f"{_HARBOUR}/news/local/dam-reaction-4471"),
    _article(
        f"{_NORTHGATE}/archive/story.php?id=5512&amp;utm_source=feedburner",
        final_url="http://www.ngmedia.example/gazette/2013/02/19/night-tram/",
    ),
    _article("http://www.sentinel-financial.example/markets/2015/10/06/second-bell", outcome=Outcome.TEASER),
    _article(f"{_MERIDIAN}/world/2016/03/01/election-recount?CMP=share_btn_tw&utm_source=twitter"),
    _article(f"{_MERIDIAN}/world/2016/04/08/orbit-launch-delayed"),
    _article(f"{_MERIDIAN}/amp/world/2016/04/08/orbit-launch-delayed"),
    _article(f"{_VERESK}/2018/05/21/glacier-a61510"),
    _article(f"{_SALT}?fbclid=IwAR0demo"),
)

NO_ARTICLES: tuple[Expected, ...] = (
    _failure(f"{_HARBOUR}/", Outcome.NO_ARTICLE, 200),
    _failure(f"{_HARBOUR}/news/lost-4090", Outcome.SOFT_404, 200),
    _failure(f"{_HARBOUR}/news/2008/old-story", Outcome.SOFT_404, 200, final_url=f"{_HARBOUR}/"),
    _failure("http://www.dagblad-terveen.example/artikel/2017/dijk", Outcome.CONSENT_WALL, 200),
    _failure(f"{_COUNCIL}/members/agenda.html", Outcome.LOGIN_WALL, 200, final_url=f"{_COUNCIL}/login?next=agenda"),
    _failure("http://www.keep-gazette.example/news/2018/verdict", Outcome.CHALLENGE, 200),
    _failure("http://www.glass-front.example/2019/05/tram-depot", Outcome.NEEDS_JAVASCRIPT, 200),
    _failure(f"{_COUNCIL}/reports/2011/flood-gates.pdf", Outcome.NOT_HTML, 200),
)

FAILURES: tuple[Expected, ...] = (
    _failure(f"{_HARBOUR}/news/local/tram-letters-9", Outcome.GONE, 404),
    _failure(f"{_KESTREL}/local/council-closed.php", Outcome.GONE, 410),
    _failure("http://www.castle-tribune.example/news/2018/court-hears-miller", Outcome.CHALLENGE, 403),
    _failure(f"{_COUNCIL}/members/accounts", Outcome.LOGIN_WALL, 401),
    _failure("http://www.sentinel-financial.example/markets/2015/10/06/voices", Outcome.BLOCKED, 403),
    _failure(f"{_COUNCIL}/private/minutes.html", Outcome.ROBOTS),
    _failure("http://www.closed-window.example/2019/05/depot-costs", Outcome.ROBOTS_UNREACHABLE),
    _failure("http://10.0.0.8/minutes.html", Outcome.FORBIDDEN_ADDRESS),
    _failure("http://www.busy-messenger.example/2012/10/dock-strike", Outcome.RATE_LIMITED, 429),
    _failure("http://www.frail-bulletin.example/2011/grain-ship", Outcome.SERVER_ERROR, 503),
    _failure(f"{_NORTHGATE}/archive/letters", Outcome.REDIRECTS),
    _failure("http://www.slow-courier.example/2014/08/rain-record", Outcome.TIMEOUT),
    _failure("http://www.dripping-dispatch.example/stories/771", Outcome.TIMEOUT),
    _failure(f"{_MERIDIAN}/live/2016/vote-night", Outcome.TOO_LARGE),
    _failure("http://www.broken-line.example/news/2017/quake", Outcome.CONNECTION),
    _failure("http://www.broken-line.example/news/2017/aftershock", Outcome.BAD_RESPONSE),
    _failure("http://www.vanished-chronicle.example/news/20121009/strike.html", Outcome.DNS),
)

NEVER_REQUESTED: tuple[Expected, ...] = (
    Expected(cited_url=f"{_TALLIS}/images/breakwater.gif", outcome=None, status=None),
    Expected(cited_url="http://news.lanting.example/upload/2010/0518.jpg", outcome=None, status=None),
    Expected(cited_url="ftp://ftp.merrow-council.example/reports/2011/tables.zip", outcome=None, status=None),
)

EXPECTED: tuple[Expected, ...] = ARTICLES + NO_ARTICLES + FAILURES + NEVER_REQUESTED

SAVED_URL = _SALT
"""The URL that the bundled saved article names as its original."""
