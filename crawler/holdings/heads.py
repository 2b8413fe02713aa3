"""Where records begin in a file, and what of their heads an index keeps; `crawler.archives.records` reads the heads."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.archives.records import MAX_HEAD, ForeignHead, http_of, parse_arc_head, parse_head
from crawler.urls import memento_timestamp

LONGEST_HEAD = MAX_HEAD
START = re.compile(
    rb"WARC/[01]\.[0-9]{1,3}[ \t]*\r?\n"
    rb"|(?P<url>[A-Za-z][A-Za-z0-9+.-]{1,20}:[^\r\n]{1,8000}?) (?:[0-9A-Fa-f.:]{1,45}|-) [0-9]{8,20} "
    rb"[^ \r\n]{0,255}(?: [^ \r\n]{1,2000}){0,5} (?P<length>[0-9]{1,15})\r?\n"
)
"""With what a record begins: the version of a WARC record, or the line before one of ARC version 1 or 2."""

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_WEB = ("http://", "https://")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
_LONGEST_URL = 8192
_LONGEST_DIGEST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The head of one record in a file.

    Attributes:
        size: of the head in bytes, what parts it from the block included.
        block: bytes of block that it announces.
        said: what it says; ``None`` for an ARC record that describes the file or a name look-up.
        arc: it is the head of an ARC record.
    """

    size: int
    block: int
    said: ForeignHead | None
    arc: bool

    @property
    def type(self) -> str:
        """``WARC-Type``, lower-case; empty where ``said`` is ``None``."""
        return self.said.type if self.said else ""

    @property
    def url(self) -> str:
        """Target; empty where there is none."""
        return self.said.url if self.said else ""

    @property
    def is_of_the_web(self) -> bool:
        """Its URL is one of HTTP, and not longer than anybody would cite."""
        return self.url[:8].lower().startswith(_WEB) and len(self.url) <= _LONGEST_URL


def read_head(data: bytes) -> Head | str:
    """The head that the bytes begin with (`LONGEST_HEAD` of them suffice), or why there is none."""
    start = START.match(data)
    if start is None:
        return "no record begins there"
    if start["url"]:
        return _arc_head(start)
    end = _HEAD_END.search(data, 0, LONGEST_HEAD)
    if end is None:
        return "its head has no end"
    said = parse_head(data[: end.start()])
    return said if isinstance(said, str) else Head(size=end.end(), block=said.length, said=said, arc=False)


def facts_of(head: ForeignHead, block: bytes) -> tuple[int | None, str]:
    """(HTTP status, media type) of a record whose block begins so; ``None`` and empty where it does not say them."""
    http, _ = http_of(head, block)
    stated = next((value for name, value in http.headers if name.lower() == "content-type"), head.content_type)
    media_type = stated.partition(";")[0].strip().lower()
    known = _MEDIA_TYPE.fullmatch(media_type) and media_type != "application/http"
    return http.status or None, media_type if known else ""


def refers_to(head: ForeignHead) -> str:
    """``TIMESTAMP URL`` of what a revisit repeats, as far as it is stated."""
    stamp = memento_timestamp(head.refers_to_at) if head.refers_to_at else ""
    return f"{stamp} {head.refers_to_url[:_LONGEST_URL]}".strip()


def digest_of(head: ForeignHead) -> str:
    """The payload's digest as stated; empty where what is stated cannot be one."""
    return head.payload_digest if len(head.payload_digest) <= _LONGEST_DIGEST else ""


def unbracketed(url: str) -> str:
    """One widely used crawler wrote its URLs in angle brackets, as one edition of the standard showed them."""
    return url.removeprefix("<").removesuffix(">").strip()


def _arc_head(line: re.Match[bytes]) -> Head | str:
    said = parse_arc_head(line.group())
    if not isinstance(said, str):
        return Head(size=line.end(), block=said.length, said=said, arc=True)
    if line["url"].lower().startswith((b"http:", b"https:")):
        return said
    return Head(size=line.end(), block=int(line["length"]), said=None, arc=True)
