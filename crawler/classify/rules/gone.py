"""For a page that is gone although the status is a success.

It says so, a redirect says so, or the host says the same for any path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from crawler.classify.phrases.gone import GONE_LABELS, PARKED_LABELS, PARKED_SAYINGS, UNUSED_LABELS
from crawler.classify.rules.servers import speaks_of_a_region
from crawler.classify.wording import labelled, lines_said
from storage.types import Clue, PageKind

HOME = "redirected to the home page"
REPEATED = "other documents show the same text"

_MOSTLY = 0.15
_SMALL_PAGE, _LARGE_PAGE = 150, 1200
_NEW_WORDS, _FEW_NEW_WORDS = 12, 30
_SHARED = 0.6
_NOTICE = 30
_NUMBER = re.compile(r"\b(?:404|410)\b")
_PARKING = (
    *(
        "sedoparking",
        "parkingcrew",
        "bodis.com",
        "hugedomains",
        "dan.com/buy-domain",
        "afternic",
        "domainmarket",
        "undeveloped.com",
    ),
    *(
        "above.com/marketplace",
        "namebright",
        "parklogic",
        "uniregistry",
        "domain_parking",
        "parkingpage",
        "sedo.com/search",
        "parked-content",
    ),
)


def says_gone(facts: Facts) -> Iterator[Clue]:
    """The title, the heading, the words."""
    if speaks_of_a_region(facts):
        return
    kind, lines = PageKind.SOFT_404, facts.said["gone"]
    share = facts.share_said("gone")
    damping = 1.0 if facts.shape.own_words < _SMALL_PAGE else 0.5
    if label := labelled(facts.title, GONE_LABELS):
        yield clue("its title says gone", kind, 3.5 * damping, label)
    elif facts.title and _NUMBER.search(facts.title[0]) and facts.shape.own_words < _SMALL_PAGE:
        yield clue("its title says gone", kind, 1.0, facts.title[0])
    if label := labelled((*facts.headings, *facts.openers[:8]), GONE_LABELS):
        yield clue("its heading says gone", kind, 3.0 * damping, label)
    if lines:
        small = share >= _MOSTLY or facts.shape.visible_words < _SMALL_PAGE
        early = any(line in facts.headings or line in facts.openers for line in lines)
        alone = len(lines) > 1 or facts.shape.own_words < _NOTICE
        weight = (3.5 if alone else 2.5) if small else 3.0 if early else 2.0
        yield clue(
            "says that the page is gone",
            kind,
            weight * damping if facts.shape.visible_words < _LARGE_PAGE else 1.0,
            lines[0],
        )


def is_unused(facts: Facts) -> Iterator[Clue]:
    """The server stands, but nobody's site is on it any more: a first page, an account that is closed."""
    if label := labelled((*facts.title, *facts.headings, *facts.openers[:4]), UNUSED_LABELS):
        yield clue("a server without a site", PageKind.SOFT_404, 4.0, label)
    if (lines := facts.said["unused"]) and facts.shape.visible_words < _LARGE_PAGE:
        yield clue("speaks of a server without a site", PageKind.SOFT_404, 2.5, lines[0])


def is_parked(facts: Facts) -> Iterator[Clue]:
    """The domain is for sale: whatever stood here is gone."""
    kind, lines = PageKind.SOFT_404, facts.said["parked"]
    if label := labelled((*facts.title, *facts.headings, *facts.openers[:6]), PARKED_LABELS):
        yield clue("parked domain", kind, 3.0, label)
    if lines and facts.shape.visible_words < _LARGE_PAGE:
        title = lines_said(f"\n{facts.title[0]}\n", PARKED_SAYINGS) if facts.title else ()
        yield clue("speaks of a parked domain", kind, 3.5 if title or len(lines) > 1 else 2.5, lines[0])
    if facts.source and (mark := next((mark for mark in _PARKING if mark in facts.source), "")):
        yield clue("mark of a parking service", kind, 3.0, mark)


def was_led_away(facts: Facts) -> Iterator[Clue]:
    """A redirect ended elsewhere than at a page of its own."""
    kind, address = PageKind.SOFT_404, facts.led_to or facts.address
    if not address.moved:
        return
    if address.home and address.deep:
        yield clue(HOME, kind, 6.0, facts.page.url)
    elif address.leads_to and address.leads_to[0] is kind:
        yield clue("redirected to a page for errors", kind, 4.0, address.leads_to[1])
    elif address.section:
        yield clue("redirected to a section page", kind, 3.5, facts.page.url)


def differs_from_nothing(facts: Facts) -> Iterator[Clue]:
    """Compared with what the host answers for a path that cannot exist."""
    found, kind = facts.novelty, PageKind.SOFT_404
    if found is None:
        return
    detail = f"{found.words} words of its own, {found.shared:.0%} of its lines are the same"
    if found.honest:
        yield clue("the host answers unknown paths with an error status", kind, -1.0)
    elif facts.lines and found.words < _NEW_WORDS and found.shared >= _SHARED:
        yield clue("the host answers any path so", kind, 6.0, detail)
    elif found.same_place and facts.address.moved:
        yield clue("the host sends any path here", kind, 5.0, facts.page.url)
    elif facts.lines and found.words < _FEW_NEW_WORDS and found.shared >= _SHARED:
        yield clue("the host answers any path nearly so", kind, 2.5, detail)
