import json
from datetime import UTC, datetime

import pytest

from crawler.archives import ArchivePlace, Pool, Wanted, Window, archive_of
from crawler.archives.memento import MOST_PAGES
from storage.types import KnownMemento, SearchState

FERRY = "http://harbour.example/news/ferry"
LIST = f"https://memory.example/timemap/link/{FERRY}"


def memory(**fields):
    given = {"index_url": "https://memory.example/timemap/link/", "replay_url": "https://memory.example/"}
    return archive_of(ArchivePlace(name="memory", kind="memento", hosts=("memory.example",), **(given | fields)))


def test_the_list_of_all_copies_is_asked_for_first(wanted):
    (question,) = memory().begin(wanted)
    assert (question.url, question.pool, question.about) == (LIST, Pool.INDEX, "timemap 1")
    assert question.good_for.days == 30


def test_a_list_gives_copies_and_those_of_its_parts_that_may_hold_some(wanted, recorded):
    heard = memory().heard(wanted, recorded("timemap", LIST, about="timemap 1"))
    assert [record.timestamp for record in heard.records] == ["20060705162011", "20060709010203"]
    assert [record.url for record in heard.records] == [FERRY, "https://memory.example/copies/8812"]
    (part,) = heard.questions
    assert (part.url, part.about) == (f"https://memory.example/list/2/{FERRY}", "timemap 2")
    assert heard.skipped == 2, "one on another host, one without a moment"


def test_copies_are_asked_for_where_the_list_says_and_raw_where_that_can_be_told(wanted, recorded):
    archive = memory()
    wayback, opaque = archive.heard(wanted, recorded("timemap", LIST)).records
    assert archive.replay(wayback).url == f"https://memory.example/20060705162011id_/{FERRY}"
    assert archive.replay(opaque).url == "https://memory.example/copies/8812"


def test_lists_in_json_are_read_too(wanted, recorded):
    heard = memory().heard(wanted, recorded("timemap-json", LIST, about="timemap 1"))
    assert [record.captured_at for record in heard.records] == [datetime(2006, 7, 5, 16, 20, 11, tzinfo=UTC)]
    assert [question.url for question in heard.questions] == [f"https://memory.example/timemap/json/2/{FERRY}"]
    assert heard.skipped == 1


def test_lists_in_the_format_of_an_index_are_read_too(wanted, recorded):
    archive = memory()
    heard = archive.heard(wanted, recorded("cdx-json-broken-quotes", LIST))
    assert archive.replay(heard.records[0]).url == f"https://memory.example/20060705162011id_/{FERRY}"


def test_parts_that_name_each_other_end(wanted, recorded):
    archive, url, asked = memory(), LIST, 0
    questions = archive.begin(wanted)
    while questions:
        asked += 1
        other = f"https://memory.example/list/{asked % 2}/{FERRY}"
        body = f'<{FERRY}>; rel="original", <{url}>; rel="timemap", <{other}>; rel="timemap"'.encode()
        url = questions[0].url
        questions = archive.heard(wanted, recorded("timemap", url, about=questions[0].about, body=body)).questions
    assert asked == MOST_PAGES


@pytest.mark.parametrize("status", [404, 405, 410, 501])
def test_without_a_list_the_nearest_copy_is_asked_for(wanted, recorded, status):
    heard = memory().heard(wanted, recorded("replay-never", LIST, about="timemap 1", status=status))
    (gate,) = heard.questions
    assert gate.url == f"https://memory.example/{FERRY}"
    assert gate.headers == (("Accept-Datetime", "Wed, 05 Jul 2006 00:00:00 GMT"),)
    assert gate.good_for is None, "what it says depends on a header"
    assert memory(index_url="").begin(wanted) == (gate,)


def test_without_a_list_and_a_gate_there_is_no_copy(wanted, recorded):
    heard = memory(replay_url="").heard(wanted, recorded("replay-never", LIST, about="timemap 1"))
    assert (heard.records, heard.questions, heard.problem) == ((), (), None)


def test_a_gate_names_the_nearest_copy_and_others(wanted, recorded):
    heard = memory().heard(wanted, recorded("timegate", f"https://memory.example/{FERRY}", about="timegate"))
    assert [record.timestamp for record in heard.records] == ["20060705162011", "20060709010203"]
    assert {record.url for record in heard.records} == {FERRY}


def test_a_gate_without_a_copy_says_so(wanted, recorded):
    heard = memory().heard(wanted, recorded("replay-never", about="timegate"))
    assert (heard.records, heard.questions, heard.problem) == ((), (), None)


@pytest.mark.parametrize("about", ["timemap 1", "timegate"])
@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("cdx-rate-limited", SearchState.RATE_LIMITED),
        ("cdx-overloaded", SearchState.UNREACHABLE),
        ("cdx-page-instead", SearchState.UNREACHABLE),
        ("cdx-moved", SearchState.UNREACHABLE),
        ("cdx-excluded-admin", SearchState.EXCLUDED),
        ("cdx-excluded-robots", SearchState.EXCLUDED),
    ],
)
def test_what_is_no_list_is_never_an_empty_one(wanted, recorded, name, state, about):
    heard = memory().heard(wanted, recorded(name, LIST, about=about))
    assert (heard.records, heard.problem.state) == ((), state)


def test_a_list_that_was_cut_off_could_not_be_asked_for(wanted, recorded):
    problem = memory().heard(wanted, recorded("timemap", LIST, truncated=True)).problem
    assert problem.state is SearchState.UNREACHABLE


@pytest.mark.parametrize(
    "body", [b"{", b"{}", b'{"mementos": 7}', b'["error"]', b"busy", json.dumps({"error": 1}).encode()]
)
def test_text_that_is_no_list_is_never_an_empty_one(wanted, recorded, body):
    heard = memory().heard(wanted, recorded("timemap", LIST, body=body))
    assert heard.problem.state is SearchState.UNREACHABLE


def test_a_cited_copy_is_asked_for_itself():
    cited = KnownMemento(archive="memory.example", url=f"http://memory.example/2006/{FERRY}")
    assert memory().cited(cited).url == f"http://memory.example/2006id_/{FERRY}"
    elsewhere = KnownMemento(archive="other.example", url=f"http://other.example/2006/{FERRY}")
    assert memory().cited(elsewhere) is None


def test_a_window_without_a_moment_negotiates_for_its_beginning_or_nothing():
    url, key = "http://harbour.example/", "example,harbour)/"
    since = Window(since=datetime(2006, 7, 3, tzinfo=UTC))
    (gate,) = memory(index_url="").begin(Wanted(url=url, url_key=key, window=since))
    assert gate.headers == (("Accept-Datetime", "Mon, 03 Jul 2006 00:00:00 GMT"),)
    (gate,) = memory(index_url="").begin(Wanted(url=url, url_key=key, window=Window()))
    assert gate.headers == ()
