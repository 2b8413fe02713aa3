"""Linking articles to the events whose entries cite their documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Text, and_, bindparam, cast, func, insert, literal, select

from storage.sql.chunks import chunks
from storage.sql.columns import UtcDateTime
from storage.sql.models import ArticleRow, EventLinkRow, SourceLinkRow

CITATION = "citation"


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


def link_cited(connection: Connection, document_ids: Iterable[int], *, now: datetime) -> int:
    """Link every article of these documents to every event that cites it at present; returns how many are new."""
    pieces = chunks(sorted(set(document_ids)))
    return sum(connection.execute(_LINK, {"documents": piece, "now": now}).rowcount for piece in pieces)
