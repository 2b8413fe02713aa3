"""For a check whether the reader is a robot.

Headers alone never decide: vendors send theirs with every answer. A mark in the source counts fully only on a page
that says little; phrases count where they are most of what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from crawler.classify.phrases.checks import CHECK_LABELS
from crawler.classify.phrases.faults import FAULT_LABELS
from crawler.classify.wording import labelled
from storage.types import Clue, PageKind

_LITTLE, _SOME = 120, 300
_FEW_WORDS = 30
_REFUSALS = frozenset({401, 403, 405, 406, 429, 503})
_DOMINATES = 0.15
_GATEWAY = frozenset({500, 502, 504, *range(520, 531)})
"""A check has never one of these."""
_SENT_ON = re.compile(
    r"location(?:\.href|\.replace|\.assign)?\s*[=(]\s*['\"]([^'\"]{0,300}(?:captcha|/challenge|botcheck)[^'\"]{0,300})"
)
_GATEWAY_TITLE = re.compile(r"\b5(?:02|04|2\d|30)\b|gateway|dns")


def challenges(facts: Facts) -> Iterator[Clue]:
    """Marks of vendors, the words of a check, scripts that set a cookie and load again."""
    kind, damping = PageKind.CHALLENGE, 1.0 if facts.shape.visible_words < _SOME else 0.5
    if _reports_a_failure(facts):
        return
    for mark in facts.marks[:2]:
        few = mark.weight >= 3 or facts.shape.visible_words < _LITTLE  # noqa: PLR2004 - a telling mark
        yield clue(f"mark of {mark.vendor}", kind, mark.weight * damping if few else 0.5, repr(mark.found))
    if facts.vendor_headers:
        yield clue("header of a check", kind, 1.5 if facts.shape.own_words < _LITTLE else 0.3, facts.vendor_headers[0])
    if label := labelled(facts.title, CHECK_LABELS):
        yield clue("its title is that of a check", kind, 3.0, label)
    if label := labelled((*facts.headings, *facts.openers[:6]), CHECK_LABELS):
        yield clue("its heading is that of a check", kind, 2.5 * damping, label)
    yield from _words(facts, damping)
    yield from _behaviour(facts)


def _reports_a_failure(facts: Facts) -> bool:
    """Whether a protecting service says that the site behind it does not answer: no check of the reader."""
    named = facts.page.status in _GATEWAY or any(_GATEWAY_TITLE.search(text) for text in facts.title[:1])
    return named and bool(labelled((*facts.title, *facts.headings), FAULT_LABELS) or facts.said["fault"])


def leads_to_a_check(facts: Facts) -> Iterator[Clue]:
    """A redirect brought in a word such as ``captcha``, or a page without a word sends on to such an address."""
    for address in (facts.address, facts.led_to):
        if address and address.leads_to and address.leads_to[0] is PageKind.CHALLENGE:
            yield clue("redirected to a check", PageKind.CHALLENGE, 3.5, address.leads_to[1])
            return
    if facts.shape.visible_words < _FEW_WORDS and (found := _SENT_ON.search(facts.source)):
        yield clue("a script sends on to a check", PageKind.CHALLENGE, 3.0, found.group(1))


def _words(facts: Facts, damping: float) -> Iterator[Clue]:
    lines = facts.said["check"]
    if lines:
        weight = 2.5 if len(lines) == 1 else 4.0
        share = facts.share_said("check")
        weight += 1.0 if facts.page.status in _REFUSALS else 0.0
        weight *= damping if share >= _DOMINATES else 0.4
        yield clue("speaks as a check does", PageKind.CHALLENGE, weight, lines[0])


def _behaviour(facts: Facts) -> Iterator[Clue]:
    kind, few = PageKind.CHALLENGE, facts.shape.visible_words < _FEW_WORDS
    if facts.furnishings.captchas and facts.shape.own_words < _FEW_WORDS:
        yield clue("asks to solve a captcha", kind, 2.5 if facts.shape.visible_words < _LITTLE else 0.5)
    if (
        few
        and "document.cookie" in facts.source
        and ("location.reload" in facts.source or "location.href" in facts.source)
    ):
        yield clue("sets a cookie and loads again", kind, 3.5)
    elif few and facts.page.status in _REFUSALS and facts.scripts and "javascript" in facts.source:
        yield clue("refuses with a script", kind, 1.0, f"HTTP {facts.page.status}")
