"""The lists that indexes send, in all their formats, as `CdxRecord`.

Read are: text columns (with or without a `` CDX`` header line), the JSON array of arrays with its header row, one JSON
object per line, and ``key timestamp {object}`` (CDXJ). The format is told by the text, not by what was asked for:
servers in between and old releases ignore ``output``.

Why each line stands for itself where the whole is broken: indexes hold URLs that no crawler should have stored, and
servers that write JSON by hand do not escape the quotes in them. What can be repaired is (a timestamp with month 00,
``-`` for nothing, a port that is the scheme's own); what cannot is counted, so that a list of nothing but rubbish is
not taken for an empty one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crawler.archives.protocol import CdxRecord
from crawler.errors import UnusableUrl
from crawler.urls import memento_time, memento_timestamp
from crawler.urls.parts import split

LONGEST_ROW = 2000
"""Characters of a row that are kept."""
_MOST_ROWS = 200_000
_LONGEST_LINE = 100_000
_NOTHING = frozenset({"", "-", "unk", "unknown", "no-type", "none", "null"})
_TIMESTAMP = re.compile(r"[0-9]{4,17}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_CDXJ = re.compile(r"(\S+) ([0-9]{4,17}) (\{.*)", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+", re.ASCII)
_DIGEST = re.compile(r"[A-Za-z0-9+/=_-]{8,128}", re.ASCII)
_UNFIT = re.compile("[\x00-\x08\x0a-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_REVISIT = "warc/revisit"
_LOWEST_STATUS, _HIGHEST_STATUS = 100, 599
# What one server calls so, others call otherwise.
_NAMES = {
    "original": "url",
    "mimetype": "mime",
    "m": "mime",
    "statuscode": "status",
    "s": "status",
    "N": "urlkey",
    "b": "timestamp",
    "a": "url",
    "k": "digest",
    "S": "length",
    "V": "offset",
    "g": "filename",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """What a list says.

    Attributes:
        records: copies, in the list's order.
        resume_key: as the server wrote it; empty where the list is complete.
        skipped: lines that give no copy.
        strange: how many of these do not even look like a row.
        cut: the end is missing.
    """

    records: tuple[CdxRecord, ...] = ()
    resume_key: str = ""
    skipped: int = 0
    strange: int = 0
    cut: bool = False


def read_rows(body: bytes, columns: tuple[str, ...]) -> Rows:
    """Read a list. Never raises.

    Args:
        body: as UTF-8; other bytes are replaced.
        columns: of a text without a header line.
    """
    text = body.decode("utf-8-sig", "replace").replace("\0", "\ufffd").strip()
    if not text:
        return Rows()
    lines, key = _array(text) if text.startswith("[") else _lines(text, columns)
    return _gathered(lines, key, cut=_is_cut(text))


def record_of(fields: Mapping[str, str], row: str) -> CdxRecord | None:
    """One copy from named fields, repaired; ``None`` where it says too little: no moment or no URL of the web."""
    stamp = fields.get("timestamp", "")
    moment = memento_time(stamp) if _TIMESTAMP.fullmatch(stamp) else None
    url = _web_url(fields.get("url", ""))
    if moment is None or not url:
        return None
    media_type = fields.get("mime", "").partition(";")[0].strip().lower()
    digest = fields.get("digest", "").rpartition(":")[2]
    return CdxRecord(
        timestamp=memento_timestamp(moment),
        captured_at=moment,
        url=url,
        url_key=_said(fields.get("urlkey", "")),
        media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) and media_type != _REVISIT else "",
        status=_status(fields.get("status", "")),
        digest=digest if _DIGEST.fullmatch(digest) else "",
        length=_number(fields.get("length", "")),
        revisit=media_type == _REVISIT,
        file=_said(fields.get("filename", "")),
        offset=_number(fields.get("offset", "")),
        row=_UNFIT.sub("\ufffd", row[:LONGEST_ROW]),
    )


_Line = tuple[Mapping[str, str] | None, str]
"""Named fields, ``None`` where they cannot be told; and the line."""


def _is_cut(text: str) -> bool:
    """Whether the end of a list is missing; of text columns nobody can tell."""
    if text.startswith("["):
        return not text.endswith("]") or (text != "[]" and not re.search(r"\]\s*\]$", text[-64:]))
    last = text.rpartition("\n")[2]
    return last.startswith("{") and not last.endswith("}")


def _gathered(lines: Iterable[_Line], key: str, *, cut: bool) -> Rows:
    records: list[CdxRecord] = []
    skipped = strange = 0
    for count, (fields, row) in enumerate(lines):
        if count >= _MOST_ROWS:
            break
        record = record_of(fields, row) if fields is not None else None
        if record is not None:
            records.append(record)
            continue
        skipped += 1
        strange += fields is None or not _TIMESTAMP.fullmatch(fields.get("timestamp", ""))
    return Rows(records=tuple(records), resume_key=key, skipped=skipped, strange=strange, cut=cut)


def _lines(text: str, columns: tuple[str, ...]) -> tuple[Iterator[_Line], str]:
    """The lines of text columns, JSON objects or CDXJ, and the key after the blank line."""
    lines = [line.strip() for line in text.split("\n")]
    key = ""
    if len(lines) > 1 and not lines[-2] and " " not in lines[-1] and not lines[-1].startswith("{"):
        key = lines.pop()
    named = tuple(_NAMES.get(column, column) for column in columns)
    if lines[0].startswith("CDX "):
        named = tuple(_NAMES.get(column, column) for column in lines.pop(0).split()[1:])
    return (_line(line, named) for line in lines if line), key


def _line(line: str, columns: tuple[str, ...]) -> _Line:
    if len(line) > _LONGEST_LINE:
        return None, line[:LONGEST_ROW]
    if line.startswith("{"):
        return _object(line), line
    cdxj = _CDXJ.fullmatch(line)
    if cdxj is not None:
        fields = _object(cdxj[3])
        return ({"urlkey": cdxj[1], "timestamp": cdxj[2], **fields} if fields is not None else None), line
    parts = line.split()
    # A space in a URL moves the columns after it; the digest of one copy must not become the status of another.
    return (dict(zip(columns, parts, strict=False)) if len(parts) == len(columns) else None), line


def _object(text: str) -> Mapping[str, str] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return {_NAMES.get(str(name), str(name)): _text(value) for name, value in found.items()}


def _array(text: str) -> tuple[Iterator[_Line], str]:
    """The rows of a JSON array of arrays, and the key in its last row."""
    rows = _whole(text)
    if rows is None:
        rows = [_row_alone(line) for line in text.split("\n") if line.strip(" \t\r[],")]
    key = ""
    if len(rows) > 1 and rows[-1] is not None and len(rows[-1]) == 1:
        # One value alone is the key; the empty row before it is only there in a list that could be read as a whole.
        key = rows[-1][0]
        rows = rows[:-1]
    rows = [row for row in rows if row != []]
    columns = tuple(_NAMES.get(name, name) for name in (rows[0] or [])) if rows else ()
    # Without names nothing can be read; then the first row is a strange one like all others.
    named = "timestamp" in columns
    return (_array_row(row, columns if named else ()) for row in rows[named:]), key


def _array_row(row: list[str] | None, columns: tuple[str, ...]) -> _Line:
    if row is None or not columns or len(row) != len(columns):
        return None, " ".join(row or ())
    return dict(zip(columns, row, strict=True)), " ".join(row)


def _whole(text: str) -> list[list[str] | None] | None:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return [[_text(value) for value in row] if isinstance(row, list) else None for row in rows]


def _row_alone(line: str) -> list[str] | None:
    """One line of an array that is broken elsewhere."""
    bare = line.strip().removesuffix(",").strip()
    bare = "[" + bare.lstrip("[").rstrip("]") + "]"
    try:
        row = json.loads(bare)
    except (ValueError, RecursionError):
        return None
    return [_text(value) for value in row]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _said(value: str) -> str:
    return "" if value.lower() in _NOTHING else _UNFIT.sub("\ufffd", value)


def _number(value: str) -> int | None:
    return int(value) if _NUMBER.fullmatch(value) else None


def _status(value: str) -> int | None:
    number = _number(value)
    return number if number is not None and _LOWEST_STATUS <= number <= _HIGHEST_STATUS else None


def _web_url(text: str) -> str:
    """The URL as it can be asked for, a port that is the scheme's own removed; empty where it is none of the web."""
    try:
        return split(text).request_url
    except UnusableUrl:
        return ""
