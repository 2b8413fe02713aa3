"""The story's headline, without the site's name.

Why agreement decides: each source lies in its own way. JSON-LD and og:title carry search-engine wording, the first h1
is a logo, the title element has the site glued on. A heading that the title element repeats is what a reader saw; where
they differ in wording and share words, the heading is the headline and the other is written for machines.

Why a page without metadata trusts size: pages before 2005 have neither h1 nor classes, and their titles often name only
the section. The one line set larger than all others, with prose below it, is the headline there.

`CONFIDENCE` was measured on the development halves of postlight, WCXB and trafilatura's set (872 pages), for "largest
line" on fundus' pages re-laid as markup of 2001-2007 (254 pages); equal after folding case and punctuation. fundus' own
pages are left out: its truth is what metadata say where the page shows another headline (31 of its 32 mismatches).
What metadata alone say is so often wrong because it is asked only where no heading agrees with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from crawler.extraction.document import ParsedPage
from crawler.extraction.metadata.glue import is_name, section_names, site_names, title_parts, unglued, words_in
from crawler.extraction.metadata.headings import LARGE, SMALL, TOP, Heading, headings_of
from crawler.extraction.page import NOWHERE, Found
from crawler.extraction.text import UNSPACED, folded, plain

CONFIDENCE = {
    "h1, repeated by title or meta": 0.94,
    "h1, like title or meta": 0.70,
    "heading, repeated by title or meta": 0.79,
    "json-ld headline": 0.83,
    "only h1": 0.80,
    "largest line above the text": 0.60,
    "line repeated by title": 0.40,
    "meta og:title": 0.33,
    "title element": 0.33,
    "first h1": 0.30,
}
"""Share of values from a place that were right; places seen fewer than five times have the nearest kin's share."""
_OTHERWISE = 0.33

_META_TITLES = ("twitter:title", "headline", "dc.title", "dcterms.title", "title", "sailthru.title", "parsely-title")
_MAX_CHARS = 300
_FEWEST_WORDS = 3
_ENOUGH_TITLE = 0.4
_ALIKE = 0.3
_FEWEST_STEMS = 2
_MAX_ALIKE = 200
_STEM = 5
_SHORT_WORD = 3
_CUT_AT = 100
_PROSE_CHARS = 160
_BELOW = 16
_H1_BONUS = 0.05
_RANK_BONUS = {TOP: 0.3, LARGE: 0.05}


@dataclass(frozen=True, slots=True)
class _Witness:
    """A text that names the story: folded, its words cut to their stems, and whether it says so in the page's words."""

    text: str
    stems: frozenset[str]
    whole: bool


def find_headline(page: ParsedPage, site_name: str) -> Found:
    """The headline with its evidence; empty where the page names none."""
    value, evidence = _find(page, site_name)
    return Found(value=value, evidence=evidence, confidence=CONFIDENCE.get(evidence, _OTHERWISE)) if value else NOWHERE


def _find(page: ParsedPage, site_name: str) -> tuple[str, str]:
    names = site_names(page, site_name)
    linked = _linked(page) | section_names(page)
    stated = [(unglued(text, names, linked), evidence) for text, evidence in _stated(page)]
    stated = [(text, evidence) for text, evidence in stated if text and folded(text) not in names]
    title = unglued(page.title, names, linked)
    headings = [one for one in headings_of(page) if not is_name(one.text, names)]
    witnesses = _witnesses(page, [text for text, _ in stated], title)
    if found := _agreed(headings, witnesses, names):
        return found
    if stated:
        return _uncut(stated[0][0], [*(text for text, _ in stated[1:]), title]), stated[0][1]
    return _unstated(page, headings, names, title)


def _unstated(page: ParsedPage, headings: list[Heading], names: frozenset[str], title: str) -> tuple[str, str]:
    """Of a page without metadata, whose headings are nothing like its title."""
    if line := _line_of_title(page, folded(page.title), names):
        return line, "line repeated by title"
    top = [one for one in headings if one.tag == "h1"]
    if len(top) == 1:
        return unglued(top[0].text, names), "only h1"
    if largest := _largest(page, headings, LARGE if words_in(title) >= _FEWEST_WORDS else SMALL):
        return unglued(largest, names), "largest line above the text"
    if page.title:
        return _longest_part(title), "title element"
    return (top[0].text, "first h1") if top else ("", "")


def _stated(page: ParsedPage) -> Iterator[tuple[str, str]]:
    yield plain(page.article.get("headline") or page.article.get("name")), "json-ld headline"
    for names in (("og:title",), _META_TITLES):
        content, name = page.meta(*names)
        yield content[:_MAX_CHARS], f"meta {name}"


def _linked(page: ParsedPage) -> frozenset[str]:
    """Folded texts of lines that are a link and nothing else: the names of sections among them."""
    return frozenset(
        text for line, text in zip(page.lines, page.folded, strict=True) if text and line.linked >= len(line.text) - 1
    )


def _witnesses(page: ParsedPage, stated: list[str], title: str) -> list[_Witness]:
    slug = re.sub(r"\.\w{2,5}$", "", unquote(max(page.path[-_MAX_CHARS:].split("/"), key=len)))
    texts = [(text, True) for text in dict.fromkeys((*stated, title))]
    texts += [(part, False) for part in (*title_parts(title), slug) if words_in(part) >= _FEWEST_WORDS]
    return [_Witness(wanted, _stems(wanted), whole) for text, whole in texts if (wanted := folded(text))]


def _stems(text: str) -> frozenset[str]:
    """Openings of the longer words of a folded text; of scripts without spaces, pairs of characters."""
    unspaced = "".join(UNSPACED.findall(text))
    pairs = {unspaced[index : index + 2] for index in range(len(unspaced) - 1)}
    return frozenset({word[:_STEM] for word in UNSPACED.sub(" ", text).split() if len(word) > _SHORT_WORD} | pairs)


def _agreed(headings: list[Heading], witnesses: list[_Witness], names: frozenset[str]) -> tuple[str, str] | None:
    """The heading that title, metadata or address agree with best."""
    best, found = 0.0, None
    for heading in headings:
        score, repeated = _agreement(heading, witnesses)
        total = score + _RANK_BONUS.get(heading.rank, 0.0) + (_H1_BONUS if heading.tag == "h1" else 0.0)
        if score and total > best:
            best, found = total, (heading, repeated)
    if found is None:
        return None
    heading, repeated = found
    kind = "h1" if heading.tag == "h1" else "heading"
    return _spoken(heading, witnesses, names), f"{kind}, {'repeated by' if repeated else 'like'} title or meta"


def _agreement(heading: Heading, witnesses: list[_Witness]) -> tuple[float, bool]:
    """(0 to 1, whether the words stand in a row) of the witness that agrees best; 0 where none does enough."""
    wanted, top = folded(heading.text), heading.rank == TOP
    trusted = [witness for witness in witnesses if witness.whole or top]
    if any(wanted == witness.text for witness in trusted):
        return 1.0, True
    if any(_repeats(wanted, witness.text) or _repeats(witness.text, wanted) for witness in trusted):
        return 0.9, True
    if heading.tag != "h1" or len(wanted) > _MAX_ALIKE:
        return 0.0, False
    score = max((_shared(_stems(wanted), witness.stems) for witness in witnesses), default=0.0)
    return (0.7 * score if score >= _ALIKE else 0.0), False


def _shared(stems: frozenset[str], others: frozenset[str]) -> float:
    """Which part of the shorter text's stems both have."""
    smaller = min(len(stems), len(others))
    return len(stems & others) / max(smaller, _FEWEST_STEMS) if smaller else 0.0


def _repeats(wanted: str, text: str) -> bool:
    """Whether a folded text holds another as more than a stray word."""
    return bool(wanted) and wanted in text and len(wanted) >= _ENOUGH_TITLE * len(text)


def _spoken(heading: Heading, witnesses: list[_Witness], names: frozenset[str]) -> str:
    """The heading without the site's name, and without a kicker of its own element that somebody leaves out."""
    told, full = [witness.text for witness in witnesses if witness.whole], folded(heading.text)
    known = any(full in text for text in told)
    for bare in heading.bare:
        wanted = folded(bare)
        if words_in(bare) < _FEWEST_WORDS or (known and not full.endswith(wanted)):
            continue
        if wanted in told or (not known and any(text.endswith(f" {wanted}") for text in told)):
            return bare
    return unglued(heading.text, names)


def _uncut(stated: str, others: list[str]) -> str:
    """What was stated, or the longer form of it where it was cut at a limit of its format."""
    bare = stated.rstrip(" .…")
    if len(stated) >= _CUT_AT or bare != stated.rstrip(" ."):
        return next((other for other in others if len(other) > len(bare) and other.startswith(bare)), stated)
    return stated


def _line_of_title(page: ParsedPage, title: str, names: frozenset[str]) -> str:
    """The longest unlinked line that the title element holds; old pages have headlines, but no headings."""
    lines = (line.text for line in page.lines if not line.linked and len(line.text) <= len(page.title))
    return max(
        (text for text in lines if _repeats(folded(text), title) and folded(text) not in names), key=len, default=""
    )


def _largest(page: ParsedPage, headings: list[Heading], least: int) -> str:
    """The one heading that is larger than all others, and as large as this at least, with prose close below it."""
    rank = max((one.rank for one in headings), default=0)
    largest = list(dict.fromkeys(one.text for one in headings if one.rank == rank))
    if len(largest) != 1 or rank < least or words_in(largest[0]) < _FEWEST_WORDS:
        return ""
    wanted = folded(largest[0])
    place = next((index for index, text in enumerate(page.folded) if text and wanted.startswith(text)), None)
    if place is None:
        return ""
    below = page.lines[place + 1 : place + _BELOW]
    return largest[0] if any(len(line.text) >= _PROSE_CHARS and not line.linked for line in below) else ""


def _longest_part(title: str) -> str:
    """Of a title whose names are gone, the longest part."""
    longest = max(title_parts(title), key=len, default=title)
    return (longest.strip() if words_in(longest) >= _FEWEST_WORDS else title)[:_MAX_CHARS]
