"""The story's headline, without the site's name.

Why agreement decides: each source lies in its own way. JSON-LD and og:title carry search-engine wording, the first h1
is a logo, the title element has the site glued on. A heading that the title element repeats is what a reader saw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extraction.document import ParsedPage
from crawler.extraction.page import Found
from crawler.extraction.text import folded, plain

_GLUE = re.compile(r"\s+[|•·–—»«:~/\\-]+\s+|\s*\|\s*|\s+::\s+|:\s+(?=[A-Z][\w.]*$)")
_META_TITLES = ("twitter:title", "headline", "dc.title", "dcterms.title", "title", "sailthru.title", "parsely-title")
_MAX_CHARS = 300
_FEWEST_WORDS = 3
_NAME_WORDS = 5
_ENOUGH_TITLE = 0.4


def find_headline(page: ParsedPage, site_name: str) -> Found:
    """The headline with its evidence; empty where the page names none."""
    names = _site_names(page, site_name)
    stated = [Found(value=unglued(found.value, names), evidence=found.evidence) for found in _stated(page)]
    stated = [found for found in stated if found.value and folded(found.value) not in names]
    headings = [text for text in _headings(page) if folded(text) not in names]
    title = folded(page.title)
    for heading in headings:
        if _repeats(heading, title) or any(folded(heading) == folded(found.value) for found in stated):
            return Found(value=heading, evidence="h1, repeated by title or meta")
    if stated:
        return stated[0]
    if line := _line_of_title(page, title, names):
        return Found(value=line, evidence="line repeated by title")
    if len(headings) == 1:
        return Found(value=headings[0], evidence="only h1")
    if page.title:
        return Found(value=_longest_part(page.title, names), evidence="title element")
    return Found(value=headings[0], evidence="first h1") if headings else Found()


def unglued(title: str, names: frozenset[str]) -> str:
    """The title without a leading or trailing part that is one of the (folded) names of the site."""
    parts = _parts(title)
    while len(parts) > 1 and _is_name(parts[-1][1], names):
        parts.pop()
    while len(parts) > 1 and _is_name(parts[0][1], names):
        parts.pop(0)
    return title[parts[0][0] : parts[-1][0] + len(parts[-1][1])].strip() if parts else ""


def title_parts(title: str) -> list[str]:
    """What stands between the separators of a title: headline, section and site, in the page's order."""
    return [text.strip() for _, text in _parts(title)]


def _stated(page: ParsedPage) -> Iterator[Found]:
    yield Found(value=plain(page.article.get("headline") or page.article.get("name")), evidence="json-ld headline")
    content, name = page.meta("og:title", *_META_TITLES)
    yield Found(value=content[:_MAX_CHARS], evidence=f"meta {name}")


def _headings(page: ParsedPage) -> list[str]:
    """Texts of the h1 elements, those marked as the headline first."""
    lines = [line for line in page.lines if line.tag == "h1" and 1 < len(line.text) <= _MAX_CHARS]
    lines.sort(key=lambda line: "headline" not in line.hint.split())
    joined = [plain(" ".join(element.itertext())) for element in page.tree.iter("h1")]
    texts = [line.text for line in lines]
    return [*(text for text in joined if 1 < len(text) <= _MAX_CHARS and text not in texts), *texts]


def _line_of_title(page: ParsedPage, title: str, names: frozenset[str]) -> str:
    """The longest unlinked line that the title element holds; old pages have headlines, but no headings."""
    lines = (line.text for line in page.lines if not line.linked and len(line.text) <= len(page.title))
    return max((text for text in lines if _repeats(text, title) and folded(text) not in names), key=len, default="")


def _repeats(heading: str, title: str) -> bool:
    """Whether the (folded) title holds the heading as more than a stray word."""
    wanted = folded(heading)
    return bool(wanted) and wanted in title and len(wanted) >= _ENOUGH_TITLE * len(title)


def _site_names(page: ParsedPage, site_name: str) -> frozenset[str]:
    labels = {page.host, *page.host.split(".")[:-1]}
    stated = {site_name, page.meta("og:site_name")[0], page.meta("application-name")[0], *labels}
    return frozenset(name for text in stated if len(name := folded(text)) > 1)


def _parts(title: str) -> list[tuple[int, str]]:
    """(start, text) of the parts between separators, empty ones left out."""
    parts, start = [], 0
    for match in _GLUE.finditer(title):
        parts.append((start, title[start : match.start()]))
        start = match.end()
    return [part for part in (*parts, (start, title[start:])) if part[1].strip()]


def _is_name(part: str, names: frozenset[str]) -> bool:
    wanted = folded(part)
    joined = wanted.replace(" ", "")
    return any(wanted == name or joined == name.replace(" ", "") for name in names) or (
        any(wanted.startswith(f"{name} ") for name in names) and len(wanted.split()) <= _NAME_WORDS
    )


def _longest_part(title: str, names: frozenset[str]) -> str:
    """What is left of a title element: known names go, then the longest part speaks."""
    rest = unglued(title, names)
    parts = title_parts(rest)
    longest = max(parts, key=len, default=rest)
    return longest.strip() if len(longest.split()) >= _FEWEST_WORDS else rest
