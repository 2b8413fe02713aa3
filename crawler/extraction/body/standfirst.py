"""The summary under the headline: found where the page shows it apart, also where the body's candidate lost it.

Why a place and a proof are both needed: it stands between the headline and the first paragraph, and the page says
what it is, by the name of its box, as a heading right under the headline, by its place above the byline, or by
describing itself with the same words. A page that describes itself by its first paragraph has no standfirst: there the
words stand in a box like the next paragraph's.

Why it is looked for in the page's lines: extractors take it for a heading, a caption or a teaser and lose it on a third
of the pages that have one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crawler.extraction.body.sight import Shown
from crawler.extraction.document import ParsedPage
from crawler.extraction.lines import Line
from crawler.extraction.page import NOWHERE, Found
from crawler.extraction.text import UNSPACED, folded, plain

_ALONE, _ENDING = r"(?:^|[^a-z])(?:", r")(?![a-z])"
_JOINED = r"[-_]{0,2}"
_STRONG = re.compile(
    r"stand-?first|sub-?head|sub-?title|sub-?titulo|sub-?deck|hed-?dek|header-?dek|entradilla|vorspann|under-?rubrik"
    r"|unter-?titel|onder-?titel|manchet|alternativeheadline|catchline|strapline|teaser-?text|headline-?summary"
    rf"|article{_JOINED}(?:dek|description|summary|intro|lead(?!er))|story-?(?:lead(?!er)|summary)|post-?summary"
    rf"|{_ALONE}dek|deck|chapo|chapeau|sommario|sumario|bajada|copete|perex|ingress|synopsis{_ENDING}"
)
_WEAK = re.compile(rf"{_ALONE}lead|lede|intro|introduction|excerpt|summary|abstract|teaser|description{_ENDING}")
_HEADER = re.compile(r"(?:article|post|entry|content|page|story|single|headline)[-_ ]{0,3}head")
_FOREIGN = re.compile(
    r"caption|(?<!ac)credit|related|newsletter|promo|share(?!d)|social|breadcrumb|author|byline|comment|tags|advert"
    r"|cookie|video|player|copyright|modal|visually-?hidden|sr-only|gform|teaser-?(?:list|item)"
    rf"|{_ALONE}nav|menu|bio|form|field{_ENDING}"
)
_CREDITED = re.compile(
    r"(?:\b(?:bild|foto|photo|image|picture|nuotr|fot)\.?\s?:|getty|reuters/|afp/|/\s?(?:ap|afp|dpa|reuters)\b|©)",
    re.IGNORECASE,
)
_DESCRIPTIONS = ("description", "og:description", "twitter:description", "dc.description", "sailthru.description")
_ZONE_LINES, _NO_HEADLINE_LINES, _TOP_BLOCKS, _PARTS = 25, 12, 3, 5
_LEAST_CHARS, _LEAST_CHARS_UNSPACED, _MOST_CHARS = 25, 12, 700
_LINKED = 0.5
_SIGNATURE_CHARS, _SENTENCE_CHARS, _CLOSE = 160, 50, 4
_NAME_CHARS = 300
_SAME_SHARE = 0.8
_HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
_CONFIDENCE = {
    "named box": 0.88,
    "described so": 0.94,
    "heading under the headline": 0.85,
    "named box in the header": 0.91,
    "above the byline": 0.85,
}
"""Proofs, the best first, with the share that was a summary on the labelled pages of fundus (23 of 26, 31 of 33,
4 of 4, 10 of 11, 4 of 4; the two with few pages were set lower)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standfirst:
    """What was found.

    Attributes:
        found: the text, where it stood, how sure that is.
        blocks: indexes of the blocks that show it; they leave the body.
    """

    found: Found = NOWHERE
    blocks: tuple[int, ...] = ()


_NONE = Standfirst()


def find_standfirst(
    page: ParsedPage, headlines: Collection[str], names: Collection[str], kept: Sequence[tuple[int, Shown]]
) -> Standfirst:
    """The standfirst of a page whose body is known.

    Args:
        page: the page.
        headlines: folded texts that are its headline.
        names: folded names of who signed it.
        kept: the first blocks of the cleaned body with their index.
    """
    paragraph = next((block for _, block in kept if block.prose and block.place is not None), None)
    descriptions = _descriptions(page)
    zone = _zone(page, headlines, kept)
    signed = next((place for place in zone if names and _is_signature(page, place, names)), None)
    proofs = dict[str, int]()
    for place in zone:
        if _may_be(page.lines[place], page.folded[place], headlines, names):
            following = _next_paragraph(kept, place) or paragraph
            proof = _proof(page, place, headlines, descriptions, following) or _by_place(page, place, zone, signed)
            proofs.setdefault(proof, place)
    best = next((proof for proof in _CONFIDENCE if proof in proofs), "")
    return _whole(page, proofs[best], best, kept) if best else _NONE


def _zone(page: ParsedPage, headlines: Collection[str], kept: Sequence[tuple[int, Shown]]) -> range:
    """Places of lines from below the headline to the first paragraph, this included."""
    first = next((block.place for _, block in kept[: _TOP_BLOCKS + 1] if block.prose and block.place is not None), None)
    if first is None:
        return range(0)
    start = _headline_place(page, headlines, first)
    if start is None:
        blocks = [block.place for _, block in kept[:_TOP_BLOCKS] if block.place is not None and block.place <= first]
        start = min([*blocks, first - _NO_HEADLINE_LINES]) - 1
    return range(max(0, start + 1, first - _ZONE_LINES), first + 1)


def _headline_place(page: ParsedPage, headlines: Collection[str], first: int) -> int | None:
    """The last line before the first paragraph that is the headline; a heading before any other."""
    places = [place for place in range(max(0, first - 3 * _ZONE_LINES), first) if page.folded[place] in headlines]
    headed = [place for place in places if page.lines[place].tag in {"h1", "h2"}]
    best = headed or places
    return best[-1] if best else None


def _may_be(line: Line, text: str, headlines: Collection[str], names: Collection[str]) -> bool:
    least = _LEAST_CHARS_UNSPACED if UNSPACED.search(line.text) else _LEAST_CHARS
    if not least <= len(line.text) <= _MOST_CHARS or line.linked > _LINKED * len(line.text) or text in headlines:
        return False
    if text.partition(" ")[0] in {name.partition(" ")[0] for name in names}:
        return False
    if line.tag == "h1" or line.text.startswith(("…", "...")) or _CREDITED.search(line.text):
        return False
    return not any(
        _FOREIGN.search(names[:_NAME_CHARS]) for names in (line.hint, *(names for _, names in line.around[-2:]))
    )


def _proof(
    page: ParsedPage, place: int, headlines: Collection[str], descriptions: Collection[str], paragraph: Shown | None
) -> str:
    line = page.lines[place]
    following = paragraph.line if paragraph else None
    before = page.lines[place - 1] if place else None
    if _stands_in(line, _STRONG, before, following):
        return "named box"
    if line.tag in _HEADINGS and place and page.folded[place - 1] in headlines:
        return "heading under the headline"
    if _stands_in(line, _WEAK, before, following) and _in_header(line):
        return "named box in the header"
    apart = following is None or _box(line) != _box(following)
    return "described so" if apart and _is_described(page.folded[place], descriptions) else ""


def _is_signature(page: ParsedPage, place: int, names: Collection[str]) -> bool:
    text = f" {page.folded[place]} "
    return len(text) <= _SIGNATURE_CHARS and any(f" {name} " in text for name in names)


def _by_place(page: ParsedPage, place: int, zone: range, signed: int | None) -> str:
    """A sentence between the headline and the byline, close below the one and above the other."""
    line = page.lines[place]
    if signed is None or not zone.start <= place < signed or place - zone.start > _CLOSE or signed - place > _CLOSE:
        return ""
    long = (
        len(line.text) >= _SENTENCE_CHARS
        and not line.linked
        and line.text.rstrip("\"'”’»").endswith((".", "!", "?", "…"))
    )
    return "above the byline" if long else ""


def _stands_in(line: Line, names: re.Pattern[str], *others: Line | None) -> bool:
    """It stands in a box of such a name, in which neither the line before nor the first paragraph stands."""
    for box in ((line.tag, line.hint), *reversed(line.around[-2:])):
        if names.search(box[1][:_NAME_CHARS]):
            return not any(box in ((other.tag, other.hint), *other.around) for other in others if other is not None)
    return False


def _in_header(line: Line) -> bool:
    return any(tag == "header" or _HEADER.search(names[:_NAME_CHARS]) for tag, names in line.around)


def _box(line: Line) -> tuple[object, ...]:
    return (line.tag, line.hint, line.around[-1:])


def _next_paragraph(kept: Sequence[tuple[int, Shown]], place: int) -> Shown | None:
    """The first paragraph of the body below this line."""
    return next((block for _, block in kept if block.prose and block.place is not None and block.place > place), None)


def _is_described(text: str, descriptions: Collection[str]) -> bool:
    return any(
        text == stated or (text.startswith(stated[:-4]) and len(stated) >= _SAME_SHARE * len(text))
        for stated in descriptions
    )


def _descriptions(page: ParsedPage) -> set[str]:
    stated = [page.meta(name)[0] for name in _DESCRIPTIONS]
    stated += [plain(page.article.get(key)) for key in ("description", "abstract", "alternativeHeadline")]
    return {text for text in map(folded, stated) if len(text) >= _LEAST_CHARS_UNSPACED}


def _whole(page: ParsedPage, place: int, proof: str, kept: Sequence[tuple[int, Shown]]) -> Standfirst:
    """All lines of its box, joined; a standfirst of points is several lines."""
    line, places = page.lines[place], [place]
    while proof.startswith("named box") and len(places) < _PARTS and places[-1] + 1 < len(page.lines):
        following = page.lines[places[-1] + 1]
        if _box(following) != _box(line) or following.linked > _LINKED * len(following.text):
            break
        places.append(places[-1] + 1)
    texts = {page.folded[index] for index in places}
    blocks = tuple(index for index, block in kept if block.place in places or block.folded in texts)
    value = " ".join(page.lines[index].text for index in places)
    return Standfirst(found=Found(value=value, evidence=proof, confidence=_CONFIDENCE[proof]), blocks=blocks)
