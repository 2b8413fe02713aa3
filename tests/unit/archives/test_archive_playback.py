import gzip
from base64 import b32encode
from datetime import UTC, datetime
from hashlib import sha1

import pytest

from crawler.archives import PLACES, ArchivePlace, Hop, Pool, Problem, Replayed, archive_of
from storage.captures import decoded_content
from storage.types import DigestCheck, SearchState

IA = archive_of(PLACES[1])
PYWB = archive_of(ArchivePlace(name="memory", kind="cdx", replay_url="http://127.0.0.1:8080/news/"))
PAGE = "http://www.harbour.example/news/ferry?a=1&b=2"
JULY_5 = datetime(2006, 7, 5, 16, 20, 11, tzinfo=UTC)


def test_an_archived_page_comes_with_its_provenance(copy, recorded):
    replayed = IA.replayed(copy("20060705000000", PAGE, row="the row"), recorded("replay-page"))
    assert isinstance(replayed, Replayed)
    memento = replayed.memento
    assert (memento.archive, memento.index_row) == ("internet-archive", "the row")
    assert memento.url == f"https://web.archive.org/web/20060705162011id_/{PAGE}"
    assert memento.page_url == PAGE
    assert memento.requested_at == datetime(2006, 7, 5, tzinfo=UTC)
    assert memento.captured_at == JULY_5
    assert memento.public_url == f"https://web.archive.org/web/20060705162011/{PAGE}"
    assert replayed.status == 200
    assert replayed.payload.startswith(b"<html>")
    assert replayed.redirect_to == ""


def test_headers_of_the_page_get_their_names_back_and_those_of_the_archive_go(copy, recorded):
    headers = IA.replayed(copy(url=PAGE), recorded("replay-page")).headers
    assert headers == (
        ("Date", "Fri, 11 Mar 2005 06:39:57 GMT"),
        ("Server", "Apache/1.3"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Type", "text/html; charset=utf-8"),
    )


def test_the_page_is_named_as_the_archive_spells_it_where_that_is_the_same_page(copy, recorded):
    http = recorded(
        "replay-page", url="https://web.archive.org/web/20060705162011id_/https://harbour.example/news/ferry?b=2&a=1"
    )
    assert IA.replayed(copy(), http).memento.page_url == PAGE
    other = recorded("replay-page", url="https://web.archive.org/web/20060705162011id_/http://harbour.example/other")
    assert IA.replayed(copy(), other).memento.page_url == "http://harbour.example/other"


@pytest.mark.parametrize(
    ("name", "status", "target"),
    [
        ("replay-301-absolute", 301, "https://harbour.example/2006/ferry"),
        ("replay-303-schemeless", 303, "http://harbour.example/2006/ferry"),
        ("replay-302-path", 302, "http://harbour.example/2006/ferry"),
    ],
)
def test_an_archived_redirect_leads_to_the_page_and_never_to_the_archive(copy, recorded, name, status, target):
    replayed = IA.replayed(copy(url=PAGE), recorded(name))
    assert (replayed.status, replayed.redirect_to) == (status, target)
    assert [value for key, value in replayed.headers if key == "Location"] == [target]


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/2006/ferry?from=home", "http://harbour.example/2006/ferry?from=home"),
        ("ferry-2", "http://harbour.example/news/ferry-2"),
        ("https://other.example/", "https://other.example/"),
        ("//other.example/x", "http://other.example/x"),
        ("http://127.0.0.1:8080/news/20060705162011id_/http://other.example/", "http://other.example/"),
        ("/news/20060705162011id_/http://other.example/", "http://other.example/"),
        ("mailto:desk@harbour.example", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_an_archive_that_keeps_the_live_location_is_understood_too(copy, recorded, location, target):
    url = "http://127.0.0.1:8080/news/20060705162011id_/http://harbour.example/news/ferry"
    answer = recorded("pywb-replay-302", url)
    headers = tuple((name, location if name == "Location" else value) for name, value in answer.headers)
    replayed = PYWB.replayed(copy(), recorded("pywb-replay-302", url, headers=headers))
    assert (replayed.status, replayed.redirect_to) == (302, target)


def test_an_archive_that_does_not_prefix_headers_keeps_its_own_to_itself(copy, recorded):
    url = "http://127.0.0.1:8080/news/20060705162011id_/http://harbour.example/news/ferry"
    headers = PYWB.replayed(copy(), recorded("pywb-replay-302", url)).headers
    assert [name for name, _ in headers] == ["Server", "Content-Type", "Location"]


@pytest.mark.parametrize(("name", "status"), [("replay-404", 404), ("replay-429", 429), ("replay-503", 503)])
def test_an_archived_error_is_a_fact_about_the_page(copy, recorded, name, status):
    replayed = IA.replayed(copy(url=PAGE), recorded(name))
    assert isinstance(replayed, Replayed)
    assert replayed.status == status


def test_the_nearest_copy_is_a_hop_that_somebody_must_agree_to(copy, recorded):
    hop = IA.replayed(copy(url=PAGE), recorded("replay-hop", about="copy 1"))
    assert isinstance(hop, Hop)
    assert hop.question.url == "https://web.archive.org/web/20060709010203id_/http://harbour.example/news/ferry"
    assert (hop.question.pool, hop.question.good_for, hop.question.about) == (Pool.REPLAY, None, "copy 1")
    assert "20060709010203" in hop.detail


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/web/20060709010203/http://harbour.example/", "20060709010203id_/http://harbour.example/"),
        ("//web.archive.org/web/20060709010203im_/http://harbour.example/", "20060709010203id_/http://harbour.example/"),
        ("http://web.archive.org/web/20060709010203id_/http://harbour.example/", "20060709010203id_/http://harbour.example/"),
    ],
)  # fmt: skip
def test_a_hop_is_raw_and_as_safe_as_the_question(copy, recorded, location, url):
    hop = IA.replayed(copy(url=PAGE), recorded("replay-hop", headers=(("location", location),)))
    assert hop.question.url == f"https://web.archive.org/web/{url}"


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("replay-never", SearchState.NEVER_ARCHIVED),
        ("replay-excluded-200", SearchState.EXCLUDED),
        ("cdx-excluded-admin", SearchState.EXCLUDED),
        ("cdx-excluded-robots", SearchState.EXCLUDED),
        ("replay-live-429", SearchState.RATE_LIMITED),
        ("replay-live-503", SearchState.UNREACHABLE),
        ("replay-own-page-200", SearchState.UNREACHABLE),
        ("replay-hop-to-itself", SearchState.UNREACHABLE),
        ("cdx-moved", SearchState.UNREACHABLE),
    ],
)
def test_without_a_memento_datetime_the_archive_speaks_of_itself(copy, recorded, name, state):
    problem = IA.replayed(copy(url=PAGE), recorded(name))
    assert isinstance(problem, Problem)
    assert problem.state is state


@pytest.mark.parametrize("status", [401, 403, 451])
def test_what_not_everybody_may_see_is_excluded(copy, recorded, status):
    assert IA.replayed(copy(), recorded("replay-own-page-200", status=status)).state is SearchState.EXCLUDED


def test_a_date_to_come_back_is_counted_by_the_clock_of_the_archive(copy, recorded):
    assert IA.replayed(copy(), recorded("replay-live-429")).retry_after_s == 120


def test_an_answer_that_says_excluded_while_it_fails_is_a_failure(copy, recorded):
    problem = IA.replayed(copy(), recorded("replay-excluded-200", status=503))
    assert problem.state is SearchState.UNREACHABLE


def test_a_moment_that_cannot_be_read_is_taken_from_the_address(copy, recorded):
    answer = recorded("replay-page", headers=(("Memento-Datetime", "some summer"),))
    assert IA.replayed(copy("20060101000000", PAGE), answer).memento.captured_at == JULY_5


def test_gzip_under_an_empty_header_stays_readable(copy, recorded):
    packed = gzip.compress(b"<html>The ferry ran aground.</html>")
    headers = (
        ("Memento-Datetime", "Wed, 05 Jul 2006 16:20:11 GMT"),
        ("content-encoding", ""),
        ("X-Archive-Orig-Server", "a"),
    )
    for fields in ({"payload": packed}, {"payload": b""}):
        replayed = IA.replayed(copy(url=PAGE), recorded("replay-page", headers=headers, body=packed, **fields))
        assert decoded_content(replayed.payload, replayed.headers) == b"<html>The ferry ran aground.</html>"


@pytest.mark.parametrize("sent", ["gzip", None])
@pytest.mark.parametrize("original", ["gzip", None])
def test_the_encodings_named_are_those_that_are_on_the_payload(copy, recorded, sent, original):
    page = b"<html>The ferry ran aground.</html>"
    stored = gzip.compress(page) if original else page
    payload = gzip.compress(stored) if sent else stored
    headers = [("Memento-Datetime", "Wed, 05 Jul 2006 16:20:11 GMT"), ("X-Archive-Orig-Server", "a")]
    headers += [("X-Archive-Orig-Content-Encoding", original)] if original else []
    headers += [("Content-Encoding", sent)] if sent else []
    answer = recorded("replay-page", headers=tuple(headers), body=stored if sent else payload, payload=payload)
    replayed = IA.replayed(copy(url=PAGE), answer)
    assert decoded_content(replayed.payload, replayed.headers) == page


def test_a_gzip_that_the_archive_passes_on_is_not_taken_off_twice(copy, recorded):
    page = b"<html>The ferry ran aground.</html>"
    headers = (
        ("Memento-Datetime", "Wed, 05 Jul 2006 16:20:11 GMT"),
        ("X-Archive-Orig-Content-Encoding", "gzip"),
        ("Content-Encoding", "gzip"),
    )
    answer = recorded("replay-page", headers=headers, body=page, payload=gzip.compress(page))
    replayed = IA.replayed(copy(url=PAGE), answer)
    assert [name for name, _ in replayed.headers] == ["Content-Encoding"]
    assert decoded_content(replayed.payload, replayed.headers) == page


def test_the_digest_of_the_index_is_checked_against_the_copy_that_it_lists(copy, recorded):
    answer = recorded("replay-page")
    digest = b32encode(sha1(answer.body, usedforsecurity=False).digest()).decode()
    wrong = "Q" * 32
    cases = [
        ({"digest": digest}, DigestCheck.MATCHES, digest),
        ({"digest": wrong}, DigestCheck.DIFFERS, wrong),
        ({"digest": ""}, DigestCheck.NOT_CHECKED, ""),
        ({"digest": wrong, "other_digests": (digest,)}, DigestCheck.MATCHES, digest),
        ({"digest": wrong, "timestamp": "20060705162012"}, DigestCheck.NOT_CHECKED, wrong),
    ]
    for fields, check, stated in cases:
        memento = IA.replayed(copy(url=PAGE, **fields), answer).memento
        assert (memento.digest_check, memento.index_digest) == (check, stated), fields


def test_a_copy_that_was_cut_off_is_not_compared(copy, recorded):
    answer = recorded("replay-page", truncated=True)
    replayed = IA.replayed(copy(url=PAGE, digest="Q" * 32), answer)
    assert (replayed.memento.digest_check, replayed.truncated) == (DigestCheck.NOT_CHECKED, "length")
