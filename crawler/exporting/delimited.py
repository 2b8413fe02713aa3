"""``csv``: RFC 4180 (comma, CRLF, quotes doubled), UTF-8, one header row, the fields of `crawler.exporting.record`.

Lists of numbers and keys (``articles``, ``cluster``, ``events``) are joined by single spaces; lists of texts
(``keywords``) and objects (``event_links``, ``evidence``) are JSON; what is empty and null are empty cells. Bodies keep
their line breaks inside quotes. ``entries`` and ``choice`` are left out: the first says the body twice, the second is
a tree.

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
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.exporting.record import FIELDS, record_of
from storage.types import ArticleView

COLUMNS = tuple(name for name in FIELDS if name not in {"entries", "choice"})
"""The header."""

_SPACED = frozenset({"articles", "cluster", "events"})
"""Lists whose items have no spaces."""
_FORMULA = re.compile("'*(?:[\t\r\n]|[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Csv:
    """See the module."""

    name = "csv"
    suffix = ".csv"
    one_file_per_article = False

    def header(self) -> str:
        """The field names."""
        return header_of(COLUMNS)

    def render(self, view: ArticleView) -> str:
        """One row; more than one line where the body has line breaks."""
        return row_of(record_of(view), COLUMNS)


def header_of(columns: Sequence[str]) -> str:
    """The row of the column names."""
    return _row(list(columns))


def row_of(record: Mapping[str, Any], columns: Sequence[str]) -> str:
    """The row of a record."""
    return _row([_cell(name, record[name]) for name in columns])


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet runs; see the module."""
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return _SURROGATE.sub("\ufffd", guarded(_text(name, value)))


def _text(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return value
    return " ".join(map(str, value)) if name in _SPACED else json.dumps(value, ensure_ascii=False)


def _row(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
