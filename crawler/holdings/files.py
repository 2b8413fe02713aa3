"""Opening a held file, whatever it is: plain, gzip, LZ4, Zstandard or WACZ, told by its first bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.holdings.frames import frames, is_framed, unpacked
from crawler.holdings.heads import Head, read_head
from crawler.holdings.reading import WARC, KeyOf, Report, Walker, key_of
from crawler.holdings.scanning import scan
from crawler.holdings.sources import FileSource
from crawler.holdings.wacz import ZIP_START, Wacz
from crawler.holdings.wanted import WantedKeys
from storage.types import HeldRecord

WACZ = "wacz"
_LONGEST_FRAME = 64 << 20


@dataclass(slots=True)
class OpenFile:
    """A file that is read; the descriptor is its caller's.

    Attributes:
        path: absolute.
        fd: open for reading.
        report: what was found so far.
        wanted: only records of these are kept; ``None``: all.
    """

    path: str
    fd: int
    report: Report
    wanted: WantedKeys | None = None

    def records(self) -> Iterator[HeldRecord]:
        """All that are wanted, in the order of the file. Never raises for what the file holds."""
        source = FileSource.whole(self.fd)
        try:
            beginning = source.read_at(0, 8)
        except OSError as problem:
            self.report.tell(f"it could not be read: {problem.strerror or problem}")
            return
        if not beginning:
            self.report.tell("it is empty")
        elif beginning.startswith(ZIP_START):
            yield from self._wacz()
        elif is_framed(beginning):
            yield from self._framed(source)
        else:
            yield from self._plain(source)

    @property
    def _key(self) -> KeyOf:
        return key_of if self.wanted is None else self.wanted.key_of

    def _plain(self, source: FileSource) -> Iterator[HeldRecord]:
        walker = Walker(self.path, source, self.report, key=self._key)
        if self.wanted is None:
            yield from walker.records()
        else:
            yield from scan(self.path, walker, self.wanted, self.report)

    def _wacz(self) -> Iterator[HeldRecord]:
        try:
            archive = Wacz(self.fd)
        except OSError as problem:
            self.report.tell(str(problem))
            return
        try:
            yield from self._members(archive)
        finally:
            archive.close()

    def _members(self, archive: Wacz) -> Iterator[HeldRecord]:
        if archive.overlapping():
            self.report.tell("its members claim more bytes than it has; it was not read")
            return
        for member in archive.members():
            self.report.kind = WACZ
            name = member.filename
            try:
                source = archive.source(member)
            except OSError as problem:
                self.report.tell(f"{name}: {problem}")
                continue
            if not isinstance(source, FileSource):
                self.report.slow.append(name)
            yield from Walker(self.path, source, self.report, member=name, key=self._key).records()

    def _framed(self, source: FileSource) -> Iterator[HeldRecord]:
        walker = Walker(self.path, source, self.report, key=self._key)
        behind = 0
        try:
            for offset, length in frames(self.path, source.size):
                behind = offset + length
                if isinstance(found := _in_frame(source, offset, length), str):
                    self.report.tell(f"the record at {offset}: {found}")
                    continue
                self.report.kind = self.report.kind or WARC
                if (record := walker.held(*found, offset=offset, length=length)) is not None:
                    yield record
        except (OSError, ValueError) as problem:
            self.report.tell(f"the rest, from the record at {behind} on, could not be read: {problem}")


def _in_frame(source: FileSource, offset: int, length: int) -> tuple[Head, bytes] | str:
    """Head and block of the record in a frame, or what is wrong with it."""
    data = unpacked(source, offset, length, _LONGEST_FRAME)
    head = read_head(data)
    if isinstance(head, str):
        return head
    if len(data) < min(head.size + head.block, _LONGEST_FRAME):
        return "it is shorter than it says, or cut off"
    return head, data[head.size :]


def modified(fd: int) -> tuple[int, int]:
    """(size, modification time in nanoseconds) of an open file: by these a changed one is told."""
    state = os.fstat(fd)
    return state.st_size, state.st_mtime_ns
