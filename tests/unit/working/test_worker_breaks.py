"""A worker whose disk or database fails ends; one that makes a mistake goes on saying that it lives."""

import asyncio
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from crawler.configuration import load
from crawler.library import open_library
from crawler.queueing.orders import HostOrder, WorkKind
from crawler.session import CrawlSession
from crawler.spiders.work import Shift, WorkSpider
from crawler.working import worker as worker_module
from crawler.working.counting import Tally
from crawler.working.worker import Task, Worker
from storage.errors import LibraryError, StorageError, StoreUnavailable
from storage.types import utc_now


class Live:
    """The spider of the live web, as far as a worker tells it that something is broken."""

    def __init__(self):
        self.told, self.session = [], None

    async def given_up(self):
        await asyncio.Event().wait()

    def broken(self, error):
        self.told.append(error)


def failing(error):
    async def serve(*_arguments):
        raise error

    return serve


def served(tmp_path, monkeypatch, kind, error):
    """What the spider is told where serving such an order fails."""
    (tmp_path / "dateline.toml").write_text("")
    live = Live()

    async def go():
        worker = Worker(load(tmp_path), Task(), Tally())
        worker._live, worker._archives = live, SimpleNamespace(serve=failing(error))
        monkeypatch.setattr(worker_module, "KINDS", dict.fromkeys(WorkKind, failing(error)))
        with pytest.raises(type(error)):
            await worker._serve(HostOrder(host="a.example", kind=kind))

    asyncio.run(go())
    return live.told


@pytest.mark.parametrize("kind", [WorkKind.BACKFILL, WorkKind.REEXTRACT, WorkKind.COMPARE])
def test_a_disk_that_is_full_ends_the_worker_whatever_it_was_at(tmp_path, monkeypatch, kind):
    error = LibraryError("no room")
    assert served(tmp_path, monkeypatch, kind, error) == [error]


def test_a_database_that_stayed_away_from_archives_for_minutes_ends_the_worker(tmp_path, monkeypatch):
    error = StoreUnavailable("away")
    assert served(tmp_path, monkeypatch, WorkKind.BACKFILL, error) == [error]


@pytest.mark.parametrize("error", [StorageError("refused"), ValueError("our mistake")])
def test_what_fails_with_one_order_ends_nothing(tmp_path, monkeypatch, error):
    assert served(tmp_path, monkeypatch, WorkKind.BACKFILL, error) == []


def test_what_breaks_under_other_work_is_the_workers_problem(monkeypatch):
    async def closed(*, reason):
        assert reason == "store_unavailable"

    async def go():
        spider = WorkSpider(shift=Shift(work=None, stop=lambda: None))
        spider.crawler = SimpleNamespace(engine=SimpleNamespace(close_spider_async=closed))
        spider.broken(LibraryError("the folder is gone"))
        spider._hurried.cancel()
        await spider._closing
        return spider.problem

    assert asyncio.run(go()) == "the folder is gone"


# -- signs of life ---------------------------------------------------------------------------------------------------


def test_a_mistake_of_ours_costs_one_sign_of_life(caplog):
    beats = []

    async def beat():
        beats.append(len(beats))
        if len(beats) == 1:
            raise ValueError("our mistake")

    async def go():
        spider = WorkSpider(shift=Shift(work=None, stop=lambda: None))
        spider._session = SimpleNamespace(heartbeat_s=0.01, beat=beat)
        beating = asyncio.ensure_future(spider._keep_alive())
        async with asyncio.timeout(5):
            while len(beats) < 3:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
        beating.cancel()

    asyncio.run(go())
    assert "our mistake" in caplog.text


@pytest.fixture
def session(tmp_path, postgres_url, monkeypatch):
    """Of a worker; nothing is extracted."""
    (tmp_path / "dateline.toml").write_text(f'[storage]\ndatabase = "{postgres_url}"\n')
    configuration = load(tmp_path)
    with open_library(configuration, create=True):
        pass
    monkeypatch.setattr(
        "crawler.session.ExtractionPool", SimpleNamespace(configured=lambda _: SimpleNamespace(close=int))
    )
    settings = {"DATELINE_CONFIGURATION": configuration, "DATELINE_COMMAND": "dateline work"}
    opened = CrawlSession.for_worker(SimpleNamespace(settings=settings))
    yield opened
    asyncio.run(opened.close("finished", problem=""))


def test_a_worker_keeps_its_hosts_while_its_store_is_at_something_long(session):
    """As where a batch waits for the database to come back."""
    ended = threading.Event()

    async def go():
        now = utc_now()
        claim = await session.store.call(
            lambda store: store.claim_host("a.example", token=session.token, now=now, until=now + timedelta(seconds=1))
        )
        assert claim.granted
        long = asyncio.ensure_future(session.store.call(lambda _store: ended.wait(20)))
        try:
            await asyncio.wait_for(session.beat(), 5)
        finally:
            ended.set()
            await long
        return await session.store.call(lambda store: store.host("a.example", now=now).lease_until - now)

    assert asyncio.run(go()) > timedelta(seconds=5)
