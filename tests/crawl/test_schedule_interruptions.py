"""Schedulers, their jobs and their database are killed while a crawl is at work: it goes on, or is taken up again."""

import os
import signal
import time
from collections import Counter
from contextlib import suppress

import pytest
from workers_at_work import until

from crawler.configuration import load
from crawler.demo.bulk import bulk_entries
from storage.leading import leader
from storage.types import RunState, utc_now

JOBS = '[schedule]\ndefaults = false\nlisten = ""\nstop_s = 60.0\n[jobs.nightly]\ncommand = "crawl"\nevery = "900d"\n'
PATIENCE_S = 90


def timed(true):
    """Wait for it; returns what it said and how many seconds it took."""
    began = time.monotonic()
    return until(true, PATIENCE_S), time.monotonic() - began


class Scene:
    """A library with one job, and the schedulers that were started on it."""

    def __init__(self, bulk):
        self.bulk = bulk
        self.desk = bulk.desk
        path = self.desk.folder / "dateline.toml"
        path.write_text(path.read_text() + JOBS)
        self.configuration = load(self.desk.folder)
        self.schedulers = []

    def start(self):
        self.schedulers.append(self.desk.start("schedule", "run"))
        return self.schedulers[-1]

    def leader(self):
        found = leader(self.configuration.database_url, self.desk.folder)
        return found.pid if found else None

    def want(self):
        with self.desk.library() as library:
            library.store.want_job("nightly", now=utc_now(), who="ada")

    def runs(self, state=None):
        with self.desk.library() as library:
            return library.store.runs(job="nightly", state=state)

    def says(self, words):
        """Whether some run of the library says so in its log."""
        return any(words in file.read_text() for file in (self.desk.folder / "logs").glob("*.log"))

    def at_work(self, beyond):
        """The run at work, once it stored something more than so many pages."""
        runs = self.runs(RunState.RUNNING)
        return runs[0] if runs and self.desk.status().articles > beyond else None

    def close(self):
        for process in self.schedulers:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            print(f"scheduler {process.pid} said:", *process.communicate(), sep="\n")
        for run in self.runs(RunState.RUNNING):
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)


@pytest.fixture
def scene(bulk):
    made = Scene(bulk)
    yield made
    made.close()


def assert_everything_once(bulk):
    with bulk.desk.library() as library:
        status = library.store.status(now=utc_now())
        attempts = Counter(
            attempt.document_id
            for view in library.store.articles()
            for attempt in library.store.history(view.document.canonical_url).attempts
        )
    assert (status.articles, status.attempts, status.leased) == (bulk.documents, bulk.documents, 0), status
    assert set(attempts.values()) == {1}
    assert bulk.desk.problems() == []


def test_a_killed_leader_a_killed_job_and_a_stopped_scheduler_lose_nothing(scene):
    scene.start()
    until(scene.leader, PATIENCE_S)
    scene.start()
    scene.want()
    run, _ = timed(lambda: scene.at_work(beyond=5))
    first, second = sorted(scene.schedulers, key=lambda process: process.pid != scene.leader())

    os.kill(first.pid, signal.SIGKILL)
    _, took = timed(lambda: scene.leader() == second.pid)
    print(f"takeover: {took:.2f} s")
    until(lambda: scene.says(f"run {run.number} is taken over"), PATIENCE_S)
    articles = scene.desk.status().articles
    until(lambda: scene.desk.status().articles > articles, PATIENCE_S)  # the job went on
    assert [one.token for one in scene.runs()] == [run.token]

    os.kill(run.pid, signal.SIGKILL)
    (dead,), took = timed(lambda: scene.runs(RunState.DEAD))
    print(f"settled: {took:.2f} s")
    assert dead.token == run.token
    assert scene.desk.status().leased == 0

    scene.want()
    again, took = timed(lambda: scene.at_work(beyond=scene.desk.status().articles))
    print(f"started_again: {took:.2f} s")
    assert again.token != run.token
    began = time.monotonic()
    os.kill(second.pid, signal.SIGTERM)
    _, err = second.communicate(timeout=PATIENCE_S)
    print(f"stopped: {time.monotonic() - began:.2f} s")
    assert second.returncode == 0, err
    assert "Traceback" not in err
    assert "asked to stop, within 60 s: nightly" in err
    assert scene.runs()[0].state is RunState.INTERRUPTED
    assert (scene.desk.status().leased, scene.leader()) == (0, None)

    scene.desk.run("crawl")
    assert_everything_once(scene.bulk)


@pytest.fixture
def on_postgres(scene, postgres_url):
    """The same, in a PostgreSQL database."""
    bulk = scene.bulk
    bulk.desk.configure(database=postgres_url, proxy=bulk.web.proxy_url, delay_s=0.2)
    bulk.desk.import_table(bulk_entries(hosts=bulk.hosts, pages=bulk.pages))
    return Scene(bulk)


def test_a_database_that_drops_its_connections_costs_the_lead_for_a_moment(on_postgres, postgres_server, postgres_url):
    scene = on_postgres
    processes = [scene.start(), scene.start()]
    try:
        until(scene.leader, PATIENCE_S)
        scene.want()
        run, _ = timed(lambda: scene.at_work(beyond=5))
        postgres_server.cut(postgres_url)
        _, took = timed(scene.leader)
        print(f"leads_again: {took:.2f} s")
        (ended,), _ = timed(lambda: [one for one in scene.runs() if one.exit_status is not None])
        assert (ended.token, ended.state, ended.exit_status) == (run.token, RunState.FINISHED, 0)
        until(scene.leader, PATIENCE_S)
        for process in processes:
            os.kill(process.pid, signal.SIGTERM)
            _, err = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0, err
            assert "Traceback" not in err
    finally:
        scene.close()
    assert_everything_once(scene.bulk)
