"""Records of other people's files, kept byte for byte in ours; and what is written where that cannot be."""

import gzip
import hashlib
import os
from base64 import b32encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureReader, CaptureWriter, ProblemKind, payload_digest, recover, verify
from storage.errors import CaptureError
from storage.types import CaptureKind, KnownPayload, Memento

RUN = "copies"
PAGE = b"<html><title>Lighthouse relit</title><p>Two hundred people stood on the pier and cheered.</p></html>"
URL = "http://coast.example/lighthouse"
CAPTURED_AT = datetime(2014, 3, 9, 10, 11, 12, tzinfo=UTC)
FETCHED_AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ID = "urn:uuid:8d9c3a56-2b2e-4f19-a7a5-0d2a2b51c0de"
HEADERS = (("Content-Type", "text/html"), ("X-Crawl-Content-Encoding", "gzip"))
MEMENTO = Memento(
    archive="files",
    url="warc://record/%2Fsrv%2Fcoast.warc.gz?offset=784&length=900",
    page_url=URL,
    captured_at=CAPTURED_AT,
    requested_at=CAPTURED_AT,
    source="/srv/coast.warc.gz 784+900",
)


def chunked(payload):
    return b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (10, payload[:10], len(payload) - 10, payload[10:])


def foreign(body=PAGE, *more, headers=HEADERS, record_id=f"<{ID}>", version="WARC/1.0", end="\r\n", **changes):
    lines = ("HTTP/1.1 200 OK", *(f"{name}: {value}" for name, value in headers))
    block = (end.join(lines) + end + end).encode() + body
    sha1 = b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
    fields = {
        "WARC-Type": "response",
        "WARC-Record-ID": record_id,
        "WARC-Date": "2014-03-09T10:11:12Z",
        "WARC-Target-URI": URL,
        "WARC-Block-Digest": f"sha1:{sha1}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = (version, *(f"{name}: {value}" for name, value in fields.items() if value), *more)
    return "\r\n".join((*lines, "", "")).encode() + block + b"\r\n\r\n"


@pytest.fixture
def copied(exchange):
    def make(record, payload=PAGE, headers=HEADERS, **changes):
        given = {"url": URL, "memento": MEMENTO, "fetched_at": FETCHED_AT, "request_headers": (), "remote_address": ""}
        return exchange(payload, **{**given, "record": record, "headers": headers, **changes})

    return make


@pytest.fixture
def append(writer, copied):
    def write(record, known=None, **changes):
        return writer.append(copied(record, **changes), kind=CaptureKind.MEMENTO, known=known or {})

    return write


def member(folder, capture):
    place = capture.location
    data = (folder / place.file).read_bytes()[place.offset : place.offset + place.length]
    return gzip.decompress(data)


def kinds(folder, capture, digests="raise"):
    with (folder / capture.location.file).open("rb") as stream:
        return [record.rec_type for record in ArchiveIterator(stream, check_digests=digests)]


def facts(folder, capture):
    """Of the last metadata record."""
    with (folder / capture.location.file).open("rb") as stream:
        bodies = [one.content_stream().read() for one in ArchiveIterator(stream) if one.rec_type == "metadata"]
    return dict(line.split(": ", 1) for line in bodies[-1].decode().splitlines())


def payload_and_headers(folder, capture):
    with CaptureReader(folder) as reader:
        return reader.payload(capture), reader.headers(capture)


def test_a_record_is_kept_byte_for_byte_behind_its_provenance(folder, append):
    record = foreign()
    capture = append(record)
    assert member(folder, capture) == record
    assert kinds(folder, capture) == ["warcinfo", "metadata", "response"]
    assert capture.location.record_id == ID
    assert (capture.captured_at, capture.fetched_at) == (CAPTURED_AT, FETCHED_AT)
    assert (capture.payload_digest, capture.payload_length) == (payload_digest(PAGE), len(PAGE))
    said = facts(folder, capture)
    assert said["source"] == MEMENTO.source
    assert said["record-digest"] == payload_digest(record)
    assert "not-copied" not in said
    assert payload_and_headers(folder, capture) == (PAGE, HEADERS)
    assert list(verify(folder, iter([capture]))) == []


CHUNKED = (*HEADERS, ("Transfer-Encoding", "chunked"))


@pytest.mark.parametrize(
    ("record", "headers"),
    [
        (foreign(chunked(PAGE), headers=CHUNKED), CHUNKED),
        (foreign(headers=CHUNKED), CHUNKED),
        (foreign(PAGE, "WARC-Payload-Digest: sha1:QHXZUO2ARVIWEBQGXS3TNVYGBOWTA3NR"), HEADERS),
        (foreign(WARC_Block_Digest=""), HEADERS),
        (foreign(WARC_Block_Digest="sha1:QHXZUO2ARVIWEBQGXS3TNVYGBOWTA3NR"), HEADERS),
        (foreign(version="WARC/1.1", WARC_Date="2014-03-09T10:11:12.25Z"), HEADERS),
        (foreign(end="\n"), HEADERS),
    ],
    ids=["chunked", "called chunked", "foreign payload digest", "no digests", "wrong digest", "1.1", "line feeds"],
)
def test_whatever_a_good_record_is_like_its_payload_comes_back(folder, append, record, headers):
    capture = append(record, headers=headers)
    assert member(folder, capture) == record
    assert payload_and_headers(folder, capture) == (PAGE, headers)
    assert list(verify(folder, iter([capture]))) == []


def test_a_page_saved_without_http_is_kept_too(folder, append):
    block = foreign().partition(b"\r\n\r\n")[2][:-4]
    record = foreign().replace(block, PAGE).replace(b"application/http; msgtype=response", b"text/html")
    record = record.replace(b"WARC-Type: response", b"WARC-Type: resource")
    record = record.replace(f"Content-Length: {len(block)}".encode(), f"Content-Length: {len(PAGE)}".encode())
    headers = (("Content-Type", "text/html"),)
    capture = append(record, headers=headers)
    assert member(folder, capture) == record
    assert payload_and_headers(folder, capture) == (PAGE, headers)
    assert list(verify(folder, iter([capture]))) == []


def test_a_payload_that_is_stored_already_becomes_a_revisit_of_ours(folder, append, writer, exchange):
    live = writer.append(exchange(PAGE), kind=CaptureKind.LIVE, known={})
    capture = append(foreign())
    assert capture.revisit_of == live.location.record_id
    assert kinds(folder, capture) == ["warcinfo", "request", "response", "metadata", "revisit"]
    head = member(folder, capture)
    assert b"WARC-Target-URI: " + URL.encode() in head
    assert b"WARC-Date: 2014-03-09T10:11:12Z" in head
    assert payload_and_headers(folder, capture) == (PAGE, HEADERS)
    assert list(verify(folder, iter([live, capture]))) == []


@pytest.mark.parametrize("body", [PAGE, chunked(PAGE)], ids=["plain", "chunked"])
def test_a_live_page_may_repeat_a_copied_record(folder, append, writer, exchange, body):
    headers = CHUNKED if body != PAGE else HEADERS
    first = append(foreign(body, headers=headers), headers=headers)
    live = writer.append(exchange(PAGE), kind=CaptureKind.LIVE, known={})
    assert live.revisit_of == ID
    assert f"WARC-Refers-To-Target-URI: {URL}\r\n".encode() in member(folder, live)
    assert b"WARC-Refers-To-Date: 2014-03-09T10:11:12Z\r\n" in member(folder, live)
    with CaptureReader(folder) as reader:
        assert reader.payload(live) == PAGE
        assert reader.payload(live, KnownPayload.of(first)) == PAGE
    assert list(verify(folder, iter([first, live]))) == []


UNFIT = {
    "WARC version": foreign(version="WARC/0.18"),
    "its record id is none": foreign(record_id="urn:uuid:8d9c3a56-2b2e-4f19-a7a5-0d2a2b51c0de"),
    "its record id is none ": foreign(record_id="<8d9c3a56 2b2e>"),
    "its record id is none  ": foreign(record_id=f"<urn:{'x' * 300}>"),
    "lacks warc-record-id": foreign(record_id=""),
    "its head repeats content-length": foreign(PAGE, "Content-Length: 5"),
    "its head repeats warc-record-id": foreign(PAGE, "warc-record-id: <urn:uuid:1>"),
    "its head has stray line breaks": foreign(PAGE, "X-Note: a\nContent-Length: 5"),
    "its head has stray line breaks ": foreign(PAGE, "X-Note: a\0"),
    "a line that is not a field": foreign(PAGE, "no field"),
    "not exactly as long": foreign()[:-4],
    "not exactly as long ": foreign() + foreign(),
    "not exactly as long   ": foreign()[:-4] + b"\n\n\n\n",
    "not exactly as long  ": foreign().replace(b"Content-Length: 1", b"Content-Length: 9"),
    "its payload reads otherwise": foreign(PAGE + b"!"),
    "its payload reads otherwise ": foreign(chunked(PAGE)),
    "it is a revisit record": foreign(WARC_Type="revisit"),
    "it is a warcinfo record": foreign(WARC_Type="warcinfo"),
    "what it is of and when": foreign(WARC_Date="2014-03"),
    "what it is of and when ": foreign(WARC_Target_URI=""),
    "far larger than its payload": foreign(PAGE, headers=(*HEADERS, ("X-Padding", "x" * (2 << 20)))),
    "it does not begin with": b"<html>",
}


@pytest.mark.parametrize("reason", UNFIT)
def test_an_unfit_record_is_replaced_by_one_of_ours_that_says_the_same(folder, append, reason):
    capture = append(UNFIT[reason])
    assert kinds(folder, capture) == ["warcinfo", "metadata", "response"]
    assert capture.location.record_id != ID
    said = facts(folder, capture)
    assert reason.strip() in said["not-copied"]
    assert "record-digest" not in said
    head = member(folder, capture)
    assert head.startswith(b"WARC/1.1\r\n")
    assert b"WARC-Target-URI: " + URL.encode() in head
    assert b"WARC-Date: 2014-03-09T10:11:12Z" in head
    assert payload_and_headers(folder, capture) == (PAGE, HEADERS)
    assert list(verify(folder, iter([capture]))) == []


def test_a_record_that_is_too_large_is_replaced(folder, append, monkeypatch):
    monkeypatch.setattr("storage.captures.copies.MAX_COPIED", 100)
    capture = append(foreign())
    assert facts(folder, capture)["not-copied"] == f"it has {len(foreign())} bytes"
    assert list(verify(folder, iter([capture]))) == []


def test_what_was_put_together_from_several_records_is_no_exchange_of_ours(folder, append):
    capture = append(b"")
    assert kinds(folder, capture) == ["warcinfo", "metadata", "response"]
    assert "not-copied" not in facts(folder, capture)
    assert payload_and_headers(folder, capture) == (PAGE, HEADERS)
    assert list(verify(folder, iter([capture]))) == []


EMPTY = foreign(b"", headers=(("Location", "/lamp"),)).replace(b"200 OK", b"301 No")


def test_one_writer_copies_an_id_once(folder, append):
    headers = (("Location", "/lamp"),)
    first, second = (append(EMPTY, payload=b"", headers=headers, status=301) for _ in range(2))
    assert (first.location.record_id, first.revisit_of, second.revisit_of) == (ID, "", "")
    assert second.location.record_id != ID
    assert facts(folder, second)["not-copied"] == "a record with its id was copied already"
    assert list(verify(folder, iter([first, second]))) == []


def test_two_writers_may_copy_one_id_and_both_rows_stay_readable(folder, copied):
    captures = []
    for number in range(2):
        with CaptureWriter(folder, token=f"run{number}", software="s") as writer:
            body = PAGE + b"%d" % number
            captures.append(writer.append(copied(foreign(body), body), kind=CaptureKind.MEMENTO, known={}))
    assert [capture.location.record_id for capture in captures] == [ID, ID]
    assert [payload_and_headers(folder, one)[0] for one in captures] == [PAGE + b"0", PAGE + b"1"]
    captures.sort(key=lambda one: one.location.file)
    assert list(verify(folder, iter(captures))) == []


def flip(folder, capture, old, new):
    """Change bytes of a record and compress it again, in its place."""
    path, place = folder / capture.location.file, capture.location
    data, changed = path.read_bytes(), gzip.compress(member(folder, capture).replace(old, new), mtime=0)
    path.write_bytes(data[: place.offset] + changed + data[place.offset + place.length :])
    return replace(capture, location=replace(place, length=len(changed)))


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"pier", b"pies"), (b"text/html", b"text/xtml"), (b"WARC/1.0", b"WARC/1.1"), (b"10:11:12Z", b"10:11:13Z")],
    ids=["payload", "HTTP head", "version", "date"],
)
def test_a_flipped_byte_of_a_copied_record_is_found_wherever_it_is(folder, append, old, new):
    capture = flip(folder, append(foreign()), old, new)
    found = list(verify(folder, iter([capture])))
    assert {problem.kind for problem in found} == {ProblemKind.WRONG_DIGEST}
    assert {problem.offset for problem in found} == {capture.location.offset}


def test_a_flipped_byte_in_a_chunked_copy_is_found_by_its_reader(folder, append):
    capture = flip(folder, append(foreign(chunked(PAGE), headers=CHUNKED), headers=CHUNKED), b"pier", b"pies")
    assert {problem.kind for problem in verify(folder, iter([capture]))} == {ProblemKind.WRONG_DIGEST}
    with CaptureReader(folder) as reader, pytest.raises(CaptureError):
        reader.payload(capture)


def test_a_copy_whose_provenance_is_gone_is_told(folder, append):
    capture = append(foreign(WARC_Block_Digest="sha1:QHXZUO2ARVIWEBQGXS3TNVYGBOWTA3NR"))
    path = folder / capture.location.file
    data = path.read_bytes()
    start = data.index(b"\x1f\x8b\x08", 20)
    path.write_bytes(data[:start] + data[capture.location.offset :])
    moved = replace(capture, location=replace(capture.location, offset=start))
    assert ProblemKind.WRONG_DIGEST in {problem.kind for problem in verify(folder, iter([moved]))}


def test_a_copy_that_a_killed_run_tore_is_cut_off_and_the_others_stay(folder, copied, committed):
    second_id = f"<{ID[:-1]}0>"
    with CaptureWriter(folder, token=RUN, software="s") as writer:
        first = writer.append(copied(foreign()), kind=CaptureKind.MEMENTO, known={})
        other = PAGE + b"!"
        torn = writer.append(copied(foreign(other, record_id=second_id), other), kind=CaptureKind.MEMENTO, known={})
    path = folder / torn.location.file
    os.truncate(path, torn.location.offset + torn.location.length - 30)
    (done,) = recover(folder, committed(first))
    assert (done.moved, done.cut) == (1, torn.location.length - 30)
    assert kinds(folder, first) == ["warcinfo", "metadata", "response"]
    assert list(verify(folder, iter([first]))) == []


def test_uncommitted_copies_with_one_id_are_all_put_aside(folder, copied):
    name = ""
    for number in range(2):
        with CaptureWriter(folder, token=RUN, software="s") as writer:
            body = PAGE + b"%d" % number
            capture = writer.append(copied(foreign(body), body), kind=CaptureKind.MEMENTO, known={})
        name = name or capture.location.file
        if capture.location.file != name:
            (folder / capture.location.file).rename(folder / name)
        recover(folder, lambda _: 0)
        (folder / name).unlink()
    with (folder / "uncommitted" / name).open("rb") as stream:
        bodies = [one.content_stream().read() for one in ArchiveIterator(stream) if one.rec_type == "response"]
    assert bodies == [PAGE + b"0", PAGE + b"1"]
