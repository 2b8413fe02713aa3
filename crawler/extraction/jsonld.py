"""JSON-LD of a page: all its objects, and the one that describes the article.

Why hand-made: the general readers (extruct, pyld) resolve contexts and refuse what is not valid; newsrooms write
trailing commas, raw line breaks and HTML comments around their JSON, and only a dozen properties matter here.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from crawler.extraction.text import folded, plain

Node = Mapping[str, Any]

_ARTICLE_TYPES = frozenset({"report", "blogposting", "liveblogposting", "socialmediaposting"})
_CHILDREN = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")
_LISTING = "itemlist"
_OPENINGS = ("<!--", "//<![CDATA[", "// <![CDATA[", "<![CDATA[", "/*<![CDATA[*/")
_CLOSINGS = (";", "-->", "//]]>", "// ]]>", "]]>", "/*]]>*/", "//")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MAX_NODES = 500


def read_nodes(tree: HtmlElement) -> tuple[Node, ...]:
    """All JSON-LD objects of the page that could be read, in page order, nested ones after those that hold them."""
    found: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            found.extend(_walk(_load(script.text)))
    return tuple(found[:_MAX_NODES])


def article_node(nodes: tuple[Node, ...], url: str, title: str) -> Node:
    """The object that describes this page's article; an empty mapping where there is none.

    Of several, the one whose headline stands in the page's title or whose URL is the page's; else the first.
    """
    articles = [node for node in nodes if _is_article(node)]
    page_title = folded(title)
    for node in articles:
        headline = folded(plain(node.get("headline")))
        if (headline and headline in page_title) or _same_page(node, url):
            return node
    return articles[0] if articles else {}


def types_of(node: Node) -> frozenset[str]:
    """Lower-case names of the object's types, without the schema's address."""
    stated = node.get("@type")
    listed = stated if isinstance(stated, list) else [stated]
    return frozenset(name.rpartition("/")[2].lower() for name in listed if isinstance(name, str))


def names_of(value: Any) -> list[str]:  # noqa: ANN401 - JSON is untyped
    """Names of a person, an organisation or a list of them, in order."""
    listed = value if isinstance(value, list) else [value]
    names = [plain(item.get("name")) if isinstance(item, dict) else plain(item) for item in listed[:20]]
    names += [plain(name) for item in listed[:20] if isinstance(item, dict) for name in _listed(item.get("name"))]
    return [name for name in names if name]


def address_of(value: Any) -> str:  # noqa: ANN401 - JSON is untyped
    """The first address in an image, an entity or a list of them; empty where there is none."""
    for item in value if isinstance(value, list) else [value]:
        stated = item.get("url") or item.get("contentUrl") or item.get("@id") if isinstance(item, dict) else item
        stated = stated[0] if isinstance(stated, list) and stated else stated
        if isinstance(stated, str) and stated.strip():
            return stated.strip()
    return ""


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON is untyped
    return value if isinstance(value, list) else []


def _load(text: str) -> Any:  # noqa: ANN401 - JSON is untyped
    stripped = text.strip()
    for opening in _OPENINGS:
        stripped = stripped.removeprefix(opening).lstrip()
    for closing in _CLOSINGS:
        stripped = stripped.removesuffix(closing).rstrip()
    for attempt in (stripped, _TRAILING_COMMA.sub(r"\1", stripped), _TRAILING_COMMA.sub(r"\1", unescape(stripped))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(loaded: Any) -> Iterator[Node]:  # noqa: ANN401 - JSON is untyped
    """Objects breadth first; those inside listings of other stories are left out."""
    waiting, seen = deque([loaded]), 0
    while waiting and seen < _MAX_NODES:
        value = waiting.popleft()
        seen += 1
        if isinstance(value, list):
            waiting.extend(value[:_MAX_NODES])
        elif isinstance(value, dict):
            yield value
            if _LISTING not in types_of(value):
                waiting.extend(value[key] for key in _CHILDREN if key in value)


def _is_article(node: Node) -> bool:
    return any(name.endswith("article") or name in _ARTICLE_TYPES for name in types_of(node))


def _same_page(node: Node, url: str) -> bool:
    bare = url.partition("#")[0].rstrip("/")
    stated = (address_of(node.get("url")), address_of(node.get("mainEntityOfPage")), address_of(node.get("@id")))
    return any(address.partition("#")[0].rstrip("/") == bare for address in stated if address)
