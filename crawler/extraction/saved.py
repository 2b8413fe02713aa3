"""A saved article as an `Article`: what the person kept, plus the agency and language that its text shows."""

from __future__ import annotations

from datetime import UTC, datetime, time

from crawler.extraction.agency import find_wire
from crawler.extraction.document import bare_page
from crawler.extraction.metadata.language import find_language
from crawler.extraction.version import SAVED_EXTRACTOR, SAVED_EXTRACTOR_VERSION
from storage.types import Article, DatedTime, DatePrecision, SavedArticle


def article_of_saved(saved: SavedArticle) -> Article:
    """The article; ``text_digest`` and ``keys`` are left to `crawler.dedup`."""
    bare = bare_page(saved.identity.request_url, datetime(1, 1, 1, tzinfo=UTC))
    wire = find_wire(bare, tuple(saved.body.split("\n\n")), saved.byline)
    language = find_language(bare, saved.body)
    evidence = {"headline": "title line", "body": "saved text", "language": language.evidence}
    evidence |= {"byline": "byline line"} if saved.byline else {}
    evidence |= {"published_at": "date line"} if saved.published_on else {}
    evidence |= {"agency": wire.agency.evidence} if wire.agency.value else {}
    evidence |= {"dateline": wire.dateline.evidence} if wire.dateline.value else {}
    return Article(
        headline=saved.headline,
        body=saved.body,
        byline=saved.byline,
        published_at=_published(saved),
        language=language.value,
        agency=wire.agency.value,
        dateline=wire.dateline.value,
        evidence=evidence,
        extractor=SAVED_EXTRACTOR,
        extractor_version=SAVED_EXTRACTOR_VERSION,
    )


def _published(saved: SavedArticle) -> DatedTime | None:
    if saved.published_on is None:
        return None
    return DatedTime(
        value=datetime.combine(saved.published_on, time(), UTC),
        precision=DatePrecision.DAY,
        evidence="date line",
        raw=saved.published_on.isoformat(),
    )
