"""WARC, ARC and WACZ files of our own (`crawler.holdings`), asked like any other archive.

Two kinds of question, answered from the store and from the files by the handler of the scheme ``warc``:
``warc://index/?key=SURT&since=STAMP&until=STAMP`` (one JSON object per line: timestamp, url, urlkey, mime, status,
digest, offset, length, filename, member, revisit, refers_to) and
``warc://record/PATH?offset=N&length=N&member=NAME`` (the bytes of one record).

A record inside a WACZ is named ``PATH//MEMBER``: an absolute path never holds two slashes in a row.

What a revisit gives. The record is read first. It names the record that it repeats (``WARC-Refers-To-Target-URI`` and
``-Date``), or only a digest; so the index is asked once more, for that moment or, where none is named, for everything
under the same SURT up to the revisit. Of what is listed the record with the same digest is taken, else the one of
the very moment and URL that were named. That record's payload is given with the revisit's moment, URL, status and
headers (content-encoding excepted: it belongs to the bytes); of a revisit that says "not modified", or has no HTTP
head, only moment and URL count. Where no such record is held, or it is a revisit itself, there is a `Problem`.

Why that happens at replay and not when the index is heard: only a copy that is fetched needs its bytes, and an index
may list a page's revisits by the hour.

`Replayed.record` is then a response record made of both; its field ``Made-From`` has their ids.

Why bytes that are not given never mean that there is no copy: a file that is away, changed, unreadable, damaged or
forgotten says nothing about the page, and it comes back with the disk, with ``dateline holdings add`` or with a higher
limit. Only a record that was read can be refused for good.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import quote, urlencode

from crawler.archives.file_copies import MOST, copy_in_file, no_copy, redirect_to, same_page
from crawler.archives.protocol import (
    Answer,
    ArchivePlace,
    CdxRecord,
    Heard,
    Hop,
    Pool,
    Problem,
    Question,
    Replayed,
    Wanted,
)
from crawler.archives.records import REVISIT, ForeignHead, ForeignRecord, parse_record, response_record
from crawler.archives.refusals import index_problem, unreachable
from crawler.archives.rows import LONGEST_ROW, record_of
from crawler.errors import UnusableUrl
from crawler.urls import memento_time, memento_timestamp, url_key
from storage.http_messages import HttpResponse
from storage.types import KnownMemento

INDEX, RECORD = "warc://index/", "warc://record/"
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""What an open window says: nothing of the web lies outside."""

_INSIDE = "//"
_SLASHES = re.compile(r"/{2,}")
_ENCODING = "content-encoding"
_LONGEST_SENTENCE = 1000
_REFERS_TO = re.compile(r"(?:([0-9]{14})(?: |$))?(.*)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Local:
    """The held files."""

    place: ArchivePlace

    def begin(self, wanted: Wanted) -> tuple[Question, ...]:
        """One question; its answer is never kept, because files may be added at any time."""
        window = wanted.window
        return (_index_question(wanted.url_key, window.since or FIRST, window.until or LAST),)

    def heard(self, wanted: Wanted, answer: Answer) -> Heard:
        """The copies in the files."""
        del wanted
        problem = index_problem(answer)
        if problem is not None:
            return Heard(problem=problem)
        read = [_row(line) for line in _lines(answer.body)]
        return Heard(records=tuple(one for one in read if one is not None), skipped=read.count(None))

    def replay(self, record: CdxRecord) -> Question | None:
        """The question for the bytes of one record."""
        return _record_question(record) if record.file and record.offset is not None and record.length else None

    def cited(self, memento: KnownMemento) -> Question | None:
        """``None``: entries cite addresses of the web."""
        del memento
        return None

    def replayed(self, record: CdxRecord, answer: Answer) -> Replayed | Hop | Problem:
        """The record, or for a revisit the way to its bytes; see the module."""
        revisit = _Revisit.read(answer.question.about)
        if revisit is not None and answer.question.url.startswith(INDEX):
            return _hop_to_bytes(revisit, answer)
        found = _found(answer)
        if isinstance(found, Problem):
            return found
        if revisit is not None:
            return _resolved(self.place, record, answer, found, revisit)
        if found.head.type == REVISIT:
            return _hop_to_index(record, found)
        return copy_in_file(self.place, record, answer, found)

    def public_url(self, record: CdxRecord) -> str:
        """Empty: nobody else can open it."""
        del record
        return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Revisit:
    """What a revisit record said, on its way through the questions that follow."""

    record_id: str
    url: str
    captured_at: datetime
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    digest: str
    target_url: str
    target_at: datetime | None

    def written(self) -> str:
        target = self.target_at.isoformat() if self.target_at else ""
        answer = (self.url, self.captured_at.isoformat(), self.status, self.reason, self.headers, self.digest)
        return json.dumps((*answer, self.target_url, target, self.record_id))

    @classmethod
    def read(cls, about: str) -> _Revisit | None:
        try:
            url, captured_at, status, reason, headers, digest, target_url, target_at, record_id = json.loads(about)
            return cls(
                record_id=record_id,
                url=url,
                captured_at=datetime.fromisoformat(captured_at),
                status=status,
                reason=reason,
                headers=tuple((name, value) for name, value in headers),
                digest=digest,
                target_url=target_url,
                target_at=datetime.fromisoformat(target_at) if target_at else None,
            )
        except (ValueError, TypeError, RecursionError):
            return None  # the question is about no revisit


def _found(answer: Answer) -> ForeignRecord | Problem:
    if answer.status != HTTPStatus.OK:
        return unreachable(answer, _sentence(answer) or f"the file could not be read ({answer.status})")
    if answer.truncated:
        return unreachable(answer, "the file could not be read to the end of the record")
    found = parse_record(answer.payload or answer.body, most=MOST)
    return no_copy(found) if isinstance(found, str) else found


def _sentence(answer: Answer) -> str:
    """What `crawler.holdings.handler` says of a record that it does not give: the file, and what a person can do."""
    return " ".join(answer.body[:_LONGEST_SENTENCE].decode("utf-8", "replace").split()).rstrip(".")


def _lines(body: bytes) -> Iterator[str]:
    return (line for line in body.decode("utf-8", "replace").split("\n") if line.strip())


def _row(line: str) -> CdxRecord | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    texts = {name: _text(value) for name, value in fields.items()}
    # A path may look like what other indexes write for "nothing".
    record = record_of({**texts, "filename": ""}, line)
    if record is None:
        return None
    path, member = _SLASHES.sub("/", texts.get("filename", "")), texts.get("member", "")
    inside = f"{_INSIDE}{_SLASHES.sub('/', member)}" if member else ""
    return replace(record, file=f"{path}{inside}", revisit=record.revisit or fields.get("revisit") is True)


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _index_question(key: str, since: datetime, until: datetime, about: str = "") -> Question:
    query = urlencode({"key": key, "since": memento_timestamp(since), "until": memento_timestamp(until)})
    return Question(url=f"{INDEX}?{query}", pool=Pool.REPLAY if about else Pool.INDEX, about=about)


def _record_question(record: CdxRecord, about: str = "") -> Question:
    path, _, member = record.file.partition(_INSIDE)
    query = {"offset": str(record.offset), "length": str(record.length)} | ({"member": member} if member else {})
    return Question(url=f"{RECORD}{quote(path, safe='')}?{urlencode(query)}", pool=Pool.REPLAY, about=about)


def _hop_to_index(record: CdxRecord, found: ForeignRecord) -> Hop | Problem:
    """From a revisit to the list in which the record with its bytes should stand."""
    head = found.head
    if not same_page(head.url, record.url):
        return no_copy(f"another page stands there: {head.url[:200]}")
    target_url, target_at = _target(record, head)
    try:
        key = url_key(target_url)
    except UnusableUrl:
        return no_copy("it repeats a record that it does not name")
    revisit = _Revisit(
        record_id=head.record_id,
        url=head.url,
        captured_at=head.captured_at,
        status=found.status,
        reason=found.reason,
        headers=found.headers,
        digest=record.digest or head.payload_digest.rpartition(":")[2],
        target_url=target_url,
        target_at=target_at,
    )
    since, until = (target_at, target_at) if target_at else (FIRST, head.captured_at)
    return Hop(
        question=_index_question(key, since, until, revisit.written()),
        detail=f"The record repeats one of {target_at or 'an earlier moment'}.",
    )


def _target(record: CdxRecord, head: ForeignHead) -> tuple[str, datetime | None]:
    """URL and moment of the record with the bytes, as the revisit states them, else as the index does."""
    stated = _REFERS_TO.match(_refers_to(record.row))
    stamp, url = (stated[1], stated[2]) if stated is not None else (None, "")
    at = head.refers_to_at or (memento_time(stamp) if stamp else None)
    return head.refers_to_url or url or head.url, at.replace(microsecond=0) if at else None


def _refers_to(row: str) -> str:
    if len(row) >= LONGEST_ROW:
        return ""
    try:
        stated = json.loads(row).get("refers_to", "")
    except (ValueError, RecursionError, AttributeError):
        return ""
    return stated if isinstance(stated, str) else ""


def _hop_to_bytes(revisit: _Revisit, answer: Answer) -> Hop | Problem:
    """From the list to the record with the bytes."""
    problem = index_problem(answer)
    if problem is not None:
        return problem
    read = [_row(line) for line in _lines(answer.body)]
    holders = [one for one in read if one is not None and not one.revisit and one.offset is not None and one.length]
    same = [one for one in holders if revisit.digest and one.digest.upper() == revisit.digest.upper()]
    # Digests may be stated in another form, or not at all: then only a named moment proves which record is meant.
    named = [one for one in holders if revisit.target_at == one.captured_at and same_page(one.url, revisit.target_url)]
    for holder in (*same, *named):
        return Hop(
            question=_record_question(holder, revisit.written()),
            detail=f"The bytes are in the record of {holder.timestamp}.",
        )
    return no_copy("it repeats a record that is not held")


def _resolved(
    place: ArchivePlace, record: CdxRecord, answer: Answer, found: ForeignRecord, revisit: _Revisit
) -> Replayed | Problem:
    """The bytes of one record as what the revisit of them says."""
    if found.head.type == REVISIT or not same_page(found.head.url, revisit.target_url):
        return no_copy("the record that it repeats is not where the index says")
    holder = copy_in_file(place, replace(record, url=found.head.url), answer, found)
    if isinstance(holder, Problem):
        return holder
    http = _head_of(revisit, holder)
    ids = (revisit.record_id, found.head.record_id)
    return replace(
        holder,
        memento=replace(holder.memento, page_url=revisit.url, captured_at=revisit.captured_at),
        status=http.status,
        reason=http.reason,
        headers=http.headers,
        redirect_to=redirect_to(revisit.url, http.status, http.headers),
        record=response_record(revisit.url, revisit.captured_at, http, holder.payload, ids),
    )


def _head_of(revisit: _Revisit, holder: Replayed) -> HttpResponse:
    """The revisit's head where it has one, with the content-encoding that the bytes are in; else the bytes' own."""
    own = revisit.status not in {0, HTTPStatus.NOT_MODIFIED}
    headers = holder.headers
    if own:
        headers = tuple(header for header in revisit.headers if header[0].lower() != _ENCODING)
        headers += tuple(header for header in holder.headers if header[0].lower() == _ENCODING)
    said = revisit if own else holder
    # A record that is made here must agree with itself: no chunks are left, and replay would wait for missing bytes.
    wrong = {("transfer-encoding", value) for _, value in headers}
    wrong |= {("content-length", value) for _, value in headers if value != str(len(holder.payload))}
    kept = tuple(header for header in headers if (header[0].lower(), header[1]) not in wrong)
    return HttpResponse(status=said.status, reason=said.reason, headers=kept)
