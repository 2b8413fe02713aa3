"""`dateline forget`: what it says before and after, and that nothing of the text is left anywhere in the folder."""

import os
import pty
from types import SimpleNamespace

import pytest
from removed_pages import ONE, OTHER, RARE, STORY, THREE, TWO, holding, put_pages

from crawler.cli import forget
from crawler.configuration import load
from crawler.library import open_library
from storage.captures import CaptureWriter
from storage.types import CaptureKind, Exchange, Selection, utc_now

WHY = ("--reason", "the author asked for it")


@pytest.fixture
def stored(in_news, dateline, table):
    """Stores pages with articles; each URL is cited by an event of its own."""

    def store(pages):
        dateline("events", "import", table(*pages))
        put_pages(in_news, pages)
        return in_news

    return store


# -- one document ----------------------------------------------------------------------------------------------------


def test_a_document_goes_and_stays_away(stored, dateline):
    folder = stored({ONE: STORY, TWO: OTHER})
    assert holding(folder, RARE)
    said = dateline("forget", ONE, *WHY, "--by", "ann", "--yes")
    assert "removes 1 article, 1 version, 1 link to event, 1 capture (" in said.out
    assert "event 2011/05/9/" in said.out
    assert "removed 1 article, 1 version" in said.out
    assert holding(folder, RARE) == []
    why = dateline("why", ONE).out
    assert "by ann: the author asked for it" in why
    assert "it is kept away" in why
    assert "next try" not in why
    assert dateline("why", ONE, "--json").json["takedown"]["reason"] == "the author asked for it"
    assert "1 capture, 0 problems" in dateline("captures", "verify").out
    assert dateline("forget", "--list", "--json").json[0]["removed"]["articles"] == 1
    assert "gazette.example/tram" in dateline("forget", "--list").out
    assert dateline("status", "--json").json["status"]["articles"] == 1


def test_the_event_says_that_its_source_was_taken_down(stored, dateline):
    stored({ONE: STORY})
    (event,) = dateline("events", "list", "--json").lines
    dateline("forget", ONE, *WHY, "--yes")
    assert "taken down: it was taken down on" in dateline("show", event["key"]).out
    told = dateline("show", event["key"], "--json").json
    assert [one["reason"] for one in told["taken_down"].values()] == ["the author asked for it"]
    assert told["sources"][0]["withdrawn_at"] is None


def test_an_article_is_named_by_its_number(stored, dateline):
    folder = stored({ONE: STORY})
    number = dateline("why", ONE, "--json").json["document"]["article_id"]
    dateline("forget", number, *WHY, "--yes")
    assert holding(folder, RARE) == []
    assert "there is no article" in dateline("show", number, expect=2).err
    assert "there is no article 77" in dateline("forget", "77", *WHY, "--yes", expect=2).err


def test_looking_changes_nothing(stored, dateline, database_of):
    folder = stored({ONE: STORY, TWO: STORY})
    before = database_of(folder)
    said = dateline("forget", ONE, "--dry-run")
    assert "the same: https://courier.example/tram" in said.out
    assert "--copies removes them too" in said.out
    told = dateline("forget", ONE, "--dry-run", "--json", "--copies").json
    assert (told["removes"]["articles"], told["copies"], told["standing"]) == (2, [TWO], None)
    assert database_of(folder) == before


def test_copies_stay_whole_or_go_with_it(stored, dateline):
    folder = stored({ONE: STORY, TWO: STORY, THREE: STORY})
    said = dateline("forget", ONE, *WHY, "--yes")
    assert "2 captures of other documents rested on it and were written anew" in said.out
    assert "2 captures, 0 problems" in dateline("captures", "verify").out
    assert RARE in dateline("captures", "cat", TWO).out
    assert RARE in dateline("captures", "cat", THREE).out
    headers = dateline("captures", "list", TWO, "--json").json[0]["headers"]
    assert ["X-Of", TWO] in headers
    dateline("forget", TWO, *WHY, "--copies", "--yes")
    assert holding(folder, RARE) == []
    assert [one["subject"] for one in dateline("forget", "--list", "--json").json] == [THREE, TWO, ONE]
    assert "the same as https://courier.example/tram" in dateline("why", THREE).out


def test_a_url_that_nobody_cites_is_kept_away(in_news, dateline, table):
    said = dateline("forget", ONE, *WHY, "--yes")
    assert "the library does not know it" in said.out
    dateline("events", "import", table(ONE))
    assert "it is kept away" in dateline("why", ONE).out
    assert dateline("status", "--json").json["status"]["due"] == 0


def test_what_killed_runs_left_goes_too(stored, dateline):
    folder = stored({ONE: OTHER})
    with CaptureWriter(folder / "captures", token="dead0000", software="tests") as writer:
        exchange = Exchange(
            url=ONE, request_headers=(), status=200, headers=(), payload=STORY.encode(), fetched_at=utc_now()
        )
        writer.append(exchange, kind=CaptureKind.LIVE, known={})
    dateline("replay")
    assert [name for name in holding(folder, RARE) if name.endswith(".warc.gz")]
    dateline("forget", ONE, *WHY, "--yes")
    assert holding(folder, RARE) == []


# -- a host ----------------------------------------------------------------------------------------------------------


def test_a_host_goes_and_what_comes_later_is_not_fetched(stored, dateline, table):
    folder = stored({f"{ONE}/{number}": f"{STORY} {number}" for number in range(5)} | {TWO: OTHER})
    said = dateline("forget", "gazette.example", *WHY, "--yes", "--json").json
    assert said["takedowns"][0]["removed"]["articles"] == 5
    assert holding(folder, RARE) == []
    dateline("events", "import", table(f"{ONE}/later", name="later.csv"))
    assert "gazette.example was taken down on" in dateline("why", f"{ONE}/later").out
    assert dateline("status", "--json").json["status"]["due"] == 0
    refused = dateline("crawl", "--host", "gazette.example", "--dry-run", expect=2).err
    assert "gazette.example was taken down on" in refused
    assert "1 capture, 0 problems" in dateline("captures", "verify").out


def test_a_host_may_be_named_before_anything_is_on_it(in_news, dateline):
    dateline("forget", "unknown.example", *WHY, "--yes")
    assert "host unknown.example" in dateline("forget", "--list").out
    assert "'unknwon' is not a host name" in dateline("forget", "unknwon", *WHY, "--yes", expect=2).err


# -- lifting ---------------------------------------------------------------------------------------------------------


def test_lifting_makes_it_due(stored, dateline):
    stored({ONE: STORY, TWO: OTHER})
    dateline("forget", ONE, *WHY, "--yes")
    assert "is due now" in dateline("forget", "--undo", ONE).out
    assert dateline("status", "--json").json["status"]["due"] == 1
    assert dateline("forget", "--list").out == "nothing is kept away\n"
    assert "no tombstone stands for" in dateline("forget", "--undo", ONE, expect=2).err
    dateline("forget", "gazette.example", *WHY, "--yes")
    refused = dateline("forget", "--undo", ONE, expect=2).err
    assert "lift that one: dateline forget --undo gazette.example" in refused


# -- asking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name a URL, a host or an article's number"),
        ((ONE,), "--reason says nothing"),
        ((ONE, "--reason", "  "), "--reason says nothing"),
        ((ONE, "--list"), "--list shows all tombstones"),
        ((ONE, *WHY), "nobody can be asked here: --yes says that it is meant"),
        (("http://", *WHY), "cannot be requested"),
        (("no host", *WHY), "is no host"),
    ],
)
def test_words_that_make_no_sense_are_refused(stored, dateline, database_of, words, said):
    folder = stored({ONE: STORY})
    before = database_of(folder)
    assert said in dateline("forget", *words, expect=2).err
    assert database_of(folder) == before


@pytest.mark.parametrize(("answer", "status", "left"), [("n\n", 1, 1), ("y\n", 0, 0)])
def test_a_person_is_asked(stored, dateline, monkeypatch, answer, status, left):
    stored({ONE: STORY})
    main, terminal = pty.openpty()
    os.write(main, answer.encode())
    with os.fdopen(terminal, "r") as keyboard:
        monkeypatch.setattr(forget, "sys", SimpleNamespace(stdin=keyboard))
        said = dateline("forget", ONE, *WHY, expect=status)
    os.close(main)
    assert "remove https://gazette.example/tram for good?" in said.err
    assert dateline("status", "--json").json["status"]["articles"] == left


def test_the_run_is_recorded_with_what_it_removed(stored, dateline):
    folder = stored({ONE: STORY})
    dateline("forget", ONE, *WHY, "--by", "ann", "--yes")
    with open_library(load(folder)) as library:
        run = library.store.runs()[0]
        assert list(library.store.due(Selection(), now=utc_now())) == []
    assert run.command.startswith("dateline forget https://gazette.example/tram --reason")
    assert (run.state, run.counts["articles"]) == ("finished", 1)
