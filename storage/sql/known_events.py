"""Loading the events that a batch of entries may change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, select

from storage.revising import Catalogue, Citation, KnownEvent, KnownKey
from storage.sql.chunks import chunks
from storage.sql.models import DocumentRow, EventKeyRow, EventRevisionRow, EventRow, SourceLinkRow
from storage.sql.packing import unpack_entry
from storage.types import DocumentIdentity, EventEntry, LinkKind, SourceLink


def load_catalogue(connection: Connection, batch: Sequence[EventEntry], digests: Sequence[str]) -> Catalogue:
    """Events that the batch may change: those whose digest differs, and those of the days of unknown keys."""
    said = list(zip((entry.key for entry in batch), digests, strict=True))
    statement = (
        select(EventKeyRow.key, EventKeyRow.digest, EventKeyRow.event_id, EventRow.key.label("own"))
        .join(EventRow, EventRow.id == EventKeyRow.event_id)
        .where(EventKeyRow.key.in_({key for key, _ in said}))
    )
    known = {row.key: row for row in connection.execute(statement)}
    wanted = {known[key].event_id for key, digest in said if key in known and known[key].digest != digest}
    days = {entry.event_date for entry in batch if entry.key not in known}
    wanted.update(_events_of(connection, days))
    unchanged = {key: (row.digest, row.own) for key, row in known.items() if row.event_id not in wanted}
    return Catalogue(_events(connection, wanted), unchanged)


def _events_of(connection: Connection, days: Collection[date]) -> Sequence[int]:
    return connection.scalars(select(EventRow.id).where(EventRow.event_date.in_(days))).all() if days else ()


def _events(connection: Connection, event_ids: Collection[int]) -> list[KnownEvent]:
    if not event_ids:
        return []
    events: dict[int, KnownEvent] = {}
    for piece in chunks(sorted(event_ids)):
        rows = connection.execute(select(*EventRow.__table__.columns).where(EventRow.id.in_(piece)))
        loaded = {row.id: _known_event(row) for row in rows}
        _load_keys(connection, loaded)
        _load_citations(connection, loaded)
        events |= loaded
    return list(events.values())


def _known_event(row: Any) -> KnownEvent:  # noqa: ANN401 -- rows are untyped
    return KnownEvent(
        key=row.key, imported_at=row.imported_at, revised_at=row.revised_at, revision=row.revision, row_id=row.id
    )


def _load_keys(connection: Connection, events: dict[int, KnownEvent]) -> None:
    latest = and_(EventRevisionRow.event_id == EventKeyRow.event_id, EventRevisionRow.number == EventKeyRow.revision)
    rows = connection.execute(
        select(*EventKeyRow.__table__.columns, EventRevisionRow.entry)
        .join(EventRevisionRow, latest)
        .where(EventKeyRow.event_id.in_(events))
        .order_by(EventKeyRow.id)
    )
    for row in rows:
        event = events[row.event_id]
        event.keys[row.key] = KnownKey(
            entry=unpack_entry(row.entry),
            digest=row.digest,
            revision=row.revision,
            reason=row.reason,
            added_at=row.added_at,
        )
        if row.revision == event.revision:
            event.latest = row.key


def _load_citations(connection: Connection, events: dict[int, KnownEvent]) -> None:
    statement = (
        select(
            *SourceLinkRow.__table__.columns,
            EventKeyRow.key,
            DocumentRow.canonical_url,
        )
        .join(EventKeyRow, EventKeyRow.id == SourceLinkRow.key_id)
        .outerjoin(DocumentRow, DocumentRow.id == SourceLinkRow.document_id)
        .where(SourceLinkRow.event_id.in_(events))
        .order_by(SourceLinkRow.id)
    )
    for row in connection.execute(statement):
        events[row.event_id].citations.append(
            Citation(
                key=row.key,
                link=_stored_link(row),
                added_at=row.added_at,
                withdrawn_at=row.withdrawn_at,
                row_id=row.id,
                touched=False,
            )
        )


def _stored_link(row: Any) -> SourceLink:  # noqa: ANN401 -- rows are untyped
    """A link as far as comparing needs it: of its document only the canonical URL is known."""
    identity = row.canonical_url and DocumentIdentity(
        canonical_url=row.canonical_url, request_url="", url_key="", host=""
    )
    return SourceLink(
        position=row.position,
        label=row.label,
        cited_url=row.cited_url,
        kind=LinkKind(row.kind),
        identity=identity or None,
        problem=row.problem,
    )
