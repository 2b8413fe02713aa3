"""``jsonl``: one JSON object per line, with the fields of `crawler.exporting.record`.

Why
    Letters stay letters (no escapes for every Chinese character), except the three line separators that JSON
    allows in strings and many programs take for the end of a line, and lone surrogates, which UTF-8 cannot carry.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from crawler.exporting.record import record_of
from storage.types import ArticleView

_UNSAFE = re.compile("[\u0085\u2028\u2029\ud800-\udfff]")


class JsonLines:
    """See the module."""

    name = "jsonl"
    suffix = ".jsonl"
    one_file_per_article = False

    def header(self) -> str:
        """Nothing."""
        return ""

    def render(self, view: ArticleView) -> str:
        """One line."""
        return json_line(record_of(view))


def json_line(record: Mapping[str, object]) -> str:
    """One object as a line with its line end, whatever characters its texts have."""
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line) + "\n"
