"""Lead images: the pictures at the head of articles, each fetched and stored as a document of its own.

Why a document: politeness, robots.txt, leases, retries and captures then hold for an image as they do for a page, and
"why is it missing" has the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.types.captures import Capture
from storage.types.documents import Document
from storage.types.events import DocumentIdentity


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedImage:
    """The lead image of an article's version, to be fetched.

    Attributes:
        url: as the article names it.
        identity: the document that it means.
    """

    url: str
    identity: DocumentIdentity


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageFacts:
    """What a stored image is.

    Attributes:
        width: in pixels.
        height: likewise.
        media_type: by its bytes, whatever the server said (``image/jpeg``).
        perceptual_hash: 64 bits as a signed number; those of pictures that look alike differ in few bits.
    """

    width: int
    height: int
    media_type: str
    perceptual_hash: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadImage:
    """The lead image of an article's version, and what became of it.

    Attributes:
        url: as the article named it when it was queued.
        document: that is fetched for it.
        facts: of the latest image that was stored of the document; ``None`` where there is none.
        capture: that has its bytes; ``None`` likewise.
    """

    url: str
    document: Document
    facts: ImageFacts | None = None
    capture: Capture | None = None
