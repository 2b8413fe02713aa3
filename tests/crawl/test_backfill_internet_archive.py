"""Backfill from the Internet Archive as a stand-in plays it: dirty index, hops, refusals, faults, on loopback."""

from collections import Counter
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from archive_desk import (
    INTERNET_ARCHIVE,
    arrange,
    articles,
    at,
    backfill_all,
    backfills,
    expected_of,
    looked,
    searches,
    story_of,
)
from archive_pages import WORLD, case, table
from archive_server import RESET, UNAVAILABLE, Reply
from stand_in_archive import InternetArchive

from storage.types import DigestCheck


@pytest.fixture(scope="module")
def archive():
    with InternetArchive(WORLD, page_size=2) as running:
        yield running


@pytest.fixture(scope="module")
def rescued(archive, make_desk):
    """A library after one backfill of everything that it cites."""
    desk = make_desk("internet-archive")
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)}, contact="https://dateline.example/bot")
    desk.import_table(table())
    backfill_all(desk)
    return desk


@pytest.fixture
def one_case(desk):
    """Backfills one case from a stand-in of its own that a test may spoil."""

    def run(name, spoil=lambda _: None, **changes):
        cited = replace(case(name), **changes)
        with InternetArchive([cited]) as running:
            spoil(running)
            arrange(desk, archives={INTERNET_ARCHIVE: at(running)})
            desk.import_table(table([cited]))
            backfill_all(desk)
            return cited, running

    return run


@pytest.mark.parametrize("cited", WORLD, ids=lambda cited: cited.name)
def test_each_copy_is_accepted_or_rejected_for_its_reason(rescued, cited):
    assert story_of(rescued, cited) == expected_of(cited, INTERNET_ARCHIVE)


def test_an_excluded_site_is_not_one_without_copies(rescued):
    cited = case("excluded")
    assert searches(rescued)[cited.url, INTERNET_ARCHIVE] == "excluded"
    assert searches(rescued)[case("never archived").url, INTERNET_ARCHIVE] == "never_archived"
    (search,) = rescued.history(cited.url).searches
    assert search.detail
    assert backfills(rescued)[cited.url][0] == "missing"


def test_every_question_has_its_window_and_none_is_asked_twice(rescued, archive):
    questions = archive.targets("index")
    assert max(Counter(questions).values()) == 1
    for question in questions:
        said = parse_qs(urlsplit(question).query)
        assert "from" in said, question
        assert "to" in said, question
        assert "closest" not in said, question
    resumed = [question for question in questions if "resumeKey=" in question]
    assert resumed, "a list of more than a page was not read to its end"


def test_only_raw_replays_are_asked_for_and_each_once(rescued, archive):
    asked = archive.targets("replay")
    assert all("id_/" in target for target in asked), asked
    assert max(Counter(asked).values()) == 1


def test_the_archive_can_see_who_asks(rescued, archive):
    agents = {one.headers["user-agent"] for one in archive.log}
    assert len(agents) == 1
    assert "https://dateline.example/bot" in agents.pop()


def test_nothing_was_left_unread_and_the_library_is_sound(rescued):
    assert rescued.problems() == []
    texts = articles(rescued)
    assert "déposé une barque" in texts[case("cp1252 without a charset").url]
    assert "borrowed from the public library" in texts[case("gzip under an empty content-encoding").url]


def test_a_hop_to_the_nearest_capture_is_taken_and_told(one_case, desk):
    """The index lists the copy of March; the archive gives that of September."""
    cited, _ = one_case("captured several times", lambda archive: archive.lost.add("20040313090210"))
    (found,) = looked(desk, cited.url)
    assert (found.outcome, found.last) == ("fetched", "20040902114500")
    memento = desk.history(cited.url).captures[-1].memento
    assert f"{memento.requested_at:%Y%m%d%H%M%S}" == "20040313090210"
    assert f"{memento.captured_at:%Y%m%d%H%M%S}" == "20040902114500"


def test_a_site_that_only_the_replay_hides_is_excluded(one_case, desk):
    cited, archive = one_case("captured several times", lambda archive: archive.unseen.add("example,fenwick-courier"))
    assert {one.outcome for one in looked(desk, cited.url)} <= {"excluded"}
    assert searches(desk) == {(cited.url, INTERNET_ARCHIVE): "excluded"}
    assert len(archive.asked("replay")) == 1
    assert articles(desk) == {}


def test_bytes_other_than_listed_are_flagged_and_not_refused(one_case, desk):
    cited, _ = one_case("cp1252 without a charset", lambda archive: archive.altered.add("20021009160000"))
    (found,) = looked(desk, cited.url)
    assert found.outcome == "fetched"
    assert desk.history(cited.url).captures[-1].memento.digest_check is DigestCheck.DIFFERS


@pytest.mark.parametrize(
    "fault",
    [RESET, Reply(body=b"x" * 4000, delivery="cut")],
    ids=["reset", "cut off"],
)
def test_an_index_that_cannot_answer_is_not_an_empty_one(one_case, desk, fault):
    cited, archive = one_case(
        "captured several times", lambda archive: archive.fault(fault, where="/cdx/search", times=99)
    )
    assert searches(desk) == {(cited.url, INTERNET_ARCHIVE): "unreachable"}
    assert backfills(desk)[cited.url][0] == "waiting"
    (search,) = desk.history(cited.url).searches
    assert search.next_at is not None
    assert search.detail
    assert archive.asked("replay") == []


def test_a_question_that_could_not_be_asked_is_asked_later_and_answered(desk):
    cited = case("captured several times")
    with InternetArchive([cited]) as archive:
        arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
        desk.import_table(table([cited]))
        archive.fault(UNAVAILABLE, where="/cdx/search", times=99)
        backfill_all(desk)
        assert searches(desk) == {(cited.url, INTERNET_ARCHIVE): "unreachable"}
        archive.heal()
        desk.run("hosts", "allow", archive.address)
        backfill_all(desk)
        assert story_of(desk, cited) == expected_of(cited, INTERNET_ARCHIVE)
        assert backfills(desk)[cited.url][0] == "rescued"


def test_a_copy_that_could_not_be_got_is_asked_for_later_and_its_index_is_not(desk):
    """The archive's own 503 says nothing about the copy: it is neither rejected nor passed over."""
    cited = case("captured several times")
    with InternetArchive([cited]) as archive:
        arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
        desk.import_table(table([cited]))
        archive.fault(UNAVAILABLE, where="20040313090210id_")
        backfill_all(desk)
        assert searches(desk) == {(cited.url, INTERNET_ARCHIVE): "unreachable"}
        assert backfills(desk)[cited.url][0] == "waiting"
        desk.run("hosts", "allow", archive.address)
        backfill_all(desk)
        assert story_of(desk, cited) == expected_of(cited, INTERNET_ARCHIVE)
        assert len(archive.asked("index")) == 1
