"""Two versions of the program on one database: which may go on after a migration, and which stop."""

import logging
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from storage import open_store, schema
from storage.errors import SchemaMismatch, StoreUnavailable
from storage.sql import compatibility, expanding, patience
from storage.sql import schema as migrations
from storage.sql.models.revision import HEAD
from storage.types import (
    DocumentIdentity,
    FetchAttempt,
    FetchReason,
    FetchResult,
    Outcome,
    Verdict,
    VerdictKind,
    utc_now,
)

sys.path.insert(0, str(Path(__file__).parent))

from next_version import CONTRACTING, EXPANDING, NEXT, knowing, write_migration

URL = "https://harbour-post.example/a"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """The address of a database that stands at this program's revision, and of which no other test knows."""
    url = f"sqlite:///{tmp_path / 'library.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("empty_postgres_url")
    schema.upgrade(url)
    return url


@pytest.fixture
def upgrade(monkeypatch, tmp_path):
    """Upgrade as a later version would, with these migrations as ``(statements, *declarations)``."""

    def run(url, *steps, **options):
        for number, (statements, *declared) in enumerate(steps, start=1):
            revision = f"{int(HEAD) + number:04d}"
            write_migration(tmp_path / "versions", statements, *declared, revision=revision)
        with monkeypatch.context() as patched:
            patched.setattr(migrations, "configuration", knowing(tmp_path / "versions"))
            migrations.upgrade(make_url(url), **options)

    return run


def put(store):
    """Store one attempt, as a crawl does."""
    now = utc_now()
    identity = DocumentIdentity(canonical_url=URL, request_url=URL, url_key="x", host="harbour-post.example")
    document = store.ensure_document(identity, now=now)
    attempt = FetchAttempt(
        key=f"k{document.attempts}",
        document_id=document.id,
        reason=FetchReason.NEW,
        outcome=Outcome.TIMEOUT,
        request_url=URL,
        final_url=URL,
        started_at=now,
        finished_at=now,
        detail="no answer",
    )
    decide = lambda *_: Verdict(kind=VerdictKind.NEW)  # noqa: E731
    (archived,) = store.archive([FetchResult(attempt=attempt)], decide=decide, now=now)
    assert not archived.error


def test_an_open_program_goes_on_after_a_migration_that_expands(database, upgrade, caplog):
    with open_store(database) as store:
        put(store)
        assert store.require_compatible() == ""
        upgrade(database, (EXPANDING, "expands = True"))
        with caplog.at_level(logging.WARNING):
            put(store)
            put(store)
        assert len(store.history(URL).attempts) == 3
        assert [one.getMessage() for one in caplog.records] == [store.require_compatible()]
        assert f"at revision {NEXT}" in store.require_compatible()


def test_a_program_of_before_opens_what_was_only_expanded_and_finds_it_sound(database, upgrade):
    before = schema.info(database).oldest
    upgrade(database, (EXPANDING, "expands = True"))
    with open_store(database) as store:
        put(store)
    info = schema.info(database)
    assert (info.revision, info.head, info.oldest) == (NEXT, HEAD, before)
    assert schema.check(database) == []
    schema.upgrade(database)  # as a script does that starts a program
    assert schema.info(database).revision == NEXT


def test_an_open_program_writes_nothing_after_a_migration_that_contracts(database, upgrade):
    with open_store(database) as store:
        put(store)
        upgrade(database, (CONTRACTING, "expands = False"))
        for work in (put, lambda store: store.put_host_states([]), lambda store: store.require_compatible()):
            with pytest.raises(SchemaMismatch, match=f"programs from {NEXT} on may use"):
                work(store)
    for use in (open_store, schema.upgrade):
        with pytest.raises(SchemaMismatch, match="a newer dateline made it"):
            use(database)
    (problem,) = schema.check(database)
    assert "a newer dateline made it" in problem
    with create_engine(database, poolclass=NullPool).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM attempts")) == 1


def test_a_program_that_is_newer_than_the_database_is_refused(database, monkeypatch):
    monkeypatch.setattr(compatibility, "HEAD", NEXT)
    with pytest.raises(SchemaMismatch, match="dateline db upgrade"):
        open_store(database)


NOTHING = "    pass"
AFTER_NEXT = f"{int(NEXT) + 1:04d}"


@pytest.mark.parametrize(
    ("steps", "oldest"),
    [
        (["expands = True"], ""),
        (["expands = True", "expands = True"], ""),
        (["expands = False"], NEXT),
        ([""], NEXT),
        (["expands = False", "expands = True"], NEXT),
        (["expands = True", "expands = True", f'oldest = "{AFTER_NEXT}"'], AFTER_NEXT),
        (["expands = False", f'oldest = "{HEAD}"'], NEXT),
    ],
)
def test_the_database_says_which_programs_may_use_it(sqlite_url, upgrade, steps, oldest):
    before = schema.info(sqlite_url).oldest
    upgrade(sqlite_url, *((NOTHING, declared) for declared in steps))
    assert schema.info(sqlite_url).oldest == (oldest or before)


def test_where_nobody_wrote_it_down_no_older_program_goes_on(sqlite_url, upgrade):
    with create_engine(sqlite_url, poolclass=NullPool).begin() as connection:
        connection.execute(text("DELETE FROM compatibility"))
    with open_store(sqlite_url) as store:
        put(store)
    upgrade(sqlite_url, (NOTHING, "expands = False"), (NOTHING, "expands = True"))
    assert schema.info(sqlite_url).oldest == NEXT


def test_revisions_are_ordered_as_text_and_new_ones_say_what_they_do():
    known = tuple(reversed(migrations.known_revisions()))
    assert known == tuple(f"{number:04d}" for number in range(1, len(known) + 1))
    scripts = migrations.ScriptDirectory.from_config(migrations.configuration()).walk_revisions()
    later = [one for one in scripts if one.revision > expanding.FIRST]
    assert all(isinstance(one.module.expands, bool) for one in later)


# -- locks -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def forgotten(empty_postgres_url):
    """A transaction that read the attempts and was left open; a database of its own."""
    schema.upgrade(empty_postgres_url)
    engine = create_engine(empty_postgres_url, poolclass=NullPool, connect_args={"application_name": "a report"})
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM attempts"))
        yield empty_postgres_url, connection


def test_a_migration_that_cannot_get_at_a_table_says_who_holds_it(forgotten, upgrade):
    url, _ = forgotten
    with pytest.raises(StoreUnavailable, match=r"nothing was changed.*a report on .*attempts"):
        upgrade(url, (EXPANDING, "expands = True"), within_s=0)
    assert schema.info(url).revision == HEAD
    assert schema.check(url) == []


def test_who_holds_a_table_is_told_in_any_schema(empty_postgres_url, upgrade):
    engine = create_engine(empty_postgres_url, poolclass=NullPool, connect_args={"application_name": "a report"})
    name = engine.url.database
    with engine.begin() as connection:
        connection.execute(text('CREATE SCHEMA "News"'))
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text(f'ALTER DATABASE "{name}" SET search_path = "News"'))
    schema.upgrade(empty_postgres_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM attempts"))
        with pytest.raises(StoreUnavailable, match=r"nothing was changed.*a report on .*attempts"):
            upgrade(empty_postgres_url, (EXPANDING, "expands = True"), within_s=0)


def test_a_database_that_goes_away_during_an_upgrade_is_away(forgotten, upgrade, monkeypatch):
    url, _ = forgotten
    told = patience._is_held

    def cut(problem):
        held = told(problem)
        monkeypatch.setattr(patience, "_HOLDERS", text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return held

    monkeypatch.setattr(patience, "_is_held", cut)
    with pytest.raises(StoreUnavailable, match="cannot be used now"):
        upgrade(url, (EXPANDING, "expands = True"), within_s=0)


def test_a_migration_waits_for_a_table_and_lets_others_through_meanwhile(forgotten, upgrade, caplog):
    url, reader = forgotten
    waits = threading.Event()

    class Noticing(logging.Handler):
        def emit(self, _record):
            waits.set()

    logger = logging.getLogger("storage.sql.patience")
    handler = Noticing()
    logger.addHandler(handler)
    with caplog.at_level(logging.INFO, logger=logger.name), open_store(url) as store:
        upgrading = threading.Thread(target=upgrade, args=(url, (EXPANDING, "expands = True")))
        upgrading.start()
        assert waits.wait(30)  # it tried once, and tries again
        for _ in range(5):
            put(store)
        reader.rollback()
        upgrading.join(60)
        assert not upgrading.is_alive()
        put(store)
        assert len(store.history(URL).attempts) == 6
    logger.removeHandler(handler)
    assert schema.info(url).revision == NEXT
