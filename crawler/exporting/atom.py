"""A feed in the form of Atom (RFC 4287); the texts are plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from lxml import etree

from crawler.exporting.feed_facts import (
    ATOM,
    About,
    Prefixes,
    Tag,
    atom_name,
    authors_of,
    categories_of,
    copy_of,
    element,
    id_of,
    lede,
    link_of,
    publisher_of,
    stated,
    title_of,
    updated_at,
)
from storage.types import ArticleVersion, ArticleView

_PREFIXES: Prefixes = {None: ATOM}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def write_atom(out: BinaryIO, about: About, views: Iterable[ArticleView]) -> None:
    """Write an Atom feed; streams. Never fails, whatever characters the texts have."""
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(atom_name("feed"), nsmap=_PREFIXES):
            head: list[Tag] = [
                ("title", about.title, {}),
                ("id", about.id, {}),
                ("updated", _rfc3339(about.updated), {}),
            ]
            head += [("link", "", {"rel": "alternate", "href": about.link})] if about.link else []
            head += [("link", "", {"rel": "self", "href": about.address})] if about.address else []
            for name, text, attributes in head:
                file.write(element(atom_name(name), text, attributes, prefixes=_PREFIXES))
            for view in views:
                file.write(_entry(view))


def _entry(view: ArticleView) -> Any:  # noqa: ANN401 - lxml has no types
    version = view.versions[-1]
    article = version.article
    entry = element(atom_name("entry"), "", prefixes=_PREFIXES)
    if _LANGUAGE.fullmatch(article.language):
        entry.set(_LANG, article.language)
    for name, text, attributes in _atom_tags(view, version):
        entry.append(element(atom_name(name), text, attributes))
    for name in authors_of(view):
        etree.SubElement(entry, atom_name("author")).append(element(atom_name("name"), name))
    if publisher := publisher_of(view):
        etree.SubElement(entry, atom_name("source")).append(element(atom_name("title"), publisher))
    return entry


def _atom_tags(view: ArticleView, version: ArticleVersion) -> Iterator[Tag]:
    article = version.article
    yield "title", title_of(view), {}
    yield "id", id_of(view), {}
    yield "updated", _rfc3339(updated_at(view)), {}
    if (published := stated(article.published_at)) is not None:
        yield "published", _rfc3339(published), {}
    yield "link", "", {"rel": "alternate", "href": link_of(view)}
    if copy := copy_of(version):
        yield "link", "", {"rel": "related", "href": copy, "title": "archived copy"}
    if summary := lede(article):
        yield "summary", summary, {"type": "text"}
    for kind, term in categories_of(article):
        yield "category", "", {"term": term, "scheme": kind}


def _rfc3339(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"
