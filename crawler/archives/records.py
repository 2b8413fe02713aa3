"""One WARC or ARC record out of bytes that somebody else wrote.

Read is what archives hold in fact: WARC 0.17 to 1.1 with line breaks of either kind, targets in angle brackets, dates
with offsets or without a time of day, ARC headers of both versions with spaces in their URLs, records behind stray
blank lines. `parse_head` and `parse_arc_head` take a head alone, so that an index of a large file needs no bodies.

Why not warcio: it reads streams of records and repairs silently; here one record has to be told from half of one, and
its own bytes have to be kept as they are. What remains is this page. (Scans of whole files use other readers.)

Why an ARC record becomes a WARC record here: the library keeps WARC files only, and other tools can read it then. Its
block is the archive's, untouched; its ``WARC-Date`` is the ARC's archive date, because that is when this exchange took
place. Its id is made from its bytes: the same ARC record is the same WARC record each time.

Why a moment that cannot be read makes the record unusable: without it a copy proves nothing about any time.
"""

from __future__ import annotations

import hashlib
import re
import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_address

from storage.http_messages import HEAD_END, HttpResponse, read_response_head, split_message, without_transfer_encoding

Headers = tuple[tuple[str, str], ...]

RESPONSE, REVISIT, RESOURCE = "response", "revisit", "resource"
MAX_HEAD = 1 << 20
"""Bytes that a record's own head may have."""

_HTTP_RESPONSE = "application/http;msgtype=response"
_GZIP_MAGIC = b"\x1f\x8b"
_BREAKS = b"\r\n"
_RECORD_END = b"\r\n\r\n"
_VERSION = re.compile(rb"WARC/[01]\.[0-9]{1,3}[ \t]*\r?\n")
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(?:Z|([+-])([0-9]{2}):?([0-9]{2}))?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_ARC_HEAD = re.compile(
    rb"(?P<url>[A-Za-z][^\r\n]{0,65536}?) (?P<ip>[0-9A-Fa-f.:]{1,45}|-) (?P<date>[0-9]{8,20}) "
    rb"(?P<type>[^ \r\n]{0,255})(?P<more> [^\r\n]{0,4096})? (?P<length>-?[0-9]{1,15})\r?"
)
_ARC_FILE = (b"filedesc:", b"dns:", b"warcinfo:")
_TRUNCATED = re.compile(r"[a-z]{1,20}", re.ASCII)
_URI_BYTES = frozenset(range(0x21, 0x7F)) - frozenset(b'<>"')
_MEDIA_TYPE = re.compile(r"[!-.0-:<-~]{1,127}/[!-:<-~]{1,127}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignHead:
    """What the head of a record says.

    Attributes:
        type: ``WARC-Type`` in lower case; ``response`` or ``resource`` for an ARC record.
        url: target, without angle brackets; empty where there is none (``warcinfo``).
        captured_at: ``WARC-Date``, or the ARC's archive date.
        length: bytes of the block.
        content_type: of the block; of an ARC record, as its line states the page's.
        record_id: without angle brackets; empty for an ARC record.
        payload_digest: as stated (``sha1:BASE32``); empty where it states none.
        profile: of a revisit, as stated.
        refers_to_id: record that a revisit repeats, without angle brackets; empty where it is not stated.
        refers_to_url: likewise its target.
        refers_to_at: likewise its moment; ``None`` where it is not stated.
        truncated: ``WARC-Truncated``; empty where the record is whole.
        fields: all of them, lower-case name -> first value; empty for an ARC record.
    """

    type: str
    url: str
    captured_at: datetime
    length: int
    content_type: str = ""
    record_id: str = ""
    payload_digest: str = ""
    profile: str = ""
    refers_to_id: str = ""
    refers_to_url: str = ""
    refers_to_at: datetime | None = None
    truncated: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignRecord:
    """A record with its bytes.

    Attributes:
        head: see `ForeignHead`.
        status: of the HTTP response in it; 0 where there is none.
        reason: status text; empty where there is none.
        headers: of that response, as they stand in the record; of a ``resource``, its content type.
        payload: body, transfer-encoding removed, content-encoding on as far as ``headers`` tell the truth.
        record: the WARC record, whole and uncompressed; of an ARC record, the one made from it.
    """

    head: ForeignHead
    status: int
    reason: str
    headers: Headers
    payload: bytes
    record: bytes


def parse_record(data: bytes, *, most: int) -> ForeignRecord | str:
    """The record that some bytes begin with, or one sentence why there is none. Never raises.

    Args:
        data: one gzip member or one plain record; what stands behind it is left alone.
        most: bytes that the record may have, uncompressed.
    """
    plain = _unpacked(data, most) if data.startswith(_GZIP_MAGIC) else data
    if isinstance(plain, str):
        return plain
    plain = plain.lstrip(_BREAKS)
    if plain.startswith(b"WARC/"):
        return _of_warc(plain, most)
    return _of_arc(plain, most)


def parse_head(data: bytes) -> ForeignHead | str:
    """The head of a WARC record, from its version to its last field, or one sentence why it is none. Never raises."""
    if not _VERSION.match(data + b"\n"):
        return "it does not begin with a WARC version"
    fields = _fields(data)
    moment = parse_date(fields.get("warc-date", ""))
    if moment is None:
        return f"its WARC-Date is {fields.get('warc-date', '')[:40]!r}"
    length = fields.get("content-length", "")
    if not _NUMBER.fullmatch(length):
        return f"its Content-Length is {length[:40]!r}"
    truncated = fields.get("warc-truncated", "").lower()
    return ForeignHead(
        type=fields.get("warc-type", "").lower(),
        url=_unbracketed(fields.get("warc-target-uri", "")),
        captured_at=moment,
        length=int(length),
        content_type=fields.get("content-type", ""),
        record_id=_unbracketed(fields.get("warc-record-id", "")),
        payload_digest=fields.get("warc-payload-digest", ""),
        profile=_unbracketed(fields.get("warc-profile", "")),
        refers_to_id=_unbracketed(fields.get("warc-refers-to", "")),
        refers_to_url=_unbracketed(fields.get("warc-refers-to-target-uri", "")),
        refers_to_at=parse_date(fields.get("warc-refers-to-date", "")),
        truncated=truncated if _TRUNCATED.fullmatch(truncated) else "",
        fields=fields,
    )


def parse_arc_head(line: bytes) -> ForeignHead | str:
    """The head line of an ARC record, with or without its line break, or one sentence why it is none. Never raises."""
    if line.startswith(_ARC_FILE):
        return "it describes the file, or a name look-up, and no page"
    found = _ARC_HEAD.fullmatch(line.rstrip(b"\n"))
    if found is None:
        return "it begins with the head of neither a WARC nor an ARC record"
    moment = _arc_date(found["date"].decode("ascii"))
    if moment is None:
        return f"its archive date is {found['date'][:40].decode('ascii')!r}"
    if found["length"].startswith(b"-"):
        return f"its length is {found['length'].decode('ascii')}"
    return ForeignHead(
        type=RESPONSE,
        url=_text(found["url"]),
        captured_at=moment,
        length=int(found["length"]),
        content_type=_text(found["type"]),
        fields={"warc-ip-address": _text(found["ip"])},
    )


def parse_date(text: str) -> datetime | None:
    """A moment as WARC files state it, at whatever precision; ``None`` where it is none."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[n]) if found[n] else None for n in range(1, 7))
    microsecond = int((found[7] or "")[:6].ljust(6, "0"))
    offset = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0))
    try:
        zone = timezone(-offset if found[8] == "-" else offset)
        local = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, microsecond, tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def http_of(head: ForeignHead, block: bytes) -> tuple[HttpResponse, bytes]:
    """The HTTP response at the beginning of a block, and what stands behind its head.

    A block without one (a ``resource``) gives status 0, the record's content type as only header, and all of the block.
    """
    is_message = head.content_type.lower().startswith("application/http") or block.startswith(b"HTTP/")
    if head.type not in {RESPONSE, REVISIT} or not is_message:
        headers = (("Content-Type", head.content_type),) if head.content_type else ()
        return HttpResponse(status=0, reason="", headers=headers), block
    http_head, body = split_message(block)
    return read_response_head(http_head), body


def response_record(
    url: str, captured_at: datetime, http: HttpResponse, payload: bytes, made_from: Iterable[str]
) -> bytes:
    """A WARC record of a response that several records together tell of.

    Args:
        url: of the page.
        captured_at: becomes its ``WARC-Date``.
        http: head; names no transfer-encoding.
        payload: behind it.
        made_from: ids of these records, named in a field of its own (``Made-From``).
    """
    lines = (f"HTTP/1.1 {http.status} {http.reason}", *(f"{name}: {value}" for name, value in http.headers))
    block = "".join(f"{line}\r\n" for line in lines).encode("latin-1", "replace") + b"\r\n" + payload
    head = ForeignHead(type=RESPONSE, url=url, captured_at=captured_at, length=len(block), content_type=_HTTP_RESPONSE)
    ids = " ".join(f"<{_uri(one)}>" for one in made_from if one)
    return _rendered(_made_fields(head, block) | ({"Made-From": ids} if ids else {}), block)


def _unpacked(data: bytes, most: int) -> bytes | str:
    unpacker = zlib.decompressobj(31)
    try:
        plain = unpacker.decompress(data, most + MAX_HEAD)
    except zlib.error as problem:
        return f"its compressed bytes are damaged ({problem})"
    if unpacker.eof:
        return plain
    return "its compressed bytes are cut off" if len(plain) < most + MAX_HEAD else _too_long(most)


def _of_warc(plain: bytes, most: int) -> ForeignRecord | str:
    end = HEAD_END.search(plain, 0, MAX_HEAD)
    if end is None:
        return "its head has no end"
    head = parse_head(plain[: end.start()])
    if isinstance(head, str):
        return head
    block = plain[end.end() : end.end() + head.length]
    if len(block) < head.length:
        return _cut_off(head, block)
    if len(block) > most:
        return _too_long(most)
    return _record(head, block, plain[: end.end()] + block + _RECORD_END)


def _of_arc(plain: bytes, most: int) -> ForeignRecord | str:
    line, _, rest = plain.partition(b"\n")
    head = parse_arc_head(line[:MAX_HEAD])
    if isinstance(head, str):
        return head
    block = rest[: head.length]
    if len(block) < head.length:
        return _cut_off(head, block)
    if len(block) > most:
        return _too_long(most)
    head, record = _as_warc(head, block)
    return _record(head, block, record)


def _record(head: ForeignHead, block: bytes, record: bytes) -> ForeignRecord:
    http, body = http_of(head, block)
    return ForeignRecord(
        head=head,
        status=http.status,
        reason=http.reason,
        headers=http.headers,
        payload=without_transfer_encoding(http.headers, body) if http.status else body,
        record=record,
    )


def _as_warc(head: ForeignHead, block: bytes) -> tuple[ForeignHead, bytes]:
    """An ARC record's head as that of a WARC record, and that record; a block without HTTP is a ``resource``."""
    if block.startswith(b"HTTP"):
        kind, content_type = RESPONSE, _HTTP_RESPONSE
    else:
        known = _MEDIA_TYPE.fullmatch(head.content_type)
        kind, content_type = RESOURCE, head.content_type if known else "application/octet-stream"
    address = _address(head.fields.get("warc-ip-address", ""))
    made = replace(head, type=kind, content_type=content_type, length=len(block))
    fields = _made_fields(made, block) | ({"WARC-IP-Address": address} if address else {})
    record_id = _unbracketed(fields["WARC-Record-ID"])
    named = {name.lower(): value for name, value in fields.items()}
    return replace(made, record_id=record_id, fields=named), _rendered(fields, block)


def _made_fields(head: ForeignHead, block: bytes) -> dict[str, str]:
    digest = hashlib.sha256(block).hexdigest()
    moment = f"{head.captured_at.replace(tzinfo=None).isoformat()}Z"
    record_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{head.url} {moment} {digest}").urn
    return {
        "WARC-Type": head.type,
        "WARC-Record-ID": f"<{record_id}>",
        "WARC-Date": moment,
        "WARC-Target-URI": _uri(head.url),
        "WARC-Block-Digest": f"sha256:{digest}",
        "Content-Type": head.content_type,
        "Content-Length": str(len(block)),
    }


def _rendered(fields: Mapping[str, str], block: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return b"WARC/1.1\r\n" + lines.encode("ascii") + b"\r\n" + block + _RECORD_END


def _fields(data: bytes) -> dict[str, str]:
    fields: dict[str, str] = {}
    last = ""
    for line in data.splitlines()[1:]:
        if line[:1] in {b" ", b"\t"} and last:
            fields[last] = f"{fields[last]} {_text(line.strip())}".strip()
            continue
        name, colon, value = line.partition(b":")
        last = _text(name.strip()).lower() if colon else ""
        if last and last not in fields:
            fields[last] = _text(value.strip())
        elif last:
            last = ""
    return fields


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\0", "\ufffd")


def _unbracketed(uri: str) -> str:
    return uri.removeprefix("<").removesuffix(">").strip()


def _uri(url: str) -> str:
    return "".join(chr(byte) if byte in _URI_BYTES else f"%{byte:02X}" for byte in url.encode("utf-8", "replace"))


def _address(text: str) -> str:
    try:
        return ip_address(text).compressed
    except ValueError:
        return ""


def _arc_date(digits: str) -> datetime | None:
    padded = digits[:14] if len(digits) % 2 == 0 else ""
    text = f"{padded:0<14}"
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC) if padded else None
    except ValueError:
        return None


def _cut_off(head: ForeignHead, block: bytes) -> str:
    return f"it is cut off: {len(block)} of {head.length} bytes are there"


def _too_long(most: int) -> str:
    return f"it has more than {most} bytes"
