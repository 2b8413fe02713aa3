"""Which other documents have the same page or the same text as some.

Why redirects, errors and what a browser rendered count for nothing: a host has one page for all that it misses, and
what was rendered is no page that a server sent. Why a copy of .95: what differs then is a line of the frame.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, or_, select

from storage.sql.chunks import chunks
from storage.sql.models import ArticleRow, ArticleVersionRow, AttemptRow, CaptureRow, DocumentMergeRow
from storage.sql.relations import touching
from storage.types import CaptureKind, RelationKind
from storage.wanting import LEAST_SAME


def same_documents(connection: Connection, document_ids: Collection[int]) -> set[int]:
    """Ids of the others; see `storage.upkeep_store.UpkeepStore.copies_of`."""
    wanted, found = set(document_ids), set[int]()
    for piece in chunks(sorted(wanted)):
        found |= _same_pages(connection, piece) | _same_texts(connection, piece) | _copies(connection, piece)
        found |= _merged(connection, piece)
    return found - wanted


def _same_pages(connection: Connection, document_ids: list[int]) -> set[int]:
    redirect_or_error = CaptureRow.status.between(300, 599)
    shown = (CaptureRow.payload_length > 0, CaptureRow.kind != CaptureKind.RENDERED, ~redirect_or_error)
    own = select(CaptureRow.payload_digest).join(AttemptRow, AttemptRow.id == CaptureRow.attempt_id)
    digests = set(connection.scalars(own.where(AttemptRow.document_id.in_(document_ids), *shown)))
    found: set[int] = set()
    of_digest = select(AttemptRow.document_id).join(CaptureRow, CaptureRow.attempt_id == AttemptRow.id)
    for piece in chunks(sorted(digests)):
        found.update(connection.scalars(of_digest.where(CaptureRow.payload_digest.in_(piece), *shown)))
    return found


def _same_texts(connection: Connection, document_ids: list[int]) -> set[int]:
    own = select(ArticleVersionRow.text_digest).join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
    own = own.where(ArticleRow.document_id.in_(document_ids), ArticleVersionRow.text_digest != "")
    of_text = select(ArticleRow.document_id).join(ArticleVersionRow, ArticleVersionRow.article_id == ArticleRow.id)
    found: set[int] = set()
    for piece in chunks(sorted(set(connection.scalars(own)))):
        found.update(connection.scalars(of_text.where(ArticleVersionRow.text_digest.in_(piece))))
    return found


def _copies(connection: Connection, document_ids: list[int]) -> set[int]:
    own = connection.scalars(select(ArticleRow.id).where(ArticleRow.document_id.in_(document_ids))).all()
    related = touching(connection, own).items()
    others = {one for pair, row in related if row.kind == RelationKind.COPY and row.score >= LEAST_SAME for one in pair}
    found: set[int] = set()
    for piece in chunks(sorted(others)):
        found.update(connection.scalars(select(ArticleRow.document_id).where(ArticleRow.id.in_(piece))))
    return found


def _merged(connection: Connection, document_ids: list[int]) -> set[int]:
    of_them = or_(DocumentMergeRow.document_id.in_(document_ids), DocumentMergeRow.into_id.in_(document_ids))
    rows = connection.execute(
        select(DocumentMergeRow.document_id, DocumentMergeRow.into_id).where(
            of_them, DocumentMergeRow.undone_at.is_(None)
        )
    )
    return {one for row in rows for one in (row.document_id, row.into_id)}
