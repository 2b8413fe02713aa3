import gzip
import tracemalloc
import zlib

import brotli
import pytest
import zstandard

from storage.captures import Content, content_of, decoded_content

TEXT = b"".join(b"Paragraph %d of an invented report. " % number for number in range(4000))


def deflated(data: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, wbits)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "deflate": lambda data: deflated(data, -15),
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": zstandard.compress,
}


def content(payload: bytes, *values: str, **options: int) -> bytes:
    return decoded_content(payload, tuple(("content-ENCODING", value) for value in values), **options)


@pytest.mark.parametrize(
    ("payload", "values"),
    [
        (TEXT, ()),
        (TEXT, ("identity",)),
        (gzip.compress(TEXT), ("gzip",)),
        (gzip.compress(TEXT), ("X-GZIP ",)),
        (gzip.compress(TEXT[:900]) + gzip.compress(TEXT[900:]) + b"trailing", ("gzip",)),
        (deflated(TEXT, 15), ("deflate",)),
        (deflated(TEXT, -15), ("deflate",)),
        (brotli.compress(TEXT), ("br",)),
        (zstandard.compress(TEXT), ("zstd",)),
        (brotli.compress(gzip.compress(TEXT)), ("gzip, br",)),
        (gzip.compress(zstandard.compress(TEXT)), ("zstd", "gzip")),
    ],
)
def test_every_encoding_and_stacks_of_them(payload, values):
    assert content(payload, *values) == TEXT


@pytest.mark.parametrize("value", ["gzip", "deflate", "br", "zstd", "utf-8", "gzip, nonsense"])
def test_an_encoding_that_the_bytes_are_not_in_is_not_applied(value):
    page = b"<!doctype html><html><body>plain after all</body></html>"
    assert content(page, value) == page


def test_an_empty_header_over_gzip_bytes_means_gzip():
    assert content(gzip.compress(TEXT), "") == TEXT
    assert content(TEXT, " , ") == TEXT
    assert content(gzip.compress(TEXT)) == gzip.compress(TEXT)


def test_a_cut_gzip_gives_its_beginning():
    payload = gzip.compress(TEXT)
    for end in (15, 1000, len(payload) // 2, len(payload) - 1):
        got = content(payload[:end], "gzip")
        assert TEXT.startswith(got)
        assert len(got) > (end - 600)
    assert content(payload[:4], "gzip") == b""


@pytest.mark.parametrize("text", [TEXT, b"0" * 400_000])
def test_a_cut_gzip_gives_all_that_it_holds(text):
    payload = gzip.compress(text)
    for end in range(20, len(payload), 1 + len(payload) // 90):
        assert content(payload[:end], "gzip") == zlib.decompressobj(31).decompress(payload[:end])


def test_a_broken_gzip_gives_everything_before_the_break():
    payload = bytearray(gzip.compress(TEXT))
    payload[-5] ^= 0xFF
    assert content(bytes(payload), "gzip") == TEXT
    payload = bytearray(gzip.compress(TEXT, mtime=0))
    payload[len(payload) // 2] ^= 0xFF
    got = content(bytes(payload), "gzip")
    same = next((i for i, (a, b) in enumerate(zip(got, TEXT, strict=False)) if a != b), len(got))
    assert same > len(TEXT) // 3


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate"])
def test_other_cut_streams_never_raise(encoding):
    payload = {"br": brotli.compress(TEXT), "zstd": zstandard.compress(TEXT), "deflate": deflated(TEXT, 15)}[encoding]
    for end in range(0, len(payload), 97):
        got = content(payload[:end], encoding)
        assert TEXT.startswith(got) or got == payload[:end]


def test_empty_stays_empty():
    assert content(b"", "gzip") == content(b"", "br, zstd, deflate") == b""
    assert content(gzip.compress(b""), "gzip") == b""


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_bomb_is_stopped_at_the_cap(encoding):
    packed = PACKERS[encoding](b"0" * (48 << 20))
    tracemalloc.start()
    got = content(packed, encoding, max_bytes=1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got == b"0" * (1 << 20)
    assert peak < 40 << 20


def test_a_stacked_bomb_is_stopped_at_each_layer():
    inner = gzip.compress(b"0" * (16 << 20))
    assert content(gzip.compress(inner), "gzip, gzip", max_bytes=1000) == b"0" * 1000


@pytest.mark.parametrize("name", PACKERS)
def test_what_is_all_there_is_known_to_be_whole(name):
    assert content_of(PACKERS[name](TEXT), (("Content-Encoding", name),)) == Content(TEXT, whole=True)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("kept", [3, 11, -9])
def test_an_encoding_that_breaks_off_is_not_whole(name, kept):
    found = content_of(PACKERS[name](TEXT)[:kept], (("Content-Encoding", name),))
    assert not found.whole
    assert TEXT.startswith(found.data)


@pytest.mark.parametrize("name", [*PACKERS, "identity"])
def test_what_was_cut_at_the_limit_is_not_whole(name):
    payload = PACKERS.get(name, bytes)(TEXT)
    headers = (("Content-Encoding", name),)
    assert content_of(payload, headers, max_bytes=len(TEXT) - 1) == Content(TEXT[:-1], whole=False)
    assert content_of(payload, headers, max_bytes=len(TEXT)) == Content(TEXT, whole=True)


def test_an_encoding_that_was_not_applied_leaves_all_there():
    assert content_of(TEXT, (("Content-Encoding", "gzip"),)) == Content(TEXT, whole=True)
    assert content_of(b"", (("Content-Encoding", "gzip"),)) == Content(b"", whole=True)
