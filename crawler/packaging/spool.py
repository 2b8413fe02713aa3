"""What has to wait until a WACZ's records are written, or be remembered until then, on disk once it is much.

Why SQLite and not a list and a set: an index of a million captures has to be sorted, and a record that a thousand
revisits repeat is written once. A database without a name is a temporary file that grows from memory to disk by itself
and goes with its connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

_IN_MEMORY = 4 << 20
_TABLES = (
    "CREATE TABLE line (line BLOB PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE seen (file TEXT, offset INTEGER, PRIMARY KEY (file, offset)) WITHOUT ROWID",
)
_STEP = 1 << 16


class Spool:
    """Lines of an index, lines of a list of pages, and which records were written; a context manager."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        for statement in ("PRAGMA journal_mode = OFF", f"PRAGMA cache_size = -{_IN_MEMORY >> 10}", *_TABLES, "BEGIN"):
            self._database.execute(statement)
        self._pages = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - see __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
        self._pages.close()

    def is_new(self, file: str, offset: int) -> bool:
        """Whether this is the first time that this record is named."""
        added = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (file, offset))
        return added.rowcount == 1

    def add_line(self, line: bytes) -> None:
        """Take a line of the index."""
        self._database.execute("INSERT OR IGNORE INTO line VALUES (?)", (line,))

    def lines(self) -> Iterator[bytes]:
        """The index, in the order of its bytes."""
        return (line for (line,) in self._database.execute("SELECT line FROM line ORDER BY line"))

    def add_page(self, line: bytes) -> None:
        """Take a line of the list of pages."""
        self._pages.write(line)

    def pages(self) -> Iterator[bytes]:
        """The list of pages, as it was given."""
        self._pages.seek(0)
        while piece := self._pages.read(_STEP):
            yield piece
