"""Which captures tell an article, and their records out of the library's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.library import Library
from crawler.packaging.added import added
from storage.captures import CaptureReader
from storage.captures.lifting import CaptureRecords, records_of
from storage.captures.records import Record
from storage.protocol import Store
from storage.types import ArticleVersion, ArticleView, Capture, CaptureKind, KnownPayload

Visit = tuple[Capture, ...]
"""The captures of one attempt, in the order of their coming."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The captures that some articles rest on.

    Attributes:
        visits: by the number of a version's capture or of a lead image's.
        known: for revisits among them where their bytes are now, by payload digest.
    """

    visits: Mapping[int, Visit]
    known: Mapping[str, KnownPayload]

    def of(self, version: ArticleVersion) -> tuple[Capture | None, Visit]:
        """The page of a version, if it is still known, and what else its visit brought."""
        return self._split(version.capture_id)

    def of_image(self, view: ArticleView) -> Visit:
        """The lead image behind the redirects that led there; empty where none is stored."""
        image = view.lead_image.capture if view.lead_image else None
        page, others = self._split(image.id or 0) if image else (None, ())
        return (*others, page) if page else ()

    def _split(self, capture_id: int) -> tuple[Capture | None, Visit]:
        visit = self.visits.get(capture_id, ())
        page = next((one for one in visit if one.id == capture_id), None)
        return page, tuple(one for one in visit if one is not page)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A capture's records, and the one of ours that stands beside them."""

    records: CaptureRecords
    added: Record | None


def captures_of(store: Store, views: Sequence[ArticleView]) -> Found:
    """The captures of these articles, all versions, in two questions to the store."""
    wanted = {version.capture_id for view in views for version in view.versions}
    images = (view.lead_image.capture for view in views if view.lead_image)
    wanted |= {image.id for image in images if image is not None and image.id is not None}
    visits = store.visits(wanted)
    return Found(visits=visits, known=_known(store, [one for visit in visits.values() for one in visit]))


def taken(reader: CaptureReader, capture: Capture, known: Mapping[str, KnownPayload]) -> Taken:
    """A capture's records.

    Raises:
        CaptureError: they cannot be read, or are not what was stored.
        PlaceUnavailable: their file is in a place that cannot be used now.
    """
    payload = known.get(capture.payload_digest) if capture.revisit_of else None
    records = records_of(reader, capture, payload)
    content = reader.payload(capture) if capture.kind is CaptureKind.RENDERED else None
    return Taken(records=records, added=added(capture, records, content))


def one_capture(library: Library, capture: Capture) -> Iterator[bytes]:
    """One capture as a WARC file: for a revisit the record with its bytes first, then request, metadata, the record.

    Everything is read before this returns, so that what is wrong is known before the first byte is sent.

    Returns:
        The file in pieces, one gzip member each: records as they are stored, byte for byte.

    Raises:
        CaptureError: a record was removed or cannot be read; the text says why.
        PlaceUnavailable: its file is in a place that cannot be used now.
    """
    known = _known(library.store, [capture])
    with library.reader() as reader:
        records = records_of(reader, capture, known.get(capture.payload_digest))
    return (record.member for record in records.all())


def _known(store: Store, captures: Sequence[Capture]) -> dict[str, KnownPayload]:
    digests = {capture.payload_digest for capture in captures if capture.revisit_of}
    return store.known_payloads(digests) if digests else {}
