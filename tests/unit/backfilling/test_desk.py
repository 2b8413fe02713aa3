"""Handing out documents to workers."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

from crawler.backfilling.desk import Desk
from crawler.backfilling.orders import Order
from crawler.planning import backfill_rules
from crawler.store_thread import StoreThread
from crawler.turns import RunStopped
from storage.types import BackfillState, Selection, utc_now


def handed_out(world, wanted, *, stopped=None, end=None):
    """The ids that two workers get, each of them ended at once as somebody says."""
    settings = SimpleNamespace(whole=lambda _key: 2)
    thread = StoreThread(world.store)
    run = SimpleNamespace(started_at=utc_now())
    session = SimpleNamespace(store=thread, token="run", lease=timedelta(minutes=5), configuration=settings, run=run)

    async def work(desk, given):
        while (task := await desk.next()) is not None:
            given.append(task.document.id)
            if end is not None:
                now = utc_now()
                world.store.end_backfill(task.document.id, token="run", state=end, next_at=now, now=now)

    async def both():
        desk, given = Desk(session, wanted, SimpleNamespace(stopped=stopped), at_once=2), []
        await asyncio.gather(work(desk, given), work(desk, given))
        return given

    try:
        return asyncio.run(asyncio.wait_for(both(), 20))
    finally:
        thread.close()


def queued(world, count=5):
    for number in range(count):
        page = f"http://paper.example/2012/{number}"
        world.cites(page, f"http://attic.example/web/2012/{page}", key=f"2011/05/9/{number}")
    world.store.queue_backfills(backfill_rules(), now=world.now)


def test_what_stays_wanted_is_handed_out_once(world):
    queued(world)
    given = handed_out(world, Order(selections=(Selection(),)), end=BackfillState.WANTED)
    assert len(given) == len(set(given)) == 5


def test_selections_are_worked_off_one_after_the_other(world):
    queued(world, 2)
    events = ("2011/05/9/1", "2011/05/9/quay", "2011/05/9/1")
    selections = tuple(Selection(event_key=key, due_only=False) for key in events)
    given = handed_out(world, Order(selections=selections), end=BackfillState.MISSING)
    documents = {one.id: one.request_url for one in world.store.due(Selection(due_only=False), now=world.now)}
    assert [documents[one] for one in given] == ["http://paper.example/2012/1", "http://paper.example/2011/quay"]


def test_nothing_is_handed_out_when_archives_asked_us_to_stop(world):
    queued(world)
    stopped = RunStopped(archive="attic", host="attic.example", until=world.now)
    assert handed_out(world, Order(selections=(Selection(),)), stopped=stopped) == []
