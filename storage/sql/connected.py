"""The connections of a store: opened when first used, one transaction per method."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sqlalchemy import URL, Connection

from storage.sql import engine as engines


class Connected:
    """One database, to be read and written in transactions."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = engines.make_engine(url)

    def close(self) -> None:
        """Release connections; idempotent."""
        self._engine.dispose()

    def _read(self) -> AbstractContextManager[Connection]:
        return engines.reading(self._engine)

    def _write(self, *, alone: bool = True, keep: bool = True) -> AbstractContextManager[Connection]:
        return engines.writing(self._engine, alone=alone, keep=keep)
