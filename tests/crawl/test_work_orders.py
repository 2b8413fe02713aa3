"""One worker, from the order to its exit: what is due, what somebody queued, archives, metrics, and how it stops."""

import json
import re
import signal
import socket
import time
import urllib.request
from contextlib import closing

import pytest
from archive_desk import arrange, searches
from archive_files import warc
from archive_pages import WORLD, shots, table
from workers_at_work import until

from crawler.demo.bulk import bulk_entries, bulk_sites, bulk_urls
from crawler.demo.web import LocalWeb
from storage.types import FetchReason, RunState, SearchState, utc_now

HOSTS, PAGES = 3, 4
LOCAL = "local"
KEPT = tuple(cited for cited in WORLD if not cited.excluded)[:3]
STOPPED_WITHIN_S = 20
DELAY_S = 1.5
"""Long enough that every host still has pages left when somebody has looked at them all."""


@pytest.fixture
def web():
    with LocalWeb(bulk_sites(hosts=HOSTS, pages=PAGES)) as web:
        yield web


def free_port():
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def asked(port, path):
    """What a worker answers; empty while it does not."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def runs(desk):
    with desk.library() as library:
        return library.store.runs()


def test_what_is_due_then_what_was_ordered_by_hand_then_archives(desk, unqueued_url, web, tmp_path):
    arrange(desk, archives={LOCAL: {}}, database=unqueued_url, proxy=web.proxy_url, hosts=8, allow_private=False)
    desk.import_table(bulk_entries(hosts=HOSTS, pages=PAGES))
    done = desk.run("work", "--once", "--log-level", "info")
    assert desk.status().by_outcome == {"fetched": HOSTS * PAGES}
    assert desk.problems() == []
    assert len(re.findall(r" INFO: fetched http://", done.err)) == HOSTS * PAGES
    assert len(re.findall(r" INFO: crawl paper-\d+\.bulk\.example: 4 documents", done.err)) == HOSTS
    (first,) = runs(desk)
    assert (first.command, first.state, first.exit_status) == ("dateline work --once", RunState.FINISHED, 0)
    assert first.counts == {"fetched": HOSTS * PAGES}

    # A person orders; a worker that serves only orders finds that, and nothing else.
    urls = list(bulk_urls(hosts=HOSTS, pages=PAGES))
    assert "2 documents" in desk.run("refetch", desk.first_event(), "--queue").out
    desk.run("work", "--once", "--only-ordered", "--only", "crawl")
    reasons = [[attempt.reason for attempt in desk.attempts(url)] for url in urls]
    assert sorted(map(len, reasons)) == [1] * (HOSTS * PAGES - 2) + [2, 2]
    assert [found[1] for found in reasons if len(found) == 2] == [FetchReason.REQUESTED] * 2

    # Archives: files that somebody handed over.
    handed = tmp_path / "handed"
    handed.mkdir()
    (handed / "one.warc.gz").write_bytes(warc(shots(KEPT))[0])
    desk.run("holdings", "add", handed)
    before = {event.key for event in events_of(desk)}
    desk.import_table(table(KEPT), "more.csv")
    named = [event.key for event in events_of(desk) if event.key not in before]
    assert named
    desk.run("backfill", *named, "--queue")
    done = desk.run("work", "--once", "--only", "backfill", "--only-ordered", "--log-level", "INFO")
    found = searches(desk)
    assert {url for url, _ in found} == {cited.url for cited in KEPT}, done.err
    assert SearchState.FOUND in found.values()
    assert [desk.attempts(cited.url)[-1].reason for cited in KEPT] == [FetchReason.BACKFILL] * len(KEPT)
    assert len(re.findall(r" INFO: (?:rescued|missing) http", done.err)) == len(KEPT)
    assert re.search(r" INFO: backfill \S+: \d+ documents?", done.err)
    assert [one for one in web.log if one.target != "/robots.txt" and "bulk.example" not in one.host] == []
    assert json.loads(desk.run("workers", "--json").out)["workers"] == []


def events_of(desk):
    with desk.library() as library:
        return list(library.store.events())


def test_a_worker_answers_is_seen_and_gives_everything_back_when_it_is_asked_to_stop(desk, unqueued_url, web):
    desk.configure(database=unqueued_url, proxy=web.proxy_url, delay_s=DELAY_S)
    path = desk.folder / "dateline.toml"
    path.write_text(path.read_text().replace("workers = 2", "workers = 1") + "[workers]\nlease_s = 4\n")
    desk.import_table(bulk_entries(hosts=HOSTS, pages=PAGES))
    port = free_port()
    worker = desk.start("work", "--metrics", f"127.0.0.1:{port}")
    expected = {'dateline_worker_pages_total{outcome="fetched"}', f"dateline_worker_hosts_held {HOSTS}.0"}
    told = until(lambda: (told := asked(port, "/metrics")) and all(one in told for one in expected) and told)
    assert 'dateline_queue_jobs{queue="hosts",state="running"}' in told
    assert "process_cpu_seconds_total" in told
    assert json.loads(asked(port, "/health"))["status"] == "ok"
    said = json.loads(desk.run("workers", "--json").out)
    (one,) = said["workers"]
    assert (one["pid"], one["state"], len(one["hosts"])) == (worker.pid, "at work", HOSTS)
    assert {queue["queue"]: queue["running"] for queue in said["queues"]}["hosts"] == HOSTS
    worker.send_signal(signal.SIGTERM)
    began = time.monotonic()
    out, err = worker.communicate(timeout=60)
    assert worker.returncode == 0, (out, err)
    assert time.monotonic() - began < STOPPED_WITHIN_S
    assert "Traceback" not in err
    (run,) = [one for one in runs(desk) if one.command.startswith("dateline work ") or one.command == "dateline work"]
    assert (run.state, run.exit_status) == (RunState.INTERRUPTED, 0)
    with desk.library() as library:
        assert library.store.held_hosts(run.token) == frozenset()
        assert library.store.status(now=utc_now()).leased == 0
    assert list((desk.folder / "runs").iterdir()) == []
    assert asked(port, "/health") == ""
    # What it left is done by the next one, and nothing is done twice.
    path.write_text(path.read_text().replace(f"delay_s = {DELAY_S}", "delay_s = 0.05"))
    desk.run("work", "--once")
    assert desk.status().by_outcome == {"fetched": HOSTS * PAGES}
    assert desk.problems() == []
    assert all(len(desk.attempts(url)) == 1 for url in bulk_urls(hosts=HOSTS, pages=PAGES))
