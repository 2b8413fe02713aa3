"""For a page that is gone although the status is a success.

It says so, a redirect says so, or the host says the same for any path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.classify.citing import stems
from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from crawler.classify.phrases.gone import GONE_LABELS, PARKED_LABELS, PARKED_SAYINGS, UNUSED_LABELS
from crawler.classify.phrases.leaving import CLOSED_LABELS, CLOSED_SAYINGS, FAREWELLS, GAMBLING
from crawler.classify.rules.servers import speaks_of_a_region
from crawler.classify.wording import labelled, lines_said
from storage.types import Clue, PageKind

HOME = "redirected to the home page"
REPEATED = "other documents show the same text"

_MOSTLY = 0.15
_SMALL_PAGE, _LARGE_PAGE = 150, 1200
_NEW_WORDS, _FEW_NEW_WORDS = 12, 30
_SHARED = 0.6
_NOTICE, _OWN_WORDS = 30, 12
_FAREWELL_WORDS, _SELLING = 120, 2
_SEPARATORS = re.compile(r"[\W\d_]+")
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
    """The title, the heading, the words; a search that found nothing was asked for as such."""
    if speaks_of_a_region(facts):
        return
    kind, lines = PageKind.SOFT_404, facts.said["gone"]
    if facts.address.search:
        return
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
        early = any(line in facts.headings or line in facts.openers or line in facts.beginning for line in lines)
        alone = len(lines) > 1 or facts.shape.own_words < _NOTICE
        weight = (3.5 if alone else 2.5) if small else 3.0 if early else 2.0
        weight = 4.0 if early and facts.shape.own_words < _OWN_WORDS and facts.address.one_page else weight
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


def takes_its_leave(facts: Facts) -> Iterator[Clue]:
    """The site has closed and says goodbye at every address; a report on it would share a word with its address."""
    if not facts.address.deep or facts.shape.visible_words >= _FAREWELL_WORDS or facts.agreement.shared:
        return
    said = "\n".join(("", *facts.headings, *sorted(facts.beginning), ""))
    closed, label = lines_said(said, CLOSED_SAYINGS), labelled(facts.headings or facts.openers[:4], CLOSED_LABELS)
    farewell = next((phrase for phrase in sorted(FAREWELLS) if phrase in said), "")
    if sum(map(bool, (closed, label, farewell))) > 1 and not _echoes_its_address(facts):
        yield clue("a site takes its leave", PageKind.SOFT_404, 4.5, label or closed[0])


def sells_something_else(facts: Facts) -> Iterator[Clue]:
    """Games of chance are sold where a story was: somebody else has the domain now."""
    if not facts.address.deep or facts.agreement.shared or not facts.title:
        return
    said = "\n".join((*facts.title[:1], *facts.headings, *facts.openers, *facts.beginning))
    found = [phrase for phrase in sorted(GAMBLING) if phrase in said]
    if len(found) >= _SELLING and any(phrase in facts.title[0] for phrase in found):
        yield clue("sells games of chance", PageKind.SOFT_404, 4.5, ", ".join(found[:3]))


def _echoes_its_address(facts: Facts) -> bool:
    """Whether a telling word of the path stands in the text."""
    path = urlsplit(facts.page.requested_url or facts.page.url).path
    return bool(stems([_SEPARATORS.sub(" ", path)]) & stems([*facts.title, *facts.beginning]))


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
