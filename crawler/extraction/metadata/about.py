"""Everything that a page says about its story beside headline, people and times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.extraction.agency import Wire, find_wire
from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.access import find_access
from crawler.extraction.metadata.corrections import Corrections, find_corrections
from crawler.extraction.metadata.declared_url import find_declared_url
from crawler.extraction.metadata.keywords import Keywords, find_keywords
from crawler.extraction.metadata.lead_image import find_lead_image
from crawler.extraction.metadata.section import find_section
from crawler.extraction.page import NOWHERE, Found


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What was found.

    Attributes:
        found: field of `storage.types.Article` with one value -> what was found for it, also where that is nothing.
        keywords: see `Keywords`.
        corrections: see `Corrections`.
    """

    found: Mapping[str, Found]
    keywords: Keywords
    corrections: Corrections

    @property
    def evidence(self) -> dict[str, str]:
        """Of everything found, and of a declared address that was refused."""
        several = (("keywords", self.keywords), ("corrections", self.corrections))
        refused = self.found.get("declared_url", NOWHERE)
        return {name: one.evidence for name, one in several if one.values} | (
            {"declared_url": refused.evidence} if refused.evidence else {}
        )

    @property
    def confidence(self) -> dict[str, float]:
        """Of the fields with several values."""
        several = (("keywords", self.keywords), ("corrections", self.corrections))
        return {name: one.confidence for name, one in several if one.values}


def find_about(page: ParsedPage, headline: str, byline: str, site_name: str, blocks: Sequence[str]) -> About:
    """Section, keywords, lead image, declared address, access, corrections, agency and dateline of the story.

    Args:
        page: the page.
        headline: found before; so are the next two.
        byline: likewise.
        site_name: likewise.
        blocks: of the body.
    """
    wire: Wire = find_wire(page, tuple(blocks), byline)
    image = find_lead_image(page, headline, blocks)
    return About(
        found={
            "section": find_section(page, headline, site_name),
            "declared_url": find_declared_url(page),
            "lead_image_url": image.url,
            "lead_image_caption": image.caption,
            "lead_image_credit": image.credit,
            "agency": wire.agency,
            "dateline": wire.dateline,
            "access": find_access(page, blocks),
        },
        keywords=find_keywords(page, headline, "\n".join(blocks), site_name),
        corrections=find_corrections(page, blocks),
    )
