"""What an archive's answer at replay is: an archived response, a hop to another copy, or a refusal.

The rule is RFC 7089's: with ``Memento-Datetime`` the answer is an archived one, whatever its status: an archived 404 or
429 is a fact about the page. Without it the answer speaks of the archive itself: a redirect leads to the nearest copy
that can be given, 404 means that this copy is not there, 429 that we ask too often. A page with 200 and without it is
one of the archive's own and never believed.

Why the headers are put back under their own names: the page must be judged by what its server sent. Archives that
prefix them (``x-archive-orig-``) leave the type, the encoding and the target of a redirect as they are or rewrite them;
archives that do not prefix mix their own in, so those are left out by name.

Why the moment of the copy is never taken from ``x-archive-orig-date``: servers' clocks are wrong by months, and old
crawls stored answers of caches. A ``Memento-Datetime`` that cannot be read, or names a year in which there was no web,
leaves the moment that the copy's address names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from html import unescape
from http import HTTPStatus

from crawler.archives.digests import digest_check, forms_of, unpacked_gzip
from crawler.archives.link_format import read_links
from crawler.archives.protocol import Answer, ArchivePlace, CdxRecord, Hop, Pool, Problem, Question, Replayed
from crawler.archives.refusals import excluded, http_moment, too_often, unreachable
from crawler.archives.replay_urls import ReplayUrl, is_at, joined, page_url, read_replay_url
from crawler.errors import UnusableUrl
from crawler.urls import memento_time, memento_timestamp, url_key
from crawler.urls.parts import split
from storage.types import DigestCheck, Memento, SearchState

Headers = tuple[tuple[str, str], ...]

MEMENTO_DATETIME = "Memento-Datetime"
REDIRECT_REASON = "X-Archive-Redirect-Reason"
_ORIGINAL = "x-archive-orig-"
_REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
_FIRST_REDIRECT, _FIRST_CLIENT_ERROR, _FIRST_SERVER_ERROR = 300, 400, 500
_OWN = re.compile(
    r"memento-datetime|link|preference-applied|content-location|warcserver-.*|x-archive-.*|x-cache-key|x-page-cache"
    r"|x-app-server|x-ts|x-tr|x-rl|x-na|x-nid|x-location|server-timing",
    re.IGNORECASE,
)
# Beside prefixed headers these say what the payload is; the archive sends them as the page's own.
_SHARED = frozenset({"content-type", "content-encoding", "content-language"})
_RETOLD = frozenset({"content-encoding", "location"})


def read_replay(place: ArchivePlace, record: CdxRecord, answer: Answer) -> Replayed | Hop | Problem:
    """What the answer to a replay question is; see `crawler.archives.protocol.Archive.replayed`. Never raises."""
    if not answer.header(MEMENTO_DATETIME).strip():
        return _not_archived(place, answer)
    return _archived(place, record, answer)


def _not_archived(place: ArchivePlace, answer: Answer) -> Hop | Problem:
    problem = too_often(answer) or excluded(answer)
    if problem is not None:
        return problem
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Problem(
            state=SearchState.EXCLUDED, detail=f"The archive does not show this copy to everybody ({answer.status})."
        )
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        detail = f"The archive says that it has no such copy ({answer.status})."
        return Problem(state=SearchState.NEVER_ARCHIVED, detail=detail)
    if _FIRST_REDIRECT <= answer.status < _FIRST_CLIENT_ERROR:
        return _hop(place, answer)
    if answer.status >= _FIRST_SERVER_ERROR:
        return unreachable(answer, f"it failed ({answer.status})")
    return unreachable(answer, f"its answer ({answer.status}) is no archived one, it states no Memento-Datetime")


def _hop(place: ArchivePlace, answer: Answer) -> Hop | Problem:
    target = joined(answer.question.url, answer.header("Location"))
    found = read_replay_url(target)
    if found is None or not is_at(place, target):
        return unreachable(answer, f"it sent us elsewhere ({answer.status}), not to another copy")
    raw = found.raw
    if answer.question.url.startswith("https://") and raw.startswith("http://"):
        raw = f"https://{raw.removeprefix('http://')}"
    if raw == answer.question.url:
        return unreachable(answer, "it sends us to the same copy again")
    reason = answer.header(REDIRECT_REASON)[:200] or f"status {answer.status}"
    return Hop(
        question=Question(url=raw, pool=Pool.REPLAY, about=answer.question.about),
        detail=f"The archive sends us to its copy of {found.timestamp} ({reason}).",
    )


def _archived(place: ArchivePlace, record: CdxRecord, answer: Answer) -> Replayed:
    payload = answer.payload or answer.body
    served = read_replay_url(answer.question.url)
    page = _page(record, answer, served)
    target = _redirect_to(place, page, answer)
    captured_at = _captured_at(record, answer, served)
    # Another copy than the one that the index lists has a digest of its own.
    comparable = not answer.truncated and captured_at == record.captured_at
    check, digest = _checked(record, forms_of(payload, answer.body) if comparable else ())
    return Replayed(
        memento=Memento(
            archive=place.name,
            url=answer.question.url,
            page_url=page,
            captured_at=captured_at,
            requested_at=record.captured_at,
            digest_check=check,
            index_digest=digest,
            index_row=record.row,
            public_url=f"{place.public_url}{memento_timestamp(captured_at)}/{page}" if place.public_url else "",
        ),
        status=answer.status,
        headers=_headers(answer, payload, target),
        payload=payload,
        redirect_to=target,
        truncated="length" if answer.truncated else "",
    )


def _checked(record: CdxRecord, forms: Iterable[bytes]) -> tuple[DigestCheck, str]:
    """The check against every digest that the index lists for this copy, and the one that agrees or the first."""
    known = tuple(forms)
    check = digest_check(record.digest, known) if known else DigestCheck.NOT_CHECKED
    for digest in record.other_digests if known else ():
        if digest_check(digest, known) is DigestCheck.MATCHES and check is not DigestCheck.MATCHES:
            return DigestCheck.MATCHES, digest
    return check, record.digest


def _captured_at(record: CdxRecord, answer: Answer, served: ReplayUrl | None) -> datetime:
    stated = http_moment(answer.header(MEMENTO_DATETIME))
    if stated is not None and memento_time(memento_timestamp(stated)) is not None:
        return stated
    return (memento_time(served.timestamp) if served is not None else None) or record.captured_at


def _page(record: CdxRecord, answer: Answer, served: ReplayUrl | None) -> str:
    """The page's URL: as the final question names it, in the spelling that the archive states for the same page."""
    asked = served.url if served is not None else record.url
    for link in read_links(answer.header("Link")).links:
        if "original" in link.relations:
            # The Internet Archive escapes ampersands here as in HTML.
            stated = page_url(unescape(link.url))
            return stated if stated and (served is None or _same_page(stated, asked)) else asked
    return asked


def _same_page(one: str, other: str) -> bool:
    try:
        return url_key(one) == url_key(other)
    except UnusableUrl:
        return False


def _redirect_to(place: ArchivePlace, page: str, answer: Answer) -> str:
    """Where an archived redirect leads, out of all the forms in which archives write that."""
    if answer.status not in _REDIRECTS:
        return ""
    own = answer.header(f"{_ORIGINAL}location")
    if own.strip():
        return _live(place, joined(page, own))
    location = answer.header("Location")
    rewritten = joined(answer.question.url, location)
    if is_at(place, rewritten) and read_replay_url(rewritten) is not None:
        return _live(place, rewritten)
    return _live(place, joined(page, location))


def _live(place: ArchivePlace, url: str) -> str:
    """A page's own URL; of a replay URL of this archive, the page's; empty where that would be the archive itself."""
    replay = read_replay_url(url)
    if replay is not None and is_at(place, url):
        url = replay.url
    try:
        live = split(url).request_url
    except UnusableUrl:
        return ""
    return "" if is_at(place, live) else live


def _headers(answer: Answer, payload: bytes, target: str) -> Headers:
    own = tuple((name[len(_ORIGINAL) :], value) for name, value in answer.headers if name.lower().startswith(_ORIGINAL))
    if own:
        named = {name.lower() for name, _ in own}
        own += tuple(
            (name, value) for name, value in answer.headers if name.lower() in _SHARED and name.lower() not in named
        )
    else:
        own = tuple((name, value) for name, value in answer.headers if not _OWN.fullmatch(name))
    kept = tuple((name, value) for name, value in own if name.lower() not in _RETOLD)
    location = (("Location", target),) if target else ()
    return kept + _encodings(answer, payload) + location


def _encodings(answer: Answer, payload: bytes) -> Headers:
    """The content-encodings that are on the payload as it came, outermost last.

    The answer's own header describes the payload; the page's matters where the archive gave its bytes untouched and
    packed them once more, or left the header out. An empty one over gzip stays: readers of captures know what it means.
    """
    sent = tuple((name, value) for name, value in answer.headers if name.lower() == "content-encoding")
    original = answer.header(f"{_ORIGINAL}content-encoding").strip()
    if not answer.payload:
        # The encoding was taken off already; a header that named none took nothing off.
        return tuple((name, value) for name, value in sent if not value.strip())
    if not original:
        return sent
    if not any(value.strip() for _, value in sent):
        return (("Content-Encoding", original),)
    inner = unpacked_gzip(payload, 2)
    return ((("Content-Encoding", original),) if inner == b"\x1f\x8b" else ()) + sent
