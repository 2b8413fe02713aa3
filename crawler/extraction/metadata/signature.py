"""The line in which a story is signed: between headline and prose, or below the last paragraph.

Why position and not words: "By" is missing on half of all bylines. What is always there is the place: a short line of
one or more names right before or after the date, between headline and text; a reader needs no more either.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from crawler.extraction.document import ParsedPage
from crawler.extraction.lines import Line
from crawler.extraction.metadata import roles
from crawler.extraction.metadata.people import is_person, read_people
from crawler.extraction.metadata.pieces import parted, pieces_near
from crawler.extraction.text import fold_spaces, folded
from storage.types import ContributorKind

_MARKED = re.compile(r"(?:^|[\s_-])(?:byline|author|authors|creator|vcard|contributor)(?:$|[\s_-])|byline|author-?name")
_NOT_MARKED = re.compile(r"comment|related|bio\b|about|avatar|social|share|image|photo|profile|more-|follow|count")
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|people|person|profiles?|staff|journalists?|reporters?|by|bylines?|columnists?"
    r"|redakteure?|writers?|contributors?|correspondents?|firmas|autores|mitarbeiter|skribent|avtor|users?)[/=]",
    re.IGNORECASE,
)
_MAX_LINE = 120
_MAX_ALONE = 90
_PROSE_CHARS = 160
_PROSE_LINES = 2
_ABOVE = 4
_DEPTH = 30
_MAX_FOLLOWING = 4
_BELOW = 4
_MAX_GAP = 14
_SOON = 6
_SENTENCE = 80
_STOPS = '.!?。！？"”»'
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_MAX_ANCHORS = 1500
_MAX_PIECES = 20
_CJK_NAME = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7a3]{2,6}")
_STAMP = re.compile(r"\b(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}\b")
_CJK_SIGNED = re.compile(
    r"(?:^|[\s(（【|])(?P<by>(?:[\u4e00-\u9fff\u30a1-\u30ff々]{2,6}|[\uac00-\ud7a3]{2,4})\s?"
    r"(?:기자|특파원|논설위원|記者|记者|特派員|編集委員|编辑))(?=$|[\s)）】|,，、])"
)
_SIGNED_BELOW = re.compile(r"^[(—–-]\s?(?P<name>[^()]{4,60})\)?$")


def signed_near(page: ParsedPage, headline: str) -> Iterator[tuple[str, str]]:
    """(text of a byline, evidence) of the lines near the headline, the most certain first."""
    zone, start = _zone(page, headline)
    anchors = _name_anchors(page)
    pieces = pieces_near(page, zone)
    yield from ((parted(text, pieces), evidence) for text, evidence in _signed(zone, start, anchors))


def _signed(zone: tuple[Line, ...], start: int, anchors: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((text, "line near headline") for text in _by_lines(zone, anchors))
    hinted = [line for line in zone if _MARKED.search(line.hint) and not _NOT_MARKED.search(line.hint)]
    yield from (
        (_unstuck(line, anchors), "class of a line near headline")
        for line in hinted
        if len(line.text) <= _MAX_LINE and not roles.BY_ALONE.match(line.text)
    )
    yield from ((text, "linked name near headline") for text in _linked_names(zone[start:], anchors))
    yield from ((text, "name beside the date") for text in _beside_date(zone[start:]))


def signed_with(page: ParsedPage, headline: str, first: str) -> tuple[str, tuple[str, ...]]:
    """The byline near the headline that names this person, and the names and roles that are elements in it."""
    zone, _ = _zone(page, headline)
    held = [line for line in zone if len(line.text) <= _MAX_LINE and first in line.text]
    for line in held:
        if roles.BY_LINE.match(line.text) or roles.GLUED_BY.match(line.text) or line.linked:
            pieces = pieces_near(page, held)
            return parted(line.text, pieces), pieces
    return "", ()


def signed_below(page: ParsedPage, headline: str) -> list[str]:
    """The signature right below the last paragraph of the story."""
    end = _end_of_prose(page, headline)
    if end is None:
        return []
    for line in page.lines[end + 1 : end + 1 + _BELOW]:
        text = line.text
        if len(text) > _MAX_LINE or roles.BY_ALONE.match(text):
            continue
        match = _SIGNED_BELOW.match(text)
        signed = roles.CJK_ROLE.search(text) if len(text) <= _MAX_ALONE else None
        if signed or (match and is_person(match["name"])) or _names_person(text):
            return [signed[0] if signed else text]
    return []


def _zone(page: ParsedPage, headline: str) -> tuple[tuple[Line, ...], int]:
    """(lines from a little above the headline to the second paragraph of prose, index of the first below it)."""
    place = _place_of(page, folded(headline))
    start = max(0, place - _ABOVE)
    end, prose = place + 1, 0
    while end < len(page.lines) and end - place < _DEPTH and prose < _PROSE_LINES:
        prose += len(page.lines[end].text) >= _PROSE_CHARS
        end += 1
    return page.lines[start:end], place + 1 - start


def _place_of(page: ParsedPage, wanted: str) -> int:
    """Index of the line that is the headline: a heading, else unlinked, else any, else one that holds it.

    Where none does, the line before the first paragraph of prose.
    """
    same = [index for index, text in enumerate(page.folded) if wanted and text == wanted]
    same = same or [
        index for index, text in enumerate(page.folded) if wanted and wanted in text and len(text) <= 2 * len(wanted)
    ]
    headings = [index for index in same if page.lines[index].tag in ("h1", "h2", "h3")]
    unlinked = [index for index in same if not page.lines[index].linked]
    if places := headings or unlinked or same:
        return places[0]
    lines = enumerate(page.lines)
    prose = next((index for index, line in lines if len(line.text) >= _PROSE_CHARS and not line.linked), 0)
    return max(0, prose - _ABOVE)


def _by_lines(zone: tuple[Line, ...], anchors: dict[str, str]) -> Iterator[str]:
    """Lines that open with "By", with the affiliation that stands in the line below; or the names that follow it."""
    for index, line in enumerate(zone):
        if len(line.text) > _MAX_LINE:
            continue
        if roles.BY_ALONE.match(line.text):
            yield ", ".join(_following(zone[index + 1 : index + 1 + 2 * _MAX_FOLLOWING], anchors))
        elif roles.BY_LINE.match(line.text) or roles.CASELESS_BY.match(line.text) or roles.GLUED_BY.match(line.text):
            text = _unstuck(line, anchors)
            if _names_somebody(text):
                yield text + _affiliation(zone[index + 1 : index + 2])
        elif (inside := roles.BY_INSIDE.match(line.text)) and _names_person(inside["by"]):
            yield inside["by"]
        elif signed := _signed_cjk(line.text):
            yield signed


def _signed_cjk(text: str) -> str:
    """The name that a line of date and source names in Chinese, Japanese or Korean."""
    if match := roles.CJK_BY.search(text):
        return match["by"] or match["behind"]
    match = _CJK_SIGNED.search(text) if roles.DATED.search(text) or _STAMP.search(text) else None
    return match["by"] if match else ""


def _following(lines: tuple[Line, ...], anchors: dict[str, str]) -> Iterator[str]:
    """Names in the lines below a "By" that stands alone."""
    for line in lines:
        if len(line.text.strip(" ,;&")) < 2 or line.text.casefold() in ("and", "und", "et", "y", "e"):  # noqa: PLR2004 - a comma alone
            continue
        text = _unstuck(line, anchors)
        names = [one.who.name for one in read_people(text)]
        if any(word.casefold() in roles.LABELS for word in text.split()):
            return
        if (
            len(text) > _MAX_ALONE
            or roles.DATED.search(text)
            or not names
            or (not is_person(names[0]) and not line.linked)
        ):
            return
        yield text


def _affiliation(lines: tuple[Line, ...]) -> str:
    """What the line below a byline adds: ``BBC News, Baghdad``, ``Staff Writer``; empty for any other line."""
    for line in lines:
        known = roles.ORGANISATION.search(line.text) or roles.ROLE.search(line.text)
        if known and len(line.text) <= _MAX_ALONE // 2 and not line.linked and not roles.DATED.search(line.text):
            return f", {line.text}"
    return ""


def _linked_names(lines: tuple[Line, ...], anchors: dict[str, str]) -> Iterator[str]:
    """Names that are links to a page of their author; more than one if they follow each other."""
    for index, line in enumerate(lines):
        if len(line.text) > _MAX_ALONE or not line.linked:
            continue
        names = [name for name in anchors if name in line.text]
        if any(_AUTHOR_PATH.search(anchors[name]) for name in names):
            rest = [other.text for other in lines[index + 1 : index + 1 + _MAX_FOLLOWING]]
            more = [text for text in rest if text in anchors and _AUTHOR_PATH.search(anchors[text])]
            yield ", ".join([*names, *more])
            return


def _beside_date(lines: tuple[Line, ...]) -> Iterator[str]:
    """Short lines of names that stand beside a date, or in one line with it; several in a row belong together."""
    for index, line in enumerate(_above_text(lines)):
        beside = (line, *lines[max(0, index - 1) : index], *lines[index + 1 : index + 3])
        dated = any(len(other.text) < _MAX_LINE and roles.DATED.search(other.text) for other in beside)
        opens = index < _SOON and any(len(other.text) >= _PROSE_CHARS for other in lines[index + 1 : index + 2])
        if (dated or opens) and _is_names(line):
            more = itertools.takewhile(_is_names, lines[index + 1 : index + 1 + _MAX_FOLLOWING])
            yield "; ".join([line.text, *(other.text for other in more)])
            return


def _above_text(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines up to the second whole sentence: standfirst and caption are such, a third is the text's."""
    spoken = [index for index, line in enumerate(lines) if len(line.text) >= _SENTENCE and line.text[-1] in _STOPS]
    return lines[: spoken[_PROSE_LINES]] if len(spoken) > _PROSE_LINES else lines


def _is_names(line: Line) -> bool:
    """Whether a line consists of names of people and agencies, with roles and a date at most."""
    if len(line.text) > _MAX_ALONE or ":" in line.text.partition(" ")[0] or line.tag in _HEADINGS:
        return False
    found = read_people(line.text)
    persons = [one for one in found if one.who.kind is ContributorKind.PERSON]
    organised = any(one.who.kind is ContributorKind.ORGANISATION for one in found)
    return bool(found) and not organised and all(is_person(one.who.name) for one in persons)


def _names_somebody(text: str) -> bool:
    found = read_people(text)
    if any(one.who.kind is ContributorKind.AGENCY for one in found):
        return True
    for one in found[:1]:
        name = one.who.name
        known = one.who.kind is ContributorKind.ORGANISATION or is_person(name)
        return known or (" " not in name and (name[0].isupper() or not name[0].isascii()))
    return False


def _names_person(text: str) -> bool:
    """Whether a line opens with "By" and a person's name."""
    if caseless := roles.CASELESS_BY.match(text):
        return not roles.ORGANISATION.search(caseless["by"])
    return bool(roles.BY_LINE.match(text)) and any(is_person(one.who.name) for one in read_people(text)[:1])


def _unstuck(line: Line, anchors: dict[str, str]) -> str:
    """The line's text with a comma behind a linked name to which the next element is stuck."""
    text = line.text
    if line.linked and len(text) <= _MAX_LINE:
        for name in anchors:
            place = text.find(name)
            behind = place + len(name)
            if place >= 0 and behind < len(text) and text[behind].isalnum():
                return f"{text[:behind]}, {text[behind:]}"
    return text


def _name_anchors(page: ParsedPage) -> dict[str, str]:
    """Texts of links that are a person's name -> where they lead."""
    found: dict[str, str] = {}
    for element in itertools.islice(page.tree.iter("a"), _MAX_ANCHORS):
        text = fold_spaces("".join(itertools.islice(element.itertext(), _MAX_PIECES))[:_MAX_LINE])
        href = element.get("href") or ""
        if is_person(text) or (_CJK_NAME.fullmatch(text) and _AUTHOR_PATH.search(href)):
            found.setdefault(text, href)
    return found


def _end_of_prose(page: ParsedPage, headline: str) -> int | None:
    """Index of the story's last long unlinked line; ``None`` where there is none."""
    wanted = folded(headline)
    start = next((index for index, text in enumerate(page.folded) if wanted and text == wanted), 0)
    end = None
    for index in range(start, len(page.lines)):
        line = page.lines[index]
        if end is not None and index - end > _MAX_GAP:
            break
        if len(line.text) >= _PROSE_CHARS and line.linked * 3 < len(line.text):
            end = index
    return end
