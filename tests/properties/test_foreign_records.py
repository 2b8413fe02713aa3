"""Records of others are read without fail, and whatever was read is kept so that it comes back."""

import gzip
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.archives.records import ForeignRecord, parse_arc_head, parse_date, parse_head, parse_record
from storage.captures import CaptureReader, CaptureWriter, verify
from storage.http_messages import read_response_head, split_message, without_chunks
from storage.types import CaptureKind, Exchange, Memento

MOST = 1 << 20
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
JUNK = st.one_of(
    st.binary(max_size=12), st.sampled_from([b"\r\n", b"\n", b"\r\n\r\n", b"\0", b": ", b"WARC/1.0\r\n", b"0\r\n\r\n"])
)
BODIES = st.one_of(
    st.binary(max_size=300), st.sampled_from([b"", b"\r\n\r\n", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"])
)
HEADS = st.lists(
    st.sampled_from(
        [
            "Content-Type: text/html; charset=\xe9",
            "Transfer-Encoding: chunked",
            "Content-Encoding: gzip",
            "X-Crawl-Content-Length: 3",
            "Content-Length: 9",
            "Location: /elsewhere",
            " folded",
            "no header",
        ]
    ),
    max_size=4,
)
ENDS = st.sampled_from([b"\r\n", b"\n"])


def chunked(body, size):
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@st.composite
def blocks(draw):
    body, end = draw(BODIES), draw(ENDS)
    if draw(st.booleans()):
        body = chunked(body, draw(st.integers(1, 50)))
    lines = [
        b"HTTP/1.1 %d OK" % draw(st.sampled_from([200, 301, 304, 404])),
        *(line.encode("latin-1") for line in draw(HEADS)),
    ]
    return end.join(lines) + end + end + body


@st.composite
def warcs(draw):
    block = draw(blocks())
    lines = [
        draw(st.sampled_from(["WARC/1.0", "WARC/1.1", "WARC/0.18"])),
        "WARC-Type: " + draw(st.sampled_from(["response", "resource", "revisit"])),
        "WARC-Date: " + draw(st.sampled_from(["2014-03-09T10:11:12Z", "2014-03-09", "2014-03-09T10:11:12.5+01:00"])),
        "WARC-Record-ID: "
        + draw(st.sampled_from(["<urn:uuid:8d9c3a56-2b2e-4f19-a7a5-0d2a2b51c0de>", "none", "<a b>"])),
        "WARC-Target-URI: http://coast.example/" + draw(st.sampled_from(["", "a b", "é", "?q=<>"])),
        "Content-Type: " + draw(st.sampled_from(["application/http; msgtype=response", "text/html"])),
        f"Content-Length: {len(block)}",
        *draw(
            st.lists(
                st.sampled_from(["X-Note: a", "WARC-Truncated: length", "WARC-Payload-Digest: sha1:A"]), max_size=2
            )
        ),
    ]
    return "\r\n".join((*lines, "", "")).encode() + block + b"\r\n\r\n"


@st.composite
def arcs(draw):
    block = draw(blocks())
    return b"http://coast.example/a b 192.0.2.4 20020417083015 text/html %d\n%s\n" % (len(block), block)


RECORDS = st.one_of(warcs(), arcs())


@st.composite
def damaged(draw):
    data = draw(RECORDS)
    at = draw(st.integers(0, len(data)))
    data = data[:at] + draw(JUNK) + data[at + draw(st.integers(0, 9)) :]
    if draw(st.booleans()):
        packed = gzip.compress(data, mtime=0)
        return packed[: draw(st.integers(0, len(packed)))] + draw(JUNK)
    return data


@settings(max_examples=400, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), damaged()), most=st.integers(0, MOST))
def test_any_bytes_are_a_record_or_a_sentence(data, most):
    found = parse_record(data, most=most)
    if isinstance(found, str):
        assert found
        return
    assert found.head.captured_at.tzinfo is UTC
    assert len(found.payload) <= most
    assert len(found.record) <= most + (1 << 21)
    assert parse_record(gzip.compress(data), most=most) is not None


@given(data=st.one_of(st.binary(max_size=200), damaged()), text=st.text(max_size=30))
def test_no_head_and_no_date_makes_a_reader_fail(data, text):
    parse_head(data)
    parse_arc_head(data)
    parse_date(text)
    read_response_head(split_message(data)[0])


@given(body=st.binary(max_size=500), size=st.integers(1, 200))
def test_a_body_comes_out_of_its_chunks(body, size):
    assert without_chunks(chunked(body, size)) == body


@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.builds(
            lambda one, junk, at: one[:at] + junk + one[at:],
            st.binary(max_size=60).map(lambda raw: chunked(raw, 7)),
            JUNK,
            st.integers(0, 90),
        ),
    )
)
def test_no_chunk_adds_bytes(body):
    assert len(without_chunks(body)) <= len(body)


def exchange_of(found: ForeignRecord) -> Exchange:
    memento = Memento(
        archive="files",
        url="warc://record/x",
        page_url=found.head.url,
        captured_at=found.head.captured_at,
        requested_at=found.head.captured_at,
        source="/x 0+1",
    )
    return Exchange(
        url=found.head.url,
        request_headers=(),
        status=found.status or 200,
        reason=found.reason,
        headers=found.headers,
        payload=found.payload,
        fetched_at=NOW,
        truncated=found.head.truncated,
        memento=memento,
        record=found.record,
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.lists(st.one_of(RECORDS, damaged()), min_size=1, max_size=3))
def test_whatever_was_read_is_kept_and_comes_back(data):
    found = [one for one in (parse_record(each, most=MOST) for each in data) if not isinstance(one, str)]
    with tempfile.TemporaryDirectory() as name, CaptureReader(Path(name)) as reader:
        folder = Path(name)
        with CaptureWriter(folder, token="foreign", software="test") as writer:
            captures = [writer.append(exchange_of(one), kind=CaptureKind.MEMENTO, known={}) for one in found]
        for one, capture in zip(found, captures, strict=True):
            assert reader.payload(capture) == one.payload
            assert reader.headers(capture) == capture.headers
        assert list(verify(folder, iter(captures))) == []
        if captures:
            with (folder / captures[0].location.file).open("rb") as stream:
                kinds = [record.rec_type for record in ArchiveIterator(stream)]
            assert len(kinds) == 1 + 2 * len(captures)
