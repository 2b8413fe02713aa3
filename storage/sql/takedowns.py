"""Takedowns: the record of what was removed, the tombstones, and the stretches of files that are to be overwritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, or_, select, update

from storage.errors import TakedownNotFound
from storage.sql.chunks import chunks
from storage.sql.documents import ensure_hosts, refresh_due
from storage.sql.models import CaptureRow, DocumentRow, HostRow, RemovalRow, TakedownRow
from storage.sql.rows import HAS_RECORD, url_digest
from storage.sql.selecting import is_role
from storage.types import Capture, DocumentRole, Removal, Takedown, TakedownKind

_STANDS: tuple[ColumnElement[bool], ...] = (TakedownRow.lifted_at.is_(None), TakedownRow.kind != TakedownKind.RAW)
_ALL = select(*TakedownRow.__table__.columns)
_ROW_BEFORE = (
    select(CaptureRow.record_offset + CaptureRow.record_length)
    .where(CaptureRow.file == bindparam("name"), CaptureRow.record_offset < bindparam("offset"))
    .order_by(CaptureRow.record_offset.desc())
    .limit(1)
)
# A stretch begins where the records before the one that it is about begin, so that one may begin at the offset.
_NOTED_BEFORE = (
    select(RemovalRow.record_offset + RemovalRow.length)
    .where(RemovalRow.file == bindparam("name"), RemovalRow.record_offset <= bindparam("offset"))
    .order_by(RemovalRow.record_offset.desc())
    .limit(1)
)
_PURGE = ""
"""Name of the file of a removal that stands for the database itself."""


# -- takedowns -------------------------------------------------------------------------------------------------------


def put(connection: Connection, takedown: Takedown) -> int:
    """Id of a takedown's row: the one that it names, the tombstone that stands already, or a new one."""
    if takedown.id is not None:
        return takedown.id
    if takedown.kind is not TakedownKind.RAW:
        known = select(TakedownRow.id).where(*_STANDS, *_of(takedown.kind, takedown.subject))
        if (standing := connection.scalar(known)) is not None:
            return standing
    values = {
        "kind": takedown.kind,
        "subject": takedown.subject,
        "reason": takedown.reason,
        "who": takedown.who,
        "made_at": takedown.made_at,
        "removed": dict(takedown.removed),
        "lifted_by": "",
    }
    return connection.scalars(insert(TakedownRow).returning(TakedownRow.id), values).one()


def _of(kind: TakedownKind, subject: str) -> tuple[ColumnElement[bool], ...]:
    return TakedownRow.kind == kind, TakedownRow.subject == subject


def add_removed(connection: Connection, takedown_id: int, removed: Mapping[str, int]) -> Takedown:
    """Count what went by one more call."""
    own = TakedownRow.id == takedown_id
    counts = Counter(connection.scalars(select(TakedownRow.removed).where(own)).one())
    counts.update(removed)
    connection.execute(update(TakedownRow).where(own), {"removed": dict(counts)})
    return _takedown(connection.execute(_ALL.where(own)).one())


def takedowns(connection: Connection, *, standing_only: bool) -> list[Takedown]:
    """See `storage.upkeep_store.UpkeepStore.takedowns`."""
    wanted = _ALL.where(*_STANDS) if standing_only else _ALL
    return [_takedown(row) for row in connection.execute(wanted.order_by(TakedownRow.id.desc()))]


def takedown_of(connection: Connection, canonical_url: str, host: str) -> Takedown | None:
    """See `storage.upkeep_store.UpkeepStore.takedown_of`."""
    own = select(DocumentRow.takedown_id).where(DocumentRow.url_digest == url_digest(canonical_url))
    of_host = select(HostRow.takedown_id).where(HostRow.name == host)
    found = connection.scalar(own) or connection.scalar(of_host)
    return None if found is None else stored_takedown(connection, found)


def stored_takedown(connection: Connection, takedown_id: int) -> Takedown:
    """One that is known to be there."""
    return _takedown(connection.execute(_ALL.where(TakedownRow.id == takedown_id)).one())


def holds_bytes(connection: Connection, revisit: Capture) -> bool:
    """Whether the record that a revisit rests on is there."""
    holder = (CaptureRow.payload_digest == revisit.payload_digest, CaptureRow.record_id == revisit.revisit_of)
    return connection.execute(select(CaptureRow.id).where(*holder, HAS_RECORD).limit(1)).first() is not None


def removed_since(connection: Connection, moment: datetime) -> bool:
    """Whether anything was taken down since then."""
    return (connection.scalar(select(func.max(TakedownRow.made_at))) or moment) > moment


def keep_away(connection: Connection, takedown: Takedown, takedown_id: int, document_ids: Iterable[int]) -> None:
    """Write the tombstone on the host, or on the documents; of a host's also on those of other hosts (images)."""
    host_id = None
    if takedown.kind is TakedownKind.HOST:
        host_id = next(iter(ensure_hosts(connection, [takedown.subject], None).values()))
        connection.execute(update(HostRow).where(HostRow.id == host_id), {"takedown_id": takedown_id})
    for piece in chunks(document_ids):
        own = update(DocumentRow).where(DocumentRow.id.in_(piece))
        others = own if host_id is None else own.where(DocumentRow.host_id != host_id)
        connection.execute(others, {"takedown_id": takedown_id})


def lift(connection: Connection, kind: TakedownKind, subject: str, *, now: datetime, who: str) -> Takedown:
    """See `storage.upkeep_store.UpkeepStore.lift_takedown`."""
    row = connection.execute(_ALL.where(*_STANDS, *_of(kind, subject))).first()
    if row is None:
        raise TakedownNotFound(subject)
    connection.execute(update(TakedownRow).where(TakedownRow.id == row.id), {"lifted_at": now, "lifted_by": who})
    held_host = select(HostRow.id).where(HostRow.takedown_id == row.id)
    kept = or_(DocumentRow.takedown_id == row.id, DocumentRow.host_id.in_(held_host))
    hosts = set(connection.scalars(select(DocumentRow.host_id).where(kept).distinct()))
    wanted = (kept, or_(DocumentRow.takedown_id.is_(None), DocumentRow.takedown_id == row.id))
    again = (*wanted, ~is_role(DocumentRole.LEAD_IMAGE))
    connection.execute(update(DocumentRow).where(*again), {"next_fetch_at": now})
    connection.execute(update(DocumentRow).where(DocumentRow.takedown_id == row.id), {"takedown_id": None})
    connection.execute(update(HostRow).where(HostRow.takedown_id == row.id), {"takedown_id": None})
    refresh_due(connection, hosts)
    return _takedown(connection.execute(_ALL.where(TakedownRow.id == row.id)).one())


def _takedown(row: Row[Any]) -> Takedown:
    return Takedown(
        id=row.id,
        kind=TakedownKind(row.kind),
        subject=row.subject,
        reason=row.reason,
        who=row.who,
        made_at=row.made_at,
        removed=row.removed,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
    )


# -- stretches -------------------------------------------------------------------------------------------------------


def stretches(connection: Connection, places: Sequence[tuple[str, int, int]], takedown_id: int) -> list[Removal]:
    """For each record (file, offset, length) the stretch that goes with it: from the end of what stands before it.

    What stands before it is a record that has a row, or one that is to be overwritten. One that a stretch covers
    already is left out.
    """
    found = []
    for file, offset, length in places:
        begins = _end_before(connection, file, offset)
        if begins <= offset:
            found.append(Removal(file=file, offset=begins, length=offset + length - begins, takedown_id=takedown_id))
    return found


def _end_before(connection: Connection, file: str, offset: int) -> int:
    """Where the last thing that begins before an offset ends."""
    given = {"name": file, "offset": offset}
    return max(connection.scalar(_ROW_BEFORE, given) or 0, connection.scalar(_NOTED_BEFORE, given) or 0)


def note(connection: Connection, found: Iterable[Removal]) -> None:
    """Write down stretches that are to be overwritten."""
    rows = [
        {"file": one.file, "record_offset": one.offset, "length": one.length, "takedown_id": one.takedown_id}
        for one in found
    ]
    for piece in chunks(rows):
        connection.execute(insert(RemovalRow), piece)


def note_lost(connection: Connection, places: Iterable[tuple[str, int, int]], takedown_id: int) -> None:
    """Write down records (file, offset, length) that were written and get no row, one after the other."""
    for place in places:
        note(connection, stretches(connection, [place], takedown_id))


def removals(connection: Connection) -> list[Removal]:
    """See `storage.upkeep_store.UpkeepStore.removals`."""
    listed = select(*RemovalRow.__table__.columns).where(RemovalRow.file != _PURGE)
    rows = connection.execute(listed.order_by(RemovalRow.file, RemovalRow.record_offset))
    return [
        Removal(file=row.file, offset=row.record_offset, length=row.length, takedown_id=row.takedown_id) for row in rows
    ]


def end(connection: Connection, done: Sequence[Removal]) -> None:
    """Strike off stretches that are overwritten."""
    for one in done:
        own = (RemovalRow.file == one.file, RemovalRow.record_offset == one.offset, RemovalRow.length == one.length)
        connection.execute(delete(RemovalRow).where(*own))


def noted_end(connection: Connection, file: str) -> int:
    """End of the last stretch of a file that is still to be overwritten; 0 where there is none."""
    ends = select(func.max(RemovalRow.record_offset + RemovalRow.length)).where(RemovalRow.file == file)
    return connection.scalar(ends) or 0


# -- the database itself ---------------------------------------------------------------------------------------------


def note_purge(connection: Connection, takedown_id: int) -> None:
    """Write down that the database holds removed rows beside its tables."""
    known = (RemovalRow.file == _PURGE, RemovalRow.record_offset == takedown_id)
    if connection.scalar(select(RemovalRow.takedown_id).where(*known)) is None:
        values = {"file": _PURGE, "record_offset": takedown_id, "length": 0, "takedown_id": takedown_id}
        connection.execute(insert(RemovalRow), values)


def only_purge_left(connection: Connection) -> bool:
    """Whether the database itself is the last thing to be cleared."""
    files = set(connection.scalars(select(RemovalRow.file).distinct().limit(2)))
    return files == {_PURGE}


def end_purge(connection: Connection) -> None:
    """Strike that off."""
    connection.execute(delete(RemovalRow).where(RemovalRow.file == _PURGE))
