"""Taking files of others into the library's index, one transaction per file.

A file that is indexed already and has not changed is passed; one that has changed is indexed anew, and what was known
of it goes in the same transaction. A file that changes while it is read is left as it was known: its places would be
wrong.

Why a file that holds nothing readable is refused and not held: it is a typing error or another kind of file, and a row
for it would say "looked through, nothing there" for ever.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crawler.errors import HoldingError
from crawler.holdings.files import OpenFile, modified
from crawler.holdings.finding import Unreadable, require, walk
from crawler.holdings.reading import MOST_PROBLEMS, Report
from crawler.holdings.spool import Spool
from crawler.holdings.wanted import WantedKeys
from storage.protocol import Store
from storage.types import HeldFile, HeldRecord, utc_now

_STEP = 1000
_UNREADABLE = "see whether you may read it, then run the command again"


@dataclass(slots=True)
class IndexReport:
    """What was done.

    Attributes:
        files: indexed now, with their problems.
        unchanged: passed because they are indexed as they are.
        stale: of them, those of which only what was wanted then is known, where more is asked for now.
        records: kept, in the files indexed now.
        passed: captures of pages that nobody wanted.
        other: captures of no page of the web.
        slow: ``PATH`` or ``PATH: MEMBER`` whose records each cost a run through the file.
        refused: files that were not indexed.
    """

    files: list[HeldFile] = field(default_factory=list)
    unchanged: int = 0
    stale: int = 0
    records: int = 0
    passed: int = 0
    other: int = 0
    slow: list[str] = field(default_factory=list)
    refused: list[HoldingError] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """How to index.

    Attributes:
        wanted_only: keep only records of documents without a full article.
        again: also files that have not changed.
        progress: called with a file's path and how many records of it were kept so far.
    """

    wanted_only: bool = False
    again: bool = False
    progress: Callable[[str, int], None] = lambda _path, _count: None


def index(store: Store, paths: Iterable[str | Path], wish: Wish) -> IndexReport:
    """Index files and folders; what cannot be read is reported and the others go on.

    Raises:
        HoldingError: a path names nothing; then nothing was read.
    """
    given = list(paths)
    require(given)
    report = IndexReport()
    known = {file.path: file for file in store.held_files()}
    wanted: WantedKeys | None = None
    for path in _readable(given, report):
        try:
            if _is_done(path, known.get(path), wish, report):
                continue
            if wish.wanted_only and wanted is None:
                wanted = WantedKeys(store.wanted_keys())
            report.files.append(_index_file(store, path, wanted, wish, report))
        except HoldingError as problem:
            report.refused.append(problem)
    return report


def _readable(paths: Iterable[str | Path], report: IndexReport) -> Iterator[str]:
    for found in walk(paths):
        if isinstance(found, Unreadable):
            report.refused.append(HoldingError(found.path, found.problem, _UNREADABLE))
        else:
            yield found


def _is_done(path: str, known: HeldFile | None, wish: Wish, report: IndexReport) -> bool:
    if known is None or wish.again:
        return False
    try:
        state = os.stat(path)  # noqa: PTH116 - as `modified` does
    except OSError as error:
        raise HoldingError(path, error.strerror or str(error), _UNREADABLE) from error
    if (state.st_size, state.st_mtime_ns) != (known.size, known.modified_ns):
        return False
    if known.wanted_only and not wish.wanted_only:
        return False
    report.unchanged += 1
    report.stale += known.wanted_only
    return True


def _index_file(store: Store, path: str, wanted: WantedKeys | None, wish: Wish, report: IndexReport) -> HeldFile:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise HoldingError(path, error.strerror or str(error), _UNREADABLE) from error
    try:
        with Spool() as spool:
            return _store(store, OpenFile(path=path, fd=fd, report=Report(), wanted=wanted), spool, wish, report)
    finally:
        os.close(fd)


def _store(store: Store, opened: OpenFile, spool: Spool, wish: Wish, report: IndexReport) -> HeldFile:
    size, modified_ns = modified(opened.fd)
    for record in _counted(opened, wish):
        spool.add(record)
    found = opened.report
    _refuse(opened, (size, modified_ns))
    report.records += len(spool)
    report.passed += found.passed
    report.other += found.other
    report.slow += [opened.path if found.kind != "wacz" else f"{opened.path}: {name}" for name in found.slow]
    return store.put_held_file(
        HeldFile(
            path=opened.path,
            size=size,
            modified_ns=modified_ns,
            kind=found.kind,
            indexed_at=utc_now(),
            records=len(spool),
            wanted_only=wish.wanted_only,
            problems=_problems(found),
        ),
        spool,
    )


def _counted(opened: OpenFile, wish: Wish) -> Iterator[HeldRecord]:
    wish.progress(opened.path, 0)
    for count, record in enumerate(opened.records(), start=1):
        if count % _STEP == 0:
            wish.progress(opened.path, count)
        yield record


def _refuse(opened: OpenFile, was: tuple[int, int]) -> None:
    """Raise where there is nothing to be held."""
    if modified(opened.fd) != was:
        raise HoldingError(opened.path, "it changed while it was read", "run the command again when it is whole")
    if not opened.report.kind:
        why = next(iter(opened.report.problems), "it holds no record at all")
        raise HoldingError(opened.path, f"it is no WARC, ARC or WACZ file that can be read ({why})", "leave it out")


def _problems(found: Report) -> tuple[str, ...]:
    if found.damages <= MOST_PROBLEMS:
        return tuple(found.problems)
    return (*found.problems[: MOST_PROBLEMS - 1], f"and {found.damages - MOST_PROBLEMS + 1} more such places")
