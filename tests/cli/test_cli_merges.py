"""``dateline merges``, and what ``dateline why`` says of documents that are one."""

from dataclasses import replace

import pytest

from crawler.configuration import load
from crawler.dedup import decide
from crawler.library import open_library
from crawler.urls import canonical_url, identify
from storage.types import (
    EntryOrigin,
    FeedKind,
    FeedPoll,
    FetchAttempt,
    FetchReason,
    FetchResult,
    FoundArticle,
    LooseSource,
    Outcome,
    SameDocumentHow,
    WantedFeed,
    utc_now,
)

OLD = "http://www.merrow-post.example/2016/05/09/quay"
NEW = "https://www.merrow-post.example/archive/quay-8812345"
THIRD = "https://www.lind-herald.example/quay-8812345"
UNKNOWN = "http://www.merrow-post.example/2016/05/10/unknown"


@pytest.fixture
def cited(dateline, in_news, table):
    dateline("events", "import", table(OLD, NEW, THIRD))
    return in_news


def merge(folder, url, into, how=SameDocumentHow.REDIRECT, evidence="301 to there"):
    with open_library(load(folder)) as library:
        store = library.store
        ids = [store.document(canonical_url(one)).id for one in (url, into)]
        store.merge_documents(*ids, how=how, evidence=evidence, now=utc_now())


def test_an_empty_list_says_so(dateline, cited):
    assert dateline("merges", "list").out.strip() == "no documents are merged"
    assert dateline("merges", "list", "--json").lines == []


def test_a_merge_is_listed_made_and_undone_by_a_person(dateline, cited):
    merge(cited, OLD, NEW)
    said = dateline("merges", "add", f"{THIRD}?utm_source=x", NEW, "--because", "one desk writes both")
    assert canonical_url(THIRD) in said.out
    assert f"is {canonical_url(NEW)}" in said.out
    assert "one desk writes both" in said.out
    assert "dateline merges undo" in said.out
    listed = dateline("merges", "list")
    assert listed.out.splitlines()[-1] == "2 merges"
    assert "redirect, " in listed.out
    assert "hand, " in listed.out
    rows = dateline("merges", "list", "--json").lines
    assert [(row["canonical_url"], row["into_url"], row["how"]) for row in rows] == [
        (canonical_url(OLD), canonical_url(NEW), "redirect"),
        (canonical_url(THIRD), canonical_url(NEW), "hand"),
    ]

    undone = dateline("merges", "undo", THIRD, "--because", "two desks", "--json").json
    assert undone["undone_because"] == "two desks"
    assert undone["undone_at"]
    again = dateline("merges", "undo", THIRD, "--because", "said twice")
    assert "two desks" in again.out
    assert [row["canonical_url"] for row in dateline("merges", "list", "--json").lines] == [canonical_url(OLD)]
    every = dateline("merges", "list", "--undone").out
    assert "taken back" in every
    assert every.splitlines()[-1] == "1 merge, 1 taken back"

    dateline("merges", "add", THIRD, NEW, "--because", "it is one desk after all")
    assert len(dateline("merges", "list", "--json").lines) == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", UNKNOWN, NEW, "--because", "x"), canonical_url(UNKNOWN)),
        (("add", OLD, UNKNOWN, "--because", "x"), canonical_url(UNKNOWN)),
        (("add", OLD, NEW, "--because", "  "), "--because says nothing"),
        (("add", OLD, NEW), "--because"),
        (("add", OLD, f"{OLD}?utm_source=x", "--because", "x"), "itself"),
        (("add", "mailto:desk@merrow-post.example", NEW, "--because", "x"), "its scheme is mailto"),
        (("undo", OLD, "--because", "x"), "is merged into none"),
        (("undo", UNKNOWN, "--because", "x"), canonical_url(UNKNOWN)),
        (("undo", OLD, "--because", ""), "--because says nothing"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(dateline, cited, database_of, words, says):
    before = database_of(cited)
    said = dateline("merges", *words, expect=2)
    assert says in said.err
    assert said.out == ""
    assert database_of(cited) == before


def test_who_undoes_the_document_that_stands_for_others_is_told_which_ones(dateline, cited):
    merge(cited, OLD, NEW)
    said = dateline("merges", "undo", NEW, "--because", "x", expect=2)
    assert canonical_url(OLD) in said.err


def test_why_tells_which_document_it_is_from_both_sides_and_what_the_url_went_through(dateline, cited):
    merge(cited, OLD, NEW)
    ours, root = canonical_url(OLD), canonical_url(NEW)
    said = dateline("why", f"{OLD}?utm_source=x").out
    assert f"is {root}" in said
    assert "redirect, " in said
    assert "301 to there" in said
    assert f"dateline merges undo {ours}" in said
    assert "parameter: utm_source (tracking everywhere)" in said
    other = dateline("why", NEW).out
    assert f"{ours} is this document" in other
    assert "from the URL given" not in other
    dateline("merges", "undo", OLD, "--because", "two stories")
    said = dateline("why", OLD).out
    assert f"was {root}" in said
    assert "two stories" in said
    assert "dateline merges undo" not in said
    assert dateline("why", OLD, "--json").json["merges"][0]["undone_because"] == "two stories"


def test_control_characters_in_a_reason_reach_no_terminal(dateline, cited):
    merge(cited, OLD, NEW, how=SameDocumentHow.HAND, evidence="\x1b[31mred\x1b[0m")
    for words in (("merges", "list"), ("why", OLD)):
        assert "\x1b" not in dateline(*words).out


def test_why_tells_which_feed_found_it(dateline, in_news):
    now = utc_now()
    feed = WantedFeed(identity=identify("https://www.merrow-post.example/rss"), kind=FeedKind.FEED)
    with open_library(load(in_news)) as library:
        library.store.put_feeds([feed], now=now)
        (known,) = library.store.feeds()
        attempt = FetchAttempt(
            key="0" * 32,
            document_id=known.document.id,
            reason=FetchReason.NEW,
            outcome=Outcome.FETCHED,
            request_url=known.document.request_url,
            final_url=known.document.request_url,
            started_at=now,
            finished_at=now,
        )
        poll = FeedPoll(found=(FoundArticle(identity=identify(NEW), title="Quay \x1b[31mreopens"),), entries=1)
        (stored,) = library.store.archive([FetchResult(attempt=attempt, feed=poll)], decide=decide, now=now)
        assert not stored.error
    said = dateline("why", NEW).out
    assert f"found by {known.document.canonical_url} on {now:%Y-%m-%d}, as " in said
    assert "reopens" in said
    assert "\x1b" not in said


# -- renewing URLs ---------------------------------------------------------------------------------------------------


def older(cited_url):
    """What an older program took a cited URL for: whatever is in it identified the document."""
    identity = identify(cited_url)
    return replace(identity, canonical_url=identity.request_url, url_key="old")


@pytest.fixture
def stored(in_news):
    """A library that an older program filled."""

    def fill(*identities):
        origin = EntryOrigin(name="list.txt", line=1, format="urls")
        sources = [LooseSource(cited_url=one.request_url, identity=one, origin=origin) for one in identities]
        with open_library(load(in_news)) as library:
            library.store.put_loose(sources, now=utc_now())

    return fill


TRACKED = "http://www.merrow-post.example/2016/05/09/quay?utm_source=feed"


def test_what_an_older_program_stored_is_found_and_not_stored_twice(dateline, stored, in_news, table, database_of):
    stored(older(TRACKED), older(f"{THIRD}?utm_source=feed"), identify(THIRD), identify(NEW))
    before = database_of(in_news)
    said = dateline("merges", "renew", "--dry-run").out
    assert "4 documents looked at: 1 would be renamed, 1 would be merged, 0 left" in said
    assert database_of(in_news) == before
    said = dateline("merges", "renew").out
    assert "4 documents looked at: 1 renamed, 1 merged, 0 left" in said
    assert f"now {canonical_url(OLD)}" in said
    assert f"is {canonical_url(THIRD)}" in said
    assert "dateline dedup rebuild" in said
    again = dateline("merges", "renew", "--json").json
    assert again == {"looked": 4, "renamed": 0, "merged": 0, "left": 0, "changes": []}
    dateline("events", "import", table(OLD, f"{OLD}?utm_source=x", THIRD, NEW))
    assert dateline("status", "--json").json["status"]["documents"] == 4
    dateline("db", "check")

    (merge,) = dateline("merges", "list", "--json").lines
    assert merge["how"] == "rules"
    undone = dateline("merges", "undo", merge["canonical_url"], "--because", "another edition", "--json").json
    assert undone["canonical_url"] == merge["canonical_url"]
    left = dateline("merges", "renew", "--json").json
    assert (left["left"], left["changes"][0]["change"]) == (1, "left")
    assert "an earlier merge says otherwise" in dateline("merges", "renew").out


MEMENTO = "https://web.archive.org/web/20160510120000/http://www.merrow-post.example/2016/05/09/quay"
ROUTES = ("http://www.lind-herald.example/#!/quay", "http://www.lind-herald.example/#!/ferry")
SHORT = "https://archive.today/aB3dE"


def test_what_the_present_program_stored_keeps_its_url(dateline, in_news, table):
    dateline("events", "import", table(OLD, MEMENTO, *ROUTES, SHORT, f"{NEW}?utm_source=x", THIRD))
    found = dateline("merges", "renew", "--json").json
    assert found == {"looked": 6, "renamed": 0, "merged": 0, "left": 0, "changes": []}


def test_a_document_that_was_stored_under_an_archives_url_is_the_one_that_it_shows(dateline, stored, in_news):
    identity = identify(MEMENTO)
    unread = replace(identity, canonical_url=MEMENTO, request_url=MEMENTO, host="web.archive.org", memento=None)
    stored(unread, identify(THIRD))
    assert dateline("merges", "renew", "--json").json["renamed"] == 1
    with open_library(load(in_news)) as library:
        known = library.store.document(canonical_url(OLD))
    assert (known.request_url, known.memento) == (MEMENTO, identity.memento)


def test_twenty_changes_are_shown_and_the_others_counted(dateline, stored, in_news):
    stored(*(older(f"{OLD}/{number}?utm_source=x") for number in range(300)))
    assert "300 would be renamed" in dateline("merges", "renew", "--dry-run").out
    said = dateline("merges", "renew").out
    assert said.count(" renamed\n") == 20
    assert "and 280 more" in said


def test_two_documents_of_different_batches_become_one_and_a_dry_run_foresees_it(dateline, stored, in_news):
    filling = [identify(f"{THIRD}/{number}") for number in range(300)]
    stored(older(TRACKED), *filling, older(f"{OLD}?utm_source=x"))
    counts = {"looked": 302, "renamed": 1, "merged": 1, "left": 0}
    for words in (("--dry-run",), ()):
        found = dateline("merges", "renew", *words, "--json").json
        assert {name: found[name] for name in counts} == counts
    assert dateline("merges", "list").out.splitlines()[-1] == "1 merge"
