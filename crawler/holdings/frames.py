"""WARC files compressed with LZ4 or Zstandard, one frame per record: FastWARC finds the records and unpacks them.

Why they are not read on behind damage as gzip files are: they are rare, and made by tools that write whole frames. What
stands before the damage is read, but for the last record: where its frame ends is known only when the next one begins.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain, pairwise

from fastwarc.stream_io import Lz4Reader, ZstdReader
from fastwarc.warc import ArchiveIterator

from crawler.holdings.sources import Source

LZ4_MAGIC = b"\x04\x22\x4d\x18"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
"""A Zstandard file of WARC records may begin with the dictionary that all its frames need, in a frame of its own."""
_LONGEST_DICTIONARY = 16 << 20
_CHUNK = 1 << 16


def is_framed(beginning: bytes) -> bool:
    """A file that begins so is one of this module."""
    return beginning.startswith((LZ4_MAGIC, ZSTD_MAGIC, _DICTIONARY_MAGIC))


def frames(path: str, size: int) -> Iterator[tuple[int, int]]:
    """(offset, length) of each record's frame.

    Raises:
        OSError: the file cannot be read further.
    """
    every = ArchiveIterator(path, parse_http=False, auto_decode="none", fsspec_args=False)
    yield from ((offset, behind - offset) for offset, behind in pairwise(_ended(every, size)))


def _ended(records: ArchiveIterator, size: int) -> Iterator[int]:
    return chain((record.stream_pos for record in records), (size,))


def unpacked(source: Source, offset: int, length: int, most: int) -> bytes:
    """At most so many bytes of what a frame unpacks to; fewer where it is damaged."""
    packed = source.read_at(offset, min(length, most))
    lz4 = packed.startswith(LZ4_MAGIC)
    stream = Lz4Reader(io.BytesIO(packed)) if lz4 else ZstdReader(io.BytesIO(_dictionary(source) + packed))
    data = bytearray()
    try:
        while len(data) < most and (chunk := stream.read(min(_CHUNK, most - len(data)))):
            data += chunk
    except (OSError, ValueError):
        pass  # what was unpacked before the damage is what there is
    return bytes(data)


def _dictionary(source: Source) -> bytes:
    head = source.read_at(0, 8)
    length = int.from_bytes(head[4:], "little")
    if not head.startswith(_DICTIONARY_MAGIC) or length > _LONGEST_DICTIONARY:
        return b""
    return source.read_at(0, len(head) + length)
