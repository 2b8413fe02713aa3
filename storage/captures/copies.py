"""Records of other people's files that are kept byte for byte: which can be, and how their payload is read.

A record goes into our files as it is, or not at all: it must be exactly one record that our own reader reads back to
the very payload that the caller saw. Whatever is not (another WARC version, a head with stray line breaks or repeated
fields, which readers understand differently; no usable id, or one that was copied already; a length that is not the
block's; far more bytes than its payload) becomes a response record of ours with the same payload, and the metadata
record says why. Nothing of the page is lost, and no foreign byte can be taken for the beginning of a record.

What is different about copies, for all who read them: the payload may be in chunks; digests are the other archive's,
may be missing and may be wrong. So none of theirs is compared. The row has the digest of the payload, and the metadata
record before the copy has one of the whole record (``record-digest``): a flipped byte shows, wherever it is.

Ids: a copy keeps its own. A writer never copies the same id twice. Two writers may; rows point to places, so nothing
depends on ids being unique.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container

from storage.captures.records import MAX_HEAD, CopiedRecord, Malformed, RecordHead, RecordType, parse_head
from storage.http_messages import read_response_head, split_message, without_transfer_encoding
from storage.types import Exchange

MAX_COPIED = 64 << 20
"""Bytes that a copied record may have; the file is appended to in one piece."""
COPIED_TYPES = frozenset({RecordType.RESPONSE, RecordType.RESOURCE})
RECORD_DIGEST = "record-digest"
"""Field of a metadata record: digest of all bytes of the copied record that it refers to."""

_END = b"\r\n\r\n"
_RECORD_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{0,30}:[!-;=?-~]{1,200}>")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z")
_ONCE = frozenset(
    {"warc-type", "warc-record-id", "warc-date", "warc-target-uri", "content-length", "content-type", "warc-truncated"}
)


def copy_of(exchange: Exchange, taken: Container[str]) -> CopiedRecord | str:
    """The exchange's record, ready to be written as it is, or one sentence why it cannot be.

    Args:
        exchange: with a record.
        taken: ids of records that were copied already.
    """
    head_bytes, _, rest = exchange.record.partition(_END)
    if len(exchange.record) > MAX_COPIED or len(head_bytes) > MAX_HEAD:
        return f"it has {len(exchange.record)} bytes"
    if re.search(rb"[\r\n\0]", head_bytes.replace(b"\r\n", b"")):
        return "its head has stray line breaks"
    try:
        head = parse_head(head_bytes)
    except Malformed as problem:
        return str(problem)
    unfit = _unfit_head(head, head_bytes, taken) or _unfit_block(head, rest, exchange.payload)
    return unfit or CopiedRecord(record_id=head.record_id, data=exchange.record)


def payload_of(head: RecordHead, block: bytes) -> bytes:
    """The payload in a block of ours or of a copied record: no HTTP head, no transfer-encoding."""
    if not head.holds_message:
        return block
    # Ours never name one: see `storage.captures.messages`.
    message_head, body = split_message(block)
    return without_transfer_encoding(read_response_head(message_head).headers, body)


def _unfit_head(head: RecordHead, head_bytes: bytes, taken: Container[str]) -> str:
    names = Counter(line.partition(b":")[0].lower().decode("latin-1") for line in head_bytes.split(b"\r\n")[1:])
    repeated = sorted(name for name in _ONCE if names[name] > 1)
    if repeated:
        return f"its head repeats {', '.join(repeated)}"
    if head.type not in COPIED_TYPES:
        return f"it is a {head.type[:40]} record"
    if not _RECORD_ID.fullmatch(head.fields["warc-record-id"]):
        return "its record id is none"
    if head.record_id in taken:
        return "a record with its id was copied already"
    if not _DATE.fullmatch(head.fields["warc-date"]) or not head.fields.get("warc-target-uri"):
        return "it does not say what it is of and when"
    return ""


def _unfit_block(head: RecordHead, rest: bytes, payload: bytes) -> str:
    if len(rest) != head.block_length + len(_END) or not rest.endswith(_END):
        return "it is not exactly as long as it announces"
    if head.block_length > len(payload) + MAX_HEAD:
        return "it is far larger than its payload"
    if payload_of(head, rest[: -len(_END)]) != payload:
        return "its payload reads otherwise"
    return ""
