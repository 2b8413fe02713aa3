"""Counting what the library holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, select

from storage.sql.backfills import by_state
from storage.sql.lead_images import by_outcome as lead_images_by_outcome
from storage.sql.linking import by_state as links_by_state
from storage.sql.linking_texts import IS_WAITING
from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    AttemptRow,
    Base,
    CaptureRow,
    ClusterRow,
    DocumentMergeRow,
    DocumentRow,
    EventRow,
    HostRow,
    SourceLinkRow,
)
from storage.sql.selecting import is_role
from storage.sql.thinning import thinned_in_all
from storage.types import CaptureKind, DocumentRole, LibraryStatus, LinkKind


def status(connection: Connection, *, now: datetime) -> LibraryStatus:
    """See `storage.protocol.Store.status`."""
    present = SourceLinkRow.withdrawn_at.is_(None)
    articles_only = SourceLinkRow.kind == LinkKind.ARTICLE
    by_outcome = _by_outcome(connection)
    is_source = is_role(DocumentRole.SOURCE)
    documents = _count(connection, DocumentRow, is_source)
    return LibraryStatus(
        events=_count(connection, EventRow),
        source_links=_count(connection, SourceLinkRow, present),
        documents=documents,
        untried=documents - sum(by_outcome.values()),
        due=_count(connection, DocumentRow, DocumentRow.next_fetch_at <= now, is_source, *_may_be_fetched()),
        leased=_leased(connection, now),
        by_outcome=by_outcome,
        attempts=_count(connection, AttemptRow) + thinned_in_all(connection),
        captures=_count(connection, CaptureRow),
        articles=_count(connection, ArticleRow),
        versions=_count(connection, ArticleVersionRow),
        clusters=_count(connection, ClusterRow, ClusterRow.merged_into.is_(None)),
        unreachable_links=_count(
            connection, SourceLinkRow, present, articles_only, SourceLinkRow.document_id.is_(None)
        ),
        image_links=_count(connection, SourceLinkRow, present, SourceLinkRow.kind == LinkKind.IMAGE),
        paused_hosts=_count(connection, HostRow, HostRow.paused_at.is_not(None)),
        resting_hosts=_count(connection, HostRow, HostRow.not_before > now),
        backfills=by_state(connection),
        mementos=_count(connection, CaptureRow, CaptureRow.kind == CaptureKind.MEMENTO),
        lead_images=lead_images_by_outcome(connection),
        links=links_by_state(connection),
        uncompared=_count(connection, ArticleRow, literal_column("articles.compare_pending")),
        unlinked=_count(connection, ArticleRow, IS_WAITING),
        merged=_count(connection, DocumentMergeRow, DocumentMergeRow.undone_at.is_(None)),
    )


def _count(connection: Connection, table: type[Base], *which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(*which)) or 0


def _may_be_fetched() -> tuple[ColumnElement[bool], ...]:
    """That nobody took the document or its host down."""
    kept_away = select(HostRow.id).where(HostRow.takedown_id.is_not(None))
    return DocumentRow.takedown_id.is_(None), DocumentRow.host_id.not_in(kept_away)


def _by_outcome(connection: Connection) -> dict[str, int]:
    tried = (DocumentRow.last_outcome.is_not(None), is_role(DocumentRole.SOURCE))
    statement = select(DocumentRow.last_outcome, func.count()).where(*tried)
    rows = connection.execute(statement.group_by(DocumentRow.last_outcome).order_by(DocumentRow.last_outcome))
    return {outcome: count for outcome, count in rows if outcome is not None}


def _leased(connection: Connection, now: datetime) -> int:
    held = and_(HostRow.id == DocumentRow.host_id, HostRow.lease_until > now)
    statement = select(func.count()).select_from(DocumentRow).join(HostRow, held)
    return connection.scalar(statement.where(DocumentRow.lease_token.is_not(None))) or 0


def row_counts(connection: Connection, tables: list[str]) -> dict[str, int]:
    """Number of rows of each of these tables."""
    counts: dict[str, Any] = {}
    for name in tables:
        counts[name] = connection.scalar(select(func.count()).select_from(Base.metadata.tables[name]))
    return counts
