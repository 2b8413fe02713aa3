"""One event as a record: the lines of the format ``events``.

The fields of `crawler.events.writing.json_line` with everything known about the sources, so that such a line can be
imported as an event entry again, and then:

=====================  ============  ==================================================================================
field                  JSON type     meaning
=====================  ============  ==================================================================================
aliases                strings       further keys of the event
revision               integer       how often its entry was imported with another content, 1-based
imported_at            string        first import, UTC, ``2006-07-05T14:30:00Z``
revised_at             string        import of the present content
articles               objects       the articles that report it, whole, with the fields of `crawler.exporting.record`;
                                     first those that its sources cite, in their order, then others by number
=====================  ============  ==================================================================================

Each source has these fields, too:

=====================  ============  ==================================================================================
field                  JSON type     meaning
=====================  ============  ==================================================================================
position               integer       1-based, in reading order
kind                   string        ``article | image``: images are never fetched as articles
host                   string        of the document; empty where the URL cannot be requested
problem                string        why it cannot be requested; empty otherwise
attempts               integer       how often we asked for the document, in archives too
last_attempt_at        string, null  when last
article_id             integer, null the article stored for the document, marked or not
=====================  ============  ==================================================================================

Why articles stand inside their event and not in a file of their own: one line is one sample. Whoever wants each article
once takes ``parquet`` or ``csv``. Articles that a person marked as none are left out unless the selection has
``marked:yes``.
"""

from __future__ import annotations

from typing import Any

from crawler.events.writing import record_of as record_of_entry
from crawler.exporting.protocol import SelectedEvent
from crawler.exporting.record import Record, record_of, utc_text
from storage.types import EventView, SourceView

EVENT_FIELDS = (
    *("event_id", "date", "headline", "headline_raw", "description", "description_raw", "language", "category"),
    *("topics", "entities", "sources", "related", "aliases", "revision", "imported_at", "revised_at", "articles"),
)


def event_record(selected: SelectedEvent) -> Record:
    """The event with its articles."""
    return event_facts(selected) | {"articles": [record_of(view) for view in selected.articles]}


def event_facts(selected: SelectedEvent) -> Record:
    """The event without its articles."""
    view = selected.view
    facts = record_of_entry(view.entry, selected.notes)
    known = {source.link.position: source for source in view.sources if source.withdrawn_at is None}
    facts["sources"] = [
        said | _source(known.get(link.position) or SourceView(link=link))
        for link, said in zip(view.entry.sources, facts["sources"], strict=True)
    ]
    return facts | _import(view)


def _import(view: EventView) -> Record:
    return {
        "aliases": list(view.aliases),
        "revision": view.revision,
        "imported_at": utc_text(view.imported_at),
        "revised_at": utc_text(view.revised_at),
    }


def _source(source: SourceView) -> dict[str, Any]:
    document = source.document
    return {
        "position": source.link.position,
        "kind": source.link.kind.value,
        "host": document.host if document else "",
        "problem": source.link.problem,
        "attempts": document.attempts if document else 0,
        "last_attempt_at": utc_text(document.last_attempt_at) if document and document.last_attempt_at else None,
        "article_id": document.article_id if document else None,
    }
