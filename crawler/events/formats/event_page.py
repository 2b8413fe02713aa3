"""The event page: one Markdown page per event, with its sources and related events.

Why lists are told apart by what they link to and not by their headings: a sibling site has the same layout with
translated headings. An item that links to an event page is a related link, any other is a source; so one reader serves
all languages. A page does not contain its own key: its path does, and where the file was renamed the headline does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from crawler.events.contract import BrokenEntry, EntryText, ReadOptions
from crawler.events.days import iso_day
from crawler.events.keys import event_key, key_of_page
from crawler.events.links import Citation, source_links
from crawler.events.page_links import ITEM, links_of
from crawler.events.repair import folded, repaired
from crawler.events.wikicode import Inline, read_markup
from storage.types import EntryOrigin, EventEntry, RelatedLink

_DATE_LINE = re.compile(r"###\s*\[(\d{4}-\d{1,2}-[^\]\s]{1,4})\]\(")
_STARTS_WITH_DATE = re.compile(r"\s*###\s*\[\d{4}-\d{1,2}-[^\]\s]{1,4}\]\(")
_RELATED = re.compile(r"\[(?P<headline>.*)\]\((?P<path>/[^()\s]*\.md)\)\s*(?:_(?P<context>.*)_)?\s*$")
_CONTEXT_LABEL = re.compile(r"^[^:：,]{1,20}[:：]\s*")
_LONGEST_ITEM = 20_000
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(slots=True)
class _Page:
    event_date: date | None = None
    start: int = 1
    headline: str | None = None
    entities: list[str] = field(default_factory=list)
    description: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    in_lists: bool = False


class EventPage:
    """Format ``event-page``."""

    name = "event-page"

    def recognises(self, name: str, text: str) -> bool:  # noqa: ARG002  the protocol's shape
        """By its first line, the link to the day."""
        return _STARTS_WITH_DATE.match(text) is not None

    def read(self, source: EntryText, options: ReadOptions) -> Iterator[EventEntry]:
        """The page's one event."""
        page = _Page()
        for number, line in enumerate(source.text.split("\n"), start=1):
            _take_line(page, line, number)
        if page.event_date is None:
            raise BrokenEntry(1, "the page has no date line", "begin it with ### [2006-07-5](/news/2006/07/5/index.md)")
        if page.headline is None or not page.headline.strip():
            raise BrokenEntry(page.start, "the page has no headline", "add a line `# headline` below the date line")
        yield _entry(page, page.event_date, page.headline, source, options)


def _take_line(page: _Page, line: str, number: int) -> None:
    if page.event_date is None:
        _take_date(page, line, number)
    elif line.startswith("##### "):
        page.entities.append(folded(repaired(line[6:])))
    elif page.headline is None:
        if line.startswith("# "):
            page.headline = line[2:]
    elif line.startswith("### "):
        page.in_lists = True
    elif not page.in_lists:
        page.description.append(line)
    elif item := ITEM.match(line):
        _take_item(page, item[1], number)


def _take_date(page: _Page, line: str, number: int) -> None:
    match = _DATE_LINE.match(line.strip())
    if match is None:
        return
    page.event_date, page.start = iso_day(match[1]), number
    if page.event_date is None:
        raise BrokenEntry(number, f"there is no day {match[1]}", "write the date as ### [2006-07-5](/news/...)")


def _take_item(page: _Page, item: str, number: int) -> None:
    if len(item) > _LONGEST_ITEM:
        raise BrokenEntry(number, "this list item is no link but pages of text", "put each link on a line of its own")
    related = related_in(item)
    if related is not None:
        page.related.append(_related_link(related, len(page.related) + 1))
        return
    found = links_of(item)
    if not found:
        problem = f"this list item has no complete link: {item[:60]!r}"
        raise BrokenEntry(number, problem, "write it as 1. [label](url); a cut-off file must be fetched again")
    page.citations += [
        Citation(url=link.url, label=link.label, archived_url=link.addition.archive_url) for link in found
    ]


def related_in(item: str) -> re.Match[str] | None:
    """What an item that names another event says; ``None`` for one that names sources."""
    related = _RELATED.match(item)
    return related if related is not None and key_of_page(related["path"]) else None


def _related_link(match: re.Match[str], position: int) -> RelatedLink:
    listed = _CONTEXT_LABEL.sub("", match["context"] or "")
    entities = (folded(repaired(entity)) for entity in listed.split(", "))
    return RelatedLink(
        position=position,
        headline=folded(repaired(read_markup(match["headline"]).plain)),
        target_key=key_of_page(match["path"]),
        context=tuple(entity for entity in entities if entity),
    )


def _entry(page: _Page, day: date, headline: str, source: EntryText, options: ReadOptions) -> EventEntry:
    inline = read_markup(headline)
    description = "\n".join(page.description).strip("\n")
    return EventEntry(
        key=key_of_page(source.name) or event_key(day, headline),
        event_date=day,
        headline=folded(repaired(inline.plain)) or folded(repaired(headline)),
        headline_raw=headline,
        description=repaired(description).strip(),
        description_raw=description,
        language=options.language or _language(source, headline),
        entities=_entities(page, inline),
        sources=source_links([*inline.citations, *page.citations]),
        related=tuple(page.related),
        origin=EntryOrigin(name=source.name, line=page.start, format=EventPage.name),
        raw=source.written,
    )


def _entities(page: _Page, inline: Inline) -> tuple[str, ...]:
    shared = (entity for link in page.related for entity in link.context)
    return tuple(dict.fromkeys(filter(None, [*page.entities, *map(repaired, inline.entities), *shared])))


def _language(source: EntryText, headline: str) -> str:
    """The language that the page's own links name (``/zh/news/``), else what its script says."""
    named = re.search(r"\]\(/([a-z]{2})/news/\d", source.text)
    if named is not None:
        return named[1]
    return "zh" if _HAN.search(headline) else "en"


def source_items(text: str) -> Iterator[tuple[int, int]]:
    """Where the sources stand: (line counted from 0, place in the line at which the item's text begins)."""
    page = _Page()
    for number, line in enumerate(text.split("\n")):
        item = ITEM.match(line) if page.in_lists else None
        _take_line(page, line, number + 1)
        if item is not None and related_in(item[1]) is None:
            yield number, item.start(1)
