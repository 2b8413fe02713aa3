"""Foreign files in any state: reading never raises, and gives what stands before the damage."""

import gzip
import io
import os
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archives.records import parse_record
from crawler.holdings.files import OpenFile, modified
from crawler.holdings.reading import Report
from crawler.holdings.records_at import Place, record_at
from crawler.holdings.wanted import WantedKeys
from crawler.urls import url_key
from storage.types import HeldFile, utc_now

URLS = tuple(f"http://post.example/{number}" for number in range(5))
MOST = 1 << 20


def record(url, number):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + f"<p>{number}</p>".encode() * (40 * number + 1)
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2012-03-04T05:06:07Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{number}>\r\nContent-Type: application/http\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def arc_record(url, number):
    body = b"HTTP/1.0 200 OK\n\n" + f"<p>{number}</p>".encode() * (40 * number + 1)
    return f"{url} 192.0.2.7 20050607080910 text/html {len(body)}\n".encode() + body + b"\n"


@cache
def files():
    """Name -> (content, where each record ends)."""
    plain = [record(url, number) for number, url in enumerate(URLS)]
    packed = [gzip.compress(one, mtime=0) for one in plain]
    arcs = [arc_record(url, number) for number, url in enumerate(URLS)]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/one.warc.gz", b"".join(packed))
        archive.writestr("archive/two.warc", b"".join(plain))
    whole = gzip.compress(b"".join(plain), mtime=0)
    return {
        "a.warc": (b"".join(plain), ends(plain)),
        "a.warc.gz": (b"".join(packed), ends(packed)),
        "a.arc": (b"".join(arcs), ends(arcs)),
        "whole.warc.gz": (whole, []),
        "a.wacz": (stream.getvalue(), []),
    }


def ends(pieces):
    return [sum(map(len, pieces[: count + 1])) for count in range(len(pieces))]


def read(content, name, wanted=None):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        fd = os.open(path, os.O_RDONLY)
        try:
            report = Report()
            records = list(OpenFile(path=str(path), fd=fd, report=report, wanted=wanted).records())
            size, modified_ns = modified(fd)
        finally:
            os.close(fd)
        held = HeldFile(
            path=str(path), size=size, modified_ns=modified_ns, kind=report.kind or "warc", indexed_at=utc_now()
        )
        places = (Place(offset=each.offset, length=each.length, member=each.member) for each in records)
        data = [record_at(held, place, most=MOST) for place in places]
    return records, report, data


NAMES = st.sampled_from(sorted(files()))
WANTED = st.sampled_from([None, WantedKeys(sorted(map(url_key, URLS)))])


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=600), name=NAMES, wanted=WANTED)
def test_any_bytes_are_read_without_an_error(content, name, wanted):
    records, report, _ = read(content, name, wanted)
    assert records or report.problems or not content.strip(b"\r\n")


@settings(max_examples=150, deadline=None)
@given(name=NAMES, beginning=st.binary(max_size=40), tail=st.binary(max_size=40), magic=st.booleans(), wanted=WANTED)
def test_rubbish_around_a_good_file_costs_no_record_that_can_be_reached(name, beginning, tail, magic, wanted):
    content, record_ends = files()[name]
    rubbish = (b"\x1f\x8b\x08" if magic else b"") + tail
    records, _, _ = read(content + rubbish, name, wanted)
    if record_ends:
        assert [each.url for each in records][: len(URLS)] == list(URLS)
    read(beginning + content, name, wanted)


@settings(max_examples=250, deadline=None)
@given(name=NAMES, data=st.data(), wanted=WANTED)
def test_a_file_that_is_cut_anywhere_gives_all_that_stands_before(name, data, wanted):
    content, record_ends = files()[name]
    cut = data.draw(st.integers(0, len(content) - 1))
    records, report, back = read(content[:cut], name, wanted)
    whole = [url for url, end in zip(URLS, record_ends, strict=False) if end <= cut]
    found = [each.url for each in records]
    assert found[: len(whole)] == whole
    if record_ends and cut not in {0, *record_ends} and not name.endswith((".warc", ".arc")):
        assert found == whole
        assert report.problems
    for url, answer in zip(found, back, strict=True):
        assert parse_record(answer, most=MOST).head.url == url


@settings(max_examples=250, deadline=None)
@given(name=NAMES, data=st.data(), wanted=WANTED)
def test_flipped_bytes_cost_no_record_before_them(name, data, wanted):
    content, record_ends = files()[name]
    at = data.draw(st.integers(0, len(content) - 1))
    flipped = bytearray(content)
    flipped[at] ^= data.draw(st.integers(1, 255))
    records, _, back = read(bytes(flipped), name, wanted)
    before = [url for url, end in zip(URLS, record_ends, strict=False) if end <= at]
    assert [each.url for each in records][: len(before)] == before
    assert all(isinstance(answer, bytes) for answer in back)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), wanted=WANTED)
def test_a_gzip_member_that_is_broken_costs_itself_alone(data, wanted):
    content, record_ends = files()["a.warc.gz"]
    broken = data.draw(st.integers(0, len(URLS) - 1))
    begin = record_ends[broken - 1] if broken else 0
    mark = data.draw(st.integers(begin + 10, record_ends[broken] - 1))
    flipped = bytearray(content)
    flipped[mark] ^= 0xFF
    records, report, _ = read(bytes(flipped), "a.warc.gz", None)
    assert [each.url for each in records] == [url for number, url in enumerate(URLS) if number != broken]
    assert report.problems
    kept, _, _ = read(bytes(flipped), "a.warc.gz", wanted)
    assert {each.url for each in kept} <= set(URLS)
