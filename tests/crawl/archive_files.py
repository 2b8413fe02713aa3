"""The captures of `archive_pages` as files: WARC and WACZ as archives keep them, ARC as they did before 2008."""

import base64
import gzip
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found"}
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True)
class Place:
    """Where a capture's record stands."""

    offset: int
    length: int


def digest(payload):
    """As indexes state it: base32 of SHA-1."""
    return base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def stated(at):
    """14 digits as a WARC-Date."""
    return f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:12]}:{at[12:]}Z"


def original_of(shot, shots):
    """The capture that has the bytes of a revisit; itself for any other."""
    if not shot.revisit_of:
        return shot
    return next(one for one in shots if one.at == shot.revisit_of and one.url == shot.url)


def head(shot):
    """The HTTP headers that the page's own server sent."""
    given = [("Content-Type", shot.content_type), ("Server", "Millwheel/1.3"), *shot.headers]
    if shot.location:
        given.append(("Location", shot.location))
    return given


def warc(shots, *, compressed=True):
    """Bytes of a WARC file with all captures, and the place of each record."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("invented.warc.gz", {"software": "Invented crawler 1.0"}))
    places = {}
    for shot in shots:
        begin = out.tell()
        writer.write_record(_record(writer, shot, shots))
        places[shot] = Place(begin, out.tell() - begin)
    return out.getvalue(), places


def _record(writer, shot, shots):
    status = StatusAndHeaders(f"{shot.status} {REASONS.get(shot.status, 'Unknown')}", head(shot), protocol="HTTP/1.1")
    if not shot.revisit_of:
        headers = {"WARC-Date": stated(shot.at), "WARC-Payload-Digest": f"sha1:{digest(shot.body)}"}
        return writer.create_warc_record(
            shot.url,
            "response",
            io.BytesIO(shot.body),
            length=len(shot.body),
            http_headers=status,
            warc_headers_dict=headers,
        )
    original = original_of(shot, shots)
    record = writer.create_revisit_record(
        shot.url, f"sha1:{digest(original.body)}", original.url, stated(original.at), http_headers=status
    )
    record.rec_headers.replace_header("WARC-Date", stated(shot.at))
    record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED if shot.unchanged else IDENTICAL)
    return record


def arc(shots, *, compressed=False):
    """Bytes of an ARC file (version 1) with the captures that are no revisits, and the place of each record."""
    version = b"1 0 InventedCrawler\nURL IP-address Archive-date Content-type Archive-length\n"
    out = io.BytesIO()
    packed = gzip.compress if compressed else bytes
    out.write(
        packed(b"filedesc://invented.arc 0.0.0.0 20050101000000 text/plain %d\n" % len(version) + version + b"\n")
    )
    places = {}
    for shot in shots:
        if shot.revisit_of:
            continue
        lines = [f"HTTP/1.1 {shot.status} {REASONS.get(shot.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in head(shot)]
        block = "\r\n".join([*lines, "", ""]).encode() + shot.body
        media_type = shot.content_type.partition(";")[0]
        begin = out.tell()
        line = f"{shot.url} 192.0.2.7 {shot.at} {media_type} {len(block)}\n".encode()
        out.write(packed(line + block + b"\n"))
        places[shot] = Place(begin, out.tell() - begin)
    return out.getvalue(), places


def wacz(shots):
    """Bytes of a WACZ file: a ZIP in which the WARC is stored as it is."""
    data, _ = warc(shots)
    pages = [{"format": "json-pages-1.0", "id": "pages", "title": "All pages"}]
    pages += [{"url": shot.url, "ts": stated(shot.at)} for shot in shots if shot.status == 200]
    members = {
        "archive/data.warc.gz": data,
        "pages/pages.jsonl": "".join(f"{json.dumps(page)}\n" for page in pages).encode(),
    }
    resources = [
        {"name": name.rpartition("/")[2], "path": name, "bytes": len(body),
         "hash": f"sha256:{hashlib.sha256(body).hexdigest()}"}
        for name, body in members.items()
    ]  # fmt: skip
    package = {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, body in (members | {"datapackage.json": json.dumps(package).encode()}).items():
            packed.writestr(name, body)
    return out.getvalue()
