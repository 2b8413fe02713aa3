"""Work is left to workers: what `--queue` puts, what `dateline queue` tells, and where there can be no queue."""

import pytest
from raw_postgres import ask_queue

from crawler.configuration import load
from crawler.library import open_library
from crawler.queueing.orders import BY_HAND
from crawler.queueing.tables import ensure_tables
from crawler.queueing.views import look
from crawler.runs import RUN_VARIABLE, login_name
from storage.types import HostState, Run, RunState, utc_now

URLS = ("http://a.example/1", "http://b.example/2", "http://c.example/3", "http://a.example/4")
HOSTS = ["a.example", "b.example", "c.example"]


@pytest.fixture
def shared(news, in_news, postgres_url):
    """A library on PostgreSQL, with an empty queue."""
    (news / "dateline.toml").write_text(f'[storage]\ndatabase = "{postgres_url}"\n')
    ensure_tables(postgres_url)
    ask_queue(postgres_url, "TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    return news


@pytest.fixture
def filled(shared, dateline, table):
    dateline("events", "import", table(*URLS))
    return shared


def jobs(folder):
    return look(load(folder)).jobs


def test_a_crawl_is_queued_host_by_host_and_not_twice(filled, dateline):
    said = dateline("crawl", "--queue")
    assert said.out.splitlines() == [
        "3 jobs queued for 3 hosts: 4 documents",
        "no worker is at work: `dateline work` starts one",
    ]
    assert [(one.order.host, one.priority, one.order.due_only) for one in jobs(filled)] == [
        (host, 0, True) for host in HOSTS
    ]
    again = dateline("crawl", "--queue", "--json").json
    assert again == {"hosts": 3, "queued": 0, "waited": 3, "documents": 4, "workers": []}
    with open_library(load(filled)) as library:
        run = next(iter(library.store.runs(limit=1)))
        assert (run.command, run.state, run.exit_status) == ("dateline crawl --queue", RunState.FINISHED, 0)
        assert run.counts["waited"] == 3
        assert all(not host.lease_token for host in library.store.hosts(now=utc_now()))


def test_what_is_named_comes_first_and_a_paused_host_not_at_all(filled, dateline, postgres_url):
    (filled / "dateline.toml").write_text(
        f'[storage]\ndatabase = "{postgres_url}"\n[hosts."b.example"]\npaused = true\n'
    )
    dateline("crawl", "--queue")
    said = dateline("crawl", "--queue", "--host", "http://c.example/x")
    assert said.out.startswith("0 jobs queued (1 waited already) for 1 host: 1 document\n")
    assert [(one.order.host, one.priority) for one in jobs(filled)] == [("c.example", BY_HAND), ("a.example", 0)]
    nothing = dateline("crawl", "--queue", "--outcome", "timeout")
    assert nothing.out == "nothing to queue\n"
    plan = dateline("crawl", "--queue", "--dry-run").out
    assert "4 documents would be fetched" in plan


def test_a_job_of_the_scheduler_is_nobodys_order(filled, dateline, monkeypatch):
    now = utc_now()
    row = Run(
        token="feed0123",
        command="dateline crawl --queue",
        machine="here",
        pid=0,
        started_at=now,
        heartbeat_at=now,
        job="sources",
    )
    with open_library(load(filled)) as library:
        library.store.start_run(row)
    monkeypatch.setenv(RUN_VARIABLE, row.token)
    dateline("crawl", "--queue", "--host", "a.example")
    dateline("crawl", "--queue", "--host", "b.example")
    by = {one.order.host: (one.order.by, one.priority) for one in jobs(filled)}
    assert by == {"a.example": ("", 0), "b.example": (login_name(), BY_HAND)}


def test_a_refetch_is_queued_for_each_event_and_host(filled, dateline):
    with open_library(load(filled)) as library:
        keys = [event.key for event in library.store.events()]
    said = dateline("refetch", keys[0], keys[1], keys[0], "--queue", "--json").json
    assert (said["queued"], said["documents"]) == (2, 2)
    orders = [one.order for one in jobs(filled)]
    assert {one.event_key for one in orders} == set(keys[:2])
    assert all(not one.due_only and one.since is not None and one.by for one in orders)
    assert {one.priority for one in jobs(filled)} == {BY_HAND}
    again = dateline("refetch", keys[0], "--queue", "--json").json
    assert (again["queued"], again["waited"]) == (0, 1)
    refused = dateline("refetch", *keys[:2], expect=2)
    assert "--queue" in refused.err


def test_a_backfill_is_queued_with_its_options(filled, dateline):
    with open_library(load(filled)) as library:
        key = next(iter(library.store.events())).key
    assert dateline("backfill", "--queue").out == "nothing to queue\n"
    said = dateline("backfill", key, "--queue", "--versions", "--since", "2011-01-01", "--json").json
    assert (said["queued"], said["documents"]) == (1, 1)
    (job,) = jobs(filled)
    order = job.order
    assert (order.kind, order.host, order.event_key, order.due_only) == ("backfill", "a.example", key, False)
    assert order.options == {"since": "2011-01-01", "versions": "1"}
    assert job.priority == BY_HAND
    assert "--queue" in dateline("backfill", "--save", "--queue", expect=2).err


def test_what_the_rules_want_from_archives_is_queued(filled, dateline):
    now = utc_now()
    with open_library(load(filled)) as library:
        dead = HostState(name="a.example", failures=50, last_outcome="dns", last_attempt_at=now)
        library.store.put_host_states([dead])
    said = dateline("backfill", "--queue", "--json").json
    assert (said["hosts"], said["documents"]) == (1, 2)
    (job,) = jobs(filled)
    assert (job.order.lock, job.order.due_only, job.order.options, job.priority) == ("backfill:a.example", True, {}, 0)


# -- the queue -------------------------------------------------------------------------------------------------------


def test_the_queue_is_told_host_by_host(filled, dateline):
    assert "0 jobs waiting, 0 being done" in dateline("queue").out
    dateline("crawl", "--queue")
    dateline("backfill", "--host", "a.example", "--versions", "--queue")
    said = dateline("queue")
    assert said.out.splitlines()[0].split() == [
        "host",
        "kind",
        "waiting",
        "for",
        "priority",
        "ordered",
        "by",
        "at",
        "work",
    ]
    assert "4 jobs waiting (3 crawl, 1 backfill), 0 being done" in said.out
    assert "nobody is at work" in said.err
    told = dateline("queue", "--json").json
    assert told["totals"]["waiting"] == 4
    assert told["totals"]["by_kind"] == {"crawl": 3, "backfill": 1}
    assert [(one["host"], one["kind"]) for one in told["hosts"]] == [
        ("a.example", "backfill"),
        *((host, "crawl") for host in HOSTS),
    ]
    only = dateline("queue", "--host", "b.example", "--json").json
    assert [one["host"] for one in only["hosts"]] == ["b.example"]


def test_a_stalled_job_is_told(filled, dateline, postgres_url):
    dateline("crawl", "--queue")
    ask_queue(postgres_url, "UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = 'host:b.example'")
    said = dateline("queue")
    assert "1 job stalled" in said.err
    assert next(line for line in said.out.splitlines() if line.startswith("b.example")).endswith("stalled")


def test_clearing_takes_what_waits_and_says_that_nothing_is_lost(filled, dateline, postgres_url):
    dateline("crawl", "--queue")
    with open_library(load(filled)) as library:
        key = next(iter(library.store.events())).key
    dateline("refetch", key, "--queue")
    ask_queue(postgres_url, "UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = 'host:b.example'")
    look_first = dateline("queue", "clear", "--dry-run")
    assert look_first.out.startswith("3 jobs would be removed; what is due stays due")
    assert "1 job of them somebody ordered" in look_first.out
    assert dateline("queue", "clear", "--host", "c.example", "--json").json["removed"] == 1
    assert dateline("queue", "clear").out.startswith("2 jobs removed")
    assert [one.order.host for one in jobs(filled)] == ["b.example"]
    assert dateline("crawl", "--queue", "--json").json["queued"] == 3, "a host at work may be queued again"


@pytest.mark.parametrize(
    "words",
    [
        ("crawl", "--queue"),
        ("backfill", "--queue"),
        ("refetch", "2011/05/9/x", "--queue"),
        ("queue",),
        ("queue", "--json"),
        ("queue", "clear"),
        ("queue", "clear", "--dry-run"),
    ],
)
def test_without_postgresql_it_is_one_sentence(dateline, in_news, words):
    said = dateline(*words, expect=2)
    assert said.err.startswith("error: workers share their queue through PostgreSQL")
    assert len(said.err.splitlines()) == 1
    with open_library(load(in_news)) as library:
        assert list(library.store.runs(limit=1)) == []


def test_a_scheduler_that_is_to_queue_wants_a_queue(dateline, in_news):
    (in_news / "dateline.toml").write_text("[workers]\nuse = true\n")
    said = dateline("schedule", "run", "--once", expect=2)
    assert said.err.startswith("error: workers share their queue through PostgreSQL")
