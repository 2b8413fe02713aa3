"""What a feed says of an article, whatever the feed's form (`crawler.exporting.atom`, `crawler.exporting.rss`)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from lxml import etree

from crawler.exporting.cleaned import cut, legal, on_one_line
from storage.types import Article, ArticleVersion, ArticleView, ContributorKind, DatedTime, DatePrecision

ATOM = "http://www.w3.org/2005/Atom"
Attributes: TypeAlias = dict[str, str]
Prefixes: TypeAlias = dict[str | None, str]
"""Prefix of names -> what it stands for."""
Tag: TypeAlias = tuple[str, str, Attributes]
"""Name, text, attributes of an element."""

_LONGEST_LEDE = 500
_LONGEST_TITLE = 300
_NOBODY = "unknown"
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_NO_PARAGRAPH = ("## ", "- ", "> ")
_WITHOUT_DAY = {DatePrecision.YEAR, DatePrecision.MONTH}


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a feed says of itself.

    Attributes:
        title: one line.
        updated: when any of its articles was changed last.
        link: a page for people; empty where there is none.
        address: of the feed itself; likewise.
    """

    title: str
    updated: datetime
    link: str = ""
    address: str = ""

    @property
    def id(self) -> str:
        """Always the same for the same feed."""
        return uuid.uuid5(uuid.NAMESPACE_URL, legal(self.address or self.link or f"feed {self.title}")).urn


def updated_at(view: ArticleView) -> datetime:
    """When the article's page was changed, as far as it is known; else when it was as it is."""
    version = view.versions[-1]
    modified = stated(version.article.modified_at)
    return modified if modified is not None else version.captured_at


def lede(article: Article) -> str:
    """The first paragraph on one line, cut between words at 500 characters; empty where there is no paragraph."""
    for block in article.body.split("\n\n"):
        text = on_one_line(block)
        if text and not block.startswith(_NO_PARAGRAPH):
            return cut(text, _LONGEST_LEDE)
    return ""


def element(name: str, text: str, attributes: Attributes | None = None, *, prefixes: Prefixes | None = None) -> Any:  # noqa: ANN401 - lxml has no types
    """An element of a legal text; ``prefixes`` where it is written before it has a parent, which would know them."""
    made = etree.Element(name, {key: legal(value) for key, value in (attributes or {}).items()}, nsmap=prefixes)
    made.text = legal(text) or None
    return made


def atom_name(name: str) -> str:
    """A name of Atom's own."""
    return f"{{{ATOM}}}{name}"


def title_of(view: ArticleView) -> str:
    """The headline on one line; the URL where there is none."""
    return cut(on_one_line(view.versions[-1].article.headline), _LONGEST_TITLE) or view.document.canonical_url


def id_of(view: ArticleView) -> str:
    """Made from the canonical URL: never another one for the same article."""
    return uuid.uuid5(uuid.NAMESPACE_URL, legal(view.document.canonical_url)).urn


def link_of(view: ArticleView) -> str:
    """The page on the live web."""
    return view.document.request_url


def copy_of(version: ArticleVersion) -> str:
    """Where a reader opens the archived copy; empty where there is none, or no address of the web."""
    url = version.memento.public_url if version.memento else ""
    return url if _WEB_ADDRESS.fullmatch(url) else ""


def authors_of(view: ArticleView) -> list[str]:
    """Who signed it, else the byline as it is, else the publisher: an Atom entry needs one."""
    article = view.versions[-1].article
    people = [one.name for one in article.contributors if one.kind is ContributorKind.PERSON]
    named = [on_one_line(name) for name in people or [article.byline or article.agency]]
    return [name for name in named if name] or [publisher_of(view) or _NOBODY]


def publisher_of(view: ArticleView) -> str:
    """As the page names it, else its host."""
    return on_one_line(view.versions[-1].article.site_name) or on_one_line(view.document.host)


def categories_of(article: Article) -> Iterator[tuple[str, str]]:
    """(kind, term) pairs: the wire agency, the language."""
    for kind, term in (("agency", article.agency), ("language", article.language)):
        if shown := on_one_line(term):
            yield kind, shown


def stated(time: DatedTime | None) -> datetime | None:
    """A time that a page states to the day; ``None`` for all others."""
    return None if time is None or time.precision in _WITHOUT_DAY else time.value
