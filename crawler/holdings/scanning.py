"""Looking through a large file for the few records that are wanted (a day of a news crawl has tens of thousands).

FastWARC goes from record to record and gives the URL and the offset, nothing else is looked at; only a record whose URL
is wanted is then read by `crawler.holdings.reading.Walker`. So what is not wanted costs its decompression.

Why the walker still has the last word: FastWARC says nothing of a file that ends in the midst of a record, and stops at
the first bad head. So from the last record that it found, the walker goes on: to the end, where all is well, and
through the damage, where not. What it finds twice is told by its offset. A file whose records share gzip members has no
offsets that FastWARC could give; the walker reads it from the first of them on.

What is not seen: damage in the midst of a file that FastWARC reads over. Indexing without ``--wanted-only`` reports it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawler.errors import UnusableUrl
from crawler.holdings.heads import unbracketed
from crawler.holdings.reading import Report, Walker
from crawler.holdings.wanted import WantedKeys
from storage.types import HeldRecord

_TYPES = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.resource


def scan(path: str, walker: Walker, wanted: WantedKeys, report: Report) -> Iterator[HeldRecord]:
    """The records of a WARC file whose URLs are wanted; the walker must ask the same keys."""
    hits = _Hits(path, wanted, report)
    known = -1
    for offset, url in hits:
        record = walker.at(offset)
        if record is None or record.url != url:
            hits.trusted = max(known, 0)
            break
        known = offset
        yield record
    for record in walker.records(hits.trusted):
        if record.offset > known or record.member:
            yield record


class _Hits:
    """(offset, URL) of records that are wanted; afterwards, from `trusted` on all is to be read again."""

    def __init__(self, path: str, wanted: WantedKeys, report: Report) -> None:
        self._path, self._wanted, self._report = path, wanted, report
        self.trusted = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        last = -1
        try:
            for record in self._records():
                offset = record.stream_pos
                if offset <= last:
                    return
                # The last one is read again in any case, so it is not counted here.
                self.trusted, last = max(last, 0), offset
                url = unbracketed(record.headers.get("WARC-Target-URI") or "")
                if self._is_wanted(url):
                    yield offset, url
        except (OSError, ValueError):
            return  # the walker says what it is

    def _records(self) -> ArchiveIterator:
        return ArchiveIterator(self._path, record_types=_TYPES, parse_http=False, auto_decode="none", fsspec_args=False)

    def _is_wanted(self, url: str) -> bool:
        try:
            wanted = self._wanted.key_of(url) is not None
        except UnusableUrl:
            wanted = False
        self._report.passed += not wanted
        return wanted
