"""Which records an exchange or an imported text becomes.

In this order: the request, a metadata record where there is something to say that no other record can (the capture's
time where it is not the fetch's, as of a memento or a saved article; that the certificate was not valid), then the
record that the capture points to. It comes last so that a row's record ends behind everything that belongs to it: what
a repair finds behind the last committed record is never part of a committed capture.

What a browser made of a page becomes a ``conversion`` record, which refers to the record of the response that it was
made from. It is never a revisit, and no response is a revisit of it: archive tools look for the bytes of a revisit
among responses.

``WARC-Date`` is always when we got it. The origin's ``Date`` header, or an archive's date, would claim that this
exchange took place when it did not; those dates stand in the metadata record.

A record that was read from somebody else's file (`storage.types.Memento.source`) is no exchange of ours: no request
of that page was made, and nothing was asked of its site. It is copied as it is, with its own id and ``WARC-Date``
(`storage.captures.copies`). Where it cannot be, or its payload is stored already, a record of ours stands in its place
and says the same: the page's URL and the moment at which the other crawler saw it. So replay tools show it as they
would the original. When we got it stands in the metadata record's own ``WARC-Date``.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from storage.captures.copies import RECORD_DIGEST
from storage.captures.messages import (
    RENDERED_HEADERS,
    Headers,
    media_type,
    plain_media_type,
    raw_headers,
    request_head,
    response_head,
    text_headers,
)
from storage.captures.records import (
    IDENTICAL_PAYLOAD,
    NOT_MODIFIED,
    CopiedRecord,
    Record,
    RecordType,
    new_record_id,
    one_line,
    sha256,
    target_uri,
    warc_date,
)
from storage.types import Capture, CaptureKind, Exchange, KnownPayload, Memento, RecordLocation

_Fields = tuple[tuple[str, str], ...]
_HTTP_RESPONSE = "application/http;msgtype=response"
_HTTP_REQUEST = "application/http;msgtype=request"
_FIELDS = "application/warc-fields"
_VERIFIED = "verified"


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What the record of an exchange or text needs besides its bytes.

    Attributes:
        kind: how it was observed.
        captured_at: when the page was so.
        known: the record with the same payload; ``None`` where there is none.
        unchanged: for an answer 304, the record of what has not changed; ``None`` where that is not known.
        made_from: id of the record of the response that a browser rendered; empty where that is not known.
        tls: as in `storage.types.Exchange`.
        memento: where an archived copy comes from; ``None`` for all other kinds.
        not_copied: why a foreign record is not written as it is; empty where it is, or there is none.
        warcinfo_id: of the file's first record.
    """

    kind: CaptureKind
    captured_at: datetime
    known: KnownPayload | None = None
    unchanged: KnownPayload | None = None
    made_from: str = ""
    tls: str = ""
    memento: Memento | None = None
    not_copied: str = ""
    warcinfo_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """Records ready to be written, and what their capture will say.

    Attributes:
        records: in file order; the last is the one that the capture points to.
        about: as given.
        url: as in `storage.types.Capture`, and so are the others.
        fetched_at: likewise.
        payload_digest: likewise.
        payload_length: likewise.
        status: likewise.
        headers: likewise.
        media_type: likewise.
        truncated: likewise.
    """

    records: tuple[Record | CopiedRecord, ...]
    about: About
    url: str
    fetched_at: datetime
    payload_digest: str
    payload_length: int
    status: int = 0
    headers: Headers = ()
    media_type: str = ""
    truncated: str = ""

    def capture(self, location: RecordLocation) -> Capture:
        """The capture, once its record has a place."""
        return Capture(
            kind=self.about.kind,
            url=self.url,
            captured_at=self.about.captured_at,
            fetched_at=self.fetched_at,
            status=self.status,
            headers=self.headers,
            media_type=self.media_type,
            payload_digest=self.payload_digest,
            payload_length=self.payload_length,
            location=location,
            revisit_of=self.about.known.location.record_id if self.about.known else "",
            truncated=self.truncated,
            tls=self.about.tls,
            memento=self.about.memento,
        )


def compose_exchange(exchange: Exchange, payload_digest: str, about: About) -> Composed:
    """The records of one HTTP exchange, or those that stand in the place of a foreign record."""
    raw = raw_headers(exchange.headers)
    foreign = about.memento if about.memento and about.memento.source else None
    url, date = (foreign.page_url, foreign.captured_at) if foreign else (exchange.url, exchange.fetched_at)
    common = (*_common(url, about), ("WARC-IP-Address", _address(exchange.remote_address)))
    request_id, answer_id = new_record_id(), new_record_id()
    request = Record(
        type=RecordType.REQUEST,
        record_id=request_id,
        date=exchange.fetched_at,
        content_type=_HTTP_REQUEST,
        block=request_head(exchange),
        fields=(*common, ("WARC-Concurrent-To", f"<{answer_id}>")),
    )
    shown, block, fields = _shown(exchange, response_head(exchange, raw), payload_digest, about)
    answer = Record(
        type=shown,
        record_id=answer_id,
        date=date,
        content_type=_HTTP_RESPONSE,
        block=block,
        fields=(*common, ("WARC-Concurrent-To", "" if foreign else f"<{request_id}>"), *fields),
    )
    metadata = _metadata(answer_id, date, (url, exchange.fetched_at), about)
    records = (*metadata, answer) if foreign else (request, *metadata, answer)
    return _composed(exchange, records, payload_digest, about)


def compose_copy(exchange: Exchange, copy: CopiedRecord, payload_digest: str, about: About) -> Composed:
    """A foreign record as it is, behind the metadata record that says where it comes from."""
    page = about.memento.page_url if about.memento else exchange.url
    more = ((RECORD_DIGEST, sha256(copy.data)),)
    metadata = _metadata(copy.record_id, about.captured_at, (page, exchange.fetched_at), about, more)
    return _composed(exchange, (*metadata, copy), payload_digest, about)


def compose_rendered(exchange: Exchange, payload_digest: str, about: About) -> Composed:
    """The one record of what a browser made of a page: no HTTP message, and nobody was asked for it."""
    answer = Record(
        type=RecordType.CONVERSION,
        record_id=new_record_id(),
        date=exchange.fetched_at,
        content_type=RENDERED_HEADERS[0][1],
        block=exchange.payload,
        fields=(
            *_common(exchange.url, about),
            ("WARC-Payload-Digest", payload_digest),
            ("WARC-Refers-To", f"<{about.made_from}>" if about.made_from else ""),
            ("WARC-Truncated", exchange.truncated),
        ),
    )
    return Composed(
        records=(*_metadata(answer.record_id, answer.date, (exchange.url, answer.date), about), answer),
        about=about,
        url=exchange.url,
        fetched_at=exchange.fetched_at,
        payload_digest=payload_digest,
        payload_length=len(exchange.payload),
        status=exchange.status,
        headers=RENDERED_HEADERS,
        media_type=media_type(RENDERED_HEADERS),
        truncated=exchange.truncated,
    )


def compose_text(url: str, content: bytes, content_type: str, fetched_at: datetime, about: About) -> Composed:
    """The records of one imported text: no HTTP took place, so a ``resource`` record."""
    digest = sha256(content)
    answer = Record(
        type=RecordType.REVISIT if about.known else RecordType.RESOURCE,
        record_id=new_record_id(),
        date=fetched_at,
        content_type="" if about.known else content_type,
        block=b"" if about.known else content,
        fields=(*_common(url, about), ("WARC-Payload-Digest", digest), *_identical(about.known)),
    )
    return Composed(
        records=(*_metadata(answer.record_id, answer.date, (url, answer.date), about), answer),
        about=about,
        url=url,
        fetched_at=fetched_at,
        payload_digest=digest,
        payload_length=len(content),
        media_type=plain_media_type(content_type),
    )


def compose_warcinfo(name: str, moment: datetime, fields: _Fields) -> Record:
    """The first record of a file: who wrote it, and how."""
    return Record(
        type=RecordType.WARCINFO,
        record_id=new_record_id(),
        date=moment,
        content_type=_FIELDS,
        block=_field_lines(fields),
        fields=(("WARC-Filename", name),),
    )


def _composed(
    exchange: Exchange, records: tuple[Record | CopiedRecord, ...], payload_digest: str, about: About
) -> Composed:
    headers = text_headers(raw_headers(exchange.headers))
    return Composed(
        records=records,
        about=about,
        url=exchange.url,
        fetched_at=exchange.fetched_at,
        payload_digest=payload_digest,
        payload_length=len(exchange.payload),
        status=exchange.status,
        headers=headers,
        media_type=media_type(headers),
        truncated=exchange.truncated,
    )


def _shown(exchange: Exchange, head: bytes, payload_digest: str, about: About) -> tuple[RecordType, bytes, _Fields]:
    if exchange.status == HTTPStatus.NOT_MODIFIED and not exchange.payload:
        return RecordType.REVISIT, head, _not_modified(about.unchanged)
    fields: _Fields = (("WARC-Payload-Digest", payload_digest), ("WARC-Truncated", exchange.truncated))
    if about.known:
        return RecordType.REVISIT, head, (*fields, *_identical(about.known))
    return RecordType.RESPONSE, head + exchange.payload, fields


def _identical(known: KnownPayload | None) -> _Fields:
    return (("WARC-Profile", IDENTICAL_PAYLOAD), *_refers_to(known)) if known else ()


def _not_modified(unchanged: KnownPayload | None) -> _Fields:
    digest = unchanged.payload_digest if unchanged else ""
    return (("WARC-Profile", NOT_MODIFIED), ("WARC-Payload-Digest", digest), *_refers_to(unchanged))


def _refers_to(known: KnownPayload | None) -> _Fields:
    if known is None:
        return ()
    return (
        ("WARC-Refers-To", f"<{known.location.record_id}>"),
        ("WARC-Refers-To-Target-URI", target_uri(known.url)),
        ("WARC-Refers-To-Date", warc_date(known.fetched_at)),
        # Not of the standard, but known to archives: where the bytes are without asking an index.
        ("WARC-Refers-To-Filename", known.location.file),
        ("WARC-Refers-To-File-Offset", str(known.location.offset)),
    )


def _metadata(
    record_id: str, date: datetime, written: tuple[str, datetime], about: About, more: _Fields = ()
) -> tuple[Record, ...]:
    """The metadata record about a record with this id and ``WARC-Date``, if there is anything to say.

    ``written`` has its own target and date.
    """
    facts: _Fields = ()
    if about.memento is not None:
        facts = (*_provenance(about.memento, about), *more)
    elif about.captured_at != date:
        facts = (("capture-kind", about.kind.value), ("captured-at", warc_date(about.captured_at)))
    if about.tls not in ("", _VERIFIED):
        facts += (("tls", about.tls),)
    if not facts:
        return ()
    metadata = Record(
        type=RecordType.METADATA,
        record_id=new_record_id(),
        date=written[1],
        content_type=_FIELDS,
        block=_field_lines(facts),
        fields=(*_common(written[0], about), ("WARC-Refers-To", f"<{record_id}>")),
    )
    return (metadata,)


def _provenance(memento: Memento, about: About) -> _Fields:
    return (
        ("capture-kind", about.kind.value),
        ("captured-at", warc_date(memento.captured_at)),
        ("archive", memento.archive),
        ("memento-url", memento.url),
        ("page-url", memento.page_url),
        ("requested-at", warc_date(memento.requested_at)),
        ("index-row", memento.index_row),
        ("index-digest", memento.index_digest),
        ("digest-check", memento.digest_check.value),
        ("source", memento.source),
        ("public-url", memento.public_url),
        ("not-copied", about.not_copied),
    )


def _common(url: str, about: About) -> _Fields:
    return (("WARC-Target-URI", target_uri(url)), ("WARC-Warcinfo-ID", f"<{about.warcinfo_id}>"))


def _field_lines(fields: _Fields) -> bytes:
    return "".join(f"{name}: {' '.join(one_line(value).split())}\r\n" for name, value in fields if value).encode(
        "utf-8", "replace"
    )


def _address(text: str) -> str:
    try:
        return ipaddress.ip_address(text).compressed
    except ValueError:
        return ""
