"""A ZIP file whose bytes depend on nothing but what is put into it, with the digest of each of its members.

Why no times and no owners: the same selection of the same library gives the same bytes, so that two exports can be
compared by their digests. What is compressed already is stored as it is, which WACZ demands: a reader fetches one
record out of the middle.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, BinaryIO

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A member that was written.

    Attributes:
        path: in the ZIP file.
        size: bytes, unpacked.
        sha256: of these, 64 hex digits.
    """

    path: str
    size: int
    sha256: str


@dataclass(slots=True)
class Writing:
    """A member that is being written."""

    _stream: IO[bytes]
    size: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def write(self, data: bytes) -> None:
        """Append."""
        self._stream.write(data)
        self.digest.update(data)
        self.size += len(data)


class Zipped:
    """A ZIP file in the making; to be closed.

    Args:
        out: where it goes; need not be seekable.

    Attributes:
        members: those that are complete, in order.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w", allowZip64=True)
        self.members: list[Member] = []

    def close(self) -> None:
        """Write the list of members."""
        self._zip.close()

    @contextmanager
    def member(self, path: str, *, stored: bool = True) -> Iterator[Writing]:
        """One member; one at a time. ``stored``: as it is, not compressed."""
        info = zipfile.ZipInfo(path, _EPOCH)
        info.create_system, info.external_attr = _UNIX, _FILE_MODE
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        with self._zip.open(info, "w", force_zip64=True) as stream:
            writing = Writing(stream)
            yield writing
        self.members.append(Member(path=path, size=writing.size, sha256=writing.digest.hexdigest()))
