"""Files of our own as an archive: rows, records, and the bytes that revisits repeat."""

import gzip
import hashlib
import json
from base64 import b32encode
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from crawler.archives import Answer, ArchivePlace, Hop, Pool, Problem, Replayed, Wanted, Window
from crawler.archives.local import Local
from crawler.archives.records import parse_record
from storage.types import DigestCheck, SearchState

ARCHIVE = Local(ArchivePlace(name="local", kind="local"))
URL = "http://coast.example/lighthouse"
KEY = "example,coast)/lighthouse"
PATH = "/srv/old crawls/coast 2014#1.warc.gz"
PAGE = b"<html><title>Lighthouse relit</title><p>Boats waited for the first turn of the lamp.</p></html>"
SINCE, UNTIL = datetime(2014, 1, 1, tzinfo=UTC), datetime(2015, 1, 1, tzinfo=UTC)
WANTED = Wanted(url=URL, url_key=KEY, window=Window(since=SINCE, until=UNTIL))
HTML = (("Content-Type", "text/html"), ("ETag", '"first"'))


def digest_of(payload):
    return b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def line(**changes):
    fields = {
        "timestamp": "20140309101112",
        "url": URL,
        "urlkey": KEY,
        "mime": "text/html",
        "status": 200,
        "digest": f"sha1:{digest_of(PAGE)}",
        "offset": 784,
        "length": 900,
        "filename": PATH,
        "member": "",
        "revisit": False,
        "refers_to": "",
    }
    return json.dumps(fields | changes).encode()


def answer(question, body, status=200, **fields):
    return Answer(question=question, status=status, headers=(), body=body, payload=body, **fields)


def heard(*lines, **fields):
    (question,) = ARCHIVE.begin(WANTED)
    return ARCHIVE.heard(WANTED, answer(question, b"\n".join(lines), **fields))


def record(payload=PAGE, headers=HTML, kind="response", status="200 OK", date="2014-03-09T10:11:12Z", url=URL, more=()):
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    block = f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + payload if status else b""
    fields = (
        f"WARC-Type: {kind}",
        "WARC-Record-ID: <urn:uuid:8d9c3a56-2b2e-4f19-a7a5-0d2a2b51c0de>",
        f"WARC-Date: {date}",
        f"WARC-Target-URI: {url}",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block)}",
        *more,
    )
    return "\r\n".join(("WARC/1.0", *fields, "", "")).encode() + block + b"\r\n\r\n"


def asked(question):
    parts = urlsplit(question.url)
    return parts.netloc, unquote(parts.path), dict(parse_qsl(parts.query))


def replayed(one, *bodies):
    """What comes of a copy when the questions are answered with these bodies in turn."""
    question = ARCHIVE.replay(one)
    for body in bodies:
        found = ARCHIVE.replayed(one, answer(question, body))
        if not isinstance(found, Hop):
            return found
        assert found.question.pool is Pool.REPLAY
        question = found.question
    return question


def test_the_index_is_asked_for_a_key_and_a_window_each_time_anew():
    (question,) = ARCHIVE.begin(WANTED)
    assert asked(question) == ("index", "/", {"key": KEY, "since": "20140101000000", "until": "20150101000000"})
    assert (question.pool, question.good_for) == (Pool.INDEX, None)
    (open_question,) = ARCHIVE.begin(Wanted(url=URL, url_key=KEY, window=Window()))
    times = asked(open_question)[2]
    assert (times["since"], times["until"]) == ("19700101000000", "29991231235959")


def test_rows_are_copies_and_what_is_no_row_is_counted():
    said = heard(line(), b"no row", b"[]", line(timestamp="2014"), line(url="mailto:a@b.example"))
    first = said.records[0]
    assert (first.timestamp, first.url, first.status, first.media_type) == ("20140309101112", URL, 200, "text/html")
    assert (first.file, first.offset, first.length, first.digest) == (PATH, 784, 900, digest_of(PAGE))
    assert (len(said.records), said.skipped, said.problem) == (2, 3, None)
    assert heard().records == ()


def test_a_store_that_fails_is_not_an_empty_one():
    for fields in ({"status": 500}, {"truncated": True}):
        problem = heard(line(), **fields).problem
        assert problem is not None
        assert problem.state is SearchState.UNREACHABLE


def test_a_record_is_asked_for_by_path_and_place():
    (one,) = heard(line()).records
    question = ARCHIVE.replay(one)
    assert question.url.startswith("warc://record/%2Fsrv%2Fold%20crawls%2F")
    assert asked(question) == ("record", f"/{PATH}", {"offset": "784", "length": "900"})
    (inside,) = heard(line(filename="/srv/coast.wacz", member="archive/data.warc.gz")).records
    expected = ("record", "//srv/coast.wacz", {"offset": "784", "length": "900", "member": "archive/data.warc.gz"})
    assert asked(ARCHIVE.replay(inside)) == expected
    (nowhere,) = heard(line(filename="")).records
    assert ARCHIVE.replay(nowhere) is None


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gzip member"])
def test_a_record_of_a_file_is_the_archived_response(packed):
    (one,) = heard(line()).records
    found = replayed(one, packed(record()))
    assert isinstance(found, Replayed)
    assert (found.status, found.headers, found.payload, found.record) == (200, HTML, PAGE, record())
    assert found.memento.captured_at == datetime(2014, 3, 9, 10, 11, 12, tzinfo=UTC)
    assert (found.memento.page_url, found.memento.public_url) == (URL, "")
    assert found.memento.source == f"{PATH} 784+900"
    assert found.memento.digest_check is DigestCheck.MATCHES
    assert ARCHIVE.public_url(one) == ""


def test_a_page_that_was_saved_without_http_counts_as_found():
    (one,) = heard(line(status=None)).records
    saved = record().replace(b"WARC-Type: response", b"WARC-Type: resource")
    assert isinstance(replayed(one, saved), Replayed)
    assert replayed(one, saved).status == 200


def problem_of(found):
    assert isinstance(found, Problem), found
    return found.state


def test_records_that_are_not_there_or_broken():
    (one,) = heard(line()).records
    cut = answer(ARCHIVE.replay(one), record(), truncated=True)
    assert problem_of(ARCHIVE.replayed(one, cut)) is SearchState.UNREACHABLE
    for body in (b"junk", record()[:-40], record(url="http://other.example/")):
        assert problem_of(replayed(one, body)) is SearchState.NEVER_ARCHIVED


@pytest.mark.parametrize("status", [400, 404, 410, 413, 500, 503])
def test_a_file_that_does_not_give_the_record_is_no_proof_that_there_is_no_copy(status):
    (one,) = heard(line()).records
    told = b"/srv/coast.warc.gz: it has changed since it was indexed; `dateline holdings add` reads it anew"
    found = ARCHIVE.replayed(one, answer(ARCHIVE.replay(one), told, status))
    assert problem_of(found) is SearchState.UNREACHABLE
    assert told.decode() in found.detail
    assert str(status) in ARCHIVE.replayed(one, answer(ARCHIVE.replay(one), b"", status)).detail


@pytest.mark.parametrize("status", [404, 410])
def test_a_revisit_whose_bytes_are_in_a_file_that_is_away_may_be_asked_for_again(revisit, status):
    question = replayed(revisit, revisit_record(), line())
    found = ARCHIVE.replayed(revisit, answer(question, b"", status))
    assert problem_of(found) is SearchState.UNREACHABLE


# -- revisits

LATER = "2014-09-01T06:00:00Z"
NAMED = (
    f"WARC-Payload-Digest: sha1:{digest_of(PAGE)}",
    f"WARC-Refers-To-Target-URI: {URL}",
    "WARC-Refers-To-Date: 2014-03-09T10:11:12.25Z",
)
AGAIN = (("Content-Type", "text/html"), ("ETag", '"second"'), ("Content-Encoding", "br"))


@pytest.fixture
def revisit():
    row = line(timestamp="20140901060000", revisit=True, mime="warc/revisit", offset=5000, length=400)
    return heard(row).records[0]


def revisit_record(more=NAMED, **changes):
    given = {"payload": b"", "headers": AGAIN, "kind": "revisit", "date": LATER}
    return record(more=more, **(given | changes))


def test_a_revisit_asks_for_the_record_that_it_names_and_takes_its_bytes(revisit):
    index = replayed(revisit, revisit_record())
    assert asked(index) == ("index", "/", {"key": KEY, "since": "20140309101112", "until": "20140309101112"})
    bytes_question = replayed(revisit, revisit_record(), line())
    assert asked(bytes_question) == ("record", f"/{PATH}", {"offset": "784", "length": "900"})
    packed = (("Content-Type", "text/html"), ("Content-Encoding", "identity"))
    found = replayed(revisit, revisit_record(), line(), record(headers=packed))
    assert isinstance(found, Replayed)
    assert found.payload == PAGE
    assert found.headers == (*AGAIN[:2], ("Content-Encoding", "identity"))
    assert found.memento.captured_at == datetime(2014, 9, 1, 6, tzinfo=UTC)
    assert found.memento.requested_at == revisit.captured_at
    assert found.memento.source == f"{PATH} 5000+400"
    assert found.memento.digest_check is DigestCheck.MATCHES


def test_a_revisit_and_its_bytes_become_one_record(revisit):
    chunked = (*HTML, ("Transfer-Encoding", "chunked"), ("Content-Length", "7"))
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    other_id = b"urn:uuid:11111111-2b2e-4f19-a7a5-0d2a2b51c0de"
    bytes_record = record(body, chunked).replace(b"urn:uuid:8d9c3a56-2b2e-4f19-a7a5-0d2a2b51c0de", other_id)
    found = replayed(revisit, revisit_record(headers=chunked), line(), bytes_record)
    assert isinstance(found, Replayed)
    made = parse_record(found.record, most=1 << 20)
    assert not isinstance(made, str)
    assert (made.head.url, made.head.captured_at) == (found.memento.page_url, found.memento.captured_at)
    assert (made.status, made.reason, made.headers, made.payload) == (200, "OK", HTML, PAGE)
    assert made.head.fields["made-from"] == f"<urn:uuid:8d9c3a56-2b2e-4f19-a7a5-0d2a2b51c0de> <{other_id.decode()}>"
    assert found.headers == HTML


def test_a_revisit_that_names_no_record_is_looked_up_by_its_digest(revisit):
    index = replayed(revisit, revisit_record(more=NAMED[:1]))
    assert asked(index)[2] == {"key": KEY, "since": "19700101000000", "until": "20140901060000"}
    rows = b"\n".join(
        (
            line(offset=1, digest=digest_of(b"other")),
            line(offset=2, revisit=True),
            line(offset=3, timestamp="20130101000000"),
        )
    )
    found = replayed(revisit, revisit_record(more=NAMED[:1]), rows)
    assert asked(found)[2]["offset"] == "3"


def test_where_the_record_says_nothing_the_index_row_may():
    row = line(timestamp="20140901060000", revisit=True, refers_to="20130202030405 http://coast.example/lamp")
    (one,) = heard(row).records
    index = replayed(one, revisit_record(more=()))
    expected = {"key": "example,coast)/lamp", "since": "20130202030405", "until": "20130202030405"}
    assert asked(index)[2] == expected
    (without_moment,) = heard(row.replace(b"20130202030405 ", b"")).records
    anywhen = {"key": "example,coast)/lamp", "since": "19700101000000", "until": "20140901060000"}
    assert asked(replayed(without_moment, revisit_record(more=())))[2] == anywhen


def test_a_record_without_a_digest_is_taken_at_the_moment_that_was_named(revisit):
    rows = b"\n".join((line(offset=1, digest="", timestamp="20140309101113"), line(offset=2, digest="")))
    assert asked(replayed(revisit, revisit_record(), rows))[2]["offset"] == "2"


@pytest.mark.parametrize("changes", [{"status": "304 Not Modified"}, {"status": "", "headers": ()}])
def test_a_revisit_without_an_answer_of_its_own_takes_all_but_the_moment(revisit, changes):
    found = replayed(revisit, revisit_record(**changes), line(), record())
    assert isinstance(found, Replayed)
    assert (found.status, found.headers, found.payload) == (200, HTML, PAGE)
    assert found.memento.captured_at == datetime(2014, 9, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "bodies",
    [
        (revisit_record(), b""),
        (revisit_record(), line(revisit=True)),
        (revisit_record(), line(digest=digest_of(b"other"), timestamp="20140309101113")),
        (revisit_record(), line(), revisit_record()),
        (revisit_record(), line(), record(url="http://other.example/")),
        (revisit_record(), line(), b"junk"),
        (revisit_record(url="http://other.example/"),),
        (revisit_record(more=("WARC-Refers-To-Target-URI: urn:x",)),),
    ],
    ids=["not held", "a revisit too", "another", "leads to a revisit", "leads elsewhere", "broken", "moved", "no URL"],
)
def test_a_revisit_whose_bytes_are_not_held_cannot_be_read(revisit, bodies):
    assert problem_of(replayed(revisit, *bodies)) is SearchState.NEVER_ARCHIVED
