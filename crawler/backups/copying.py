"""Copying one file so that it is whole on the other side, or not there.

Why ``fsync``, a name of its own and then a rename: a backup is what remains after a power cut. Why the copy carries the
original's time of change: a backup that was killed is gone on with, and a file that is there whole need not be copied
again.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from crawler.errors import BackupError

PARTIAL = ".part"
_STEP = 1 << 20
_TRIES = 5


def digest_of(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_file(source: Path, target: Path) -> tuple[int, str, int]:
    """Copy what the file holds at this moment; it may grow meanwhile, and a copy that is there is replaced.

    Returns:
        Size in bytes, SHA-256, and the original's time of change in nanoseconds.

    Raises:
        BackupError: the original becomes shorter again and again.
        OSError: it cannot be read, or the copy cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + PARTIAL)
    for _ in range(_TRIES):
        with source.open("rb", buffering=0) as reading, partial.open("wb", buffering=0) as writing:
            stood = os.fstat(reading.fileno())
            os.fchmod(writing.fileno(), stood.st_mode & 0o777)
            digest = _copy_bytes(reading.fileno(), writing.fileno(), stood.st_size)
            if digest is None:
                continue  # a program that put the captures in order cut its end off
            os.fsync(writing.fileno())
        os.utime(partial, ns=(stood.st_mtime_ns, stood.st_mtime_ns))
        partial.rename(target)
        return stood.st_size, digest, stood.st_mtime_ns
    raise BackupError(f"{source} becomes shorter while it is copied: run the command again")


def write_file(target: Path, content: bytes) -> None:
    """Write a small file, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + PARTIAL)
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(target)


def _copy_bytes(source: int, target: int, size: int) -> str | None:
    """Copy so many bytes; returns their digest, ``None`` where there are fewer."""
    digest = hashlib.sha256()
    while size:
        piece = os.read(source, min(_STEP, size))
        if not piece:
            return None
        digest.update(piece)
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(target, rest) :]
        size -= len(piece)
    return digest.hexdigest()
