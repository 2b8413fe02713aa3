"""The formats of JSON lines: ``events``, ``wcep``, ``articles``."""

from __future__ import annotations

from typing import Any

from crawler.exporting.event_record import event_record
from crawler.exporting.json_lines import json_line
from crawler.exporting.protocol import Output, Selected
from crawler.exporting.record import record_of
from crawler.exporting.schemas import ARTICLE_SCHEMA, EVENT_SCHEMA, WCEP_SCHEMA
from crawler.exporting.wcep_record import wcep_record


class EventLines:
    """``events``: one event a line with its sources and its articles, whole; see `crawler.exporting.event_record`."""

    name = "events"
    meaning = "JSON lines: one event each, with its sources, their stories and its articles"
    files = ("events.jsonl",)
    schema: dict[str, Any] | None = EVENT_SCHEMA
    unavailable = ""

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        with output.file(self.files[0]) as stream:
            for event in selected.events():
                stream.write(json_line(event_record(event)).encode())
                output.count(self.files[0])


class WcepLines:
    """``wcep``: one event a line, as data sets for summarising have it; see `crawler.exporting.wcep_record`."""

    name = "wcep"
    meaning = "JSON lines as in the WCEP data set: summary, date, category, articles"
    files = ("wcep.jsonl",)
    schema: dict[str, Any] | None = WCEP_SCHEMA
    unavailable = ""

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        with output.file(self.files[0]) as stream:
            for event in selected.events():
                record = wcep_record(event)
                if record is not None:
                    stream.write(json_line(record).encode())
                    output.count(self.files[0])


class ArticleLines:
    """``articles``: one article a line, without events around them; see `crawler.exporting.record`."""

    name = "articles"
    meaning = "JSON lines: one article each, with its evidence"
    files = ("articles.jsonl",)
    schema: dict[str, Any] | None = ARTICLE_SCHEMA
    unavailable = ""

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        with output.file(self.files[0]) as stream:
            for view in selected.articles():
                stream.write(json_line(record_of(view)).encode())
                output.count(self.files[0])
