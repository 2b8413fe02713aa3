"""What archives name or state and must not be believed: other hosts and schemes, moments without a web, stray signs."""

import json

import pytest

from crawler.archives import Answer, ArchivePlace, Pool, Question, archive_of
from crawler.archives.cdx import MOST_QUESTIONS
from crawler.archives.replay_urls import is_at
from storage.types import SearchState

PAGE = "http://harbour.example/news/ferry"
BASE = "http://memory.example/"
COLUMNS = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
AWAY = (
    "file://memory.example/dev/zero",
    "ftp://memory.example/20060705162011/http://harbour.example/",
    "warc://memory.example/record",
    "data://memory.example/,x",
    "http://memory.example@127.0.0.1/x",
    "http://127.0.0.1/x",
    "//elsewhere.example/x",
)


def place(kind, **fields):
    return ArchivePlace(name="memory", kind=kind, index_url=BASE, replay_url=f"{BASE}web/", **fields)


def answer(body, url=BASE, about="", status=200, **headers):
    question = Question(url=url, pool=Pool.INDEX, about=about)
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(question=question, status=status, headers=named, body=body, payload=body)


@pytest.mark.parametrize("url", AWAY)
def test_only_the_web_at_its_own_host_is_an_archives(url):
    assert not is_at(place("memento"), url)


def test_an_archives_own_host_counts_whatever_the_case_of_the_scheme():
    assert is_at(place("memento"), "HTTP://memory.example/web/2006/x")


@pytest.mark.parametrize("relation", ["memento", "timemap"])
def test_a_list_that_names_only_other_places_could_not_be_asked(wanted, relation):
    links = [f'<{PAGE}>; rel="original"']
    links += [f'<{url}>; rel="{relation}"; datetime="Wed, 05 Jul 2006 16:20:11 GMT"' for url in AWAY]
    heard = archive_of(place("memento")).heard(wanted, answer(",\n".join(links).encode()))
    assert heard.problem.state is SearchState.UNREACHABLE
    assert (heard.records, heard.questions) == ((), ())


def crawls(*addresses):
    return json.dumps([{"id": "CC-MAIN-2012", "cdx-api": one} for one in addresses]).encode()


def test_a_catalogue_cannot_send_us_to_other_hosts(wanted):
    archive = archive_of(place("common-crawl"))
    url = archive.begin(wanted)[0].url
    mixed = archive.heard(wanted, answer(crawls(*AWAY, f"{BASE}CC-MAIN-2012-index"), url))
    assert [question.url.partition("?")[0] for question in mixed.questions] == [f"{BASE}CC-MAIN-2012-index"]
    assert mixed.skipped == len(AWAY)
    assert archive.heard(wanted, answer(crawls(*AWAY), url)).problem.state is SearchState.UNREACHABLE


def test_a_catalogue_may_name_indexes_on_hosts_that_a_person_stated(wanted):
    archive = archive_of(place("common-crawl", hosts=("elsewhere.example",)))
    url = archive.begin(wanted)[0].url
    heard = archive.heard(wanted, answer(crawls("https://elsewhere.example/CC-MAIN-2012-index"), url))
    assert len(heard.questions) == 1


def test_a_list_that_only_ever_gives_keys_has_no_end(wanted):
    archive = archive_of(place("cdx", dialect="internet-archive"))
    (question,) = archive.begin(wanted)
    for page in range(1, MOST_QUESTIONS + 1):
        body = json.dumps([COLUMNS, [], [f"key {page}"]]).encode()
        heard = archive.heard(wanted, answer(body, question.url, question.about))
        if heard.questions:
            (question,) = heard.questions
    assert page == MOST_QUESTIONS
    assert heard.problem.state is SearchState.UNREACHABLE


def test_no_stray_sign_of_a_row_is_kept():
    key = "k\r\nWARC-Type: response\0\ud800\u2028\x7f"
    body = json.dumps([COLUMNS, [key, "20060705162011", PAGE, "text/html", "200", "A" * 32, "9"]]).encode()
    archive = archive_of(place("cdx", dialect="internet-archive"))
    (record,) = archive.heard(None, answer(body)).records
    for text in (record.row, record.url_key):
        assert text.startswith("k\ufffd\ufffdWARC-Type: response\ufffd\ufffd\ufffd\ufffd")
        text.encode("utf-8")


@pytest.mark.parametrize(
    ("stated", "year"),
    [
        ("Fri, 31 Dec 9999 23:59:59 GMT", 2006),
        ("Mon, 16 Apr 1900 10:00:00 GMT", 2006),
        ("Mon, 01 Jan 0901 00:00:00 GMT", 2006),
        ("Mon, 16 Apr 2007 10:00:00 GMT", 2007),
    ],
)
def test_a_moment_without_a_web_is_not_the_copys(copy, stated, year):
    url = f"{BASE}web/20060705162011id_/{PAGE}"
    replayed = archive_of(place("cdx")).replayed(copy(url=PAGE), answer(b"<html>", url, Memento_Datetime=stated))
    assert replayed.memento.captured_at.year == year


@pytest.mark.parametrize("url", [*AWAY, "/web/2006", "/cdx?url=x"])
def test_a_hop_leads_to_another_copy_of_the_same_archive_or_nowhere(copy, url):
    asked = f"{BASE}web/20060705162011id_/{PAGE}"
    said = archive_of(place("cdx")).replayed(copy(url=PAGE), answer(b"", asked, status=302, Location=url))
    assert said.state is SearchState.UNREACHABLE


def test_a_hop_to_the_copies_of_another_archive_is_none(copy):
    asked, other = (f"http://{host}/web/20060705162011id_/{PAGE}" for host in ("memory.example", "elsewhere.example"))
    said = archive_of(place("cdx")).replayed(copy(url=PAGE), answer(b"", asked, status=302, Location=other))
    assert said.state is SearchState.UNREACHABLE


def test_an_archived_redirect_never_leads_into_the_archive_itself(copy):
    asked = f"{BASE}web/20060705162011id_/{PAGE}"
    moved = answer(b"", asked, status=302, Location=f"{BASE}save/x", Memento_Datetime="Wed, 05 Jul 2006 16:20:11 GMT")
    assert archive_of(place("cdx")).replayed(copy(url=PAGE), moved).redirect_to == ""


@pytest.mark.parametrize(("stated", "given"), [("100-199", 90), ("101-200", 100), ("100-198", 100)])
def test_a_range_is_all_of_the_one_that_was_asked_for(copy, stated, given):
    record = copy(url=PAGE, file="a.warc.gz", offset=100, length=100)
    got = answer(b"x" * given, f"{BASE}web/a.warc.gz", status=206, Content_Range=f"bytes {stated}/*")
    assert archive_of(place("common-crawl")).replayed(record, got).state is SearchState.UNREACHABLE
