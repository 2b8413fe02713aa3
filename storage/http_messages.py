"""HTTP messages as other programs stored them: taken apart without trust.

Files of web archives hold messages with line breaks of either kind, folded headers, bodies that are still chunked,
bodies that were decoded although the head still says ``chunked``, and chunks that break off or state wrong sizes. A
body is never given up for that: what can be decoded is, the rest stays as it stands.

Why a module of its own: whoever reads an archive's file (`crawler.archives.records`) and whoever reads back a record
that was copied from one (`storage.captures`) must come to the same payload, or a digest would differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

HEAD_END = re.compile(rb"\r?\n\r?\n")
"""The blank line behind a head."""

_LINE_END = re.compile(rb"\r?\n")
_STATUS_LINE = re.compile(rb"HTTP(?:/[0-9.]{1,8})?[ \t]+([1-9][0-9]{2})(?![0-9])[ \t]*(.*)")
_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_CHUNK_END = re.compile(rb"\r?\n")
_FOLDED = (b" ", b"\t")


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpResponse:
    """The head of a response.

    Attributes:
        status: three digits; 0 where the first line is no status line.
        reason: status text; empty where there is none.
        headers: in order, repeats kept, one character per byte; folded lines joined, lines that are none left out.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]


def split_message(block: bytes) -> tuple[bytes, bytes]:
    """A message's head without its blank line, and its body; a block without a blank line is all head."""
    end = HEAD_END.search(block)
    return (block, b"") if end is None else (block[: end.start()], block[end.end() :])


def read_response_head(head: bytes) -> HttpResponse:
    """The head of a response, without its blank line. Never raises."""
    lines = _LINE_END.split(head)
    status_line = _STATUS_LINE.match(lines[0])
    return HttpResponse(
        status=int(status_line[1]) if status_line else 0,
        reason=status_line[2].strip().decode("latin-1") if status_line else "",
        headers=tuple(_headers(lines[1:])),
    )


def without_transfer_encoding(headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """A body without the chunks that its headers announce, as far as it is in chunks. Never raises."""
    named = [value for name, value in headers if name.lower() == "transfer-encoding"]
    tokens = {token.strip().lower() for value in named for token in value.split(",")}
    return without_chunks(body) if "chunked" in tokens else body


def without_chunks(body: bytes) -> bytes:
    """The data of a chunked body.

    A body that does not begin with a chunk is taken as decoded already. Where a chunk states a wrong size, or
    something else stands where one should begin, the rest is added as it stands; a body that ends early gives what
    is there. Trailers are dropped.
    """
    data = bytearray()
    position = 0
    while chunk := _CHUNK_HEAD.match(body, position):
        size = int(chunk[1], 16)
        if size == 0:
            return body if position == 0 and body[chunk.end() :].strip() else bytes(data)
        end = min(chunk.end() + size, len(body))
        behind = _CHUNK_END.match(body, end)
        if behind is None and end < len(body) and position == 0:
            return body
        data += body[chunk.end() : end]
        position = behind.end() if behind else end
        if behind is None:
            break
    return bytes(data + body[position:]) if position else body


def _headers(lines: list[bytes]) -> list[tuple[str, str]]:
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith(_FOLDED) and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip().decode('latin-1')}".strip())
            continue
        raw_name, colon, raw_value = line.partition(b":")
        if colon and raw_name.strip():
            headers.append((raw_name.strip().decode("latin-1"), raw_value.strip(b" \t").decode("latin-1")))
    return headers
