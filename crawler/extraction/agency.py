"""The wire agency that a page credits, and the dateline that opens its body.

Why so few places and no search of the text: an agency named in the middle of a story is usually being quoted ("he told
Reuters"). Only the dateline, the byline, the closing credit, a line of copyright and the page's own credit fields say
whose story it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.extraction.dateline import NAMED, Dateline, agency_of, read_dateline
from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import names_of
from crawler.extraction.page import NOWHERE, Found

CONFIDENCES = {
    "opening of the body": 0.97,
    "dateline": 0.98,
    "byline": 0.96,
    "json-ld": 0.93,
    "meta": 0.92,
    "byline in the body": 0.95,
    "closing credit in its form": 0.93,
    "closing credit": 0.95,
    "closing line": 0.93,
    "copyright line": 0.92,
}
"""Judged, not measured: no public set labels it, and our own labelled cases, all right but a few, are too few."""

_TAIL_VERB = re.compile(
    r"^[\s\[(*_—–-]*(?:(?:reporting|writing|editing|compiled|translated)\s+(?:and \w+ )?by\b"
    r"|(?:source|credit|quelle|fuente|fonte|bron|kaynak|источник|джерело|źródło|zdroj|forrás|πηγή|المصدر)s?\s?[:：]"
    r"|来源|來源|출처|出典|(?:mit|with|con|com|avec|met|med|из|по) (?:material|materialien|agenturmaterial|information"
    r"|información|informações|informazioni|informations?|dépêches|материалам|сообщению)\b"
    r"|material from|по материалам|за матеріалами|с использованием)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"^[\s\[(*_—–-]*(?:©|\(c\)|copyright)(?:\s?(?:©|\(c\)|copyright|&copy;))?[\s,:]*(?:\d{4}(?:[-–/]\d{2,4})?)?[,.]?\s?(?:by\s)?(?:the\s)?$",
    re.IGNORECASE,
)
_RIGHTS_WORDS = re.compile(r"^\s?(?:limited|ltd|inc|llc|\d{4}|all rights|news|agency|[.,|]|$|via\b|-)", re.IGNORECASE)
_REUTERS_TAIL = re.compile(
    r"^[\s(]*(?:additional\s+)?(?:reporting|writing)\s+by\b.{1,400}\bediting\s+by\b", re.IGNORECASE | re.DOTALL
)
_ALONE = re.compile(r"^[\s(\[/*_–—-]*[^()\[\]]{2,60}?[\s)\]/*_.]*$")
_BYLINE = re.compile(r"^(?:by|from|von|par|por|di|da|door|av|af|od|автор:?)\s", re.IGNORECASE)
_JOINED = re.compile(
    r"(?:^|[,;|/(\[–—\-·&+=:]|(?<!\w)(?:with|from|by|and|avec|par|et|mit|von|und|der|des|con|de|y|di|e|com|da|via|door|z|za|av|fra|of|for"
    r"|и|для|от|из|по|według|wg|reports?|redazione|redaktion|redacción|agencia|agenzia|agence|agentur|agência))\s?(?:the\s)?$",
    re.IGNORECASE,
)
_ROLES = re.compile(
    r"^(?:[,;|/()–—\-·&+.:]|(?:staff|special|sports?|business|white house|diplomatic|national|science|"
    r"medical|ap|chief|political"
    r"|entertainment|technology|religion|legal|foreign|military|writers?|correspondents?|reporters?|editors?|limited|ltd|news"
    r"|newswires?|agency|service|sport|online|via|and|y|e|et|und|photographer|television|en|in|desk|\d{4})\b)",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(
    r"\b(?:contribut(?:ed|ing)|additional (?:reporting|material)|photo\w{0,7}|pictures?|images?|video|graphics?)\b",
    re.IGNORECASE,
)
_HEAD_BLOCKS = 3
_OWN_BLOCKS = 2
_TAIL_BLOCKS = 4
_TAIL_CHARS = 500
_BYLINE_CHARS = 120
_CREDIT_METAS = (
    *("source", "agency", "news_source", "dc.source", "copyright-holder", "syndication-source", "article:source"),
    *("article:provider", "provider", "dc.creator", "copyright", "dc.rights", "rights"),
)
_SPOKEN = re.compile(r"^[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{2,40}:\s")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wire:
    """Agency and dateline, each with its evidence; empty where there is none."""

    agency: Found = NOWHERE
    dateline: Found = NOWHERE


def find_wire(page: ParsedPage, blocks: Sequence[str], byline: str) -> Wire:
    """The agency whose story it is, and the place line that opens it.

    Args:
        page: for its credit fields and its line of copyright.
        blocks: of the body.
        byline: found before.
    """
    dateline = _opening(blocks)
    shown = _found(dateline.line, "opening of the body") if dateline else NOWHERE
    if dateline and dateline.agency:
        return Wire(agency=_found(dateline.agency, "dateline"), dateline=shown)
    for text, evidence in _credits(page, blocks, byline):
        if name := _agency_in(text, alone=evidence != "closing credit"):
            return Wire(agency=_found(name, evidence), dateline=shown)
    if any(_REUTERS_TAIL.match(block) for block in blocks[-_TAIL_BLOCKS:]):
        return Wire(agency=_found("Reuters", "closing credit in its form"), dateline=shown)
    name = _rights_holder([*blocks[-_TAIL_BLOCKS:], *(line.text for line in page.lines)])
    return Wire(agency=_found(name, "copyright line") if name else NOWHERE, dateline=shown)


def _found(value: str, evidence: str) -> Found:
    confidence = CONFIDENCES.get(evidence) or CONFIDENCES[evidence.partition(" ")[0]]
    return Found(value=value, evidence=evidence, confidence=confidence)


def _opening(blocks: Sequence[str]) -> Dateline | None:
    """The dateline of the first blocks; one without an agency counts in the first two, and no speaker of a dialogue."""
    for index, block in enumerate(blocks[:_HEAD_BLOCKS]):
        found = None if block.startswith(("## ", "- ", "> ")) else read_dateline(block)
        if found and (found.agency or (index < _OWN_BLOCKS and not _is_dialogue(block, blocks))):
            return found
    return None


def _is_dialogue(block: str, blocks: Sequence[str]) -> bool:
    return _SPOKEN.match(block) is not None and sum(_SPOKEN.match(one) is not None for one in blocks[:40]) > 1


def _credits(page: ParsedPage, blocks: Sequence[str], byline: str) -> Iterator[tuple[str, str]]:
    """Texts that credit somebody, with the name of the place."""
    yield byline, "byline"
    for key in ("author", "creator", "sourceOrganization", "copyrightHolder", "provider"):
        for name in names_of(page.article.get(key)):
            yield name, f"json-ld {key}"
    for meta in _CREDIT_METAS:
        yield page.meta(meta)[0], f"meta {meta}"
    for block in blocks[:_HEAD_BLOCKS]:
        if len(block) <= _BYLINE_CHARS and _BYLINE.match(block):
            yield _BYLINE.sub("", block), "byline in the body"
    yield from _closing(blocks)


def _closing(blocks: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The last blocks that say nothing but whose story it is, the last first."""
    for block in reversed(blocks[-_TAIL_BLOCKS:]):
        if len(block) <= _TAIL_CHARS and not _NO_CREDIT.search(block):
            if _TAIL_VERB.match(block):
                yield block, "closing credit"
            elif _ALONE.match(block):
                yield block, "closing line"


def _agency_in(text: str, *, alone: bool) -> str:
    """The agency named in a text; short marks and, if `alone`, all names must be an item of its own."""
    for match in NAMED.finditer(text[:_TAIL_CHARS]):
        if (alone or match["mark"]) and not match["cjk"] and not _in_list(text, match):
            continue
        return agency_of(match[0])
    return ""


def _in_list(text: str, match: re.Match[str]) -> bool:
    """Whether the name stands as an item of its own: ``Jane Roe, Reuters``, ``Roe/AP``, ``Le Courrier avec AFP``."""
    before, after = text[: match.start()].rstrip()[-30:], text[match.end() :].lstrip()
    return _JOINED.search(before) is not None and (not after or after[0] in ")]" or _ROLES.match(after) is not None)


def _rights_holder(lines: Sequence[str]) -> str:
    """The one agency that lines of copyright name; empty where they name several: those are the page's footer."""
    named = set()
    for line in lines:
        if len(line) > _TAIL_CHARS or not (
            "©" in line or "opyright" in line or "(c)" in line.lower() or "OPYRIGHT" in line
        ):
            continue
        match = NAMED.search(line[:80])
        if match and _RIGHTS.match(line[: match.start()]) and _RIGHTS_WORDS.match(line[match.end() :]):
            named.add(agency_of(match[0]))
    return named.pop() if len(named) == 1 else ""
