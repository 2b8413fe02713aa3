"""A page under its publisher's rules: which layout it has, and what that layout says of it.

Why a miss is a result: a publisher changes its layout without a word, and the generic finders then go on with
whatever they find. The page says so itself (`Ruled.missed`), the store counts it, `dateline doctor` reports it.

Why nothing here raises: a rule is an improvement on the generic finders; where it fails they are still there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.etree import XPathError
from lxml.html import HtmlElement

from crawler.extraction.document import MAX_ELEMENTS, ParsedPage
from crawler.extraction.page import UNRULED, Found, Ruled
from crawler.extraction.publishers.registry import PUBLISHERS
from crawler.extraction.publishers.rule import Publisher, PublisherRule

CONFIDENCE = 0.97
"""Of a field that a rule found: it stands where the publisher puts it.

Measured on the pages of these publishers in five public benchmarks, each page once: 35 of 36 values are what the
labels say (headline 15 of 15, byline 12 of 12, first date 8 of 9: of a page that was changed for days the label has a
later one). Nearly all have layouts of 2014 and later. Older layouts have no labelled pages: there the figure rests on
pages of our own, which show that a rule does what it says and not how often its publisher kept to the layout.
"""

_IN_BODY = frozenset({"dateline", "agency"})
"""Fields that are read from the body and stay there."""
_LABELS = {
    "byline": re.compile(r"^(?:by|from)\b[\s:]*", re.IGNORECASE),
    "lead_image_credit": re.compile(r"^(?:credit|photograph|photo)\b[\s.:]*(?:by\b[\s:]*)?", re.IGNORECASE),
}
_CLOCK = re.compile(r"\d:\d\d")
_ZONE = re.compile(r"(?:Z|[A-Z]{3,4}|[+-]\d\d:?\d\d)$")
_ENDS = " ,;|\u00b7-\u2013\u2014"


def apply_rules(page: ParsedPage) -> Ruled:
    """What the rule of the page's publisher finds.

    Args:
        page: parsed; is not changed.

    Returns:
        Empty where no publisher is known for the address, and for pages that are too large or were flattened, whose
        layout is gone. ``missed`` names the publisher where none of its layouts fits (``bbc``) and, where one fits,
        each field that it promises and does not have (``bbc-2003: headline``). Never raises.
    """
    publisher = publisher_of(page.host, page.path)
    if publisher is None or page.flattened or page.elements > MAX_ELEMENTS:
        return UNRULED
    try:
        rule = rule_for(publisher, page)
        return Ruled(missed=(publisher.name,)) if rule is None else _apply(rule, page.tree)
    except XPathError:  # libxml2 gives up on what it thinks too deep or too large
        return Ruled(missed=(publisher.name,))


def publisher_of(host: str, path: str) -> Publisher | None:
    """The publisher whose stories stand at this address."""
    return next((one for one in PUBLISHERS if one.publishes(host, path)), None)


def rule_for(publisher: Publisher, page: ParsedPage) -> PublisherRule | None:
    """The rule of the layout that the page has; of several that of its era, then the newest."""
    likely = sorted(publisher.rules, key=lambda rule: (rule.holds_on(page.captured_at), rule.since), reverse=True)
    return next((rule for rule in likely if rule.fits(page.host, page.path, page.tree)), None)


def _apply(rule: PublisherRule, tree: HtmlElement) -> Ruled:
    stated = {name: (_cleaned(rule, name, value), elements) for name, value, elements in rule.stated(tree)}
    missing = [name for name in rule.promises if not stated[name][0]]
    body = rule.body_in(tree)
    if rule.body and not body:
        missing.append("body")
    places = (one for name, (_, elements) in stated.items() if name not in _IN_BODY for one in elements)
    return Ruled(
        rule=rule.name,
        missed=tuple(f"{rule.name}: {name}" for name in missing),
        fields={name: _found(rule, value) for name, (value, _) in stated.items() if value},
        body=body,
        dropped=_dropped(rule, tree, body, places) if body else (),
    )


def _found(rule: PublisherRule, value: str) -> Found:
    return Found(value=value, evidence=f"rule {rule.name}", confidence=CONFIDENCE)


def _cleaned(rule: PublisherRule, name: str, value: str) -> str:
    """The value without the label that opens it, a time with the zone that the publisher means."""
    if label := _LABELS.get(name):
        # one name each in a list, the last of them as "and Bram Oakhurst"
        return label.sub("", value).strip(_ENDS).replace(", and ", " and ")
    zoneless = name.endswith("_at") and _CLOCK.search(value) and not _ZONE.search(value)
    return value + rule.zone if zoneless else value


def _dropped(
    rule: PublisherRule, tree: HtmlElement, body: tuple[HtmlElement, ...], places: Iterable[HtmlElement]
) -> tuple[HtmlElement, ...]:
    """What the rule drops, and the fields that stand inside the body without being part of it; no repeats."""
    held = set(body)
    inside = (one for one in places if one in held or any(above in held for above in one.iterancestors()))
    return tuple(dict.fromkeys((*rule.dropped_in(tree), *inside)))
