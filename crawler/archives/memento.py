"""Archives that speak RFC 7089 and nothing else: a TimeMap lists all copies, a TimeGate names the nearest one.

The TimeMap of a page is at ``index_url`` and the page's URL, its TimeGate at ``replay_url`` and the page's URL (as with
every archive of the Wayback family, where a replay URL without a moment negotiates one). Either may be missing.

Why the TimeGate only where there is no TimeMap: it knows one moment and gives one copy; with that copy rejected there
is nothing to go on with. Its answer is never kept: what it says depends on a header, and answers are kept by URL.

Why a copy is asked for at the address that the list gives, made raw where it is a replay URL: RFC 7089 says nothing of
how addresses of copies look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from html import unescape
from http import HTTPStatus

from crawler.archives.dialects import INTERNET_ARCHIVE
from crawler.archives.link_format import Link, read_links
from crawler.archives.playback import MEMENTO_DATETIME, read_replay
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
from crawler.archives.refusals import excluded, index_problem, too_often, unreachable
from crawler.archives.replay_urls import cited_record, cites, is_at, joined, raw_url, read_replay_url
from crawler.archives.rows import LONGEST_ROW, read_rows
from crawler.archives.timemaps import begins_with_link, moment_of, overlaps, read_timemap
from crawler.urls import memento_timestamp
from storage.types import KnownMemento

GOOD_FOR = timedelta(days=30)
MOST_PAGES = 20
"""Of a list that is given in parts: so many per answer, and so many deep."""
_TIMEGATE = "timegate"
_TIMEMAP = re.compile(r"timemap ([0-9]{1,4})", re.ASCII)
_NO_TIMEMAP = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE, HTTPStatus.NOT_IMPLEMENTED}
)
_NEGOTIATED = frozenset({200, 301, 302, 303, 307, 308})
_URI_M = re.compile(r"<([^<>\s]+)>; datetime=")


@dataclass(frozen=True, slots=True)
class MementoArchive:
    """One such archive."""

    place: ArchivePlace

    def begin(self, wanted: Wanted) -> tuple[Question, ...]:
        """The TimeMap; the TimeGate where the archive has none."""
        if self.place.index_url:
            return (self._timemap(f"{self.place.index_url}{wanted.url}", depth=1),)
        return self._timegate(wanted)

    def heard(self, wanted: Wanted, answer: Answer) -> Heard:
        """The copies in a TimeMap and the questions for its other parts, or the one that a TimeGate names."""
        if answer.question.about == _TIMEGATE:
            return self._gate_heard(answer)
        if answer.status in _NO_TIMEMAP and excluded(answer) is None:
            return Heard(questions=self._timegate(wanted))
        problem = index_problem(answer, markup=begins_with_link(answer))
        if problem is not None:
            return Heard(problem=problem)
        return self._listed(wanted, answer)

    def replay(self, record: CdxRecord) -> Question | None:
        """The question for a copy at the address that the list gave."""
        stated = _URI_M.match(record.row)
        if stated is not None:
            replay = read_replay_url(stated[1])
            return Question(url=replay.raw if replay is not None else stated[1], pool=Pool.REPLAY)
        if not self.place.replay_url:
            return None
        return Question(url=raw_url(self.place.replay_url, record), pool=Pool.REPLAY)

    def cited(self, memento: KnownMemento) -> Question | None:
        """The question for the copy that an entry cites, where it is a replay URL of this archive."""
        record = cited_record(memento)
        if record is None or not cites(self.place, memento.url):
            return None
        replay = read_replay_url(memento.url)
        return Question(url=replay.raw, pool=Pool.REPLAY) if replay is not None else None

    def replayed(self, record: CdxRecord, answer: Answer) -> Replayed | Hop | Problem:
        """See `crawler.archives.playback`."""
        return read_replay(self.place, record, answer)

    def public_url(self, record: CdxRecord) -> str:
        """The address at which a reader opens a copy."""
        return f"{self.place.public_url}{record.timestamp}/{record.url}" if self.place.public_url else ""

    def _timemap(self, url: str, *, depth: int) -> Question:
        accept = (("Accept", "application/link-format, application/json;q=0.8, */*;q=0.1"),)
        return Question(url=url, pool=Pool.INDEX, headers=accept, good_for=GOOD_FOR, about=f"timemap {depth}")

    def _timegate(self, wanted: Wanted) -> tuple[Question, ...]:
        if not self.place.replay_url:
            return ()
        near = wanted.window.near or wanted.window.since
        headers = (("Accept-Datetime", format_datetime(near, usegmt=True)),) if near is not None else ()
        return (
            Question(url=f"{self.place.replay_url}{wanted.url}", pool=Pool.INDEX, headers=headers, about=_TIMEGATE),
        )

    def _gate_heard(self, answer: Answer) -> Heard:
        if answer.status == HTTPStatus.NOT_FOUND and excluded(answer) is None:
            return Heard()
        if answer.status not in _NEGOTIATED:
            problem = too_often(answer) or excluded(answer) or index_problem(answer)
            return Heard(problem=problem or unreachable(answer, f"its TimeGate answered {answer.status}"))
        links = tuple(link for link in read_links(answer.header("Link")).links if "memento" in link.relations)
        location = answer.header("Location") or answer.header("Content-Location")
        chosen = joined(answer.question.url, location)
        moment = answer.header(MEMENTO_DATETIME)
        if chosen:
            links = (Link(url=chosen, parameters={"datetime": moment} if moment else {}), *links)
        records = self._records(links, answer)
        if not records:
            problem = excluded(answer) or unreachable(answer, f"its TimeGate named no copy ({answer.status})")
            return Heard(problem=problem)
        return Heard(records=records)

    def _listed(self, wanted: Wanted, answer: Answer) -> Heard:
        text = answer.body.decode("utf-8-sig", "replace").strip()
        if text.startswith("["):
            rows = read_rows(answer.body, INTERNET_ARCHIVE.columns)
            if rows.cut or (rows.strange and not rows.records):
                return Heard(problem=unreachable(answer, "it sent no whole list of copies"), skipped=rows.skipped)
            return Heard(records=rows.records, skipped=rows.skipped)
        found = read_timemap(text)
        if text and not found.links:
            return Heard(problem=unreachable(answer, "it sent no list of copies"), skipped=found.skipped)
        mementos = tuple(link for link in found.links if "memento" in link.relations)
        records = self._records(mementos, answer)
        unread = found.skipped + len(mementos) - len(records)
        parts = _parts(found.links, wanted.window, answer)
        questions = self._following(parts, answer)
        if (unread or parts) and not records and not questions:
            return Heard(problem=unreachable(answer, "its list names nothing that is the archive's"), skipped=unread)
        return Heard(records=records, questions=questions, skipped=unread)

    def _records(self, links: tuple[Link, ...], answer: Answer) -> tuple[CdxRecord, ...]:
        records: dict[str, CdxRecord] = {}
        for link in links:
            record = self._record(link, answer)
            if record is not None:
                records.setdefault(record.row, record)
        return tuple(records.values())

    def _record(self, link: Link, answer: Answer) -> CdxRecord | None:
        """One copy; ``None`` where it is on a host that is not the archive's, or states no moment."""
        address = joined(answer.question.url, unescape(link.url))
        replay = read_replay_url(address)
        moment = moment_of(link.parameters.get("datetime", ""))
        if moment is None and replay is not None:
            moment = moment_of(replay.timestamp)
        if moment is None or not is_at(self.place, address):
            return None
        row = f'<{address}>; datetime="{format_datetime(moment, usegmt=True)}"'
        return CdxRecord(
            timestamp=memento_timestamp(moment),
            captured_at=moment,
            url=replay.url if replay is not None else address,
            row=row if len(row) <= LONGEST_ROW else "",
        )

    def _following(self, parts: Iterable[str], answer: Answer) -> tuple[Question, ...]:
        found = _TIMEMAP.fullmatch(answer.question.about)
        depth = int(found[1]) + 1 if found is not None else 2
        if depth > MOST_PAGES:
            return ()
        wanted = [url for url in parts if is_at(self.place, url)]
        return tuple(self._timemap(url, depth=depth) for url in wanted[:MOST_PAGES])


def _parts(links: Iterable[Link], window: Window, answer: Answer) -> tuple[str, ...]:
    """The other parts of a list that may hold copies of the window, wherever they are."""
    parts = {
        joined(answer.question.url, unescape(link.url)): None
        for link in links
        if "timemap" in link.relations and "self" not in link.relations and overlaps(link, window)
    }
    return tuple(url for url in parts if url and url != answer.question.url)
