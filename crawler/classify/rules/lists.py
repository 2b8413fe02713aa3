"""For a list: a home page, a section, search results. Links with the words of headlines, and little else."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from crawler.classify.phrases.forms import LIST_LABELS
from crawler.classify.rules.articles import headline_in_title
from crawler.classify.wording import labelled
from crawler.extraction.text import UNSPACED
from storage.types import Clue, PageKind

_LIST_TYPES = frozenset({"collectionpage", "searchresultspage", "itemlist", "profilepage"})
_LONG_LABELS = frozenset(label for label in LIST_LABELS if " " in label or UNSPACED.search(label))
"""Single words ("News", "Results") head sections of reports too."""
_SEVERAL, _MANY, _MENU_WORDS = 4, 12, 40
_LINKED, _MOSTLY_LINKED = 0.45, 0.65
_OUTWEIGHED, _BURIED = 0.65, 0.85
_BRIEF_WORDS, _REPORT_WORDS = 40, 150


def is_home(facts: Facts) -> Iterator[Clue]:
    """Its address is that of a home page or a section."""
    if facts.address.home:
        yield clue("the address of a home page", PageKind.LISTING, 2.5, facts.page.url)
    elif facts.address.listing:
        weight = 1.5 if facts.shape.own_words < _REPORT_WORDS else 0.8
        yield clue("the address of a section", PageKind.LISTING, weight, facts.address.listing)
    elif facts.address.one_page:
        told = facts.shape.own_words >= _BRIEF_WORDS and headline_in_title(facts)
        yield clue("the address of one page", PageKind.LISTING, -2.5 if told else -1.0)
    if label := labelled(facts.title[:1], LIST_LABELS) or labelled(facts.headings[:2], _LONG_LABELS):
        yield clue("titled as a list", PageKind.LISTING, 1.5, label)


def is_listing(facts: Facts) -> Iterator[Clue]:
    """Headlines that lead elsewhere outweigh what is told here."""
    kind, shape = PageKind.LISTING, facts.shape
    if shape.headlines >= _SEVERAL:
        share = shape.headline_words / (shape.headline_words + shape.own_words)
        weight = 3.0 if share >= _BURIED else 1.5 if share >= _OUTWEIGHED else 0.0
        if weight:
            yield clue("headlines that lead elsewhere", kind, weight, f"{shape.headlines}, {share:.0%} of the words")
    if shape.teasers >= _SEVERAL:
        weight = 2.5 if shape.teasers >= _MANY else 1.5
        yield clue(
            "headlines with summaries",
            kind,
            weight if shape.own_words < _REPORT_WORDS else weight / 2,
            f"{shape.teasers}",
        )
    if shape.linked_share >= _LINKED and shape.own_words < _REPORT_WORDS and _leads_on(facts):
        yield clue(
            "mostly links", kind, 1.5 if shape.linked_share >= _MOSTLY_LINKED else 0.7, f"{shape.linked_share:.0%}"
        )
    if found := sorted(facts.types & _LIST_TYPES):
        yield clue("declares a list", kind, 1.5 if shape.own_words < _REPORT_WORDS else 0.5, f"json-ld {found[0]}")
    if facts.og_type == "website" and shape.own_words < _REPORT_WORDS:
        yield clue("declares a website", kind, 0.5, "og:type website")
    if facts.furnishings.article_tags >= _SEVERAL and shape.own_words < _REPORT_WORDS:
        yield clue("several article elements", kind, 1.0, f"{facts.furnishings.article_tags}")


def _leads_on(facts: Facts) -> bool:
    """Whether the links are more than the site's own menu."""
    return facts.shape.headlines > 1 or (len(facts.links) > _SEVERAL and facts.shape.visible_words >= _MENU_WORDS)
