"""Importing event entries: load what the batch may change, let `storage.revising` decide, write what changed.

Why batches: a batch is one set of look-ups and one set of multi-row inserts, whatever its size; all batches of one
call are one transaction, so memory is bounded by the batch and an import is there whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, update

from storage.protocol import EventMatcher
from storage.revising import Citation, KnownEvent, gains_raw, held_by
from storage.sql.bulk import add_numbered, add_rows
from storage.sql.chunks import chunks
from storage.sql.documents import ensure_documents
from storage.sql.event_links import link_cited
from storage.sql.known_events import load_catalogue
from storage.sql.linking_texts import put_texts
from storage.sql.models import Base, EventKeyRow, EventRevisionRow, EventRow, SourceLinkRow
from storage.sql.packing import pack_entry, unpack_entry
from storage.types import DocumentIdentity, EventEntry, ImportedEntry, LinkKind, SourceLink

_Values = dict[str, Any]


def put_events(
    connection: Connection, entries: Sequence[EventEntry], *, match: EventMatcher, now: datetime
) -> list[ImportedEntry]:
    """See `storage.protocol.Store.put_events`."""
    answers: list[ImportedEntry] = []
    held = held_by(entries)
    for batch in chunks(entries):
        digests = [entry.content_digest() for entry in batch]
        catalogue = load_catalogue(connection, batch, digests)
        catalogue.held = held
        answers += [catalogue.take(*pair, match, now) for pair in zip(batch, digests, strict=True)]
        if changed := catalogue.changed():
            _write(connection, changed, now)
        _add_raw(connection, batch, digests)
    return answers


def _add_raw(connection: Connection, batch: Sequence[EventEntry], digests: Sequence[str]) -> None:
    """Add the raw text of entries that were stored without it, by an older program or from a file that had none."""
    fresh = {(entry.key, digest): entry for entry, digest in zip(batch, digests, strict=True) if entry.raw}
    if not fresh:
        return
    latest = and_(EventRevisionRow.event_id == EventKeyRow.event_id, EventRevisionRow.number == EventKeyRow.revision)
    lacking = (
        select(EventRevisionRow.id, EventKeyRow.key, EventKeyRow.digest, EventRevisionRow.entry)
        .join(EventRevisionRow, latest)
        .where(EventKeyRow.key.in_({key for key, _ in fresh}), EventRevisionRow.raw.is_(None))
    )
    rows = [(row.id, fresh.get((row.key, row.digest)), row.entry) for row in connection.execute(lacking)]
    added = [
        {"row_id": row_id, "raw": entry.raw}
        for row_id, entry, stored in rows
        if entry is not None and gains_raw(unpack_entry(stored).origin, entry)
    ]
    _update(connection, EventRevisionRow, added)


def _write(connection: Connection, events: list[KnownEvent], now: datetime) -> None:
    _write_events(connection, events)
    key_ids = _write_keys(connection, events)
    add_rows(
        connection,
        EventRevisionRow,
        [
            {
                "event_id": event.row_id,
                "number": number,
                "key_id": key_ids[entry.key],
                "digest": digest,
                "entry": pack_entry(entry),
                "imported_at": now,
                "raw": entry.raw or None,
            }
            for event in events
            for number, entry, digest in event.revisions
        ],
    )
    _write_citations(connection, events, key_ids, now)
    put_texts(connection, events)


def _write_events(connection: Connection, events: list[KnownEvent]) -> None:
    _update(connection, EventRow, [_event_values(event) for event in events if event.row_id is not None])
    fresh = [event for event in events if event.row_id is None]
    for event, event_id in zip(fresh, _insert(connection, EventRow, map(_event_values, fresh)), strict=True):
        event.row_id = event_id


def _event_values(event: KnownEvent) -> _Values:
    entry = event.entry
    return {
        "row_id": event.row_id,
        "key": event.key,
        "event_date": entry.event_date,
        "headline": entry.headline,
        "headline_folded": entry.headline.casefold(),
        "revision": event.revision,
        "imported_at": event.imported_at,
        "revised_at": event.revised_at,
    }


def _write_keys(connection: Connection, events: list[KnownEvent]) -> dict[str, int]:
    """Write the keys under which revisions came; returns the ids of all keys of these events."""
    of_events = EventKeyRow.event_id.in_([event.row_id for event in events])
    rows = connection.execute(select(EventKeyRow.key, EventKeyRow.id).where(of_events))
    ids = {row.key: row.id for row in rows}
    values = {
        key: {"row_id": ids.get(key), **_key_values(event, key)}
        for event in events
        for key in dict.fromkeys([*(entry.key for _, entry, _ in event.revisions), *sorted(event.superseded)])
    }
    _update(connection, EventKeyRow, [row for key, row in values.items() if key in ids])
    fresh = [key for key in values if key not in ids]
    return ids | dict(zip(fresh, _insert(connection, EventKeyRow, (values[key] for key in fresh)), strict=True))


def _key_values(event: KnownEvent, key: str) -> _Values:
    known = event.keys[key]
    return {
        "key": key,
        "event_id": event.row_id,
        "digest": known.digest,
        "revision": known.revision,
        "reason": known.reason,
        "added_at": known.added_at,
    }


def _write_citations(connection: Connection, events: list[KnownEvent], key_ids: dict[str, int], now: datetime) -> None:
    touched = [(event, citation) for event in events for citation in event.citations if citation.touched]
    placed = [pair for pair in touched if pair[1].row_id is None or pair[1].withdrawn_at is None]
    identities = [identity for _, citation in placed if (identity := document_of(citation.link))]
    document_ids, _ = ensure_documents(connection, identities, now=now, due_at=now)
    values = [
        {"event_id": event.row_id, "key_id": key_ids[citation.key], **_link_values(citation, document_ids)}
        for event, citation in placed
    ]
    _insert(connection, SourceLinkRow, (row for row in values if row["row_id"] is None))
    _update(connection, SourceLinkRow, [row for row in values if row["row_id"] is not None])
    withdrawn = [citation for _, citation in touched if citation.row_id and citation.withdrawn_at is not None]
    _update(
        connection, SourceLinkRow, [{"row_id": gone.row_id, "withdrawn_at": gone.withdrawn_at} for gone in withdrawn]
    )
    link_cited(connection, document_ids.values(), now=now)


def document_of(link: SourceLink) -> DocumentIdentity | None:
    """The document to fetch for a link; images have none, even where their URL is fine."""
    return link.identity if link.kind is LinkKind.ARTICLE else None


def _link_values(citation: Citation, document_ids: dict[str, int]) -> _Values:
    identity = document_of(citation.link)
    return {
        "row_id": citation.row_id,
        "position": citation.link.position,
        "label": citation.link.label,
        "cited_url": citation.link.cited_url,
        "kind": citation.link.kind,
        "problem": citation.link.problem,
        "document_id": identity and document_ids[identity.canonical_url],
        "added_at": citation.added_at,
        "withdrawn_at": citation.withdrawn_at,
    }


def _insert(connection: Connection, table: type[Base], rows: Iterable[_Values]) -> Sequence[int]:
    """Insert rows without a ``row_id``; returns their ids in order."""
    values = [{name: value for name, value in row.items() if name != "row_id"} for row in rows]
    return add_numbered(connection, table, values)


def _update(connection: Connection, table: type[Base], rows: list[_Values]) -> None:
    """Update the rows named by ``row_id``."""
    if rows:
        connection.execute(update(table).where(table.__table__.c.id == bindparam("row_id")), rows)
