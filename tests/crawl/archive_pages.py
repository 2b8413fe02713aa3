"""An invented news web as archives saw it: what was captured when, what the entries cite, and what is right to accept.

A `Shot` is one capture. A `Cited` is one source link of an event entry with all captures that bear on it and with what
a backfill has to make of them: which capture is accepted, which are fetched and rejected, and how the search ends.
Captures that a good ranking never asks for (404s, those before the event) stand in no list.
"""

import gzip
from dataclasses import dataclass, field, replace

import archive_layouts as layouts
import archive_stories as stories
from archive_layouts import page, plain

UTF_8, NO_CHARSET = "text/html; charset=utf-8", "text/html"


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One capture.

    Attributes:
        at: 14 digits.
        url: captured.
        body: before any content-encoding; empty for a revisit.
        revisit_of: ``at`` of the earlier capture of this URL that has the bytes; empty for others.
        unchanged: the revisit came of a 304, not of an equal digest.
        listed: status as the index of the stand-in states it; empty: the real one.
    """

    at: str
    url: str
    status: int = 200
    body: bytes = b""
    content_type: str = UTF_8
    location: str = ""
    headers: tuple = ()
    revisit_of: str = ""
    unchanged: bool = False
    listed: str = ""


@dataclass(frozen=True, kw_only=True)
class Cited:
    """One source link and what a backfill has to make of it.

    Attributes:
        name: of the case.
        url: as the entry cites it.
        day: of the event.
        headline: of the event entry.
        shots: of this URL and of those that it leads to.
        accepted: ``at`` of the capture that is taken; empty where none is.
        rejected: (``at``, outcome) of those that are fetched before, in order.
        state: of the search (`storage.types.SearchState`).
        excluded: the archive keeps the host out of reach.
    """

    name: str
    url: str
    day: str
    headline: str
    label: str
    shots: tuple = ()
    accepted: str = ""
    rejected: tuple = field(default=())
    state: str = "found"
    excluded: bool = False


def article(at, url, story, layout, *, encoding="utf-8", content_type=UTF_8, headers=(), **words):
    body = page(story, layout, **words).encode(encoding)
    return Shot(at=at, url=url, body=body, content_type=content_type, headers=headers)


def obstacle(at, url, text, *, status=200, paper="", location="", listed=""):
    body = plain(text, paper=paper, url=location).encode()
    return Shot(at=at, url=url, status=status, body=body, location=location, listed=listed)


def _lock_gate():
    url, paper = "http://www.fenwick-courier.example/news/2004/03/11/lock-gate.html", "The Fenwick Courier"
    dated = {"paper": paper, "dated": "Friday, March 12, 2004"}
    older = article("20040313090210", url, stories.LOCK_GATE, layouts.TABLES, **dated)
    bare = url.replace("www.", "").replace(".example", ".example:80")
    return Cited(
        name="captured several times",
        url=url,
        day="2004-03-11",
        headline="A lock gate on the Fenwick canal fails and strands forty barges.",
        label="Fenwick Courier",
        shots=(
            older,
            article("20040902114500", bare, stories.LOCK_GATE, layouts.TABLES, **dated),
            article("20070618031200", url, stories.LOCK_GATE, layouts.DIVS, **dated),
            obstacle("20120220101010", url, layouts.SOFT_404, status=404, paper=paper),
        ),
        accepted="20040313090210",
    )


def _wreck():
    old = "http://www.oldharbour-post.example/story.php?id=88"
    new, paper = "http://www.harbour-post.example/2005/06/wreck-of-the-orlanda/", "Harbour Post"
    return Cited(
        name="archived redirect",
        url=old,
        day="2005-06-13",
        headline="The wreck of the mail steamer Orlanda is found off Port Calder after 112 years.",
        label="Harbour Post",
        shots=(
            obstacle("20050701120000", old, layouts.MOVED, status=301, location=new),
            article("20050703081500", new, stories.WRECK, layouts.TABLES, paper=paper, dated="June 13, 2005"),
        ),
        accepted="20050703081500",
    )


def _orchard():
    url, home, paper = "http://www.sable-times.example/local/118.html", "http://www.sable-times.example/", "Sable Times"
    return Cited(
        name="redirect to the home page",
        url=url,
        day="2006-05-03",
        headline="Frost destroys the apple blossom in the Sable valley.",
        label="Sable Times",
        shots=(
            obstacle("20060601101500", url, layouts.MOVED, status=302, location=home),
            obstacle("20060601101530", home, layouts.HOME, paper=paper),
        ),
        rejected=(("20060601101500", "soft_404"),),
        state="all_rejected",
    )


def _tunnel():
    first, second = "http://rail.altbruck-news.example/a/tunnel", "http://rail.altbruck-news.example/b/tunnel"
    return Cited(
        name="redirect loop",
        url=first,
        day="2007-10-21",
        headline="Night trains return to the Grauhorn tunnel.",
        label="Altbruck News",
        shots=(
            obstacle("20071101080000", first, layouts.MOVED, status=302, location=second),
            obstacle("20071101080004", second, layouts.MOVED, status=302, location=first),
        ),
        rejected=(("20071101080000", "redirects"),),
        state="all_rejected",
    )


def _observatory():
    """The bytes are those of a capture before the window: only the revisit lies in it."""
    url, paper = "http://www.verrin-herald.example/2008/storm.html", "Verrin Herald"
    dated = {"paper": paper, "dated": "7 June 2008"}
    return Cited(
        name="revisit of an equal payload",
        url=url,
        day="2008-06-10",
        headline="The observatory at Cape Verrin closes after a storm tore off its roof.",
        label="Verrin Herald",
        shots=(
            article("20080607201500", url, stories.OBSERVATORY, layouts.DIVS, **dated),
            Shot(at="20080612070000", url=url, revisit_of="20080607201500"),
        ),
        accepted="20080612070000",
    )


def _census():
    url, paper = "http://www.northmark-daily.example/census/2010", "Northmark Daily"
    dated = {"paper": paper, "dated": "8 February 2010"}
    return Cited(
        name="revisit of an unchanged page",
        url=url,
        day="2010-02-08",
        headline="A census of Northmark counts more sheep than people in every county.",
        label="Northmark Daily",
        shots=(
            article("20100211143000", url, stories.CENSUS, layouts.DIVS, **dated),
            Shot(at="20100302143000", url=url, status=304, revisit_of="20100211143000", unchanged=True),
        ),
        accepted="20100211143000",
    )


def _library():
    url, paper = "http://www.aldermoor-news.example/2011/01/02/library-fire", "Aldermoor News"
    return Cited(
        name="archived errors beside a good copy",
        url=url,
        day="2011-01-01",
        headline="Fire destroys the reading room of Aldermoor library.",
        label="Aldermoor News",
        shots=(
            obstacle("20110105000000", url, layouts.SOFT_404, status=404, paper=paper),
            obstacle("20110107000000", url, layouts.TROUBLE, status=503, paper=paper),
            article("20110201060000", url, stories.LIBRARY, layouts.DIVS, paper=paper, dated="2 January 2011"),
        ),
        accepted="20110201060000",
    )


def _bridge():
    url, paper = "http://www.kettle-sound.example/news/bridge-opens", "Kettle Sound Online"
    return Cited(
        name="soft 404 nearest",
        url=url,
        day="2012-04-16",
        headline="The swing bridge over Kettle Sound opens after seven years.",
        label="Kettle Sound Online",
        shots=(
            obstacle("20120418093000", url, layouts.SOFT_404, paper=paper),
            article("20120611093000", url, stories.BRIDGE, layouts.DIVS, paper=paper, dated="16 April 2012"),
        ),
        accepted="20120611093000",
        rejected=(("20120418093000", "soft_404"),),
    )


def _station():
    url, paper = "http://www.marlow-mercury.example/2018/05/station-sale", "Marlow Mercury"
    return Cited(
        name="consent page nearest",
        url=url,
        day="2018-05-25",
        headline="A court halts the sale of Marlow Cross railway station.",
        label="Marlow Mercury",
        shots=(
            obstacle("20180526110000", url, layouts.CONSENT, paper=paper),
            article("20180720110000", url, stories.STATION, layouts.ARTICLE, paper=paper, dated="May 25, 2018"),
        ),
        accepted="20180720110000",
        rejected=(("20180526110000", "consent_wall"),),
    )


def _penguin():
    url, paper = "http://www.lowmoor-argus.example/topstory.html", "Lowmoor Argus"
    return Cited(
        name="URL used for another story",
        url=url,
        day="2003-11-05",
        headline="Lowmoor council rejects the chimney tax by a single vote.",
        label="Lowmoor Argus",
        shots=(article("20040114180000", url, stories.PENGUIN, layouts.TABLES, paper=paper),),
        rejected=(("20040114180000", "unrelated"),),
        state="all_rejected",
    )


def _exchange():
    url, paper = "http://www.ostmark-ledger.example/markets/night-session", "Ostmark Ledger"
    words = {"paper": paper, "dated": "October 6, 2015", "locked": True}
    return Cited(
        name="teaser",
        url=url,
        day="2015-10-06",
        headline="The grain exchange in Ostmark decides to trade through the night.",
        label="Ostmark Ledger",
        shots=(article("20151008120000", url, stories.EXCHANGE, layouts.ARTICLE, **words),),
        accepted="20151008120000",
    )


def _never():
    return Cited(
        name="never archived",
        url="http://www.brackwater-bugle.example/2009/09/01/eel-queen",
        day="2009-09-01",
        headline="Brackwater crowns its eel queen for the second time.",
        label="Brackwater Bugle",
        state="never_archived",
    )


def _excluded():
    url, paper = "http://www.private-gazette.example/2008/strike", "Private Gazette"
    return Cited(
        name="excluded",
        url=url,
        day="2008-11-30",
        headline="Lighthouse keepers end their strike.",
        label="Private Gazette",
        shots=(article("20081202101010", url, stories.STRIKE, layouts.DIVS, paper=paper, dated="30 November 2008"),),
        state="excluded",
        excluded=True,
    )


def _strike():
    url, paper = "http://www.gull-head-news.example/front/lights", "Gull Head News"
    return Cited(
        name="captured before the event",
        url=url,
        day="2009-03-22",
        headline="Lighthouse keepers end their strike after nineteen nights.",
        label="Gull Head News",
        shots=(
            article("20090201101010", url, stories.OLD_FRONT, layouts.DIVS, paper=paper),
            article("20090601101010", url, stories.STRIKE, layouts.DIVS, paper=paper, dated="22 March 2009"),
        ),
        accepted="20090601101010",
    )


def _comet():
    """Its server named an empty content-encoding and sent gzip."""
    url, paper = "http://www.dunmere-echo.example/science/comet.html", "Dunmere Echo"
    body = gzip.compress(page(stories.COMET, layouts.TABLES, paper=paper, dated="January 18, 2006").encode(), mtime=0)
    return Cited(
        name="gzip under an empty content-encoding",
        url=url,
        day="2006-01-18",
        headline="A bus driver in Dunmere discovers a comet.",
        label="Dunmere Echo",
        shots=(Shot(at="20060120050000", url=url, body=body, headers=(("Content-Encoding", ""),)),),
        accepted="20060120050000",
    )


def _theatre():
    url, paper = "http://www.courrier-du-mole.example/culture/theatre-2002.htm", "Le Courrier du Môle"
    words = {"paper": paper, "dated": "4 octobre 2002", "encoding": "cp1252", "content_type": NO_CHARSET}
    return Cited(
        name="cp1252 without a charset",
        url=url,
        day="2002-10-03",
        headline="Le théâtre du Môle rouvre après l'inondation.",
        label="Courrier du Môle",
        shots=(article("20021009160000", url, stories.THEATRE, layouts.TABLES, **words),),
        accepted="20021009160000",
    )


def _dome():
    """The index of the stand-in knows no status of either copy, as real ones do now and then."""
    url, paper = "http://www.stott-weekly.example/culture/reading-room", "Stott Weekly"
    dated = {"paper": paper, "dated": "10 February 2016"}
    return Cited(
        name="archived 429 nearest",
        url=url,
        day="2016-02-10",
        headline="Five years on: the fire that gutted the reading room of Aldermoor library.",
        label="Stott Weekly",
        shots=(
            obstacle("20160212101010", url, layouts.TOO_MANY, status=429, paper=paper, listed="-"),
            replace(article("20160318101010", url, stories.LIBRARY, layouts.ARTICLE, **dated), listed="-"),
        ),
        accepted="20160318101010",
        rejected=(("20160212101010", "http_error"),),
    )


def _undated():
    """The only date on the page is one of a future that the capture knows nothing of."""
    url, paper = "http://www.calder-compass.example/wreck.html", "Calder Compass"
    words = {"paper": paper, "footer": "Moorings in the new basin are let until 31 December 2024."}
    return Cited(
        name="undated under a later year",
        url=url,
        day="2006-08-14",
        headline="The wreck of the mail steamer Orlanda is found off Port Calder.",
        label="Calder Compass",
        shots=(article("20060820101112", url, stories.WRECK, layouts.TABLES, **words),),
        accepted="20060820101112",
    )


WORLD = (
    _lock_gate(), _wreck(), _orchard(), _tunnel(), _observatory(), _census(), _library(), _bridge(), _station(),
    _penguin(), _exchange(), _never(), _excluded(), _strike(), _comet(), _theatre(), _dome(), _undated(),
)  # fmt: skip


def case(name):
    return next(cited for cited in WORLD if cited.name == name)


def shots(world=WORLD):
    return tuple(shot for cited in world for shot in cited.shots)


def table(world=WORLD):
    """The entries that cite this web, as a table to import."""
    rows = [f'e{n},{one.day},"{one.headline}",{one.url},{one.label}' for n, one in enumerate(world)]
    return "\n".join(["event_id,date,headline,url,label", *rows, ""])
