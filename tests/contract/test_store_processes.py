"""Several processes on one database, processes that are killed, and connections that break."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from storage import open_store, schema
from storage.errors import StoreUnavailable
from storage.types import BackfillState, Selection

HERE = Path(__file__).parent


@pytest.fixture
def children(database):
    """Starts workers on the database; ends them with the test."""
    with ExitStack() as stack:

        def start(action, *names):
            environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
            return [
                stack.enter_context(
                    subprocess.Popen(
                        [sys.executable, HERE / "store_worker.py", action, database, name],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        text=True,
                        env=environment,
                    )
                )
                for name in names
            ]

        started = []
        stack.callback(lambda: [child.kill() for child in started])
        yield lambda *what: started.extend(fresh := start(*what)) or fresh


def output(children):
    """What each child printed after it ended well."""
    printed = [child.communicate()[0] for child in children]
    assert [child.returncode for child in children] == [0] * len(children)
    return [text.splitlines() for text in printed]


def begin_together(children):
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()


def test_four_processes_never_get_one_host_twice(database, children, make):
    with open_store(database) as store:
        sources = [make.loose(f"/{number}", f"h{number % 40}.example") for number in range(200)]
        store.put_loose(sources, now=make.NOW)
    runs = children("lease", "run-1", "run-2", "run-3", "run-4")
    begin_together(runs)
    given = output(runs)
    assert sum(1 for lines in given if lines) > 1, "one process was too fast for the others"
    owners = {line.split()[0]: number for number, lines in enumerate(given) for line in lines}
    assert all(owners[line.split()[0]] == number for number, lines in enumerate(given) for line in lines)
    documents = Counter(line.split()[1] for lines in given for line in lines)
    assert len(documents) == 200
    assert set(documents.values()) == {1}


def test_of_processes_that_claim_one_host_at_the_same_time_exactly_one_gets_it(database, children, make):
    hosts = [f"h{number}.example" for number in range(30)]
    with open_store(database) as store:
        store.put_loose([make.loose("/1", host) for host in hosts[::2]], now=make.NOW)
    runs = children("claim", "run-1", "run-2", "run-3")
    assert [child.stdout.readline() for child in runs] == ["ready\n"] * 3
    holders = {}
    for host in hosts:
        for child in runs:
            child.stdin.write(f"{host}\n")
            child.stdin.flush()
        answers = [child.stdout.readline().strip() for child in runs]
        assert sorted(answers) == sorted([host, "refused", "refused"])
        holders[host] = f"run-{1 + answers.index(host)}"
    output(runs)
    with open_store(database) as store:
        assert {host.name: host.lease_token for host in store.hosts(now=make.NOW)} == holders
        assert store.lease(make.request("run-4")) == []


def test_no_document_is_looked_for_in_archives_by_two_processes(database, children, make):
    with open_store(database) as store:
        store.put_loose([make.loose(f"/{number}") for number in range(120)], now=make.NOW)
        named = make.backfill("queue", limit=1000, due_only=False)
        assert len(store.lease_backfills(named)) == store.release("queue", not_before={}) == 120
    runs = children("backfill", "run-1", "run-2", "run-3")
    begin_together(runs)
    given = [line for lines in output(runs) for line in lines]
    assert (len(given), len(set(given))) == (120, 120)
    with open_store(database) as store:
        assert store.status(now=make.NOW).backfills == {BackfillState.MISSING: 120}


def test_no_turn_at_an_archive_is_taken_by_two_processes(database, children, make):
    runs = children("turns", "run-1", "run-2")
    begin_together(runs)
    taken = [line for lines in output(runs) for line in lines]
    assert sorted(taken) == [make.at(seconds=number).isoformat() for number in range(400)]
    with open_store(database) as store:
        state = store.host_states(["lantern.example"])["lantern.example"]
        assert state.booked == {"index": make.at(seconds=399)}


def test_eight_writers_with_twins_miss_none(database, children):
    writers = children("twins", *(f"w{number}" for number in range(8)))
    begin_together(writers)
    output(writers)
    with open_store(database) as store:
        views = list(store.articles())
        stories = {view.cluster_id: {member.article_id for member in view.cluster} for view in views}
        assert len(views) == 8 * 6
        assert [len(story) for story in stories.values()] == [8] * 6
        assert {sum(member.representative for member in view.cluster) for view in views} == {1}
        for view in views:
            assert {one.other_id for one in store.relations(view.id)} == stories[view.cluster_id] - {view.id}
            assert {one.score for one in store.relations(view.id)} == {0.75}
        assert {len(view.versions) for view in views} == {1}


def test_a_line_of_a_host_is_kept_for_five_documents_whoever_stores_them(database, children):
    writers = children("lines", "north", "south")
    begin_together(writers)
    output(writers)
    with open_store(database) as store:
        assert store.info().rows["host_lines"] == 5 + 80
        assert store.familiar_lines("harbour-post.example", [-7], document_id=0) == {-7: 4}


def test_concurrent_imports_of_the_same_entries_agree(database, children, make):
    importers = children("events", "a", "b", "c")
    begin_together(importers)
    changes = Counter(line.split()[1] for lines in output(importers) for line in lines)
    assert changes == {"new": 60, "unchanged": 120}
    with open_store(database) as store:
        status = store.status(now=make.NOW)
        assert (status.events, status.source_links, status.documents) == (60, 120, 61)


def test_kill_9_leaves_nothing_half_stored(database, children, make):
    for run, batches in (("run-1", 2), ("run-2", 5)):
        (child,) = children("archive", run)
        for _ in range(batches):
            assert child.stdout.readline()
        time.sleep(0.01 * batches)
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert schema.check(database) == []
    with open_store(database) as store:
        status = store.status(now=make.NOW)
        assert status.attempts >= 2 * 5
        assert status.captures == 2 * status.attempts
        assert status.articles == status.versions == status.attempts
        assert status.documents - status.untried == status.attempts
        assert {len(view.versions) for view in store.articles()} == {1}
        assert {host.state.failures for host in store.hosts(now=make.NOW)} == {status.attempts // 5}
        store.reclaim(["run-1", "run-2"], not_before=make.NOW)
        assert store.status(now=make.NOW).leased == 0
        undone = list(store.due(Selection(), now=make.NOW))
        assert len(store.lease(make.request("run-3", max_hosts=100, per_host=100))) == len(undone) == status.untried


# -- connections -----------------------------------------------------------------------------------------------------


def test_a_cut_between_calls_is_not_noticed(postgres_url, postgres_server, make):
    with open_store(postgres_url) as store:
        store.put_loose([make.loose("/a")], now=make.NOW)
        postgres_server.cut(postgres_url)
        assert store.status(now=make.NOW).documents == 1


def test_a_cut_during_a_call_writes_nothing_and_the_next_call_works(postgres_url, postgres_server, make):
    with open_store(postgres_url) as store:
        store.put_loose([make.loose("/a"), make.loose("/b")], now=make.NOW)
        documents = list(store.due(Selection(), now=make.NOW))
        results = [make.result(one, one.canonical_url) for one in documents]
        cuts = iter([True])

        def cut_once(article, candidates):
            if next(cuts, False):
                postgres_server.cut(postgres_url)
            return make.undecided(article, candidates)

        with pytest.raises(StoreUnavailable):
            store.archive(results, decide=cut_once, now=make.NOW)
        assert store.status(now=make.NOW).attempts == 0
        assert [one.error for one in store.archive(results, decide=cut_once, now=make.NOW)] == ["", ""]


def test_a_server_that_is_not_there_is_unavailable():
    with pytest.raises(StoreUnavailable):
        open_store("postgresql://postgres@127.0.0.1:1/none")


def test_a_locked_file_is_unavailable_and_nothing_was_written(sqlite_url, make, monkeypatch):
    monkeypatch.setattr("storage.sql.engine._SQLITE_PRAGMAS", ("journal_mode = WAL", "busy_timeout = 50"))
    with open_store(sqlite_url) as holder, open_store(sqlite_url) as store:
        with holder._write():
            with pytest.raises(StoreUnavailable):
                store.put_loose([make.loose("/a")], now=make.NOW)
            assert store.status(now=make.NOW).documents == 0
        assert store.put_loose([make.loose("/a")], now=make.NOW) == 1


def test_sqlite_is_opened_safely(sqlite_url):
    with open_store(sqlite_url) as store, store._read() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted


def test_of_processes_that_start_one_job_at_the_same_time_exactly_one_wins(database, children):
    runs = children("start", "run-1", "run-2", "run-3")
    assert [child.stdout.readline() for child in runs] == ["ready\n"] * 3
    for job in range(20):
        for child in runs:
            child.stdin.write(f"job-{job}\n")
            child.stdin.flush()
        assert sorted(child.stdout.readline().strip() for child in runs) == ["refused", "refused", "started"]
    output(runs)
