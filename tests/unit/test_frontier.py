import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crawler.frontier import PER_HOST, Frontier, FrontierLimits
from crawler.store_thread import StoreThread
from crawler.urls import identify
from storage import open_store
from storage.types import EntryOrigin, LooseSource, Selection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def store():
    with open_store("memory:") as opened:
        yield opened


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def frontier(store, clock):
    thread = StoreThread(store)
    limits = FrontierLimits(
        hosts=3, lease=timedelta(minutes=5), interval=timedelta(seconds=2), patience=timedelta(seconds=1)
    )
    yield Frontier(store=thread, token="run", selection=Selection(), limits=limits, since=NOW, clock=clock)
    thread.close()


def fill(store, hosts, pages):
    origin = EntryOrigin(name="-", line=1, format="urls")
    urls = [f"http://h{host}.example/{page}" for host in range(hosts) for page in range(pages)]
    store.put_loose([LooseSource(cited_url=url, identity=identify(url), origin=origin) for url in urls], now=NOW)


def hosts(documents):
    return sorted(document.host for document in documents)


def test_one_document_of_each_host_at_a_time(store, frontier):
    fill(store, 2, 3)

    async def crawl():
        first = await frontier.take()
        assert hosts(first) == ["h0.example", "h1.example"]
        waiting = asyncio.ensure_future(frontier.take())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        frontier.done(first[0])
        (second,) = await waiting
        assert second.host == first[0].host
        assert second.id != first[0].id

    asyncio.run(crawl())


def test_no_more_hosts_are_held_than_allowed_and_no_more_documents_than_a_slice(store, frontier):
    fill(store, 5, PER_HOST + 10)

    async def crawl():
        assert hosts(await frontier.take()) == ["h0.example", "h1.example", "h2.example"]

    asyncio.run(crawl())
    assert store.status(now=NOW).leased == 3 * PER_HOST


def test_everything_is_handed_out_once_and_the_end_is_said(store, frontier, clock):
    fill(store, 7, 23)
    seen = []

    async def crawl():
        while documents := await frontier.take():
            seen.extend(document.id for document in documents)
            for document in documents:
                store.reschedule(Selection(canonical_url=document.canonical_url), next_fetch_at=None)
                frontier.done(document)
            clock.now += timedelta(seconds=1)

    asyncio.run(crawl())
    assert len(seen) == len(set(seen)) == 7 * 23
    assert store.status(now=clock.now).leased == 0


def test_a_host_that_says_too_often_is_given_back_with_its_rest(store, frontier, clock):
    fill(store, 1, 3)

    async def crawl():
        (first,) = await frontier.take()
        frontier.rest(first.host, timedelta(minutes=10))
        assert frontier.is_resting(first.host)
        frontier.done(first)
        assert await frontier.take() == []

    asyncio.run(crawl())
    (host,) = store.hosts(now=NOW)
    assert host.not_before == NOW + timedelta(minutes=10)
    assert host.lease_token == ""
    clock.now += timedelta(minutes=11)
    assert not frontier.is_resting("h0.example")


def test_a_host_given_back_rests_for_its_interval(store, frontier):
    fill(store, 1, 1)

    async def crawl():
        (only,) = await frontier.take()
        frontier.slow_down(only.host, timedelta(seconds=30))
        store.reschedule(Selection(canonical_url=only.canonical_url), next_fetch_at=None)
        frontier.done(only)
        assert await frontier.take() == []

    asyncio.run(crawl())
    assert [host.not_before for host in store.hosts(now=NOW)] == [NOW + timedelta(seconds=30)]


def test_closing_gives_everything_back(store, frontier):
    fill(store, 3, 4)

    async def crawl():
        await frontier.take()
        assert await frontier.close() == 12

    asyncio.run(crawl())
    assert store.status(now=NOW).leased == 0
    assert {host.not_before for host in store.hosts(now=NOW)} == {NOW + timedelta(seconds=2)}


def test_an_answer_for_a_host_that_was_given_back_changes_nothing(store, frontier):
    fill(store, 1, 2)

    async def crawl():
        (first,) = await frontier.take()
        await frontier.close()
        frontier.done(first)

    asyncio.run(crawl())
    assert store.status(now=NOW).leased == 0


def test_a_host_that_rests_is_waited_for_when_it_is_not_long(store, frontier, clock):
    fill(store, 1, 1)
    (document,) = store.due(Selection(), now=NOW)
    store.release("nobody", not_before={document.host: NOW + timedelta(seconds=0.05)})

    async def crawl():
        async def pass_time():
            await asyncio.sleep(0.02)
            clock.now += timedelta(seconds=0.06)

        passing = asyncio.ensure_future(pass_time())
        taken = await frontier.take()
        await passing
        assert [one.id for one in taken] == [document.id]

    asyncio.run(crawl())


def test_keeping_alive_prolongs_the_leases(store, frontier, clock):
    fill(store, 1, 1)

    async def crawl():
        await frontier.take()
        clock.now += timedelta(minutes=4)
        await frontier.keep_alive()

    asyncio.run(crawl())
    assert [host.lease_until for host in store.hosts(now=clock.now)] == [NOW + timedelta(minutes=9)]
