"""How often, how long and how far archives are asked: each limit by itself."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.archiving import Patient
from crawler.backfilling.asking import Asker
from crawler.backfilling.copies import MOST_HOPS
from crawler.store_thread import StoreThread
from crawler.turns import Turns
from storage.errors import StoreUnavailable
from storage.types import ArchiveAnswer, Outcome, SearchState

FIRST, SECOND, THIRD = "20110510000000", "20110601000000", "20110701000000"
TARGET = "http://paper.example/2011/05/quay-is-closed"


def test_an_answer_is_kept_no_longer_than_the_settings_say(world, attic, url):
    world.lists(attic)
    world.rescue(attic)
    world.later(days=29)
    world.rescue(attic)
    assert world.asked == []
    world.later(days=2)
    world.rescue(attic)
    assert world.asked == [attic.index_url(url)]


def test_a_kept_answer_that_is_none_is_asked_for_again(world, attic, url):
    """As an older release may have kept it."""
    world.lists(attic, [FIRST])
    world.keeps(attic, FIRST)
    kept = ArchiveAnswer(
        archive="attic",
        question=attic.index_url(url),
        answered_at=world.now,
        good_until=world.now + timedelta(days=9),
        status=503,
        headers=(),
        body=b"",
    )
    world.store.put_answer(kept)
    world.rescue(attic)
    assert world.asked[0] == attic.index_url(url)
    assert world.search(attic).state is SearchState.FOUND


def test_one_question_of_several_workers_goes_out_once(world, attic, url):
    world.lists(attic, [FIRST])

    async def together(thread):
        store = Patient(thread)
        turns = Turns(store=store, default_s=0.0, clock=lambda: world.now)
        asker = Asker(
            store=store,
            turns=turns,
            download=world.download,
            answers=timedelta(days=30),
            max_bytes=1 << 20,
            clock=lambda: world.now,
        )
        (task,) = world.tasks()
        wanted = type("Wanted", (), {"url": task.document.request_url})
        (question,) = attic.begin(wanted)
        return await asyncio.gather(*(asker.hear(attic, wanted, question) for _ in range(4)))

    thread = StoreThread(world.store)
    try:
        heard = asyncio.run(together(thread))
    finally:
        thread.close()
    assert [len(one.records) for one in heard] == [1] * 4
    assert world.asked == [attic.index_url(url)]


def test_hops_that_never_come_back_end(world, attic):
    world.lists(attic, [FIRST])
    for number in range(9):
        here, there = (f"{attic.base}/hop/{one}" for one in (number, number + 1))
        world.answers[here if number else attic.copy_url(FIRST)] = (302, {"X-Hop": there}, b"")
    world.rescue(attic)
    assert len(world.asked) == 1 + MOST_HOPS + 1
    assert [attempt.outcome for attempt in world.attempts()] == [Outcome.NOT_REPLAYED]


def test_a_redirect_is_not_followed_to_a_copy_of_another_year(world, attic, url):
    world.lists(attic, [FIRST, url, 301])
    world.keeps(attic, FIRST, b"", status=301, Location=TARGET)
    world.lists(attic, ["20101001000000", TARGET], ["20120101000000", TARGET], url=TARGET)
    world.rescue(attic)
    assert [attempt.outcome for attempt in world.attempts()] == [Outcome.REDIRECTS]
    assert attic.copy_url("20101001000000", TARGET) not in world.asked


def test_after_two_copies_that_could_not_be_asked_for_the_archive_is_left_alone(world, attic):
    world.lists(attic, [FIRST], [SECOND], [THIRD])
    for stamp in (FIRST, SECOND, THIRD):
        world.answers[attic.copy_url(stamp)] = (200, {}, b"no copy, a page of the archive's own")
    world.rescue(attic)
    assert len(world.asked) == 1 + 2
    assert world.search(attic).failures == 1


def test_a_copy_that_cannot_be_had_on_many_visits_makes_room_for_the_next(world, attic):
    world.lists(attic, [FIRST], [SECOND])
    world.answers[attic.copy_url(FIRST)] = (200, {}, b"no copy, a page of the archive's own")
    world.answers[attic.copy_url(SECOND)] = (200, {}, b"no copy, a page of the archive's own")
    for _ in range(4):
        world.rescue(attic)
        world.later(days=8)
    assert world.attempts() == ()
    world.keeps(attic, SECOND)
    world.rescue(attic)
    assert {attempt.outcome for attempt in world.attempts()} == {Outcome.NOT_REPLAYED, Outcome.FETCHED}
    assert world.search(attic).state is SearchState.FOUND


def test_an_interrupted_visit_leaves_only_what_is_left_of_its_room(world, attic):
    stamps = [f"2011060{day}000000" for day in range(1, 7)]
    world.lists(attic, *([stamp] for stamp in stamps))
    for stamp in stamps:
        world.keeps(attic, stamp, b"soft")

    async def killed(writer, understood):
        await writer.put(understood)
        raise StoreUnavailable("killed")

    with pytest.raises(StoreUnavailable):
        world.rescue(attic, put=killed, candidates=2)
    world.store.release("run", not_before={})
    world.rescue(attic, run="next", candidates=2)
    assert world.asked == [attic.copy_url(stamps[1])]


def test_the_first_archive_that_may_be_asked_again_says_when(world, attic, cellar):
    world.answers[attic.index_url("http://paper.example/2011/quay")] = (503, {}, b"")
    world.rescue(attic)
    world.later(hours=2)
    world.answers[cellar.index_url("http://paper.example/2011/quay")] = (503, {}, b"")
    (sought,) = world.rescue(attic, cellar)
    waits = [world.search(one).next_at for one in (attic, cellar)]
    assert waits[0] > waits[1]
    assert sought.next_at == waits[1]


def test_a_copy_that_could_not_be_stored_is_none_that_was_found(world, attic):
    world.lists(attic, [FIRST], [SECOND])
    world.keeps(attic, FIRST)
    world.keeps(attic, SECOND, b"soft")

    async def breaks(writer, understood):
        archived = await writer.put(understood)
        return replace(archived, error="the article cannot be stored") if understood.article else archived

    (sought,) = world.rescue(attic, put=breaks)
    assert sought.outcomes == {Outcome.FAILED: 1, Outcome.SOFT_404: 1}
    assert world.search(attic).state is SearchState.ALL_REJECTED
    assert len(world.search(attic).tried) == 2


def test_a_run_that_is_stopped_while_it_stores_a_copy_ends_behind_it(world, attic):
    world.lists(attic, [FIRST])
    world.keeps(attic, FIRST)
    stored = []

    async def stopped_meanwhile(writer, understood):
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)
        stored.append(await writer.put(understood))
        return stored[0]

    with pytest.raises(asyncio.CancelledError):
        world.rescue(attic, put=stopped_meanwhile)
    assert [one.error for one in stored] == [""]
    assert len(world.attempts()) == 1


def test_a_run_that_asks_one_archive_leaves_the_copy_that_is_cited_in_another(world, attic, cellar):
    page = "http://paper.example/2011/cited"
    world.cites(page, memento=attic.copy_url(FIRST, page), key="2011/05/9/cited")
    world.keeps(attic, FIRST, url=page)
    world.lists(cellar)
    world.lists(cellar, url=page)
    world.rescue(attic, cellar, only="cellar")
    assert [url for url in world.asked if url.startswith(attic.base)] == []
