"""The wire agency that a page credits, and the dateline that opens its body.

Why four places and no search of the text: an agency named in the middle of a story is usually being quoted ("he told
Reuters"). Only the dateline, the byline, the closing credit and the page's own credit fields say whose story it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extraction.agencies import AGENCIES
from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import names_of
from crawler.extraction.page import NOWHERE, Found

_ANY_NAME = "|".join(
    re.escape(form) for form in sorted({form for one in AGENCIES for form in one.names}, key=len, reverse=True)
)
_ANY_MARK = "|".join(
    re.escape(form) for form in sorted({form for one in AGENCIES for form in one.marks}, key=len, reverse=True)
)
_ANY_CJK = "|".join(
    re.escape(form) for form in sorted({form for one in AGENCIES for form in one.cjk}, key=len, reverse=True)
)
_NAMED = re.compile(rf"(?<!\w)(?:(?P<name>(?i:{_ANY_NAME}))|(?P<mark>{_ANY_MARK}))(?!\w)|(?P<cjk>{_ANY_CJK})")
_PLACE = r"[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄΑ-Ω][\w.'’/ -]{1,40}(?:,\s?[A-ZÀ-ÖØ-ÞА-ЯЁ][\w.'’ -]{1,30})?"
_DAY_STATED = r"(?:,?\s?(?:\w{3,10}\.?\s\d{1,2}|\d{1,2}\.?\s\w{3,10})(?:,?\s\d{4})?)"
_DAY = f"{_DAY_STATED}?"
_DASH = r"\s{0,2}(?:\.?\s?[—–―]+|\.?\s?--+|\.?-(?=\s|[A-ZÀ-ÞА-ЯЁ]))"
_CREDITED = rf"(?:{_ANY_NAME}|{_ANY_MARK})(?:[/,&] ?[\w. ]{{2,30}}|\s[\w.-]{{2,20}})?"
_DATELINES = (
    # WASHINGTON (AP) -; MOSCOW, Dec 30 (Reuters) -; Berlin (dpa) -; Madrid, 5 mar (EFE).-
    re.compile(rf"^(?P<line>{_PLACE}{_DAY},?\s?[(/\[]\s?(?P<credit>{_CREDITED})\s?[)/\]])\s?(?:{_DASH}|[.:,])"),
    # (Reuters) -; (ANSA) - ROMA, 12 MAR -
    re.compile(rf"^(?P<line>\(\s?(?P<credit>{_CREDITED})\s?\){_DASH}?(?:\s?{_PLACE}{_DAY}(?={_DASH}))?)"),
    # New Delhi, Mar 5 (PTI) The court
    re.compile(rf"^(?P<line>{_PLACE}{_DAY_STATED},?\s?\((?P<credit>{_CREDITED})\))\s"),
    # MOSCOW, December 30. /TASS/.
    re.compile(rf"^(?P<line>{_PLACE}{_DAY}\.?\s?/(?P<credit>{_CREDITED})/)"),
    # TOKYO, March 5, Kyodo -; МОСКВА, 5 мар - РИА Новости.
    re.compile(rf"^(?P<line>{_PLACE}{_DAY}(?:,|{_DASH})\s?(?P<credit>{_CREDITED}))\s?(?:{_DASH}|\.)"),
)
_CJK_DATELINE = re.compile(
    rf"^[\s　]*(?P<line>(?P<open>[【(（〔\[])[^】)）〕\]]{{0,24}}?(?P<bracketed>{_ANY_CJK})[^】)）〕\]]{{0,24}}"
    rf"[】)）〕\]]"
    rf"|(?P<bare>{_ANY_CJK})[^\s，。,]{{1,24}}?[电電讯訊])"
)
_OWN_DATELINE = re.compile(
    r"^(?P<line>[A-ZÀ-ÖØ-ÞА-ЯЁ][A-ZÀ-ÖØ-ÞА-ЯЁ.'’ -]{2,40}(?:,\s?[\w.'’ -]{2,30})?)\s?(?:[—–]|--)\s?(?=\S)"
)
_TAIL_VERB = re.compile(
    r"^[\[(*_]*\s*(?:\(?(?:additional\s+)?(?:reporting|writing|editing|compiled|translated)\s+(?:and \w+ )?by\b"
    r"|source:|credit:|quelle:|fuente:|fonte:|источник:|来源|來源|©|\(c\)\s|copyright|material from)",
    re.IGNORECASE,
)
_REUTERS_TAIL = re.compile(
    r"^\(?(?:additional\s+)?(?:reporting|writing)\s+by\b.{1,400}\bediting\s+by\b", re.IGNORECASE | re.DOTALL
)
_ALONE = re.compile(r"^[\s(\[/*_–—-]*(?P<credit>[^()\[\]]{2,40}?)[\s)\]/*_.]*$")
_HEAD_CHARS = 160
_TAIL_BLOCKS = 4
_TAIL_CHARS = 500
_CREDIT_METAS = (
    "source",
    "agency",
    "news_source",
    "dc.source",
    "copyright-holder",
    "syndication-source",
    "article:source",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wire:
    """Agency and dateline, each with its evidence; empty where there is none."""

    agency: Found = NOWHERE
    dateline: Found = NOWHERE


def find_wire(page: ParsedPage, blocks: tuple[str, ...], byline: str) -> Wire:
    """Whose story it is, and the place line that opens it.

    Args:
        page: for its credit fields.
        blocks: of the body.
        byline: found before.
    """
    dateline, credit = next(filter(None, (_dateline(block) for block in blocks[:3])), ("", ""))
    shown = Found(value=dateline, evidence="opening of the body") if dateline else NOWHERE
    if credit:
        return Wire(agency=Found(value=credit, evidence="dateline"), dateline=shown)
    for text, evidence in _credits(page, blocks, byline):
        if name := _agency_in(text, alone=evidence != "closing credit"):
            return Wire(agency=Found(value=name, evidence=evidence), dateline=shown)
    if any(_REUTERS_TAIL.match(block) for block in blocks[-_TAIL_BLOCKS:]):
        return Wire(agency=Found(value="Reuters", evidence="closing credit in its form"), dateline=shown)
    return Wire(dateline=shown)


def _dateline(block: str) -> tuple[str, str] | None:
    """(dateline as written, agency or empty) of a block; ``None`` where it opens with none."""
    head = block[:_HEAD_CHARS]
    for pattern in _DATELINES:
        if (match := pattern.match(head)) and (name := _agency_in(match["credit"], alone=False)):
            return match["line"].strip(" -–—"), name
    if match := _CJK_DATELINE.match(head):
        return match["line"], _agency_in(match["bracketed"] or match["bare"], alone=False)
    if match := _OWN_DATELINE.match(head):
        return match["line"].strip(), ""
    return None


def _credits(page: ParsedPage, blocks: tuple[str, ...], byline: str) -> Iterator[tuple[str, str]]:
    """Texts that credit somebody, with the name of the place."""
    yield byline, "byline"
    for key in ("author", "creator", "sourceOrganization", "copyrightHolder", "provider"):
        for name in names_of(page.article.get(key)):
            yield name, f"json-ld {key}"
    content, name = page.meta(*_CREDIT_METAS)
    yield content, f"meta {name}"
    for block in reversed(blocks[-_TAIL_BLOCKS:]):
        if len(block) <= _TAIL_CHARS and (_TAIL_VERB.match(block) or _ALONE.match(block)):
            yield block, "closing credit" if _TAIL_VERB.match(block) else "closing line"


def _agency_in(text: str, *, alone: bool) -> str:
    """The agency named in a text; short marks and, if `alone`, all names must be most of what it says."""
    for match in _NAMED.finditer(text[:_TAIL_CHARS]):
        form = match[0]
        if alone and len(form) * 2 < len(text.strip()) and not _in_list(text, match):
            continue
        return _BY_FORM.get(form) or _BY_FORM.get(form.casefold(), "")
    return ""


def _in_list(text: str, match: re.Match[str]) -> bool:
    """Whether the name stands as an item of its own: ``Jane Roe, Reuters``, ``Jane Roe | AP``, ``Roe/Reuters``."""
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    return (not before or before[-1] in ",;|/(–—-·&") and (not after or after[0] in ",;|/)–—-·&")


_BY_FORM = {
    form: one.name for one in AGENCIES for form in (*one.marks, *one.cjk, *(name.casefold() for name in one.names))
}
