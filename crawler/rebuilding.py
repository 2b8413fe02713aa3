"""Extract stored captures again: what a better extractor finds replaces what an older one found, capture by capture.

Texts, numbers and verdicts of versions stay apart: a version is born of a publisher's change, never of ours.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice

from crawler.dedup import fingerprint
from crawler.errors import PageTooHard
from crawler.events import ReadOptions, read_entries
from crawler.extraction import EXTRACTOR, EXTRACTOR_VERSION, NoArticle, article_of_saved
from crawler.library import Library
from crawler.stored_pages import stored_content, stored_page
from crawler.workers import ExtractionPool
from storage.captures import CaptureReader
from storage.errors import StorageError
from storage.types import (
    Article,
    ArticleVersion,
    Capture,
    CaptureKind,
    Document,
    SavedArticle,
    utc_now,
)

_BATCH = 64


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild did.

    Attributes:
        extractor: name and version.
        versions: read and extracted again.
        changed: of them, with at least one field that differs.
        fields: field -> number of versions in which it differs.
        problems: (URL, reason) of versions that were left as they are.
    """

    extractor: str = f"{EXTRACTOR} {EXTRACTOR_VERSION}"
    versions: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)


def rebuild(
    library: Library, *, host: str = "", dry_run: bool = False, progress: Callable[[], None] = lambda: None
) -> Rebuilt:
    """Extract again every version (of one host); a version whose page cannot be read or understood stays as it is."""
    report = Rebuilt()
    versions = library.store.versions(host=host)
    with closing(ExtractionPool.configured(library.configuration)) as pool, library.reader() as reader:
        while batch := list(islice(versions, _BATCH)):
            found = asyncio.run(_extract_all(library, reader, pool, batch))
            _put(library, batch, found, report, dry_run=dry_run)
            for _ in batch:
                progress()
    return report


Row = tuple[ArticleVersion, Capture, Document]


async def _extract_all(
    library: Library, reader: CaptureReader, pool: ExtractionPool, batch: list[Row]
) -> list[Article | str]:
    return await asyncio.gather(*(_extract(library, reader, pool, row) for row in batch))


def _put(library: Library, batch: list[Row], found: list[Article | str], report: Rebuilt, *, dry_run: bool) -> None:
    for (version, _, document), article in zip(batch, found, strict=True):
        report.versions += 1
        if isinstance(article, str):
            report.problems.append((document.canonical_url, article))
            continue
        differing = library.store.reextract(version.id, article, now=utc_now(), dry_run=dry_run)
        report.changed += bool(differing)
        report.fields.update(differing)


async def _extract(library: Library, reader: CaptureReader, pool: ExtractionPool, row: Row) -> Article | str:
    """The article that this version's capture gives now, or one sentence why there is none."""
    _, capture, document = row
    try:
        if capture.kind is CaptureKind.IMPORTED:
            return fingerprint(article_of_saved(_saved(document, stored_content(library, reader, capture))))
        found = await pool.extract(stored_page(library, reader, capture))
    except (StorageError, PageTooHard) as problem:
        return str(problem)
    return f"{found.outcome}: {found.detail}" if isinstance(found, NoArticle) else found


def _saved(document: Document, content: bytes) -> SavedArticle:
    (entry,) = read_entries(document.request_url, content, ReadOptions(format="saved-article"))
    assert isinstance(entry, SavedArticle)  # noqa: S101 - that format yields nothing else
    return entry
