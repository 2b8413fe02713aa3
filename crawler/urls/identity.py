"""From a cited URL to the document that it means.

Why the request URL stays close to what was cited: old servers answer only the exact spelling, tracking included,
and an archive may hold only that one. It is unwrapped, repaired and made legal, nothing more. Only the canonical
URL is opinionated. Where a page keeps its address in the fragment (``#!/name``), the fragment never reaches a
server; on hosts where that address also exists as a path, the path is requested.
"""

from __future__ import annotations

import re

from crawler.errors import UnusableUrl
from crawler.urls.canonical import canonical
from crawler.urls.hosts import bare_host
from crawler.urls.parts import Parts, split
from crawler.urls.steps import Change, Step, Steps, note
from crawler.urls.surt import surt
from crawler.urls.wrappers import may_wrap, unwrap
from storage.types import DocumentIdentity

# Sites whose front page routed by fragment and whose paths are the same without it.
_ROUTED_HOSTS = {"twitter.com": re.compile(r"!/(\w.*)"), "nbcnews.com": re.compile(r"/(\w.*)")}
_MOST_LAYERS = 4


def identify(cited_url: str) -> DocumentIdentity:
    """The document that a cited URL means: its canonical URL, what to request, its URL key and the memento cited.

    Raises:
        UnusableUrl: it cannot be requested (another scheme, no or an invalid host or port, control characters).
    """
    url, memento = unwrap(cited_url)
    parts = _routed(split(url))
    return DocumentIdentity(
        canonical_url=_canonical(parts),
        request_url=parts.request_url,
        url_key=surt(parts),
        host=parts.site,
        memento=memento,
    )


def canonical_url(url: str) -> str:
    """Our identity for the document at a URL, cited, final or declared; idempotent.

    Raises:
        UnusableUrl: see `identify`.
    """
    return _canonical(_read(url))


def explain(url: str) -> tuple[Step, ...]:
    """What makes of a URL its canonical URL, in order; empty for one that is canonical.

    Raises:
        UnusableUrl: see `identify`.
    """
    steps: list[Step] = []
    unwrapped, _ = unwrap(url, steps)
    made = _canonical(_routed(split(unwrapped), steps), steps)
    if not steps and made != url:
        note(steps, Change.SPELLING, "whole", "host in lower case, characters that are not legal as escapes")
    return tuple(steps)


def url_key(url: str) -> str:
    """The SURT of a URL, as archives index it.

    For matching only: it merges scheme, ``www``, letter case and parameter order (see `crawler.urls.surt`).

    Raises:
        UnusableUrl: see `identify`.
    """
    return surt(_read(url))


def host_of(url: str) -> str:
    """The host to ask, lower case and IDNA-encoded, with its port where it is not the scheme's own.

    Raises:
        UnusableUrl: see `identify`.
    """
    return _read(url).site


def _read(url: str, steps: Steps = None) -> Parts:
    return _routed(split(unwrap(url, steps)[0]), steps)


def _canonical(parts: Parts, steps: Steps = None) -> str:
    """The canonical URL; where its own form uncovers a wrapper or a route (``//web/2006/a``), of what that means."""
    url = canonical(parts, steps)
    host = url.removeprefix("https://").partition("/")[0].partition(":")[0]
    if not parts.fragment and not may_wrap(host):
        return url
    for _ in range(_MOST_LAYERS):
        again = canonical(_read(url))
        if again == url:
            return url
        canonical(_read(url, steps), steps)
        url = again
    raise UnusableUrl(url, "it wraps other URLs without end")


def _routed(parts: Parts, steps: Steps = None) -> Parts:
    pattern = _ROUTED_HOSTS.get(bare_host(parts.host)) if parts.fragment else None
    found = pattern.fullmatch(parts.fragment) if pattern is not None and parts.path in {"", "/"} else None
    if found is None:
        return parts
    note(steps, Change.ROUTE, f"#{parts.fragment}", "it is a path on this host")
    return split(f"{parts.scheme}://{parts.site}/{found[1]}")
