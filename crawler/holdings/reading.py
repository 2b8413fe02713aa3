"""Walking a WARC, ARC or WACZ file of somebody else's, record by record.

What is readable is read; what is not is reported in a sentence with its offset. Nothing that a file holds raises.

Why a walker of our own and neither warcio nor FastWARC: an index needs the exact place of every record and must read on
behind damage. warcio refuses a file that was compressed as a whole, takes a damaged member for plain text and ends
there; FastWARC reads no ARC, says nothing of a clipped end and stops at the first bad head. For looking through a large
file for a few records FastWARC goes first (`crawler.holdings.scanning`).

Why a WACZ is read from its WARCs and not from its index: an index can be old, partial or wrong, and names no lengths
that can be trusted; the WARCs cannot disagree with themselves. It costs one pass over the file, once.

Why members that are compressed where they should be stored are read slowly instead of refused: such files exist, the
records are in them, and a person who has only this file cannot make another.

How a record is addressed: by the offset of its gzip member (of its first byte, in a plain file), in the stretch of a
WACZ that its ``member`` names. Where records and gzip members do not coincide (a file compressed as a whole), the
member is the name of what is inside (``news.warc`` in ``news.warc.gz``), and offsets count its uncompressed bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeAlias

from crawler.archives.records import RESOURCE, RESPONSE, REVISIT
from crawler.errors import UnusableUrl
from crawler.holdings.flows import MAGIC, Damage, Flow, GzipFlow, PlainFlow
from crawler.holdings.heads import LONGEST_HEAD, START, Head, digest_of, facts_of, read_head, refers_to
from crawler.holdings.sources import Source
from crawler.urls.parts import split
from crawler.urls.surt import surt
from storage.types import HeldRecord

ARC, WARC = "arc", "warc"
MOST_PROBLEMS = 100
"""Sentences that are kept of one file."""
_MOST_DAMAGES = 10_000
_HEAD_STEPS = (4096, 1 << 16, LONGEST_HEAD)
_MESSAGE = 1 << 13
"""Bytes of a block that are looked at: status and content type stand at its beginning."""
_SHOWN_URL = 200
_TYPES = frozenset({RESPONSE, RESOURCE, REVISIT})

KeyOf: TypeAlias = Callable[[str], str | None]
"""URL -> its key where its record is wanted, else ``None``; raises `UnusableUrl`."""


def key_of(url: str) -> str | None:
    """The SURT of the URL as it stands. What a URL of another archive wraps is another capture's, not this one's.

    Raises:
        UnusableUrl: it has none.
    """
    return surt(split(url))


@dataclass(slots=True)
class Report:
    """What became of a file while it was read.

    Attributes:
        kind: ``warc``, ``arc`` or ``wacz``; empty before the first record is seen.
        passed: captures of the web that are not wanted (about so many: those that are looked at twice count twice).
        other: captures of no web page (``dns:``, ``ftp:``, ``metadata:``), or of a URL that nobody can request.
        slow: names of what is compressed so that each record costs a run through the file.
        problems: what could not be read, at most `MOST_PROBLEMS`.
        damages: how many problems there were in all.
    """

    kind: str = ""
    passed: int = 0
    other: int = 0
    slow: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    damages: int = 0

    def tell(self, text: str) -> None:
        """Note a problem."""
        self.damages += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """One record, whole."""

    head: Head
    beginning: bytes
    member: str
    offset: int
    length: int


class Walker:
    """Reads one WARC or ARC stream.

    Args:
        path: of the file; goes into the records.
        source: the stream's bytes.
        member: its name inside a WACZ; empty elsewhere.
        report: what happens goes there.
        key: see `KeyOf`.
    """

    def __init__(self, path: str, source: Source, report: Report, *, member: str = "", key: KeyOf = key_of) -> None:
        self._path, self._source, self._report, self._member, self._key = path, source, report, member, key

    def records(self, offset: int = 0) -> Iterator[HeldRecord]:
        """Those that are wanted, from the one at this offset on."""
        try:
            for found in self._walk(self._flow(offset)):
                if (record := self._held(found)) is not None:
                    yield record
        except OSError as problem:
            self._tell(f"the rest could not be read: {problem.strerror or problem}")

    def at(self, offset: int) -> HeldRecord | None:
        """The one whose gzip member begins at this offset; ``None`` where there is none, or it is not wanted."""
        try:
            flow = self._flow(offset)
            found = self._one(flow, flow.boundary())
        except OSError:
            return None
        if not isinstance(found, _Found) or found.offset != offset or found.member != self._member:
            return None
        return self._held(found)

    def _flow(self, offset: int) -> Flow:
        gzipped = self._source.read_at(offset, len(MAGIC)) == MAGIC
        return GzipFlow(self._source, offset) if gzipped else PlainFlow(self._source, offset)

    def _walk(self, flow: Flow) -> Iterator[_Found]:
        inside, damages = 0, 0
        while True:
            place = flow.boundary()
            flow.skip_blank()
            if flow.damage is None and not flow.peek(1):
                return
            began = flow.position
            found = self._one(flow, place)
            if isinstance(found, _Found):
                inside = began + found.head.size
                yield found
                continue
            self._tell(found)
            damages += 1
            if damages > _MOST_DAMAGES:
                self._tell("it has too many broken places; the rest was not read")
                return
            if not self._go_on(flow, began, inside):
                return

    def _go_on(self, flow: Flow, began: int, inside: int) -> bool:
        """To the next record behind a broken one, or behind the head of one whose length led astray."""
        here = START.match(flow.peek(_HEAD_STEPS[0])) is not None
        if flow.position > began:
            if here:
                return True
            flow.turn_back(began)
        elif not here:
            flow.turn_back(inside)
        if flow.find():
            return True
        if flow.damage is not None and flow.damage.fatal:
            self._tell(f"the gzip member at {flow.damage.offset}: {flow.damage.text}")
        return False

    def _one(self, flow: Flow, place: int | None) -> _Found | str:
        """The record that begins here, or what is wrong with it."""
        start = flow.position
        head = _head(flow)
        if isinstance(head, str):
            self._see(flow)
            return self._problem(flow.damage, place, start, head)
        self._report.kind = self._report.kind or (ARC if head.arc else WARC)
        wanted = head.type in _TYPES
        beginning = flow.peek(head.size + min(head.block, _MESSAGE))[head.size :] if wanted else b""
        passed = flow.skip(head.size + head.block)
        flow.skip_blank()
        behind = flow.boundary()
        torn = flow.damage is not None and place is not None and behind is None
        if torn or passed < head.size + head.block:
            problem = self._problem(flow.damage, place, start, "it is shorter than it says, or cut off")
            return f"{problem} ({head.url[:_SHOWN_URL]})" if head.url else problem
        if place is not None and behind is not None:
            return _Found(head=head, beginning=beginning, member=self._member, offset=place, length=behind - place)
        return self._inside(
            flow, _Found(head=head, beginning=beginning, member="", offset=start, length=flow.position - start)
        )

    def _see(self, flow: Flow) -> None:
        """A file is what its records try to be, also where none of them can be read."""
        start = START.match(flow.peek(_HEAD_STEPS[0]))
        if start is not None:
            self._report.kind = self._report.kind or (ARC if start["url"] else WARC)

    def _inside(self, flow: Flow, found: _Found) -> _Found | str:
        """A record in the midst of a gzip member: reachable only from the beginning of the file."""
        if found.head.type not in _TYPES:
            return found
        if self._member or not flow.unbroken:
            return (
                f"a record of {found.head.url[:_SHOWN_URL] or found.head.type} shares its gzip member with"
                " others and cannot be reached; `warcio recompress` makes a file in which it can"
            )
        name = inner_name(self._path)
        if name not in self._report.slow:
            self._report.slow.append(name)
        return _Found(head=found.head, beginning=found.beginning, member=name, offset=found.offset, length=found.length)

    def held(
        self, head: Head, block: bytes, *, offset: int, length: int, member: str | None = None
    ) -> HeldRecord | None:
        """What the index keeps of a record; ``None`` where it is no capture of the web, or is not wanted.

        Args:
            head: its head.
            block: the beginning of its block.
            offset: see `HeldRecord`.
            length: likewise.
            member: likewise; ``None``: the walker's.
        """
        if head.said is None or head.type not in _TYPES:
            return None
        try:
            key = self._key(head.url) if head.is_of_the_web else ""
        except UnusableUrl:
            key = ""
        if not key:
            self._report.other += key == ""
            self._report.passed += key is None
            return None
        status, media_type = facts_of(head.said, block)
        return HeldRecord(
            path=self._path,
            member=self._member if member is None else member,
            offset=offset,
            length=length,
            url=head.url,
            url_key=key,
            captured_at=head.said.captured_at,
            status=status,
            media_type=media_type,
            digest=digest_of(head.said),
            refers_to=refers_to(head.said) if head.type == REVISIT else "",
            revisit=head.type == REVISIT,
        )

    def _held(self, found: _Found) -> HeldRecord | None:
        return self.held(found.head, found.beginning, offset=found.offset, length=found.length, member=found.member)

    def _problem(self, damage: Damage | None, place: int | None, start: int, text: str) -> str:
        if damage is not None:
            return f"the gzip member at {damage.offset}: {damage.text}"
        at = f"at {place}" if place is not None else f"at {start} of the uncompressed file"
        return f"the record {at}: {text}"

    def _tell(self, text: str) -> None:
        self._report.tell(f"{self._member}: {text}" if self._member else text)


def _head(flow: Flow) -> Head | str:
    """The head that begins here; as much is looked at as it takes."""
    for step in _HEAD_STEPS:
        data = flow.peek(step)
        head = read_head(data)
        if isinstance(head, Head) or len(data) < step or not START.match(data):
            break
    return head


def inner_name(path: str) -> str:
    """What a file that is compressed as a whole is called inside."""
    return PurePath(os.path.basename(path)).stem  # noqa: PTH119 - the name may be of any system
