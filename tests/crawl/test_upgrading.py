"""A crawl of the present version at work while the next version upgrades its database, on PostgreSQL, as processes."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from crawler.demo.access import max_in_flight
from crawler.demo.bulk import bulk_entries
from storage import schema
from storage.sql.models.revision import HEAD

PROGRAM = Path(__file__).parent.parent / "migrations" / "next_version.py"
sys.path.insert(0, str(PROGRAM.parent))

from next_version import CONTRACTING, EXPANDING, NEXT, write_migration  # noqa: E402
from progress import pages_served, wait_for_pages  # noqa: E402
from silent_proxy import Silent  # noqa: E402

PATIENCE_S = 120


@pytest.fixture
def on_postgres(desk, empty_postgres_url, bulk, tmp_path):
    """The crawl's library on a database that no other test knows; `upgrade` is another process."""

    def configure(**crawl):
        desk.configure(database=empty_postgres_url, **{"proxy": bulk.web.proxy_url, "delay_s": 0.2, **crawl})
        desk.import_table(bulk_entries(hosts=bulk.hosts, pages=bulk.pages))

    def upgrade(statements, declared):
        write_migration(tmp_path / "versions", statements, declared)
        words = [sys.executable, str(PROGRAM), str(tmp_path / "versions"), empty_postgres_url]
        subprocess.run(words, check=True, timeout=120)
        assert schema.info(empty_postgres_url).revision == NEXT

    def count(table):
        with create_engine(empty_postgres_url, poolclass=NullPool).connect() as connection:
            return connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 -- ours

    bulk.configure, bulk.upgrade, bulk.count = configure, upgrade, count
    return bulk


def test_a_crawl_goes_on_over_a_migration_that_expands_and_loses_nothing(on_postgres):
    on_postgres.configure()
    process = on_postgres.desk.start("crawl")
    assert wait_for_pages(on_postgres.web, on_postgres.documents // 4, process, PATIENCE_S)
    on_postgres.upgrade(EXPANDING, "expands = True")
    assert process.poll() is None
    told = on_postgres.desk.finish(process, timeout=PATIENCE_S).err
    assert told.count(f"the database is at revision {NEXT}, newer than this program's {HEAD}") == 1
    status = on_postgres.desk.status()  # the present program opens it
    assert (status.articles, status.attempts, status.leased, status.due) == (on_postgres.documents,) * 2 + (0, 0)
    assert pages_served(on_postgres.web) == on_postgres.documents
    assert max(max_in_flight(on_postgres.web.log).values()) == 1
    assert on_postgres.desk.problems() == []
    said = on_postgres.desk.run("db", "check").out
    assert "this one may go on until the newer dateline is installed" in said


def refused(finished):
    assert f"which programs from {NEXT} on may use, this program needs {HEAD}: a newer dateline made it" in finished.err
    return finished


def test_a_crawl_stops_in_order_with_the_first_result_after_a_migration_that_contracts(on_postgres):
    on_postgres.configure()
    process = on_postgres.desk.start("crawl")
    assert wait_for_pages(on_postgres.web, on_postgres.documents // 4, process, PATIENCE_S)
    on_postgres.upgrade(CONTRACTING, "expands = False")
    stored = on_postgres.count("attempts")
    refused(on_postgres.desk.finish(process, expect=1, timeout=PATIENCE_S))
    # What was stored is whole, and what was not is due as before: nothing was written after the migration.
    assert on_postgres.count("attempts") == on_postgres.count("articles") == stored
    assert on_postgres.count("documents WHERE last_outcome IS NULL") == on_postgres.documents - stored
    refused(on_postgres.desk.run("crawl", expect=2))


def test_a_crawl_that_waits_for_an_answer_stops_with_its_next_heartbeat(on_postgres):
    silent = Silent()
    on_postgres.configure(proxy=silent.url, timeout_s=600, lease_s=10)
    process = on_postgres.desk.start("crawl")
    silent.wait_for(on_postgres.hosts, process)
    on_postgres.upgrade(CONTRACTING, "expands = False")
    refused(on_postgres.desk.finish(process, expect=1, timeout=60))
    silent.close()
    assert on_postgres.count("attempts") == 0
