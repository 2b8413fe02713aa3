"""Archives that break off, have no end or state what cannot be: nothing of that is an answer."""

import gzip
import json
from dataclasses import replace

import pytest

from crawler.archives.protocol import Heard
from crawler.backfilling import listing
from storage.types import BackfillState, Outcome, SearchState

FIRST, SECOND = "20110510000000", "20110601000000"


def torn(world, where):
    """From now on answers whose address holds ``where`` break off on the way."""
    whole = world.download

    async def download(question):
        sent = await whole(question)
        if where not in question.url:
            return sent
        return replace(sent, exchange=replace(sent.exchange, truncated="disconnect"))

    world.download = download


def test_a_copy_that_breaks_off_on_the_way_is_no_attempt_and_comes_again(world, attic):
    world.lists(attic, [FIRST])
    world.keeps(attic, FIRST, b"article <p>The quay")
    torn(world, FIRST)
    (sought,) = world.rescue(attic)
    assert sought.state is BackfillState.WAITING
    assert (world.search(attic).state, world.search(attic).tried) == (SearchState.UNREACHABLE, ())
    assert world.attempts() == ()


def test_a_copy_that_breaks_off_each_time_is_taken_as_it_is_in_the_end(world, attic):
    world.lists(attic, [FIRST])
    world.keeps(attic, FIRST, b"article <p>The quay")
    torn(world, FIRST)
    states = []
    for _ in range(5):
        states += [sought.state for sought in world.rescue(attic)]
        world.later(days=20)
    assert states == [BackfillState.WAITING] * 4 + [BackfillState.RESCUED]
    assert [attempt.outcome for attempt in world.attempts()] == [Outcome.FETCHED]


def test_a_page_that_has_its_end_is_whole_whatever_length_was_announced(world, attic):
    world.lists(attic, [FIRST])
    world.keeps(attic, FIRST, b"article <p>The quay</p></HTML>\n")
    torn(world, FIRST)
    (sought,) = world.rescue(attic)
    assert sought.state is BackfillState.RESCUED


@pytest.mark.parametrize("stated", ["19000416100000", "20350416100000", "99991231235959"])
def test_a_copy_of_a_time_without_a_web_is_none(world, attic, stated):
    world.lists(attic, [FIRST], [SECOND])
    world.keeps(attic, FIRST)
    world.answers[attic.copy_url(FIRST)][1]["Memento-Datetime"] = stated
    world.keeps(attic, SECOND)
    (sought,) = world.rescue(attic)
    assert sought.state is BackfillState.RESCUED
    assert sought.outcomes == {Outcome.NOT_REPLAYED: 1, Outcome.FETCHED: 1}
    assert [capture.captured_at.year for capture in world.store.captures()] == [2011]


@pytest.mark.parametrize(
    ("rows", "state"), [([], SearchState.UNREACHABLE), ([[FIRST, None, 404]], SearchState.ALL_REJECTED)]
)
def test_a_list_without_an_end_is_given_up_and_is_no_proof_that_there_are_no_copies(world, attic, url, rows, state):
    rows = [[stamp, url, status] for stamp, _, status in rows]
    for number in range(listing.MOST_QUESTIONS + 9):
        body = json.dumps({"rows": rows, "pages": [str(number + 1)]}).encode()
        world.answers[attic.index_url(url, str(number) if number else "")] = (200, {}, body)
    world.rescue(attic)
    assert len(world.asked) == listing.MOST_QUESTIONS
    assert world.search(attic).state is state


def test_copies_beyond_what_memory_holds_are_not_asked_for(world, attic, url, monkeypatch):
    monkeypatch.setattr(listing, "MOST_COPIES", 3)
    for number in range(9):
        rows = [[f"2011051000000{number}", url, 404], [f"2011051000010{number}", url, 404]]
        world.lists(attic, *rows, pages=[str(number + 1)], page=str(number) if number else "")
    world.rescue(attic)
    assert len(world.asked) == 2
    assert "1 further questions were not asked" in world.search(attic).detail


@pytest.mark.parametrize(
    ("answer", "state"),
    [((200, {}, b'{"rows": []}'), SearchState.UNREACHABLE), ((403, {}, b""), SearchState.EXCLUDED)],
)
def test_an_index_answer_that_breaks_off_is_no_empty_list_and_is_never_kept(world, attic, url, answer, state):
    world.answers[attic.index_url(url)] = answer
    torn(world, "/index/")
    for _ in range(2):
        world.rescue(attic)
        assert world.asked == [attic.index_url(url)]
        assert world.search(attic).state is state
        world.later(days=1)


@pytest.mark.parametrize("kept", [9, -3])
def test_a_list_that_breaks_off_inside_its_encoding_is_no_empty_list(world, attic, url, kept):
    body = gzip.compress(b'{"rows": []}')[:kept]
    world.answers[attic.index_url(url)] = (200, {"Content-Encoding": "gzip"}, body)
    attic.heard = lambda *_: Heard()
    world.rescue(attic)
    assert world.search(attic).state is SearchState.UNREACHABLE


def test_what_is_missing_everywhere_else_does_not_wait_for_an_archive_that_is_not_enabled(world, attic, new_attic):
    world.lists(attic)
    (sought,) = world.rescue(attic, new_attic("cellar", enabled=False))
    assert sought.state is BackfillState.MISSING
