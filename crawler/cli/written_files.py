"""Files that a command writes for people: complete or not there at all, and never over what somebody else wrote."""

from __future__ import annotations

import filecmp
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

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
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                stream.write(piece.encode("utf-8", "replace") if isinstance(piece, str) else piece)
        return _put(Path(unfinished), target, force=force)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            os.unlink(unfinished)  # noqa: PTH108  as it was made


def _put(unfinished: Path, target: Path, *, force: bool) -> Written:
    if target.exists():
        if target.is_file() and filecmp.cmp(unfinished, target, shallow=False):
            return Written.SAME
        if not force:
            return Written.KEPT
        unfinished.chmod(target.stat().st_mode & 0o777)
    else:
        unfinished.chmod(_READABLE & ~_umask())
    unfinished.replace(target)
    return Written.NEW


def _umask() -> int:
    """The process's own; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
