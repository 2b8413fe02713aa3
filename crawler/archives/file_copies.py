"""Copies that are records of a WARC or ARC file: what Common Crawl and files of our own have in common.

Why the record's own words count and not the index's: the moment, the URL, the status and the headers are read from the
record; the index only says where it is. A record of another page than the index says is refused: offsets into a file
that was replaced give such.

Why such a copy states a source and no address of a page: nobody replays it. The record itself is kept.
"""

from __future__ import annotations

from collections.abc import Iterable

from crawler.archives.digests import digest_check, forms_of
from crawler.archives.protocol import Answer, ArchivePlace, CdxRecord, Problem, Replayed
from crawler.archives.records import RESOURCE, RESPONSE, ForeignRecord
from crawler.archives.replay_urls import joined
from crawler.errors import UnusableUrl
from crawler.urls import url_key
from crawler.urls.parts import split
from storage.types import DigestCheck, Memento, SearchState

Headers = tuple[tuple[str, str], ...]

MOST = 64 << 20
"""Bytes that a record may have, stored or unpacked."""

_REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
_RESOURCE_STATUS = 200


def no_copy(why: str) -> Problem:
    """The problem that this copy cannot be had, whoever asks again."""
    return Problem(state=SearchState.NEVER_ARCHIVED, detail=f"This copy cannot be read: {why}.")


def source_of(record: CdxRecord) -> str:
    """``FILE OFFSET+LENGTH``: where a copy stands."""
    return f"{record.file} {record.offset}+{record.length}"


def copy_in_file(place: ArchivePlace, record: CdxRecord, answer: Answer, found: ForeignRecord) -> Replayed | Problem:
    """A record that was read, as an archived response.

    Args:
        place: of the archive.
        record: that was wanted.
        answer: that the record came with.
        found: the record.
    """
    head = found.head
    if head.type not in {RESPONSE, RESOURCE} or (head.type == RESPONSE and not found.status):
        return no_copy(f"it is no response (WARC-Type {head.type[:40]})")
    if not same_page(head.url, record.url):
        return no_copy(f"another page stands there: {head.url[:200]}")
    return Replayed(
        memento=memento_of(place, record, answer, found),
        status=found.status or _RESOURCE_STATUS,
        headers=found.headers,
        payload=found.payload,
        redirect_to=redirect_to(head.url, found.status, found.headers),
        record=found.record,
        reason=found.reason,
        truncated=head.truncated,
    )


def memento_of(place: ArchivePlace, record: CdxRecord, answer: Answer, found: ForeignRecord) -> Memento:
    """Where a record comes from; the digest checked as far as one is stated and the payload is whole."""
    stated = record.digest or found.head.payload_digest
    check = DigestCheck.NOT_CHECKED if found.head.truncated else digest_check(stated, forms_of(found.payload))
    return Memento(
        archive=place.name,
        url=answer.question.url,
        page_url=found.head.url,
        captured_at=found.head.captured_at,
        requested_at=record.captured_at,
        digest_check=check,
        index_digest=record.digest,
        index_row=record.row,
        source=source_of(record),
    )


def redirect_to(url: str, status: int, headers: Iterable[tuple[str, str]]) -> str:
    """Where an archived redirect leads, absolute; empty for a response that is none, or leads to nothing of the web."""
    location = next((value for name, value in headers if name.lower() == "location"), "")
    if status not in _REDIRECTS or not location.strip():
        return ""
    try:
        return split(joined(url, location)).request_url
    except UnusableUrl:
        return ""


def same_page(one: str, other: str) -> bool:
    """Whether two URLs are one, or have one SURT."""
    if one == other:
        return True
    try:
        return url_key(one) == url_key(other)
    except UnusableUrl:
        return False
