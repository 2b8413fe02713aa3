"""Places: where full WARC files are kept so that every machine of a library can read them.

A place is a folder that machines share (`storage.captures.places.folder`) or an object store that speaks S3
(`storage.captures.places.objects`). Files in it are complete: nobody appends to them, and they change only where a
takedown overwrites records.

Why a protocol of five verbs and not fsspec everywhere: a folder needs ``fsync`` and a rename, which fsspec does not do,
and reads as fast as a local file; and a library without a place must not pay for loading a client. Why only these two
kinds, of the dozens that fsspec knows: each has its own idea of what is on disk when a call returns. ``memory://`` has
none at all.

Why an address holds no credentials: it stands in ``dateline.toml`` and in the database. They come from the environment
(``AWS_...``, ``FSSPEC_S3_...``) or from wherever else botocore looks.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from storage.captures.files import PARTIAL, write_all
from storage.errors import LibraryError

OBJECTS = "s3://"
"""How the address of a place in an object store begins."""

_ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^/?#@\s]+)*/?")
_STEP = 8 << 20


class Place(Protocol):
    """Where complete files are. All but `local_path` raise `PlaceUnavailable` where it cannot be used now."""

    address: str
    """As ``storage.captures`` names it."""

    def local_path(self, name: str) -> Path | None:
        """Where a file can be opened as a file of this machine; ``None`` where it cannot."""

    def put(self, source: Path, name: str) -> None:
        """Copy a file there, whole or not at all; one of that name is replaced. On disk when this returns."""

    def size(self, name: str) -> int | None:
        """Bytes of a file there; ``None`` where it has none of that name."""

    def read(self, name: str, start: int, end: int) -> bytes:
        """Bytes of a file between two offsets, fewer where it ends before. Raises `FileNotFoundError`."""

    def remove(self, name: str) -> None:
        """Delete a file; no matter where there is none."""


def require_usable(address: str, own: Path) -> None:
    """Refuse an address that is none, and an object store where the extra is missing. Nobody is asked.

    Args:
        address: the setting ``storage.captures``; empty is fine.
        own: the library's own folder of captures.

    Raises:
        LibraryError: one sentence with the remedy.
    """
    if not address:
        return
    if not address.startswith(OBJECTS):
        _require_folder(address, own)
    elif not _ADDRESS.fullmatch(address):
        raise LibraryError(
            f"storage.captures names no bucket: {address!r}, write s3://BUCKET/PREFIX without credentials"
        )
    elif find_spec("fsspec") is None or find_spec("s3fs") is None:
        raise LibraryError("storage.captures names an object store, which needs: pip install 'dateline[s3]'")


def _require_folder(address: str, own: Path) -> None:
    if "://" in address or not Path(address).is_absolute():
        raise LibraryError(f"storage.captures is the absolute path of a folder, or s3://BUCKET/PREFIX, not {address!r}")
    there, here = Path(address).resolve(), own.resolve()
    if there.is_relative_to(here) or here.is_relative_to(there):
        raise LibraryError(f"storage.captures names the library's own folder {own}: leave it empty, or name another")


def place_at(address: str) -> Place:
    """The place of an address; one for each address and process, as connections cannot be taken over a fork.

    Raises:
        LibraryError: the extra for it is missing.
    """
    return _place(address.rstrip("/"), os.getpid())


@lru_cache(maxsize=8)
def _place(address: str, _process: int) -> Place:
    if address.startswith(OBJECTS):
        from storage.captures.places.objects import ObjectPlace  # noqa: PLC0415 -- most libraries have no such place

        return ObjectPlace(address)
    from storage.captures.places.folder import FolderPlace  # noqa: PLC0415 -- likewise

    return FolderPlace(address)


def digest_in(place: Place, name: str) -> tuple[int, str]:
    """Size and SHA-256 (64 hex digits) of a file as the place gives it back.

    Raises:
        FileNotFoundError: it is not there.
        PlaceUnavailable: it cannot be read now.
    """
    return _digest(place, name, None)


def fetch(place: Place, name: str, target: Path) -> tuple[int, str]:
    """Copy a file of a place to this machine; returns its size and SHA-256.

    Raises:
        FileNotFoundError: it is not there.
        PlaceUnavailable: it cannot be read now.
        OSError: the copy cannot be written.
    """
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        found = _digest(place, name, fd)
        os.fsync(fd)
        return found
    finally:
        os.close(fd)


def _digest(place: Place, name: str, copy: int | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    total = place.size(name)
    if total is None:
        raise FileNotFoundError(name)
    while size < total and (piece := place.read(name, size, min(total, size + _STEP))):
        digest.update(piece)
        if copy is not None:
            write_all(copy, piece)
        size += len(piece)
    return size, digest.hexdigest()


def digest_of(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file of this machine.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


__all__ = ["OBJECTS", "PARTIAL", "Place", "digest_in", "digest_of", "fetch", "place_at", "require_usable"]
