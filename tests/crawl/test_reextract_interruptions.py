"""Extracting again, killed, interrupted, doubled or cut off from its database: nothing lost, nothing written twice."""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
import time
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from crawler.configuration import load
from crawler.demo.bulk import bulk_entries, bulk_sites
from crawler.demo.web import LocalWeb
from crawler.queueing.orders import HostOrder, Served, WorkKind
from crawler.rebuilding import stage
from crawler.workers import ExtractionPool
from crawler.working import reextracting
from crawler.working.kinds import KINDS
from storage.sql.models import Base
from storage.sql.opening import database_url

HOSTS, PAGES = 6, 8
DOCUMENTS = HOSTS * PAGES
# The command as it is, but with small batches: fifty pages have to last for a look at each phase.
PATIENT_COMMAND = (
    "import sys; sys.argv[0] = 'dateline'; from crawler import rebuilding; rebuilding._BATCH = 4; "
    "from crawler.cli import main; sys.exit(main())"
)
TABLES = {
    "articles": "SELECT id, document_id, latest FROM articles",
    "article_versions": "SELECT id, article_id, number, capture_id, headline, body, byline, extractor_version,"
    " text_digest, edge_lines FROM article_versions",
    "sightings": "SELECT capture_id, version_id, verdict FROM sightings",
    "clusters": "SELECT id, representative_id FROM clusters",
    "cluster_members": "SELECT article_id, cluster_id FROM cluster_members",
    "event_links": "SELECT event_id, article_id, how FROM event_links",
    "signal_keys": "SELECT version_id, signal, keys FROM signal_keys",
    "key_index": "SELECT key, day, version_id FROM key_index",
    "host_lines": "SELECT host_id, line, document_id FROM host_lines",
    "reextractions": "SELECT version_id FROM reextractions",
}
"""What extracting again must leave exactly as an undisturbed run does."""


class Rebuilding:
    """A library of a crawl, made to look as if an older extractor had read it, and `dateline reextract` on it."""

    def __init__(self, desk):
        self.desk = desk
        self.engine = create_engine(database_url(load(desk.folder).database_url), poolclass=NullPool)

    def rows(self, statement):
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def age(self):
        """Give every version the text and the name of an extractor that is gone."""
        with self.engine.begin() as connection:
            connection.execute(
                text("UPDATE article_versions SET headline = 'altered', body = 'altered', extractor_version = '0'")
            )

    def contents(self):
        return {name: sorted(self.rows(statement)) for name, statement in TABLES.items()}

    def start(self, *more):
        words = ("-c", PATIENT_COMMAND, "reextract", "--all", "--yes", *more)
        return self.desk.start(*words, program=sys.executable)

    def finish(self):
        return self.desk.run("reextract", "--all", "--yes", "--json").json

    def staged(self):
        return len(self.rows("SELECT 1 FROM reextractions"))

    def weighed(self):
        return len(self.rows("SELECT 1 FROM reextractions WHERE weighed"))

    def applied(self):
        return len(self.rows("SELECT 1 FROM article_versions WHERE extractor_version <> '0'"))

    def catch(self, process, phase, patience_s=120):
        """Stop the process in the middle of a phase of its work."""
        deadline = time.monotonic() + patience_s
        while not phase(self) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        os.killpg(process.pid, signal.SIGSTOP)
        assert process.poll() is None, "it was over before anybody looked"


def staging(rebuilding):
    return 4 <= rebuilding.staged() < DOCUMENTS


def weighing(rebuilding):
    return 4 <= rebuilding.weighed() < DOCUMENTS


def applying(rebuilding):
    return 4 <= rebuilding.applied() < DOCUMENTS


PHASES = [staging, weighing, applying]


def kill(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


DESTRUCTOR = re.compile(
    r"Exception ignored in: <function BaseEventLoop\.__del__ .*?\nKeyboardInterrupt: ?\n", re.DOTALL
)


@pytest.fixture(scope="module")
def web():
    with LocalWeb(bulk_sites(hosts=HOSTS, pages=PAGES)) as web:
        yield web


@pytest.fixture(scope="module")
def crawled(make_desk, web):
    """A library with every page of a crowd; lines that hosts show everywhere are cut from the first pages too."""
    desk = make_desk("crawled")
    desk.configure(proxy=web.proxy_url, delay_s=0.02)
    desk.import_table(bulk_entries(hosts=HOSTS, pages=PAGES))
    desk.run("crawl", "--json")
    desk.run("reextract", "--all", "--again", "--yes", "--json")
    return desk


@pytest.fixture
def on_sqlite(crawled, desk):
    """A copy of that library."""
    shutil.copytree(crawled.folder, desk.folder, dirs_exist_ok=True)
    return Rebuilding(desk)


@pytest.fixture
def on_postgres(on_sqlite, web, postgres_url):
    """The same library in a PostgreSQL database."""
    desk = on_sqlite.desk
    desk.configure(database=postgres_url, proxy=web.proxy_url, delay_s=0.02)
    copied = Rebuilding(desk)
    with on_sqlite.engine.connect() as source, copied.engine.begin() as target:
        for table in Base.metadata.sorted_tables:
            if rows := [dict(row) for row in source.execute(table.select()).mappings()]:
                target.execute(table.insert(), rows)
            if table.primary_key.columns.keys() == ["id"]:
                last = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1 + max(id)) FROM {table.name}"  # noqa: S608 - names of our own
                target.execute(text(last))
    return copied


@pytest.fixture(params=["on_sqlite", "on_postgres"])
def rebuilding(request):
    """The library on both databases."""
    return request.getfixturevalue(request.param)


def test_killed_in_every_phase_the_next_run_ends_what_it_began(rebuilding):
    expected = rebuilding.contents()
    assert len(expected["articles"]) == DOCUMENTS
    rebuilding.age()
    for phase in PHASES:
        process = rebuilding.start()
        rebuilding.catch(process, phase)
        kill(process)
    written = rebuilding.applied()
    assert 0 < written < DOCUMENTS
    report = rebuilding.finish()
    left = DOCUMENTS - report["current"]
    assert written <= report["current"] < DOCUMENTS
    assert (report["total"], report["versions"], report["kept"], report["changed"]) == (DOCUMENTS, left, left, left)
    assert (report["applied"], report["overtaken"], report["problems"]) == (left, 0, [])
    assert rebuilding.contents() == expected
    assert rebuilding.desk.problems() == []


@pytest.mark.parametrize("phase", [staging, applying])
def test_an_interrupted_run_says_how_to_go_on(on_sqlite, phase):
    expected = on_sqlite.contents()
    on_sqlite.age()
    process = on_sqlite.start()
    on_sqlite.catch(process, phase)
    os.kill(process.pid, signal.SIGINT)
    os.killpg(process.pid, signal.SIGCONT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "run the same command again to go on" in err
    # A signal that comes while Python runs a destructor is told by Python itself; the command stops all the same.
    assert "Traceback" not in DESTRUCTOR.sub("", err), err
    on_sqlite.finish()
    assert on_sqlite.contents() == expected


def test_two_at_once_write_every_text_once(rebuilding):
    expected = rebuilding.contents()
    rebuilding.age()
    processes = [rebuilding.start("--json") for _ in range(2)]
    ends = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], ends
    assert rebuilding.contents() == expected
    assert sum(json.loads(out)["applied"] for out, _ in ends) == DOCUMENTS


def test_one_that_was_overtaken_by_another_changes_nothing_more(on_postgres):
    """The first stands still in the middle of its writing while a second does all that is left."""
    expected = on_postgres.contents()
    on_postgres.age()
    first = on_postgres.start("--json")
    on_postgres.catch(first, weighing)
    os.killpg(first.pid, signal.SIGCONT)
    second = on_postgres.finish()
    out, err = first.communicate(timeout=120)
    assert first.returncode == 0, err
    assert second["applied"] + json.loads(out)["applied"] == DOCUMENTS
    assert on_postgres.contents() == expected


def test_a_crawl_at_the_same_time_takes_no_better_text_for_a_new_version(rebuilding):
    expected = rebuilding.contents()
    rebuilding.age()
    desk = rebuilding.desk
    desk.run("retry", "--outcome", "fetched")
    crawl, rebuild = desk.start("crawl", "--json"), rebuilding.start("--json")
    ends = [process.communicate(timeout=120) for process in (crawl, rebuild)]
    assert [process.returncode for process in (crawl, rebuild)] == [0, 0], ends
    assert json.loads(ends[0][0])["verdicts"] == {"revisit": DOCUMENTS}
    sightings = expected.pop("sightings")
    found = rebuilding.contents()
    assert set(found.pop("sightings")) >= set(sightings)
    assert found == expected
    assert desk.status().attempts == 2 * DOCUMENTS


@pytest.mark.parametrize("phase", [staging, applying])
def test_a_database_that_drops_its_connections_costs_a_batch(on_postgres, postgres_server, postgres_url, phase):
    expected = on_postgres.contents()
    on_postgres.age()
    process = on_postgres.start()
    on_postgres.catch(process, phase)
    postgres_server.cut(postgres_url)
    os.killpg(process.pid, signal.SIGCONT)
    _, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    assert process.returncode in {0, 2}, err
    on_postgres.finish()
    assert on_postgres.contents() == expected


def test_captures_that_are_away_are_told_and_their_versions_stay(on_sqlite):
    before = on_sqlite.contents()
    files = sorted((on_sqlite.desk.folder / "captures").glob("*.warc.gz"))
    on_sqlite.age()
    files[0].rename(files[0].with_suffix(".away"))
    report = on_sqlite.desk.run("reextract", "--all", "--yes", "--json", expect=1).json
    assert len(report["problems"]) == DOCUMENTS - report["applied"] > 0
    assert {problem.partition(":")[0] for _, problem in report["problems"]} != {""}
    files[0].with_suffix(".away").rename(files[0])
    on_sqlite.finish()
    assert on_sqlite.contents() == before


# -- workers -------------------------------------------------------------------------------------------------------

STAGED = "SELECT * FROM reextractions ORDER BY version_id"
LINES = "SELECT host_id, line, document_id FROM host_lines ORDER BY host_id, line, document_id"


@pytest.fixture
def another(crawled, tmp_path):
    """A second copy of the library."""
    folder = tmp_path / "another"
    shutil.copytree(crawled.folder, folder)
    return Rebuilding(type(crawled)(folder))


@pytest.fixture(scope="module")
def pool():
    with closing(ExtractionPool(workers=2)) as pool:
        yield pool


def by_workers(rebuilding, pool, monkeypatch, hosts):
    """Stage what one worker after the other does, each slice as short as can be; returns how many."""
    settings = load(rebuilding.desk.folder)
    settings = replace(settings, values={**settings.values, "workers.slice_s": 0.0})
    monkeypatch.setattr(reextracting, "_BATCH", 3)
    session, waiting, slices = SimpleNamespace(configuration=settings, pool=pool), list(hosts), 0
    while waiting:
        order = HostOrder(host=waiting.pop(0), kind=WorkKind.REEXTRACT)
        served = Served(more=True)
        while served.more:
            served = asyncio.run(KINDS[order.kind](session, order))
            order = HostOrder.from_arguments(replace(order, after=served.after).to_arguments())
            slices += 1
            assert slices <= 4 * DOCUMENTS, "an order that has more goes on where it was"
    return slices


def test_workers_stage_host_by_host_what_one_process_stages(on_sqlite, another, pool, monkeypatch):
    for one in (on_sqlite, another):
        one.age()
    with on_sqlite.desk.library() as library:
        report = stage(library)
        hosts = library.store.hosts_of_versions()
    assert len(hosts) == HOSTS
    assert by_workers(another, pool, monkeypatch, reversed(hosts)) >= 2 * HOSTS * PAGES // 3
    assert len(another.rows(STAGED)) == DOCUMENTS
    assert another.rows(STAGED) == on_sqlite.rows(STAGED)
    assert another.rows(LINES) == on_sqlite.rows(LINES)
    assert another.applied() == 0
    with another.desk.library() as library:
        found = stage(library)
    assert (found.kept, found.total) == (DOCUMENTS, DOCUMENTS)
    assert replace(found, kept=0) == replace(report, kept=0)


def test_what_a_worker_cannot_read_is_left_to_another_machine(on_sqlite, pool, monkeypatch, caplog):
    on_sqlite.age()
    captures = on_sqlite.desk.folder / "captures"
    captures.rename(on_sqlite.desk.folder / "away")
    with on_sqlite.desk.library() as library:
        (host, *_) = library.store.hosts_of_versions()
    by_workers(on_sqlite, pool, monkeypatch, [host])
    assert on_sqlite.staged() == 0
    assert "is left to another machine" in caplog.text


def test_of_workers_that_extract_one_is_killed_and_nothing_is_written_before_somebody_agrees(on_postgres):
    expected = on_postgres.contents()
    on_postgres.age()
    desk = on_postgres.desk
    settings = desk.folder / "dateline.toml"
    settings.write_text(settings.read_text() + "[workers]\nslice_s = 1\nlease_s = 4\n")
    told = desk.run("reextract", "--all", "--queue", "--json").json
    assert (told["hosts"], told["queued"], told["documents"]) == (HOSTS, HOSTS, DOCUMENTS)
    assert desk.run("reextract", "--all", "--queue", "--json").json["waited"] == HOSTS
    words = ("work", "--only", "reextract", "--only-ordered", "--once")
    first = desk.start(*words)
    deadline = time.monotonic() + 60
    while not on_postgres.staged() and first.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    kill(first)
    assert on_postgres.staged() < DOCUMENTS
    desk.run(*words)
    assert (on_postgres.staged(), on_postgres.weighed(), on_postgres.applied()) == (DOCUMENTS, DOCUMENTS, 0)
    report = on_postgres.finish()
    assert (report["kept"], report["applied"]) == (DOCUMENTS, DOCUMENTS)
    assert on_postgres.contents() == expected
    told = desk.run("dedup", "rebuild", "--again", "--queue", "--json").json
    assert (told["queued"], told["documents"]) == (1, DOCUMENTS)
    desk.run("work", "--only", "compare", "--only-ordered", "--once")
    with desk.library() as library:
        assert library.store.waiting_for_comparison(limit=1) == []
    assert on_postgres.contents() == expected
