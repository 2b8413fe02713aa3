"""The section on files of the store on SQLAlchemy."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from storage.sql import engine as engines
from storage.sql import runs
from storage.sql.chunks import CHUNK, chunks
from storage.sql.connected import Connected
from storage.sql.models import CaptureRow, RemovalRow, StoredFileRow
from storage.types import Run, StoredFile
from storage.types.captures import REMOVED

_FILE_LOCK = 0x6461_7465
"""First key of the advisory locks on single files ("date" in ASCII); the second is made of the file's name."""


class FileSide(Connected):
    """See `FileStore`."""

    def put_stored_file(self, stored: StoredFile, *, instead_of: StoredFile | None = None) -> bool:
        """See `FileStore.put_stored_file`."""
        with self._write() as connection:
            if instead_of is None:
                return _put(connection, stored)
            same = (getattr(StoredFileRow, name) == value for name, value in asdict(instead_of).items())
            return connection.execute(update(StoredFileRow).where(*same), asdict(stored)).rowcount == 1

    def forget_stored_file(self, file: str) -> None:
        """See `FileStore.forget_stored_file`."""
        with self._write() as connection:
            connection.execute(delete(StoredFileRow).where(StoredFileRow.file == file))

    def find_stored_files(self, files: Collection[str]) -> dict[str, StoredFile]:
        """See `FileStore.find_stored_files`."""
        with self._read() as connection:
            found = [one for piece in chunks(files) for one in _found(connection, StoredFileRow.file.in_(piece))]
            return {one.file: one for one in found}

    def stored_files(self, *, after: str = "") -> Iterator[StoredFile]:
        """See `FileStore.stored_files`."""
        while True:
            with self._read() as connection:
                found = _found(connection, StoredFileRow.file > after, limit=CHUNK)
            yield from found
            if len(found) < CHUNK:
                return
            after = found[-1].file

    def capture_files(self, *, after: str = "") -> Iterator[str]:
        """See `FileStore.capture_files`."""
        following = select(func.min(CaptureRow.file))
        while True:
            with self._read() as connection:
                engines.expect_lookups(connection)
                found: list[str] = []
                while len(found) < CHUNK and (name := connection.scalar(following.where(CaptureRow.file > after))):
                    found.append(name)
                    after = name
            yield from (name for name in found if not name.startswith(REMOVED))
            if len(found) < CHUNK:
                return

    def run_of_file(self, token_start: str) -> Run | None:
        """See `FileStore.run_of_file`."""
        with self._read() as connection:
            return runs.beginning_with(connection, token_start)

    def hold_file(self, file: str) -> AbstractContextManager[bool]:
        """See `FileStore.hold_file`."""
        one_machine = self._url.get_backend_name() == "sqlite"
        return nullcontext(enter_result=True) if one_machine else self._held(file)

    @contextmanager
    def _held(self, file: str) -> Iterator[bool]:
        """A connection of its own holds the lock: it ends with its holder, however that dies."""
        key = zlib.crc32(file.encode()) - (1 << 31)
        lock = text("SELECT pg_try_advisory_lock(:first, :second)")
        unlock = text("SELECT pg_advisory_unlock(:first, :second)")
        keys = {"first": _FILE_LOCK, "second": key}
        with engines.translated():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            with engines.translated():
                held = bool(connection.scalar(lock, keys))
            yield held
        finally:
            with suppress(SQLAlchemyError):
                connection.execute(unlock, keys)
            connection.close()


def _put(connection: Connection, stored: StoredFile) -> bool:
    noted = select(RemovalRow.takedown_id).where(RemovalRow.file == stored.file).limit(1)
    if connection.scalar(noted) is not None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(StoredFileRow), asdict(stored))
    except IntegrityError:
        return False
    return True


def _found(connection: Connection, wanted: ColumnElement[bool], limit: int | None = None) -> list[StoredFile]:
    listed = select(*StoredFileRow.__table__.columns).where(wanted).order_by(StoredFileRow.file).limit(limit)
    return [_stored(row) for row in connection.execute(listed)]


def _stored(row: Row[Any]) -> StoredFile:
    return StoredFile(**row._asdict())
