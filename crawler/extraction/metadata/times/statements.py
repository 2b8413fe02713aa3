"""What a page states for programs: JSON-LD, meta tags, microdata, hAtom and time elements.

Why a time element inside of comments counts for nothing: where the story's own date is plain text, the first
time element of the page is the first reader's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.dates import Mention
from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import Node, types_of
from crawler.extraction.metadata.times.candidates import Candidate, Reader, Source
from crawler.extraction.metadata.times.words import CHANGED, FOREIGN
from crawler.extraction.text import fold_spaces, folded, plain

_MAX_ELEMENTS = 60
_MAX_ANCESTORS = 6
_MAX_MARKED = 2
"""More are the dates of a list."""
_STAMPED_TAGS = ("time", "abbr", "acronym", "span")
_STAMP = re.compile(r"\s*(?:19|20)\d\d-[01]\d-[0-3]\dT[0-2]\d:?[0-5]\d[\d:.Z+-]{0,20}\s*")
"""A whole time, as microformats write it in `title`, and no tooltip for readers."""
_VALUE_TITLE = "value-title"
"""An empty element that bears the time of the one around it."""
_HATOM = frozenset({"published", "dtpublished", "pubdate"})
_HATOM_CHANGED = frozenset({"updated", "dtmodified", "modified"})
_MEDIA_TYPES = frozenset({"videoobject", "audioobject", "podcastepisode", "radioepisode", "tvepisode", "newsvideo"})


def of_json(reader: Reader, node: Node, *keys: str) -> Iterator[Candidate]:
    """Times of a JSON-LD object."""
    for key in keys:
        if mention := reader.machine(plain(node.get(key))):
            yield Candidate(mention=mention, source=Source.JSON, evidence=f"json-ld {key}")


def of_media(reader: Reader, page: ParsedPage, headline: str) -> Iterator[Candidate]:
    """Times of the film or episode that is the page's own story: it bears the headline, no article is stated."""
    wanted = folded(headline)
    for node in page.nodes if wanted and not page.article else ():
        if _MEDIA_TYPES & types_of(node) and folded(plain(node.get("name") or node.get("headline"))) == wanted:
            yield from of_json(reader, node, "datePublished", "uploadDate")


def of_hatom_changes(reader: Reader, page: ParsedPage) -> Iterator[Candidate]:
    """Elements marked as the last change and not as the publication too; more than two are those of a list."""
    marked = [one for one in _hatom(page, _HATOM_CHANGED) if not _HATOM & _classes(one)]
    for element in marked if len(marked) <= _MAX_MARKED else ():
        if mention := _of_element(reader, element):
            yield Candidate(mention=mention, source=Source.TIME, evidence="abbr element")


def of_metas(reader: Reader, page: ParsedPage, names: tuple[str, ...], source: Source) -> Iterator[Candidate]:
    """Times of meta tags, in the order of the names."""
    for name in names:
        for content in page.metas.get(name, ()):
            if mention := reader.machine(content):
                yield Candidate(mention=mention, source=source, evidence=f"meta {name}")


def of_microdata(reader: Reader, page: ParsedPage, name: str) -> Iterator[Candidate]:
    """Elements with this itemprop (lower case)."""
    for element in page.properties[:500]:
        stated = element.get("itemprop")
        if name in stated.lower().split() and (mention := _of_element(reader, element)):
            yield Candidate(mention=mention, source=Source.MICRODATA, evidence=f"microdata {stated.strip()}")


def of_time_elements(reader: Reader, page: ParsedPage, headline: str) -> Iterator[Candidate]:
    """Elements marked as publication, then the first `time` after the headline."""
    elements = _time_elements(page)
    marked = [one for one in elements if "pubdate" in one.attrib or "publi" in (one.get("class") or "").lower()]
    marked = marked if len(marked) <= _MAX_MARKED else []
    for element in (*marked, *_hatom(page, _HATOM), *_after_headline(page, headline, elements)):
        yield from _of_time_element(reader, element)


def of_first_time_element(reader: Reader, page: ParsedPage) -> Iterator[Candidate]:
    """The first `time` of the page; the day of the visit there is the masthead's, except within the article."""
    for element in _time_elements(page)[:1]:
        for candidate in _of_time_element(reader, element):
            is_masthead = reader.is_visit(candidate.mention) and not _in_story(element)
            yield replace(candidate, source=Source.MASTHEAD) if is_masthead else candidate


def _of_time_element(reader: Reader, element: HtmlElement) -> Iterator[Candidate]:
    """The publication, unless its name or the words around say that it is a change; a name may say both."""
    classes = _classes(element)
    named = "" if _HATOM & classes else " ".join(sorted(classes))
    label = fold_spaces(" ".join((named, element.text_content(), _words_before(element))))
    if not CHANGED.search(label) and (mention := _of_element(reader, element)):
        yield Candidate(mention=mention, source=Source.TIME, evidence="time element")


def _time_elements(page: ParsedPage) -> list[HtmlElement]:
    """`time` elements and others whose `title` is a whole time, those of other stories and readers left out."""
    stamped = (
        one for one in page.tree.iter(*_STAMPED_TAGS) if one.tag == "time" or _STAMP.fullmatch(one.get("title") or "")
    )
    return [one for one in islice(stamped, _MAX_ELEMENTS) if not _is_foreign(one)]


def _hatom(page: ParsedPage, names: frozenset[str]) -> Iterator[HtmlElement]:
    """Elements with a time for programs and one of these classes, those of other stories and readers left out."""
    for element in page.tree.iter(*_STAMPED_TAGS):
        if (element.get("title") or element.get("datetime")) and names & _classes(element) and not _is_foreign(element):
            yield element


def _classes(element: HtmlElement) -> set[str]:
    """The classes of an element, with those of the element that it bears the time of."""
    classes = set((element.get("class") or "").lower().split())
    parent = element.getparent() if _VALUE_TITLE in classes else None
    return classes if parent is None else classes | set((parent.get("class") or "").lower().split())


def _after_headline(page: ParsedPage, headline: str, elements: list[HtmlElement]) -> Iterator[HtmlElement]:
    """The first of the elements that follows the main heading with the headline's words, else the last heading."""
    if not elements:
        return
    wanted, passed, found, known = folded(headline), False, None, set(elements)
    for element in page.tree.iter("h1", *_STAMPED_TAGS):
        if element.tag == "h1":
            if passed and found is not None:
                break
            passed = passed or folded(element.text_content()) == wanted
            found = None
        elif found is None and element in known:
            found = element
    if found is not None:
        yield found


def _of_element(reader: Reader, element: HtmlElement) -> Mention | None:
    """What its attributes state; where that is no time, what it shows."""
    for text in (element.get("datetime"), element.get("content"), element.get("title"), _shown(element)):
        if text and (mention := reader.machine(fold_spaces(text))):
            return mention
    return None


def _shown(element: HtmlElement) -> str:
    parent = element.getparent()
    is_borne = parent is not None and _VALUE_TITLE in (element.get("class") or "").lower().split()
    return str((parent if is_borne else element).text_content())


def _in_story(element: HtmlElement) -> bool:
    return any(ancestor.tag in ("article", "main") for ancestor in element.iterancestors())


def _is_foreign(element: HtmlElement) -> bool:
    for ancestor in islice(element.iterancestors(), _MAX_ANCESTORS):
        if ancestor.tag in ("article", "body", "main"):
            return False
        if FOREIGN.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}".lower()):
            return True
    return False


def _words_before(element: HtmlElement) -> str:
    """The text that stands directly before an element."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return previous.tail or previous.text_content() or ""
    return parent.text or "" if parent is not None else ""
