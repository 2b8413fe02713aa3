"""What the demo's web archive holds: pages that its live web has lost, and all that stands in the way of finding them.

A crawler that came before the story did, a consent form in place of the page, a redirect to the home page, an address
that was given to another story, a file that cannot be read any more, a site that wants to be in no archive.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.demo.layouts import Setting, plain_page, render, story
from crawler.demo.site import Page, Site, html, missing, redirect
from crawler.demo.web_archive import Copy, archive_site

ARCHIVE_HOST = "web.old-pages.example"
EXCLUDED = frozenset({"keep-gazette.example"})
_CHRONICLE = "http://www.vanished-chronicle.example"
_HARBOUR = "http://www.harbour-standard.example"
_KESTREL = "http://www.kestrel-observer.example"
_SENTINEL = "http://www.sentinel-financial.example"
_COUNCIL = "http://docs.merrow-council.example"
_NORTHGATE = "http://old.northgate-gazette.example"


def old_pages() -> Site:
    """The archive, with all its copies."""
    return archive_site(ARCHIVE_HOST, (*_chronicle(), *_harbour(), *_kestrel(), *_walled(), *_moved()), EXCLUDED)


def _chronicle() -> tuple[Copy, ...]:
    """A paper whose host is gone. The archive's crawler came too early once, and once after the name was sold."""
    strike, rain = f"{_CHRONICLE}/news/20121009/strike.html", f"{_CHRONICLE}/news/20140820/rain.html"
    fees, quake = f"{_CHRONICLE}/news/20160914/fees.html", f"{_CHRONICLE}/news/20170921/quake.html"
    parked = html(plain_page("parked"))
    return (
        _copy("20121009041503", strike, html(plain_page("chronicle404"))),
        _copy("20121009182211", strike, _told("strike", "chronicle2012", strike)),
        _copy("20170302110954", strike, parked),
        _copy("20140822064417", rain, _told("rain", "chronicle2012", rain)),
        _copy("20170302111020", fees, parked),
        replace(_copy("20170922010000", quake, html(plain_page("chronicle404"))), lost=True),
    )


def _harbour() -> tuple[Copy, ...]:
    """Two stories of a paper that sends every lost address to its home page."""
    piano, old, home = f"{_HARBOUR}/news/lost-4090", f"{_HARBOUR}/news/2008/old-story", html(plain_page("home"))
    told = _told("piano", "local2009", piano, encoding="windows-1252", declared="")
    return (
        _copy("20110511201533", piano, told),
        _copy("20130104020202", piano, missing()),
        _copy("20110602091147", old, home),
        _copy("20120218153000", old, redirect(f"{_HARBOUR}/", 302)),
        _copy("20120218153001", f"{_HARBOUR}/", home),
        _copy("20160915034410", f"{_HARBOUR}/", home),
    )


def _kestrel() -> tuple[Copy, ...]:
    """A story that had moved when it was archived: its old address is a redirect, the new one the page."""
    old, new = f"{_KESTREL}/local/council-closed.php", f"{_KESTREL}/local/2011/05/council-dissolved/"
    return (
        _copy("20110512073015", old, redirect(new)),
        _copy("20110512073018", new, _told("council", "cms2009", new, section="local")),
    )


def _walled() -> tuple[Copy, ...]:
    """Pages that want something first on the live web; some of them did so when the archive's crawler came, too."""
    dyke, court = "http://www.dagblad-terveen.example/artikel/2017/dijk", "http://www.castle-tribune.example"
    case, depot = f"{court}/news/2018/court-hears-miller", "http://www.glass-front.example/2019/05/tram-depot"
    bell, voices = f"{_SENTINEL}/markets/2015/10/06/second-bell", f"{_SENTINEL}/markets/2015/10/06/voices"
    agenda, login = f"{_COUNCIL}/members/agenda.html", f"{_COUNCIL}/login?next=agenda"
    heard = _told("miller", "tribune2018", case, paper="Castle Tribune", lang="en")
    return (
        _copy("20170921093012", dyke, html(plain_page("consent"))),
        _copy("20170923172005", dyke, _told("dijk", "tribune2018", dyke, paper="Dagblad Terveen", lang="nl")),
        replace(_copy("20180315231502", case, heard), lost=True),
        _copy("20180316074530", case, heard),
        _copy("20180312120000", "http://www.keep-gazette.example/news/2018/verdict", missing()),
        _copy("20190509081100", depot, html(plain_page("shell"))),
        _copy("20151006070210", bell, _told("bell", "sentinel2015", bell)),
        _copy("20180524101112", voices, _told("glacier", "sentinel2015", voices)),
        _copy("20160920131415", agenda, redirect(login, 302)),
        _copy("20160920131417", login, html(plain_page("signin"))),
        _copy("20110511090000", f"{_COUNCIL}/members/accounts", missing(401)),
    )


def _moved() -> tuple[Copy, ...]:
    """A redirect that leads in a circle, then as now."""
    return (
        _copy("20130223101010", f"{_NORTHGATE}/archive/letters", redirect(f"{_NORTHGATE}/archive/letters/")),
        _copy("20130223101012", f"{_NORTHGATE}/archive/letters/", redirect(f"{_NORTHGATE}/archive/letters", 302)),
    )


def _copy(at: str, url: str, page: Page) -> Copy:
    return Copy(at=at, url=url, page=page)


def _told(
    name: str, layout: str, url: str, *, encoding: str = "utf-8", declared: str | None = None, **extra: str
) -> Page:
    return render(story(name), Setting(layout=layout, url=url, encoding=encoding, declared=declared, extra=extra))
