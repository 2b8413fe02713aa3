import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureReader
from storage.types import CaptureKind


def stored_block(folder, capture):
    with (folder / capture.location.file).open("rb") as stream:
        stream.seek(capture.location.offset)
        record = next(iter(ArchiveIterator(stream, no_record_parse=True)))
        return record.raw_stream.read()


def written(folder, writer, exchange, headers, **changes):
    capture = writer.append(exchange(b"12345", headers=headers, **changes), kind=CaptureKind.LIVE, known={})
    head, _, body = stored_block(folder, capture).partition(b"\r\n\r\n")
    with CaptureReader(folder) as reader:
        assert reader.headers(capture) == capture.headers
        assert reader.payload(capture) == body == b"12345"
    return capture, head.split(b"\r\n")


def test_right_headers_are_stored_as_they_came(folder, writer, exchange):
    headers = (("set-cookie", "a=1"), ("Set-Cookie", "b=2"), ("CONTENT-length", "005"), ("X-Empty", ""))
    capture, lines = written(folder, writer, exchange, headers, status=203, reason="Non Author")
    assert lines == [
        b"HTTP/1.1 203 Non Author",
        b"set-cookie: a=1",
        b"Set-Cookie: b=2",
        b"CONTENT-length: 005",
        b"X-Empty: ",
    ]
    assert capture.headers == headers


def test_headers_that_would_be_wrong_keep_their_value_under_another_name(folder, writer, exchange):
    headers = (
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "999"),
        ("Content-Length", "5"),
        ("content-length", "nonsense"),
    )
    capture, lines = written(folder, writer, exchange, headers)
    assert lines[1:] == [
        b"X-Crawl-Transfer-Encoding: chunked",
        b"X-Crawl-Content-Length: 999",
        b"Content-Length: 5",
        b"Content-Length: 5",
        b"X-Crawl-content-length: nonsense",
    ]
    assert capture.headers == headers


def test_a_server_cannot_play_with_our_prefix(folder, writer, exchange):
    headers = (
        ("x-crawl-content-length", "7"),
        ("Content-Length", "5"),
        ("X-Crawl-", ""),
        ("X-Crawl-X-Crawl-Age", "1"),
        ("content-Length", ""),
    )
    capture, lines = written(folder, writer, exchange, headers)
    assert lines[1] == b"X-Crawl-x-crawl-content-length: 7"
    assert capture.headers == headers


@pytest.mark.parametrize(("status", "method"), [(304, "GET"), (200, "HEAD")])
def test_an_answer_without_a_body_keeps_the_length_it_announces(folder, writer, exchange, status, method):
    answer = exchange(b"", status=status, method=method, headers=(("Content-Length", "77"),))
    capture = writer.append(answer, kind=CaptureKind.LIVE, known={})
    assert b"\r\nContent-Length: 77\r\n" in stored_block(folder, capture)


def test_a_header_cannot_forge_another_one_nor_end_the_head(folder, writer, exchange):
    headers = (
        ("Location", "/a\r\nSet-Cookie: forged=1\r\n\r\n<html>"),
        ("X-Null", "a\0b"),
        ("Bad Name: x\r\nForged", "1"),
        ("", "nameless"),
    )
    capture, lines = written(folder, writer, exchange, headers, reason="OK\r\nForged: 2\r\n\r\n")
    assert lines[0] == b"HTTP/1.1 200 OK Forged: 2"
    assert capture.headers == (
        ("Location", "/a Set-Cookie: forged=1 <html>"),
        ("X-Null", "a b"),
        ("Bad_Name__x__Forged", "1"),
        ("_", "nameless"),
    )


def test_bytes_beyond_ascii_are_kept_and_read_as_what_they_are(folder, writer, exchange):
    cyrillic = "Новости".encode()
    headers = (
        ("X-Utf8", cyrillic.decode("latin-1")),
        ("X-Latin", "caf\xe9"),
        ("X-Decoded", "Новости"),
        ("X-Broken", "\ud800"),
    )
    capture, lines = written(folder, writer, exchange, headers)
    assert lines[1:] == [b"X-Utf8: " + cyrillic, b"X-Latin: caf\xe9", b"X-Decoded: " + cyrillic, b"X-Broken: ?"]
    assert [value for _, value in capture.headers] == ["Новости", "café", "Новости", "?"]


def test_endless_headers_are_cut(folder, writer, exchange):
    headers = tuple((f"X-{number}", "v" * 8000) for number in range(400))
    capture, _ = written(folder, writer, exchange, headers)
    assert 100 < len(capture.headers) < 140
    assert capture.headers == headers[: len(capture.headers)]


@pytest.mark.parametrize(
    ("url", "line", "host"),
    [
        ("http://a.example", b"GET / HTTP/1.1", b"a.example"),
        ("http://a.example:8080?q#top", b"GET /?q HTTP/1.1", b"a.example:8080"),
        ("https://me:secret@a.example/x//y?z=/", b"GET /x//y?z=/ HTTP/1.1", b"a.example"),
        ("http://[::1", b"GET / HTTP/1.1", b"[::1"),
        ("garbage", b"GET / HTTP/1.1", b""),
    ],
)
def test_the_request_line_and_host(folder, writer, exchange, url, line, host):
    writer.append(exchange(url=url), kind=CaptureKind.LIVE, known={})
    (path,) = folder.iterdir()
    with path.open("rb") as stream:
        blocks = [
            record.raw_stream.read()
            for record in ArchiveIterator(stream, no_record_parse=True)
            if record.rec_type == "request"
        ]
    assert blocks[0].startswith(line + b"\r\nHost: " + host + b"\r\n")
    assert blocks[0].endswith(b"\r\n\r\n")


def test_the_host_that_was_sent_is_kept_and_the_proxy_secret_is_not(folder, writer, exchange):
    sent = (("host", "front.example"), ("Proxy-Authorization", "Basic c2VjcmV0"))
    writer.append(exchange(request_headers=sent), kind=CaptureKind.LIVE, known={})
    (path,) = folder.iterdir()
    with path.open("rb") as stream:
        requests = [record for record in ArchiveIterator(stream) if record.rec_type == "request"]
    assert requests[0].http_headers.headers == [("host", "front.example")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Text/HTML ; charset=x", "text/html"),
        ("application/xhtml+xml", "application/xhtml+xml"),
        ("html", ""),
        ("text/ht ml", ""),
        ("", ""),
        ("text/" + "x" * 500, ""),
    ],
)
def test_the_media_type_is_plain_or_nothing(writer, exchange, value, expected):
    capture = writer.append(exchange(headers=(("content-TYPE", value),)), kind=CaptureKind.LIVE, known={})
    assert capture.media_type == expected
