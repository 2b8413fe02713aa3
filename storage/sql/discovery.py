"""Feeds and what they named, as they are read; `storage.sql.feeds` writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, literal, select, update
from sqlalchemy.orm import aliased

from storage.errors import DocumentNotFound
from storage.sql.chunks import CHUNK, chunks
from storage.sql.models import DiscoveryRow, DocumentRow, FeedRow
from storage.sql.rows import document, documents
from storage.sql.selecting import Reading, is_role
from storage.types import Discovery, DiscoveryStatus, DocumentRole, Feed, FeedKind

_UNTRIED = "untried"
_FEED = aliased(DocumentRow)
_OWN = ("kind", "found_by", "title", "added_at", "interval_s", "polls", "entries", "found", "last_found_at", "problem")


def feeds(read: Reading) -> Iterator[Feed]:
    """See `storage.discovery_store.DiscoveryStore.feeds`: page by page."""
    after = 0
    while True:
        with read() as connection:
            page = _feeds().where(DocumentRow.id > after).order_by(DocumentRow.id).limit(CHUNK)
            rows = connection.execute(page).all()
        yield from map(_feed, rows)
        if len(rows) < CHUNK:
            return
        after = rows[-1].id


def _feeds() -> Select[Any]:
    own = [getattr(FeedRow, name).label(f"feed_{name}") for name in (*_OWN, "enabled")]
    polled = documents().join(FeedRow, FeedRow.document_id == DocumentRow.id).add_columns(*own)
    return polled.where(is_role(DocumentRole.FEED))


def _feed(row: Row[Any]) -> Feed:
    return Feed(
        document=document(row),
        kind=FeedKind(row.feed_kind),
        found_by=row.feed_found_by,
        title=row.feed_title,
        added_at=row.feed_added_at,
        interval=None if row.feed_interval_s is None else timedelta(seconds=row.feed_interval_s),
        polls=row.feed_polls,
        entries=row.feed_entries,
        found=row.feed_found,
        last_found_at=row.feed_last_found_at,
        problem=row.feed_problem,
        enabled=row.feed_enabled,
    )


def enable_feed(connection: Connection, document_id: int, *, enabled: bool, now: datetime) -> Feed:
    """See `storage.discovery_store.DiscoveryStore.enable_feed`."""
    wanted = _feeds().where(DocumentRow.id == document_id)
    if connection.execute(wanted).first() is None:
        raise DocumentNotFound(f"feed {document_id}")
    connection.execute(update(FeedRow).where(FeedRow.document_id == document_id), {"enabled": enabled})
    due = {"next_fetch_at": now if enabled else None}
    connection.execute(update(DocumentRow).where(DocumentRow.id == document_id), due)
    return _feed(connection.execute(wanted).one())


def status(connection: Connection) -> DiscoveryStatus:
    """See `storage.discovery_store.DiscoveryStore.discovery_status`."""
    feeds = select(FeedRow.kind, func.count()).join(DocumentRow, DocumentRow.id == FeedRow.document_id)
    kinds = feeds.where(is_role(DocumentRole.FEED)).group_by(FeedRow.kind).order_by(FeedRow.kind)
    latest = func.coalesce(DocumentRow.last_outcome, literal(_UNTRIED)).label("latest")
    found = select(latest, func.count()).where(DocumentRow.id.in_(select(DiscoveryRow.document_id)))
    outcomes = found.group_by(latest).order_by(latest)
    return DiscoveryStatus(
        feeds={kind: count for kind, count in connection.execute(kinds)},  # noqa: C416 -- rows are no pairs
        found={outcome: count for outcome, count in connection.execute(outcomes)},  # noqa: C416 -- likewise
    )


def discoveries(connection: Connection, document_ids: Iterable[int]) -> dict[int, tuple[Discovery, ...]]:
    """For each of these documents that a feed named first, that it did; by time, then feed."""
    found: defaultdict[int, list[Discovery]] = defaultdict(list)
    named: Select[Any] = select(*DiscoveryRow.__table__.columns, _FEED.canonical_url.label("feed_url"))
    named = named.join(_FEED, _FEED.id == DiscoveryRow.feed_id)
    for piece in chunks(sorted(set(document_ids))):
        of_piece = named.where(DiscoveryRow.document_id.in_(piece))
        for row in connection.execute(of_piece.order_by(DiscoveryRow.found_at, DiscoveryRow.feed_id)):
            found[row.document_id].append(_discovery(row))
    return {document_id: tuple(one) for document_id, one in found.items()}


def _discovery(row: Row[Any]) -> Discovery:
    return Discovery(
        feed_id=row.feed_id,
        feed_url=row.feed_url,
        found_at=row.found_at,
        title=row.title,
        published_at=row.published_at,
    )
