"""Event pages: one Markdown page per event, as it was or laid out anew.

::

    ### [2006-07-5](/news/2006/07/5/index.md)

    # Harbour pilots refuse to work

    The blurb.


    ### Source:

    1. [Courier](http://courier.example/2) ([archived 2006-07-05](https://archive.example/...), link dead)

    ### Related:

    1. [Tankers wait](/news/2006/07/6/tankers-wait.md) _Context: Lorran, Merrow_

Why sources in a headline get no addition: the headline is the page's title and its key is made of it; a word more there
would be another event's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from crawler.events.contract import BrokenEntry
from crawler.events.formats.event_page import EventPage, source_items
from crawler.events.notes import Notes
from crawler.events.page_links import Addition, links_of, markdown_url
from crawler.events.repair import evened, folded
from crawler.events.wikicode import read_markup
from storage.types import EventEntry, RelatedLink, SourceLink

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_ONE_LINE = re.compile(r"[\r\n]+")
_HEADING = re.compile(r"^(#)", re.MULTILINE)
_LONGEST_NAME = 240
_HEADINGS = {"zh": ("信息来源", "有关", "消息")}
_ENGLISH = ("Source", "Related", "Context")


def page_path(entry: EventEntry) -> str:
    """``news/2006/07/5/slug.md``.

    A slug that is too long for a file's name (few systems take more than 255 bytes) is cut and gets a digest of itself;
    imported again, such a page is known by its sources and headline.
    """
    day, _, slug = entry.key.rpartition("/")
    packed = slug.encode()
    if len(packed) > _LONGEST_NAME:
        cut = packed[:_LONGEST_NAME].decode("utf-8", "ignore")
        slug = f"{cut}-{hashlib.sha256(packed).hexdigest()[:8]}"
    return f"news/{day}/{slug}.md"


def page_of(entry: EventEntry, notes: Notes | None = None) -> str:
    """The entry's page: the one that it was read from where there is such, else laid out anew."""
    if not entry.raw or entry.origin.format != EventPage.name:
        return "".join(_laid_out(entry, notes or {}))
    return annotated_page(entry.raw, notes) if notes is not None else entry.raw


def annotated_page(raw: str, notes: Notes) -> str:
    """The page with an addition behind each source link of a list; what we added before is brought up to date.

    Args:
        raw: an event page, exactly as it stands in its file; one that is not sound is given back as it is.
        notes: what is known; links that are not in it stay as they are.
    """
    try:
        items = list(source_items(evened(raw)))
    except BrokenEntry:  # stored when the format was read less strictly
        return raw
    lines = [(line[1], line[2]) for line in _LINE.finditer(raw) if line[0]]
    for number, start in items:
        line, end = lines[number]
        lines[number] = line[:start] + _annotated(line[start:], notes), end
    return "".join(line + end for line, end in lines)


def _annotated(item: str, notes: Notes) -> str:
    pieces, place = [], 0
    for link in links_of(item):
        note = notes.get(link.url.strip())
        if note is not None and note.adds_to(link.url):
            pieces += [item[place : link.end], str(link.addition.improved(note))]
            place = link.addition_end
    return "".join([*pieces, item[place:]])


def _laid_out(entry: EventEntry, notes: Notes) -> Iterator[str]:
    sources, related, _ = _HEADINGS.get(entry.language, _ENGLISH)
    day = f"{entry.event_date.year:04}-{entry.event_date.month:02}-{entry.event_date.day}"
    yield f"### [{day}](/news/{day.replace('-', '/')}/index.md)\n\n"
    yield from (f"##### {entity}\n" for entity in _own_entities(entry))
    was_page = entry.origin.format == EventPage.name
    headline = entry.headline_raw if was_page else entry.headline
    description = entry.description_raw if was_page else _HEADING.sub(r"\\\1", entry.description_raw)
    yield f"# {_ONE_LINE.sub(' ', headline)}\n\n{description}\n\n\n"
    if entry.sources:
        yield f"### {sources}:\n\n"
        yield from (_source_line(link, notes) for link in entry.sources)
    if entry.related:
        yield "\n" if entry.sources else ""
        yield f"### {related}:\n\n"
        yield from (_related_line(link, entry.language) for link in entry.related)


def _own_entities(entry: EventEntry) -> Iterator[str]:
    """Those that neither the headline links nor a related link shares; other languages' pages name their first."""
    elsewhere = {entity for link in entry.related for entity in link.context}
    elsewhere.update(read_markup(entry.headline_raw).entities)
    for place, entity in enumerate(entry.entities):
        if entity not in elsewhere or (place == 0 and entry.language in _HEADINGS):
            yield folded(entity)


def _source_line(link: SourceLink, notes: Notes) -> str:
    note = notes.get(link.cited_url)
    addition = Addition().improved(note) if note is not None and note.adds_to(link.cited_url) else ""
    return f"{link.position}. [{link.label}]({markdown_url(link.cited_url)}){addition}\n"


def _related_line(link: RelatedLink, language: str) -> str:
    home = "" if language == "en" else f"/{language}"
    word = _HEADINGS.get(language, _ENGLISH)[2]
    context = f" _{word}: {', '.join(link.context)}_" if link.context else ""
    return f"{link.position}. [{link.headline}]({home}/news/{link.target_key}.md){context}\n"
