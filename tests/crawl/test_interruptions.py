"""A crawl that is killed, interrupted, doubled or cut off from its database: nothing lost, nothing stored twice."""

import os
import signal
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from progress import pages_served, wait_for_pages

from crawler.demo.access import by_host, max_in_flight
from crawler.demo.bulk import bulk_entries
from storage.types import CaptureKind, Outcome, RunState, utc_now

DELAY_S = 0.2


def assert_complete(bulk):
    """Every document has its article once, each capture its record, and no host was hurried."""
    with bulk.desk.library() as library:
        status = library.store.status(now=utc_now())
        keys = Counter(
            attempt.key
            for view in library.store.articles()
            for attempt in library.store.history(view.document.canonical_url).attempts
        )
        captures = list(library.store.captures())
    assert status.documents == bulk.documents
    assert status.by_outcome == {Outcome.FETCHED: bulk.documents}
    assert (status.articles, status.versions, status.attempts) == (bulk.documents,) * 3
    assert (status.due, status.leased, status.untried) == (0, 0, 0)
    assert set(keys.values()) == {1}
    assert len(captures) == bulk.documents
    assert {capture.kind for capture in captures} == {CaptureKind.LIVE}
    assert bulk.desk.problems() == []
    assert max(max_in_flight(bulk.web.log).values()) == 1
    assert min(own_intervals(bulk)) >= 0.75 * DELAY_S
    # One request that reaches a busy server late shortens the interval after it: the median of a host tells.
    assert min(median(intervals) for intervals in served_intervals(bulk)) >= 0.75 * DELAY_S


def own_intervals(bulk):
    """Seconds between the starts of consecutive attempts on one host, by the library's own rows."""
    starts = defaultdict(list)
    with bulk.desk.library() as library:
        for view in library.store.articles():
            for attempt in library.store.history(view.document.canonical_url).attempts:
                starts[view.document.host].append(attempt.started_at)
    for moments in starts.values():
        for earlier, later in pairwise(sorted(moments)):
            yield (later - earlier).total_seconds()


def served_intervals(bulk):
    """For each host the seconds between the starts of its consecutive requests, as the server saw them."""
    for accesses in by_host(bulk.web.log).values():
        moments = sorted(access.started_at for access in accesses)
        yield [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]


def test_an_uninterrupted_crawl_fetches_everything_once(bulk):
    report = bulk.desk.run("crawl", "--json").json
    assert report["outcomes"] == {"fetched": bulk.documents}
    assert_complete(bulk)
    assert pages_served(bulk.web) == bulk.documents
    again = bulk.desk.run("crawl", "--json").json
    assert again["outcomes"] == {}
    assert pages_served(bulk.web) == bulk.documents


def test_killed_three_times_nothing_is_lost_or_stored_twice(bulk):
    for moment in (1, bulk.documents // 3, 2 * bulk.documents // 3):
        process = bulk.desk.start("crawl")
        wait_for_pages(bulk.web, moment, process)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    bulk.desk.run("crawl", "--json")
    assert_complete(bulk)
    with bulk.desk.library() as library:
        states = Counter(run.state for run in library.store.runs())
    assert states[RunState.FINISHED] == 1
    assert states[RunState.DEAD] >= 1
    assert states[RunState.RUNNING] == 0


def test_killed_workers_do_not_outlive_the_crawl(bulk):
    process = bulk.desk.start("crawl")
    wait_for_pages(bulk.web, 5, process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + 10
    while group_members(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert group_members(process.pid) == []


def group_members(group):
    """Processes of a process group, from /proc."""
    members = []
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group and fields[0] != "Z":
                members.append(int(entry.name))
    return members


def test_two_crawls_at_once_share_the_work_and_never_a_host(bulk):
    first, second = bulk.desk.start("crawl", "--json"), bulk.desk.start("crawl", "--json")
    for process in (first, second):
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    bulk.desk.run("crawl", "--json")
    assert_complete(bulk)
    assert pages_served(bulk.web) == bulk.documents


def test_an_interrupted_crawl_gives_everything_back_and_says_how_to_go_on(bulk):
    process = bulk.desk.start("crawl")
    wait_for_pages(bulk.web, bulk.documents // 3, process)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "run the same command again" in out
    assert "Traceback" not in err
    status = bulk.desk.status()
    with bulk.desk.library() as library:
        assert library.store.runs()[0].state is RunState.INTERRUPTED
    assert status.leased == 0
    assert 0 < status.articles < bulk.documents
    bulk.desk.run("crawl")
    assert_complete(bulk)


@pytest.fixture
def on_postgres(desk, postgres_url, bulk):
    """The same crowd, in a PostgreSQL database."""
    desk.configure(database=postgres_url, proxy=bulk.web.proxy_url, delay_s=DELAY_S)
    desk.import_table(bulk_entries(hosts=bulk.hosts, pages=bulk.pages))
    bulk.web.clear_log()
    return bulk


def test_on_postgresql_a_killed_crawl_loses_nothing(on_postgres):
    process = on_postgres.desk.start("crawl")
    wait_for_pages(on_postgres.web, on_postgres.documents // 2, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    on_postgres.desk.run("crawl", "--json")
    assert_complete(on_postgres)


def test_on_postgresql_a_database_that_drops_its_connections_stops_nothing(on_postgres, postgres_server, postgres_url):
    process = on_postgres.desk.start("crawl", "--json")
    for moment in (5, on_postgres.documents // 2):
        wait_for_pages(on_postgres.web, moment, process)
        postgres_server.cut(postgres_url)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert_complete(on_postgres)


def test_a_killed_import_leaves_whole_files_and_the_next_one_completes_it(desk, tmp_path):
    desk.configure()
    folder = tmp_path / "tables"
    folder.mkdir()
    head, *rows = bulk_entries(hosts=100, pages=60).splitlines(keepends=True)
    for number in range(60):
        (folder / f"{number:02}.csv").write_text(head + "".join(rows[number * 100 : number * 100 + 100]))
    process = desk.start("events", "import", folder)
    deadline = time.monotonic() + 60
    while desk.status().events == 0 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    left = desk.status()
    assert 0 < left.events < 3000
    assert left.events % 50 == 0
    assert left.source_links == 2 * left.events
    assert desk.problems() == []
    report = desk.run("events", "import", folder, "--json").json
    assert (report["new"], report["unchanged"], report["changed"]) == (3000 - left.events, left.events, 0)
    assert desk.status().documents == 6000
