"""The parser alone, fed by hand: which limit it is that ends an answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request as ScrapyRequest
from scrapy.exceptions import DownloadTimeoutError
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Protocol
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web._newclient import Request
from twisted.web.client import ResponseFailed
from twisted.web.http_headers import Headers

from crawler.guard import ResponseTooLarge, Wire
from crawler.guard.limits import FRAMING_BYTES, HEAD_BYTES, HEAD_LINES, LINE_BYTES
from crawler.handlers import _SPENT, CHAIN_TIMEOUTS, _limit_chain

OK = b"HTTP/1.1 200 OK\r\n"
HEADS = [
    b"",
    OK,
    OK + b"Content-Length: 20\r\n\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 103 Hints\r\n\r\n",
]
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


class Reader(Protocol):
    def __init__(self):
        self.body, self.pieces, self.ended = b"", 0, None

    def dataReceived(self, data):  # noqa: N802 - Twisted's name
        self.body += data
        self.pieces += 1

    def connectionLost(self, reason):  # noqa: N802 - Twisted's name
        self.ended = reason


class Exchange:
    """One request whose answer the test writes."""

    def __init__(self, most_bytes=1 << 20):
        self.wire = Wire(most_bytes=most_bytes)
        self.protocol = self.wire._factory(lambda _: None, "here").buildProtocol(None)
        self.transport = StringTransport()
        self.transport.abortConnection = self.abort
        self.aborted = False
        self.protocol.makeConnection(self.transport)
        self.response, self.failure, self.reader = None, None, Reader()
        request = Request(b"GET", b"/", Headers({b"Host": [b"paper.example"]}), None, persistent=False)
        self.protocol.request(request).addCallbacks(self.answered, self.failed)

    def abort(self):
        self.aborted = True

    def answered(self, response):
        self.response = response
        response.deliverBody(self.reader)

    def failed(self, failure):
        self.failure = failure

    def receive(self, data, size=1 << 16):
        for start in range(0, len(data), size):
            self.protocol.dataReceived(data[start : start + size])
        return self

    def reasons(self):
        failure = self.failure or self.reader.ended
        return [reason.value for reason in failure.value.reasons]


def test_a_usual_answer_passes_whatever_the_pieces_it_comes_in():
    for size in (1, 7, 1 << 16):
        exchange = Exchange().receive(OK + b"Content-Length: 5\r\nX-A: b\r\n\r\nhello", size)
        assert exchange.reader.body == b"hello"
        assert exchange.response.headers.getRawHeaders("X-A") == ["b"]
        assert exchange.wire.problem == ""


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (OK + b"A: b\r\n" * (HEAD_LINES + 1), f"more than {HEAD_LINES} lines of headers"),
        (OK + (b"A: " + b"b" * 9000 + b"\r\n") * 40, f"more than {HEAD_BYTES} bytes of headers"),
        (OK + b"A: " + b"b" * (LINE_BYTES + 10), f"a header line of more than {LINE_BYTES} bytes"),
        (OK + b"A: b\r\n" + b" and so on\r\n" * HEAD_LINES, f"more than {HEAD_LINES} lines of headers"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * HEAD_LINES, f"more than {HEAD_LINES} lines of headers"),
        (b"H" * (LINE_BYTES + 10), f"a header line of more than {LINE_BYTES} bytes"),
    ],
)
def test_a_head_without_an_end_is_cut_and_said(head, problem):
    exchange = Exchange().receive(head)
    assert exchange.wire.problem == problem
    assert [str(reason) for reason in exchange.reasons()] == [problem]
    assert isinstance(exchange.reasons()[0], ResponseTooLarge)
    assert exchange.aborted


def test_a_long_line_that_browsers_take_is_taken():
    exchange = Exchange().receive(OK + b"Content-Length: 0\r\nA: " + b"b" * (LINE_BYTES - 10) + b"\r\n\r\n")
    assert exchange.wire.problem == ""
    assert len(exchange.response.headers.getRawHeaders("A")[0]) == LINE_BYTES - 10


def test_all_bytes_count_not_only_those_of_the_body():
    exchange = Exchange(most_bytes=3 * FRAMING_BYTES).receive(CHUNKED + (b"400\r\n" + b"x" * 1024 + b"\r\n") * 2000)
    assert exchange.wire.problem == f"more than {3 * FRAMING_BYTES} bytes on the wire"
    assert len(exchange.reader.body) <= 3 * FRAMING_BYTES
    assert exchange.aborted


def test_chunks_that_are_mostly_framing_are_cut():
    exchange = Exchange(most_bytes=1 << 30).receive(CHUNKED + b"1\r\na\r\n" * 400_000)
    assert exchange.wire.problem == "chunks that are mostly framing"
    assert len(exchange.reader.body) < FRAMING_BYTES


def test_chunks_of_one_read_are_handed_on_as_one_piece():
    exchange = Exchange().receive(CHUNKED + b"1\r\na\r\n" * 1000 + b"0\r\n\r\n")
    assert exchange.reader.body == b"a" * 1000
    assert exchange.reader.pieces <= 2
    assert exchange.wire.problem == ""


@pytest.mark.parametrize(
    "status",
    [
        b"HTTP/1.1 99999 Fine",
        b"HTTP/1.1 -200 Fine",
        b"HTTP/1.1 000 Fine",
        b"HTTP/1.1 2_0_0 OK",
        b"HTTP/1.1 fine",
        b"220 mail",
    ],
)
def test_a_first_line_that_is_no_status_line_ends_the_answer(status):
    exchange = Exchange().receive(status + b"\r\nContent-Length: 0\r\n\r\n")
    assert exchange.failure.check(ResponseFailed)
    assert "does not begin as HTTP does" in str(exchange.reasons()[0])
    assert exchange.aborted


@pytest.mark.parametrize(
    "line", [b"X\rY: v", b"X Y: v", b"\x00: v", b"\xff\xfe: v", b": v", b" and so on", b"no colon", b"(c): v"]
)
def test_a_header_line_without_a_name_costs_nothing_but_itself(line):
    exchange = Exchange().receive(OK + line + b"\r\nX-A: b\r\nContent-Length: 2\r\n\r\nhi")
    assert list(exchange.response.headers.getAllRawHeaders()) == [(b"X-A", [b"b"])]
    assert exchange.reader.body == b"hi"


def test_a_space_before_the_colon_is_forgiven():
    exchange = Exchange().receive(OK + b"Content-Length : 2\r\n\r\nhi")
    assert exchange.reader.body == b"hi"


def test_a_body_of_identity_is_as_it_is():
    exchange = Exchange().receive(OK + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nhi")
    assert exchange.reader.body == b"hi"


@pytest.mark.parametrize("status", [b"HTTP/1.1 200 OK", b"HTTP/1.0 200", b"HTTP/1.1 200 ", b"http/1.1 404 \xff\xfe"])
def test_status_lines_of_real_servers_pass(status):
    assert Exchange().receive(status + b"\r\nContent-Length: 0\r\n\r\n").response is not None


def test_what_follows_a_complete_answer_is_not_read():
    exchange = Exchange().receive(OK + b"Content-Length: 5\r\n\r\nhello" + b"HTTP/1.1 200 OK\r\n\r\n" * 999, 50)
    assert exchange.reader.body == b"hello"
    assert exchange.aborted


def test_hanging_up_twice_or_after_the_connection_is_gone_does_nothing():
    exchange = Exchange()
    exchange.protocol.connectionLost(Failure(ConnectionDone()))
    exchange.wire.hang_up()
    assert not exchange.aborted


@pytest.mark.parametrize(("spent_s", "left_s"), [(0.0, 10.0), (29.0, 10.0), (35.0, 5.0), (39.99, 0.01)])
def test_a_hop_has_the_time_that_its_fetch_still_has(spent_s, left_s):
    request = ScrapyRequest("http://paper.example/", meta={_SPENT: spent_s})
    _limit_chain(request, 10.0)
    assert request.meta["download_timeout"] == pytest.approx(left_s)


def test_a_fetch_that_has_spent_its_time_is_led_no_further():
    request = ScrapyRequest("http://paper.example/", meta={_SPENT: CHAIN_TIMEOUTS * 10.0})
    with pytest.raises(DownloadTimeoutError, match="redirects took longer than 40 seconds"):
        _limit_chain(request, 10.0)


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(HEADS), st.integers(1, 50))
def test_whatever_arrives_the_request_ends_with_the_connection(noise, head, size):
    exchange = Exchange().receive(head + noise, size)
    exchange.protocol.connectionLost(Failure(ConnectionDone()))
    assert exchange.failure is not None or exchange.reader.ended is not None
