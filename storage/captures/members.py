"""Walking a WARC file member by member, telling whole records from damage.

One record is one gzip member. Everything streams: a record is hashed while it is decompressed and never held, unless
the caller gives a place for its block; so memory does not grow with the records, nor with what a hostile or broken
member would expand to.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from storage.captures.records import MAX_HEAD, Malformed, RecordHead, RecordType, Torn, parse_head, unbracketed
from storage.http_messages import HEAD_END


class Elsewhere(Protocol):
    """A file of which only stretches are fetched (`storage.captures.places.pieces`)."""

    def pread(self, length: int, offset: int) -> bytes:
        """As `os.pread`; may raise `storage.errors.PlaceUnavailable`."""


Readable = int | Elsewhere
"""A file that is read by offsets: an open one of this machine, or one that is elsewhere."""


@dataclass(frozen=True, slots=True)
class Held:
    """A stretch of a file that was read already: whoever looks twice sees the same bytes.

    Attributes:
        start: offset in the file of its first byte.
        data: its bytes.
    """

    start: int
    data: bytes

    def pread(self, length: int, offset: int) -> bytes:
        """As `os.pread`; nothing outside the stretch."""
        position = offset - self.start
        return self.data[position : position + length] if position >= 0 else b""


def pread(file: Readable, length: int, offset: int) -> bytes:
    """`os.pread` of either."""
    return os.pread(file, length, offset) if isinstance(file, int) else file.pread(length, offset)


_CHUNK = 1 << 16
_MAGIC = b"\x1f\x8b\x08"
_BLANK_LINE = b"\r\n\r\n"
_BESIDE = {RecordType.REQUEST.value: "warc-concurrent-to", RecordType.METADATA.value: "warc-refers-to"}
"""Types of records that belong to the capture behind them, and the field that names its record."""
_RECORD_START = b"WARC/1."
_LONGEST_BLANK_LINE = len(_BLANK_LINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundRecord:
    """A whole record: readable to its end, with the length that it announces.

    Attributes:
        offset: of its gzip member.
        length: of its gzip member.
        head: as read.
        block_digest: computed now, ``sha256:`` and hex.
        payload_digest: likewise, over the block without the HTTP head; chunks of a copied record are not taken off.
        payload_length: bytes.
    """

    offset: int
    length: int
    head: RecordHead
    block_digest: str
    payload_digest: str
    payload_length: int

    @property
    def end(self) -> int:
        """Offset of the first byte behind it."""
        return self.offset + self.length


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """A stretch of a file that holds no whole record.

    Attributes:
        offset: where it begins.
        length: up to the next whole record, or to the file's end.
        text: what is wrong at its beginning.
        torn: it is the beginning of one record that the file's end cuts off.
    """

    offset: int
    length: int
    text: str
    torn: bool = False

    @property
    def end(self) -> int:
        """Offset of the first byte behind it."""
        return self.offset + self.length


def scan(fd: Readable, start: int, end: int) -> Iterator[FoundRecord | Damage]:
    """Everything between two offsets of a file, in order and without gaps."""
    offset = start
    while offset < end:
        try:
            found: FoundRecord | Damage = read_record(fd, offset, end)
        except Malformed as problem:
            behind = _next_start(fd, offset + 1, end)
            torn = isinstance(problem, Torn) and behind == end
            found = Damage(offset=offset, length=behind - offset, text=str(problem), torn=torn)
        yield found
        offset = found.end


def read_record(
    fd: Readable,
    offset: int,
    end: int,
    *,
    block: bytearray | None = None,
    most: int = 0,
    message_head: bytearray | None = None,
) -> FoundRecord:
    """The record at an offset.

    Args:
        fd: the file.
        offset: of the record.
        end: no byte from here on belongs to it.
        block: where to put the block; ``None`` where it is not wanted.
        most: with ``block``, the greatest number of bytes that it may have.
        message_head: where to put the head of the HTTP message in it, without its blank line; ``None`` likewise.

    Raises:
        Malformed: there is no whole record, or its block is longer than `most`.
    """
    member = _Member(fd, offset, end)
    chunks = member.chunks()
    head, rest = _read_head(chunks)
    if block is not None and head.block_length > most:
        raise Malformed(f"its block has {head.block_length} bytes, at most {most} were expected")
    hashes = _BlockHashes(head, block, message_head)
    hashes.update(rest)
    for chunk in chunks:
        hashes.update(chunk)
    hashes.finish()
    return FoundRecord(
        offset=offset,
        length=member.length,
        head=head,
        block_digest=f"sha256:{hashes.block.hexdigest()}",
        payload_digest=f"sha256:{hashes.payload.hexdigest()}",
        payload_length=hashes.payload_length,
    )


def digest_at(fd: Readable, offset: int, end: int) -> str:
    """The digest of all uncompressed bytes of the record at an offset, its head included.

    Raises:
        Malformed: the bytes cannot be read.
    """
    whole = hashlib.sha256()
    for chunk in _Member(fd, offset, end).chunks():
        whole.update(chunk)
    return f"sha256:{whole.hexdigest()}"


def read_head(fd: Readable, offset: int, end: int) -> RecordHead:
    """Only the head of the record at an offset: the block is not decompressed, so not checked.

    Raises:
        Malformed: there is none.
    """
    return _read_head(_Member(fd, offset, end).chunks())[0]


def beside(file: Held, offset: int, record_id: str) -> Iterator[FoundRecord]:
    """The records right before an offset that belong to the record of this id, last first; as far as the bytes go."""
    end, position = offset, offset - file.start
    while (position := file.data.rfind(_MAGIC, 0, position)) >= 0:
        start = file.start + position
        try:
            head = read_head(file, start, end)
            if unbracketed(head.fields.get(_BESIDE.get(head.type, "-"), "")) == record_id:
                found = read_record(file, start, end)
                if found.end == end:
                    yield found
                    end = start
            elif _Member(file, start, end).ends():
                return
        except Malformed:
            continue


def _read_head(chunks: Iterator[bytes]) -> tuple[RecordHead, bytes]:
    data = bytearray()
    for chunk in chunks:
        searched = max(0, len(data) - len(_BLANK_LINE))
        data += chunk
        found = data.find(_BLANK_LINE, searched)
        if found >= 0:
            return parse_head(bytes(data[:found])), bytes(data[found + len(_BLANK_LINE) :])
        if len(data) > MAX_HEAD or not data.startswith(_RECORD_START[: len(data)]):
            break
    raise Malformed("it does not begin with the head of a WARC record")


def _next_start(fd: Readable, offset: int, end: int) -> int:
    for position in _magics(fd, offset, end):
        try:
            read_head(fd, position, end)
        except Malformed:
            continue
        return position
    return end


def _magics(fd: Readable, offset: int, end: int) -> Iterator[int]:
    while offset < end:
        wanted = min(_CHUNK, end - offset)
        try:
            window = pread(fd, wanted, offset)
        except OSError:
            # A bad spot of the disk: it is part of the damage, what lies behind it may be sound.
            window = bytes(wanted)
        position = window.find(_MAGIC)
        while position >= 0:
            yield offset + position
            position = window.find(_MAGIC, position + 1)
        if len(window) < len(_MAGIC):
            return
        offset += len(window) - len(_MAGIC) + 1


class _Member:
    """One gzip member; `length` is right once `chunks` has come to its end."""

    def __init__(self, fd: Readable, offset: int, end: int) -> None:
        self._fd, self._offset, self._end = fd, offset, end
        self.length = 0

    def chunks(self) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(31)
        fed = 0
        pending = b""
        more_inside = False
        while not unpacker.eof:
            if not pending and not more_inside:
                pending = self._read(fed)
                fed += len(pending)
                if not pending:
                    raise Torn(f"the file ends inside it, after {fed} bytes")
            chunk, pending = _unpacked(unpacker, pending)
            more_inside = len(chunk) == _CHUNK
            if chunk:
                yield chunk
        self.length = fed - len(unpacker.unused_data)

    def ends(self) -> bool:
        """Whether it fills the bytes up to the end exactly."""
        for _ in self.chunks():
            pass
        return self._offset + self.length == self._end

    def _read(self, fed: int) -> bytes:
        position = self._offset + fed
        try:
            return pread(self._fd, max(0, min(_CHUNK, self._end - position)), position)
        except OSError as problem:
            raise Malformed(f"the disk does not give its bytes: {problem.strerror}") from problem


def _unpacked(unpacker: zlib._Decompress, data: bytes) -> tuple[bytes, bytes]:
    try:
        chunk = unpacker.decompress(data, _CHUNK)
    except zlib.error as problem:
        raise Malformed(f"its compressed bytes are damaged ({problem})") from problem
    return chunk, unpacker.unconsumed_tail


class _BlockHashes:
    """Digests of a block and of the payload in it, fed piece by piece; refuses a block of another length."""

    def __init__(self, head: RecordHead, keep: bytearray | None, keep_head: bytearray | None) -> None:
        self.block = hashlib.sha256()
        self.payload = hashlib.sha256()
        self.payload_length = 0
        self._keep, self._keep_head = keep, keep_head
        self._left = head.block_length
        self._in_message_head = head.holds_message
        self._message_head = bytearray()
        self._tail = b""

    def update(self, data: bytes) -> None:
        part, behind = data[: self._left], data[self._left :]
        self._left -= len(part)
        self._tail += behind
        if len(self._tail) > len(_BLANK_LINE):
            raise Malformed("its block is longer than it announces")
        self.block.update(part)
        if self._keep is not None:
            self._keep += part
        self._update_payload(part)

    def finish(self) -> None:
        if self._left or self._tail != _BLANK_LINE:
            raise Malformed("its block is shorter than it announces or not ended by two line breaks")

    def _update_payload(self, part: bytes) -> None:
        if self._in_message_head:
            part = self._behind_message_head(part)
        self.payload.update(part)
        self.payload_length += len(part)

    def _behind_message_head(self, part: bytes) -> bytes:
        searched = max(0, len(self._message_head) - _LONGEST_BLANK_LINE)
        self._message_head += part
        found = HEAD_END.search(self._message_head, searched)
        if found is None:
            if len(self._message_head) > MAX_HEAD + _CHUNK:
                raise Malformed("the HTTP message in it has an endless head")
            return b""
        body = bytes(self._message_head[found.end() :])
        if self._keep_head is not None:
            self._keep_head += self._message_head[: found.start()]
        # A match is an open view of the bytes; they cannot be dropped in place.
        self._in_message_head, self._message_head = False, bytearray()
        return body
