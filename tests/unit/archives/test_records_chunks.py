"""HTTP messages as files of archives hold them: heads of any make, chunks right and wrong."""

import pytest

from storage.http_messages import read_response_head, split_message, without_chunks, without_transfer_encoding


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b"5\r\nferry\r\n1\r\n!\r\n0\r\n\r\n", b"ferry!"),
        (b"005;name=value\r\nferry\r\n0\r\nTrailer: x\r\n\r\n", b"ferry"),
        (b"5\nferry\n0\n\n", b"ferry"),
        (b"5\r\nferry\r\n", b"ferry"),
        (b"5\r\nfer", b"fer"),
        (b"0\r\n\r\n", b""),
        (b"", b""),
        (b"<p>decoded already</p>", b"<p>decoded already</p>"),
        (b"0\r\ndecoded already", b"0\r\ndecoded already"),
        (b"3\r\ndecoded already", b"3\r\ndecoded already"),
        (b"5\r\nferry\r\n<p>no chunk", b"ferry<p>no chunk"),
        (b"5\r\nferry\r\n2\r\nwrong size\r\n0\r\n\r\n", b"ferrywrong size\r\n0\r\n\r\n"),
        (b"5\r\nferry\r\nffffffffffffffff\r\nrest", b"ferryrest"),
    ],
)
def test_chunks_are_taken_off_as_far_as_there_are_any(body, data):
    assert without_chunks(body) == data


def test_only_what_the_headers_call_chunked_is_taken_apart():
    body = b"5\r\nferry\r\n0\r\n\r\n"
    assert without_transfer_encoding((("Transfer-Encoding", "gzip, Chunked"),), body) == b"ferry"
    assert without_transfer_encoding((("X-Crawl-Transfer-Encoding", "chunked"),), body) == body


def test_a_message_is_split_at_its_first_blank_line():
    assert split_message(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\none\n\ntwo") == (b"HTTP/1.1 200 OK\r\nA: b", b"one\n\ntwo")
    assert split_message(b"HTTP/1.1 200 OK\nA: b\n\none\r\n\r\n") == (b"HTTP/1.1 200 OK\nA: b", b"one\r\n\r\n")
    assert split_message(b"HTTP/1.1 304 Not Modified") == (b"HTTP/1.1 304 Not Modified", b"")


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK", 200, "OK"),
        (b"HTTP/2 404", 404, ""),
        (b"HTTP/1.0 503  Try later ", 503, "Try later"),
        (b"HTTP 301 Moved", 301, "Moved"),
        (b"HTTP/1.1 2000 OK", 0, ""),
        (b"HTTP/1.1 OK", 0, ""),
        (b"ICY 200 OK", 0, ""),
    ],
)
def test_status_lines(line, status, reason):
    head = read_response_head(line + b"\r\nServer: x")
    assert (head.status, head.reason, head.headers) == (status, reason, (("Server", "x"),))


def test_headers_keep_order_and_repeats_and_lose_what_is_none():
    head = b"HTTP/1.1 200 OK\r\nA: 1\r\n  and more\r\nno header\r\n: nameless\r\na:2\r\nB : \xe9"
    assert read_response_head(head).headers == (("A", "1 and more"), ("a", "2"), ("B", "é"))
