"""From files of event entries to the store: events in batches, saved articles as captures, loose URLs as documents.

Why a file is read whole before any of it is stored: a file that breaks in its middle must leave nothing half-imported.
Of an archive that breaks in its middle, the files before the damage are whole and are imported.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from crawler.dedup import decide, fingerprint
from crawler.entry_files import EntryFile, SkippedFile
from crawler.errors import EntryFileError
from crawler.events import ReadOptions, matcher_of, read_entries
from crawler.library import Library
from crawler.runs import registered
from storage import __version__
from storage.captures import CaptureWriter, payload_digest
from storage.types import (
    Capture,
    CaptureKind,
    Document,
    EntryChange,
    EventEntry,
    FetchAttempt,
    FetchReason,
    FetchResult,
    ImportedEntry,
    LinkKind,
    LooseSource,
    Outcome,
    SavedArticle,
    utc_now,
)

BATCH = 500
"""Entries stored in one transaction."""
SAVED_BATCH = 100
"""Saved articles held in memory before they are stored."""


@dataclass(slots=True)
class ImportReport:
    """What an import did; the fields are counts unless they say otherwise.

    Attributes:
        files: read without an error.
        skipped: files without an entry (day indexes, hidden or binary files).
        entries: event entries read.
        new: events that were not known.
        changed: known events with a new revision.
        unchanged: known events as they were.
        aliases: entries that came under another key of a known event.
        links_added: source links that are new on their event.
        links_withdrawn: source links that an edited entry no longer has.
        images: source links that are no articles.
        unusable: source links whose URL cannot be requested.
        saved_articles: saved articles read.
        saved_new: of them, not imported before.
        loose: listed URLs read.
        loose_new: of them, documents that were not known.
        problems: one error per file that was not imported.
    """

    files: int = 0
    skipped: int = 0
    entries: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    aliases: int = 0
    links_added: int = 0
    links_withdrawn: int = 0
    images: int = 0
    unusable: int = 0
    saved_articles: int = 0
    saved_new: int = 0
    loose: int = 0
    loose_new: int = 0
    problems: list[EntryFileError] = field(default_factory=list)


def import_entries(
    library: Library,
    files: Iterable[EntryFile | SkippedFile | EntryFileError],
    options: ReadOptions,
    *,
    dry_run: bool = False,
    token: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Read and store; a broken file is reported and the others go on.

    Memory: one file's content and one batch of entries at a time.

    Args:
        library: open.
        files: to be read.
        options: how.
        dry_run: store nothing.
        token: of the run that it is part of; without one, saved articles make runs of their own.
        progress: called with each file's name.
    """
    report = ImportReport()
    batch: list[EventEntry] = []
    saved: list[SavedArticle] = []
    for entries in _read(files, options, report, progress):
        batch += [one for one in entries if isinstance(one, EventEntry)]
        saved += [one for one in entries if isinstance(one, SavedArticle)]
        _put_loose(library, [one for one in entries if isinstance(one, LooseSource)], report, dry_run=dry_run)
        if len(batch) >= BATCH:
            _put_events(library, batch, report, dry_run=dry_run)
            batch = []
        if len(saved) >= SAVED_BATCH:
            _put_saved(library, saved, report, token, dry_run=dry_run)
            saved = []
    _put_events(library, batch, report, dry_run=dry_run)
    _put_saved(library, saved, report, token, dry_run=dry_run)
    return report


def _read(
    files: Iterable[EntryFile | SkippedFile | EntryFileError],
    options: ReadOptions,
    report: ImportReport,
    progress: Callable[[str], None],
) -> Iterator[list[EventEntry | SavedArticle | LooseSource]]:
    for file in files:
        if isinstance(file, EntryFileError):
            report.problems.append(file)
        elif isinstance(file, SkippedFile):
            report.skipped += 1
        else:
            progress(file.name)
            try:
                entries = read_entries(file.name, file.content, options)
            except EntryFileError as problem:
                report.problems.append(problem)
                continue
            report.files += 1
            yield entries


def _put_events(library: Library, batch: list[EventEntry], report: ImportReport, *, dry_run: bool) -> None:
    if not batch:
        return
    for entry in batch:
        report.images += sum(link.kind is LinkKind.IMAGE for link in entry.sources)
        report.unusable += sum(bool(link.problem) for link in entry.sources)
    for imported in library.store.put_events(batch, match=matcher_of(batch), now=utc_now(), dry_run=dry_run):
        _count(report, imported)


def _count(report: ImportReport, imported: ImportedEntry) -> None:
    report.entries += 1
    report.new += imported.change is EntryChange.NEW
    report.changed += imported.change is EntryChange.CHANGED
    report.unchanged += imported.change is EntryChange.UNCHANGED
    report.aliases += bool(imported.alias_of)
    report.links_added += imported.links_added
    report.links_withdrawn += imported.links_withdrawn


def _put_loose(library: Library, sources: list[LooseSource], report: ImportReport, *, dry_run: bool) -> None:
    report.loose += len(sources)
    if sources:
        report.loose_new += library.store.put_loose(sources, now=utc_now(), dry_run=dry_run)


# -- saved articles --------------------------------------------------------------------------------------------


def _put_saved(library: Library, saved: list[SavedArticle], report: ImportReport, token: str, *, dry_run: bool) -> None:
    report.saved_articles += len(saved)
    fresh = list({_attempt_key(one): one for one in saved if not _is_known(library, one)}.values())
    if dry_run or not fresh:
        report.saved_new += len(fresh)
        return
    with registered(library, "dateline events import", unless=bool(token)) as work:
        used = token or work.token
        with CaptureWriter(library.captures, token=used, software=f"dateline/{__version__}") as captures:
            problems = [error for one in fresh if (error := _store(library, one, captures, used))]
        stored = work.counts[Outcome.IMPORTED] = len(fresh) - len(problems)
    report.saved_new += stored
    report.problems += problems


def _is_known(library: Library, saved: SavedArticle) -> bool:
    document = library.store.find_document(saved.identity.canonical_url)
    if document is None:
        return False
    digest = payload_digest(saved.raw)
    captures = library.store.history(document.canonical_url).captures
    return any(one.kind is CaptureKind.IMPORTED and one.payload_digest == digest for one in captures)


def _attempt_key(saved: SavedArticle) -> str:
    """The same file for the same document is the same attempt, however often it is imported."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{saved.identity.canonical_url} {saved.raw.hex()}").hex


def _store(library: Library, saved: SavedArticle, captures: CaptureWriter, token: str) -> EntryFileError | None:
    """Store one; an article that the store refuses keeps no other from being imported."""
    from crawler.extraction.saved import article_of_saved  # noqa: PLC0415 - see `crawler.extraction`

    now = utc_now()
    document = library.store.ensure_document(saved.identity, now=now)
    known = library.store.known_payloads([payload_digest(saved.raw)])
    capture = captures.append_text(saved.identity.request_url, saved.raw, "text/markdown", fetched_at=now, known=known)
    captures.sync()
    result = FetchResult(
        attempt=_attempt(saved, document, capture, token, now),
        captures=(capture,),
        article=fingerprint(article_of_saved(saved), host=saved.identity.host),
    )
    (stored,) = library.store.archive([result], decide=decide, now=now)
    if not stored.error:
        return None
    return EntryFileError(saved.origin.name, saved.origin.line, stored.error, "the other files are imported")


def _attempt(saved: SavedArticle, document: Document, capture: Capture, token: str, now: datetime) -> FetchAttempt:
    return FetchAttempt(
        key=_attempt_key(saved),
        document_id=document.id,
        reason=FetchReason.IMPORTED,
        outcome=Outcome.IMPORTED,
        request_url=saved.identity.request_url,
        final_url=saved.identity.request_url,
        started_at=now,
        finished_at=now,
        detail=f"read from {saved.origin.name}",
        next_fetch_at=document.next_fetch_at,
        bytes_received=capture.payload_length,
        run_token=token,
    )
