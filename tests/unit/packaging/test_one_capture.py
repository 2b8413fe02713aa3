"""One capture as a WARC file of its own."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.packaging import one_capture
from storage.errors import RecordMissing
from storage.types import RecordLocation


def read(pieces):
    stream = io.BytesIO(b"".join(pieces))
    return [
        (record.rec_type, record.rec_headers["WARC-Target-URI"], record.content_stream().read())
        for record in ArchiveIterator(stream, check_digests="raise")
    ]


@pytest.fixture(scope="module")
def captures(filled):
    return {one.page_url: one for one in filled.library.store.captures()}


def test_answer_comes_with_its_request(filled, captures):
    capture = captures["http://images.example/ferry.jpg"]
    assert read(one_capture(filled.library, capture)) == [
        ("request", capture.url, b""),
        ("response", capture.url, bytes(range(256)) * 8),
    ]


def test_revisit_comes_with_the_record_that_has_its_bytes(filled, captures):
    found = read(one_capture(filled.library, captures["http://mirror.example/ferry"]))
    assert [(kind, url) for kind, url, _ in found] == [
        ("response", "http://harbour-post.example/ferry"),
        ("request", "http://mirror.example/ferry"),
        ("revisit", "http://mirror.example/ferry"),
    ]


def test_archived_copy_comes_with_what_says_where_it_is_from(filled, captures):
    found = read(one_capture(filled.library, captures["http://gone.example/ferry"]))
    assert [kind for kind, _, _ in found] == ["request", "metadata", "response"]
    assert b"page-url: http://gone.example/ferry" in found[1][2]


def test_removed_one_is_refused_before_anything_is_sent(filled, captures):
    capture = captures["http://gone.example/ferry"]
    removed = replace(capture, location=RecordLocation.removed(17, capture.id, capture.location.record_id))
    with pytest.raises(RecordMissing, match="removed on purpose"):
        one_capture(filled.library, removed)
