"""Records of ours beside those that are copied, so that a page is found where a reader of the package looks for it.

- An archived copy was asked for at the archive's address, and its record says so. Under the page's own address, at the
  archive's time, stands a ``revisit`` of that record: the same payload, and the head that came with it.
- What a browser made of a page is a ``conversion``, which viewers in browsers do not show. A ``resource`` beside it has
  the same content, address and time.

Why beside and not instead: the copied records are the evidence. Ids are made from theirs, so the same selection gives
the same bytes.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

from storage.captures.lifting import CaptureRecords, StoredRecord
from storage.captures.records import IDENTICAL_PAYLOAD, Record, RecordHead, RecordType, target_uri
from storage.types import Capture

_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+")
_BLANK_LINE = b"\r\n\r\n"
_NAMESPACE = uuid.UUID("6f1b7c1e-64c5-5f0e-9a51-0f8b8a2a7f10")


def added(capture: Capture, records: CaptureRecords, content: bytes | None) -> Record | None:
    """The record to be put behind those of a capture; ``None`` where none is needed.

    Args:
        capture: the capture.
        records: its own.
        content: of one that a browser made; ``None`` for all others.
    """
    record = records.record
    if record.head.type == RecordType.CONVERSION and content is not None:
        return _resource(record, content)
    if capture.memento is None or capture.memento.source or not record.message_head:
        return None
    return _revisit(capture, record, records.target or record)


def new_id(name: str) -> str:
    """``urn:uuid:...``, always the same for the same name."""
    return uuid.uuid5(_NAMESPACE, name).urn


def date_of(head: RecordHead) -> datetime:
    """``WARC-Date``, to the microsecond; what other crawlers wrote there was checked when it was copied."""
    return datetime.fromisoformat(_FRACTION.sub(r"\1", head.fields["warc-date"])).astimezone(UTC)


def _resource(record: StoredRecord, content: bytes) -> Record:
    said = record.head.fields
    return Record(
        type=RecordType.RESOURCE,
        record_id=new_id(f"resource {record.head.record_id}"),
        date=date_of(record.head),
        content_type=said.get("content-type", ""),
        block=content,
        fields=(
            ("WARC-Target-URI", said.get("warc-target-uri", "")),
            ("WARC-Payload-Digest", said.get("warc-payload-digest", "")),
        ),
    )


def _revisit(capture: Capture, record: StoredRecord, holder: StoredRecord) -> Record:
    said = holder.head.fields
    return Record(
        type=RecordType.REVISIT,
        record_id=new_id(f"revisit {record.head.record_id}"),
        date=capture.captured_at,
        content_type="application/http;msgtype=response",
        block=record.message_head + _BLANK_LINE,
        fields=(
            ("WARC-Target-URI", target_uri(capture.page_url)),
            ("WARC-Payload-Digest", said.get("warc-payload-digest") or holder.found.payload_digest),
            ("WARC-Profile", IDENTICAL_PAYLOAD),
            ("WARC-Refers-To", f"<{holder.head.record_id}>"),
            ("WARC-Refers-To-Target-URI", said.get("warc-target-uri", "")),
            ("WARC-Refers-To-Date", said["warc-date"]),
        ),
    )
