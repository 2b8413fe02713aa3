"""A document that is lost while it is looked for: another run has it, or it was taken down."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.backfilling.searching import begun
from crawler.urls import identify
from storage.types import (
    Archived,
    BackfillRequest,
    BackfillState,
    Outcome,
    SearchState,
    Selection,
    Takedown,
    TakedownKind,
)

FIRST, SECOND = "20110510000000", "20110601000000"
SUCCESSOR = "successor"


@pytest.fixture
def stocked(world, attic, cellar):
    """Two archives with two copies each, of which the second shows the article."""
    for archive in (attic, cellar):
        world.lists(archive, [FIRST], [SECOND])
        world.keeps(archive, FIRST, b"soft")
        world.keeps(archive, SECOND)
    return world


def take_over(world, run=SUCCESSOR, **after):
    """Another run leases what is looked for, as it does when the lease of the one before has run out."""
    late = world.now + timedelta(**(after or {"minutes": 30}))
    request = BackfillRequest(
        token=run, now=late, until=late + timedelta(minutes=10), limit=10, selection=Selection(due_only=False)
    )
    return world.store.lease_backfills(request)


def take_down(world, url):
    identity = identify(url)
    document = world.store.find_document(identity.canonical_url)
    taken = Takedown(
        kind=TakedownKind.DOCUMENT, subject=document.canonical_url, reason="asked", who="ada", made_at=world.now
    )
    world.store.take_down(taken, document_ids=[document.id])


def after(world, part, happens):
    """Let something happen when an address with this part in it is asked for."""
    download = world.download

    async def downloaded(question):
        if part in question.url:
            happens()
        return await download(question)

    world.download = downloaded


def searches(world, url):
    document = world.store.find_document(identify(url).canonical_url)
    return world.store.searches([document.id]).get(document.id, ())


@pytest.mark.parametrize("stamp", [FIRST, SECOND])
def test_a_copy_that_is_refused_as_stale_ends_the_search(stocked, attic, cellar, url, stamp):
    after(stocked, stamp, lambda: take_over(stocked))
    (sought,) = stocked.rescue(attic, cellar)
    asked = [FIRST] if stamp == FIRST else [FIRST, SECOND]
    assert stocked.asked == [attic.index_url(url), *map(attic.copy_url, asked)]
    assert (sought.lost, sought.state, sought.searches) == (True, BackfillState.WANTED, ())
    assert sought.outcomes == ({} if stamp == FIRST else {Outcome.SOFT_404: 1})
    assert len(stocked.attempts()) == len(asked) - 1
    # Who comes next goes on with what was stored.
    (task,) = take_over(stocked, "third", days=1)
    assert [len(one.tried) for one in task.searches.values()] == ([] if stamp == FIRST else [1])


def test_what_the_successor_wrote_stays(stocked, attic, cellar, url):
    """It is done with the archive while the first run, which knows nothing of that, hears an index without copies."""

    def succeed():
        (task,) = take_over(stocked)
        found = begun(task.document, attic, now=stocked.now)
        wrote.append(replace(found, state=SearchState.FOUND, tried=(SECOND,)))
        assert stocked.store.put_search(wrote[0], lease=SUCCESSOR)

    wrote = []
    stocked.lists(attic)
    after(stocked, attic.index_url(url), succeed)
    (sought,) = stocked.rescue(attic, cellar)
    assert stocked.asked == [attic.index_url(url)]
    assert sought.lost
    assert searches(stocked, url) == tuple(wrote)


def test_a_document_that_is_taken_down_is_not_looked_for_any_more(stocked, attic, cellar, url):
    after(stocked, FIRST, lambda: take_down(stocked, url))
    (sought,) = stocked.rescue(attic, cellar)
    assert stocked.asked == [attic.index_url(url), attic.copy_url(FIRST)]
    assert sought.lost
    assert searches(stocked, url) == ()


def test_a_mistake_of_ours_is_not_written_over_what_the_successor_wrote(stocked, attic, cellar, url):
    async def put(_writer, _one):
        take_over(stocked)
        raise ValueError("our own mistake")

    (sought,) = stocked.rescue(attic, cellar, put=put)
    assert sought.lost
    assert searches(stocked, url) == ()
    assert stocked.asked == [attic.index_url(url), attic.copy_url(FIRST)]


def test_the_copy_that_an_entry_cites_is_the_last_one_of_a_lost_document(world, attic, cellar, url):
    world.cites(url, memento=attic.copy_url(FIRST), key="2011/05/10/quay")
    world.lists(attic, [SECOND])
    world.lists(cellar, [SECOND])

    async def put(_writer, _one):
        return Archived(stale=True)

    (sought,) = world.rescue(attic, cellar, put=put)
    assert world.asked == [attic.copy_url(FIRST)]
    assert sought.lost
