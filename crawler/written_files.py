"""Files that a command writes for people: complete or not there at all, and never over what somebody else wrote."""

from __future__ import annotations

import errno
import filecmp
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from crawler.errors import ConfigurationError

_READABLE = 0o666


class Written(StrEnum):
    """What became of one file."""

    NEW = "written"
    SAME = "unchanged"
    KEPT = "kept"


def write_whole(path: Path, pieces: Iterable[str | bytes], *, force: bool = False) -> Written:
    """Write the pieces to the file, text in UTF-8 with its own line ends; folders above it are made.

    Args:
        path: a link stays a link.
        pieces: of the content; streams.
        force: write over a file with another content; without it such a file is kept.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    with unfinished(path) as begun:
        for piece in pieces:
            begun.stream.write(piece.encode("utf-8", "replace") if isinstance(piece, str) else piece)
        return begun.put(force=force)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unfinished:
    """A file that is being written beside the place where it goes.

    Attributes:
        stream: to write to.
        target: where it goes.
        path: where it is.
    """

    stream: BinaryIO
    target: Path
    path: Path

    def put(self, *, force: bool) -> Written:
        """Close it and put it in its place; a file with another content that is there is kept, unless forced."""
        self.stream.close()
        return put(self.path, self.target, force=force)


@contextmanager
def unfinished(path: Path) -> Iterator[Unfinished]:
    """A file that is only there once it is `put`; folders above it are made, and left without that it is removed.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    target = path.resolve()
    begun: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        begun = Path(name)
        with os.fdopen(handle, "wb") as stream:
            yield Unfinished(stream=stream, target=target, path=begun)
    except FileExistsError as error:  # what should be the folder is a file
        raise ConfigurationError(f"{path} cannot be written: {os.strerror(errno.ENOTDIR)}") from error
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        if begun is not None:
            with suppress(OSError):
                begun.unlink()


def put(begun: Path, target: Path, *, force: bool) -> Written:
    """Put a complete file where it goes, on the same disk; one with another content there is kept unless forced."""
    if target.exists():
        if target.is_file() and filecmp.cmp(begun, target, shallow=False):
            return Written.SAME
        if not force:
            return Written.KEPT
        begun.chmod(target.stat().st_mode & 0o777)
    else:
        begun.chmod(_READABLE & ~_umask())
    begun.replace(target)
    return Written.NEW


def _umask() -> int:
    """The process's own; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
