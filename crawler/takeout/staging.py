"""The files of an export in the making: a hidden folder beside where they go, gone when the work is over.

Why a folder and not each file under its name at once: whoever looks into an export sees all of it or nothing. What a
killed export leaves is one hidden folder, which the next one removes; a lock on it tells the dead from those at work.

Why the list of files is a file, too: the format ``md`` makes one per event and article.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from crawler.errors import ConfigurationError

_FOLDER = ".dateline-export.part"
_BUFFER = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedFile:
    """One complete file of an export.

    Attributes:
        name: below the folder, with ``/`` between folders.
        bytes: size.
        sha256: 64 hex digits.
        rows: how many records it has.
    """

    name: str
    bytes: int
    sha256: str
    rows: int


class Measured(io.RawIOBase):
    """A stream that is written from start to end, measured on its way.

    Attributes:
        size: bytes so far.
        rows: as counted by whoever writes.
    """

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write, self._digest = write, hashlib.sha256()
        self.size = self.rows = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, content: Any) -> int:  # noqa: ANN401 - any buffer, pyarrow's among them
        """All of it at once."""
        written = bytes(content)
        self._write(written)
        self._digest.update(written)
        self.size += len(written)
        return len(written)

    def tell(self) -> int:
        """How much was written."""
        return self.size

    def measured(self, name: str) -> ExportedFile:
        """What it is as a file of that name."""
        return ExportedFile(name=name, bytes=self.size, sha256=self._digest.hexdigest(), rows=self.rows)


class Staging:
    """The files of one export; keeps `crawler.exporting.protocol.Output`. Made by `staged`.

    Attributes:
        folder: where they are until they are put in their places.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, Measured] = {}
        self._listing = folder / "listing"
        self._files = folder / "files"
        self._files.mkdir()
        self._listing.touch()

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """See `crawler.exporting.protocol.Output`."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb", buffering=_BUFFER) as stream:
            self._open[name] = measured = Measured(stream.write)
            yield cast("BinaryIO", measured)
        del self._open[name]
        with self._listing.open("a", encoding="utf-8") as listing:
            listing.write(json.dumps(asdict(measured.measured(_usable(name)))) + "\n")

    def count(self, name: str, rows: int = 1) -> None:
        """See `crawler.exporting.protocol.Output`."""
        self._open[name].rows += rows

    def files(self) -> Iterator[ExportedFile]:
        """Those that are complete, in the order in which they were; streams."""
        with self._listing.open(encoding="utf-8") as listing:
            for line in listing:
                yield ExportedFile(**json.loads(line))

    def path(self, name: str) -> Path:
        """Where the file of that name is until it is put in its place."""
        parts = PurePosixPath(_usable(name)).parts
        if not parts or ".." in parts or parts[0] == "/":
            raise ValueError(f"{name!r} does not name a file in a folder")
        return self._files.joinpath(*parts)


def _usable(name: str) -> str:
    """Without what no file system takes; keys come from outside."""
    return name.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


@contextmanager
def staged(folder: Path) -> Iterator[Staging]:
    """A place for the files of an export into that folder, which is made where it is missing; removed at the end.

    Raises:
        ConfigurationError: the folder cannot be written, or another export writes there now.
    """
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / _FOLDER) as own:
            yield Staging(own)
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            if new:
                folder.rmdir()  # does nothing where something was put there


@contextmanager
def _locked(own: Path) -> Iterator[Path]:
    own.mkdir(exist_ok=True)
    handle = os.open(own, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)  # what a link leads to is not ours to empty
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(f"another export writes into {own.parent} now: wait for it") from None
        _empty(own)
        try:
            yield own
        finally:
            shutil.rmtree(own, ignore_errors=True)
    finally:
        os.close(handle)


def _empty(own: Path) -> None:
    """Remove what a killed export left."""
    for one in own.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()
