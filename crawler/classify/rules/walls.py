"""For a wall that wants something first: consent, or a name and a password.

Nearly every page of today carries a consent banner, nearly every page of 2005 a login box. So their words only count in
full where they are a good part of all that the page says.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.classify.clues import clue
from crawler.classify.facts import Facts
from crawler.classify.phrases.consent import CONSENT_BUTTONS, CONSENT_LABELS
from crawler.classify.phrases.login import LOGIN_LABELS
from crawler.classify.wording import labelled
from storage.types import Clue, PageKind

_HALF, _THIRD, _SOME = 0.5, 0.3, 0.12
_SMALL_PAGE = 150
_BRIEF, _REPORT = 25, 30
_PLATFORMS = (
    *("onetrust", "sourcepoint", "sp_message", "didomi", "quantcast", "qc-cmp", "usercentrics", "consentmanager"),
    *("cookiebot", "cookiewall", "cookie-wall", "privacy-gate", "privacygate", "fundingchoices", "consent-form"),
    *(
        "consent-wall",
        "guce.",
        "consent.yahoo",
        "consent.google",
        "trustarc",
        "cmp-container",
        "iubenda",
        "age-gate",
        "agegate",
    ),
)


def asks_consent(facts: Facts) -> Iterator[Clue]:
    """The title, the words, the buttons, the platform, the address."""
    kind, lines, share = PageKind.CONSENT_WALL, facts.said["consent"], facts.share_said("consent")
    whole = share >= _HALF or (facts.shape.own_words < _REPORT and (share >= _SOME or _is_small(facts)))
    if label := labelled(facts.title, CONSENT_LABELS):
        yield clue("its title asks for consent", kind, 3.0 if whole else 1.0, label)
    if label := labelled((*facts.headings, *facts.openers[:4]), CONSENT_LABELS):
        yield clue("its heading asks for consent", kind, 2.0 if whole else 0.4, label)
    if lines:
        weight = 3.5 if share >= _HALF else 0.4 if not whole else 2.5 if share >= _THIRD else 1.5
        yield clue("speaks of consent", kind, weight, f"{share:.0%} of the words: {lines[0]}")
    if button := _button(facts):
        yield clue("has a button to agree", kind, 1.5 if whole else 0.3, button)
    if facts.source and (platform := next((name for name in _PLATFORMS if name in facts.source), "")):
        yield clue("mark of a consent platform", kind, 1.5 if share >= _THIRD else 0.4, platform)
    if facts.address.leads_to and facts.address.leads_to[0] is kind:
        moved = "redirected to" if facts.address.moved else "stands on"
        yield clue(
            f"{moved} an address for consent", kind, 3.5 if facts.address.moved else 2.0, facts.address.leads_to[1]
        )


def _is_small(facts: Facts) -> bool:
    return facts.shape.visible_words < _SMALL_PAGE


def _button(facts: Facts) -> str:
    return next((label for label in (*facts.furnishings.buttons, *sorted(facts.links)) if label in CONSENT_BUTTONS), "")


def asks_who(facts: Facts) -> Iterator[Clue]:
    """The title, the form, the words, the address."""
    kind, lines = PageKind.LOGIN_WALL, facts.said["login"]
    whole = facts.shape.own_words < _REPORT and (facts.share_said("login") >= _SOME or _is_small(facts))
    if label := labelled(facts.title, LOGIN_LABELS):
        yield clue("its title asks for a login", kind, 3.0, label)
    if label := labelled(facts.headings or facts.openers[:3], LOGIN_LABELS):
        yield clue("its heading asks for a login", kind, 2.0 if whole else 1.0, label)
    if facts.furnishings.passwords:
        yield clue("asks for a password", kind, 2.5 if facts.shape.own_words < _BRIEF and whole else 0.5)
    elif facts.furnishings.fields and facts.shape.own_words < _BRIEF and lines and whole:
        yield clue("asks for a name", kind, 1.0)
    if lines:
        weight = 1.5 if len(lines) == 1 else 2.5
        yield clue("speaks of a login", kind, weight if whole else 0.4, lines[0])
    if facts.address.leads_to and facts.address.leads_to[0] is kind and facts.address.moved:
        yield clue("redirected to a login", kind, 3.5, facts.address.leads_to[1])
