"""The connections of a store: opened when first used, one transaction per method."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import URL, Connection

from storage.sql import engine as engines
from storage.sql.compatibility import Watch


class Connected:
    """One database, to be read and written in transactions."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = engines.make_engine(url)
        self._watch = Watch(url.render_as_string(hide_password=True))

    def close(self) -> None:
        """Release connections; idempotent."""
        self._engine.dispose()

    def _read(self) -> AbstractContextManager[Connection]:
        return engines.reading(self._engine)

    @contextmanager
    def _write(self, *, alone: bool = True, keep: bool = True) -> Iterator[Connection]:
        """See `storage.sql.engine.writing`; refuses where the schema is none any more that this program knows."""
        with engines.writing(self._engine, alone=alone, keep=keep) as connection:
            self._watch.look(connection)
            yield connection
