import asyncio
import gc
import operator
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import PageTooHard
from crawler.extraction import NoArticle, PageInput
from crawler.workers import ExtractionPool
from storage.types import Article

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SENTENCE = "The council voted on Tuesday to approve the budget, officials said. "


def page(deed="answer"):
    return PageInput(
        url="http://paper.example/a",
        content=deed.encode(),
        content_type="text/html",
        captured_at=datetime(2010, 1, 1, tzinfo=UTC),
    )


@pytest.fixture
def make_pool(monkeypatch):
    """Makes pools whose workers do what the page says; closes them."""
    monkeypatch.syspath_prepend(str(HERE))
    from hard_pages import misbehave  # noqa: PLC0415 - importable only on that path

    pools = []

    def make(**options):
        pools.append(ExtractionPool(**{"workers": 1, "understanding": misbehave} | options))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


def worker_of(pool):
    return int(asyncio.run(pool.extract(page())).detail)


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_an_article_comes_back_with_fingerprints():
    pool = ExtractionPool(workers=1)
    html = f"<html><head><title>Council</title></head><body><h1>Council</h1><p>{SENTENCE * 8}</p></body></html>"
    given = PageInput(
        url="http://paper.example/a",
        content=html.encode(),
        content_type="text/html",
        captured_at=datetime(2010, 1, 1, tzinfo=UTC),
    )
    try:
        article = asyncio.run(pool.extract(given))
    finally:
        pool.close()
    assert isinstance(article, Article)
    assert article.body.startswith("The council voted")
    assert article.text_digest


@pytest.mark.parametrize("deed", ["hang", "hang_with_the_interpreter_lock"])
def test_a_hanging_page_is_stopped_and_the_next_one_is_served(make_pool, deed):
    pool = make_pool(timeout_s=0.5)
    started = time.monotonic()
    with pytest.raises(PageTooHard, match=r"time limit of 0\.5 s"):
        asyncio.run(pool.extract(page(deed)))
    assert time.monotonic() - started < 5
    assert worker_of(pool)


def test_a_page_that_eats_memory_is_stopped(make_pool):
    pool = make_pool(memory_bytes=512 << 20)
    with pytest.raises(PageTooHard, match="memory limit of 512 MiB"):
        asyncio.run(pool.extract(page("eat_memory")))
    assert worker_of(pool)


@pytest.mark.parametrize(("deed", "status"), [("leave", "3"), ("crash", "-11")])
def test_a_page_that_kills_its_worker_is_named_and_the_next_one_is_served(make_pool, deed, status):
    pool = make_pool()
    with pytest.raises(PageTooHard, match=rf"crashed its worker \(exit status {status}\)"):
        asyncio.run(pool.extract(page(deed)))
    assert worker_of(pool)


def test_our_own_mistake_is_not_blamed_on_the_page(make_pool):
    with pytest.raises(LookupError, match="our own mistake"):
        asyncio.run(make_pool().extract(page("mistake")))


def test_hard_pages_cost_no_other_page(make_pool):
    pool = make_pool(workers=2, timeout_s=2)
    deeds = ["leave", "answer", "crash", "answer", "hang", "answer", "answer"]

    async def all_at_once():
        return await asyncio.gather(*(pool.extract(page(deed)) for deed in deeds), return_exceptions=True)

    results = asyncio.run(all_at_once())
    kinds = [NoArticle if deed == "answer" else PageTooHard for deed in deeds]
    assert [type(result) for result in results] == kinds


def test_an_idle_worker_that_is_killed_is_replaced(make_pool):
    pool = make_pool()
    victim = worker_of(pool)
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: not is_running(victim))
    time.sleep(0.5)
    assert worker_of(pool) != victim


def fork_server():
    from multiprocessing.forkserver import _forkserver  # noqa: PLC0415 - nobody else says which process it is

    return _forkserver._forkserver_pid


@pytest.mark.parametrize("with_fork_server", [False, True])
def test_a_worker_that_somebody_ends_costs_its_page_nothing(make_pool, with_fork_server):
    """A service manager may say SIGTERM to the whole family."""
    pool = make_pool()
    victim = worker_of(pool)

    async def end_while_busy():
        task = asyncio.create_task(pool.extract(page("doze")))
        await asyncio.sleep(0.3)
        if with_fork_server:
            os.kill(fork_server(), signal.SIGTERM)
        os.kill(victim, signal.SIGTERM)
        return await task

    answer = asyncio.run(asyncio.wait_for(end_while_busy(), timeout=30))
    assert isinstance(answer, NoArticle)
    assert int(answer.detail) != victim
    assert is_running(worker_of(pool))


def test_a_page_whose_worker_is_ended_again_and_again_is_given_up(make_pool):
    pool = make_pool()
    with pytest.raises(PageTooHard, match="its worker was ended twice"):
        asyncio.run(pool.extract(page("be_ended")))
    assert worker_of(pool)


def test_a_worker_is_recycled_after_its_share_of_pages(make_pool):
    pool = make_pool(recycle_after=2)
    pids = [worker_of(pool) for _ in range(5)]
    assert len(set(pids)) == 3, "the first was ready before its first page, which counts as one"


def test_a_cancelled_page_frees_its_worker(make_pool):
    pool = make_pool()

    async def cancel_one():
        task = asyncio.create_task(pool.extract(page("hang")))
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await pool.extract(page())

    assert isinstance(asyncio.run(asyncio.wait_for(cancel_one(), timeout=15)), NoArticle)


def test_closing_stops_busy_workers_at_once(make_pool):
    pool = make_pool(workers=2)
    pids = {worker_of(pool)}

    async def close_while_busy():
        task = asyncio.create_task(pool.extract(page("hang")))
        await asyncio.sleep(0.5)
        started = time.monotonic()
        await asyncio.to_thread(pool.close)
        with pytest.raises(RuntimeError, match="closed"):
            await task
        return time.monotonic() - started

    assert asyncio.run(close_while_busy()) < 3
    wait_until(lambda: not any(map(is_running, pids)))
    with pytest.raises(RuntimeError, match="closed"):
        asyncio.run(pool.extract(page()))
    pool.close()


def test_a_pool_without_workers_is_refused():
    with pytest.raises(ValueError, match="at least one worker"):
        ExtractionPool(workers=0)


KILLED_PARENT = """
import asyncio, sys
sys.path.insert(0, {here!r})
from hard_pages import misbehave
from test_workers import page
from crawler.workers import ExtractionPool

async def main():
    pool = ExtractionPool(workers=2, understanding=misbehave)
    first = await asyncio.gather(*(pool.extract(page()) for _ in range(8)))
    print(*sorted({{answer.detail for answer in first}}), flush=True)
    await asyncio.gather(*(pool.extract(page("hang_with_the_interpreter_lock")) for _ in range(2)))

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_workers_do_not_outlive_a_killed_parent(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(KILLED_PARENT.format(here=str(HERE)))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert pids
        time.sleep(0.5)
        assert all(map(is_running, pids))
        parent.kill()
    wait_until(lambda: not any(map(is_running, pids)))


def test_what_all_workers_share_is_left_alone_by_their_collectors(make_pool):
    """Else each walks through all of it, and the fork server once more when the crawl ends."""
    assert asyncio.run(make_pool()._run(operator.call, gc.get_freeze_count)) > 50_000
