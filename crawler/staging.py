"""Extracting stored versions again, in the steps that one process and many workers share: sort, read, stage, weigh.

Why no step writes over a text: what is staged stands beside its version until somebody saw the figures
(`crawler.rebuilding`).

Why a host may be staged by itself: what is cut from a page is what its host shows everywhere, and lines of other hosts
never count. So the same rows come of it whether one process stages all hosts or many workers one each, as long as
nobody weighs a host before all of its versions are staged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, TypeAlias, TypeVar

from crawler.extraction.text import UNSPACED
from crawler.extraction.version import EXTRACTOR_VERSION, SAVED_EXTRACTOR_VERSION
from crawler.furniture import without_furniture
from crawler.library import Library
from crawler.renewing import Given, Missing, given_again
from storage.protocol import Store
from storage.types import Article, ArticleVersion, Capture, CaptureKind, Document, Reextraction, utc_now

T = TypeVar("T")

BATCH: Final = 64
"""Versions that are staged or weighed in one transaction."""

Row: TypeAlias = tuple[ArticleVersion, Capture, Document]


@dataclass(slots=True)
class Sorted:
    """What is to be done about some versions.

    Attributes:
        missing: to be extracted.
        kept: staged already.
        current: of the present extractor.
    """

    missing: list[Row] = field(default_factory=list)
    kept: int = 0
    current: int = 0


def batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The same, a few at a time."""
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch


def is_current(version: ArticleVersion, capture: Capture) -> bool:
    """Whether the present extractor made this version's text."""
    present = SAVED_EXTRACTOR_VERSION if capture.kind is CaptureKind.IMPORTED else EXTRACTOR_VERSION
    return version.article.extractor_version == present


def words_of(text: str) -> int:
    """Words, and the signs of scripts that write without spaces."""
    return len(text.split()) + len(UNSPACED.findall(text))


def sorted_out(store: Store, batch: Sequence[Row], *, again: bool) -> Sorted:
    """Which versions are to be extracted; ``again``: also those that this very extractor made."""
    known = store.staged_reextractions(EXTRACTOR_VERSION, [version.id for version, _, _ in batch])
    found = Sorted()
    for version, capture, document in batch:
        staged = known.get(version.id)
        if staged is not None and staged.seen_at == version.extracted_at and not _may_have_mended(staged, again=again):
            found.kept += 1
        elif again or staged is not None or not is_current(version, capture):
            found.missing.append((version, capture, document))
        else:
            found.current += 1
    return found


def _may_have_mended(staged: Reextraction, *, again: bool) -> bool:
    """Whether another look may find more: a capture that was away may be back, a text that is none stays none."""
    return bool(staged.problem) and (again or not staged.lost)


def read(library: Library, rows: Sequence[Row]) -> list[Given]:
    """What the captures of these versions give to an extractor.

    Raises:
        StoreUnavailable, PlaceUnavailable: the database or the place of a capture is away.
    """
    with library.reader() as reader:
        cited = library.store.citations(document.id for _, _, document in rows)
        return [
            given_again(library, reader, document, capture, cited.get(document.id, ())) for _, capture, document in rows
        ]


def put_beside(store: Store, rows: Sequence[Row], found: Sequence[Article | Missing]) -> None:
    """Stage what was extracted, unweighed; one transaction."""
    store.stage_reextractions([_reextraction(version, one) for (version, _, _), one in zip(rows, found, strict=True)])


def _reextraction(version: ArticleVersion, found: Article | Missing) -> Reextraction:
    missing = found if isinstance(found, Missing) else None
    return Reextraction(
        version_id=version.id,
        extractor_version=EXTRACTOR_VERSION,
        seen_at=version.extracted_at,
        article=None if isinstance(found, Missing) else found,
        weighed=missing is not None,
        words_before=words_of(version.article.body),
        problem=missing.reason if missing else "",
        lost=missing is not None and missing.read,
    )


def staged_of(store: Store, host: str) -> Iterator[Reextraction]:
    """Everything that is staged (of one host), without the texts."""
    return store.reextractions(EXTRACTOR_VERSION, host=host)


def unweighed(store: Store, host: str) -> Iterator[int]:
    """The versions whose staged texts are to be weighed."""
    return (one.version_id for one in staged_of(store, host) if not one.weighed)


def weigh(store: Store, version_ids: Sequence[int]) -> None:
    """Cut what the hosts show everywhere from staged texts, and hold them against the stored ones; one transaction."""
    staged = store.staged_reextractions(EXTRACTOR_VERSION, version_ids)
    store.stage_reextractions([_weighed(store, one, one.article) for one in staged.values() if one.article is not None])


def _weighed(store: Store, one: Reextraction, article: Article) -> Reextraction:
    """The staged text as it would be stored, with its figures."""
    cut = without_furniture(store, store.document(one.url), article)
    fields = store.reextract(one.version_id, cut, now=utc_now(), dry_run=True)
    return replace(one, article=cut, weighed=True, fields=fields, words_after=words_of(cut.body))
