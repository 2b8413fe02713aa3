"""Reading one record back by its place."""

import os
from pathlib import Path

import pytest

from crawler.archives.records import parse_record
from crawler.holdings.records_at import Place, Refusal, record_at

URLS = tuple(f"http://post.example/{name}" for name in "abc")
MOST = 1 << 20


def place_of(record):
    return Place(offset=record.offset, length=record.length, member=record.member)


def every_form(make):
    plain = make.warc(*URLS, gzipped=False)
    return {
        "one.warc.gz": make.warc(*URLS),
        "one.warc": plain,
        "whole.warc.gz": make.gzip(plain),
        "old.arc": make.arc(*URLS),
        "old.arc.gz": make.gzip(make.arc(*URLS)),
        "one.wacz": make.wacz({"archive/one.warc.gz": make.warc(*URLS)}),
    }


@pytest.mark.parametrize("name", ["one.warc.gz", "one.warc", "whole.warc.gz", "old.arc", "old.arc.gz", "one.wacz"])
def test_what_was_indexed_comes_back_as_one_record(read, make, name):
    found = read(every_form(make)[name], name)
    assert found.urls == list(URLS)
    for record in found.records:
        data = record_at(found.held, place_of(record), most=MOST)
        assert parse_record(data, most=MOST).head.url == record.url


def test_a_gzip_member_comes_as_it_is_stored(read, make):
    content = make.warc(*URLS)
    found = read(content)
    record = found.records[1]
    data = record_at(found.held, place_of(record), most=MOST)
    assert data == content[record.offset : record.offset + record.length]


def refusal(found, place, most=MOST):
    said = record_at(found.held, place, most=most)
    assert isinstance(said, Refusal)
    assert found.path in said.text
    return said


def test_a_file_that_changed_is_not_read_and_the_remedy_is_said(read, make):
    found = read(make.warc(*URLS))
    held = found.held
    os.utime(found.path, ns=(1, 1))
    said = record_at(held, place_of(found.records[0]), most=MOST)
    assert said.status == 410
    assert f"dateline holdings add {found.path}" in said.text


def test_a_file_that_is_gone_or_something_else_is_not_read(read, make):
    found = read(make.warc(*URLS))
    held, place = found.held, place_of(found.records[0])
    Path(found.path).unlink()
    assert record_at(held, place, most=MOST).status == 410
    os.mkfifo(found.path)
    assert record_at(held, place, most=MOST).status == 410


@pytest.mark.parametrize(
    "place",
    [
        Place(offset=-1, length=5),
        Place(offset=0, length=0),
        Place(offset=10**30, length=5),
        Place(offset=5, length=100_000),
        Place(offset=0, length=5, member="other.warc"),
    ],
)
def test_a_place_that_is_none_gives_nothing(read, make, place):
    assert refusal(read(make.warc(*URLS)), place).status == 404


def test_no_place_in_a_file_compressed_as_a_whole_lies_behind_its_end(read, make):
    found = read(make.gzip(make.warc(*URLS, gzipped=False)), "whole.warc.gz")
    assert refusal(found, Place(offset=10**12, length=5, member="whole.warc")).status == 404


def test_a_record_longer_than_allowed_is_refused_before_it_is_read(read, make):
    found = read(make.warc(*URLS))
    assert refusal(found, place_of(found.records[0]), most=100).status == 413


def test_what_unpacks_to_more_than_allowed_is_refused(read, make):
    from fastwarc.stream_io import Lz4Writer  # noqa: PLC0415 - only this test writes LZ4

    path = read(b"x", "bomb.warc.lz4").path
    writer = Lz4Writer(path)
    writer.write(make.raw(url=URLS[0], body=b"z" * 500_000))
    writer.close()
    found = read(Path(path).read_bytes(), "bomb.warc.lz4")
    assert refusal(found, place_of(found.records[0]), most=100_000).status == 413
