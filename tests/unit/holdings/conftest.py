"""Foreign files, written by other people's tools or by hand."""

import gzip
import io
import os
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.holdings.files import OpenFile, modified
from crawler.holdings.reading import Report
from crawler.holdings.wanted import WantedKeys
from storage.types import HeldFile, HeldRecord, utc_now

HEADERS = [("Content-Type", "text/html; charset=utf-8")]


def page(number):
    """A page whose bytes do not repeat, so that compressed ones differ in length."""
    return f"<html><h1>Story {number} of Merrow</h1>{'abcdefghij' * number}</html>".encode()


def warc(*urls, gzipped=True, date="2014-05-06T07:08:09Z"):
    """A WARC file as warcio writes it: one response per URL behind a warcinfo record."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=gzipped)
    put(writer, writer.create_warcinfo_record("merrow.warc", {"software": "test"}))
    for number, url in enumerate(urls):
        head = StatusAndHeaders("200 OK", HEADERS, protocol="HTTP/1.1")
        payload = io.BytesIO(page(number))
        dated = {"WARC-Date": date}
        put(writer, writer.create_warc_record(url, "response", payload, http_headers=head, warc_headers_dict=dated))
    return stream.getvalue()


def put(writer, record):
    """Write a record; warcio leaves what it digested open."""
    writer.write_record(record)
    record.raw_stream.close()


def raw_record(kind="response", url="http://post.example/raw", body=b"<p>raw</p>", *, length=None, fields=()):
    """A record by hand, in whatever state."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2012-03-04T05:06:07Z",
        "WARC-Record-ID: <urn:uuid:1>",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(http) if length is None else length}",
        *fields,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + http + b"\r\n\r\n"


def arc(*urls, version=1):
    """An ARC file of either version."""
    extra = "" if version == 1 else " 200 ABCDEF - 0 old.arc"
    head = f"filedesc://old.arc 0.0.0.0 20050607080910 text/plain{extra} 20\n".encode() + b"1 0 The Old Crawler\n"
    body = b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n<p>old</p>"
    lines = (f"{url} 192.0.2.7 20050607080910 text/html{extra} {len(body)}\n".encode() + body for url in urls)
    return head + b"\n" + b"\n".join(lines) + b"\n"


def wacz(members, *, compression=zipfile.ZIP_STORED):
    """A WACZ file of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr("datapackage.json", '{"profile": "data-package", "wacz_version": "1.1.1"}')
        archive.writestr("indexes/index.cdx", "example,lying)/ 20140506070809 {}\n")
    return stream.getvalue()


@dataclass
class Reading:
    """What came out of a file."""

    path: str
    records: list[HeldRecord]
    report: Report = field(default_factory=Report)

    @property
    def urls(self):
        return [record.url for record in self.records]

    @property
    def held(self):
        state = Path(self.path).stat()
        return HeldFile(
            path=self.path,
            size=state.st_size,
            modified_ns=state.st_mtime_ns,
            kind=self.report.kind,
            indexed_at=utc_now(),
        )


@contextmanager
def opened(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        yield fd
    finally:
        os.close(fd)


@pytest.fixture
def read(tmp_path):
    """Write bytes to a file and read it."""

    def run(content, name="some.warc.gz", wanted=None):
        path = tmp_path / name
        path.write_bytes(content)
        report = Report()
        keys = None if wanted is None else WantedKeys(wanted)
        with opened(path) as fd:
            assert modified(fd)[0] == len(content)
            records = list(OpenFile(path=str(path), fd=fd, report=report, wanted=keys).records())
        return Reading(str(path), records, report)

    return run


@pytest.fixture
def make():
    """The writers above, by name."""

    class Make:
        warc, raw, arc, wacz, page = (staticmethod(one) for one in (warc, raw_record, arc, wacz, page))
        put = staticmethod(put)
        gzip = staticmethod(gzip.compress)
        path = Path

    return Make
