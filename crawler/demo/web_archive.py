"""A web archive as a site of the demo's web: it speaks the Internet Archive's protocol.

Its index (``/cdx/search/cdx``) and its replay (``/web/TIMESTAMPid_/URL``) answer as the real service does, down to what
makes it hard to ask: rows are keyed by SURT, a neighbour stands in for a listed copy that cannot be read, an archived
redirect leads back into the archive, an archived 404 differs from "never archived" by one header, and an excluded site
is refused with 403.

Why not with the code of `crawler.archives`: a stand-in that shares its subject's understanding of the protocol would
agree with every mistake in it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import parse_qs, quote_plus, unquote_plus, urlsplit

from crawler.demo.site import Page, Request, Site, html
from crawler.errors import UnusableUrl
from crawler.urls import host_of, url_key

INDEX = "/cdx/search/cdx"
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_MOST_ROWS = 1000
_REPLAY = re.compile(r"/web/([0-9]{4,14})([a-z]{2}_)?/(.+)", re.ASCII)
_FILTER = re.compile(r"(!?)([a-z]+):(.+)", re.ASCII)
_MERGED_SLASHES = re.compile(r"^(https?):/+")
_DIGITS = 14
_JAVA = "org.archive.util.io.RuntimeIOException"
_REFUSED = (
    (
        "X-Archive-Wayback-Runtime-Error",
        f"{_JAVA}: org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error",
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """One copy of a page.

    Attributes:
        at: when it was made, 14 digits, UTC.
        url: of the page.
        page: what its server answered; of a redirect, ``Location`` is the page's own.
        lost: the index lists it, but its file cannot be read: the replay sends on to the nearest other copy.
    """

    at: str
    url: str
    page: Page
    lost: bool = False

    @property
    def key(self) -> str:
        """SURT of the page."""
        return url_key(self.url)

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.strptime(self.at, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    def row(self) -> dict[str, str]:
        """As the index lists it."""
        return {
            "urlkey": self.key,
            "timestamp": self.at,
            "original": self.url,
            "mimetype": self.page.content_type.partition(";")[0] or "unk",
            "statuscode": str(self.page.status),
            "digest": base64.b32encode(hashlib.sha1(self.page.body, usedforsecurity=False).digest()).decode(),
            "length": str(len(zlib.compress(self.page.body))),
        }


def archive_site(host: str, copies: Iterable[Copy], excluded: Iterable[str] = ()) -> Site:
    """An archive that holds these copies, and shows none of the excluded hosts."""
    holdings = _Holdings(sorted(copies, key=lambda one: (one.key, one.at)), frozenset(excluded))
    return Site(host=host, routes={INDEX: holdings.index}, fallback=holdings.replay)


class _Holdings:
    """What an archive has, and its answers."""

    def __init__(self, copies: Sequence[Copy], excluded: frozenset[str]) -> None:
        self._copies, self._excluded = copies, excluded

    def index(self, request: Request) -> Page:
        """The rows of one URL."""
        asked = parse_qs(urlsplit(request.target).query)
        url = asked.get("url", [""])[-1]
        try:
            key = self._key(url)
        except _Excluded:
            body = f"{_JAVA}: Blocked Site Error\n".encode()
            return Page(status=403, headers=_REFUSED, body=body, content_type="text/plain")
        except UnusableUrl:
            return Page(status=400, body=b"The url parameter is missing or no URL\n", content_type="text/plain")
        rows = [copy.row() for copy in self._copies if copy.key == key]
        return _listed([row for row in rows if _wanted(row, asked)], asked)

    def replay(self, request: Request) -> Page:
        """One copy, or where it is, or why there is none."""
        found = _REPLAY.fullmatch(request.target)
        if found is None:
            return _own_page(404, "The requested page does not exist.")
        at, mode, url = found[1].ljust(_DIGITS, "0"), found[2] or "", _MERGED_SLASHES.sub(r"\1://", found[3])
        try:
            copies = [copy for copy in self._copies if copy.key == self._key(url)]
        except _Excluded:
            page = _own_page(403, "This URL has been excluded from the archive.")
            return Page(status=403, headers=_REFUSED, body=page.body)
        except UnusableUrl:
            return _own_page(400, "This is no URL.")
        readable = [copy for copy in copies if not copy.lost]
        if not readable:
            return _own_page(404, "The archive has not archived that URL.")
        best = min(readable, key=lambda copy: abs(copy.moment - _moment(at)))
        if best.at != at:
            return _sent_on(request.host, best, mode)
        return _archived(request.host, best, mode, copies)

    def _key(self, url: str) -> str:
        if host_of(url).removeprefix("www.") in self._excluded:
            raise _Excluded
        return url_key(url)


class _Excluded(Exception):
    """The archive does not show this host; never leaves this module."""


def _wanted(row: dict[str, str], asked: dict[str, list[str]]) -> bool:
    since = asked.get("from", [""])[-1].ljust(_DIGITS, "0")
    until = asked.get("to", [""])[-1].ljust(_DIGITS, "9")
    return since <= row["timestamp"] <= until and all(_passes(row, said) for said in asked.get("filter", []))


def _passes(row: dict[str, str], said: str) -> bool:
    """``[!]field:regex``, where the regular expression must fit the whole field."""
    found = _FILTER.fullmatch(said)
    if found is None or found[2] not in row:
        return True
    return bool(re.fullmatch(found[3], row[found[2]])) != bool(found[1])


def _listed(rows: list[dict[str, str]], asked: dict[str, list[str]]) -> Page:
    """The rows as JSON or text, after the key of the last answer and up to the limit, with the key for the next one."""
    fields = [name for name in asked.get("fl", [""])[-1].split(",") if name in _FIELDS] or list(_FIELDS)
    after = unquote_plus(asked.get("resumeKey", [""])[-1])
    rows = [row for row in rows if _place(row) > after]
    limit = asked.get("limit", [""])[-1]
    most = min(int(limit), _MOST_ROWS) if limit.isascii() and limit.isdigit() else _MOST_ROWS
    shown, more = rows[:most], rows[most:]
    lines = [[row[name] for name in fields] for row in shown]
    key = quote_plus(_place(shown[-1])) if more and shown and asked.get("showResumeKey") == ["true"] else ""
    if asked.get("output", [""])[-1] == "json":
        table = [fields, *lines] if lines else []
        return Page(body=_json_rows([*table, [], [key]] if key else table), content_type="application/json")
    text = "".join(" ".join(line) + "\n" for line in lines) + (f"\n{key}\n" if key else "")
    return Page(body=text.encode(), content_type="text/plain")


def _place(row: dict[str, str]) -> str:
    return f"{row['urlkey']} {row['timestamp']}"


def _json_rows(table: list[list[str]]) -> bytes:
    return ("[" + ",\n".join(json.dumps(row) for row in table) + "]\n").encode()


def _moment(digits: str) -> datetime:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:  # the real one moves a moment that is none to the nearest as well
        return datetime(int(digits[:4]) or 1, 1, 1, tzinfo=UTC)


def _sent_on(host: str, copy: Copy, mode: str) -> Page:
    headers = (
        ("Location", f"http://{host}/web/{copy.at}{mode}/{copy.url}"),
        ("X-Archive-Redirect-Reason", f"found capture at {copy.at}"),
    )
    return Page(status=302, headers=headers, content_type="text/plain")


def _archived(host: str, copy: Copy, mode: str, copies: Sequence[Copy]) -> Page:
    """The page as it was answered, its headers under the archive's names."""
    page = copy.page
    own = [
        ("date", format_datetime(copy.moment, usegmt=True)),
        ("content-type", page.content_type),
        ("content-length", str(len(page.body))),
        *((name.lower(), value) for name, value in page.headers),
    ]
    targets = [value for name, value in page.headers if name.lower() == "location"]
    return Page(
        status=page.status,
        headers=(
            ("Memento-Datetime", format_datetime(copy.moment, usegmt=True)),
            ("Link", _links(host, copy, copies)),
            *((f"x-archive-orig-{name}", value) for name, value in own),
            *(("Location", f"http://{host}/web/{copy.at}{mode}/{target}") for target in targets),
        ),
        body=page.body,
        content_type=page.content_type,
    )


def _links(host: str, copy: Copy, copies: Sequence[Copy]) -> str:
    web = f"http://{host}/web"
    stated = [
        f'<{copy.url}>; rel="original"',
        f'<{web}/timemap/link/{copy.url}>; rel="timemap"; type="application/link-format"',
        f'<{web}/{copy.url}>; rel="timegate"',
    ]
    for relation, one in (("first memento", copies[0]), ("memento", copy), ("last memento", copies[-1])):
        moment = format_datetime(one.moment, usegmt=True)
        stated.append(f'<{web}/{one.at}/{one.url}>; rel="{relation}"; datetime="{moment}"')
    return ", ".join(stated)


def _own_page(status: int, text: str) -> Page:
    """A page of the archive itself: it has no ``Memento-Datetime``."""
    title = HTTPStatus(status).phrase
    made = html(
        f"<html><head><title>Old Pages: {title}</title></head><body><h1>Old Pages</h1><p>{text}</p></body></html>"
    )
    return Page(status=status, body=made.body)
