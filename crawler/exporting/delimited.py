"""``csv``: RFC 4180 (comma, CRLF, quotes doubled), UTF-8, one header row, the fields of `crawler.exporting.record`.

Lists (``cluster``, ``events``) are joined by single spaces; objects (``event_links``, ``evidence``) are JSON; null is
an empty cell. Bodies keep their line breaks inside quotes.

Why cells are guarded
    A spreadsheet runs a cell that starts with ``=``, ``+``, ``-`` or ``@`` as a formula, and the text of a fetched
    page is a stranger's. Such a text cell gets one apostrophe in front; so does one that already starts with
    apostrophes and then such a sign, which makes the guard reversible: drop the first of the apostrophes before
    such a sign. White space before the sign is no escape, since some programs trim it; full-width signs count, and
    a tab or line break at the start. Numbers that we made are left alone.
    Who wants untouched text takes ``jsonl``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from crawler.exporting.record import FIELDS, record_of
from storage.types import ArticleView

_FORMULA = re.compile("'*(?:[\t\r\n]|[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Csv:
    """See the module."""

    name = "csv"
    suffix = ".csv"
    one_file_per_article = False

    def header(self) -> str:
        """The field names."""
        return _row(list(FIELDS))

    def render(self, view: ArticleView) -> str:
        """One row; more than one line where the body has line breaks."""
        return _row([_cell(value) for value in record_of(view).values()])


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs; see the module."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return _SURROGATE.sub("\ufffd", guarded(_text(value)))


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return value
    if isinstance(value, dict) or (value and isinstance(value[0], dict)):
        return json.dumps(value, ensure_ascii=False)
    return " ".join(map(str, value))


def _row(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
