"""Stories and links that are worked out anew by processes that are killed, stopped, or two at once."""

import importlib.util
import json
import os
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from crawler.configuration import load
from crawler.dedup import fingerprint
from storage import schema
from storage.sql.opening import database_url

sys.path.append(str(Path(__file__).parents[1] / "benchmarks" / "dedup"))

from dedup_gate.changes import CHANGES
from dedup_gate.stories import seeded, story

FACTORIES = Path(__file__).parents[1] / "contract" / "store_factories.py"
spec = importlib.util.spec_from_file_location("store_factories", FACTORIES)
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)

STORIES, COPIES = 60, 3
ARTICLES = STORIES * COPIES
EDITS = ["cut to 70 %", "5 % of words edited", "headline changed", "sentences dropped"]
# The command as it is, but with small batches: a few hundred articles have to last for a look at the middle.
PATIENT_COMMAND = (
    "import sys; sys.argv[0] = 'dateline'; from crawler import comparing; comparing._BATCH = 4; "
    "from crawler.cli import main; sys.exit(main())"
)
TABLES = {
    "relations": "SELECT article_id, other_id, kind, signal, score, share, other_share FROM relations",
    "clusters": "SELECT id, representative_id FROM clusters WHERE merged_into IS NULL",
    "cluster_members": "SELECT article_id, cluster_id, score FROM cluster_members",
    "event_links": "SELECT event_id, article_id, how, state, score FROM event_links",
    "signal_keys": "SELECT version_id, signal, keys FROM signal_keys",
    "key_index": "SELECT key, day, version_id FROM key_index",
    "article_versions": "SELECT id, article_id, text_digest, agency_own FROM article_versions",
}
"""What working out anew must leave exactly as an undisturbed run does."""


class Stories:
    """A library with copied stories of some days, and the commands that work them out anew."""

    def __init__(self, desk):
        self.desk = desk
        self.engine = create_engine(database_url(load(desk.folder).database_url), poolclass=NullPool)

    def rows(self, statement):
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def contents(self):
        return {name: sorted(self.rows(statement), key=repr) for name, statement in TABLES.items()}

    def waiting(self, column):
        return self.rows(f"SELECT count(*) FROM articles WHERE {column}")[0][0]  # noqa: S608 - names of our own

    def begin(self, column, *words, below=ARTICLES - 8):
        """Start a command and stop it in the middle: when fewer articles wait than before it began."""
        process = self.desk.start("-c", PATIENT_COMMAND, *words, program=sys.executable)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            if 0 < self.waiting(column) < below:
                break
            time.sleep(0.002)
        os.killpg(process.pid, signal.SIGSTOP)
        assert process.poll() is None, "it was over before anybody looked"
        return process

    def interrupt(self, *begun):
        """Have a person stop a command in its middle; what it says then."""
        process = self.begin(*begun)
        os.kill(process.pid, signal.SIGINT)
        os.killpg(process.pid, signal.SIGCONT)
        _, err = process.communicate(timeout=120)
        assert process.returncode == 130, err
        assert "Traceback" not in err
        return err


@pytest.fixture(scope="module")
def told(make_desk):
    """Made by the store itself: nothing is fetched."""
    desk = make_desk("told")
    desk.configure()
    rng = seeded(1)
    readings = []
    for number in range(STORIES):
        day = make.at(days=number // 20)
        original = replace(story(rng, number, 4), published_at=make.dated(day))
        changed = (CHANGES[rng.choice(EDITS)](rng, original) for _ in range(COPIES - 1))
        readings += [(f"/{number}", f"h{place}.example", one) for place, one in enumerate([original, *changed])]
    with desk.library() as library:
        store = library.store
        entries = [
            make.entry(f"event-{number}", make.at(days=number // 20).date(), make.links(f"/{number}"))
            for number in range(STORIES)
        ]
        named = [replace(entry, headline=readings[COPIES * at][2].headline) for at, entry in enumerate(entries)]
        store.put_events(named, match=make.no_match, now=make.NOW)
        store.put_loose([make.loose(path, host) for path, host, _ in readings], now=make.NOW)
        results = [
            make.result(
                store.document(make.identity(path, host).canonical_url), article=fingerprint(article, host=host)
            )
            for path, host, article in readings
        ]
        for start in range(0, len(results), 20):
            answers = store.archive(results[start : start + 20], decide=make.undecided, now=make.NOW)
            assert not [one.error for one in answers if one.error]
    desk.run("dedup", "rebuild", "--again", "--json")
    desk.run("link", "run", "--json")
    return desk


@pytest.fixture
def stories(told, desk):
    shutil.copytree(told.folder, desk.folder, dirs_exist_ok=True)
    return Stories(desk)


def test_stories_killed_in_the_middle_of_being_told_anew_are_told_by_the_next_run(stories):
    expected = stories.contents()
    assert len({cluster for _, cluster, _ in expected["cluster_members"]}) < ARTICLES - STORIES
    forgotten = ("DELETE FROM relations", "DELETE FROM key_index WHERE version_id % 3 = 0")
    with stories.engine.begin() as connection:
        for statement in forgotten:
            connection.execute(text(statement))
        connection.execute(text("UPDATE signal_keys SET keys = X'' WHERE version_id % 3 = 0"))
    err = stories.interrupt("compare_pending", "dedup", "rebuild", "--again")
    assert "run the same command again without --again to go on" in err
    left = stories.waiting("compare_pending")
    process = stories.begin("compare_pending", "dedup", "rebuild", below=left - 8)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert 0 < stories.waiting("compare_pending") < left < ARTICLES
    two = [stories.desk.start("dedup", "rebuild", "--json") for _ in range(2)]
    ends = [process.communicate(timeout=120) for process in two]
    assert [process.returncode for process in two] == [0, 0], ends
    assert sum(json.loads(out)["compared"] for out, _ in ends) > 0
    found = stories.contents()
    assert {name for name, rows in found.items() if expected[name] != rows} == set()
    assert schema.check(load(stories.desk.folder).database_url) == []


def test_links_that_were_interrupted_are_found_by_the_next_run(stories):
    expected = stories.contents()
    assert len(expected["event_links"]) > STORIES
    err = stories.interrupt("link_pending", "link", "run", "--again")
    assert "run the same command again without --again to go on" in err
    left = stories.waiting("link_pending")
    process = stories.begin("link_pending", "link", "run", below=left - 8)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert 0 < stories.waiting("link_pending") < left < ARTICLES
    assert stories.desk.run("link", "run", "--json").json["articles"] > 0
    assert stories.waiting("link_pending") == 0
    assert stories.contents() == expected
