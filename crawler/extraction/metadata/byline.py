"""Who wrote it: people as written, without "By", without roles, places and dates.

Why names of the site are refused: half of the wrong authors in the field are the publisher, its uploader account or a
social-media address that a template put into the author tag. Only where nobody else is named is the publisher itself
the author. What a copyright line names is the publisher too, however the site calls itself.

Why lines near the headline: old pages have no metadata and no classes. A byline is a short line between headline and
prose that opens with "By", or a name that stands beside the date, or a linked name there. Nothing of the kind is sought
elsewhere, for a name in a sidebar is another story's author. This raised author F1 on fundus' pages re-laid as markup
of 2001-2007 from .41 to .77.

`CONFIDENCE` was measured on the development halves of postlight, fundus (as it is and re-laid twice), WCXB and
trafilatura's set (1260 pages), and anew on all of these but the last together with the invented pages of our quality
gate (823 bylines): the share of pages on which everybody was right and nobody too many. trafilatura's
catalogue of class names as a last resort was right on 12 of 31 pages and cost some 7 ms on old pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.document import ParsedPage
from crawler.extraction.jsonld import Node, names_of
from crawler.extraction.metadata.glue import title_parts
from crawler.extraction.metadata.people import Named, is_person, people, read_people
from crawler.extraction.metadata.pieces import with_roles
from crawler.extraction.metadata.signature import signed_below, signed_near, signed_with
from crawler.extraction.page import NOWHERE, Found
from crawler.extraction.text import fold_spaces, folded
from storage.types import Contributor, ContributorKind

CONFIDENCE = {
    "json-ld author": 0.93,
    "json-ld author, the publisher itself": 0.83,
    "json-ld creator": 0.75,
    "meta author": 0.90,
    "meta author, the publisher itself": 0.78,
    "meta article:author": 0.78,
    "meta citation_author": 0.60,
    "microdata author": 0.87,
    "rel author": 0.75,
    "line near headline": 0.90,
    "linked name near headline": 0.90,
    "class of a line near headline": 0.82,
    "name beside the date": 0.83,
    "line below the text": 0.85,
}
"""Share of bylines from a place that were right; other meta tags (13 of 13) have `_OTHERWISE`."""
_OTHERWISE = 0.90
_ITSELF = ", the publisher itself"
_GUESSED = frozenset({"name beside the date", "line below the text"})
"""Places from which a person is not taken before a desk or the publisher that metadata name."""

_META = (
    *("author", "byl", "sailthru.author", "parsely-author", "dc.creator", "dcterms.creator", "dcsext.author"),
    *("article:author", "article.author", "article:author_name", "og:article:author", "citation_author", "authors"),
    *("cxenseparse:author", "mediator_author", "rbauthors", "creator", "dc.contributor"),
)
_MAX_NAMES = 20
_MAX_COPYRIGHT = 1000
_MAX_OWNER = 60
_COPYRIGHT = re.compile(r"(?:©|\(c\)|\bcopyright\b)(?P<owner>.{1,60})", re.IGNORECASE)
_MAX_MARKED = 4
_MAX_INSIDE = 60
_RELATED = etree.XPath("//body//*[@rel]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Byline(Found):
    """A byline with those it names told apart."""

    contributors: tuple[Contributor, ...] = ()


def find_byline(page: ParsedPage, headline: str, site_name: str) -> Found:
    """Those who signed, as written, several separated by commas; empty where nobody did.

    "By" and its like, roles ("Staff Writer"), places ("in Moscow"), affiliations behind a comma and dates are left
    out; agencies stay as written. The value is a `Byline`, whose contributors have roles and places.
    """
    nobodies, spare = _nobodies(page, site_name, headline), NOWHERE
    for texts, evidence in _sources(page, headline):
        found = [one for text in texts[:_MAX_NAMES] for one in read_people(_ordered(page, text))]
        named = _authors(found, nobodies)
        if named and (not _is_desk(named) or evidence.startswith("json-ld")):
            chosen = _completed(page, headline, _byline(named, evidence), nobodies)
            return _with_roles(page, chosen if evidence not in _GUESSED or not spare.value else spare)
        if named and (not spare.value or spare.evidence.endswith(_ITSELF)):
            spare = _byline(named, evidence)
        elif found and not spare.value and (evidence.startswith("json-ld") or evidence == "meta author"):
            spare = _byline(found[:1], f"{evidence}{_ITSELF}")
    return spare


def _completed(page: ParsedPage, headline: str, byline: Byline, nobodies: frozenset[str]) -> Byline:
    """The byline that the page shows, where metadata name the first of its people and leave out the rest."""
    people_of = [one.name for one in byline.contributors if one.kind is ContributorKind.PERSON]
    if len(people_of) != 1 or not byline.evidence.startswith(("json-ld", "meta")):
        return byline
    text, pieces = signed_with(page, headline, people_of[0])
    shown = [one for one in read_people(text) if not one.aside and _joined(one.written) not in nobodies]
    persons = [one.who for one in shown if one.who.kind is ContributorKind.PERSON]
    if len(persons) < 2 or persons[0].name != people_of[0]:  # noqa: PLR2004 - one more
        return byline
    bare = not any(one.role for one in persons) and all(is_person(one.name) for one in persons)
    if not bare and not all(one.name in pieces for one in persons):
        return byline
    return _byline(shown, "line near headline")


def _with_roles(page: ParsedPage, byline: Found) -> Found:
    if not isinstance(byline, Byline):
        return byline
    return replace(byline, contributors=with_roles(page, byline.contributors))


def _authors(found: list[Named], nobodies: frozenset[str]) -> list[Named]:
    """Those that are not the site itself, unless it signs together with an agency or another desk."""
    named = [one for one in found if _joined(one.written) not in nobodies]
    if named and all(one.who.kind is not ContributorKind.PERSON for one in named):
        return found
    return named


def _is_desk(named: list[Named]) -> bool:
    """Whether only organisations are named: a desk or the staff, who give way to a person that signs in the page."""
    return all(one.who.kind is ContributorKind.ORGANISATION for one in named)


def _byline(found: list[Named], evidence: str) -> Byline:
    listed = tuple({folded(one.who.name): one for one in reversed(found)}.values())[::-1]
    writers = tuple(one for one in listed if not one.aside) or listed
    return Byline(
        value=", ".join(dict.fromkeys(people(writers))),
        evidence=evidence,
        confidence=CONFIDENCE.get(evidence, _OTHERWISE),
        contributors=tuple(one.who for one in listed),
    )


def _sources(page: ParsedPage, headline: str) -> Iterator[tuple[list[str], str]]:
    for key in ("author", "creator"):
        yield _json_names(page, key), f"json-ld {key}"
    for name in _META:
        yield list(page.metas.get(name, ())), f"meta {name}"
    yield _marked(page.properties, "itemprop"), "microdata author"
    yield _marked(_RELATED(page.tree), "rel"), "rel author"
    for text, evidence in signed_near(page, headline):
        yield [text], evidence
    yield signed_below(page, headline), "line below the text"


def _ordered(page: ParsedPage, text: str) -> str:
    """A name written as ``Roe, Jane`` turned round, where the page itself shows it so."""
    surname, comma, name = text.partition(",")
    if not comma or "," in name or len(text.split()) > 4 or not is_person(f"{name.strip()} {surname.strip()}"):  # noqa: PLR2004 - a name and a surname of two words
        return text
    turned = folded(f"{name} {surname}")
    return f"{name.strip()} {surname.strip()}" if any(turned in line for line in page.folded) else text


def _marked(elements: Iterable[HtmlElement], attribute: str) -> list[str]:
    """Texts of elements that are marked as the author, comment sections left out."""
    texts = []
    for element in elements:
        if "author" not in element.get(attribute).lower().split() or element.tag == "link":
            continue
        inside = islice(element.iter(), _MAX_INSIDE)
        named = [inner for inner in inside if "name" in (inner.get("itemprop") or "").lower().split()]
        text = fold_spaces("".join(islice((named[0] if named else element).itertext(), _MAX_INSIDE)))
        texts.append(text or (named[0].get("content") or "" if named else ""))
    distinct = list(dict.fromkeys(filter(None, texts)))
    return [text for text in distinct if not any(other in text for other in distinct if other != text)][:_MAX_MARKED]


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


def _nobodies(page: ParsedPage, site_name: str, headline: str) -> frozenset[str]:
    publisher = names_of(page.article.get("publisher"))
    texts = [site_name, page.host, page.host.partition(".")[0], headline, page.meta("og:site_name")[0]]
    names = {folded(text) for text in (*texts, *publisher, *title_parts(page.title))}
    return frozenset(name.replace(" ", "") for name in (*names, *_copyrighted(page, names)) if name)


def _joined(name: str) -> str:
    """For comparing with the names of the site, which addresses write without spaces."""
    return folded(name).replace(" ", "")


def _copyrighted(page: ParsedPage, names: set[str]) -> Iterator[str]:
    """Folded names that meta tags state as the author and a copyright line as the owner."""
    stated = {folded(text) for name in _META for text in page.metas.get(name, ()) if 0 < len(text) < _MAX_OWNER}
    if not stated - names:
        return
    for line in page.lines:
        for match in _COPYRIGHT.finditer(line.text[:_MAX_COPYRIGHT]):
            behind = f" {folded(match['owner'])}"
            yield from (name for name in stated - names if f" {name}" in behind)
