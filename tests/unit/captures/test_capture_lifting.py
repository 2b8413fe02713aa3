"""Records taken out of the library's files as they stand."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.captures import CaptureReader
from storage.captures.lifting import records_of
from storage.errors import DigestMismatch, RecordMissing
from storage.types import CaptureKind, KnownPayload, Memento, RecordLocation

CHUNKED = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"))


@pytest.fixture
def live(writer, exchange):
    def write(payload=b"<p>first</p>", known=None, **changes):
        return writer.append(
            exchange(payload, **changes), kind=CaptureKind.LIVE, known={one.payload_digest: one for one in known or ()}
        )

    return write


@pytest.fixture
def lifted(folder):
    def read(capture, known=None):
        with CaptureReader(folder) as reader:
            return records_of(reader, capture, known)

    return read


def types(found):
    return [one.head.type for one in found.all()]


def test_answer_comes_with_its_request_and_nothing_of_its_neighbours(live, lifted):
    live()
    second = live(b"<p>second</p>", url="http://news.example/2")
    live(b"<p>third</p>", url="http://news.example/3")
    found = lifted(second)
    assert types(found) == ["request", "response"]
    assert {one.head.fields["warc-target-uri"] for one in found.all()} == {"http://news.example/2"}
    assert gzip.decompress(found.record.member).endswith(b"<p>second</p>\r\n\r\n")
    assert found.record.message_head.startswith(b"HTTP/1.1 200 OK\r\n")


def test_members_are_the_files_own_bytes(live, lifted, folder):
    capture = live(os.urandom(5000))
    found = lifted(capture)
    data = (folder / capture.location.file).read_bytes()
    assert b"".join(one.member for one in found.all()) == data[-sum(len(one.member) for one in found.all()) :]


def test_revisit_comes_with_the_record_that_it_names(live, lifted):
    first = live()
    again = live(known=[KnownPayload.of(first)], url="http://news.example/again")
    found = lifted(again)
    assert types(found) == ["response", "request", "revisit"]
    assert found.target.head.record_id == first.location.record_id


def test_where_the_named_record_is_none_any_more_the_known_one_is_taken(live, lifted, folder):
    first, other = live(), live(url="http://news.example/other")
    again = live(known=[KnownPayload.of(first)], url="http://news.example/again")
    place = first.location
    with (folder / place.file).open("r+b") as stream:
        stream.seek(place.offset)
        stream.write(bytes(place.length))
    with pytest.raises(RecordMissing):
        lifted(again)
    assert lifted(again, KnownPayload.of(other)).target.head.record_id == other.location.record_id


def test_answer_not_modified_to_something_unknown_comes_alone(live, lifted):
    found = lifted(live(b"", status=304, headers=(("ETag", '"x"'),)))
    assert types(found) == ["request", "revisit"]
    assert found.target is None


def test_imported_text_comes_with_its_metadata(writer, lifted, exchange):
    one = exchange()
    capture = writer.append_text(
        one.url, b"text", "text/plain", fetched_at=one.fetched_at, known={}, captured_at=one.fetched_at - timedelta(9)
    )
    found = lifted(capture)
    assert types(found) == ["metadata", "resource"]
    assert found.record.message_head == b""


def test_copied_record_in_chunks_is_known_by_what_is_inside_of_them(writer, exchange, lifted):
    moment = exchange().fetched_at
    body = b"5\r\nferry\r\n5\r\nferry\r\n0\r\n\r\n"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:1>\r\nWARC-Date: 2014-03-09T10:11:12Z\r\n"
        b"WARC-Target-URI: http://a.example/\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)
    )
    memento = Memento(
        archive="files",
        url="warc:x",
        page_url="http://a.example/",
        captured_at=moment,
        requested_at=moment,
        source="x 1",
    )
    given = exchange(b"ferryferry", record=record, headers=CHUNKED, memento=memento, request_headers=())
    capture = writer.append(given, kind=CaptureKind.MEMENTO, known={})
    found = lifted(capture)
    assert types(found) == ["metadata", "response"]
    assert gzip.decompress(found.record.member) == record
    with pytest.raises(DigestMismatch):
        lifted(replace(capture, payload_digest=f"sha256:{'0' * 64}"))


def test_payload_that_is_not_what_was_stored_is_refused(live, lifted):
    with pytest.raises(DigestMismatch):
        lifted(replace(live(), payload_digest=f"sha256:{'0' * 64}"))


def test_broken_and_removed_and_other_records_are_refused(live, lifted, folder):
    capture = live(b"<p>a page</p>" * 50)
    other = replace(capture, location=replace(capture.location, record_id="urn:uuid:other"))
    removed = replace(capture, location=RecordLocation.removed(3, 1, capture.location.record_id))
    beyond = replace(capture, location=replace(capture.location, offset=1 << 30))
    gone = replace(capture, location=replace(capture.location, file="dateline-20260101000000-x-00009.warc.gz"))
    for one in (other, removed, beyond, gone):
        with pytest.raises(RecordMissing):
            lifted(one)
    with (folder / capture.location.file).open("r+b") as stream:
        stream.seek(capture.location.offset + capture.location.length - 20)
        stream.write(b"\0" * 8)
    with pytest.raises(RecordMissing):
        lifted(capture)


def test_record_inside_a_payload_is_never_taken_for_one_that_stands_before(live, lifted):
    first = live()
    inside = lifted(first).beside[0].member
    second = live(os.urandom(3000) + inside, url="http://news.example/hostile")
    third = live(b"<p>third</p>", url="http://news.example/3")
    for capture in (second, third):
        assert types(lifted(capture)) == ["request", "response"]
        assert lifted(capture).beside[0].head.fields["warc-concurrent-to"] == f"<{capture.location.record_id}>"
