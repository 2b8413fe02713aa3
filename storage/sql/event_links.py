"""Citations: which events cite a document, and the links from those events to its article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Text, and_, bindparam, cast, func, insert, literal, select

from storage.sql.chunks import chunks
from storage.sql.columns import UtcDateTime
from storage.sql.models import ArticleRow, EventLinkRow, EventRow, SourceLinkRow
from storage.types import Citation

CITATION = "citation"

MOST_CITATIONS = 5
"""Citations of one document that are told: enough to know what its page should be about."""


_KNOWN = and_(
    EventLinkRow.event_id == SourceLinkRow.event_id,
    EventLinkRow.article_id == ArticleRow.id,
    EventLinkRow.how == CITATION,
)
_CITED = (
    select(
        SourceLinkRow.event_id,
        ArticleRow.id,
        literal(CITATION),
        literal(1.0),
        literal("the entry cites it as source link ") + cast(func.min(SourceLinkRow.position), Text),
        bindparam("now", type_=UtcDateTime()),
    )
    .join(ArticleRow, ArticleRow.document_id == SourceLinkRow.document_id)
    .where(SourceLinkRow.document_id.in_(bindparam("documents", expanding=True)))
    .where(SourceLinkRow.withdrawn_at.is_(None), ~select(EventLinkRow.event_id).where(_KNOWN).exists())
    .group_by(SourceLinkRow.event_id, ArticleRow.id)
)
_LINK = (
    insert(EventLinkRow)
    .from_select(["event_id", "article_id", "how", "score", "evidence", "linked_at"], _CITED)
    .execution_options(preserve_rowcount=True)
)


_OF_EVENT = (SourceLinkRow.document_id, SourceLinkRow.event_id)
_RANKED = (
    select(
        SourceLinkRow.document_id,
        SourceLinkRow.label,
        EventRow.key,
        EventRow.event_date,
        EventRow.headline,
        func.row_number()
        .over(partition_by=_OF_EVENT, order_by=(SourceLinkRow.position, SourceLinkRow.id))
        .label("link"),
        func.dense_rank().over(partition_by=SourceLinkRow.document_id, order_by=EventRow.key).label("event"),
    )
    .join(EventRow, EventRow.id == SourceLinkRow.event_id)
    .where(SourceLinkRow.document_id.in_(bindparam("documents", expanding=True)))
    .where(SourceLinkRow.withdrawn_at.is_(None))
    .subquery()
)
_CITING = (
    select(_RANKED)
    .where(_RANKED.c.link == 1, _RANKED.c.event <= MOST_CITATIONS)
    .order_by(_RANKED.c.document_id, _RANKED.c.event)
)


def link_cited(connection: Connection, document_ids: Iterable[int], *, now: datetime) -> int:
    """Link every article of these documents to every event that cites it at present; returns how many are new."""
    pieces = chunks(sorted(set(document_ids)))
    return sum(connection.execute(_LINK, {"documents": piece, "now": now}).rowcount for piece in pieces)


def citations(connection: Connection, document_ids: Iterable[int]) -> dict[int, tuple[Citation, ...]]:
    """See `storage.protocol.Store.citations`."""
    found: defaultdict[int, list[Citation]] = defaultdict(list)
    for piece in chunks(sorted(set(document_ids))):
        for row in connection.execute(_CITING, {"documents": piece}):
            citation = Citation(event_key=row.key, event_date=row.event_date, headline=row.headline, label=row.label)
            found[row.document_id].append(citation)
    return {document_id: tuple(cited) for document_id, cited in found.items()}
