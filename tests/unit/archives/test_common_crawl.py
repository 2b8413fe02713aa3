"""Common Crawl: which crawls are asked, what their indexes say, and a record out of one range."""

import gzip
import hashlib
import json
from base64 import b32encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from crawler.archives import Answer, ArchivePlace, Pool, Problem, Replayed, Wanted, Window
from crawler.archives.common_crawl import CommonCrawl
from storage.types import DigestCheck, SearchState

PLACE = ArchivePlace(
    name="common-crawl",
    kind="common-crawl",
    index_url="https://index.crawl.example/",
    replay_url="https://data.crawl.example/",
)
ARCHIVE = CommonCrawl(PLACE)
URL = "http://coast.example/lighthouse"
PAGE = b"<html><title>Lighthouse relit</title><p>The lamp turned again at dusk.</p></html>"
FILE = "crawl-data/CC-MAIN-2014-10/segments/13/warc/CC-MAIN-20140307-00042-ip-10-0-0-1.warc.gz"


def digest_of(payload):
    return b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def listed(name, since="", until="", **fields):
    times = {"from": since, "to": until} if since else {}
    return {"id": name, "name": name, "cdx-api": f"https://index.crawl.example/{name}-index", **times, **fields}


CRAWLS = [
    listed("CC-MAIN-2014-23", "2014-07-09T23:29:26", "2014-08-02T10:28:44"),
    listed("CC-MAIN-2014-15", "2014-04-16T04:08:36", "2014-04-25T10:01:03"),
    listed("CC-MAIN-2014-10", "2014-03-07T03:34:34", "2014-03-17T22:15:18"),
    listed("CC-MAIN-2013-20", "2013-05-18T04:54:09", "2013-06-20T13:36:32"),
    listed("CC-MAIN-2012"),
    listed("CC-MAIN-2008-2009"),
]


def wanted(since=None, until=None, near=None, url=URL):
    window = Window(since=since, until=until, near=near)
    return Wanted(url=url, url_key="example,coast)/lighthouse", window=window)


SPRING = wanted(
    datetime(2014, 3, 10, tzinfo=UTC), datetime(2014, 12, 31, tzinfo=UTC), datetime(2014, 4, 20, tzinfo=UTC)
)


def answer(question, body, status=200, headers=(), **fields):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(question=question, status=status, headers=headers, body=raw, payload=raw, **fields)


def asked(what, crawls=CRAWLS):
    (catalogue,) = ARCHIVE.begin(what)
    return ARCHIVE.heard(what, answer(catalogue, crawls))


def names(heard):
    return [question.about for question in heard.questions]


def test_the_catalogue_is_asked_first_and_kept_for_a_week():
    (question,) = ARCHIVE.begin(SPRING)
    assert (question.url, question.pool) == ("https://index.crawl.example/collinfo.json", Pool.INDEX)
    assert question.good_for == timedelta(days=7)


def test_nothing_is_asked_about_a_time_before_the_first_crawl():
    assert ARCHIVE.begin(wanted(until=datetime(2007, 12, 31, tzinfo=UTC))) == ()


def test_only_crawls_that_overlap_the_window_are_asked_the_nearest_first():
    assert names(asked(SPRING)) == ["CC-MAIN-2014-15", "CC-MAIN-2014-10", "CC-MAIN-2014-23"]
    assert names(asked(wanted(near=datetime(2012, 5, 1, tzinfo=UTC))))[0] == "CC-MAIN-2012"
    assert names(asked(wanted())) == sorted(entry["id"] for entry in CRAWLS)


def test_the_time_of_a_crawl_is_read_from_its_name_where_the_catalogue_states_none():
    old = wanted(datetime(2009, 5, 1, tzinfo=UTC), datetime(2009, 6, 1, tzinfo=UTC))
    assert names(asked(old)) == ["CC-MAIN-2008-2009"]
    bare = [listed("CC-MAIN-2014-10"), listed("CC-MAIN-2014-52"), listed("CC-MAIN-2014-99"), listed("test")]
    heard = asked(wanted(datetime(2014, 3, 1, tzinfo=UTC), datetime(2014, 4, 1, tzinfo=UTC)), bare)
    assert (names(heard), heard.skipped) == (["CC-MAIN-2014-10"], 2)


def test_a_question_to_an_index_names_one_exact_url_and_the_window():
    question = asked(SPRING).questions[0]
    assert dict(parse_qsl(urlsplit(question.url).query)) == {
        "url": URL,
        "matchType": "exact",
        "output": "json",
        "from": "20140310000000",
        "to": "20141231000000",
    }
    assert question.url.startswith("https://index.crawl.example/CC-MAIN-2014-15-index?")
    assert question.good_for == timedelta(days=30)


def test_a_catalogue_that_is_none_is_no_answer():
    (catalogue,) = ARCHIVE.begin(SPRING)
    for body in (b"<html>busy</html>", b"{}", b"[3, {}]", b'[{"id": 1, "cdx-api": []}]'):
        problem = ARCHIVE.heard(SPRING, answer(catalogue, body)).problem
        assert problem is not None
        assert problem.state is SearchState.UNREACHABLE
    assert ARCHIVE.heard(SPRING, answer(catalogue, b"[]")).problem is None


@pytest.mark.parametrize("url", ["ftp://index.crawl.example/a", "javascript:x", "http://[", "https://a.example/é"])
def test_an_index_that_cannot_be_asked_is_left_out(url):
    heard = asked(SPRING, [CRAWLS[1], listed("CC-MAIN-2014-10") | {"cdx-api": url}])
    assert (names(heard), heard.skipped) == (["CC-MAIN-2014-15"], 1)


def row(**changes):
    fields = {
        "urlkey": "example,coast)/lighthouse",
        "timestamp": "20140309101112",
        "url": URL,
        "mime": "text/html",
        "mime-detected": "text/html",
        "status": "200",
        "digest": digest_of(PAGE),
        "length": "1219",
        "offset": "34323482",
        "filename": FILE,
        "languages": "eng",
        "encoding": "UTF-8",
    }
    return json.dumps(fields | changes).encode()


def heard_from_index(body, status=200, headers=(("Content-Type", "text/x-ndjson"),), **fields):
    return ARCHIVE.heard(SPRING, answer(asked(SPRING).questions[0], body, status, headers, **fields))


def test_the_rows_of_an_index():
    moved = row(timestamp="20140312000000", status="301", mime="unk", digest="-")
    heard = heard_from_index(row() + b"\n" + moved + b"\nnot json\n")
    first, second = heard.records
    assert (first.timestamp, first.url, first.status, first.media_type) == ("20140309101112", URL, 200, "text/html")
    assert (first.file, first.offset, first.length, first.digest) == (FILE, 34323482, 1219, digest_of(PAGE))
    assert first.row == row().decode()
    assert (second.status, second.media_type, second.digest) == (301, "text/html", "")
    assert (heard.skipped, heard.questions, heard.problem) == (1, (), None)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b'{"message": "No Captures found for: coast.example/lighthouse"}'),
        (400, b'{"message": "Page 1 invalid: First Page is 0, Last Page is 0"}'),
        (200, b""),
    ],
)
def test_no_copies_is_an_answer(status, body):
    heard = heard_from_index(body, status)
    assert (heard.records, heard.problem) == ((), None)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (429, SearchState.RATE_LIMITED),
        (403, SearchState.RATE_LIMITED),
        (503, SearchState.UNREACHABLE),
        (504, SearchState.UNREACHABLE),
        (404, SearchState.UNREACHABLE),
        (400, SearchState.UNREACHABLE),
        (200, SearchState.UNREACHABLE),
    ],
)
def test_an_index_that_could_not_be_asked_never_says_that_there_is_nothing(status, state):
    heard = heard_from_index(b"<html><h1>Gateway Time-out</h1></html>", status, (("Retry-After", "17"),))
    assert heard.problem is not None
    assert (heard.problem.state, heard.problem.retry_after_s) == (state, 17.0)


# -- replay


def record(page=PAGE, url=URL, status="200 OK", headers="Content-Type: text/html\r\n"):
    block = f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + page
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2014-03-09T10:11:12Z\r\n"
        b"WARC-Record-ID: <urn:uuid:8d9c3a56-2b2e-4f19-a7a5-0d2a2b51c0de>\r\n"
        + f"Content-Length: {len(block)}\r\nContent-Type: application/http; msgtype=response\r\n".encode()
        + f"WARC-Target-URI: {url}\r\n\r\n".encode()
        + block
        + b"\r\n\r\n"
    )


ARC = b"http://coast.example/lighthouse 192.0.2.4 20090309101112 text/html %d\n%s\n"


def listed_copy(body, copy, **changes):
    fields = {"file": FILE, "offset": 784, "length": len(body), "digest": digest_of(PAGE), "row": "the row"}
    return copy("20140309101112", URL, **(fields | changes))


def replayed(body, copy, status=206, content_range=None, **changes):
    one = listed_copy(body, copy, **changes)
    question = ARCHIVE.replay(one)
    stated = f"bytes 784-{783 + len(body)}/99999" if content_range is None else content_range
    return ARCHIVE.replayed(one, answer(question, body, status, (("Content-Range", stated),)))


def test_a_copy_is_one_range_of_one_file(copy):
    question = ARCHIVE.replay(listed_copy(b"x" * 100, copy))
    assert question.url == f"https://data.crawl.example/{FILE}"
    assert question.headers == (("Range", "bytes=784-883"),)
    assert (question.pool, question.good_for) == (Pool.REPLAY, None)


@pytest.mark.parametrize(
    "changes",
    [{"file": ""}, {"offset": None}, {"length": None}, {"length": 0}, {"length": 1 << 40}]
    + [{"file": name} for name in ("../secret", "a/../b", "//other.example/x", "http://other.example/x", "a b", "a?b")],
)
def test_a_copy_without_a_place_cannot_be_asked_for(copy, changes):
    assert ARCHIVE.replay(listed_copy(b"x", copy, **changes)) is None


def test_the_record_in_a_range_is_the_archived_response(copy):
    found = replayed(gzip.compress(record()), copy)
    assert isinstance(found, Replayed)
    assert (found.status, found.reason, found.payload, found.record) == (200, "OK", PAGE, record())
    memento = found.memento
    assert (memento.archive, memento.page_url, memento.public_url) == ("common-crawl", URL, "")
    assert memento.captured_at == datetime(2014, 3, 9, 10, 11, 12, tzinfo=UTC)
    assert memento.digest_check is DigestCheck.MATCHES
    assert (memento.index_digest, memento.index_row) == (digest_of(PAGE), "the row")
    assert memento.source == f"{FILE} 784+{len(gzip.compress(record()))}"
    assert memento.url == f"https://data.crawl.example/{FILE}"


def test_a_digest_that_differs_is_told_and_no_reason_to_refuse(copy):
    found = replayed(gzip.compress(record(PAGE + b"!")), copy)
    assert isinstance(found, Replayed)
    assert found.memento.digest_check is DigestCheck.DIFFERS


def test_records_of_the_years_of_arc_files(copy):
    http = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + PAGE
    found = replayed(gzip.compress(ARC % (len(http), http)), copy)
    assert isinstance(found, Replayed)
    assert found.payload == PAGE
    assert found.memento.captured_at == datetime(2009, 3, 9, 10, 11, 12, tzinfo=UTC)
    assert found.record.startswith(b"WARC/1.1\r\n")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/lamp", "http://coast.example/lamp"),
        ("https://www.coast.example/lighthouse", "https://www.coast.example/lighthouse"),
        ("//lamps.example/", "http://lamps.example/"),
        ("mailto:keeper@coast.example", ""),
        ("http://[", ""),
    ],
)
def test_where_an_archived_redirect_leads(copy, location, target):
    found = replayed(gzip.compress(record(b"", status="301 Moved", headers=f"Location: {location}\r\n")), copy)
    assert isinstance(found, Replayed)
    assert (found.status, found.redirect_to) == (301, target)


def test_a_page_with_a_location_is_no_redirect(copy):
    found = replayed(gzip.compress(record(headers="Location: /elsewhere\r\n")), copy)
    assert isinstance(found, Replayed)
    assert found.redirect_to == ""


def problem_of(found):
    assert isinstance(found, Problem), found
    return found.state


@pytest.mark.parametrize("status", [404, 410, 416])
def test_a_range_that_is_not_there(copy, status):
    assert problem_of(replayed(b"<Error/>", copy, status)) is SearchState.NEVER_ARCHIVED


@pytest.mark.parametrize(
    ("status", "state"),
    [*((status, "unreachable") for status in (200, 302, 500, 503)), (403, "rate_limited"), (429, "rate_limited")],
)
def test_a_file_that_could_not_be_asked_never_says_that_the_copy_is_not_there(copy, status, state):
    assert problem_of(replayed(gzip.compress(record()), copy, status)) == state


@pytest.mark.parametrize(
    "changes",
    [{"length": 5}, {"length": 5000}, {"content_range": ""}, {"content_range": "bytes 0-9/10"}],
)
def test_another_range_than_the_one_asked_for_is_no_answer(copy, changes):
    assert problem_of(replayed(gzip.compress(record()), copy, **changes)) is SearchState.UNREACHABLE


@pytest.mark.parametrize(
    "body",
    [
        b"no record",
        gzip.compress(record())[:-30],
        gzip.compress(record(url="http://other.example/")),
        gzip.compress(record().replace(b"WARC-Type: response", b"WARC-Type: revisit")),
        gzip.compress(record(status="nonsense")),
    ],
    ids=["junk", "clipped", "another page", "revisit", "no status"],
)
def test_bytes_that_are_not_the_copy_are_refused(copy, body):
    assert problem_of(replayed(body, copy)) is SearchState.NEVER_ARCHIVED
