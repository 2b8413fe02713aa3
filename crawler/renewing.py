"""Extract a stored version's capture again, so that only what a publisher changed is ever taken for a change.

Why before a fresh page is compared: a better extractor reads an unchanged page otherwise, and so does the same one when
the host is known better. Held against the old text, the page would be a new version; held against what the old capture
gives today, it is the same page again, and the version's text got better where it stands.

Why captures in a place (`storage.captures.places`) are read in a thread of their own: the store's thread also prolongs
the leases, and an object store that is away is found to be so after many seconds only.

Why only the latest few versions: a page that went back to what it was long ago is rare, and each costs an extraction.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

from crawler.configuration import Configuration
from crawler.dedup import fingerprint
from crawler.errors import PageTooHard
from crawler.events import ReadOptions, read_entries
from crawler.extraction import NoArticle, PageInput
from crawler.furniture import without_furniture
from crawler.library import Library
from crawler.stored_pages import Surroundings, page_of, stored_content, stored_page
from storage.captures import CaptureReader
from storage.captures.places.finding import Places
from storage.errors import PlaceUnavailable, StorageError, StoreUnavailable
from storage.protocol import Store
from storage.types import (
    Article,
    ArticleVersion,
    Capture,
    CaptureKind,
    Citation,
    Document,
    KnownPayload,
    SavedArticle,
    utc_now,
)

log = logging.getLogger(__name__)
T = TypeVar("T")

_MOST = 5
"""Versions of one document that are looked at."""


class Extracting(Protocol):
    """What of `crawler.workers.ExtractionPool` is needed."""

    async def extract(self, page: PageInput) -> Article | NoArticle:
        """The article of a page, or why there is none; `PageTooHard` at a limit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """Why a version's capture gives no article now.

    Attributes:
        reason: one sentence.
        read: the capture was read, and no article is in it.
    """

    reason: str
    read: bool = False


class Asking(Protocol):
    """Runs a function of the store wherever the store is, and gives its answer."""

    async def __call__(self, work: Callable[[Store], T], /) -> T:
        """See the class."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewal:
    """Renews the versions of one document after another.

    Attributes:
        ask: where the store is.
        configuration: of the library.
        pool: where pages are extracted.
    """

    ask: Asking
    configuration: Configuration
    pool: Extracting

    async def __call__(self, document: Document, fresh: Article, *, cut: bool) -> None:
        """Extract the document's latest versions again, where they cannot be compared with a fresh article.

        Args:
            document: both are of this document.
            fresh: just extracted.
            cut: lines that the host shows everywhere went from it.

        Raises:
            StorageError: of the store; a capture that cannot be read is only reported.
        """
        if document.article_id is None:
            return

        def pages(store: Store) -> _Outdated:
            return self._outdated(store, document, fresh, cut=cut)

        outdated = await self.ask(pages)
        if outdated.away:
            outdated = replace(outdated, given=await asyncio.to_thread(_fetched, outdated))
        for (version, _), given in zip(outdated.own, outdated.given, strict=True):
            found = await extracted_again(self.pool, given)
            if isinstance(found, Missing):
                log.warning("version %d of %s stays: %s", version.number, document.canonical_url, found.reason)
            else:
                await self._put(document, version, found)

    async def _put(self, document: Document, version: ArticleVersion, article: Article) -> None:
        def put(store: Store) -> tuple[str, ...]:
            return store.reextract(version.id, without_furniture(store, document, article), now=utc_now())

        await self.ask(put)

    def _outdated(self, store: Store, document: Document, fresh: Article, *, cut: bool) -> _Outdated:
        """The versions that somebody else extracted, or who knew less of the host, each with what to extract."""
        own = [
            (version, capture)
            for version, capture in store.own_versions(document.id, limit=_MOST)
            if capture.kind is not CaptureKind.IMPORTED
            and (version.article.extractor_version != fresh.extractor_version or cut)
            and (version.article.text_digest, version.article.extractor_version)
            != (fresh.text_digest, fresh.extractor_version)
        ]
        if not own:
            return _Outdated()
        library = Library(configuration=self.configuration, store=store)
        citations = store.citations([document.id]).get(document.id, ())
        known = store.known_payloads([capture.payload_digest for _, capture in own])
        holders = {one.location.file for one in known.values()} | {capture.location.file for _, capture in own}
        if any(not (library.captures / name).exists() for name in holders):
            places = library.places
            places.know(holders)
            away = _Away(folder=library.captures, places=places.without_store(), known=known, citations=citations)
            return _Outdated(own=own, away=away)
        with library.reader() as reader:
            return _Outdated(
                own=own, given=[given_again(library, reader, document, capture, citations) for _, capture in own]
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Away:
    """What is needed to read captures of which some are in a place, without the store."""

    folder: Path
    places: Places
    known: Mapping[str, KnownPayload]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outdated:
    """Versions with their captures, and what those give; that is read later where ``away`` says how."""

    own: Sequence[tuple[ArticleVersion, Capture]] = ()
    given: Sequence[Given] = ()
    away: _Away | None = None


def _fetched(outdated: _Outdated) -> list[Given]:
    """Read the captures; in a thread of its own, since a place may take its time and the store must not wait for it."""
    away = outdated.away
    assert away is not None  # noqa: S101 - asked by the caller
    with CaptureReader(away.folder, away.places) as reader:
        return [_fetched_one(reader, capture, away) for _, capture in outdated.own]


def _fetched_one(reader: CaptureReader, capture: Capture, away: _Away) -> Given:
    try:
        content = reader.content(capture, away.known.get(capture.payload_digest))
    except StorageError as problem:
        return Missing(reason=str(problem))
    return page_of(capture, content, Surroundings(citations=away.citations))


Given: TypeAlias = PageInput | SavedArticle | Missing
"""What a stored capture gives to an extractor."""


def given_again(
    library: Library, reader: CaptureReader, document: Document, capture: Capture, cited: tuple[Citation, ...]
) -> Given:
    """The page of a version's capture, or the saved article that was imported, or why neither can be read.

    Args:
        library: open.
        reader: of its captures.
        document: the version's.
        capture: likewise.
        cited: what event entries say of the document today: the choice of a body looks at their words.

    Raises:
        StoreUnavailable: the database is away, which says nothing of the capture.
        PlaceUnavailable: the place of its file is away, which says no more.
    """
    try:
        if capture.kind is CaptureKind.IMPORTED:
            return _saved(document, stored_content(library, reader, capture))
        return stored_page(library, reader, capture, Surroundings(citations=cited))
    except (StoreUnavailable, PlaceUnavailable):
        raise
    except StorageError as problem:
        return Missing(reason=str(problem))


async def extracted_again(pool: Extracting, given: Given) -> Article | Missing:
    """The article with its fingerprints, before host memory is asked; or why there is none now."""
    if isinstance(given, Missing):
        return given
    if isinstance(given, SavedArticle):
        from crawler.extraction.saved import article_of_saved  # noqa: PLC0415 - see `crawler.extraction`

        return fingerprint(article_of_saved(given), host=given.identity.host)
    try:
        found = await pool.extract(given)
    except PageTooHard as problem:
        return Missing(reason=str(problem))
    except Exception as error:  # one page that our code cannot bear must not end the work on all others
        log.exception("our own code failed on %s", given.url)
        return Missing(reason=f"{type(error).__name__}: {error}"[:300])
    return Missing(reason=f"{found.outcome}: {found.detail}", read=True) if isinstance(found, NoArticle) else found


def _saved(document: Document, content: bytes) -> SavedArticle:
    (entry,) = read_entries(document.request_url, content, ReadOptions(format="saved-article"))
    assert isinstance(entry, SavedArticle)  # noqa: S101 - that format yields nothing else
    return entry
