"""A queue on a real server, emptied before each test, and workers that do as they are told."""

import asyncio
from dataclasses import dataclass, field
from functools import partial

import pytest
from raw_postgres import connected, rows_of

from crawler.configuration import load
from crawler.queueing.engine import open_queue
from crawler.queueing.orders import HostOrder, Served, WorkKind
from crawler.queueing.reaching import SCHEMA
from crawler.queueing.tables import ensure_tables

PATIENCE_S = 30
DONE = Served(documents=1)


@pytest.fixture
def queue_url(postgres_url):
    """A library's database with an empty queue."""
    ensure_tables(postgres_url)
    with connected(postgres_url, schema=SCHEMA) as connection:
        connection.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
        connection.execute("UPDATE dateline_about SET fed_at = '-infinity', fed_by = ''")
    return postgres_url


@pytest.fixture
def library(tmp_path, queue_url):
    """The configuration of the library."""
    (tmp_path / "dateline.toml").write_text(f'[storage]\ndatabase = "{queue_url}"\n')
    return load(tmp_path)


@pytest.fixture
def sql(queue_url):
    """Asks the queue's tables."""
    with connected(queue_url, schema=SCHEMA) as connection:
        yield lambda statement, *values: rows_of(connection.execute(statement, values))


@pytest.fixture
def run():
    """Runs a coroutine, for no longer than a test may take."""
    return lambda coroutine: asyncio.run(asyncio.wait_for(coroutine, PATIENCE_S))


def order(name, **fields):
    return HostOrder(host=f"{name}.example", **fields)


@dataclass
class Server:
    """Serves orders: notes them, and says what it is told to.

    ``overlaps`` are hosts that were served by two at once.
    """

    answers: dict = field(default_factory=dict)
    served: list = field(default_factory=list)
    running: set = field(default_factory=set)
    overlaps: list = field(default_factory=list)
    enough: int = 0
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    lasts_s: float = 0.0

    async def __call__(self, one):
        if one.lock in self.running:
            self.overlaps.append(one.lock)
        self.running.add(one.lock)
        try:
            await asyncio.sleep(self.lasts_s)
            self.served.append(one.host.removesuffix(".example"))
            if len(self.served) >= self.enough:
                self.stop.set()
            return self._answer(one)
        finally:
            self.running.discard(one.lock)

    def _answer(self, one):
        answers = self.answers.get(one.host.removesuffix(".example"), [])
        answer = answers.pop(0) if answers else DONE
        if isinstance(answer, Exception):
            raise answer
        return answer


async def work(queue, server, *, places=1, name="worker", queue_name="hosts"):
    await queue.work(server, queue=queue_name, places=places, name=name, stop=server.stop)


async def until(true, patience_s=20):
    async with asyncio.timeout(patience_s):
        while not true():  # noqa: ASYNC110 - what is waited for is in a database
            await asyncio.sleep(0.02)


@pytest.fixture
def kit():
    """What the tests of this folder share."""
    return Kit


class Kit:
    order = staticmethod(order)
    work = staticmethod(work)
    until = staticmethod(until)
    connect = staticmethod(partial(connected, schema=SCHEMA))
    open = staticmethod(open_queue)
    Server = Server
    DONE = DONE
    MORE = Served(documents=1, more=True)
    HELD = Served(held_by_other=True)
    BACKFILL = WorkKind.BACKFILL
