"""Who wrote it, as written, without "By".

Why names of the site are refused: half of the wrong authors in the field are the publisher, its uploader account or a
social-media address that a template put into the author tag. Only where JSON-LD names nobody else is the publisher
itself the author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from crawler.extraction.document import MAX_ELEMENTS, ParsedPage
from crawler.extraction.jsonld import Node, names_of
from crawler.extraction.metadata.headline import title_parts
from crawler.extraction.metadata.zone import near_headline, short_lines
from crawler.extraction.page import NOWHERE, Found
from crawler.extraction.text import fold_spaces, folded

_META = (
    *("author", "byl", "sailthru.author", "parsely-author", "dc.creator", "dcterms.creator", "dcsext.author"),
    *("article:author", "article.author", "article:author_name", "og:article:author", "citation_author", "authors"),
    *("cxenseparse:author", "mediator_author", "rbauthors", "creator", "dc.contributor"),
)
_BY = re.compile(
    r"^(?:(?:posted|written|reported|story|text|published)\s+)?"
    r"(?:by|von|par|por|di|door|av|af|autor(?:in|es|a)?|author|text|da|автор|作者|文)\b\s*[:：]?\s*|^(?:von|by)\s*:\s*",
    re.IGNORECASE,
)
_OPENS_LINE = re.compile(
    r"^(?:(?:posted|written|reported|story)\s+)?(?:by|von|par|por|di|door|av|af|автор|作者)\b[\s:：]", re.IGNORECASE
)
_TAIL = re.compile(
    r"\s*(?:[|•·]|\s[–—-]\s|\bon\s+(?=\w+ \d)|\bfor\s+[A-Z]|\bupdated\b|\bpublished\b|\bposted\b"
    r"|\b\d{1,2}[:.]\d\d\b|\b(?:19|20)\d\d\b|@|https?:|,?\s*\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_DATE_START = re.compile(
    r",?\s*(?:\d{1,2}[./ ]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d).*$", re.IGNORECASE
)
_NOBODY = re.compile(
    r"^(?:admin\w*|editors?|staff|web ?master|web ?desk|news ?desk|redaktion|redacci[oó]n|r[eé]daction|redazione"
    r"|user|guest|author|unknown|none|null|anonymous|super ?user|contributor|follow|share|share this|email)$",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"\s*\([a-z]{2,5}\.?\)$")
_DANGLING = re.compile(r"(?:\s+in\s+\w[\w &]{1,30})?\s+(?:on|am|in|at|le|el|den|—)$", re.IGNORECASE)
_ACCOUNT = re.compile(r"^[a-z]+[._\d][a-z._\d]*$|^\(?image:", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|\S@\S|^@|\.(?:com|org|net|co)\b", re.IGNORECASE)
_MARKED = re.compile(r"(?:^|[\s_-])(?:byline|author|authors|creator|vcard|contributor)(?:$|[\s_-])|byline|author-?name")
_NAMED = re.compile(r"author[-_]?name|byline[-_]?name|byline__|(?:^|\s)byline(?:$|\s)|(?:^|\s)fn(?:$|\s)")
_NOT_MARKED = re.compile(
    r"comment|related|bio\b|about|avatar|social|share|image|photo|profile|more-|date|time|follow|count"
)
_MAX_NAME = 90
_MAX_TEXT = 400
_MAX_LINE = 120
_MAX_NAMES = 12


def find_byline(page: ParsedPage, headline: str, site_name: str) -> Found:
    """People as written, several separated by commas; empty where nobody signed."""
    nobodies = _nobodies(page, site_name, headline)
    for texts, evidence in _sources(page, headline):
        names = [name for text in texts[:_MAX_NAMES] if (name := _name(text, nobodies))]
        if names:
            return Found(value=", ".join(dict.fromkeys(names)), evidence=evidence)
    own = [name for text in _json_names(page, "author")[:1] if (name := _name(text, frozenset()))]
    return Found(value=own[0], evidence="json-ld author, the publisher itself") if own else NOWHERE


def _sources(page: ParsedPage, headline: str) -> Iterator[tuple[list[str], str]]:
    for key in ("author", "creator"):
        yield _json_names(page, key), f"json-ld {key}"
    for name in _META:
        yield list(page.metas.get(name, ())), f"meta {name}"
    yield _marked(page.tree, "itemprop"), "microdata author"
    yield _marked(page.tree, "rel"), "rel author"
    zone = short_lines(near_headline(page, headline))
    yield _signed(line.text for line in zone)[:1], "line near headline"
    hinted = [line.text for line in zone if _MARKED.search(line.hint) and not _NOT_MARKED.search(line.hint)]
    yield hinted[:1], "class of a line near headline"
    named = [line.text for line in page.lines if len(line.text) <= _MAX_LINE and _NAMED.search(line.hint)]
    yield named[:1], "class of a line"
    yield _as_trafilatura_finds(page), "class of an element"


def _as_trafilatura_finds(page: ParsedPage) -> list[str]:
    """Its catalogue of class names is the field's best."""
    return (extract_author(page.tree) or "").split("; ") if page.elements <= MAX_ELEMENTS else []


def _marked(tree: HtmlElement, attribute: str) -> list[str]:
    """Texts of elements that are marked as the author, comment sections left out."""
    texts = []
    for element in tree.xpath(f"//body//*[@{attribute}]"):
        if "author" not in element.get(attribute).lower().split() or element.tag == "link":
            continue
        named = [inner for inner in element.iter() if "name" in (inner.get("itemprop") or "").lower().split()]
        text = fold_spaces((named[0] if named else element).text_content())
        texts.append(text or (named[0].get("content") or "" if named else ""))
    return list(dict.fromkeys(texts))[:4]


def _json_names(page: ParsedPage, key: str) -> list[str]:
    """Names under a key of the article, references to other objects resolved; else of any object of the page."""
    by_id = {node["@id"]: node for node in page.nodes if isinstance(node.get("@id"), str) and "name" in node}
    for node in (page.article, *page.nodes):
        stated = node.get(key)
        listed = stated if isinstance(stated, list) else [stated]
        if names := names_of([_resolved(item, by_id) for item in listed]):
            return names
    return []


def _resolved(item: object, by_id: dict[str, Node]) -> object:
    """What a bare reference (an object with only an @id) means; anything else unchanged."""
    if isinstance(item, dict) and "name" not in item and isinstance(item.get("@id"), str):
        return by_id.get(item["@id"], item)
    return item


def _signed(texts: Iterator[str]) -> list[str]:
    return [text for text in texts if len(text) <= _MAX_LINE and _OPENS_LINE.match(text)]


def _name(text: str, nobodies: frozenset[str]) -> str:
    """One name or list of names, cleaned; empty if it names nobody."""
    if len(text) > _MAX_TEXT:
        return ""
    name = _BY.sub("", fold_spaces(text), count=1) if _BY.match(text) else fold_spaces(text)
    name = _DANGLING.sub("", _DATE_START.sub("", _TAIL.sub("", name))).strip(" ,;:-–—|/.·")
    name = _INITIALS.sub("", name)
    if not 1 < len(name) <= _MAX_NAME or _ADDRESS.search(name) or _NOBODY.match(name) or _ACCOUNT.match(name):
        return ""
    if folded(name) in nobodies or not any(char.isalpha() for char in name) or sum(map(str.isdigit, name)) > 1:
        return ""
    return name


def _nobodies(page: ParsedPage, site_name: str, headline: str) -> frozenset[str]:
    publisher = names_of(page.article.get("publisher"))
    parts = title_parts(page.title)
    texts = (
        site_name,
        page.host,
        page.host.partition(".")[0],
        headline,
        *publisher,
        *parts,
        page.meta("og:site_name")[0],
    )
    return frozenset(name for text in texts if (name := folded(text)))
