"""The body of a page: candidates, the choice between them, and what goes from its edges."""

from crawler.extraction.body.blocks import join_blocks
from crawler.extraction.body.finding import find_body
from crawler.extraction.body.found import Body, Hints

__all__ = ["Body", "Hints", "find_body", "join_blocks"]
