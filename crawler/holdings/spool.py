"""Records of one file on their way into the store, on disk once they are many.

Why they wait at all: what could not be read is part of the file's row, and is known only at the file's end. And no
transaction should stay open for the minutes that a large file takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Any, Self

from storage.types import HeldRecord

_IN_MEMORY = 16 << 20
_NAMES = tuple(field.name for field in fields(HeldRecord))
_MOMENT = _NAMES.index("captured_at")


class Spool:
    """Takes records, then gives them back in order."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+", encoding="ascii")  # noqa: SIM115 - see __exit__
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, record: HeldRecord) -> None:
        """Take one."""
        values: list[Any] = [getattr(record, name) for name in _NAMES]
        values[_MOMENT] = record.captured_at.isoformat()
        self._file.write(json.dumps(values) + "\n")
        self._count += 1

    def __iter__(self) -> Iterator[HeldRecord]:
        self._file.seek(0)
        for line in self._file:
            values = json.loads(line)
            values[_MOMENT] = datetime.fromisoformat(values[_MOMENT])
            yield HeldRecord(**dict(zip(_NAMES, values, strict=True)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
