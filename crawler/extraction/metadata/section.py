"""The desk or topic under which a page files its story.

Why several places: half of today's pages state it in a tag, and none of before 2008. The way there ("Home > World >
Europe"), the label over the headline and the folder in the address are as old as the web; of an address only known
words count, because folders also name systems, years and campaigns, and "news" is no desk. On the gate's invented
pages what a reader sees raised the F1 from .51 to 1.00.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import Node, names_of, types_of
from crawler.extraction.metadata.section_labels import visible_labels
from crawler.extraction.metadata.section_words import HOME_WORDS, KINDS, NO_SECTIONS, PATH_LEADS, SECTION_WORDS
from crawler.extraction.page import NOWHERE, Found
from crawler.extraction.text import fold_spaces, folded, plain

CONFIDENCES = {
    "json-ld articleSection": 0.96,
    "meta": 0.95,
    "json-ld breadcrumb": 0.95,
    "microdata articleSection": 0.95,
    "breadcrumb": 0.84,
    "line of the way": 0.95,
    "title": 0.85,
    "filed under": 0.95,
    "label above headline": 0.95,
    "marked near headline": 0.78,
    "line above headline": 0.80,
    "lit item of the menu": 0.90,
    "address": 0.85,
}
"""Share of values that were right. No public set labels the section, so what a reader sees was held against what the
metadata of the same page state (fundus, postlight and the development half of WCXB: breadcrumb 101 of 121, address 52
of 59, label 32 of 34, filed 15 of 16, marked 10 of 16, way 7 of 8, lit 5 of 5, line 3 of 3, title 1 of 3) and against
the invented pages of our quality gate (all right: way 35, title 24, label 21, marked 11, 7 of the others). Metadata
themselves are judged. Few seen means that the figure is drawn towards .8."""
_WAYS = frozenset({"json-ld breadcrumb", "breadcrumb", "line of the way", "address"})
"""Places that go from the widest to the narrowest."""
_METAS = ("article:section", "section", "parsely-section", "article.section", "og:section", "dc.subject.section")
_MAX_CHARS = 60
_MAX_CRUMBS = 8
_CRUMB_CHARS = 400
_FIRST_LINES = 60
_ARROWS = re.compile(r"\s*(?:>>|[>»›→▸]|::)\s*|\s+/\s+|\s+\|\s+")
_STEPS = re.compile(r"\s*(?:>>|[>»›→▸]|::)\s*")
_ARROW_SIGNS = re.compile(r"[>»›→▸|/]|::")
_COLONS = re.compile(r"\s*:\s+")
_WORDS = re.compile(r"[-_+\s]+")
_NAMES = etree.XPath("//@class | //@id | //@itemtype | //@itemprop", smart_strings=False)
_MARKED = etree.XPath("//*[contains(@itemprop,'articleSection')]")
_CRUMBS = etree.XPath(
    "//*[contains(@itemtype,'BreadcrumbList') or contains(@class,'breadcrumb') or contains(@class,'Breadcrumb')"
    " or contains(@id,'breadcrumb') or contains(@id,'Breadcrumb')]"
)


def find_section(page: ParsedPage, headline: str = "", site_name: str = "") -> Found:
    """The section as written, the narrowest where several are named; empty where the page names none.

    Args:
        page: the page.
        headline: of the story; no step of the way to it.
        site_name: of the publisher; likewise.
    """
    refused = {folded(headline), folded(site_name), folded(page.title), page.host, ""} | HOME_WORDS | NO_SECTIONS
    for names, evidence in _stated(page, headline, site_name):
        told = [name for name in names if _is_section(name, refused, folded(headline))]
        if told:
            confidence = CONFIDENCES.get(evidence) or CONFIDENCES[evidence.partition(" ")[0]]
            value = told[-1] if evidence in _WAYS else _narrowest(told, page.path)
            return Found(value=value, evidence=evidence, confidence=confidence)
    return NOWHERE


def _narrowest(names: list[str], path: str) -> str:
    """Of several names the one whose folder lies deepest in the address; else the last."""
    folders = [folded(_WORDS.sub(" ", unquote(part, errors="replace"))) for part in path.split("/")[:-1][:12]]
    placed = [(folders.index(text), name) for name in names if (text := folded(name)) in folders]
    return max(placed, key=lambda one: one[0])[1] if len(names) > 1 and placed else names[-1]


def _stated(page: ParsedPage, headline: str, site_name: str) -> Iterator[tuple[list[str], str]]:
    """(names from the widest to the narrowest, where they stood), the most trusted place first."""
    yield _split(_texts(page.article.get("articleSection"))), "json-ld articleSection"
    for meta in _METAS:
        if meta in page.metas:
            yield _split(page.metas[meta]), f"meta {meta}"
    for node in page.nodes:
        if "breadcrumblist" in types_of(node):
            yield _crumbs(node), "json-ld breadcrumb"
    names = "\n".join(_NAMES(page.tree)).lower()
    marked = _MARKED(page.tree)[:_MAX_CRUMBS] if "articlesection" in names else ()
    yield (
        [fold_spaces(element.get("content") or element.text_content()) for element in marked],
        ("microdata articleSection"),
    )
    for element in _CRUMBS(page.tree)[:_MAX_CRUMBS] if "breadcrumb" in names else ():
        yield _links(element), "breadcrumb"
    yield from ((steps, "line of the way") for steps in _ways(page, folded(site_name)))
    yield from visible_labels(page, headline, site_name, names)
    yield _folders(page.path), "address"


def _texts(value: Any) -> list[str]:  # noqa: ANN401 - JSON is untyped
    return names_of(value)[:_MAX_CRUMBS]


def _split(names: list[str] | tuple[str, ...]) -> list[str]:
    """Ways written into one value (``News > World``, ``news/world``) as their steps."""
    steps = [step for name in names[:_MAX_CRUMBS] for step in _STEPS.split(name[:_CRUMB_CHARS])]
    return [
        part
        for step in steps
        for part in (step.split("/") if "/" in step and " " not in step and "://" not in step else [step])
    ]


def _is_section(name: str, refused: set[str] | frozenset[str], headline: str) -> bool:
    text = folded(name)
    if (
        text in refused
        or len(name) > _MAX_CHARS
        or "://" in name
        or "_" in name
        or not any(char.isalpha() for char in name)
    ):
        return False
    return not (headline and len(text) > _MAX_CHARS // 3 and (headline.startswith(text) or text.startswith(headline)))


def _crumbs(node: Node) -> list[str]:
    """Names of the steps, in the order that they state."""
    listed = node.get("itemListElement")
    steps = [
        step for step in (listed if isinstance(listed, list) else [listed])[:_MAX_CRUMBS] if isinstance(step, dict)
    ]
    placed = sorted(enumerate(steps), key=lambda one: _position(one[1].get("position"), one[0]))
    return [_step_name(step) for _, step in placed]


def _step_name(step: Node) -> str:
    item = step.get("item")
    return plain(step.get("name")) or (plain(item.get("name")) if isinstance(item, dict) else "")


def _position(stated: Any, place: int) -> int:  # noqa: ANN401 - JSON is untyped
    text = str(stated) if isinstance(stated, (int, str)) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else place + 1  # noqa: PLR2004 - two digits


def _links(element: HtmlElement) -> list[str]:
    """Texts of the links in an element that shows the way, or its text at the arrows."""
    links = [fold_spaces(link.text_content()) for link in list(element.iter("a"))[: _MAX_CRUMBS + 1]]
    if links and len(links) <= _MAX_CRUMBS:
        return links
    text = fold_spaces(element.text_content())
    return _ARROWS.split(text) if len(text) <= _CRUMB_CHARS and not links else []


def _ways(page: ParsedPage, site_name: str) -> Iterator[list[str]]:
    """Lines near the top that show the way: "Home > World > Europe", "You are in: World: Europe"."""
    first = HOME_WORDS | ({site_name} if site_name else set())
    for line, text in zip(page.lines[:_FIRST_LINES], page.folded, strict=False):
        if len(line.text) > _CRUMB_CHARS or not text:
            continue
        lead = next((lead for lead in PATH_LEADS if text.startswith(f"{lead} ")), "")
        if lead:
            yield _after_lead(line.text)
        elif _ARROW_SIGNS.search(line.text) and len(steps := _ARROWS.split(line.text)) > 1:
            yield steps if folded(steps[0]) in first else []


def _after_lead(text: str) -> list[str]:
    way = text.partition(":")[2] if ":" in text else text
    steps = _ARROWS.split(way)
    return [step.strip(" :") for step in (steps if len(steps) > 1 else _COLONS.split(way))]


def _folders(path: str) -> list[str]:
    """Folders of the address that are words of sections, without the page's own name."""
    parts = path.rstrip("/").split("/")[:-1][:12]
    names = (fold_spaces(_WORDS.sub(" ", unquote(part, errors="replace"))) for part in parts)
    return [name for name in names if (text := folded(name)) in SECTION_WORDS and text not in KINDS]
