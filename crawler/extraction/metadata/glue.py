"""What is glued to a headline in a title: the names of the site and of its sections, and the separators between.

Why names and separators together: a dash or a colon stands in headlines too, so a part goes only where the page
itself calls its site or a section so. A pipe stands in no headline; what is short behind it is a label in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import names_of
from crawler.extraction.text import UNSPACED, folded, plain

_PIPES = "|｜│¦ㅣ"
_GLUE = re.compile(rf"\s+[{_PIPES}•·–—»«:~/\\-]+\s+|\s*[{_PIPES}]\s*|\s+::\s+|:\s+(?=[A-Z][\w.]*$)")
_TAIL_SEPARATORS = "-–—|｜:：•·»~,/"
_MAX_PARTS = 20
_NAME_WORDS = 5
_LABEL_WORDS = 5
_LEADING_WORDS = 2
_FEWEST_WORDS = 3
_CHARS_A_WORD = 3
_SECTION_METAS = ("article:section", "section", "category", "article.section", "og:section")


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a title: where it begins, and whether a pipe stands before or after it."""

    start: int
    text: str
    piped_before: bool
    piped_after: bool


def site_names(page: ParsedPage, site_name: str) -> frozenset[str]:
    """Folded names by which the page calls its site, the host's labels among them."""
    labels = {page.host, *page.host.split(".")[:-1]}
    stated = {site_name, page.meta("og:site_name")[0], page.meta("application-name")[0], *labels}
    stated |= {*names_of(page.article.get("publisher"))}
    return frozenset(name for text in stated if len(name := folded(text)) > 1)


def section_names(page: ParsedPage) -> frozenset[str]:
    """Folded names of the sections that the page files itself under."""
    stated = {page.meta(name)[0] for name in _SECTION_METAS} | {*_texts(page.article.get("articleSection"))}
    return frozenset(name for text in stated if (name := folded(text)))


def unglued(title: str, names: frozenset[str], linked: frozenset[str] = frozenset()) -> str:
    """The title without leading or trailing parts that name the site or a section.

    Args:
        title: as stated.
        names: folded names of the site.
        linked: folded texts of the page's links and names of its sections; a short part that is one of them goes too.
    """
    parts = _parts(title)
    if len(parts) > _MAX_PARTS:
        return title.strip()
    while len(parts) > 1 and _is_label(parts[-1], parts[:-1], names, linked, leading=False):
        parts.pop()
    while len(parts) > 1 and _is_label(parts[0], parts[1:], names, linked, leading=True):
        parts.pop(0)
    if not parts:
        return ""
    return _without_name(title[parts[0].start : parts[-1].start + len(parts[-1].text)].strip(), names)


def title_parts(title: str) -> list[str]:
    """What stands between the separators of a title: headline, section and site, in the page's order."""
    return [part.text.strip() for part in _parts(title)]


def words_in(text: str) -> int:
    """Words of a text; of scripts without spaces, every three characters count as one."""
    unspaced = len(UNSPACED.findall(text))
    return len(UNSPACED.sub(" ", text).split()) + -(-unspaced // _CHARS_A_WORD)


def is_name(text: str, names: frozenset[str]) -> bool:
    """Whether a text is one of the (folded) names, spaces aside."""
    joined = folded(text).replace(" ", "")
    return any(joined == name.replace(" ", "") for name in names)


def _opens_with_name(part: str, names: frozenset[str]) -> bool:
    wanted = folded(part)
    return len(wanted.split()) <= _NAME_WORDS and any(wanted.startswith(f"{name} ") for name in names)


def _texts(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [text for item in listed[:5] if (text := plain(item))]


def _parts(title: str) -> list[_Part]:
    """The parts between separators, empty ones left out."""
    parts, start, piped = [], 0, False
    for match in _GLUE.finditer(title):
        pipe = any(char in _PIPES for char in match[0])
        parts.append(_Part(start, title[start : match.start()], piped, pipe))
        start, piped = match.end(), pipe
    return [part for part in (*parts, _Part(start, title[start:], piped, piped_after=False)) if part.text.strip()]


def _is_label(
    part: _Part, others: list[_Part], names: frozenset[str], linked: frozenset[str], *, leading: bool
) -> bool:
    """Whether a part at the edge of a title is no part of the headline that the others hold."""
    if is_name(part.text, names) or _opens_with_name(part.text, names):
        return True
    words, rest = words_in(part.text), max(words_in(other.text) for other in others)
    if words > (_LEADING_WORDS if leading else _LABEL_WORDS) or rest < _FEWEST_WORDS or rest <= words:
        return False
    return (part.piped_after if leading else part.piped_before) or folded(part.text) in linked


def _without_name(title: str, names: frozenset[str]) -> str:
    """The title without a name of the site that is glued on with hardly a separator (``Headline:Name``)."""
    for name in names:
        rest = title[: -len(name)].rstrip()
        if title.casefold().endswith(name) and rest[-1:] in _TAIL_SEPARATORS and words_in(rest) >= _FEWEST_WORDS:
            return rest.rstrip(_TAIL_SEPARATORS + " ")
    return title
