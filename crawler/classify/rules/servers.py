"""For an error page: the server failed, is not set up, is closed, or does not serve where we are.

A page that is refused to a region counts as an error page too, since no check and no form leads past it; its clue
`REGION` lets the outcome say that we are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from crawler.classify.phrases.faults import FAULT_LABELS
from crawler.classify.wording import labelled
from storage.types import Clue, PageKind

REGION = "refuses the reader's region"

_MOSTLY, _HALF = 0.2, 0.45
_SMALL_PAGE = 150
_OWN_BRIEF, _HARDLY_ANY = 60, 8
_CODE = re.compile(
    r"(?:<b>)?(?:fatal error|parse error|warning|notice)(?:</b>)?: .{1,200}? on line (?:<b>)?\d+"
    r"|microsoft ole db provider for|\[microsoft\]\[odbc|vbscript runtime|adodb\.\w+ error|server error in '/"
    r"|traceback \(most recent call last\)|you have an error in your sql syntax|java\.lang\.\w+|ora-\d{5}"
    r"|error occurred while processing request|mysql_(?:p?connect|query|fetch)|mysqli?_?(?:sql_)?exception"
    r"|coldfusion|the page you requested (?:caused|generated) an error|error '8\w{7}'|active server pages error"
    r"|sqlstate\[|unhandled exception|http status 500|whitelabel error page|django\.\w+\.exceptions"
    r"|root cause.{0,40}exception|\b[a-z]{3,40}(?:error|exception) at /|exception (?:type|value|location)\s*:?\s*<"
    r"|\bat [\w.$<>]{3,100}\(\w{1,60}\.(?:java|cs|py|rb|js|scala|kt):\d+|#\d+ /[\w./-]{3,150}\(\d+\)"
    r"|/[\w./-]{3,150}\.(?:rb|js|ts|php):\d+:in\b|uncaught (?:exception|\w{0,40}error)|activerecord::|actionview::"
    r"|\bat \w[\w.]{2,60} \(/?[\w./-]{3,150}\.[jt]s:\d+:\d+\)|goroutine \d+ \[running\]|segmentation fault"
)
_MISSING = re.compile(
    r"\b(?:file|page|template|article|story|document|record|url)s? (?:was |could )?not (?:be )?found|does not exist|404"
)
_SERVER_FAILS, _LEGAL_REASONS = 500, 451


def fails(facts: Facts) -> Iterator[Clue]:
    """The title, the words, a program's own message, the status."""
    kind, lines = PageKind.ERROR_PAGE, facts.said["fault"]
    share = facts.share_said("fault")
    whole = (share >= _MOSTLY or facts.shape.visible_words < _SMALL_PAGE) and not _names_what_is_missing(facts)
    whole = whole and not _foresees_its_failure(facts)
    if label := labelled(facts.title, FAULT_LABELS):
        yield clue("its title is that of an error", kind, 3.0 if whole else 1.5, label)
    if label := labelled((*facts.headings, *facts.openers[:4]), FAULT_LABELS):
        yield clue("its heading is that of an error", kind, 2.5 if whole else 1.0, label)
    if lines:
        weight = 3.0 if len(lines) > 1 or share >= _HALF else 2.0
        yield clue("says that the server failed", kind, weight if whole else 0.5, lines[0])
    if whole and facts.shape.own_words < _OWN_BRIEF and (message := _CODE.search(facts.source)):
        yield clue("shows a program's message", kind, 3.0, message.group(0))
    if facts.page.status >= _SERVER_FAILS:
        yield clue("status of an error", kind, 1.5, f"HTTP {facts.page.status}")
    if facts.page.status == _LEGAL_REASONS:
        yield clue(REGION, kind, 3.5, "HTTP 451")
    if facts.address.leads_to and facts.address.leads_to[0] is kind and facts.address.moved:
        yield clue("redirected to an error page", kind, 3.0, facts.address.leads_to[1])


def speaks_of_a_region(facts: Facts) -> bool:
    """Whether a good part of the page says that it is not served here."""
    share = facts.share_said("region")
    return share >= _MOSTLY or (share > 0 and facts.shape.visible_words < _SMALL_PAGE)


def _names_what_is_missing(facts: Facts) -> bool:
    """Whether the error is that something was not found: programs report a missing story as their own failure."""
    return any(_MISSING.search(line) for line in facts.said["gone"])


def _foresees_its_failure(facts: Facts) -> bool:
    """Whether the page only waits for a script, and holds the words for the case that none comes."""
    return bool(facts.said["script"] and facts.scripts) and facts.shape.own_words < _HARDLY_ANY


def refuses_the_region(facts: Facts) -> Iterator[Clue]:
    """The page is not served where we are."""
    lines = facts.said["region"]
    if lines and speaks_of_a_region(facts):
        yield clue(REGION, PageKind.ERROR_PAGE, 3.5, lines[0])
