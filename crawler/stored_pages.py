"""A stored capture as the page that it was when it came.

Why one home: whoever understands a page again must know of it what was known then. Of an archived copy that is the
page's own URL and the moment at which the archive saw it, never the archive's URL or the day of our own request.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.extraction import PageInput
from crawler.library import Library
from storage.captures import CaptureReader
from storage.captures.content import MAX_CONTENT
from storage.types import Capture, CaptureKind, Citation, HostProbe, Redirect


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What was known of a page beside its capture; see `crawler.extraction.PageInput`."""

    requested_url: str = ""
    redirects: tuple[Redirect, ...] = ()
    citations: tuple[Citation, ...] = ()
    probe: HostProbe | None = None


ALONE = Surroundings()
"""Nothing was known."""


def stored_content(library: Library, reader: CaptureReader, capture: Capture, *, max_bytes: int = MAX_CONTENT) -> bytes:
    """The content of a capture, wherever its bytes are; at most so many bytes of it.

    Raises:
        StorageError: it cannot be read.
    """
    known = library.store.known_payloads([capture.payload_digest]).get(capture.payload_digest)
    return reader.content(capture, known, max_bytes=max_bytes)


def stored_page(
    library: Library, reader: CaptureReader, capture: Capture, surroundings: Surroundings = ALONE
) -> PageInput:
    """The page of a capture, ready to be understood.

    Raises:
        StorageError: its content cannot be read.
    """
    return page_of(capture, stored_content(library, reader, capture), surroundings)


def page_of(capture: Capture, content: bytes, surroundings: Surroundings = ALONE) -> PageInput:
    """The page of a capture whose content was read."""
    return PageInput(
        url=capture.page_url,
        content=content,
        content_type=next((value for name, value in capture.headers if name.lower() == "content-type"), ""),
        captured_at=capture.captured_at,
        status=capture.status,
        headers=capture.headers,
        requested_url=surroundings.requested_url,
        redirects=surroundings.redirects,
        citations=surroundings.citations,
        probe=surroundings.probe,
        rendered=capture.kind is CaptureKind.RENDERED,
    )
