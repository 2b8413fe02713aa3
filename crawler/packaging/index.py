"""The index of a WACZ: CDXJ lines, sorted, in blocks that are compressed one by one, and a list of the blocks.

Why blocks (the ZipNum form) and not one plain file: a viewer in a browser fetches the list, and of a large index then
one block per look-up instead of all of it. The `wacz` package writes and expects this form, too.

Why what a browser made of a page (``conversion``) is not listed: viewers in browsers do not show such records, and
would find nothing where it is listed. The same content stands beside it as a ``resource`` (`crawler.packaging.added`).
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from crawler.errors import UnusableUrl
from crawler.packaging.zipped import Zipped
from crawler.urls.parts import split
from crawler.urls.surt import surt
from storage.captures.records import RecordHead, RecordType
from storage.http_messages import read_response_head

BLOCKS = "indexes/index.cdx.gz"
LIST = "indexes/index.idx"
REVISIT_TYPE = "warc/revisit"

_LISTED = frozenset({RecordType.RESPONSE.value, RecordType.RESOURCE.value, RecordType.REVISIT.value})
_LINES = 300
"""Of a block: what other writers put into one."""
_NOT_A_DIGIT = re.compile("[^0-9]")
_TYPE_END = re.compile(r"[;\s]")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A record that can be looked up, and where it is.

    Attributes:
        head: of the record.
        message_head: of the HTTP message in it; empty where there is none.
        digest: of the payload; used where the record states none.
        file: name of the WARC file.
        offset: in it.
        length: of the gzip member.
    """

    head: RecordHead
    message_head: bytes
    digest: str
    file: str
    offset: int
    length: int


def line_of(entry: Entry) -> bytes | None:
    """The line with its line break; ``None`` for records that nobody looks up."""
    head = entry.head
    url = head.fields.get("warc-target-uri", "")
    if head.type not in _LISTED or not url:
        return None
    status, media_type = _facts(entry)
    said = {
        "url": url,
        "mime": media_type,
        "status": status,
        "digest": head.fields.get("warc-payload-digest") or entry.digest,
        "length": str(entry.length),
        "offset": str(entry.offset),
        "filename": entry.file,
    }
    shown = json.dumps({name: value for name, value in said.items() if value})
    return f"{key_of(url)} {timestamp_of(head)} {shown}\n".encode("ascii", "replace")


def key_of(url: str) -> str:
    """The URL key under which viewers look; of what has none, as they have it, the URL itself."""
    try:
        return surt(split(url))
    except UnusableUrl:
        return _SPACE.sub("%20", url)


def timestamp_of(head: RecordHead) -> str:
    """Fourteen digits of the record's date."""
    return _NOT_A_DIGIT.sub("", head.fields["warc-date"])[:14].ljust(14, "0")


def write_index(out: Zipped, lines: Iterable[bytes]) -> None:
    """Write both members from sorted lines."""
    listed = bytearray(b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n')
    with out.member(BLOCKS) as writing:
        for block in _blocks(lines):
            data = _compressed(b"".join(block))
            place = json.dumps({"offset": writing.size, "length": len(data)})
            listed += block[0].partition(b" {")[0] + b" " + place.encode() + b"\n"
            writing.write(data)
    with out.member(LIST, stored=False) as writing:
        writing.write(bytes(listed))


def _blocks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(lines)
    while block := list(islice(rest, _LINES)):
        yield block


def _compressed(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(data) + packer.flush()


def _facts(entry: Entry) -> tuple[str, str]:
    http = read_response_head(entry.message_head)
    status = str(http.status) if http.status else ""
    if entry.head.type == RecordType.REVISIT:
        return status, REVISIT_TYPE
    if entry.head.holds_message:
        stated = next((value for name, value in http.headers if name.lower() == "content-type"), "")
    else:
        stated = entry.head.fields.get("content-type", "")
    return status, _TYPE_END.split(stated.strip(), maxsplit=1)[0]
