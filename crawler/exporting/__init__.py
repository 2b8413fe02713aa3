"""Articles as files for other programs and people: JSON lines, CSV, Markdown.

A file is ``header()`` and then ``render(view)`` per article, so that any number of articles streams through. Add an
export as a module here and one line in `EXPORTS`; the export contract test walks the tuple. The fields of ``jsonl``
and ``csv`` are documented in `crawler.exporting.record`.
"""

from __future__ import annotations

from crawler.exporting.delimited import Csv
from crawler.exporting.json_lines import JsonLines
from crawler.exporting.protocol import Export
from crawler.exporting.record import FIELDS
from crawler.exporting.saved_article import Markdown

EXPORTS: tuple[Export, ...] = (JsonLines(), Csv(), Markdown())

__all__ = ["EXPORTS", "FIELDS", "Export"]
