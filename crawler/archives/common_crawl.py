"""Common Crawl: one index per crawl, no replay; a copy is a range of a WARC or ARC file.

A catalogue (``collinfo.json``) names the crawls and when each took place. Only those that overlap the window are asked,
the one nearest to the wanted moment first: a question takes a second of everybody's time at an index that is often
overloaded, and `crawler.backfilling` stops asking once it knows enough copies.

Why the time of a crawl is also read from its name (``CC-MAIN-2014-10``, ``CC-MAIN-2008-2009``): older catalogues state
nothing else. Crawls began weeks after the week that they are named for, so that reading is generous.

Why exactly one exact URL is asked for (``matchType=exact``): the index takes an asterisk in a URL for a wildcard.

Why an index on a host that is not the archive's is left out: whoever can change the catalogue could send us anywhere.
A catalogue whose indexes stand elsewhere needs these names in ``hosts``.

Why 403 counts as "too often": that is what an address gets that asked too fast, for a day; no copy is behind it.
A file that answers 200 to a range sends all of itself, a gigabyte; the crawl cuts that off, and it is refused here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode, urljoin

from crawler.archives.file_copies import MOST, copy_in_file, no_copy
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
    Window,
)
from crawler.archives.records import parse_date, parse_record
from crawler.archives.refusals import index_problem, retry_after, too_often, unreachable
from crawler.archives.replay_urls import is_at, joined
from crawler.archives.rows import read_rows
from crawler.urls import memento_timestamp
from storage.types import KnownMemento, SearchState

BEGAN = datetime(2008, 1, 1, tzinfo=UTC)
"""No crawl is older."""
CATALOGUE_GOOD_FOR = timedelta(days=7)
"""A crawl is added about once a month."""
INDEX_GOOD_FOR = timedelta(days=30)
"""The index of a crawl that is over does not change."""

_CATALOGUE = "collinfo.json"
_MOST_CRAWLS = 2000
_WEEK = re.compile(r"CC-MAIN-([0-9]{4})-([0-9]{2})", re.ASCII)
_YEARS = re.compile(r"CC-MAIN-([0-9]{4})(?:-([0-9]{4}))?", re.ASCII)
_BEFORE_WEEK, _AFTER_WEEK = timedelta(days=7), timedelta(days=75)
_DAY = timedelta(days=1)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.=+/-]{0,999}", re.ASCII)
_RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/(?:[0-9]{1,15}|\*)", re.ASCII | re.IGNORECASE)
_NO_CAPTURES = re.compile(rb"no captures found", re.IGNORECASE)
_NO_PAGE = re.compile(rb"page \d+ invalid", re.IGNORECASE)
_WEB_URL = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(?:[/?][!-~]*)?", re.ASCII)
_FAR = datetime.max.replace(tzinfo=UTC)
_EARLY = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Crawl:
    name: str
    index_url: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CommonCrawl:
    """The archive at one place: ``index_url`` has the catalogue, ``replay_url`` is where file names begin."""

    place: ArchivePlace

    def begin(self, wanted: Wanted) -> tuple[Question, ...]:
        """The question for the catalogue; none where the window ends before the first crawl."""
        if not self.place.index_url or (wanted.window.until or _FAR) < BEGAN:
            return ()
        return (self._catalogue(),)

    def heard(self, wanted: Wanted, answer: Answer) -> Heard:
        """Of the catalogue: the questions to its indexes; of an index: its copies."""
        if answer.question.url == self._catalogue().url:
            problem = _too_fast(answer) or index_problem(answer)
            return Heard(problem=problem) if problem else _of_catalogue(self.place, wanted, answer)
        if _says_nothing(answer):
            return Heard()
        problem = _too_fast(answer) or index_problem(answer)
        if problem is not None:
            return Heard(problem=problem)
        rows = read_rows(answer.body, ())
        if rows.strange and not rows.records:
            return Heard(problem=unreachable(answer, "it sent no list of copies"), skipped=rows.skipped)
        return Heard(records=tuple(map(_typed, rows.records)), skipped=rows.skipped)

    def replay(self, record: CdxRecord) -> Question | None:
        """The question for one range of one file; ``None`` where the index did not say which."""
        if not self.place.replay_url or not _FILE.fullmatch(record.file) or ".." in record.file:
            return None
        if record.offset is None or record.length is None or not 0 < record.length <= MOST:
            return None
        return Question(
            url=urljoin(self.place.replay_url, record.file),
            pool=Pool.REPLAY,
            headers=(("Range", f"bytes={record.offset}-{record.offset + record.length - 1}"),),
            about=f"{record.offset}+{record.length}",
        )

    def cited(self, memento: KnownMemento) -> Question | None:
        """``None``: nobody can cite a copy in it."""
        del memento
        return None

    def replayed(self, record: CdxRecord, answer: Answer) -> Replayed | Hop | Problem:
        """The record in the range, if it is all of the range and shows the page; see `crawler.archives.file_copies`.

        A ``revisit`` is refused: the index does not say where the bytes are.
        """
        problem = _too_fast(answer) or _range_problem(record, answer)
        if problem is not None:
            return problem
        found = parse_record(answer.payload or answer.body, most=MOST)
        return no_copy(found) if isinstance(found, str) else copy_in_file(self.place, record, answer, found)

    def public_url(self, record: CdxRecord) -> str:
        """Empty: a range of a file is no page that a reader could open."""
        del record
        return ""

    def _catalogue(self) -> Question:
        url = self.place.index_url
        whole = url if url.endswith(".json") else urljoin(url, _CATALOGUE)
        return Question(url=whole, pool=Pool.INDEX, good_for=CATALOGUE_GOOD_FOR, about="crawls")


def _of_catalogue(place: ArchivePlace, wanted: Wanted, answer: Answer) -> Heard:
    try:
        listed = json.loads(answer.body)
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list):
        return Heard(problem=unreachable(answer, "it sent no list of crawls"))
    read = [_crawl(entry, answer.question.url) for entry in listed[:_MOST_CRAWLS]]
    crawls = {crawl.index_url: crawl for crawl in read if crawl is not None and is_at(place, crawl.index_url)}
    if listed and not crawls:
        why = "names only hosts that are not the archive's" if any(read) else "cannot be read"
        return Heard(problem=unreachable(answer, f"its list of crawls {why}"), skipped=len(read))
    window = wanted.window
    asked = sorted(
        (crawl for crawl in crawls.values() if _overlaps(crawl, window)), key=lambda crawl: _far(crawl, window)
    )
    return Heard(questions=tuple(_question(wanted, crawl) for crawl in asked), skipped=len(read) - len(crawls))


def _crawl(entry: object, base: str) -> _Crawl | None:
    if not isinstance(entry, dict):
        return None
    name, index_url = entry.get("id"), entry.get("cdx-api")
    if not isinstance(name, str) or not isinstance(index_url, str):
        return None
    span = _stated(entry) or _named(name)
    url = joined(base, index_url)
    return _Crawl(name[:100], url, *span) if span is not None and _WEB_URL.fullmatch(url) else None


def _stated(entry: dict[str, object]) -> tuple[datetime, datetime] | None:
    since, until = parse_date(str(entry.get("from", ""))), parse_date(str(entry.get("to", "")))
    return (since, until) if since is not None and until is not None and since <= until else None


def _named(name: str) -> tuple[datetime, datetime] | None:
    """When a crawl may have taken place, by its name."""
    week, years = _WEEK.fullmatch(name), _YEARS.fullmatch(name)
    try:
        if week is not None:
            monday = datetime.fromisocalendar(int(week[1]), int(week[2]), 1).replace(tzinfo=UTC)
            return monday - _BEFORE_WEEK, monday + _AFTER_WEEK
        if years is not None:
            first, last = int(years[1]), int(years[2] or years[1])
            return datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, 23, 59, 59, tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    return None


def _overlaps(crawl: _Crawl, window: Window) -> bool:
    # The catalogue's figures are rounded, and copies at its edges carry the crawl's neighbours' moments.
    return crawl.since - _DAY <= (window.until or _FAR) and crawl.until + _DAY >= (window.since or _EARLY)


def _far(crawl: _Crawl, window: Window) -> tuple[timedelta, datetime]:
    near = window.near or _EARLY
    distance = max(crawl.since - near, near - crawl.until, timedelta())
    return distance, crawl.since


def _question(wanted: Wanted, crawl: _Crawl) -> Question:
    window = wanted.window
    stated = (
        ("url", wanted.url.partition("#")[0]),
        ("matchType", "exact"),
        ("output", "json"),
        ("from", memento_timestamp(window.since) if window.since else ""),
        ("to", memento_timestamp(window.until) if window.until else ""),
    )
    query = urlencode([(name, value) for name, value in stated if value])
    mark = "&" if "?" in crawl.index_url else "?"
    return Question(url=f"{crawl.index_url}{mark}{query}", pool=Pool.INDEX, good_for=INDEX_GOOD_FOR, about=crawl.name)


def _says_nothing(answer: Answer) -> bool:
    said = answer.body[:4096]
    if answer.status == HTTPStatus.NOT_FOUND:
        return _NO_CAPTURES.search(said) is not None
    return answer.status == HTTPStatus.BAD_REQUEST and _NO_PAGE.search(said) is not None


def _typed(record: CdxRecord) -> CdxRecord:
    """A copy with the type that the crawl found out where the server stated none."""
    if record.media_type or record.revisit:
        return record
    try:
        detected = json.loads(record.row).get("mime-detected", "")
    except (ValueError, RecursionError, AttributeError):
        return record
    plausible = isinstance(detected, str) and re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}", detected, re.ASCII)
    return replace(record, media_type=detected) if plausible else record


def _too_fast(answer: Answer) -> Problem | None:
    if answer.status != HTTPStatus.FORBIDDEN:
        return too_often(answer)
    detail = f"The archive shuts us out, as it does when asked too often ({answer.status})."
    return Problem(state=SearchState.RATE_LIMITED, detail=detail, retry_after_s=retry_after(answer))


def _range_problem(record: CdxRecord, answer: Answer) -> Problem | None:
    """Why an answer is not exactly the range that was asked for."""
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}:
        return no_copy(f"the file, or this part of it, is not there ({answer.status})")
    if answer.status == HTTPStatus.OK:
        return unreachable(answer, "it sends whole files instead of ranges (200)")
    if answer.status != HTTPStatus.PARTIAL_CONTENT:
        return unreachable(answer, f"it did not give the range ({answer.status})")
    body = answer.payload or answer.body
    if answer.truncated or len(body) != record.length:
        return unreachable(answer, f"it sent {len(body)} of {record.length} bytes")
    stated = _RANGE.fullmatch(answer.header("Content-Range").strip())
    if stated is None or int(stated[1]) != record.offset or int(stated[2]) - int(stated[1]) + 1 != record.length:
        return unreachable(answer, "it sent another range than the one asked for")
    return None
