"""The part of the store's contract that is about WARC files: which were put where all machines find them.

Why a row is written only while nothing of the file is to be overwritten, in one transaction: a takedown notes its
stretches first and overwrites afterwards. Whoever notes one later finds the row, and overwrites where the file is then.

Why a row is changed only where it still is what the caller saw: two that overwrite a file at once would each upload
what the other did not overwrite.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from storage.types import Run, StoredFile


class FileStore(Protocol):
    """The section "files" of `storage.protocol.Store`."""

    def put_stored_file(self, stored: StoredFile, *, instead_of: StoredFile | None = None) -> bool:
        """Say that a file was put somewhere; tells whether that was written.

        Args:
            stored: what its row is from now on.
            instead_of: its row as the caller read it. Nothing is written where it is another one by now. ``None``: it
                has none; nothing is written where it has one, or where a stretch of it is still to be overwritten.
        """

    def forget_stored_file(self, file: str) -> None:
        """The file is nowhere any more: nothing was left in it. No matter where it has no row."""

    def find_stored_files(self, files: Collection[str]) -> dict[str, StoredFile]:
        """Those of these files that were put somewhere, by name."""

    def stored_files(self, *, after: str = "") -> Iterator[StoredFile]:
        """All files that were put somewhere, by name, those behind ``after``; streams."""

    def capture_files(self, *, after: str = "") -> Iterator[str]:
        """Names of all files in which captures have records, in order, those behind ``after``; streams.

        Costs one look-up a file, however many captures there are.
        """

    def run_of_file(self, token_start: str) -> Run | None:
        """The run that wrote a file, by the beginning of its token in the file's name; the latest of several."""

    def hold_file(self, file: str) -> AbstractContextManager[bool]:
        """Hold a file against every other program of the library, on any machine; gives False where another has it.

        SQLite and memory have one machine, where `storage.upkeep_lock` does that: they always give True.
        """
