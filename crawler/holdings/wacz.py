"""The WARC files inside a WACZ (WACZ 1.1.1): a ZIP file whose ``archive/`` folder holds them, stored as they are.

Nothing is ever unpacked to disk, so a member's name is only a name, whatever it says. A ZIP file can lie about sizes
and let its members overlap; what a member may unpack to, and what all of them may hold together, is bounded by the
bytes that the file has.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from crawler.holdings.sources import ZIP_ERRORS, FileSource, Source, ZipSource

ZIP_START = b"PK"
_FOLDER = "archive"
_SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_LOCAL_MAGIC = b"PK\x03\x04"
_END = struct.Struct("<4s8xII")
_END_MAGIC = b"PK\x05\x06"
_END64 = struct.Struct("<4s36xQ")
_END64_MAGIC = b"PK\x06\x06"
_LONGEST_TAIL = 1 << 17
_LONGEST_DIRECTORY = 64 << 20
_MOST_RATIO = 200
_ENCRYPTED = 1
_UNKNOWN_SIZE = 0xFFFFFFFF


class Wacz:
    """An open WACZ file; does not own the descriptor.

    Raises:
        OSError: it is no ZIP file that can be read; the text says why.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        size = os.fstat(fd).st_size
        if _directory_size(fd, size) > _LONGEST_DIRECTORY:
            raise OSError(f"its list of members is longer than {_LONGEST_DIRECTORY >> 20} MiB")
        stream = os.fdopen(os.dup(fd), "rb")
        try:
            self._zip = zipfile.ZipFile(stream)
        except (OSError, *ZIP_ERRORS) as problem:
            stream.close()
            raise OSError(f"it is no whole ZIP file: {problem}") from problem
        self._size = size

    def close(self) -> None:
        """Idempotent."""
        stream = self._zip.fp
        self._zip.close()
        if stream is not None:
            stream.close()

    def members(self) -> Iterator[zipfile.ZipInfo]:
        """The WARC and ARC files in ``archive/``, in the order of the list, each name once."""
        seen = set()
        for member in self._zip.infolist():
            path = PurePosixPath(member.filename)
            wanted = path.parts[:1] == (_FOLDER,) and path.name.lower().endswith(_SUFFIXES)
            if wanted and member.filename not in seen:
                seen.add(member.filename)
                yield member

    def source(self, member: zipfile.ZipInfo) -> Source:
        """Its bytes: where they lie in the file if they are stored as they are, else unpacked as they are read.

        Raises:
            OSError: they cannot be read; the text says why.
        """
        if member.flag_bits & _ENCRYPTED:
            raise OSError("it is encrypted")
        if member.compress_type == zipfile.ZIP_STORED:
            return self._stored(member)
        if member.file_size > _MOST_RATIO * (member.compress_size + 1024):
            raise OSError(f"it unpacks to more than {_MOST_RATIO} times its size")
        return ZipSource(self._zip, member)

    def find(self, name: str) -> Source:
        """The bytes of the member of this name.

        Raises:
            OSError: there is none, or it cannot be read.
        """
        member = next((one for one in self.members() if one.filename == name), None)
        if member is None:
            raise OSError(f"it has no member {name!r}")
        return self.source(member)

    def overlapping(self) -> bool:
        """Its members claim more bytes than the file has."""
        return sum(member.compress_size for member in self.members()) > self._size

    def _stored(self, member: zipfile.ZipInfo) -> FileSource:
        head = os.pread(self._fd, _LOCAL_HEADER.size, member.header_offset)
        if len(head) < _LOCAL_HEADER.size or not head.startswith(_LOCAL_MAGIC):
            raise OSError("its place in the ZIP file holds something else")
        _, name, extra = _LOCAL_HEADER.unpack(head)
        start = member.header_offset + _LOCAL_HEADER.size + name + extra
        return FileSource(self._fd, start, max(0, min(member.compress_size, self._size - start)))


def _directory_size(fd: int, size: int) -> int:
    """What the end of the file says of its list of members; 0 where it says nothing, and the reader will complain.

    Looked at before the reader is: it makes an object of each entry, and takes ten times what they have in the file.
    """
    tail = os.pread(fd, _LONGEST_TAIL, max(0, size - _LONGEST_TAIL))
    at, at64 = tail.rfind(_END_MAGIC), tail.rfind(_END64_MAGIC)
    stated = _unpacked(_END, tail, at)
    if stated in {-1, _UNKNOWN_SIZE}:
        stated = _unpacked(_END64, tail, at64)
    return max(0, stated)


def _unpacked(shape: struct.Struct, data: bytes, at: int) -> int:
    if at < 0 or at + shape.size > len(data):
        return -1
    return int(shape.unpack_from(data, at)[1])
