"""What may be the body of a page: every way to find it is one candidate."""

from crawler.extraction.body.candidates.prose import is_prose
from crawler.extraction.body.candidates.registry import (
    CANDIDATES,
    CHEAP,
    ESCALATION,
    LAST_RESORT,
    RULE,
    Candidate,
)
from crawler.extraction.body.candidates.source import Source

__all__ = ["CANDIDATES", "CHEAP", "ESCALATION", "LAST_RESORT", "RULE", "Candidate", "Source", "is_prose"]
