"""The HTTP messages inside records: heads rendered so that the record agrees with itself, and read back.

Why headers are touched at all: a payload is stored without its transfer-encoding, so a head that still says
``chunked`` would make every reader take page text for chunk sizes; and a stored ``Content-Length`` that is not
the payload's makes replay cut or hang.

The rule, as crawlers of the field do it: a header that would be wrong keeps its value under ``X-Crawl-`` + its name.
* ``Transfer-Encoding`` is always renamed so.
* ``Content-Length`` that differs from the stored payload is renamed; behind the first such header stands a
  ``Content-Length`` with the right figure. An answer without a body (HEAD, 304) keeps what it announces.
* A header that a server itself calls ``X-Crawl-...`` gets the prefix once more: reading takes one prefix off and is
  exact.

Header text: `storage.types.Exchange` gives one character per byte (latin-1); characters beyond that are written as
UTF-8. What is read back, and stored in `storage.types.Capture`, is UTF-8 where the bytes are valid UTF-8, latin-1
otherwise. CR, LF and NUL in a value become a space, characters that no header name may have become ``_``: a server
cannot forge a header, a record or an SQL error. Headers beyond the first MiB are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus

from storage.captures.records import MAX_HEAD, target_uri
from storage.http_messages import read_response_head
from storage.types import Exchange

Headers = tuple[tuple[str, str], ...]
RawHeaders = list[tuple[bytes, bytes]]

RENDERED_HEADERS: Headers = (("Content-Type", "text/html; charset=utf-8"),)
"""Of what a browser made of a page: no server sent it, and its encoding is ours."""

_PREFIX = b"X-Crawl-"
_NOT_IN_A_NAME = re.compile(rb"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
_BREAKS = re.compile(rb"[\r\n\x00]+")
_HEAD_END = b"\r\n\r\n"
_MEDIA_TYPE = re.compile(r"[!-.0-:<-~]{1,127}/[!-.0-:<-~]{1,127}")
_NOT_OURS_TO_KEEP = frozenset({b"proxy-authorization"})


def raw_headers(headers: Iterable[tuple[str, str]]) -> RawHeaders:
    """Headers as bytes that can stand in a head; see the module's text."""
    kept: RawHeaders = []
    size = 0
    for name, value in headers:
        raw = (_raw_name(name), _raw_value(value))
        size += len(raw[0]) + len(raw[1]) + 4 + len(_PREFIX)
        if size > MAX_HEAD - 4096:
            break
        kept.append(raw)
    return kept


def text_headers(raw: RawHeaders) -> Headers:
    """Headers as text; see the module's text."""
    return tuple((name.decode("ascii", "replace"), _text(value)) for name, value in raw)


def response_head(exchange: Exchange, raw: RawHeaders) -> bytes:
    """Status line and headers, ended by the blank line, agreeing with the stored payload."""
    bodiless = not exchange.payload and (
        exchange.method.upper() == "HEAD" or exchange.status == HTTPStatus.NOT_MODIFIED
    )
    length = None if bodiless else len(exchange.payload)
    status_line = b"HTTP/1.1 %03d %s" % (exchange.status, _raw_value(exchange.reason))
    return _head(status_line, _agreeing(raw, length))


def request_head(exchange: Exchange) -> bytes:
    """Request line and headers, ended by the blank line; the ``Host`` is added where the list has none.

    ``Proxy-Authorization`` is left out: it is said to the proxy, not to the site, and WARC files are handed on.
    """
    host, target = _host_and_target(target_uri(exchange.url))
    raw = [header for header in raw_headers(exchange.request_headers) if header[0].lower() not in _NOT_OURS_TO_KEEP]
    if not any(name.lower() == b"host" for name, _ in raw):
        raw.insert(0, (b"Host", host))
    return _head(b"%s %s HTTP/1.1" % (_raw_name(exchange.method), target), raw)


def received_headers(head: bytes) -> Headers:
    """The headers of a head written by `response_head`, as they were received."""
    raw: RawHeaders = []
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        raw.append((name, value.strip(b" \t")))
    return text_headers(list(_restored(raw)))


def copied_headers(head: bytes) -> Headers:
    """The headers of a head that somebody else wrote, as they stand there."""
    return text_headers(raw_headers(read_response_head(head).headers))


def media_type(headers: Headers) -> str:
    """The type that the last ``Content-Type`` names, lower-case, without parameters; empty where it names none."""
    named = [value for name, value in headers if name.lower() == "content-type"]
    return plain_media_type(named[-1]) if named else ""


def plain_media_type(value: str) -> str:
    """``Text/HTML; charset=x`` as ``text/html``; empty where the value is no media type."""
    essence = value.partition(";")[0].strip().lower()
    return essence if _MEDIA_TYPE.fullmatch(essence) else ""


def _agreeing(raw: RawHeaders, length: int | None) -> RawHeaders:
    written: RawHeaders = []
    correction = None if length is None else (b"Content-Length", b"%d" % length)
    for name, value in raw:
        wrong_length = length is not None and name.lower() == b"content-length" and not _says(value, length)
        if wrong_length or name.lower() == b"transfer-encoding" or _is_prefixed(name):
            written.append((_PREFIX + name, value))
        else:
            written.append((name, value))
        if wrong_length and correction is not None:
            written.append(correction)
            correction = None
    return written


def _restored(raw: RawHeaders) -> Iterator[tuple[bytes, bytes]]:
    corrected = correction_next = False
    for name, value in raw:
        if correction_next and name.lower() == b"content-length":
            correction_next = False
            continue
        if _is_prefixed(name):
            original = name[len(_PREFIX) :]
            correction_next = original.lower() == b"content-length" and not corrected
            corrected = corrected or correction_next
            yield original, value
        else:
            yield name, value


def _is_prefixed(name: bytes) -> bool:
    return name[: len(_PREFIX)].lower() == _PREFIX.lower()


def _says(value: bytes, length: int) -> bool:
    return (value.lstrip(b"0") or b"0") == b"%d" % length and value != b""


def _head(first_line: bytes, raw: RawHeaders) -> bytes:
    lines = [first_line, *(b"%s: %s" % header for header in raw)]
    return b"\r\n".join(lines) + _HEAD_END


def _host_and_target(url: str) -> tuple[bytes, bytes]:
    _, _, rest = url.partition("#")[0].partition("://")
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    target = rest[len(authority) :]
    host = authority.rpartition("@")[2]
    return host.encode(), (target if target.startswith("/") else f"/{target}").encode()


def _raw_name(name: str) -> bytes:
    return _NOT_IN_A_NAME.sub(b"_", _bytes(name).strip(b" \t\r\n\0")) or b"_"


def _raw_value(value: str) -> bytes:
    return _BREAKS.sub(b" ", _bytes(value)).strip(b" \t")


def _bytes(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
