"""The format ``parquet``: ``events.parquet`` and ``articles.parquet``, for pandas, DuckDB, Spark and the like.

The columns are the fields of `crawler.exporting.event_record` and `crawler.exporting.record`, with these types: numbers
are ``int64``; times are timestamps in UTC to the microsecond; ``date`` and ``archive_date`` are days; lists of numbers
and texts are lists; ``sources``, ``related``, ``contributors``, ``media``, ``entries``, ``event_links``, ``lead_image``
and ``mark`` are structs or lists of structs with the same names; ``evidence``, ``confidence`` and ``choice`` are JSON
text, since their keys are no fixed set. ``articles`` of an event is a list of ``article_id``: the join is one
``unnest``. Text is UTF-8, lone surrogates become U+FFFD.

Why row groups are small: a group is held in memory while it is filled. It is written when it has 1,000 rows or its
texts reach 8 MiB, so that memory does not grow with the selection, and a reader skips groups by their statistics.

Why zstd: half the size of snappy on text, and every reader of the last years knows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date, datetime
from importlib.util import find_spec
from typing import Any, BinaryIO, Self

from crawler.exporting.event_record import EVENT_FIELDS, event_facts
from crawler.exporting.protocol import Output, Selected
from crawler.exporting.record import FIELDS, Record, record_of
from crawler.exporting.whole import whole

_ROWS = 1_000
_CHARACTERS = 8 << 20
_SURROGATE = re.compile("[\ud800-\udfff]")
_JSON_TEXT = ("evidence", "confidence", "choice")
_INSTALL = "parquet needs pyarrow, which is not installed here: pip install 'dateline[parquet]'"

_TIMES = frozenset(
    {
        *("published_at", "modified_at", "captured_at", "extracted_at", "archive_requested_at", "posted_at", "at"),
        *("imported_at", "revised_at", "last_attempt_at"),
    }
)
_DAYS = frozenset({"date", "archive_date"})


class Parquet:
    """See the module."""

    name = "parquet"
    meaning = "two tables for pandas, DuckDB and the like: events, articles (needs the extra parquet)"
    files = ("events.parquet", "articles.parquet")
    schema: dict[str, Any] | None = None

    @property
    def unavailable(self) -> str:
        """See `crawler.exporting.protocol.Format`."""
        return "" if find_spec("pyarrow") else _INSTALL

    def write(self, selected: Selected, output: Output) -> None:
        """See `crawler.exporting.protocol.Format`."""
        with ExitStack() as stack:
            schemas = (events_schema(), articles_schema())
            events, articles = (
                stack.enter_context(_Table(stack.enter_context(output.file(name)), schema))
                for name, schema in zip(self.files, schemas, strict=True)
            )
            for event, views in whole(selected):
                if event is not None:
                    events.add(event_facts(event) | {"articles": [view.id for view in event.articles]})
                    output.count(self.files[0])
                for view in views:
                    articles.add(_flat(record_of(view)))
                    output.count(self.files[1])


class _Table:
    """A file of rows, written group by group; leaving the block writes the last one and the footer."""

    def __init__(self, stream: BinaryIO, schema: Any) -> None:  # noqa: ANN401 - pyarrow has no types here
        from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - an extra

        self._schema = schema
        self._writer = ParquetWriter(stream, schema, compression="zstd")
        self._rows: list[Record] = []
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self._flush()
        self._writer.close()

    def add(self, record: Record) -> None:
        """One row."""
        self._rows.append(_typed(record))
        self._held += sum(len(value) for value in record.values() if isinstance(value, str))
        if len(self._rows) >= _ROWS or self._held >= _CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_batch(_batch(self._rows, self._schema))
        self._rows, self._held = [], 0


def _batch(rows: list[Record], schema: Any) -> Any:  # noqa: ANN401 - as above
    from pyarrow import RecordBatch  # noqa: PLC0415 - an extra

    try:
        return RecordBatch.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        return RecordBatch.from_pylist([_clean(row) for row in rows], schema=schema)


def _clean(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return {name: _clean(one) for name, one in value.items()} if isinstance(value, dict) else value


def _flat(record: Record) -> Record:
    """Fields without a fixed set of keys as JSON text."""
    return record | {name: json.dumps(record[name], ensure_ascii=False) for name in _JSON_TEXT}


def _typed(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """Times and days, which are text in JSON, as such."""
    if isinstance(value, str):
        return _READ[name](value) if name in _READ else value
    if isinstance(value, list):
        return [_typed(one) for one in value]
    return {key: _typed(one, key) for key, one in value.items()} if isinstance(value, dict) else value


_READ: Mapping[str, Callable[[str], date]] = {
    **dict.fromkeys(_TIMES, datetime.fromisoformat),
    **dict.fromkeys(_DAYS, date.fromisoformat),
}


# -- schemas -----------------------------------------------------------------------------------------------------


def articles_schema() -> Any:  # noqa: ANN401 - as above
    """The columns of ``articles.parquet``."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    texts, numbers = pa.list_(pa.string()), pa.list_(pa.int64())
    media = {"medium": None, "name": None, "description": None, "url": None, "seconds": pa.int64(), "pages": pa.int64()}
    entry = {"headline": None, "body": None, "posted_at": _time(), "posted_precision": None, "clock": None}
    image = {"url": None, "stored": pa.bool_(), "outcome": None, "width": pa.int64(), "height": pa.int64()}
    image |= {"media_type": None, "bytes": pa.int64(), "hash": None, "captured_at": _time(), "file": None}
    link = {"event_key": None, "how": None, "score": pa.float64(), "evidence": None}
    types = dict.fromkeys(("article_id", "version", "versions", "representative"), pa.int64()) | {
        **dict.fromkeys(
            ("published_at", "modified_at", "captured_at", "extracted_at", "archive_requested_at"), _time()
        ),
        **dict.fromkeys(("events", "keywords", "corrections"), texts),
        "cluster": numbers,
        "event_links": pa.list_(_struct(link)),
        "contributors": pa.list_(_struct({"name": None, "kind": None, "role": None})),
        "media": pa.list_(_struct(media)),
        "entries": pa.list_(_struct(entry)),
        "lead_image": _struct(image | {"offset": pa.int64()}),
        "mark": _struct({"by": None, "at": _time(), "because": None}),
    }
    return pa.schema([(name, types.get(name, pa.string())) for name in FIELDS])


def events_schema() -> Any:  # noqa: ANN401 - as above
    """The columns of ``events.parquet``."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    texts, number = pa.list_(pa.string()), pa.int64()
    source = dict.fromkeys(("label", "url", "status", "outcome", "archive", "archive_url"))
    source |= {"archive_date": pa.date32(), "archive_verified": pa.bool_(), "article": None, "document": None}
    source |= {"position": number, "kind": None, "host": None, "problem": None, "attempts": number}
    source |= {"last_attempt_at": _time(), "article_id": number}
    types = {"date": pa.date32(), "topics": texts, "entities": texts, "sources": pa.list_(_struct(source))}
    types |= {"related": pa.list_(_struct({"headline": None, "event_id": None, "context": texts})), "aliases": texts}
    types |= {"revision": number, "imported_at": _time(), "revised_at": _time(), "articles": pa.list_(number)}
    return pa.schema([(name, types.get(name, pa.string())) for name in EVENT_FIELDS])


def _time() -> Any:  # noqa: ANN401 - as above
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return pa.timestamp("us", tz="UTC")


def _struct(fields: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    """A struct of these fields; those without a type are texts."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return pa.struct([(name, kind or pa.string()) for name, kind in fields.items()])
