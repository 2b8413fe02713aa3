"""What is known of a page before its body is looked for, and what the search gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.extraction.body.blocks import join_blocks
from crawler.extraction.page import NOWHERE, UNRULED, Found, Ruled
from storage.types import BodyChoice, Citation, LiveEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """What the body should be about, and which lines are known to be no part of it.

    Attributes:
        headline: of the story; empty where the page names none.
        byline: likewise.
        citations: how event entries cite the page.
        ruled: what the publisher's own rule found.
    """

    headline: str = ""
    byline: str = ""
    citations: tuple[Citation, ...] = ()
    ruled: Ruled = UNRULED


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """Structured text as `storage.types.Article` defines it, and how it was found.

    Attributes:
        blocks: of the text; none where nothing looks like an article.
        standfirst: cut from the text, or stated by the page.
        entries: of a live blog.
        choice: which candidate was taken, and what was cut.
        edge_lines: see `storage.types.Article.edge_lines`.
        evidence: one phrase.
    """

    blocks: tuple[str, ...] = ()
    standfirst: Found = NOWHERE
    entries: tuple[LiveEntry, ...] = ()
    choice: BodyChoice = field(default_factory=BodyChoice)
    edge_lines: tuple[int, ...] = ()
    evidence: str = ""

    @property
    def text(self) -> str:
        """The blocks separated by one blank line."""
        return join_blocks(self.blocks)
