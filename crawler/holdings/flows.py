"""The bytes of a WARC or ARC file as one uncompressed stream that remembers where its gzip members begin.

Why not a gzip reader of the standard library or of warcio: records are found again by the offset of their member, so
where each one begins must be known exactly; and a damaged member must not end the reading. Both readers give neither
in a file whose members and records do not coincide. Damage is a value here (`Damage`), and the walker decides.
"""

from __future__ import annotations

import re
import zlib
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from crawler.holdings.heads import START
from crawler.holdings.sources import Source

MAGIC = b"\x1f\x8b\x08"
_CHUNK = 1 << 18
_LINE_END = 10
_BLANK = re.compile(rb"[\r\n]*")
_OVERLAP = 8192
_SAMPLE = 4096
_UNPACKED_SAMPLE = 16 << 10
_MOST_TRIES = 100_000
"""Places at which a gzip member might begin again that are tried behind damage; a file made of them costs no more."""
_FREE_BYTES = 1 << 30
_MOST_RATIO = 200
"""Beyond the first GiB, a file that unpacks to more than so many times its size is a bomb and no archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """Why a stream cannot go on.

    Attributes:
        offset: in the file, of the gzip member that is broken.
        text: what is wrong with it.
        clipped: the file ends inside it.
        fatal: reading on is of no use.
    """

    offset: int
    text: str
    clipped: bool = False
    fatal: bool = False


class Flow(Protocol):
    """An uncompressed stream of records.

    Attributes:
        position: of the next byte in the uncompressed stream.
        damage: why there is no further byte, where the end is not the file's end.
    """

    position: int
    damage: Damage | None

    def peek(self, count: int) -> bytes:
        """The next bytes without passing them; fewer where the stream ends."""

    def skip(self, count: int) -> int:
        """Pass so many bytes; returns how many were there."""

    def skip_blank(self) -> None:
        """Pass line ends."""

    def boundary(self) -> int | None:
        """The offset in the file at which just the next byte begins to be stored; ``None`` inside a gzip member."""

    def find(self) -> bool:
        """Pass everything up to the next line with which a record begins, not counting the one in hand.

        False where there is none.
        """

    def turn_back(self, position: int) -> None:
        """Make this the next byte again, where the stream can; behind the position there is nothing to lose."""

    @property
    def unbroken(self) -> bool:
        """``position`` counts from the beginning of the file: nothing was left out."""


class PlainFlow:
    """A file that is not compressed."""

    unbroken = True
    damage: Damage | None = None

    def __init__(self, source: Source, position: int = 0) -> None:
        self._source = source
        self.position = position
        self._window, self._window_at = b"", 0

    def peek(self, count: int) -> bytes:
        """See `Flow`."""
        begin = self.position - self._window_at
        if begin < 0 or begin + count > len(self._window):
            self._window, self._window_at = self._source.read_at(self.position, max(count, _SAMPLE)), self.position
            begin = 0
        return self._window[begin : begin + count]

    def skip(self, count: int) -> int:
        """See `Flow`."""
        passed = min(count, max(0, self._source.size - self.position))
        self.position += passed
        return passed

    def skip_blank(self) -> None:
        """See `Flow`."""
        while blank := _blank(self.peek(_SAMPLE)):
            self.position += blank

    def boundary(self) -> int | None:
        """See `Flow`."""
        return self.position

    def turn_back(self, position: int) -> None:
        """See `Flow`."""
        self.position = position

    def find(self) -> bool:
        """See `Flow`."""
        return _find(self)


class GzipFlow:
    """A file of gzip members, one per record as a rule."""

    def __init__(self, source: Source, offset: int = 0) -> None:
        self._source = source
        self._read_to = self._member = offset
        self.unbroken = offset == 0
        self._tries = self._unpacked = 0
        self.position = 0
        self._begin()

    def _begin(self) -> None:
        self.damage: Damage | None = None
        self._unpacker: zlib._Decompress | None = None
        self._pending = b""
        self._buffer = bytearray()
        self._passed = 0  # of the buffer
        self._marks: deque[tuple[int, int]] = deque()

    @property
    def _at(self) -> int:
        """Offset of the next compressed byte that was not used."""
        return self._read_to - len(self._pending)

    @property
    def _end(self) -> int:
        return self.position + len(self._buffer) - self._passed

    def peek(self, count: int) -> bytes:
        """See `Flow`."""
        while self._end - self.position < count and self._fill():
            pass
        return bytes(self._buffer[self._passed : self._passed + count])

    def skip(self, count: int) -> int:
        """See `Flow`."""
        left = count
        while left > 0:
            if self.position == self._end and not self._fill():
                break
            if left < count and self._begins_record():
                break
            step = min(left, self._end - self.position, self._to_mark())
            self._pass(step)
            left -= step
        return count - left

    def pass_over(self, count: int) -> None:
        """Pass so many bytes, wherever records and members begin."""
        end = self.position + count
        while self.position < end and (self.position < self._end or self._fill()):
            self._pass(min(end, self._end) - self.position)
            self.boundary()

    def _to_mark(self) -> int:
        """Bytes up to the next member."""
        return next(
            (mark - self.position for mark, _ in self._marks if mark > self.position), self._end - self.position
        )

    def _begins_record(self) -> bool:
        """Just here a gzip member begins, and with it a record: one that goes on here has a wrong length."""
        here = any(mark == self.position for mark, _ in self._marks)
        return here and START.match(self.peek(_OVERLAP)) is not None

    def skip_blank(self) -> None:
        """See `Flow`."""
        while blank := _blank(self.peek(1) and self.peek(min(_SAMPLE, self._end - self.position))):
            self._pass(blank)

    def boundary(self) -> int | None:
        """See `Flow`."""
        if self.position == self._end:
            self._fill()
        while self._marks and self._marks[0][0] < self.position:
            self._marks.popleft()
        here = [offset for position, offset in self._marks if position == self.position]
        if here:
            return here[-1]
        return self._at if self.position == self._end and self._unpacker is None else None

    def turn_back(self, position: int) -> None:
        """Nothing: what was unpacked is gone. `skip` ends where a record begins with its gzip member instead."""

    def find(self) -> bool:
        """See `Flow`."""
        while True:
            if _find(self):
                return True
            if self.damage is None or self.damage.fatal or not self._again(self.damage.offset + 1):
                return False
            if START.match(self.peek(_OVERLAP)):
                return True

    def _pass(self, count: int) -> None:
        self._passed += count
        self.position += count
        if self._passed == len(self._buffer):
            self._buffer.clear()
            self._passed = 0

    def _fill(self) -> bool:
        """Unpack some more; False at the end and at damage."""
        while self.damage is None:
            if not self._pending:
                self._pending = self._source.read_at(self._read_to, _CHUNK)
                self._read_to += len(self._pending)
            if self._unpacker is None and not self._next_member():
                return False
            if chunk := self._unpack():
                del self._buffer[: self._passed]
                self._passed = 0
                self._buffer += chunk
                return True
        return False

    def _next_member(self) -> bool:
        if not self._pending:
            return False
        if len(self._pending) < len(MAGIC):
            more = self._source.read_at(self._read_to, _CHUNK)
            self._read_to += len(more)
            self._pending += more
        self._member = self._at
        self._marks.append((self._end, self._member))
        if not self._pending.startswith(MAGIC):
            self.damage = Damage(offset=self._at, text="no gzip member begins there")
            return False
        self._unpacker = zlib.decompressobj(31)
        return True

    def _unpack(self) -> bytes:
        unpacker, fed = self._unpacker, self._pending
        if unpacker is None:
            return b""
        try:
            chunk = unpacker.decompress(fed, _CHUNK)
        except zlib.error as problem:
            self.damage = Damage(offset=self._member, text=f"it cannot be unpacked ({problem})")
            return b""
        self._pending = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        self._unpacked += len(chunk)
        if unpacker.eof:
            self._unpacker = None
        elif not fed and not chunk:
            self.damage = Damage(offset=self._member, text="the file ends inside it", clipped=True)
        elif self._unpacked > max(_FREE_BYTES, _MOST_RATIO * self._at):
            text = f"it unpacks to more than {_MOST_RATIO} times its size; the rest of the file was not read"
            self.damage = Damage(offset=self._member, text=text, fatal=True)
        return chunk

    def _again(self, offset: int) -> bool:
        """Go on at the next gzip member that begins with a record."""
        while (offset := self._next_magic(offset)) >= 0:
            self._tries += 1
            if self._tries > _MOST_TRIES:
                text = "it is followed by too much that only looks like records; the rest was not read"
                self.damage = Damage(offset=offset, text=text, fatal=True)
                return False
            if START.match(_unpacked_sample(self._source.read_at(offset, _SAMPLE))):
                self._begin()
                self._read_to, self.unbroken = offset, False
                return True
            offset += 1
        return False

    def _next_magic(self, offset: int) -> int:
        while window := self._source.read_at(offset, _CHUNK):
            found = window.find(MAGIC)
            if found >= 0:
                return offset + found
            if len(window) < len(MAGIC):
                break
            offset += len(window) - len(MAGIC) + 1
        return -1


def _blank(data: bytes) -> int:
    found = _BLANK.match(data)
    return found.end() if found else 0


def _find(flow: Flow) -> bool:
    """Search in the uncompressed stream; a start is looked for at the beginning of a line only."""
    while window := flow.peek(_CHUNK):
        for found in START.finditer(window):
            if found.start() and window[found.start() - 1] == _LINE_END:
                flow.skip(found.start())
                return True
        if len(window) < _CHUNK:
            flow.skip(len(window))
            return False
        flow.skip(len(window) - _OVERLAP)
    return False


def _unpacked_sample(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(data, _UNPACKED_SAMPLE)
    except zlib.error:
        return b""
