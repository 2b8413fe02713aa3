"""One fixture over every backend: what is tested here holds for all of them."""

import importlib.util
import sqlite3
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from raw_postgres import connected
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from storage import open_store
from storage.sql.models import Base
from storage.types import Reextraction

BACKENDS = ("memory", "sqlite", "postgresql")
DATABASES = BACKENDS[1:]


@pytest.fixture(scope="session")
def make():
    """The factories."""
    spec = importlib.util.spec_from_file_location("store_factories", Path(__file__).with_name("store_factories.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _address(request, backend):
    if backend == "memory":
        return "memory:"
    return request.getfixturevalue("sqlite_url" if backend == "sqlite" else "postgres_url")


@pytest.fixture(params=BACKENDS)
def store(request):
    """An empty store of every kind."""
    with open_store(_address(request, request.param)) as opened:
        yield opened


@pytest.fixture(params=DATABASES)
def database(request):
    """The address of an empty database of every kind, for tests with several connections or processes."""
    return _address(request, request.param)


class Snapshot:
    """What a database holds, to be put into an empty one of the same kind: a hundred times as fast as making it."""

    def __init__(self, url):
        self._kept = sqlite3.connect(":memory:")
        if _is_file(url):
            with closing(sqlite3.connect(make_url(url).database)) as connection:
                connection.backup(self._kept)
        else:
            with connected(url, autocommit=False) as connection:
                self._tables = {name: b"".join(rows) for name, rows in _copied(connection)}

    def put_into(self, url):
        if _is_file(url):
            with closing(sqlite3.connect(make_url(url).database)) as target:
                self._kept.backup(target)
            return
        with connected(url, autocommit=False) as connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # references are whole when all is in
            for name, rows in self._tables.items():
                with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                    copy.write(rows)

    def close(self):
        self._kept.close()


def _is_file(url):
    return make_url(url).get_backend_name() == "sqlite"


def _copied(connection):
    with connection.cursor() as cursor:
        for table in Base.metadata.sorted_tables:
            with cursor.copy(f'COPY "{table.name}" TO STDOUT') as copy:
                yield table.name, list(copy)


@pytest.fixture(scope="module")
def made_once():
    """Fill a database by a function whose answer is kept; the next test of the module gets the same rows at once."""
    kept = {}

    def fill(url, make):
        backend = make_url(url).get_backend_name()
        if backend not in kept:
            kept[backend] = (make(), Snapshot(url))
        else:
            kept[backend][1].put_into(url)
        return kept[backend][0]

    yield fill
    for _, snapshot in kept.values():
        snapshot.close()


@pytest.fixture(scope="module")
def both_empty(tmp_path_factory):
    """Opens an empty database and an empty store in memory, as often as it is called: ids begin at 1 each time."""
    address = f"sqlite:///{tmp_path_factory.mktemp('twins') / 'library.db'}"
    open_store(address, upgrade=True).close()

    @contextmanager
    def opened():
        _empty(address)
        with open_store(address) as database, open_store("memory:") as memory:
            yield database, memory

    return opened


def _empty(address):
    with create_engine(address, poolclass=NullPool).begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text("DELETE FROM sqlite_sequence"))


@pytest.fixture
def archive(store, make):
    """Stores results; returns the answers."""

    def run(*results, decide=make.decide, now=make.NOW):
        return store.archive(results, decide=decide, now=now)

    return run


@pytest.fixture
def archived(archive):
    """Stores results, with none of which anything may be wrong; returns the answers."""

    def run(*results, **given):
        answers = archive(*results, **given)
        assert not [one.error for one in answers if one.error]
        return answers

    return run


@pytest.fixture
def fill(store, make):
    """Documents as (host, path, minutes that it waits already)."""

    def build(*waits):
        for host, path, minutes in waits:
            store.put_loose([make.loose(path, f"{host}.example")], now=make.at(minutes=-minutes))

    return build


@pytest.fixture
def sources(store, make):
    """Makes documents that no event cites."""

    def build(*paths, host="harbour-post.example"):
        store.put_loose([make.loose(path, host) for path in paths], now=make.NOW)
        return [store.document(make.identity(path, host).canonical_url) for path in paths]

    return build


@pytest.fixture
def staged_of(make):
    """Makes what an extractor of version 2 staged for a version that nobody touched since it came."""

    def build(version_id, article, **fields):
        values = {"extractor_version": "2", "seen_at": make.NOW, "weighed": True}
        return Reextraction(version_id=version_id, article=article, **{**values, **fields})

    return build
