"""A page parsed once: tree, meta tags, JSON-LD and visible lines, shared by everything that looks for a field.

Why one tree: parsing and walking a page costs a quarter of its extraction, and five finders each doing it themselves
is what makes the field's libraries slow.

Why flatten: libxml2 drops what is nested deeper than 2048 elements, trafilatura returns nothing well before that. Such
depth is never meant (unclosed tags, generated tables), so the wrappers are taken out of the source and the page is
parsed again: headings, paragraphs, list items and line breaks survive, which is all an article needs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from crawler.extraction.jsonld import Node, article_node, read_nodes
from crawler.extraction.lines import Line, visible_lines
from crawler.extraction.text import fold_spaces, folded, plain

MAX_CHARS = 4_000_000
"""Longer pages are cut, after their scripts and styles were taken out."""
MAX_DEPTH = 150
"""Elements nested deeper than this are flattened; real pages stay under 60."""
MAX_ELEMENTS = 25_000
"""Larger trees are walked, but not copied and not handed to libraries."""

_MAX_TITLE = 1000
_LABEL_CHARS = 900
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_NO_CHARACTERS = ("\ufffe", "\uffff")
_KEPT_WHEN_FLAT = "html|head|title|meta|link|base|body|h[1-6]|p|br|li|script|style|time|hr"
_WRAPPERS = re.compile(rf"</?(?!(?:{_KEPT_WHEN_FLAT})\b)[a-zA-Z][^<>]*>?")
_ROWS = re.compile(r"</?(?:td|tr|th|div|table|section|article|ul|ol|blockquote)\b[^<>]*>?", re.IGNORECASE)
_UNREAD = ("script", "style", "template", "svg", "object", "embed")
_JSON_LD = "ld-json"
_PROPERTIES = etree.XPath("//body//*[@itemprop]")
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for every tag: lxml.html asks a Python function for the class of each element that anybody looks at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedPage:
    """What the finders look at.

    Attributes:
        url: final URL.
        host: of that URL, without ``www.``; empty where the URL is not one.
        path: likewise.
        captured_at: ceiling of every date.
        tree: root element, scripts (other than JSON-LD) and styles removed. Nobody changes it.
        title: text of the title element.
        metas: lower-case name, property, itemprop or http-equiv -> contents in page order.
        nodes: every JSON-LD object.
        article: the JSON-LD object of the article; empty where there is none.
        lines: visible lines in page order.
        elements: how many elements the tree has.
        flattened: wrappers were removed because of depth.
        unread: how many elements of each kind that is not read (script, object, ...) were taken out of the tree.
        script_chars: length of the scripts that stood in the page itself.
        properties: the elements of the body that have an itemprop, in page order.
        folded: the lines as `text.folded` has them, in the same order; empty for lines of more than 900 characters,
            which are no labels.
    """

    url: str
    host: str
    path: str
    captured_at: datetime
    tree: HtmlElement
    title: str
    metas: Mapping[str, tuple[str, ...]]
    nodes: tuple[Node, ...]
    article: Node
    lines: tuple[Line, ...] = field(repr=False)
    elements: int
    flattened: bool
    unread: Mapping[str, int] = field(default_factory=dict)
    script_chars: int = 0
    properties: tuple[HtmlElement, ...] = field(default=(), repr=False)
    folded: tuple[str, ...] = field(default=(), repr=False)

    def meta(self, *names: str) -> tuple[str, str]:
        """(content, name) of the first of these meta tags that says something; empty strings where none does."""
        for name in names:
            for content in self.metas.get(name, ()):
                if content:
                    return content, name
        return "", ""


def parse_page(text: str, url: str, captured_at: datetime) -> ParsedPage | None:
    """Parse decoded HTML; ``None`` where there is no element at all."""
    source = _bounded(text)
    tree, flattened = _parse(source), False
    if tree is not None and _deeper_than(tree, MAX_DEPTH):
        tree, flattened = _parse(_flat(source)), True
    if tree is None:
        return None
    nodes, title = read_nodes(tree), _title(tree)
    host, path = _host_and_path(url)
    unread, script_chars = _drop_unread(tree)
    lines = visible_lines(tree)
    return ParsedPage(
        url=url,
        host=host,
        path=path,
        captured_at=captured_at,
        tree=tree,
        title=title,
        metas=_metas(tree),
        nodes=nodes,
        article=article_node(nodes, url, title),
        lines=lines,
        elements=int(tree.xpath("count(//*)")),
        flattened=flattened,
        unread=unread,
        script_chars=script_chars,
        properties=tuple(_PROPERTIES(tree)),
        folded=tuple(folded(line.text) if len(line.text) <= _LABEL_CHARS else "" for line in lines),
    )


def bare_page(url: str, captured_at: datetime) -> ParsedPage:
    """A page that says nothing of itself, for texts that come without one: only the words speak."""
    page = parse_page("<html></html>", url, captured_at)
    assert page is not None  # noqa: S101 - it has an element
    return page


def _host_and_path(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path
    except ValueError:
        return "", ""


def _parse(source: str) -> HtmlElement | None:
    parser = etree.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        huge_tree=True,
        default_doctype=False,
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        return document_fromstring(_clean_bytes(source), parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _clean_bytes(source: str) -> bytes:
    """UTF-8 without what no document may hold: controls, lone surrogates, numbers that are no characters."""
    for unwanted in _NO_CHARACTERS:
        if unwanted in source:
            source = source.replace(unwanted, "")
    return source.encode("utf-8", "ignore").translate(None, _CONTROLS)


def _deeper_than(tree: HtmlElement, depth: int) -> bool:
    return bool(tree.xpath("boolean(." + "/*" * depth + ")"))


def _flat(source: str) -> str:
    """The source with block wrappers as line breaks and all other wrappers gone."""
    return _WRAPPERS.sub(" ", _ROWS.sub("<br><br>", source))


def _bounded(source: str) -> str:
    if len(source) <= MAX_CHARS:
        return source
    return _without(_without(source, "script"), "style")[:MAX_CHARS]


def _without(source: str, tag: str) -> str:
    """The source without these elements; JSON-LD goes too, a page of this size is past caring. Linear in any input."""
    kept, position, lowered = [], 0, source.lower()
    if len(lowered) != len(source):
        return source
    while (start := lowered.find(f"<{tag}", position)) >= 0:
        end = lowered.find(f"</{tag}", start)
        if end < 0:
            break
        kept.append(source[position:start])
        position = end + len(tag) + 3
    return "".join([*kept, source[position:]])


def _drop_unread(tree: HtmlElement) -> tuple[dict[str, int], int]:
    """Take out what no finder reads; returns how many of each and how long the scripts were."""
    dropped: Counter[str] = Counter()
    script_chars = 0
    kept: list[HtmlElement] = []
    for element in tree.iter(*_UNREAD):
        if element.tag != "script":
            dropped[element.tag] += 1
        elif "ld+json" in (element.get("type") or "").lower():
            kept.append(element)
        else:
            dropped["script"] += 1
            script_chars += len(element.text or "")
    for element in kept:
        element.tag = _JSON_LD
    etree.strip_elements(tree, *_UNREAD, with_tail=False)
    for element in kept:
        element.tag = "script"
    return dict(dropped), script_chars


def _title(tree: HtmlElement) -> str:
    element = next(tree.iter("title"), None)
    return "" if element is None else fold_spaces(element.text_content())[:_MAX_TITLE]


def _metas(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = plain(element.get("content"))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if name := (element.get(attribute) or "").strip().lower():
                found.setdefault(name, []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}
