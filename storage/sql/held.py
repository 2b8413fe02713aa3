"""Held files: what somebody else's WARC, ARC and WACZ files have, and which URL keys are wanted from them.

Why records are spooled before the transaction begins: they come out of a file of gigabytes as fast as it is read, and
nobody else could write meanwhile. A spool on disk is as small as memory needs and as safe as all-or-nothing demands.

Why wanted keys are one query that streams: there is no index on them (URLs can be longer than PostgreSQL can index), so
page by page would sort all documents for every page. Sorted once, a few million keys take seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from storage.sql.bulk import add_rows
from storage.sql.chunks import chunks
from storage.sql.columns import short_digest
from storage.sql.models import DocumentRow, HeldFileRow, HeldRecordRow, HostRow
from storage.sql.queueing import has_full_text
from storage.sql.rows import NOT_TAKEN_DOWN
from storage.sql.selecting import Reading, is_role
from storage.types import DocumentRole, HeldFile, HeldRecord
from storage.wanting import MOST_RECORDS

_STREAMED = 1_000
_FIELDS = (
    "url_key",
    "captured_at",
    "member",
    "record_offset",
    "record_length",
    "url",
    "status",
    "media_type",
    "digest",
    "refers_to",
    "revisit",
)
_Values = dict[str, Any]


# -- writing ---------------------------------------------------------------------------------------------------------


def put_file(
    write: Callable[[], AbstractContextManager[Connection]], file: HeldFile, records: Iterable[HeldRecord]
) -> HeldFile:
    """See `storage.protocol.Store.put_held_file`."""
    with _spooled(records) as spool, write() as connection:
        file_id = _emptied(connection, file)
        count = sum(_insert(connection, file_id, piece) for piece in chunks(map(_unpacked, spool)))
        connection.execute(
            update(HeldFileRow).where(HeldFileRow.id == file_id), {**_file_values(file), "records": count}
        )
        return _file(connection.execute(select(*HeldFileRow.__table__.columns).where(HeldFileRow.id == file_id)).one())


@contextmanager
def _spooled(records: Iterable[HeldRecord]) -> Iterator[IO[str]]:
    """All records as lines of a file without a name, to be read from its beginning."""
    with TemporaryFile("w+", encoding="ascii") as spool:
        spool.writelines(f"{json.dumps(_packed(one))}\n" for one in records)
        spool.seek(0)
        yield spool


def _packed(record: HeldRecord) -> list[Any]:
    """The values of `_FIELDS`; JSON escapes whatever is not ASCII, also what no encoding can write."""
    return [
        record.url_key,
        record.captured_at.isoformat(),
        record.member,
        record.offset,
        record.length,
        record.url,
        record.status,
        record.media_type,
        record.digest,
        record.refers_to,
        record.revisit,
    ]


def _unpacked(line: str) -> _Values:
    values = dict(zip(_FIELDS, json.loads(line), strict=True))
    moment = datetime.fromisoformat(values["captured_at"]).astimezone(UTC)
    return {**values, "captured_at": moment, "key_digest": short_digest(values["url_key"])}


def _insert(connection: Connection, file_id: int, piece: list[_Values]) -> int:
    add_rows(connection, HeldRecordRow, [{"file_id": file_id, **values} for values in piece])
    return len(piece)


def _emptied(connection: Connection, file: HeldFile) -> int:
    """Id of the file's row, made where it is unknown, with no records."""
    known = _known(connection, file.path)
    if known is not None:
        connection.execute(delete(HeldRecordRow).where(HeldRecordRow.file_id == known))
        return known
    fresh = insert(HeldFileRow).returning(HeldFileRow.id)
    return connection.scalars(fresh, {"path_digest": short_digest(file.path), **_file_values(file)}).one()


def _known(connection: Connection, path: str) -> int | None:
    return connection.scalar(select(HeldFileRow.id).where(HeldFileRow.path_digest == short_digest(path)))


def forget_file(connection: Connection, path: str) -> bool:
    """See `storage.protocol.Store.forget_held_file`."""
    known = _known(connection, path)
    if known is None:
        return False
    connection.execute(delete(HeldRecordRow).where(HeldRecordRow.file_id == known))
    connection.execute(delete(HeldFileRow).where(HeldFileRow.id == known))
    return True


# -- reading ---------------------------------------------------------------------------------------------------------


def files(connection: Connection) -> list[HeldFile]:
    """See `storage.protocol.Store.held_files`."""
    rows = connection.execute(select(*HeldFileRow.__table__.columns).order_by(HeldFileRow.path))
    return [_file(row) for row in rows]


def records(
    connection: Connection, url_key: str, *, since: datetime | None, until: datetime | None
) -> list[HeldRecord]:
    """See `storage.protocol.Store.held_records`."""
    found = (
        select(*HeldRecordRow.__table__.columns, HeldFileRow.path)
        .join(HeldFileRow, HeldFileRow.id == HeldRecordRow.file_id)
        .where(HeldRecordRow.key_digest == short_digest(url_key))
        .order_by(HeldRecordRow.captured_at, HeldRecordRow.id)
        .limit(MOST_RECORDS)
    )
    if since is not None:
        found = found.where(HeldRecordRow.captured_at >= since)
    if until is not None:
        found = found.where(HeldRecordRow.captured_at <= until)
    return [_record(row) for row in connection.execute(found)]


def wanted_keys(read: Reading) -> Iterator[str]:
    """See `storage.protocol.Store.wanted_keys`."""
    wanted = select(DocumentRow.url_key).join(HostRow, HostRow.id == DocumentRow.host_id)
    wanted = wanted.where(~has_full_text(), is_role(DocumentRole.SOURCE)).distinct()
    wanted = wanted.where(NOT_TAKEN_DOWN)
    with read() as connection:
        yield from connection.scalars(wanted.order_by(DocumentRow.url_key), execution_options={"yield_per": _STREAMED})


def _file_values(file: HeldFile) -> _Values:
    return {
        "path": file.path,
        "size": file.size,
        "modified_ns": file.modified_ns,
        "kind": file.kind,
        "indexed_at": file.indexed_at,
        "records": file.records,
        "wanted_only": file.wanted_only,
        "problems": list(file.problems),
    }


def _file(row: Row[Any]) -> HeldFile:
    return HeldFile(
        id=row.id,
        path=row.path,
        size=row.size,
        modified_ns=row.modified_ns,
        kind=row.kind,
        indexed_at=row.indexed_at,
        records=row.records,
        wanted_only=row.wanted_only,
        problems=tuple(row.problems),
    )


def _record(row: Row[*tuple[Any, ...]]) -> HeldRecord:
    return HeldRecord(
        path=row.path,
        member=row.member,
        offset=row.record_offset,
        length=row.record_length,
        url=row.url,
        url_key=row.url_key,
        captured_at=row.captured_at,
        status=row.status,
        media_type=row.media_type,
        digest=row.digest,
        refers_to=row.refers_to,
        revisit=row.revisit,
    )
