import contextlib
import gzip
import io
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureReader, CaptureWriter, decoded_content, recover, verify
from storage.errors import CaptureError
from storage.types import CaptureKind, Exchange, KnownPayload

RUN = "prop"
ANY_TEXT = st.text(max_size=30)
HEADER_NAMES = st.one_of(
    ANY_TEXT, st.sampled_from(["Content-Length", "transfer-encoding", "X-Crawl-Content-Length", "Content-Type", "Host"])
)
HEADER_VALUES = st.one_of(ANY_TEXT, st.sampled_from(["0", "3", "chunked", "text/html; charset=\xff", "gzip"]))
HEADERS = st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=6).map(tuple)
PAYLOADS = st.one_of(st.binary(max_size=400), st.sampled_from([b"", b"\r\n\r\n", b"WARC/1.1\r\n", b"a" * 70_000]))
MOMENTS = st.datetimes(min_value=datetime(1991, 8, 6), max_value=datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis adds the zone
EXCHANGES = st.builds(
    Exchange,
    url=st.one_of(ANY_TEXT, ANY_TEXT.map("http://news.example/{}".format)),
    request_headers=HEADERS,
    status=st.integers(100, 999),
    headers=HEADERS,
    payload=PAYLOADS,
    fetched_at=MOMENTS,
    method=st.one_of(st.just("GET"), st.just("HEAD"), ANY_TEXT),
    reason=ANY_TEXT,
    truncated=st.sampled_from(["", "length", "time"]),
    remote_address=st.one_of(ANY_TEXT, st.ip_addresses().map(str)),
    tls=st.one_of(st.sampled_from(["", "verified"]), ANY_TEXT.map("unverified: {}".format)),
    rendered=st.booleans(),
)
RENDERED_HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
ENCODINGS = st.lists(st.sampled_from(["gzip", "deflate", "br", "zstd", "x-gzip", "", "utf-8"]), max_size=3).map(
    lambda names: (("Content-Encoding", ", ".join(names)),)
)


def written(folder: Path, exchanges):
    with CaptureWriter(folder, token=RUN, software="test") as writer:
        return [writer.append(each, kind=CaptureKind.LIVE, known={}) for each in exchanges]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(exchanges=st.lists(EXCHANGES, min_size=1, max_size=4))
def test_whatever_a_server_says_comes_back_byte_for_byte(exchanges):
    with tempfile.TemporaryDirectory() as name, CaptureReader(Path(name)) as reader:
        folder = Path(name)
        captures = written(folder, exchanges)
        for exchange, capture in zip(exchanges, captures, strict=True):
            assert reader.payload(capture) == exchange.payload
            assert reader.headers(capture) == capture.headers
            assert len(capture.headers) == len(RENDERED_HEADERS if exchange.rendered else exchange.headers)
            assert (capture.kind is CaptureKind.RENDERED) == exchange.rendered
            assert capture.tls == exchange.tls
            assert len(reader.content(capture)) <= 64 << 20
        assert list(verify(folder, iter(captures))) == []
        with (folder / captures[0].location.file).open("rb") as stream:
            # warcio looks for an HTTP message only behind an http URL.
            web = all(exchange.url.startswith("http") for exchange in exchanges)
            foreign = list(ArchiveIterator(stream, check_digests="raise" if web else False))
    ours = [record for record in foreign if record.rec_type in {"response", "revisit", "conversion"}]
    assert [record.rec_headers.get_header("WARC-Record-ID")[1:-1] for record in ours] == [
        capture.location.record_id for capture in captures
    ]
    requests = sum(not exchange.rendered for exchange in exchanges)
    remarks = sum(exchange.tls.startswith("unverified") for exchange in exchanges)
    assert len(foreign) == 1 + requests + remarks + len(exchanges)


@settings(max_examples=60, deadline=None)
@given(
    headers=st.lists(
        st.tuples(
            st.from_regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}", fullmatch=True),
            st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=20).map(
                lambda value: value.strip(" \t")
            ),
        ),
        max_size=8,
    ).map(tuple),
    payload=PAYLOADS,
)
def test_header_bytes_are_kept_but_for_the_stated_rule(headers, payload):
    exchange = Exchange(
        url="http://a.example/",
        request_headers=(),
        status=200,
        headers=headers,
        payload=payload,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    with tempfile.TemporaryDirectory() as name:
        (capture,) = written(Path(name), [exchange])
        data = (Path(name) / capture.location.file).read_bytes()[capture.location.offset :]
    block = gzip.decompress(data).partition(b"\r\n\r\n")[2].removesuffix(b"\r\n\r\n")
    head, _, body = block.partition(b"\r\n\r\n")
    assert body == payload
    lines = head.split(b"\r\n")[1:]
    for header in headers:
        line = ": ".join(header).encode("latin-1")
        assert line in lines or b"X-Crawl-" + line in lines
    lengths = [line.partition(b":")[2].strip() for line in lines if line.lower().startswith(b"content-length:")]
    assert all(int(length) == len(payload) for length in lengths)
    assert not any(line.lower().startswith(b"transfer-encoding:") for line in lines)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(count=st.integers(1, 4), kept_share=st.floats(0, 1), committed_share=st.floats(0, 1))
def test_a_file_cut_anywhere_recovers_to_its_whole_records(count, kept_share, committed_share):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    exchanges = [
        Exchange(
            url="http://a.example/",
            request_headers=(),
            status=200,
            headers=(),
            payload=b"page %d" % (number % 3) * 50,
            fetched_at=moment,
        )
        for number in range(count)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        captures = written(folder, exchanges)
        path = folder / captures[0].location.file
        whole = path.read_bytes()
        cut = round(kept_share * len(whole))
        ends = [0, *(capture.location.offset + capture.location.length for capture in captures)]
        committed = max(end for end in ends if end <= committed_share * cut)
        path.write_bytes(whole[:cut])
        recover(folder, lambda _: committed)
        assert recover(folder, lambda _: committed) == []
        kept = path.read_bytes()
        assert whole.startswith(kept)
        assert len(kept) >= committed
        rows = [capture for capture in captures if capture.location.offset < committed]
        assert list(verify(folder, iter(rows))) == []
        moved = folder / "uncommitted" / path.name
        both = kept + (moved.read_bytes() if moved.exists() else b"")
        assert whole.startswith(both)
        assert cut - len(both) < max(b - a for a, b in pairwise([*_starts(whole), len(whole)]))


def _starts(whole: bytes) -> list[int]:
    iterator = ArchiveIterator(io.BytesIO(whole), no_record_parse=True)
    return [iterator.get_record_offset() for _ in iterator]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    garbage=st.one_of(
        st.binary(max_size=3000),
        st.binary(max_size=500).map(gzip.compress),
        st.binary(max_size=300).map(lambda data: gzip.compress(b"WARC/1.1\r\n" + data)),
        st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=5).map(
            lambda fields: gzip.compress(
                b"WARC/1.1\r\n" + "\r\n".join(f"{name}: {value}" for name, value in fields).encode() + b"\r\n\r\nblock"
            )
        ),
    ),
    flips=st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 255)), max_size=3),
    after_real=st.booleans(),
)
def test_garbage_never_raises_anything_but_a_capture_error(garbage, flips, after_real):
    exchange = Exchange(
        url="http://a.example/",
        request_headers=(),
        status=200,
        headers=(),
        payload=b"page",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    with tempfile.TemporaryDirectory() as name, CaptureReader(Path(name)) as reader:
        folder = Path(name)
        captures = written(folder, [exchange, replace(exchange, url="http://b.example/")])
        path = folder / captures[0].location.file
        content = bytearray((path.read_bytes() if after_real else b"") + garbage)
        for position, mask in flips:
            if position < len(content):
                content[position] ^= mask
        path.write_bytes(bytes(content))
        for capture in captures:
            for read in (reader.payload, reader.headers, reader.content):
                with contextlib.suppress(CaptureError):
                    read(capture)
        assert len(list(verify(folder, iter(captures)))) < 5000
        recover(folder, lambda _: 0)
        assert recover(folder, lambda _: 0) == []


@settings(max_examples=150, deadline=None)
@given(payload=st.one_of(st.binary(max_size=2000), st.binary(max_size=600).map(gzip.compress)), headers=ENCODINGS)
def test_decoding_never_raises_and_keeps_to_its_cap(payload, headers):
    assert len(decoded_content(payload, headers, max_bytes=5000)) <= 5000


@settings(max_examples=25, deadline=None)
@given(payload=st.binary(min_size=1, max_size=300), url=ANY_TEXT, fetched_at=MOMENTS)
def test_a_revisit_gives_the_payload_of_its_target(payload, url, fetched_at):
    exchange = Exchange(url=url, request_headers=(), status=200, headers=(), payload=payload, fetched_at=fetched_at)
    with tempfile.TemporaryDirectory() as name, CaptureReader(Path(name)) as reader:
        folder = Path(name)
        (first,) = written(folder, [exchange])
        known = KnownPayload(
            payload_digest=first.payload_digest, location=first.location, url=url, fetched_at=fetched_at
        )
        with CaptureWriter(folder, token=RUN, software="test") as writer:
            second = writer.append(exchange, kind=CaptureKind.LIVE, known={first.payload_digest: known})
        assert second.revisit_of == first.location.record_id
        assert reader.payload(second, known) == reader.payload(second) == payload
        assert list(verify(folder, iter([first, second]))) == []
