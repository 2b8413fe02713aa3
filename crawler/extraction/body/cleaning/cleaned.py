"""What cleaning gives."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.extraction.page import NOWHERE, Found
from storage.types import Cut


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """Blocks without the page's own lines.

    Attributes:
        blocks: of the story.
        standfirst: that stood among them or beside them; no part of the blocks.
        cuts: what went, in the order of the page; the standfirst is none of them.
    """

    blocks: tuple[str, ...]
    standfirst: Found = NOWHERE
    cuts: tuple[Cut, ...] = ()
