"""What a correct crawl of the demo stores: one outcome for every URL that the bundled entries cite.

For a crawler that gives up on a page after a few seconds and some megabytes, and that believes its proxy's
``Proxy-Status`` when a name does not resolve.

And what a correct backfill of it finds: one `Rescue` for every URL that is then wanted from archives.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.demo.sites import FEED_HOST
from storage.types import Outcome, SearchState


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Rescue:
    """What the demo's web archive gives for one cited URL.

    Attributes:
        cited_url: as the entries write it.
        state: where the search in the archive ends; ``None`` where it is not asked.
        accepted: when the copy that is taken was made, 14 digits; empty where none is.
        story: name of the story that it tells; empty where none is taken.
        rejected: the copies that are tried before it, in order: when each was made, and what it is.
        asked_for: when the accepted copy was made according to the index, where the archive gives another one.
    """

    cited_url: str
    state: SearchState | None
    accepted: str = ""
    story: str = ""
    rejected: tuple[tuple[str, Outcome], ...] = ()
    asked_for: str = ""


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
_CHRONICLE = "http://www.vanished-chronicle.example"
_SENTINEL = "http://www.sentinel-financial.example"
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
    _article(f"{_SENTINEL}/markets/2015/10/06/second-bell", outcome=Outcome.TEASER),
    _article(f"{_MERIDIAN}/world/2016/03/01/election-recount?CMP=share_btn_tw&utm_source=twitter"),
    _article(f"{_MERIDIAN}/world/2016/04/08/orbit-launch-delayed"),
    _article(f"{_MERIDIAN}/amp/world/2016/04/08/orbit-launch-delayed"),
    _article(f"{_VERESK}/2018/05/21/glacier-a61510"),
    _article(f"{_HARBOUR}/news/world/orel-bridge-8102"),
    _article(f"{_MERIDIAN}/world/2018/09/06/orel-bridge-closed"),
    _article(f"{_VERESK}/2018/09/06/crack-shuts-orel-bridge-a62377"),
    _article("http://www.castle-tribune.example/news/2018/bridge-divers"),
    _article(f"{_KESTREL}/world/2018/09/veresk-bridge/"),
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
    _failure(f"{_SENTINEL}/markets/2015/10/06/voices", Outcome.BLOCKED, 403),
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
    _failure(f"{_CHRONICLE}/news/20121009/strike.html", Outcome.DNS),
    _failure(f"{_CHRONICLE}/opinion/20130220/letters.html", Outcome.DNS),
    _failure(f"{_CHRONICLE}/news/20140820/rain.html", Outcome.DNS),
    _failure(f"{_CHRONICLE}/news/20160914/fees.html", Outcome.DNS),
    _failure(f"{_CHRONICLE}/news/20170921/quake.html", Outcome.DNS),
)

NEVER_REQUESTED: tuple[Expected, ...] = (
    Expected(cited_url=f"{_TALLIS}/images/breakwater.gif", outcome=None, status=None),
    Expected(cited_url="http://news.lanting.example/upload/2010/0518.jpg", outcome=None, status=None),
    Expected(cited_url="ftp://ftp.merrow-council.example/reports/2011/tables.zip", outcome=None, status=None),
)

EXPECTED: tuple[Expected, ...] = ARTICLES + NO_ARTICLES + FAILURES + NEVER_REQUESTED

FOUND_URL = f"http://{FEED_HOST}/city/ferrymen-row-again"
"""The article that no entry cites and the feed of its paper names."""

SAVED_URL = _SALT
"""The URL that the bundled saved article names as its original."""


def _found(url: str, accepted: str, story: str, *rejected: tuple[str, Outcome], asked_for: str = "") -> Rescue:
    return Rescue(
        cited_url=url,
        state=SearchState.FOUND,
        accepted=accepted,
        story=story,
        rejected=rejected,
        asked_for=asked_for,
    )


def _missed(url: str, *rejected: tuple[str, Outcome]) -> Rescue:
    return Rescue(cited_url=url, state=SearchState.ALL_REJECTED, rejected=rejected)


def _never(url: str) -> Rescue:
    return Rescue(cited_url=url, state=SearchState.NEVER_ARCHIVED)


RESCUES: tuple[Rescue, ...] = (
    # The crawler came before the story did.
    _found(f"{_CHRONICLE}/news/20121009/strike.html", "20121009182211", "strike", ("20121009041503", Outcome.SOFT_404)),
    _found(f"{_CHRONICLE}/news/20140820/rain.html", "20140822064417", "rain"),
    _found(f"{_HARBOUR}/news/lost-4090", "20110511201533", "piano"),
    # Behind an archived redirect.
    _found(f"{_KESTREL}/local/council-closed.php", "20110512073018", "council", asked_for="20110512073015"),
    _found(
        "http://www.dagblad-terveen.example/artikel/2017/dijk",
        "20170923172005",
        "dijk",
        ("20170921093012", Outcome.CONSENT_WALL),
    ),
    # The listed copy cannot be read; the archive sends on to the nearest one.
    _found(
        "http://www.castle-tribune.example/news/2018/court-hears-miller",
        "20180316074530",
        "miller",
        asked_for="20180315231502",
    ),
    # The whole of what the live page shows the beginning of.
    _found(f"{_SENTINEL}/markets/2015/10/06/second-bell", "20151006070210", "bell"),
    # The address was given to another story.
    _missed(f"{_SENTINEL}/markets/2015/10/06/voices", ("20180524101112", Outcome.UNRELATED)),
    _missed(
        f"{_HARBOUR}/news/2008/old-story",
        ("20110602091147", Outcome.NO_ARTICLE),
        ("20120218153000", Outcome.SOFT_404),
    ),
    _missed(f"{_HARBOUR}/", ("20160915034410", Outcome.NO_ARTICLE)),
    # The name was sold.
    _missed(f"{_CHRONICLE}/news/20160914/fees.html", ("20170302111020", Outcome.SOFT_404)),
    # Listed, and nowhere to be read.
    _missed(f"{_CHRONICLE}/news/20170921/quake.html", ("20170922010000", Outcome.NOT_REPLAYED)),
    _missed("http://www.glass-front.example/2019/05/tram-depot", ("20190509081100", Outcome.NEEDS_JAVASCRIPT)),
    _missed(f"{_COUNCIL}/members/agenda.html", ("20160920131415", Outcome.LOGIN_WALL)),
    # Listed as refused: not worth a try.
    _missed(f"{_COUNCIL}/members/accounts"),
    _missed(
        f"{_NORTHGATE}/archive/letters",
        ("20130223101010", Outcome.REDIRECTS),
        ("20130223101012", Outcome.REDIRECTS),
    ),
    _never(f"{_CHRONICLE}/opinion/20130220/letters.html"),
    _never(f"{_HARBOUR}/news/local/tram-letters-9"),
    _never(f"{_COUNCIL}/private/minutes.html"),
    _never(f"{_MERIDIAN}/live/2016/vote-night"),
    # Nobody else's business.
    Rescue(cited_url="http://10.0.0.8/minutes.html", state=None),
    Rescue(cited_url="http://www.keep-gazette.example/news/2018/verdict", state=SearchState.EXCLUDED),
)
