"""The backfill of one document through its archives, copy by copy."""

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.exceptions import DownloadTimeoutError

from storage.errors import StoreUnavailable
from storage.types import BackfillState, CaptureKind, FetchReason, Outcome, SearchState

FIRST, SECOND, THIRD = "20110510000000", "20110601000000", "20111201000000"


def states(sought):
    return {search.archive: search.state for search in sought.searches}


def test_the_nearest_copy_that_shows_the_article_is_stored_with_its_provenance(world, attic, cellar, url):
    world.lists(attic, [SECOND], [FIRST])
    world.keeps(attic, FIRST)
    (sought,) = world.rescue(attic, cellar)
    assert sought.state is BackfillState.RESCUED
    assert states(sought) == {"attic": SearchState.FOUND}
    assert world.asked == [attic.index_url(url), attic.copy_url(FIRST)]
    (attempt,) = world.attempts()
    assert (attempt.reason, attempt.archive, attempt.outcome) == (FetchReason.BACKFILL, "attic", Outcome.FETCHED)
    assert attempt.next_fetch_at is None
    (capture,) = world.store.captures()
    assert capture.kind is CaptureKind.MEMENTO
    assert capture.captured_at == datetime(2011, 5, 10, tzinfo=UTC)
    assert world.judged[0].captured_at == capture.captured_at
    document = world.store.document(attempt.request_url.replace("http:", "https:"))
    assert document.article_id is not None
    assert document.last_outcome is None  # where it stands on the live web is another matter


def test_a_copy_that_is_no_article_is_followed_by_the_next_one(world, attic):
    world.lists(attic, [FIRST], [SECOND], [THIRD])
    world.keeps(attic, FIRST, b"soft")
    world.keeps(attic, SECOND, b"unrelated")
    world.keeps(attic, THIRD)
    (sought,) = world.rescue(attic)
    assert sought.outcomes == {Outcome.SOFT_404: 1, Outcome.UNRELATED: 1, Outcome.FETCHED: 1}
    assert [attempt.outcome for attempt in world.attempts()] == [Outcome.SOFT_404, Outcome.UNRELATED, Outcome.FETCHED]
    assert len(world.search(attic).tried) == 3


def test_only_so_many_copies_are_tried_and_a_person_gets_the_next_ones(world, attic):
    stamps = [f"2011060{day}000000" for day in range(1, 7)]
    world.lists(attic, *([stamp] for stamp in stamps))
    for stamp in stamps:
        world.keeps(attic, stamp, b"soft")
    (sought,) = world.rescue(attic, candidates=2)
    assert sought.state is BackfillState.MISSING
    assert sought.next_at == world.now + timedelta(days=180)
    assert world.search(attic).state is SearchState.ALL_REJECTED
    search = world.search(attic)
    assert (search.detail, len(search.tried)) == ("none of the copies that were tried shows the article", 2)
    world.later(hours=1)
    world.rescue(attic, candidates=2)
    assert world.asked == [attic.copy_url(stamp) for stamp in stamps[2:4]]  # the index's answer was kept
    world.rescue(attic, candidates=9)
    world.rescue(attic, candidates=9)
    assert world.asked == []


def test_the_archives_are_asked_in_order_until_one_has_it(world, attic, cellar, new_attic):
    world.lists(attic)
    world.lists(cellar, [FIRST])
    world.keeps(cellar, FIRST)
    (sought,) = world.rescue(attic, cellar, new_attic("loft"))
    assert states(sought) == {"attic": SearchState.NEVER_ARCHIVED, "cellar": SearchState.FOUND}


def test_a_teaser_is_kept_and_a_better_copy_looked_for_everywhere(world, attic, cellar):
    world.lists(attic, [FIRST], [SECOND])
    world.keeps(attic, FIRST, b"teaser")
    world.keeps(attic, SECOND, b"soft")
    world.lists(cellar)
    (sought,) = world.rescue(attic, cellar)
    assert sought.state is BackfillState.RESCUED
    assert states(sought) == {"attic": SearchState.FOUND, "cellar": SearchState.NEVER_ARCHIVED}
    assert world.search(attic).detail.startswith("only copies that show the beginning")


def test_a_teaser_does_not_end_it_while_an_archive_could_not_be_asked(world, attic, cellar):
    world.lists(attic, [FIRST])
    world.keeps(attic, FIRST, b"teaser")
    world.answers[cellar.index_url("http://paper.example/2011/quay")] = (503, {}, b"")
    (sought,) = world.rescue(attic, cellar)
    assert sought.state is BackfillState.WAITING


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((429, {}, b""), SearchState.RATE_LIMITED),
        ((503, {}, b""), SearchState.UNREACHABLE),
        (DownloadTimeoutError("too long"), SearchState.UNREACHABLE),
        ((200, {}, b"no JSON"), SearchState.FAILED),
    ],
)
def test_could_not_ask_is_never_there_is_none(world, attic, cellar, url, answer, state):
    world.answers[attic.index_url(url)] = answer
    world.lists(cellar)
    (sought,) = world.rescue(attic, cellar)
    assert states(sought) == {"attic": state, "cellar": SearchState.NEVER_ARCHIVED}
    assert sought.state is BackfillState.WAITING
    assert sought.next_at == world.search(attic).next_at == world.now + timedelta(hours=1)
    if state is not SearchState.FAILED:
        assert world.store.answer("attic", attic.index_url(url), now=world.now) is None


def test_what_could_not_be_asked_is_asked_again_later_and_later_and_nothing_else_is(world, attic, cellar, url):
    world.answers[attic.index_url(url)] = DownloadTimeoutError("too long")
    world.lists(cellar)
    world.rescue(attic, cellar)
    assert world.rescue(attic, cellar, due_only=True) == []
    for wait in (timedelta(hours=6), timedelta(days=1), timedelta(days=7), timedelta(days=7)):
        world.now = world.search(attic).next_at
        (sought,) = world.rescue(attic, cellar, due_only=True)
        assert world.asked == [attic.index_url(url)]
        assert sought.next_at - world.now >= wait
    world.now = sought.next_at
    world.lists(attic, [FIRST])
    world.keeps(attic, FIRST)
    (sought,) = world.rescue(attic, cellar, due_only=True)
    assert sought.state is BackfillState.RESCUED
    assert world.search(attic).failures == 0


def test_an_excluded_site_is_left_alone_for_long(world, attic, url):
    world.answers[attic.index_url(url)] = (403, {}, b"")
    (sought,) = world.rescue(attic)
    assert states(sought) == {"attic": SearchState.EXCLUDED}
    assert world.search(attic).next_at == world.now + timedelta(days=180)
    assert sought.state is BackfillState.MISSING
    world.later(days=1)
    world.rescue(attic)
    assert world.asked == []  # that the site is excluded is an answer, and kept


def test_an_exclusion_at_replay_ends_the_archive(world, attic):
    world.lists(attic, [FIRST], [SECOND])
    world.answers[attic.copy_url(FIRST)] = (403, {}, b"")
    (sought,) = world.rescue(attic)
    assert states(sought) == {"attic": SearchState.EXCLUDED}
    assert [attempt.outcome for attempt in world.attempts()] == [Outcome.EXCLUDED]


def test_a_copy_that_the_archive_does_not_give_counts_as_tried(world, attic):
    world.lists(attic, [FIRST], [SECOND])
    world.keeps(attic, SECOND)
    (sought,) = world.rescue(attic)
    assert sought.outcomes == {Outcome.NOT_REPLAYED: 1, Outcome.FETCHED: 1}


def test_a_copy_that_could_not_be_asked_for_is_no_attempt_and_comes_again(world, attic):
    world.lists(attic, [FIRST], [SECOND])
    world.answers[attic.copy_url(FIRST)] = (429, {}, b"")
    (sought,) = world.rescue(attic)
    assert states(sought) == {"attic": SearchState.RATE_LIMITED}
    assert world.attempts() == ()
    world.keeps(attic, FIRST)
    world.now = world.search(attic).next_at
    (sought,) = world.rescue(attic, due_only=True)
    assert world.asked == [attic.copy_url(FIRST)]
    assert sought.state is BackfillState.RESCUED


def test_only_one_archive_leaves_the_document_wanted(world, attic, cellar):
    world.lists(attic)
    (sought,) = world.rescue(attic, cellar, only="attic")
    assert states(sought) == {"attic": SearchState.NEVER_ARCHIVED}
    assert sought.state is BackfillState.WANTED


def test_an_archive_that_is_not_enabled_is_asked_by_name_only(world, new_attic):
    hidden = new_attic("hidden", enabled=False)
    world.lists(hidden)
    (sought,) = world.rescue(hidden)
    assert states(sought) == {}
    world.later(hours=1)
    (sought,) = world.rescue(hidden, only="hidden")
    assert states(sought) == {"hidden": SearchState.NEVER_ARCHIVED}


def test_all_versions_are_every_digest_at_any_time(world, attic):
    rows = [["20050101000000", "http://paper.example/2011/quay", 200, digest] for digest in ("A",)]
    rows += [[FIRST, rows[0][1], 200, "B"], [SECOND, rows[0][1], 200, "B"], ["20250101000000", rows[0][1], 200, "C"]]
    world.lists(attic, *rows)
    for number, row in enumerate(rows):
        world.keeps(attic, row[0], b"article " + b"x" * number * 100)
    (sought,) = world.rescue(attic, versions=True, candidates=1)
    assert sought.state is BackfillState.RESCUED
    assert sought.outcomes == {Outcome.FETCHED: 3}
    assert len(world.search(attic).tried) == 3
    world.rescue(attic, versions=True, candidates=1)
    assert world.asked == []


def test_a_store_that_is_away_ends_the_run_and_the_document_stays_wanted(world, attic):
    world.lists(attic, [FIRST])
    world.keeps(attic, FIRST)

    async def away(writer, understood):
        raise StoreUnavailable("the database is locked")

    with pytest.raises(StoreUnavailable):
        world.rescue(attic, put=away)
    world.store.release("run", not_before={})
    (sought,) = world.rescue(attic)
    assert world.asked == [attic.copy_url(FIRST)]  # the answer of the index was kept before
    assert sought.state is BackfillState.RESCUED


def test_killed_behind_a_stored_copy_the_next_run_goes_on_with_the_next_one(world, attic):
    world.lists(attic, [FIRST], [SECOND])
    world.keeps(attic, FIRST, b"soft")
    world.keeps(attic, SECOND)

    async def killed(writer, understood):
        await writer.put(understood)
        raise StoreUnavailable("killed")

    with pytest.raises(StoreUnavailable):
        world.rescue(attic, put=killed)
    world.store.release("run", not_before={})
    (sought,) = world.rescue(attic, run="next")
    assert world.asked == [attic.copy_url(SECOND)]
    assert sought.outcomes == {Outcome.FETCHED: 1}
    assert len(world.attempts()) == 2


def test_two_runs_that_hold_one_document_store_a_copy_once(world, attic):
    world.lists(attic, [FIRST])
    world.keeps(attic, FIRST)

    async def other_run_was_faster(writer, understood):
        await writer.put(understood)
        return await writer.put(understood)

    (sought,) = world.rescue(attic, put=other_run_was_faster)
    assert sought.outcomes == {}
    assert len(world.attempts()) == 1
    assert len(list(world.store.articles())) == 1


def test_an_archive_that_is_not_asked_any_more_keeps_nobody_waiting(world, attic, cellar, new_attic):
    world.lists(attic)
    world.answers[cellar.index_url("http://paper.example/2011/quay")] = (503, {}, b"")
    (sought,) = world.rescue(attic, cellar)
    assert sought.state is BackfillState.WAITING
    world.later(days=1)
    (sought,) = world.rescue(attic, new_attic("cellar", enabled=False))
    assert sought.state is BackfillState.MISSING
    assert sought.next_at > world.now
