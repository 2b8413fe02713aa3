"""What a reader sees of the desk: a label at the headline, a part of the title, the marked item of the menu.

Why these: pages from before metadata name their desk all the same, for the reader: in a short line over the headline,
in the title between the headline and the site, as the item of the menu that is lit, as "filed under". A label that is
no word of sections counts where markup calls it one, or where it stands alone over the headline: items of a menu and
buttons come several in a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.extraction.document import ParsedPage
from crawler.extraction.lines import Line
from crawler.extraction.metadata import roles
from crawler.extraction.metadata.glue import words_in
from crawler.extraction.metadata.section_words import HOME_WORDS, KINDS, SECTION_WORDS
from crawler.extraction.metadata.zone import headline_place
from crawler.extraction.text import fold_spaces, folded

_PARTS = re.compile(r"\s*[|｜│»›>·•＿_]\s*|\s+[-–—/]+\s+|\s*[：－―]\s*|:\s+")
_MAX_PARTS = 8
_MAX_LABEL = 30
_LABEL_WORDS = 3
_ABOVE = 2
_BELOW = 5
_MAX_MARKED = 60
_MAX_LINE = 160
_ENDS = tuple('.?!:;,…。？！：)]}"”»')
_CALLED = re.compile(
    r"(?:^|\s)(?:(?:post|article|entry|story|news|content|page|meta)[_-]{0,2})?"
    r"(?:section|category|cat|categoria|rubri[ckq]\w{0,3}|eyebrow|channel|desk|ressort|vertical|sezione|seccion|secao)"
    r"(?:[_-]{0,2}(?:name|label|title|link|text))?(?:\s|$)"
)
_KICKER = re.compile(r"kicker|dachzeile|topline|overline|pretitle|antetitulo|occhiello|surtitre|spitzmarke|head-?over")
_NAMES = ("section", "category", "rubri", "eyebrow", "ressort")
_MARKED = etree.XPath(
    "//body//*[self::a or self::span or self::div or self::p or self::li or self::h5 or self::h6 or self::strong]"
    "[contains(@class,'section') or contains(@class,'category') or contains(@class,'rubri')"
    " or contains(@class,'eyebrow') or contains(@class,'ressort')]"
)
_FILED = etree.XPath("//a[contains(@rel,'category')]")
_LIT = etree.XPath(
    "//a[@aria-current]"
    " | //li[contains(concat(' ',@class,' '),' current ') or contains(concat(' ',@class,' '),' active ')"
    " or contains(concat(' ',@class,' '),' selected ') or contains(concat(' ',@class,' '),' on ')]"
)
_LIT_NAMES = ("current", "active", "selected")


def visible_labels(page: ParsedPage, headline: str, site_name: str, names: str) -> Iterator[tuple[list[str], str]]:
    """(label, where it stood) of everything that a reader may take for the name of the desk, the surest first.

    Args:
        page: the page.
        headline: of the story.
        site_name: of the publisher.
        names: lower-case classes and ids of the page's elements.
    """
    yield _of_the_title(page.title, folded(headline), folded(site_name)), "title"
    yield [fold_spaces(link.text_content())[: _MAX_LABEL + 1] for link in _FILED(page.tree)[:1]], "filed under"
    place = headline_place(page, headline)
    if place is not None:
        yield from _over(page.lines, place)
        if any(name in names for name in _NAMES):
            yield _marked(page, place), "marked near headline"
    if any(name in names for name in _LIT_NAMES):
        yield _lit(page), "lit item of the menu"


def _of_the_title(title: str, headline: str, site_name: str) -> list[str]:
    """Of a title with headline, site and one short part more beside the site, that part."""
    parts = [part for part in _PARTS.split(title)[: _MAX_PARTS + 1] if part.strip()]
    if not headline or not site_name or not 3 <= len(parts) <= _MAX_PARTS:  # noqa: PLR2004 - headline, site, section
        return []
    told = [(part.strip(), folded(part)) for part in parts]
    if not any(text and text in site_name for _, text in told):
        return []
    rest = [index for index, (_, text) in enumerate(told) if text and text not in headline and text not in site_name]
    if len(rest) != 1 or not _is_label(told[rest[0]][0]):
        return []
    beside = [text for _, text in (*told[max(0, rest[0] - 1) : rest[0]], *told[rest[0] + 1 : rest[0] + 2])]
    return [told[rest[0]][0]] if any(text and text in site_name for text in beside) else []


def _over(lines: tuple[Line, ...], place: int) -> Iterator[tuple[list[str], str]]:
    """The short line right above the headline, or the one above that."""
    for index in range(place - 1, max(-1, place - 1 - _ABOVE), -1):
        line = lines[index]
        if _is_one_of_many(lines, index):
            return
        if not _is_label(line.text) or (0 < line.linked < len(line.text) - 1):
            continue
        if folded(line.text) in SECTION_WORDS:
            yield [line.text], "label above headline"
        elif _CALLED.search(line.hint):
            yield [line.text], "marked near headline"
        elif index == place - 1 and not _KICKER.search(line.hint) and _is_alone(lines, index):
            yield [line.text], "line above headline"


def _is_alone(lines: tuple[Line, ...], index: int) -> bool:
    """Whether the line belongs to the headline below it and is no link."""
    line, head = lines[index], lines[index + 1]
    return not line.linked and line.around[-1:] == head.around[-1:]


def _is_one_of_many(lines: tuple[Line, ...], index: int) -> bool:
    """Whether the line before is a label of the same make: an item of a menu, a list of buttons."""
    if index == 0:
        return False
    line, before = lines[index], lines[index - 1]
    if not _is_short(before.text) or before.tag != line.tag or bool(before.linked) != bool(line.linked):
        return False
    return bool(line.linked) or before.hint == line.hint


def _is_label(text: str) -> bool:
    """Whether a text is as short as the name of a desk, and neither a button, a date nor a kind of page."""
    if not _is_short(text) or words_in(text) > _LABEL_WORDS or text.endswith(_ENDS) or text[0].islower():
        return False
    wanted = folded(text)
    known = wanted in SECTION_WORDS and wanted not in KINDS
    return known or not (
        wanted in KINDS or wanted in HOME_WORDS or any(word in roles.LABELS for word in wanted.split())
    )


def _is_short(text: str) -> bool:
    return len(text) <= _MAX_LABEL and not any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _marked(page: ParsedPage, place: int) -> list[str]:
    """Text of an element that is called a section and stands in a line near the headline."""
    around = range(max(0, place - _ABOVE), min(len(page.lines), place + _BELOW))
    near = [page.lines[index].text for index in around if not _is_one_of_many(page.lines, index)]
    for element in _MARKED(page.tree)[:_MAX_MARKED]:
        if _CALLED.search((element.get("class") or "").lower()):
            text = fold_spaces("".join(element.itertext()))[: _MAX_LABEL + 1]
            if text and _is_label(text) and any(text in line[:_MAX_LINE] for line in near):
                return [text]
    return []


def _lit(page: ParsedPage) -> list[str]:
    """The item of a menu that is marked as the one where the reader is; only words of sections, many things are lit."""
    for element in _LIT(page.tree)[:_MAX_MARKED]:
        text = fold_spaces("".join(element.itertext()))[: _MAX_LABEL + 1]
        if folded(text) in SECTION_WORDS and folded(text) not in KINDS:
            return [text]
    return []
