"""One library opened for work: its configuration, its store, its captures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.configuration import Configuration
from storage import open_store
from storage.captures import CaptureReader
from storage.captures.places import require_usable
from storage.captures.places.finding import Places
from storage.errors import LibraryError
from storage.protocol import Store

PLACE = "storage.captures"
"""The setting with the address of the place where full WARC files go."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """An open library.

    Attributes:
        configuration: in force.
        store: open; closed with the library.
    """

    configuration: Configuration
    store: Store

    @property
    def captures(self) -> Path:
        """Folder of the WARC files."""
        return self.configuration.captures

    @property
    def places(self) -> Places:
        """Where WARC files are that are not in that folder."""
        return Places(store=self.store, address=self.configuration.text(PLACE))

    def reader(self) -> CaptureReader:
        """A reader of this library's captures, wherever they are."""
        return CaptureReader(self.captures, self.places)


@contextmanager
def open_library(configuration: Configuration, *, create: bool = False) -> Iterator[Library]:
    """Open a library, or make it.

    Raises:
        LibraryError: the folder is no library, its database stands at another migration, or ``storage.captures`` names
            no place that can be used.
    """
    folder = configuration.library
    require_usable(configuration.text(PLACE), configuration.captures)
    if not create and not folder.is_dir():
        raise LibraryError(f"{folder} does not exist: `dateline init {folder}` makes a library there")
    if not create and configuration.database_url.endswith(str(folder / "dateline.db")):
        _require_database(folder)
    _make_folders(folder)
    with open_store(configuration.database_url, upgrade=create) as store:
        yield Library(configuration=configuration, store=store)


def _make_folders(folder: Path) -> None:
    try:
        (folder / "captures").mkdir(parents=True, exist_ok=True)
        (folder / "runs").mkdir(exist_ok=True)
    except OSError as error:
        raise LibraryError(f"{folder} cannot be used as a library: {error.strerror}") from error


def _require_database(folder: Path) -> None:
    if not (folder / "dateline.db").is_file():
        raise LibraryError(f"{folder} holds no library: `dateline init {folder}` makes one")
