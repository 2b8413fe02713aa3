"""Whatever strangers send, nothing of ours raises, hangs, or reads it in two ways."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scrapy import Request as ScrapyRequest
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Protocol
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web._newclient import Request
from twisted.web.client import URI
from twisted.web.http_headers import Headers

from crawler.browser.forwarding import Errand, Head, Refused
from crawler.browser.policy import site_of
from crawler.classify.reading import read_page
from crawler.configuration import HostRule, load
from crawler.errors import ConfigurationError, UnusableUrl
from crawler.extraction import PageInput
from crawler.extraction.encoding import decode
from crawler.guard import Wire, unsafe_target
from crawler.guard.limits import FRAMING_BYTES, HEAD_BYTES, LINE_BYTES
from crawler.outcomes import outcome_of_proxy_status, outcome_of_status, retry_after_s
from crawler.politeness import host_asked
from crawler.robots import LONGEST_FILE, parse
from crawler.urls import identify
from crawler.urls.hosts import read_authority
from storage.types import Outcome

NOW = datetime(2026, 4, 8, 12, 0, tzinfo=UTC)


# -- bytes that are cut, torn and overwritten ------------------------------------------------------------------


@st.composite
def damaged(draw, whole):
    """Bytes of the strategy with a few places overwritten, inserted, left out, doubled, or the end torn off."""
    data = bytearray(draw(whole))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(["flip", "insert", "delete", "double", "tear"])):
            case "flip" if place < len(data):
                data[place] ^= 1 << draw(st.integers(0, 7))
            case "insert":
                sly = [b"\r", b"\n", b"\x00", b" ", b":", b"\r\n", b"\r\n\r\n", b"0\r\n", b";", b"\xff", b"-"]
                data[place:place] = draw(st.sampled_from(sly))
            case "delete":
                del data[place : place + draw(st.integers(1, 8))]
            case "double":
                data[place:place] = data[place : place + draw(st.integers(1, 30))]
            case "tear":
                del data[place:]
    return bytes(data)


@st.composite
def cut(draw, whole):
    """(bytes, the same bytes in pieces)."""
    data = draw(whole)
    places = sorted(draw(st.lists(st.integers(0, len(data)), max_size=6)))
    ends = [*places, len(data)]
    return data, [data[start:end] for start, end in zip([0, *places], ends, strict=True)]


# -- answers over HTTP -----------------------------------------------------------------------------------------

STATUS_LINES = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK", b"HTTP/1.1 103 Hints"),
        *(b"HTTP/1.1 100", b"HTTP/1.1 204 No", b"HTTP/1.1"),
        *(b"HTTP/1.1 304 Not Modified", b"http/1.1 404 \xff", b"HTTP/1.1 99999 Fine", b"ICY 200 OK", b"220 mail"),
    ],
)
HEADER_LINES = st.sampled_from(
    [
        *(b"Content-Length: 5", b"Content-Length: 5, 5"),
        *(b"Content-Length: -1", b"Content-Length: 5\r\nContent-Length: 6"),
        *(b"Content-Length: \xb25", b"Content-Length: +5", b"Content-Length: 99999999999999999999", b"Content-Length:"),
        *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", b"transfer-encoding: gzip, chunked"),
        *(b"Connection: close", b"Connection: keep-alive, close", b"Content-Encoding: gzip", b"Set-Cookie: a=b; c"),
        *(b"X: " + b"y" * 300, b" folded", b"\tfolded", b": v"),
        *(b"no colon", b"\x00: v", b"X-\xe9: \xff", b"Trailer: X"),
    ],
)
BODIES = st.sampled_from(
    [
        *(b"", b"hello", b"hello and more"),
        *(b"5\r\nhello\r\n0\r\n\r\n", b"5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n", b"0\r\n\r\n"),
        *(b"-5\r\nhello", b"0x5\r\nhello\r\n", b"5\nhello\n0\n\n", b"\r\n5\r\nhello", b"FFFFFFFFFFFFFFFFFF\r\nhello"),
        *(b"5;" + b"x" * 1100 + b"\r\nhello\r\n0\r\n\r\n", b"1\r\na\r\n" * 30 + b"0\r\n\r\n"),
        b"5\r\nhellooo\r\n0\r\n\r\n",
    ],
)


@st.composite
def answers(draw):
    """One answer or several, one behind the other, as a server might put them together."""
    said = b""
    for _ in range(draw(st.integers(1, 2))):
        lines = [draw(STATUS_LINES), *draw(st.lists(HEADER_LINES, max_size=4)), b"", b""]
        said += draw(st.sampled_from([b"\r\n", b"\r\n", b"\n"])).join(lines) + draw(BODIES)
    return said


class Reader(Protocol):
    def __init__(self):
        self.body, self.ended = b"", None

    def dataReceived(self, data):  # noqa: N802 - Twisted's name
        self.body += data

    def connectionLost(self, reason):  # noqa: N802 - Twisted's name
        self.ended = reason


class Exchange:
    """One request whose answer the test writes, and what became of it."""

    def __init__(self, uri=b"/"):
        self.wire = Wire(most_bytes=8 << 20)
        self.protocol = self.wire._factory(lambda _: None, "here").buildProtocol(None)
        self.transport = StringTransport()
        self.transport.abortConnection = self.aborting
        self.protocol.makeConnection(self.transport)
        self.response, self.failure, self.reader, self.aborted = None, None, Reader(), False
        request = Request(b"GET", uri, Headers({b"Host": [b"paper.example"]}), None, persistent=False)
        self.protocol.request(request).addCallbacks(self.answered, self.failed)

    def aborting(self):
        self.aborted = True

    def answered(self, response):
        self.response = response
        response.deliverBody(self.reader)

    def failed(self, failure):
        self.failure = failure

    def receive(self, pieces):
        for piece in pieces:
            self.protocol.dataReceived(piece)
        return self

    def result(self):
        """All that the rest of the crawler can see of it, after the connection is gone."""
        self.protocol.connectionLost(Failure(ConnectionDone()))
        ending = self.failure or self.reader.ended
        reasons = [type(reason.value) for reason in getattr(ending.value, "reasons", [])]
        seen = None if self.response is None else (self.response.code, list(self.response.headers.getAllRawHeaders()))
        return seen, self.reader.body, type(ending.value), reasons, self.wire.problem


BROKEN_CHUNK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhellooo\r\n0\r\n\r\n"


@settings(max_examples=250, deadline=None)
@given(cut((damaged(answers()) | st.binary(max_size=200)).filter(bool)))
@example((BROKEN_CHUNK, [BROKEN_CHUNK]))
def test_an_answer_means_the_same_in_whatever_pieces_it_comes(said):
    whole, pieces = said[0], [piece for piece in said[1] if piece]
    expected = Exchange().receive([whole]).result()
    assert Exchange().receive(pieces).result() == expected
    assert Exchange().receive(bytes([octet]) for octet in whole).result() == expected


@settings(max_examples=30, deadline=None)
@given(damaged(answers()), st.binary(min_size=1, max_size=40) | HEADER_LINES | BODIES.filter(bool), st.integers(9, 16))
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n", 14)
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 900 + b"\r\na\r\n", 14)
def test_what_is_neither_handed_on_nor_refused_has_an_end(start, pattern, size):
    exchange = Exchange().receive([start])
    fed, piece = len(start), pattern * (1 + (1 << size) // len(pattern))
    for _ in range((3 << 19) // len(piece)):
        exchange.receive([piece])
        fed += len(piece)
        kept = fed - 2 * len(exchange.reader.body)
        assert exchange.aborted or kept <= HEAD_BYTES + FRAMING_BYTES + LINE_BYTES + len(piece)


def test_a_query_without_a_path_is_asked_of_the_root():
    exchange = Exchange(b"?id=1")
    assert exchange.transport.value().startswith(b"GET /?id=1 HTTP/1.1\r\n")


# -- one header ------------------------------------------------------------------------------------------------

HEADER_TEXT = st.binary(max_size=80).map(lambda value: value.decode("latin-1"))
DATES = st.from_regex(
    r"\A(Mon|Thursday|So),? ?[0-9]{1,2}[ -](Jan|Feb|XXX)[ -][0-9]{2,5} [0-9]{2}(:[0-9]{2}){1,2} (GMT|[+-][0-9]{4,9})\Z"
)


@settings(max_examples=300, deadline=None)
@given(HEADER_TEXT | DATES | st.integers().map(str) | st.floats().map(str))
@example("Thu, 01 Jan 1 00:00:00 +9999")
@example("Mon, 01 Jan 9999 23:59:59 -9999")
def test_retry_after_is_seconds_or_nothing(value):
    seconds = retry_after_s(value, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


@settings(max_examples=150, deadline=None)
@given(HEADER_TEXT | HEADER_TEXT.map("a; error=".__add__), st.integers())
def test_no_proxy_status_and_no_status_is_without_a_meaning(said, status):
    assert outcome_of_proxy_status(said) in {None, Outcome.DNS, Outcome.CONNECTION, Outcome.TIMEOUT, Outcome.TLS}
    assert outcome_of_status(status) is None or outcome_of_status(status) in Outcome


RESERVING = st.sampled_from(["X-Robots-Tag", "x-robots-tag", "TDM-Reservation", "tdm-policy", "Server", ""])
WORDS = st.sampled_from(["noarchive", "noai,", "none", "dateline: nocache", "0", "1", "\r\n", "\x00", " " * 300, "é"])
VALUES = st.lists(WORDS | st.text(max_size=20), max_size=6).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(RESERVING, VALUES), max_size=30).map(tuple),
    st.lists(st.tuples(st.sampled_from(["robots", "TDM-reservation", "dateline", "x"]), VALUES), max_size=30),
)
def test_reservations_are_short_lines_each_once(headers, metas):
    tags = "".join(f'<meta name="{name}" content="{value}">' for name, value in metas)
    content = f"<html><head>{tags}</head><body><p>Text</p></body></html>".encode("utf-8", "replace")
    page = PageInput(
        url="http://paper.example/a", content=content, content_type="text/html", captured_at=NOW, headers=headers
    )
    found = read_page(page).reservations
    assert len(found) == len(set(found)) <= 20
    assert all(len(text) <= 200 and text == " ".join(text.split()) for text in found)


# -- robots.txt ------------------------------------------------------------------------------------------------

ROBOTS_PIECES = st.sampled_from(
    [
        *(b"User-agent: *", b"User-agent: dateline", b"user-agent:"),
        *(b"Disallow: /", b"Disallow: /a*b$", b"Allow: /*?x="),
        *(b"Disallow: " + b"*" * 50, b"Allow: %zz%4", b"Crawl-delay: 1e400"),
        *(b"Crawl-delay: 1_0", b"\xef\xbb\xbf", b"\x00"),
        *(b"Disallow: /$*$", b"Disallow: $", b":", b"#", b"Sitemap: x", b"\xff\xfe", b"Disallow: /\xe9", b"  "),
    ],
)
ROBOTS_FILES = st.lists(
    st.tuples(ROBOTS_PIECES | st.binary(max_size=12), st.sampled_from([b"\n", b"\r", b"\r\n", b""])), max_size=25
).map(lambda lines: b"".join(piece + end for piece, end in lines))


@settings(max_examples=200, deadline=None)
@given(damaged(ROBOTS_FILES), st.text(max_size=30) | st.sampled_from(["ab", "a?x=1", "%e9", "%", "\ud800", "[//"]))
def test_any_robots_file_answers_for_any_url(content, path):
    rules = parse(content)
    ruling = rules.ruling(f"http://paper.example/{path}")
    assert ruling == parse(content).ruling(f"http://paper.example/{path}")
    assert ruling.rule == " ".join(ruling.rule.split())
    assert rules.crawl_delay_s is None or 0 <= rules.crawl_delay_s < float("inf")
    assert len(rules.rules) <= content.count(b":")


@pytest.mark.parametrize(
    "lines",
    [
        [b"User-agent: *\n"],
        [b"User-agent: *\n", b"Disallow: /a\n"],
        [b"User-agent: *\nUser-agent: dateline\nDisallow: /a\n"],
        [b"User-agent: *\nDisallow: /", b"*ab"],
        [b"User-agent: *\n", b"Disallow: /*a*b*a$\n"],
        [b"User-agent: *\n", b":\n"],
        [b"User-agent: *\nDisallow: ", b"%41"],
        [b"%"],
    ],
)
def test_the_longest_robots_file_is_read_in_linear_time(lines):
    share = LONGEST_FILE // len(lines)
    content = b"".join(line * (share // len(line)) for line in lines)
    began = time.process_time()
    rules = parse(content)
    rules.ruling("http://paper.example/" + "ab" * 4000)
    assert time.process_time() - began < 10
    assert len(rules.rules) <= content.count(b"\n") + 1


# -- encodings -------------------------------------------------------------------------------------------------

LABELS = st.sampled_from(
    [
        *("utf-8", "utf-16", "UTF-16BE", "utf-32", "utf-7"),
        *("windows-1251", "shift_jis", "iso-2022-jp", "hz", "gb18030"),
        *("rot13", "idna", "zip", "unicode_escape", "undefined", "mbcs", "utf-8-sig", "\x00", '"', "a" * 300, "é", ""),
    ],
)
MARKS = st.sampled_from(
    [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"+/v8"]
)
CONTENT_TYPES = st.one_of(
    LABELS.map("text/html; charset={}".format), LABELS.map("text/html;CHARSET='{}".format), HEADER_TEXT
)
TEXTS = st.text(max_size=60) | st.sampled_from(
    ["Новый мост через реку Светлую", "老舊碼頭將於下月起關閉", "Müller € ß", "~{VPND~}"]
)


@st.composite
def lying_pages(draw):
    """A page whose mark, declarations and bytes need not agree."""
    declared = draw(
        st.sampled_from(
            [
                '<meta charset="{}">',
                "<meta charset={} charset=utf-8>",
                '<?xml version="1.0" encoding="{}"?>',
                "<!--{}-->",
            ]
        )
    ).format(draw(LABELS))
    codec = draw(
        st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "shift_jis", "gb18030", "iso2022_jp"])
    )
    return draw(MARKS) + (declared + "<p>" + draw(TEXTS)).encode(codec, "ignore") + draw(st.binary(max_size=20))


@settings(max_examples=200, deadline=None)
@given(damaged(lying_pages()) | st.binary(max_size=100), CONTENT_TYPES)
def test_any_bytes_under_any_label_are_text_and_the_same_text_again(content, content_type):
    found = decode(content, content_type)
    found.text.encode("utf-8")
    assert found.encoding
    assert found == decode(content, content_type)


@pytest.mark.parametrize(
    "pattern",
    [
        *(b"<", b"<a ", b"<script", b"<script>", b"<meta "),
        *(b"<meta charset", b"<meta http-equiv=", b"<?xml ", b"\x1b$", b"~{"),
        *(b"\xff", b"\xd0", b"\x00a", b"a\x00", b"charset=", b"<!--", b"\x81\x30"),
    ],
)
def test_a_long_page_is_decoded_in_linear_time(pattern):
    content = pattern * ((2 << 20) // len(pattern))
    began = time.process_time()
    decode(content, "text/html; charset=" + "a" * 60_000)
    decode(b"\xd0" + content, "charset=" * 8000)
    assert time.process_time() - began < 15


# -- URLs ------------------------------------------------------------------------------------------------------

URL_PIECES = st.sampled_from(
    [
        *("http:", "https:", "//", "/", "\\", "@", ":", "?", "#"),
        *(";", "%", "[", "]", ".", "..", "paper.example", "8.8.8.8"),
        *("127.0.0.1", "[2606:4700::1111]", "[::1]", ":80", ":8080", ":080", ":"),
        *(":0", "user", "%2f", "%00", "\t", "\n"),
        *("é", "ß", "。", "１", "\u200b", "xn--", "xn--bcher-kva.example", "example."),
        *("x", "=", "&", "|", '"', " ", "\ud800"),
    ],
)
LOCATIONS = st.lists(URL_PIECES, max_size=9).map("".join) | st.builds(
    "{}//{}{}{}".format,
    st.sampled_from(["", "http:", "https:", "HTTP:"]),
    st.sampled_from(["paper.example", "PAPER.example.", "bücher.example", "8.8.8.8", "[2606:4700::1111]"]),
    st.sampled_from(["", ":", ":80", ":443", ":8080", ":0080", ":٨٠", ":+80", ":8_0"]),
    st.lists(URL_PIECES, max_size=5).map("".join) | st.text(max_size=12),
)


@settings(max_examples=500, deadline=None)
@given(LOCATIONS)
@example("http://paper.example:/x")
@example("http://paper.example?x=1")
@example("http://paper.example./")
@example("//[2606:4700::1111]:8080;x")
def test_all_who_read_a_url_that_may_be_asked_read_the_same_host_and_port(location):
    try:
        url = ScrapyRequest(urljoin("https://start.example/a/b", location)).url
    except ValueError:
        assume(False)
    assume(not unsafe_target(url))
    split = urlsplit(url)
    sent = URI.fromBytes(urldefrag(url)[0].encode("ascii"))
    standard = split.port or {"http": 80, "https": 443}[split.scheme]
    assert (sent.scheme.decode(), sent.host.decode().lower(), sent.port) == (split.scheme, split.hostname, standard)
    host, port = read_authority(split.scheme, split.netloc)
    assert (host.strip("[]"), int(port or standard)) == (split.hostname.removesuffix("."), standard)
    assert host_asked(url) == (f"{host}:{port}" if port else host)
    assert re.fullmatch(rb"[!-~]+", sent.originForm)


@settings(max_examples=300, deadline=None)
@given(LOCATIONS | st.text(max_size=40))
@example("http://[")
@example("http://a.example:x/")
def test_any_text_has_a_host_that_can_be_told_or_is_unusable(text):
    assert isinstance(host_asked(text), str)
    assert isinstance(unsafe_target(text), str)
    try:
        identity = identify(text)
    except UnusableUrl:
        return
    assert host_asked(identity.request_url) == identity.host
    assert re.fullmatch(r"https?://[!-~]+", identity.request_url)


# -- the browser's requests --------------------------------------------------------------------------------------

REQUEST_LINES = st.builds(
    "{} {} HTTP/1.1".format,
    st.sampled_from(["GET", "CONNECT", "CONNECT", "get", "HEAD", "POST", "GET\t"]),
    LOCATIONS | st.lists(URL_PIECES, max_size=6).map("".join).map("paper.example".__add__),
)
REQUEST_HEADERS = st.sampled_from(
    [
        *("Host: other.example", "HOST : other.example", "Proxy-Authorization: Basic eA=="),
        *("X: y", "X: y\nHost: other.example"),
        *("X: y\n\nGET /hidden HTTP/1.1", "X: y\rHost: other.example", " Host: other.example", "X"),
        *(": y", "X: \x00", "TE: x"),
    ],
)
REQUEST_HEADS = st.builds(
    lambda first, lines: "\r\n".join([first, *lines, "", ""]).encode("utf-8", "replace"),
    REQUEST_LINES,
    st.lists(REQUEST_HEADERS, max_size=4),
)


@settings(max_examples=400, deadline=None)
@given(damaged(REQUEST_HEADS) | st.binary(max_size=100))
@example(b"GET http://paper.example?x=1 HTTP/1.1\r\n\r\n")
@example(b"GET http://paper.example/ HTTP/1.1\r\nX: y\n\nGET /hidden HTTP/1.1\r\n\r\n")
@example(b"CONNECT paper.example?@other.example:443 HTTP/1.1\r\n\r\n")
@example(b"CONNECT paper.example/other.example:443 HTTP/1.1\r\n\r\n")
def test_what_the_gateway_sends_on_can_be_read_in_one_way_only(raw):
    try:
        errand = Errand.of(Head.parsed(raw))
    except Refused:
        return
    site = site_of(errand.host)
    assume(not unsafe_target(errand.url))
    assert site
    if errand.tunnel:
        told = urlsplit(f"//{errand.place}")
        assert (told.hostname, told.port) == (errand.host, errand.port)
        assert re.fullmatch(r"[A-Za-z0-9_.:\[\]-]+", errand.head.target)
        return
    for absolute in (False, True):
        first, *lines = errand.message(absolute=absolute).removesuffix(b"\r\n\r\n").split(b"\r\n")
        assert not re.search(rb"[\r\n\x00]", b"".join([first, *lines]))
        assert re.fullmatch(rb"(GET|HEAD|OPTIONS) (?i:%s)[!-~]* HTTP/1\.1" % (b"http://" if absolute else b"/"), first)
        told = [line for line in lines if line.partition(b":")[0].strip().lower() == b"host"]
        assert len(told) == 1
        assert urlsplit("http://" + told[0].partition(b": ")[2].decode("ascii")).hostname == errand.host


# -- the settings of hosts ---------------------------------------------------------------------------------------

TOML_KEYS = st.sampled_from(
    [
        *('"www.paper.example"', '"paper.example:8080"', "paper.example"),
        *('""', '"http://paper.example"', '"bücher.example"'),
        *('"["', '"PAPER.example"', "a", "delay_s", '"127.0.0.1"', '"[::1]"', '"paper.example/"', '"a@paper.example"'),
    ],
)
TOML_VALUES = st.sampled_from(
    ["1", "0", "-1", "1.5", "nan", "inf", "true", "false", '"x"', "[]", "{}", "1979-05-27", "{delay_s = 1}", "9e999"]
)
TOML_LINES = st.builds(
    "{} = {}".format, st.sampled_from(["delay_s", "paused", "verify_tls", "x", "hosts"]), TOML_VALUES
) | TOML_KEYS.map("[hosts.{}]".format)


@settings(max_examples=150, deadline=None)
@given(st.lists(TOML_LINES, max_size=6).map("\n".join))
def test_a_table_of_a_host_is_a_rule_of_a_host_or_refused(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp() / "library"
    folder.mkdir(exist_ok=True)
    (folder / "dateline.toml").write_text(text, encoding="utf-8")
    rules = {}
    with suppress(ConfigurationError):
        rules = load(folder).host_rules
    for name, rule in rules.items():
        assert isinstance(rule, HostRule)
        assert rule.name == name
        assert rule.delay_s is None or 0 <= rule.delay_s < float("inf")
        assert name in {host_asked(f"{scheme}://{name}/") for scheme in ("http", "https")}
