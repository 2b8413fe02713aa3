"""What a worker counts, what it says of itself, and what it answers."""

import urllib.request
from types import SimpleNamespace

import pytest

from crawler.configuration import load
from crawler.health.signs import LATELY_S, Sign
from crawler.health.workers import QueueStanding
from crawler.queueing.orders import Served, WorkKind
from crawler.working.answers import SILENT_S, Queues, WorkerCollector, health, serve_metrics
from crawler.working.counting import Tally
from storage.errors import StoreUnavailable
from storage.types import Outcome, utc_now


@pytest.fixture
def tally(clock):
    return Tally(clock=clock)


def stored(outcome=Outcome.FETCHED, *, stale=False):
    return SimpleNamespace(understood=SimpleNamespace(outcome=outcome), archived=SimpleNamespace(stale=stale))


def families(tally, standing=()):
    return {one.name: one for one in WorkerCollector(tally, Queues(lambda: list(standing))).collect()}


# -- signs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign",
    [
        Sign(),
        Sign(stopping=True, pages=7, seconds=300),
        Sign(pages=123456, seconds=12, version="1.2.3rc1.dev4+g12 (local)"),
    ],
)
def test_what_a_worker_says_is_understood_again(sign):
    assert Sign.of(sign.text) == sign


@pytest.mark.parametrize("note", ["", "leading", "at work", "at work, many pages in 3 s (dateline 1)", "at work\n"])
def test_what_others_say_is_no_sign_of_a_worker(note):
    assert Sign.of(note) is None


def test_pages_a_minute_are_those_of_the_last_minutes(tally, clock):
    assert tally.sign().pages_per_minute == 0
    for _ in range(30):
        clock.now += 1
        tally.stored(stored())
    assert (tally.sign().pages, tally.sign().seconds) == (30, 30)
    assert tally.sign().pages_per_minute == 60
    clock.now += LATELY_S - 10
    assert (tally.sign().pages, tally.sign().seconds) == (11, 300)
    clock.now += LATELY_S
    assert tally.sign().pages == 0
    assert tally.pages == {"fetched": 30}


# -- counting --------------------------------------------------------------------------------------------------------


def test_a_result_that_was_too_late_is_no_page(tally):
    tally.stored(stored(stale=True))
    assert (tally.stale, tally.pages, tally.sign().pages) == (1, {}, 0)


def test_an_order_whose_host_somebody_else_held_is_no_slice(tally):
    tally.served(WorkKind.CRAWL, Served(held_by_other=True))
    tally.served(WorkKind.CRAWL, Served(documents=3, more=True))
    tally.served(WorkKind.BACKFILL, Served(documents=2))
    assert tally.held_by_other == 1
    assert tally.slices == {WorkKind.CRAWL: 1, WorkKind.BACKFILL: 1}
    assert tally.documents == {WorkKind.CRAWL: 3, WorkKind.BACKFILL: 2}


# -- metrics ---------------------------------------------------------------------------------------------------------


def test_metrics_say_what_was_counted(tally, clock):
    tally.stored(stored(Outcome.GONE))
    tally.lose(2)
    tally.held, tally.beat_at = 5, clock.now - 4
    oldest = QueueStanding(queue="hosts", waiting=3, running=2, stalled=1, oldest=utc_now())
    empty = QueueStanding(queue="texts", waiting=0, running=0, stalled=0, oldest=None)
    told = families(tally, [oldest, empty])
    values = {(sample.name, *sample.labels.values()): sample.value for one in told.values() for sample in one.samples}
    assert values["dateline_worker_pages_total", "gone"] == 1
    assert values["dateline_worker_lost_leases_total",] == 2
    assert values["dateline_worker_hosts_held",] == 5
    assert values["dateline_worker_heartbeat_age_seconds",] == 4
    assert [values["dateline_queue_jobs", "hosts", state] for state in ("waiting", "running", "stalled")] == [3, 2, 1]
    assert 0 <= values["dateline_queue_oldest_wait_seconds", "hosts"] < 60
    assert values["dateline_queue_oldest_wait_seconds", "texts"] == 0
    assert values["dateline_database_up",] == 1


def test_a_database_that_is_away_takes_the_queues_away_and_nothing_else(tally):
    def away():
        raise StoreUnavailable("nobody answers")

    told = {one.name: one for one in WorkerCollector(tally, Queues(away)).collect()}
    assert told["dateline_database_up"].samples[0].value == 0
    assert "dateline_queue_jobs" not in told
    assert "dateline_worker_slices" in told


def test_the_queue_is_not_asked_with_every_scrape(clock):
    asked = []
    queues = Queues(lambda: asked.append(1) or [], clock=clock)
    for _ in range(5):
        queues.standing()
    assert len(asked) == 1
    clock.now += 11
    queues.standing()
    assert len(asked) == 2


def test_a_slow_database_is_asked_rarely(clock):
    asked = []

    def slow():
        asked.append(clock.now)
        clock.now += 3
        return []

    queues = Queues(slow, clock=clock)
    for _ in range(70):
        queues.standing()
        clock.now += 1
    assert len(asked) == 2


def test_a_worker_whose_loop_stands_still_is_failing(tally, clock):
    assert health(tally)["status"] == "ok"
    clock.now += SILENT_S + 1
    said = health(tally)
    assert said["status"] == "failing"
    assert said["problems"] == ["its loop has not turned for 31 s"]


def test_both_pages_are_answered_and_the_figures_of_the_process_with_them(tally, tmp_path, postgres_url):
    (tmp_path / "dateline.toml").write_text(f'[storage]\ndatabase = "{postgres_url}"\n')
    endpoint = serve_metrics(load(tmp_path), tally, "127.0.0.1:0")
    try:
        port = endpoint.address[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            told = answer.read().decode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
            assert answer.status == 200
    finally:
        endpoint.close()
    assert "process_resident_memory_bytes" in told
    assert "dateline_worker_stopping 0.0" in told
    assert 'dateline_queue_jobs{queue="hosts",state="waiting"}' in told


def test_nobody_answers_where_no_address_is_named(tally, tmp_path, caplog):
    (tmp_path / "dateline.toml").write_text("")
    assert serve_metrics(load(tmp_path), tally, "") is None
    assert caplog.text == ""
    assert serve_metrics(load(tmp_path), tally, "nowhere") is None
    assert "workers.metrics: 'nowhere' is no ADDRESS:PORT" in caplog.text
