"""Articles and events as files for other programs and people.

Two contracts stand in `crawler.exporting.protocol`. An `Export` writes articles one after the other: a file is
``header()`` and then ``render(view)`` per article, so that any number of articles streams through; ``dateline articles
export`` uses these. Add one as a module here and one line in `EXPORTS`; the export contract test walks the tuple. The
fields of ``jsonl`` and ``csv`` are documented in `crawler.exporting.record`.

A `Format` writes a selection of events and articles as one file or several; ``dateline export`` uses those of
`crawler.takeout.FORMATS`. Their fields are documented in `crawler.exporting.event_record` (``events``),
`crawler.exporting.wcep_record` (``wcep``), `crawler.exporting.record` (``articles``), `crawler.exporting.csv_tables`,
`crawler.exporting.parquet` and `crawler.exporting.pages` (``md``); JSON Schemas of the lines are in
`crawler.exporting.schemas`.
"""

from __future__ import annotations

from crawler.exporting.delimited import Csv
from crawler.exporting.json_lines import JsonLines
from crawler.exporting.protocol import Export
from crawler.exporting.record import FIELDS
from crawler.exporting.saved_article import Markdown

EXPORTS: tuple[Export, ...] = (JsonLines(), Csv(), Markdown())

__all__ = ["EXPORTS", "FIELDS", "Export"]
