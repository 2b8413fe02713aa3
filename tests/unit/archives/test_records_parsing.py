"""One record out of bytes of others: WARC of every age, ARC, damage, and what is made of each."""

import gzip
import io
from datetime import UTC, datetime

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archives.records import parse_arc_head, parse_date, parse_head, parse_record

PAGE = b"<html><title>Lighthouse relit</title><p>The keeper's granddaughter pressed the switch.</p></html>"
URL = "http://coast.example/lighthouse?id=4"
MOST = 1 << 20
DIGEST = "sha1:QHXZUO2ARVIWEBQGXS3TNVYGBOWTA3NR"


def http(body=PAGE, *headers, status="200 OK", end="\r\n"):
    lines = (f"HTTP/1.1 {status}", "Content-Type: text/html", *headers)
    return (end.join(lines) + end + end).encode() + body


def warc(block, *fields, version="WARC/1.0", end="\r\n", **changes):
    named = {
        "WARC-Type": "response",
        "WARC-Record-ID": "<urn:uuid:0a4b8bde-93a6-4f7b-b1f4-3a5f44f0d6f1>",
        "WARC-Date": "2014-03-09T10:11:12Z",
        "WARC-Target-URI": URL,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    named |= {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [version, *(f"{name}: {value}" for name, value in named.items() if value is not None), *fields]
    return (end.join(lines) + end + end).encode() + block + b"\r\n\r\n"


def arc(block, url=URL, date="20020417083015", more="", length=None):
    size = len(block) if length is None else length
    return f"{url} 192.0.2.4 {date} text/html{more} {size}\n".encode() + block + b"\n"


def parsed(data, most=MOST):
    found = parse_record(data, most=most)
    assert not isinstance(found, str), found
    return found


def refused(data, most=MOST):
    found = parse_record(data, most=most)
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gzip member"])
def test_a_response_is_read_whole(packed):
    data = warc(http(), f"WARC-Payload-Digest: {DIGEST}", "WARC-Truncated: length")
    found = parsed(packed(data) + b"whatever follows in the file")
    assert (found.head.url, found.head.type, found.head.truncated) == (URL, "response", "length")
    assert found.head.captured_at == datetime(2014, 3, 9, 10, 11, 12, tzinfo=UTC)
    assert (found.head.record_id, found.head.payload_digest) == (
        "urn:uuid:0a4b8bde-93a6-4f7b-b1f4-3a5f44f0d6f1",
        DIGEST,
    )
    assert (found.status, found.reason, found.headers) == (200, "OK", (("Content-Type", "text/html"),))
    assert found.payload == PAGE
    assert found.record == data


@pytest.mark.parametrize("version", ["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17"])
def test_every_version_is_read(version):
    assert parsed(warc(http(), version=version)).payload == PAGE


def test_line_breaks_of_either_kind_are_read():
    assert parsed(warc(http(end="\n"), end="\n")).payload == PAGE
    assert parsed(warc(http(end="\n"))).headers == (("Content-Type", "text/html"),)


def test_blank_lines_before_a_record_are_no_part_of_it():
    assert parsed(b"\r\n\r\n\n" + warc(http())).record == warc(http())


def test_targets_in_angle_brackets_and_folded_fields():
    found = parsed(warc(http(), "X-Note: one", "  two", WARC_Target_URI=f"<{URL}>"))
    assert found.head.url == URL
    assert found.head.fields["x-note"] == "one two"


def test_of_repeated_fields_the_first_counts():
    assert parsed(warc(http(), "WARC-Target-URI: http://other.example/")).head.url == URL


def test_what_a_revisit_refers_to():
    head = http(b"", "ETag: a")
    found = parsed(
        warc(
            head,
            "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
            "WARC-Refers-To: <urn:uuid:11111111-93a6-4f7b-b1f4-3a5f44f0d6f1>",
            "WARC-Refers-To-Target-URI: http://coast.example/",
            "WARC-Refers-To-Date: 2013-01-02T03:04:05.678Z",
            WARC_Type="revisit",
        )
    )
    assert (found.head.type, found.status, found.payload) == ("revisit", 200, b"")
    assert found.head.refers_to_id == "urn:uuid:11111111-93a6-4f7b-b1f4-3a5f44f0d6f1"
    assert found.head.refers_to_url == "http://coast.example/"
    assert found.head.refers_to_at == datetime(2013, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert found.head.profile.endswith("identical-payload-digest")


def test_a_resource_has_no_http_and_keeps_its_type():
    found = parsed(warc(PAGE, WARC_Type="resource", Content_Type="text/html; charset=utf-8"))
    assert (found.status, found.payload) == (0, PAGE)
    assert found.headers == (("Content-Type", "text/html; charset=utf-8"),)


def test_chunks_are_taken_off_and_the_content_encoding_stays():
    packed = gzip.compress(PAGE, mtime=0)
    chunked = b"%X\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    found = parsed(warc(http(chunked, "Transfer-Encoding: chunked", "Content-Encoding: gzip")))
    assert found.payload == packed


def test_chunks_that_were_taken_off_before_do_no_harm():
    assert parsed(warc(http(PAGE, "Transfer-Encoding: chunked"))).payload == PAGE


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "neither a WARC nor an ARC"),
        (b"<html>", "neither a WARC nor an ARC"),
        (warc(http(), version="WARC/3.0"), "WARC version"),
        (warc(http())[:150], "its head has no end"),
        (warc(http())[:-60], "cut off"),
        (gzip.compress(warc(http()))[:-40], "compressed bytes are cut off"),
        (gzip.compress(warc(http()))[:40] + b"x" * 300, "damaged"),
        (warc(http(), WARC_Date="2008-10-294T05:21:46-0700"), "WARC-Date is '2008-10-294T05:21:46-0700'"),
        (warc(http(), WARC_Date=None), "WARC-Date is ''"),
        (warc(http(), Content_Length="-1"), "Content-Length is '-1'"),
        (warc(http(), Content_Length="9" * 40), "Content-Length"),
        (arc(http(), length=-1), "its length is -1"),
        (arc(http(), date="20149901000000"), "archive date is '20149901000000'"),
        (arc(http(), length=10_000), "cut off: "),
        (b"filedesc://a.arc.gz 0.0.0.0 20020417083015 text/plain 20\n", "describes the file"),
    ],
    ids=range(15),
)
def test_what_is_no_record_is_told_in_a_sentence(data, reason):
    assert reason in refused(data)


def test_nothing_is_unpacked_beyond_what_is_allowed():
    bomb = gzip.compress(warc(http(b"\0" * (8 << 20))))
    assert "more than 1000 bytes" in refused(bomb, most=1000)
    assert "more than 1000 bytes" in refused(warc(http(b"x" * 2000)), most=1000)
    assert "more than 1000 bytes" in refused(arc(http(b"x" * 2000)), most=1000)


def test_an_arc_record_becomes_a_warc_record_that_others_read():
    found = parsed(gzip.compress(arc(http())))
    assert (found.head.url, found.status, found.payload) == (URL, 200, PAGE)
    assert found.head.captured_at == datetime(2002, 4, 17, 8, 30, 15, tzinfo=UTC)
    read = next(ArchiveIterator(io.BytesIO(found.record), check_digests="raise"))
    assert read.rec_headers.get_header("WARC-Type") == "response"
    assert read.rec_headers.get_header("WARC-Date") == "2002-04-17T08:30:15Z"
    assert read.rec_headers.get_header("WARC-Target-URI") == URL
    assert read.rec_headers.get_header("WARC-IP-Address") == "192.0.2.4"
    assert read.content_stream().read() == PAGE
    again = parsed(found.record)
    assert (again.head.record_id, again.payload) == (found.head.record_id, PAGE)


def test_the_same_arc_record_is_the_same_warc_record_each_time():
    assert parsed(arc(http())).record == parsed(gzip.compress(arc(http()))).record
    assert parsed(arc(http())).head.record_id != parsed(arc(http(PAGE + b" "))).head.record_id


def test_arc_heads_of_both_versions_and_with_spaces_in_the_url():
    spaced = "http://coast.example/a page?title=Keeper of the light"
    for more in ("", " 200 QHXZUO2ARVIWEBQGXS3TNVYGBOWTA3NR - 4711 a.arc.gz"):
        found = parsed(arc(http(), spaced, more=more))
        assert (found.head.url, found.payload) == (spaced, PAGE)


def test_a_block_without_http_in_an_arc_is_a_resource():
    found = parsed(arc(PAGE))
    assert (found.head.type, found.status, found.payload) == ("resource", 0, PAGE)
    assert found.headers == (("Content-Type", "text/html"),)


def test_heads_are_read_without_their_bodies():
    head = parse_head(warc(http()).partition(b"\r\n\r\n")[0])
    assert not isinstance(head, str)
    assert (head.url, head.length) == (URL, len(http()))
    line = parse_arc_head(arc(http()).partition(b"\n")[0] + b"\n")
    assert not isinstance(line, str)
    assert (line.url, line.length, line.content_type) == (URL, len(http()), "text/html")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2014", datetime(2014, 1, 1, tzinfo=UTC)),
        ("2014-03", datetime(2014, 3, 1, tzinfo=UTC)),
        ("2014-03-09", datetime(2014, 3, 9, tzinfo=UTC)),
        ("2014-03-09T10:11Z", datetime(2014, 3, 9, 10, 11, tzinfo=UTC)),
        ("2014-03-09T10:11:12.5Z", datetime(2014, 3, 9, 10, 11, 12, 500_000, tzinfo=UTC)),
        ("2014-03-09T10:11:12.123456789Z", datetime(2014, 3, 9, 10, 11, 12, 123_456, tzinfo=UTC)),
        ("2014-03-09T10:11:12-0730", datetime(2014, 3, 9, 17, 41, 12, tzinfo=UTC)),
        ("2014-03-09T10:11:12+02:00", datetime(2014, 3, 9, 8, 11, 12, tzinfo=UTC)),
        ("2014-02-30", None),
        ("0001-01-01T00:00:00+02:00", None),
        ("yesterday", None),
    ],
)
def test_dates_of_every_precision(text, moment):
    assert parse_date(text) == moment
