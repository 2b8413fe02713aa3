"""The format ``csv``: three tables, ``events.csv``, ``sources.csv`` and ``articles.csv``.

They are written as `crawler.exporting.delimited` says. ``articles.csv`` has its columns; those of the others are the
fields of `crawler.exporting.event_record`, but for texts as written. In ``events.csv`` ``sources`` says how many there
are, and ``articles`` has the numbers of the articles that report the event; ``sources.csv`` names the event of each
source by ``event_id``.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from crawler.exporting.delimited import COLUMNS, header_of, row_of
from crawler.exporting.event_record import event_facts
from crawler.exporting.protocol import Output, Selected
from crawler.exporting.record import record_of
from crawler.exporting.whole import whole

EVENT_COLUMNS = (
    *("event_id", "date", "headline", "description", "language", "category", "topics", "entities", "sources"),
    *("articles", "aliases", "revision", "imported_at", "revised_at"),
)
SOURCE_COLUMNS = (
    *("event_id", "position", "label", "url", "kind", "status", "outcome", "archive", "archive_url", "archive_date"),
    *("archive_verified", "article", "document", "host", "problem", "attempts", "last_attempt_at", "article_id"),
)


class CsvTables:
    """See the module."""

    name = "csv"
    meaning = "three tables: events, sources, articles"
    files = ("events.csv", "sources.csv", "articles.csv")
    schema: dict[str, Any] | None = None
    unavailable = ""

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        with ExitStack() as stack:
            tables = dict(zip(self.files, (EVENT_COLUMNS, SOURCE_COLUMNS, COLUMNS), strict=True))
            streams = {name: stack.enter_context(output.file(name)) for name in tables}

            def add(name: str, record: dict[str, Any]) -> None:
                streams[name].write(row_of(record, tables[name]).encode())
                output.count(name)

            for name, columns in tables.items():
                streams[name].write(header_of(columns).encode())
            for event, articles in whole(selected):
                if event is not None:
                    facts = event_facts(event)
                    counted = {"sources": len(facts["sources"]), "articles": [view.id for view in event.articles]}
                    add("events.csv", facts | counted)
                    for source in facts["sources"]:
                        add("sources.csv", source | {"event_id": facts["event_id"]})
                for view in articles:
                    add("articles.csv", record_of(view))
