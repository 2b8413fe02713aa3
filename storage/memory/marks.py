"""Marks: that a person said that what was stored as a document's article is none, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from storage.errors import ArticleNotFound, MarkNotFound
from storage.memory.library import Library, next_id
from storage.types import Mark


def mark(library: Library, article_id: int, *, by: str, because: str, now: datetime) -> Mark:
    """See `storage.curation_store.CurationStore.mark`."""
    if article_id not in library.articles:
        raise ArticleNotFound(article_id)
    document_id = library.articles[article_id]
    if (known := _standing(library).get(document_id)) is not None:
        return known
    number = next_id(library.marks)
    library.marks[number] = Mark(
        id=number, document_id=document_id, article_id=article_id, marked_by=by, marked_at=now, because=because
    )
    _link_again(library, document_id)
    return library.marks[number]


def unmark(library: Library, article_id: int, *, by: str, now: datetime) -> Mark:
    """See `storage.curation_store.CurationStore.unmark`."""
    of_removed = (one for one in _standing(library).values() if library.marks[one.id].article_id == article_id)
    known = marks_of(library, [article_id]).get(article_id) or next(of_removed, None)
    if known is None:
        raise MarkNotFound(article_id)
    library.marks[known.id] = replace(library.marks[known.id], undone_by=by, undone_at=now)
    _link_again(library, known.document_id)
    return _present(library, library.marks[known.id])


def _link_again(library: Library, document_id: int) -> None:
    """Let the articles of a document, of those that are it, and of their stories wait for links."""
    for article_id, own in library.articles.items():
        if document_id in {own, library.standing_document(own)}:
            library.unlinked |= {article_id, *library.clusters[library.cluster_of[article_id]]}


# -- reading ---------------------------------------------------------------------------------------------------------


def marks(library: Library, *, standing_only: bool, after: int, limit: int | None) -> list[Mark]:
    """See `storage.curation_store.CurationStore.marks`."""
    wanted = [one for one in library.marks.values() if not (standing_only and one.undone_at is not None)]
    behind = [_present(library, one) for one in wanted if one.id > after]
    return behind if limit is None else behind[: max(limit, 0)]


def marks_of(library: Library, article_ids: Iterable[int]) -> dict[int, Mark]:
    """See `storage.curation_store.CurationStore.marks_of`."""
    standing, found = _standing(library), dict[int, Mark]()
    for article_id in set(article_ids) & library.articles.keys():
        own = library.articles[article_id]
        known = standing.get(own) or standing.get(library.standing_document(own))
        if known is not None:
            found[article_id] = known
    return found


def _standing(library: Library) -> dict[int, Mark]:
    """The marks that stand, by document."""
    return {one.document_id: _present(library, one) for one in library.marks.values() if one.undone_at is None}


def _present(library: Library, stored: Mark) -> Mark:
    """A mark with the number of the article that its document has now; the one that it had where there is none."""
    present = library.documents[stored.document_id].article_id
    return replace(stored, article_id=present or stored.article_id)
