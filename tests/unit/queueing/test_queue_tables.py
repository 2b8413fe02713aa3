"""The queue's tables: made once, upgraded, and refused where they are another program's."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import pytest

from crawler.configuration import load
from crawler.errors import ConfigurationError
from crawler.queueing import reaching, tables
from crawler.queueing.engine import open_queue, put_orders
from crawler.queueing.orders import HostOrder
from crawler.queueing.reaching import SCHEMA
from crawler.queueing.tables import ensure_tables
from crawler.queueing.views import clear, look
from storage import schema
from storage.backing_up import copy_database, put_database, require_empty
from storage.errors import LibraryError

OLD = "3.2.2"


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The configuration of a library whose database this is."""

    def build(url):
        (tmp_path / "dateline.toml").write_text(f'[storage]\ndatabase = "{url}"\n')
        return load(tmp_path)

    return build


def tables_of(connection):
    rows = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", (SCHEMA,))
    return {name for (name,) in rows}


def made_by(connection):
    return connection.execute("SELECT version FROM dateline_about").fetchall()


def test_two_that_begin_at_once_make_one_queue(unqueued_url, kit):
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: ensure_tables(unqueued_url), range(4)))
    with kit.connect(unqueued_url) as connection:
        assert {"procrastinate_jobs", "dateline_about", "dateline_places"} <= tables_of(connection)
        assert made_by(connection) == [(version("procrastinate"),)]


def test_who_only_looks_makes_nothing(unqueued_url, kit, library):
    report = look(library(unqueued_url))
    assert (report.jobs, report.workers, report.alive) == ((), (), ())
    assert clear(library(unqueued_url)) == 0
    with kit.connect(unqueued_url) as connection:
        assert tables_of(connection) == set()


def test_an_older_queue_is_upgraded_and_keeps_its_jobs(unqueued_url, kit, library, run):
    """An old schema is what procrastinate's own migrations make up to then."""
    with kit.connect(unqueued_url) as connection:
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for release, script in tables._migrations():
            if release <= tables._numbers(OLD):
                connection.execute(script)
        connection.execute(tables._OURS)
        connection.execute("INSERT INTO dateline_about (version) VALUES (%s)", (OLD,))
        old = connection.execute("SELECT count(*) FROM pg_proc WHERE proname = 'procrastinate_retry_job_v2'").fetchone()
    assert old == (0,), "the test begins with what it means to begin with"
    put = HostOrder(host="a.example")
    assert put_orders(library(unqueued_url), [put]) == 1
    with kit.connect(unqueued_url) as connection:
        assert made_by(connection) == [(version("procrastinate"),)]
    server = kit.Server(enough=1)

    async def go():
        async with open_queue(unqueued_url) as queue:
            await kit.work(queue, server)

    run(go())
    assert server.served == ["a"]


def test_a_newer_queue_is_refused_in_a_sentence(queue_url, sql):
    sql("UPDATE dateline_about SET version = '3.99.0'")
    try:
        with pytest.raises(LibraryError, match=r"made by procrastinate 3\.99\.0.*is installed: install that"):
            ensure_tables(queue_url)
    finally:
        sql("UPDATE dateline_about SET version = %s", version("procrastinate"))


@pytest.mark.parametrize("url", ["sqlite:///library.db", "memory:"])
def test_without_postgresql_there_is_no_queue(url, run, library):
    async def go():
        async with open_queue(url):
            pass

    with pytest.raises(ConfigurationError, match="through PostgreSQL"):
        run(go())


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr(reaching, "find_spec", lambda name: None if name == "procrastinate" else sys)
    with pytest.raises(ConfigurationError, match=r"extra postgres \(procrastinate is not installed\)"):
        reaching.address_of("postgresql:///library")


def test_the_library_neither_backs_the_queue_up_nor_misses_it(queue_url, sql, tmp_path, postgres_server, library):
    if shutil.which("pg_dump") is None:
        pytest.fail("the tests need PostgreSQL's client")
    put_orders(library(queue_url), [HostOrder(host="a.example")])
    assert schema.check(queue_url) == []
    copy_database(queue_url, tmp_path / "copy.dump")
    target = postgres_server.create()
    try:
        require_empty(target, "postgresql")
        put_database(target, tmp_path / "copy.dump")
        assert look(library(target)).jobs == ()
        assert put_orders(library(target), [HostOrder(host="a.example")]) == 1
    finally:
        postgres_server.drop(target)
