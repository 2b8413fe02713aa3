"""What a page may ask for while the browser shows it: pure decisions.

A shell needs its scripts and its data, nothing else. So a page gets ``script``, ``xhr``, ``fetch`` and ``stylesheet``
requests, with methods that change nothing, to hosts of its own site, and a limited number of them.

Why the own site only: what comes from elsewhere is advertising, measuring, consent dialogs and players far more often
than text, and a crawler that asks forty strangers for each article is not polite. The price: a newspaper whose
scripts lie on a delivery network under another domain stays an empty shell, with its honest outcome.

Why no frames: their text is not part of the page that is kept. Why no POST: a visit must leave nothing behind; pages
that ask for their text by POST stay shells.

Why robots.txt is not asked for these: it is written for what a crawler visits, and a rule that bars scripts or an
interface from being indexed does not mean that a reader's browser may not show the page, for which robots.txt was
asked. Two requests at a time to one host is what a browser set to spare the server does; they are counted.

What this cannot see is a link that a page's script clicks as a download: Chromium asks for it past all routes. It
passes the gateway, which keeps it to the page's site, bytes and connections; nothing of it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.urls.owners import registered_name

BROWSER = "dateline_browser"
"""Key in ``request.meta``: true for a request whose page is to be opened in the browser."""

TYPES = frozenset({"script", "xhr", "fetch", "stylesheet"})
METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SCHEMES = frozenset({"http", "https"})

MOST_REQUESTS = 60
"""How much one page may ask for; most shells are filled after fewer than ten answers."""
AT_A_TIME = 2
"""Requests to one host at the same time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One request that a page wants to make.

    Attributes:
        url: as the browser writes it.
        kind: Playwright's resource type.
        method: upper-case.
        made_before: how many of the page's requests went out before.
    """

    url: str
    kind: str
    method: str = "GET"
    made_before: int = 0


def refusal(wanted: Wanted, site: str) -> str:
    """Why a page of this site does not get what it wants: a few words for log and stats; empty where it does."""
    scheme, host = _scheme_and_host(wanted.url)
    checks = (
        (scheme not in SCHEMES, "scheme"),
        (wanted.kind not in TYPES, "type"),
        (wanted.method not in METHODS, "method"),
        (site_of(host) != site, "other site"),
        (wanted.made_before >= MOST_REQUESTS, "too many"),
    )
    return next((word for refused, word in checks if refused), "")


def site_of_url(url: str) -> str:
    """The site of a URL's host; see `site_of`."""
    return site_of(_scheme_and_host(url)[1])


def site_of(host: str) -> str:
    """What one owner has registered; see `crawler.urls.owners`."""
    return registered_name(host)


def _scheme_and_host(url: str) -> tuple[str, str]:
    try:
        split = urlsplit(url)
        host = split.hostname or ""
    except ValueError:
        return "", ""
    return split.scheme, host
