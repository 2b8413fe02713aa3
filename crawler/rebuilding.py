"""Extract stored captures again: staged first, counted, and put in place of the old texts when somebody agrees.

Texts, numbers and verdicts of versions stay apart: a version is born of a publisher's change, never of ours.

Why three steps: (1) every capture is extracted and staged with the lines at its edges, in the pool; (2) when all
lines of all hosts are known, what stands everywhere is cut and each text is weighed against the stored one; (3) what
was weighed replaces it, batch by batch. Cutting at once would leave the first pages of each host uncut. A kill at any
point costs one batch: what is staged is not extracted again.

Why figures before the commit: a text of a library is written over. Whoever does that has to see where it got shorter.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from heapq import nlargest

from crawler import staging
from crawler.comparing import Recompared
from crawler.extraction import EXTRACTOR, EXTRACTOR_VERSION
from crawler.library import Library
from crawler.renewing import Given, Missing, extracted_again
from crawler.staging import Row, batches, staged_of
from crawler.workers import ExtractionPool
from storage.types import Article, Reextraction, utc_now

_BATCH = staging.BATCH
_WORST = 10
_MUCH = 0.2
"""By which share of its words a text has to get shorter or longer to be counted as such."""
_NAMES = frozenset({"extractor", "extractor_version"})
"""Fields that say who extracted, and nothing of the article."""
_EXPLANATIONS = frozenset({"evidence", "confidence", "choice"})
"""Fields that say why, and nothing of the article."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shorter:
    """A text that gets much shorter."""

    url: str
    version_id: int
    words_before: int
    words_after: int


@dataclass(slots=True)
class Rebuilt:
    """What extracting again gives, and what was done with it.

    Attributes:
        extractor: name and version.
        total: versions that were asked about.
        versions: whose captures were looked at: extracted now, or by an earlier run that was not brought to its end.
        kept: of them, those of an earlier run.
        current: versions that this extractor made and nobody asked for again.
        unchanged: nothing of the article differs.
        explained: only evidence, confidence or the choice of the body differ.
        changed: at least one other field differs.
        fields: field -> number of versions in which it differs; who extracted is not counted.
        words_before: of the stored bodies.
        words_after: of the new ones.
        shorter: bodies that lose more than a fifth of their words.
        longer: bodies that gain more than a fifth.
        worst: the ten that lose most words.
        lost: captures in which there is no article any more; their versions stay.
        problems: (URL, reason) of all versions that stay because there is nothing to put in their place.
        applied: versions that were written.
        overtaken: versions that somebody else extracted again meanwhile; they stay.
        recompared: what comparing the articles that waited for it brought; ``None`` where nothing was written.
    """

    extractor: str = f"{EXTRACTOR} {EXTRACTOR_VERSION}"
    total: int = 0
    versions: int = 0
    kept: int = 0
    current: int = 0
    unchanged: int = 0
    explained: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    words_before: int = 0
    words_after: int = 0
    shorter: int = 0
    longer: int = 0
    worst: list[Shorter] = field(default_factory=list)
    lost: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    applied: int = 0
    overtaken: int = 0
    recompared: Recompared | None = None

    @property
    def waiting(self) -> int:
        """Staged texts that could be put in place."""
        return self.unchanged + self.explained + self.changed


def stage(
    library: Library, *, host: str = "", again: bool = False, progress: Callable[[], None] = lambda: None
) -> Rebuilt:
    """Extract every version that another extractor made (of one host), stage what is found, and count.

    Args:
        library: open.
        host: only documents of this one.
        again: also versions that this very extractor made.
        progress: called after each version.
    """
    report = Rebuilt()
    if not host:
        library.store.forget_reextractions(except_version=EXTRACTOR_VERSION)
    with closing(_Work(library)) as work:
        for batch in batches(library.store.versions(host=host), _BATCH):
            _stage_batch(work, batch, report, again=again)
            for _ in batch:
                progress()
    for pending in batches(staging.unweighed(library.store, host), _BATCH):
        staging.weigh(library.store, pending)
    _count(staged_of(library.store, host), report)
    return report


def apply(library: Library, report: Rebuilt, *, host: str = "", progress: Callable[[], None] = lambda: None) -> None:
    """Put what is staged (of one host) in place of the versions' texts; each batch is one transaction."""
    for batch in batches((one for one in staged_of(library.store, host) if one.weighed and not one.lost), _BATCH):
        ids = [one.version_id for one in batch]
        written = library.store.apply_reextractions(ids, EXTRACTOR_VERSION, now=utc_now())
        report.applied += len(written)
        report.overtaken += sum(not one.problem for one in batch) - len(written)
        for _ in batch:
            progress()


def outlook(library: Library, *, host: str = "") -> Rebuilt:
    """What `stage` would have to do and what is staged already; extracts nothing."""
    report = Rebuilt()
    for version, capture, _ in library.store.versions(host=host):
        report.total += 1
        report.current += staging.is_current(version, capture)
    _count(staged_of(library.store, host), report)
    report.kept = report.versions
    return report


# -- extracting ------------------------------------------------------------------------------------------------------


class _Work:
    """The pool, which starts when the first capture has to be extracted."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._pool: ExtractionPool | None = None

    def close(self) -> None:
        """Stop what was started."""
        if self._pool is not None:
            self._pool.close()

    def extract(self, rows: list[Row]) -> list[Article | Missing]:
        """What the captures of these versions give now."""
        self._pool = pool = self._pool or ExtractionPool.configured(self.library.configuration)
        return asyncio.run(_extract_all(pool, staging.read(self.library, rows)))


async def _extract_all(pool: ExtractionPool, given: list[Given]) -> list[Article | Missing]:
    return await asyncio.gather(*(extracted_again(pool, one) for one in given))


def _stage_batch(work: _Work, batch: list[Row], report: Rebuilt, *, again: bool) -> None:
    found = staging.sorted_out(work.library.store, batch, again=again)
    report.total += len(batch)
    report.kept += found.kept
    report.current += found.current
    if found.missing:
        staging.put_beside(work.library.store, found.missing, work.extract(found.missing))


# -- counting --------------------------------------------------------------------------------------------------------


def _count(staged: Iterable[Reextraction], report: Rebuilt) -> None:
    shorter: list[Shorter] = []
    for one in staged:
        report.versions += 1
        report.lost += one.lost
        if one.problem:
            report.problems.append((one.url, one.problem))
            continue
        _count_fields(one, report)
        report.words_before += one.words_before
        report.words_after += one.words_after
        report.longer += one.words_after > one.words_before * (1 + _MUCH)
        if one.words_after < one.words_before * (1 - _MUCH):
            report.shorter += 1
            line = Shorter(
                url=one.url,
                version_id=one.version_id,
                words_before=one.words_before,
                words_after=one.words_after,
            )
            shorter = nlargest(_WORST, [*shorter, line], key=lambda it: it.words_before - it.words_after)
    report.worst = shorter


def _count_fields(one: Reextraction, report: Rebuilt) -> None:
    differing = set(one.fields) - _NAMES
    report.fields.update(differing)
    if not differing:
        report.unchanged += 1
    elif differing <= _EXPLANATIONS:
        report.explained += 1
    else:
        report.changed += 1
