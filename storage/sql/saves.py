"""What archives were asked to save, one row per document and archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update

from storage.sql.chunks import chunks
from storage.sql.columns import storable
from storage.sql.models import ArchiveSaveRow
from storage.types import ArchiveSave, SavingState


def claim_save(connection: Connection, save: ArchiveSave) -> bool:
    """See `storage.protocol.Store.claim_save`; writers are serialised, so nobody claims it in between."""
    known = connection.execute(select(ArchiveSaveRow.next_at).where(_is(save))).first()
    if known is not None and (known.next_at is None or known.next_at > save.asked_at):
        return False
    put_save(connection, save)
    return True


def put_save(connection: Connection, save: ArchiveSave) -> None:
    """See `storage.protocol.Store.put_save`."""
    values = {
        "state": save.state,
        "asked_at": save.asked_at,
        "next_at": save.next_at,
        "job": save.job,
        "url": save.url,
        "captured_at": save.captured_at,
        "detail": save.detail,
    }
    if not connection.execute(update(ArchiveSaveRow).where(_is(save)), values).rowcount:
        place = {"document_id": save.document_id, "archive": save.archive}
        connection.execute(insert(ArchiveSaveRow), {**place, **values})


def saves(connection: Connection, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSave, ...]]:
    """See `storage.protocol.Store.saves`."""
    found: defaultdict[int, list[ArchiveSave]] = defaultdict(list)
    for piece in chunks(sorted(set(document_ids))):
        own = select(*ArchiveSaveRow.__table__.columns).where(ArchiveSaveRow.document_id.in_(piece))
        ordered = own.order_by(ArchiveSaveRow.document_id, ArchiveSaveRow.asked_at, ArchiveSaveRow.archive)
        for row in connection.execute(ordered):
            found[row.document_id].append(_save(row))
    return {document_id: tuple(own) for document_id, own in found.items()}


def _is(save: ArchiveSave) -> ColumnElement[bool]:
    return and_(ArchiveSaveRow.document_id == save.document_id, ArchiveSaveRow.archive == storable(save.archive))


def _save(row: Row[Any]) -> ArchiveSave:
    return ArchiveSave(
        document_id=row.document_id,
        archive=row.archive,
        state=SavingState(row.state),
        asked_at=row.asked_at,
        next_at=row.next_at,
        job=row.job,
        url=row.url,
        captured_at=row.captured_at,
        detail=row.detail,
    )
