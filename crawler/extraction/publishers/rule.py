"""What a publisher's rule is: a layout that can be recognised, and where it keeps each field.

Why a rule is data: a page's layout is a list of facts, and facts can be checked one by one: that every XPath compiles,
that no rule fits another's page, that a field which stood there yesterday stands there today. Code that "handles the
site" can only be read.

Why the signature decides and the era only breaks ties: archives show a layout long after it was replaced (a frozen
site) and shortly before it was announced (a test on some pages), so the day of the capture is a hint and no more.

Why one descending step per path: nodes of ``//a//b`` are gathered once per ``a`` and checked against all gathered so
far, which a hostile page makes quadratic. ``//a`` alone, or ``(//a)[1]`` with anything below, is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.text import fold_spaces

FIELDS = frozenset(
    {"headline", "byline", "standfirst", "published_at", "modified_at", "site_name", "section"}
    | {"agency", "dateline", "lead_image_url", "lead_image_caption", "lead_image_credit"}
)
"""Fields of `storage.types.Article` that a rule can find; all of them are one line of text."""

XPath: TypeAlias = Callable[[HtmlElement], object]
"""A compiled path."""

_MAX_VALUES = 20
_MAX_CHARS = 2000
_BREAKS = frozenset({"br", "p", "div", "li", "td", "h1", "h2", "h3"})


@dataclass(frozen=True, kw_only=True)
class PublisherRule:
    """One layout of one publisher.

    Attributes:
        name: the publisher's name and the first year of the layout (``bbc-2003``).
        since: first day on which pages of this layout were captured.
        valid_until: the last such day; ``None`` while the layout is in use.
        signature: XPath that is true for pages of this layout and for no other of the publisher's.
        promises: field -> XPath of elements, attributes or text, or several of them, of which the first that says
            something counts; every page of the layout has it, so a page without it is reported.
        sometimes: likewise, of fields that a page may lack.
        body: XPath of the elements that hold the body, none inside another; empty where the generic candidates do
            as well.
        dropped: XPath of elements inside the body that are no part of it.
        zone: what says the zone of times that are written without one (`` GMT``, ``Z``); put behind them.
        hosts: where this layout stands, where that is not everywhere at the publisher.
        path: regular expression that the path of the URL must match somewhere.
    """

    name: str
    since: date
    signature: str
    valid_until: date | None = None
    promises: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    sometimes: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    body: str = ""
    dropped: str = ""
    zone: str = ""
    hosts: tuple[str, ...] = ()
    path: str = ""

    def fits(self, host: str, path: str, tree: HtmlElement) -> bool:
        """Whether the page has this layout, whenever it was captured."""
        if self.hosts and not at_host(host, self.hosts):
            return False
        return bool(self._path.search(path)) and bool(self._signature(tree))

    def holds_on(self, captured_at: datetime) -> bool:
        """Whether pages captured then have this layout."""
        day = captured_at.date()
        return self.since <= day and (self.valid_until is None or day <= self.valid_until)

    def stated(self, tree: HtmlElement) -> Iterator[tuple[str, str, tuple[HtmlElement, ...]]]:
        """Each field of the rule, what it says in this page (empty where nothing), and the elements that say it."""
        for name, paths in self._fields.items():
            found = next((nodes for find in paths if _says(nodes := _nodes(find(tree)))), [])
            yield name, joined(found), _elements(found)

    def body_in(self, tree: HtmlElement) -> tuple[HtmlElement, ...]:
        """The elements that hold the body, those without any text and those inside of another left out."""
        found = _elements(_nodes(self._body(tree))) if self._body else ()
        known = set(found)
        outer = (one for one in found if not any(above in known for above in one.iterancestors()))
        return tuple(one for one in outer if any(text.strip() for text in one.itertext()))

    def dropped_in(self, tree: HtmlElement) -> tuple[HtmlElement, ...]:
        """What inside the body is no part of it."""
        return _elements(_nodes(self._dropped(tree))) if self._dropped else ()

    @cached_property
    def xpaths(self) -> tuple[str, ...]:
        """Every XPath of the rule, as written."""
        fields = (paths for named in (self.promises, self.sometimes) for paths in named.values())
        several = (path for paths in fields for path in ((paths,) if isinstance(paths, str) else paths))
        return tuple(path for path in (self.signature, *several, self.body, self.dropped) if path)

    @cached_property
    def _signature(self) -> XPath:
        return _compiled(f"boolean({self.signature})")

    @cached_property
    def _path(self) -> re.Pattern[str]:
        return re.compile(self.path)

    @cached_property
    def _fields(self) -> Mapping[str, tuple[XPath, ...]]:
        named = {**self.promises, **self.sometimes}
        several = {name: (paths,) if isinstance(paths, str) else paths for name, paths in named.items()}
        return MappingProxyType({name: tuple(map(_compiled, paths)) for name, paths in several.items()})

    @cached_property
    def _body(self) -> XPath | None:
        return _compiled(self.body) if self.body else None

    @cached_property
    def _dropped(self) -> XPath | None:
        return _compiled(self.dropped) if self.dropped else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """The layouts of one publisher.

    Attributes:
        name: short, lower-case; opens the names of its rules.
        title: as people call it.
        hosts: a page on one of them, or below, is this publisher's.
        rules: newest layout last.
        path: regular expression that the path of a story's URL matches somewhere; pages elsewhere (front pages,
            other publishers that the host carries) are not looked at.
    """

    name: str
    title: str
    hosts: tuple[str, ...]
    rules: tuple[PublisherRule, ...]
    path: str = ""

    def publishes(self, host: str, path: str) -> bool:
        """Whether a page at this address is a story of this publisher."""
        return at_host(host, self.hosts) and bool(re.search(self.path, path))


def at_host(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether the host is one of these or below one of them."""
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def has(*classes: str) -> str:
    """XPath predicate: the element has all these classes."""
    return " and ".join(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in classes)


def meta(*names: str) -> str:
    """XPath of the content of meta tags with one of these names or properties."""
    stated = " or ".join(f"@name = '{name}' or @property = '{name}' or @itemprop = '{name}'" for name in names)
    return f"/html/head/meta[{stated}]/@content"


def links_only(beside: int = 24) -> str:
    """XPath predicate: the list holds nothing but links, with at most so many characters beside each."""
    wordy = f"string-length(normalize-space(.)) > string-length(normalize-space(.//a)) + {beside}"
    return f"(self::ul or self::ol) and .//a and not(li[{wordy}])"


def joined(values: Sequence[object]) -> str:
    """What elements, attributes or text say, as one line; several are separated by commas, repeats go."""
    texts = map(_text, values[:_MAX_VALUES])
    return ", ".join(dict.fromkeys(text for text in texts if text))[:_MAX_CHARS]


def _compiled(xpath: str) -> XPath:
    found: XPath = etree.XPath(xpath, smart_strings=False)
    return found


def _nodes(found: object) -> list[object]:
    """What an XPath gives, as a list: it may be one string."""
    return found if isinstance(found, list) else [found]


def _says(nodes: list[object]) -> bool:
    return any(_text(one) for one in nodes[:_MAX_VALUES])


def _elements(nodes: list[object]) -> tuple[HtmlElement, ...]:
    return tuple(one for one in nodes if isinstance(one, HtmlElement))


def _text(value: object) -> str:
    if isinstance(value, HtmlElement):
        return fold_spaces("".join(_pieces(value)))
    return fold_spaces(value) if isinstance(value, str) else ""


def _pieces(element: HtmlElement) -> Iterator[str]:
    """The text of an element, with a space where a line or a block begins or ends."""
    for event, one in etree.iterwalk(element, events=("start", "end")):
        yield " " if one.tag in _BREAKS else ""
        if event == "start":
            yield one.text or ""
        elif one is not element:
            yield one.tail or ""
