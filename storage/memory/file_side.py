"""The section on files of the store in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, nullcontext

from storage.memory.library import Library
from storage.types import Run, StoredFile


class FileSide:
    """See `FileStore`."""

    _library: Library

    def put_stored_file(self, stored: StoredFile, *, instead_of: StoredFile | None = None) -> bool:
        """See `FileStore.put_stored_file`."""
        noted = instead_of is None and any(file == stored.file for file, _ in self._library.removals)
        if noted or self._library.stored_files.get(stored.file) != instead_of:
            return False
        self._library.stored_files[stored.file] = stored
        return True

    def forget_stored_file(self, file: str) -> None:
        """See `FileStore.forget_stored_file`."""
        self._library.stored_files.pop(file, None)

    def find_stored_files(self, files: Collection[str]) -> dict[str, StoredFile]:
        """See `FileStore.find_stored_files`."""
        return {file: one for file in sorted(files) if (one := self._library.stored_files.get(file)) is not None}

    def stored_files(self, *, after: str = "") -> Iterator[StoredFile]:
        """See `FileStore.stored_files`."""
        yield from [one for file, one in sorted(self._library.stored_files.items()) if file > after]

    def capture_files(self, *, after: str = "") -> Iterator[str]:
        """See `FileStore.capture_files`."""
        held = {one.location.file for one in self._library.captures.values() if one.takedown_id is None}
        yield from sorted(file for file in held if file > after)

    def run_of_file(self, token_start: str) -> Run | None:
        """See `FileStore.run_of_file`."""
        fitting = [one for one in self._library.runs.values() if one.token.startswith(token_start)]
        return max(fitting, key=lambda one: (one.started_at, one.number), default=None)

    def hold_file(self, file: str) -> AbstractContextManager[bool]:
        """See `FileStore.hold_file`."""
        del file
        return nullcontext(enter_result=True)
