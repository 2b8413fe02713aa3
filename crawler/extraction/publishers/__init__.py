"""Rules of single publishers: the layouts that they had, and where each keeps its fields."""

from crawler.extraction.publishers.applying import apply_rules
from crawler.extraction.publishers.registry import PUBLISHERS
from crawler.extraction.publishers.rule import Publisher, PublisherRule

__all__ = ["PUBLISHERS", "Publisher", "PublisherRule", "apply_rules"]
