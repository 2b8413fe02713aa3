"""Copies in files of our own: a file that is away is waited for, and holds up no other."""

import pytest

from storage.types import BackfillState, Outcome, SearchState

STAMPS = [f"201105{day}000000" for day in range(10, 16)]
AWAY = (410, {}, b"the file is not there")


@pytest.fixture
def shelf(new_attic):
    """An archive that is asked as held files are."""
    made = new_attic("shelf")
    made.base = "warc://shelf"
    return made


def test_a_file_that_is_away_for_years_loses_no_copy(world, shelf):
    world.lists(shelf, STAMPS[:1])
    world.answers[shelf.copy_url(STAMPS[0])] = AWAY
    for _ in range(8):
        (sought,) = world.rescue(shelf)
        assert sought.state is BackfillState.WAITING
        assert (world.search(shelf).state, world.search(shelf).tried) == (SearchState.UNREACHABLE, ())
        world.later(days=90)
    assert world.attempts() == ()
    world.keeps(shelf, STAMPS[0])
    (sought,) = world.rescue(shelf)
    assert sought.state is BackfillState.RESCUED


def test_files_that_are_away_hold_up_no_other(world, shelf):
    world.lists(shelf, *([stamp] for stamp in STAMPS))
    for stamp in STAMPS[:-1]:
        world.answers[shelf.copy_url(stamp)] = AWAY
    world.keeps(shelf, STAMPS[-1])
    (sought,) = world.rescue(shelf, candidates=2)
    assert sought.state is BackfillState.RESCUED
    assert len(world.search(shelf).tried) == 1


def test_a_visit_tries_as_many_held_copies_as_any_other_archives(world, shelf):
    world.lists(shelf, *([stamp] for stamp in STAMPS))
    world.answers[shelf.copy_url(STAMPS[0])] = AWAY
    for stamp in STAMPS[1:]:
        world.keeps(shelf, stamp, b"soft")
    (sought,) = world.rescue(shelf, candidates=2)
    assert sought.outcomes == {Outcome.SOFT_404: 2}
    assert len(world.search(shelf).tried) == 2
    assert sought.state is BackfillState.WAITING


def test_a_visit_to_the_files_alone_does_not_put_off_the_other_archives(world, shelf, attic):
    world.lists(shelf)
    world.lists(attic)
    world.rescue(shelf, attic)
    asked_again = world.search(attic).next_at
    world.later(days=90)
    (sought,) = world.rescue(shelf, attic, only="shelf")
    assert sought.state is BackfillState.MISSING
    assert sought.next_at == asked_again
