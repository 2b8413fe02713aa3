"""Archives with a CDX server and Wayback replay: the Internet Archive, pywb, OpenWayback, arquivo.pt.

One conversation serves them all; what differs is data (`crawler.archives.dialects`).

Why one question per window and no ``closest``, no page numbers: see there. Where a server gives resume keys they are
followed, at most `MOST_QUESTIONS` times; pywb ignores every kind of paging and would answer the same rows for ever, so
it is asked once for many rows.

Why an answer full of rows that cannot be read is "could not be asked": an error message with status 200 has lines too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from crawler.archives.dialects import DIALECTS, PYWB, Dialect
from crawler.archives.playback import read_replay
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
from crawler.archives.refusals import index_problem, unreachable
from crawler.archives.replay_urls import cited_record, cites, raw_url
from crawler.archives.rows import read_rows
from crawler.errors import ConfigurationError
from crawler.urls import memento_timestamp
from storage.types import KnownMemento

GOOD_FOR = timedelta(days=30)
"""A list of old copies hardly changes; new copies of an old page rarely show the article."""
MOST_QUESTIONS = 10
"""Per window: 10,000 rows are more captures than any article has; home pages have them."""
_PAGE = re.compile(r"page ([0-9]{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cdx:
    """One such archive.

    Raises:
        ConfigurationError: its place names no known dialect.
    """

    place: ArchivePlace

    def __post_init__(self) -> None:
        """Refuse a dialect that nobody speaks."""
        if self.place.dialect and self.place.dialect not in DIALECTS:
            known = ", ".join(DIALECTS)
            raise ConfigurationError(f"archives.{self.place.name}.dialect: {self.place.dialect!r} is none of {known}")

    @property
    def dialect(self) -> Dialect:
        """The language of its index."""
        return DIALECTS.get(self.place.dialect, PYWB)

    def begin(self, wanted: Wanted) -> tuple[Question, ...]:
        """One question for the window; none where only its replay is known."""
        return (self._question(wanted, page=1),) if self.place.index_url else ()

    def heard(self, wanted: Wanted, answer: Answer) -> Heard:
        """The copies in a list, and the question for the next ones."""
        if self._says_nothing(answer):
            return Heard()
        problem = index_problem(answer)
        if problem is not None:
            return Heard(problem=problem)
        rows = read_rows(answer.body, self.dialect.columns)
        if rows.cut:
            return Heard(problem=unreachable(answer, "the list was cut off"), skipped=rows.skipped)
        if rows.strange and rows.strange == rows.skipped and not rows.records:
            return Heard(problem=unreachable(answer, "it sent no list of copies"), skipped=rows.skipped)
        following = self._next(wanted, answer, rows.resume_key)
        if self.dialect.resumes and rows.resume_key and not (rows.records or following):
            return Heard(problem=unreachable(answer, "its list has no end"), skipped=rows.skipped)
        return Heard(records=rows.records, questions=following, skipped=rows.skipped)

    def replay(self, record: CdxRecord) -> Question | None:
        """The question for a copy's bytes; ``None`` where only the index is known."""
        if not self.place.replay_url:
            return None
        return Question(url=raw_url(self.place.replay_url, record), pool=Pool.REPLAY)

    def cited(self, memento: KnownMemento) -> Question | None:
        """The question for the copy that an entry cites, where its address names a moment and is one of this archive's.

        Asked under the archive's own replay address where the place states one, so under that one's scheme and host.
        """
        record = cited_record(memento)
        return self.replay(record) if record is not None and cites(self.place, memento.url) else None

    def replayed(self, record: CdxRecord, answer: Answer) -> Replayed | Hop | Problem:
        """See `crawler.archives.playback`."""
        return read_replay(self.place, record, answer)

    def public_url(self, record: CdxRecord) -> str:
        """The address at which a reader opens a copy."""
        return f"{self.place.public_url}{record.timestamp}/{record.url}" if self.place.public_url else ""

    def _says_nothing(self, answer: Answer) -> bool:
        if answer.status != HTTPStatus.NOT_FOUND or answer.truncated:
            return False
        said = answer.body[:4096].decode("utf-8", "replace").lower()
        return any(phrase in said for phrase in self.dialect.nothing)

    def _next(self, wanted: Wanted, answer: Answer, key: str) -> tuple[Question, ...]:
        if not key or not self.dialect.resumes:
            return ()
        found = _PAGE.fullmatch(answer.question.about)
        page = int(found[1]) + 1 if found is not None else 2
        following = self._question(wanted, page=page, key=key)
        return (following,) if page <= MOST_QUESTIONS and following.url != answer.question.url else ()

    def _question(self, wanted: Wanted, *, page: int, key: str = "") -> Question:
        window = wanted.window
        stated = [
            ("url", wanted.url),
            ("from", _digits(window.since)),
            ("to", _digits(window.until)),
            *self.dialect.parameters,
            ("limit", str(self.dialect.limit)),
            # The key comes percent-encoded and is wanted so: it is encoded once more, like every value.
            ("resumeKey", key),
        ]
        mark = "&" if "?" in self.place.index_url else "?"
        query = urlencode([(name, value) for name, value in stated if value])
        return Question(
            url=f"{self.place.index_url}{mark}{query}", pool=Pool.INDEX, good_for=GOOD_FOR, about=f"page {page}"
        )


def _digits(moment: datetime | None) -> str:
    return memento_timestamp(moment) if moment is not None else ""
