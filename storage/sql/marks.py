"""Marks: that a person said that what was stored as a document's article is none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Row, Select, func, insert, or_, select, union_all, update
from sqlalchemy.orm import aliased

from storage.errors import ArticleNotFound, MarkNotFound
from storage.sql.chunks import chunks
from storage.sql.models import ArticleRow, ClusterMemberRow, DocumentMergeRow, MarkRow
from storage.types import Mark

_STANDS = MarkRow.undone_at.is_(None)
_IS_MERGED = DocumentMergeRow.undone_at.is_(None)
_PRESENT, _MEANT = aliased(ArticleRow), aliased(ArticleRow)
_MARKS: Select[Any] = (
    select(
        *(column for column in MarkRow.__table__.columns if column.name != "article_id"),
        func.coalesce(_PRESENT.id, MarkRow.article_id).label("article_id"),
    )
    .select_from(MarkRow)
    .outerjoin(_PRESENT, _PRESENT.document_id == MarkRow.document_id)
)
_OWN = (
    _MARKS.add_columns(_MEANT.id.label("meant")).where(_STANDS).join(_MEANT, _MEANT.document_id == MarkRow.document_id)
)
_OF_MERGED = (
    _MARKS.add_columns(_MEANT.id.label("meant"))
    .where(_STANDS, _IS_MERGED)
    .join(DocumentMergeRow, DocumentMergeRow.into_id == MarkRow.document_id)
    .join(_MEANT, _MEANT.document_id == DocumentMergeRow.document_id)
)


# -- writing ---------------------------------------------------------------------------------------------------------


def mark(connection: Connection, article_id: int, *, by: str, because: str, now: datetime) -> Mark:
    """See `storage.curation_store.CurationStore.mark`."""
    document_id = connection.scalar(select(ArticleRow.document_id).where(ArticleRow.id == article_id))
    if document_id is None:
        raise ArticleNotFound(article_id)
    known = connection.execute(_MARKS.where(MarkRow.document_id == document_id, _STANDS)).first()
    if known is not None:
        return _mark(known)
    values = {
        "document_id": document_id,
        "article_id": article_id,
        "marked_by": by,
        "marked_at": now,
        "because": because,
        "undone_by": "",
    }
    number = connection.scalars(insert(MarkRow).returning(MarkRow.id), values).one()
    _link_again(connection, document_id)
    return _mark(connection.execute(_MARKS.where(MarkRow.id == number)).one())


def unmark(connection: Connection, article_id: int, *, by: str, now: datetime) -> Mark:
    """See `storage.curation_store.CurationStore.unmark`."""
    own = select(ArticleRow.document_id).where(ArticleRow.id == article_id)
    meant = or_(MarkRow.document_id.in_(own), MarkRow.article_id == article_id)
    row = connection.execute(_MARKS.where(meant, _STANDS)).first()
    row = row or connection.execute(_OF_MERGED.where(_MEANT.id == article_id)).first()
    if row is None:
        raise MarkNotFound(article_id)
    connection.execute(update(MarkRow).where(MarkRow.id == row.id), {"undone_by": by, "undone_at": now})
    _link_again(connection, row.document_id)
    return _mark(connection.execute(_MARKS.where(MarkRow.id == row.id)).one())


def _link_again(connection: Connection, document_id: int) -> None:
    """Let the articles of a document, of those that are it, and of their stories wait for links."""
    merged = select(DocumentMergeRow.document_id).where(DocumentMergeRow.into_id == document_id, _IS_MERGED)
    own = select(ArticleRow.id).where(or_(ArticleRow.document_id == document_id, ArticleRow.document_id.in_(merged)))
    stories = select(ClusterMemberRow.cluster_id).where(ClusterMemberRow.article_id.in_(own))
    told = select(ClusterMemberRow.article_id).where(ClusterMemberRow.cluster_id.in_(stories))
    concerned = or_(ArticleRow.id.in_(own), ArticleRow.id.in_(told))
    connection.execute(update(ArticleRow).where(concerned), {"link_pending": True})


# -- reading ---------------------------------------------------------------------------------------------------------


def marks(connection: Connection, *, standing_only: bool, after: int, limit: int | None) -> list[Mark]:
    """See `storage.curation_store.CurationStore.marks`."""
    page = _MARKS.where(MarkRow.id > after).order_by(MarkRow.id)
    page = page.where(_STANDS) if standing_only else page
    return [_mark(row) for row in connection.execute(page.limit(None if limit is None else max(limit, 0)))]


def marks_of(connection: Connection, article_ids: Iterable[int]) -> dict[int, Mark]:
    """See `storage.curation_store.CurationStore.marks_of`."""
    found: dict[int, Mark] = {}
    for piece in chunks(sorted(set(article_ids))):
        for which in (_OF_MERGED, _OWN):
            rows = connection.execute(which.where(_MEANT.id.in_(piece)))
            found |= {row.meant: _mark(row) for row in rows}
    return found


def marked_articles() -> CompoundSelect[Any]:
    """Ids of the articles that are none: a mark stands on their document, or on the one that stands for it.

    Worked out once a statement where it stands in ``article_id.not_in(...)``. It begins with the marks, which are few;
    merges and documents are many.
    """
    marked = select(MarkRow.document_id).where(_STANDS)
    merged = select(DocumentMergeRow.document_id).where(DocumentMergeRow.into_id.in_(marked), _IS_MERGED)
    return union_all(*(select(ArticleRow.id).where(ArticleRow.document_id.in_(one)) for one in (marked, merged)))


def _mark(row: Row[Any]) -> Mark:
    return Mark(
        id=row.id,
        document_id=row.document_id,
        article_id=row.article_id,
        marked_by=row.marked_by,
        marked_at=row.marked_at,
        because=row.because,
        undone_by=row.undone_by,
        undone_at=row.undone_at,
    )
