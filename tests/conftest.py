"""Fixtures that several folders share: databases, and an object store.

One PostgreSQL database is migrated per test session and emptied before each test: making and dropping one takes
0.1 s on an idle disk and seconds on a busy one. Its commits do not wait for the disk; the server outlives every test.

Why the compiled statements are kept over the whole session: SQLAlchemy keeps them per engine, every test opens engines
of its own, and compiling the same hundred statements again took a fifth of the time of the store's tests.
"""

import os
import signal
import sys
import threading
import uuid
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from storage import schema
from storage.sql.models import Base

# What several folders import stands in modules beside this one.
sys.path.append(str(Path(__file__).parent))

from raw_postgres import connected, drop_queue

from crawler.browser.availability import browser_path, missing_reason
from crawler.configuration import load

# On a busy machine any example may take long; what must be fast is measured, not timed.
settings.register_profile("dateline", deadline=None)
settings.load_profile("dateline")

DEFAULT_SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
EMPTY = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(Base.metadata.sorted_tables))  # noqa: S608


if threading.current_thread() is threading.main_thread():
    # A shell has what it starts in the background ignore Ctrl-C, and so would every command that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Compiled:
    """Makes engines that share what they compiled: one dialect, and one cache of statements, for each database."""

    def __init__(self):
        self._dialects = {}
        self._statements = {}

    def engine(self, *words, **named):
        engine = create_engine(*words, **named)
        known = self._dialects.setdefault(engine.name, engine.dialect)
        if known.server_version_info:  # it has been connected, and knows with what it talks
            engine.dialect = known
        else:
            self._dialects[engine.name] = engine.dialect
        engine.update_execution_options(compiled_cache=self._statements)
        return engine


@pytest.fixture(scope="session", autouse=True)
def _compiled_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.sql.engine.create_engine", Compiled().engine)
        yield


class PostgresServer:
    """Makes and drops databases on the server that the tests may use."""

    def __init__(self, url):
        self.url = make_url(url)
        self._engine = create_engine(self.url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5})

    def run(self, statement, **values):
        with self._engine.connect() as connection:
            return connection.execute(text(statement), values)

    def create(self):
        name = f"dateline_test_{uuid.uuid4().hex[:12]}"
        self.run(f'CREATE DATABASE "{name}"')
        self.run(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url):
        self.run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def empty(self, url):
        """Delete every row; ids go on counting."""
        with connected(url, autocommit=False) as connection:
            connection.execute(EMPTY)

    def cut(self, url):
        """End every connection to a database, as a restart of the server would."""
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name",
            name=make_url(url).database,
        )

    def close(self):
        self._engine.dispose()


@pytest.fixture(scope="session")
def postgres_server():
    """The PostgreSQL server of the environment variable DATELINE_TEST_POSTGRES; skips where it cannot be reached."""
    address = os.environ.get("DATELINE_TEST_POSTGRES", DEFAULT_SERVER)
    server = PostgresServer(address)
    try:
        server.run("SELECT 1")
    except OperationalError as problem:
        reason = f"PostgreSQL cannot be reached at {server.url}: {str(problem.orig).strip()}"
        if os.environ.get("DATELINE_REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    yield server
    server.close()


@pytest.fixture
def empty_postgres_url(postgres_server):
    """A database without a schema."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def _migrated_postgres(postgres_server):
    url = postgres_server.create()
    schema.upgrade(url)
    yield url
    postgres_server.drop(url)


@pytest.fixture
def postgres_url(postgres_server, _migrated_postgres):
    """A database with the newest schema and nothing in it."""
    postgres_server.cut(_migrated_postgres)
    postgres_server.empty(_migrated_postgres)
    return _migrated_postgres


@pytest.fixture
def unqueued_url(postgres_url):
    """The same, and nobody made a queue in it."""
    drop_queue(postgres_url)
    return postgres_url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "library.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path):
    """A database file with the newest schema and nothing in it."""
    path = tmp_path / "library.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def s3_server():
    """A server on this machine that speaks S3; nothing of it is on disk."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 -- takes a second to load

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_environment(s3_server):
    """Environment variables with which that server is used."""
    return {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "invented",
        "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.fixture
def s3_bucket(s3_environment, monkeypatch):
    """The address of an empty bucket on it, which this process can use."""
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    import boto3  # noqa: PLC0415 -- likewise

    name = f"news-{uuid.uuid4().hex[:12]}"
    client = boto3.client("s3")
    client.create_bucket(Bucket=name)
    yield f"s3://{name}/captures"
    client.close()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """The browser's program. Skips where there is no browser; fails instead where everything has to be there."""
    configuration = load(tmp_path_factory.mktemp("any"), {"crawl.browser": True})
    if reason := missing_reason(configuration):
        if os.environ.get("DATELINE_REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return browser_path(configuration)
