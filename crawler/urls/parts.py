"""A URL taken apart, once, into pieces that are already legal.

Why not ``urllib.parse.urlsplit``: it accepts what cannot be requested and raises ``ValueError`` on some of what
can; here the two answers are a `Parts` or an `UnusableUrl` that says what is wrong.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from w3lib.url import safe_url_string

from crawler.errors import UnusableUrl
from crawler.urls.hosts import BadHost, read_authority

_SHAPE = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_LEGAL = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


class Parts(NamedTuple):
    """The pieces of one usable URL.

    Attributes:
        scheme: ``http`` or ``https``.
        host: lower case, IDNA; an IPv6 address in brackets.
        port: digits; empty where it is the scheme's own.
        path: legal characters only; may be empty.
        query: likewise, without the question mark.
        fragment: as written, without the hash.
    """

    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    @property
    def site(self) -> str:
        """Host, with the port where it is not the scheme's own."""
        return f"{self.host}:{self.port}" if self.port else self.host

    @property
    def request_url(self) -> str:
        """The URL to ask for: everything but the fragment."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.site}{self.path or '/'}{query}"


def split(url: str) -> Parts:
    """Take a repaired URL apart.

    Raises:
        UnusableUrl: another scheme, no host, an invalid host or port, or control characters.
    """
    shape = _SHAPE.fullmatch(url)
    if shape is None:
        raise UnusableUrl(url, _why_no_url(url))
    if _CONTROL.search(url):
        raise UnusableUrl(url, "it holds control characters")
    scheme = shape[1].lower()
    try:
        host, port = read_authority(scheme, shape[2])
    except BadHost as problem:
        raise UnusableUrl(url, str(problem)) from None
    path, query = _legal(shape[3], shape[4] or "")
    return Parts(scheme, host, port, path, query, shape[5] or "")


def _legal(path: str, query: str) -> tuple[str, str]:
    """Path and query with every illegal character percent-encoded as UTF-8; existing escapes are untouched."""
    if _LEGAL.fullmatch(path) and _LEGAL.fullmatch(query):
        return path, query
    mark = "?" if query else ""
    # Half of a surrogate pair cannot be encoded; U+FFFD keeps its place visible.
    text = f"{path}{mark}{query}".encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    safe = safe_url_string(f"http://h.invalid{text}").removeprefix("http://h.invalid")
    safe_path, _, safe_query = safe.partition("?")
    return safe_path, safe_query


def _why_no_url(url: str) -> str:
    if not url:
        return "it is empty"
    scheme = _SCHEME.match(url)
    if scheme is None:
        return "it is no URL at all"
    return f"its scheme is {scheme[1][:30].lower()}, not http or https"
