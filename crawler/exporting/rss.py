"""A feed in the form of RSS 2.0, with what RSS has no element for from Dublin Core and Atom.

Why descriptions are escaped twice: readers take them for HTML. So do some with titles, but as many do not.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from typing import Any, BinaryIO

from lxml import etree

from crawler.exporting.cleaned import legal
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
)
from storage.types import ArticleVersion, ArticleView

_DC = "http://purl.org/dc/elements/1.1/"
_PREFIXES: Prefixes = {"atom": ATOM, "dc": _DC}


def write_rss(out: BinaryIO, about: About, views: Iterable[ArticleView]) -> None:
    """Write an RSS feed; streams. Never fails, whatever characters the texts have."""
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("rss", {"version": "2.0"}, nsmap=_PREFIXES), file.element("channel"):
            head: list[Tag] = [
                ("title", about.title, {}),
                ("link", about.link or about.id, {}),
                ("description", _as_html(about.title), {}),
                ("lastBuildDate", format_datetime(about.updated, usegmt=True), {}),
            ]
            head += [(atom_name("link"), "", {"rel": "self", "href": about.address})] if about.address else []
            for name, text, attributes in head:
                file.write(element(name, text, attributes, prefixes=_PREFIXES if attributes else None))
            for view in views:
                file.write(_item(view))


def _item(view: ArticleView) -> Any:  # noqa: ANN401 - lxml has no types
    version = view.versions[-1]
    item = element("item", "", prefixes=_PREFIXES)
    for name, text, attributes in _rss_tags(view, version):
        item.append(element(name, text, attributes))
    return item


def _rss_tags(view: ArticleView, version: ArticleVersion) -> Iterator[Tag]:
    article = version.article
    yield "title", title_of(view), {}
    yield "link", link_of(view), {}
    yield "guid", id_of(view), {"isPermaLink": "false"}
    if summary := lede(article):
        yield "description", _as_html(summary), {}
    if (published := stated(article.published_at)) is not None:
        yield "pubDate", format_datetime(published, usegmt=True), {}
    for name in authors_of(view):
        yield f"{{{_DC}}}creator", name, {}
    if publisher := publisher_of(view):
        yield f"{{{_DC}}}publisher", publisher, {}
    for kind, term in categories_of(article):
        yield "category", term, {"domain": kind}
    if copy := copy_of(version):
        yield atom_name("link"), "", {"rel": "related", "href": copy, "title": "archived copy"}


def _as_html(text: str) -> str:
    return html.escape(legal(text), quote=False)
