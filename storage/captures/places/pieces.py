"""Bytes of a file in a place that is no file of this machine, as `storage.captures.members.pread` reads them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from storage.captures.places import Place

_KEPT = 3


class Stretch:
    """One stretch of a file, fetched in one request: a record whose place is known.

    Raises:
        FileNotFoundError: the file is not there.
        PlaceUnavailable: the place cannot be used now.
    """

    def __init__(self, place: Place, name: str, start: int, end: int) -> None:
        self._start = start
        self._data = place.read(name, start, end)

    def pread(self, length: int, offset: int) -> bytes:
        """As `os.pread`; nothing outside the stretch."""
        position = offset - self._start
        return self._data[position : position + length] if position >= 0 else b""


class Pieces:
    """A whole file, fetched piece by piece as it is read; the last few stay. What is read in order is hashed.

    Args:
        place: where it is.
        name: of the file.
        size: bytes that it has.
        step: bytes of a piece.
    """

    def __init__(self, place: Place, name: str, size: int, *, step: int) -> None:
        self._place, self._name, self._size, self._step = place, name, size, step
        self._held: OrderedDict[int, bytes] = OrderedDict()
        self._digest, self._hashed = hashlib.sha256(), 0

    def pread(self, length: int, offset: int) -> bytes:
        """As `os.pread`.

        Raises:
            FileNotFoundError: the file is not there.
            PlaceUnavailable: the place cannot be used now.
        """
        found = bytearray()
        end = min(offset + length, self._size)
        while offset < end:
            number, begins = divmod(offset, self._step)
            piece = self._piece(number)[begins : begins + end - offset]
            if not piece:
                break
            found += piece
            offset += len(piece)
        return bytes(found)

    def sha256(self) -> str:
        """Digest of the whole file, 64 hex digits; reads what nobody has read yet."""
        while self._hashed * self._step < self._size:
            self._piece(self._hashed)
        return self._digest.hexdigest()

    def _piece(self, number: int) -> bytes:
        piece = self._held.get(number)
        if piece is None:
            start = number * self._step
            piece = self._place.read(self._name, start, min(self._size, start + self._step))
            self._held[number] = piece
            if len(self._held) > _KEPT:
                self._held.popitem(last=False)
            if number == self._hashed:
                self._digest.update(piece)
                self._hashed += 1
        return piece
