"""The ``archive/`` folder of a WACZ: WARC files, filled one after the other, each begun by a warcinfo record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.packaging.added import date_of, new_id
from crawler.packaging.index import Entry, line_of
from crawler.packaging.spool import Spool
from crawler.packaging.zipped import Writing, Zipped
from storage.captures.lifting import StoredRecord
from storage.captures.members import Held, read_record
from storage.captures.records import Record, RecordType, one_line

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a file in which there is no capture."""

_FORMAT = (
    ("format", "WARC File Format 1.1"),
    ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What the warcinfo records say.

    Attributes:
        title: of the collection.
        software: that made it.
        rotate_at: bytes after which a WARC file gets no further record.
    """

    title: str
    software: str
    rotate_at: int


def warcinfo(name: str, about: About, date: datetime) -> Record:
    """The first record of a file.

    Args:
        name: of the file.
        about: what it says.
        date: of the record behind it: the same selection gives the same bytes, so no clock is asked.
    """
    fields = (("software", about.software), *_FORMAT, ("isPartOf", about.title))
    lines = (f"{field}: {one_line(value)}\r\n" for field, value in fields if value)
    return Record(
        type=RecordType.WARCINFO,
        record_id=new_id(f"warcinfo {about.title} {date.isoformat()} {name}"),
        date=date,
        content_type="application/warc-fields",
        block="".join(lines).encode("utf-8", "replace"),
        fields=(("WARC-Filename", name),),
    )


class Archive:
    """Takes records; what can be looked up goes into the spool's index.

    Attributes:
        records: how many were written, warcinfo records among them.
        latest: date of the latest of them; `NEVER` before the first.
    """

    def __init__(self, out: Zipped, spool: Spool, about: About) -> None:
        self._out, self._spool, self._about = out, spool, about
        self._files, self._name, self._number = ExitStack(), "", 0
        self._writing: Writing | None = None
        self.records, self.latest = 0, NEVER

    @contextmanager
    def opened(self) -> Iterator[None]:
        """At least one file is written, also where no record comes."""
        with self._files:
            yield
            if self._writing is None:
                self._file(NEVER)

    def write(self, record: StoredRecord) -> None:
        """Append a stored record as it is, unless it was written already."""
        if self._spool.is_new(record.file, record.found.offset):
            self._append(record.member, _entry(record))

    def write_made(self, record: Record, after: StoredRecord) -> None:
        """Append a record of ours, once for each stored one that it belongs to."""
        if not self._spool.is_new(f"added {after.file}", after.found.offset):
            return
        member = record.member()
        message_head = bytearray()
        found = read_record(Held(0, member), 0, len(member), message_head=message_head)
        stored = StoredRecord(file="", found=found, message_head=bytes(message_head), member=member)
        self._append(member, _entry(stored))

    def _append(self, member: bytes, entry: Entry) -> None:
        date = date_of(entry.head)
        writing = self._file(date)
        self.latest = max(self.latest, date)
        offset = writing.size
        writing.write(member)
        self.records += 1
        placed = Entry(
            head=entry.head,
            message_head=entry.message_head,
            digest=entry.digest,
            file=self._name,
            offset=offset,
            length=len(member),
        )
        if line := line_of(placed):
            self._spool.add_line(line)

    def _file(self, date: datetime) -> Writing:
        if self._writing is not None and self._writing.size < self._about.rotate_at:
            return self._writing
        self._files.close()
        self._number += 1
        self._name = f"data-{self._number:05d}.warc.gz"
        self._writing = self._files.enter_context(self._out.member(f"archive/{self._name}"))
        self._writing.write(warcinfo(self._name, self._about, date).member())
        self.records += 1
        return self._writing


def _entry(record: StoredRecord) -> Entry:
    return Entry(
        head=record.head,
        message_head=record.message_head,
        digest=record.found.payload_digest,
        file="",
        offset=0,
        length=0,
    )
