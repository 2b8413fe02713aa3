"""Where the searches in archives stand, one row per document and archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from storage.sql.chunks import chunks
from storage.sql.columns import storable
from storage.sql.models import ArchiveSearchRow
from storage.types import ArchiveSearch, SearchState


def put_search(connection: Connection, search: ArchiveSearch) -> None:
    """See `storage.protocol.Store.put_search`."""
    values = {
        "state": search.state,
        "asked_at": search.asked_at,
        "next_at": search.next_at,
        "since": search.since,
        "until": search.until,
        "candidates": search.candidates,
        "tried": list(search.tried),
        "failures": search.failures,
        "detail": search.detail,
    }
    own = and_(ArchiveSearchRow.document_id == search.document_id, ArchiveSearchRow.archive == storable(search.archive))
    if not connection.execute(update(ArchiveSearchRow).where(own), values).rowcount:
        place = {"document_id": search.document_id, "archive": search.archive}
        connection.execute(insert(ArchiveSearchRow), {**place, **values})


def searches(connection: Connection, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSearch, ...]]:
    """See `storage.protocol.Store.searches`."""
    found: defaultdict[int, list[ArchiveSearch]] = defaultdict(list)
    for piece in chunks(sorted(set(document_ids))):
        own = select(*ArchiveSearchRow.__table__.columns).where(ArchiveSearchRow.document_id.in_(piece))
        ordered = own.order_by(ArchiveSearchRow.document_id, ArchiveSearchRow.asked_at, ArchiveSearchRow.archive)
        for row in connection.execute(ordered):
            found[row.document_id].append(_search(row))
    return {document_id: tuple(own) for document_id, own in found.items()}


def _search(row: Row[Any]) -> ArchiveSearch:
    return ArchiveSearch(
        document_id=row.document_id,
        archive=row.archive,
        state=SearchState(row.state),
        asked_at=row.asked_at,
        next_at=row.next_at,
        since=row.since,
        until=row.until,
        candidates=row.candidates,
        tried=tuple(row.tried),
        failures=row.failures,
        detail=row.detail,
    )
