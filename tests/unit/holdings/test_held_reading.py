"""What is read out of files that are whole, however they were written."""

import io
from datetime import UTC, datetime

import fastwarc.stream_io
import pytest
import zstandard
from warcio.warcwriter import WARCWriter

from crawler.urls import url_key

URLS = ("http://www.post.example/a", "https://gazette.example/b?x=1&a=2", "http://post.example/c")


@pytest.mark.parametrize("gzipped", [True, False])
def test_each_response_is_found_with_what_an_index_needs(read, make, gzipped):
    found = read(make.warc(*URLS, gzipped=gzipped))
    assert found.urls == list(URLS)
    assert [record.url_key for record in found.records] == [url_key(url) for url in URLS]
    first = found.records[0]
    assert (first.status, first.media_type, first.revisit, first.member) == (200, "text/html", False, "")
    assert first.captured_at == datetime(2014, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert first.digest.startswith("sha1:")
    assert found.report.kind == "warc"
    assert found.report.problems == []


@pytest.mark.parametrize("gzipped", [True, False])
def test_the_records_stand_one_behind_the_other(read, make, gzipped):
    content = make.warc(*URLS, gzipped=gzipped)
    records = read(content).records
    ends = [record.offset + record.length for record in records]
    assert ends == [record.offset for record in records[1:]] + [len(content)]


def test_a_revisit_says_what_it_repeats(read, make):
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    revisit = writer.create_revisit_record(URLS[0], "sha1:ABC", URLS[1], "2013-01-02T03:04:05Z")
    make.put(writer, revisit)
    (record,) = read(stream.getvalue()).records
    assert record.revisit
    assert record.refers_to == f"20130102030405 {URLS[1]}"
    assert record.digest == "sha1:ABC"


def test_a_revisit_that_names_only_a_moment_says_so_much(read, make):
    fields = ["WARC-Refers-To-Date: 2011-02-03T04:05:06Z"]
    assert read(make.raw("revisit", fields=fields)).records[0].refers_to == "20110203040506"


def test_a_resource_has_a_type_and_no_status(read, make):
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    payload = io.BytesIO(b"plain words")
    make.put(writer, writer.create_warc_record(URLS[0], "resource", payload, warc_content_type="text/plain"))
    (record,) = read(stream.getvalue()).records
    assert (record.status, record.media_type) == (None, "text/plain")


def test_requests_are_no_captures_and_other_schemes_are_counted(read, make):
    content = (
        make.raw("request") + make.raw(url="dns:post.example") + make.raw("metadata") + make.raw(url="ftp://a.b/c")
    )
    found = read(content, "some.warc")
    assert found.records == []
    assert (found.report.other, found.report.problems) == (2, [])


def test_a_url_that_nobody_can_request_is_counted_and_passed(read, make):
    found = read(make.raw(url="http://no host/") + make.raw(url=URLS[0]), "some.warc")
    assert (found.urls, found.report.other) == ([URLS[0]], 1)


def test_angle_brackets_around_a_url_are_no_part_of_it(read, make):
    assert read(make.raw(url=f"<{URLS[0]}>")).urls == [URLS[0]]


def test_a_copy_that_another_archive_served_is_of_its_own_address(read, make):
    url = "https://web.archive.org/web/20100101000000id_/http://post.example/a"
    (record,) = read(make.raw(url=url)).records
    assert record.url_key.startswith("org,archive,web)/")


def test_what_is_absurdly_long_is_not_kept(read, make):
    content = make.raw(url=f"http://post.example/{'x' * 9000}") + make.raw(
        url=URLS[0], fields=[f"WARC-Payload-Digest: sha1:{'A' * 5000}"]
    )
    found = read(content, "some.warc")
    assert (found.urls, found.report.other, found.report.problems) == ([URLS[0]], 1, [])
    assert found.records[0].digest == ""


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("gzipped", [True, False])
def test_arc_files_of_both_versions_are_read(read, make, version, gzipped):
    content = make.arc(*URLS, "dns:post.example", version=version)
    found = read(make.gzip(content) if gzipped else content, "old.arc.gz" if gzipped else "old.arc")
    assert found.urls == list(URLS)
    assert found.report.kind == "arc"
    assert found.records[0].captured_at == datetime(2005, 6, 7, 8, 9, 10, tzinfo=UTC)
    assert (found.records[0].status, found.records[0].media_type) == (200, "text/html")
    assert found.report.problems == []


def test_a_blank_in_a_url_of_an_arc_file_ends_nothing(read, make):
    url = "http://post.example/read me now"
    assert read(make.arc(url), "old.arc").urls == [url]


def test_a_file_compressed_as_a_whole_is_addressed_by_what_is_inside(read, make):
    plain = make.warc(*URLS, gzipped=False)
    found = read(make.gzip(plain), "news.warc.gz")
    assert found.urls == list(URLS)
    assert {record.member for record in found.records} == {"news.warc"}
    for record in found.records:
        assert plain[record.offset :].startswith(b"WARC/1.")
    assert found.report.slow == ["news.warc"]
    assert found.report.problems == []


def test_a_record_that_goes_over_several_gzip_members_is_read(read, make):
    plain = make.warc(*URLS, gzipped=False)
    pieces = b"".join(make.gzip(plain[start : start + 300]) for start in range(0, len(plain), 300))
    found = read(pieces, "blocks.warc.gz")
    assert found.urls == list(URLS)
    assert found.report.problems == []


@pytest.mark.parametrize("packing", ["lz4", "zst"])
def test_lz4_and_zstandard_are_read_frame_by_frame(read, make, packing):
    records = [make.raw(url=url) for url in URLS]
    if packing == "lz4":
        packed = [_lz4(record) for record in records]
    else:
        packed = [zstandard.ZstdCompressor().compress(record) for record in records]
    found = read(b"".join(packed), f"some.warc.{packing}")
    assert found.urls == list(URLS)
    assert [record.length for record in found.records] == [len(one) for one in packed]


def test_an_lz4_file_that_is_cut_gives_what_stands_before(read, make):
    packed = b"".join(_lz4(make.raw(url=url, body=make.page(9))) for url in URLS)
    found = read(packed[:-60], "some.warc.lz4")
    assert found.urls == [URLS[0]]
    (problem,) = found.report.problems
    assert f"from the record at {found.records[0].length} on" in problem


def _lz4(data):
    stream = io.BytesIO()
    writer = fastwarc.stream_io.Lz4Writer(stream)
    writer.write(data)
    writer.close()
    return stream.getvalue()
