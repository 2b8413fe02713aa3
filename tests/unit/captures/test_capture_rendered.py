"""What a browser made of a page: conversion records, written, read back, verified and put in order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureReader, CaptureWriter, ProblemKind, recover, verify
from storage.types import CaptureKind, KnownPayload

SHELL = b"<html><div id=root></div><script src=/app.js></script></html>"
DOM = "<!DOCTYPE html><html><p>La nave è ripartita all\u2019alba.</p></html>".encode()


@pytest.fixture
def pair(exchange):
    """A shell as the server sent it, and what its script made of it half a second later."""
    live = exchange(SHELL, headers=(("Content-Type", "text/html; charset=iso-8859-1"), ("ETag", '"1"')))
    rendered = replace(
        live,
        request_headers=(),
        headers=(("content-type", "text/html; charset=utf-8"),),
        payload=DOM,
        fetched_at=live.fetched_at + timedelta(milliseconds=500),
        rendered=True,
    )
    return live, rendered


def records(folder):
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as stream:
            found += [
                (record.rec_type, record.rec_headers, record.content_stream().read())
                for record in ArchiveIterator(stream, check_digests="raise")
            ]
    return found


def append(writer, *exchanges, known=None):
    return [writer.append(one, kind=CaptureKind.LIVE, known=known or {}) for one in exchanges]


def test_a_rendered_page_is_a_conversion_of_the_response_before_it(folder, writer, pair):
    live, rendered = append(writer, *pair)
    kinds = [record[0] for record in records(folder)]
    assert kinds == ["warcinfo", "request", "response", "conversion"]
    _, head, block = records(folder)[-1]
    assert head.get_header("WARC-Record-ID") == f"<{rendered.location.record_id}>"
    assert head.get_header("WARC-Refers-To") == f"<{live.location.record_id}>"
    assert head.get_header("WARC-Target-URI") == live.url
    assert head.get_header("Content-Type") == "text/html; charset=utf-8"
    assert head.get_header("WARC-Date") == "2026-03-04T05:06:07.500089Z"
    assert head.get_header("WARC-Payload-Digest") == rendered.payload_digest
    assert block == DOM


def test_its_capture_says_what_it_is(writer, pair):
    live, rendered = append(writer, *pair)
    assert (live.kind, rendered.kind) == (CaptureKind.LIVE, CaptureKind.RENDERED)
    assert (rendered.status, rendered.media_type, rendered.revisit_of) == (200, "text/html", "")
    assert rendered.headers == (("Content-Type", "text/html; charset=utf-8"),)
    assert rendered.payload_length == len(DOM)
    assert rendered.captured_at == rendered.fetched_at == live.fetched_at + timedelta(milliseconds=500)


def test_it_is_read_back_and_verified_like_every_other(folder, writer, pair):
    captures = append(writer, *pair)
    with CaptureReader(folder) as reader:
        assert [reader.payload(one) for one in captures] == [SHELL, DOM]
        assert reader.content(captures[1]) == DOM
        assert reader.headers(captures[1]) == captures[1].headers
    assert list(verify(folder, iter(captures))) == []


def test_a_row_of_the_wrong_kind_is_found(folder, writer, pair):
    live, rendered = append(writer, *pair)
    mistaken = [replace(live, kind=CaptureKind.RENDERED), replace(rendered, kind=CaptureKind.LIVE)]
    problems = list(verify(folder, iter(mistaken)))
    assert [problem.kind for problem in problems] == [ProblemKind.WRONG_RECORD] * 2
    assert "it is a conversion record, not a response" in problems[1].text


def test_a_rendered_page_without_a_row_is_a_problem_and_is_put_aside(folder, exchange, pair, committed):
    with CaptureWriter(folder, token="run", software="s") as writer:
        live, rendered = append(writer, *pair)
    assert [problem.kind for problem in verify(folder, iter([live]))] == [ProblemKind.NO_ROW]
    (done,) = recover(folder, committed(live))
    assert (done.moved, done.cut, done.kept) == (1, 0, 0)
    assert list(verify(folder, iter([live]))) == []
    assert records(folder / "uncommitted")[0][2] == DOM
    assert recover(folder, committed(live, rendered))[0].lacking > 0


def test_the_same_markup_twice_is_two_conversions_with_their_own_bytes(folder, writer, pair):
    captures = append(writer, *pair, *pair)
    assert [bool(one.revisit_of) for one in captures] == [False, False, True, False]
    last = records(folder)[-1]
    assert last[0] == "conversion"
    assert last[1].get_header("WARC-Refers-To") == f"<{captures[2].location.record_id}>"
    assert list(verify(folder, iter(captures))) == []


def test_a_response_is_never_a_revisit_of_a_rendered_page(writer, pair, exchange):
    """Archive tools look for the bytes of a revisit among responses."""
    captures = append(writer, *pair, exchange(DOM))
    assert captures[2].revisit_of == ""


def test_a_rendered_page_is_not_a_revisit_of_a_known_payload(writer, pair):
    live, rendered = pair
    (first,) = append(writer, replace(live, payload=DOM))
    known = KnownPayload(
        payload_digest=first.payload_digest, location=first.location, url=first.url, fetched_at=first.fetched_at
    )
    (again,) = append(writer, rendered, known={first.payload_digest: known})
    assert again.revisit_of == ""


@pytest.mark.parametrize("before", ["nothing", "another page", "a rendered page"])
def test_without_its_own_response_before_it_it_refers_to_nothing(folder, writer, pair, exchange, before):
    rendered = pair[1]
    first = {"nothing": [], "another page": [exchange(url="http://other.example/")], "a rendered page": [rendered]}
    captures = append(writer, *first[before], rendered)
    assert records(folder)[-1][1].get_header("WARC-Refers-To") is None
    assert list(verify(folder, iter(captures))) == []


def test_a_page_that_was_cut_by_time_says_so(folder, writer, pair):
    _, capture = append(writer, pair[0], replace(pair[1], truncated="time"))
    assert capture.truncated == "time"
    assert records(folder)[-1][1].get_header("WARC-Truncated") == "time"


def test_it_refers_to_its_response_across_files(folder, pair):
    with CaptureWriter(folder, token="run", software="s", rotate_at=1) as writer:
        live, rendered = append(writer, *pair)
    assert live.location.file != rendered.location.file
    assert records(folder)[-1][1].get_header("WARC-Refers-To") == f"<{live.location.record_id}>"


@pytest.mark.parametrize(("tls", "written"), [("", 0), ("verified", 0), ("unverified: it has expired", 1)])
def test_a_certificate_that_was_not_valid_stands_beside_the_record(folder, writer, exchange, tls, written):
    capture = writer.append(exchange(tls=tls), kind=CaptureKind.LIVE, known={})
    assert capture.tls == tls
    metadata = [record for record in records(folder) if record[0] == "metadata"]
    assert [record[2] for record in metadata] == [f"tls: {tls}\r\n".encode()] * written
    assert list(verify(folder, iter([capture]))) == []
