"""A library with captures and rows of them, and a place of every kind."""

import itertools
import os
import socket
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from crawler.configuration import load
from crawler.library import open_library
from storage import open_store
from storage.captures import CaptureReader, CaptureWriter
from storage.captures.places import place_at
from storage.captures.places.finding import Places
from storage.types import (
    CaptureKind,
    DocumentIdentity,
    EntryOrigin,
    Exchange,
    FetchAttempt,
    FetchReason,
    FetchResult,
    LooseSource,
    Outcome,
    Run,
    Takedown,
    TakedownKind,
)
from storage.uploading import move_all

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
TOKEN = "0123456789abcdef"


def decide(_article, _candidates):
    raise AssertionError("these pages have no articles")


def make_page(url, payload):
    """A page that was fetched, and the identity of its document."""
    identity = DocumentIdentity(canonical_url=url, request_url=url, url_key=url, host="news.example")
    exchange = Exchange(
        url=url,
        request_headers=(),
        status=200,
        headers=(("Content-Type", "text/html"),),
        payload=payload,
        fetched_at=NOW,
    )
    return exchange, identity


def loose(identity):
    origin = EntryOrigin(name="list", line=1, format="list")
    return LooseSource(cited_url=identity.canonical_url, identity=identity, origin=origin)


def put_result(store, identity, capture):
    """The rows of a capture and its attempt."""
    document = store.document(identity.canonical_url)
    attempt = FetchAttempt(
        key=uuid.uuid4().hex,
        document_id=document.id,
        reason=FetchReason.NEW,
        outcome=Outcome.FAILED,
        request_url=identity.request_url,
        final_url=identity.request_url,
        started_at=NOW,
        finished_at=NOW,
    )
    (answer,) = store.archive([FetchResult(attempt=attempt, captures=(capture,))], decide=decide, now=NOW)
    assert not answer.error


@dataclass
class Shelf:
    """One machine's folder of a library, its store, and the place where full files go."""

    folder: Path
    store: object
    address: str
    machine: str
    numbers = itertools.count(1)

    @property
    def captures(self):
        return self.folder / "captures"

    @property
    def places(self):
        return Places(store=self.store, address=self.address, machine=self.machine)

    @property
    def place(self):
        return place_at(self.address)

    def reader(self):
        return CaptureReader(self.captures, self.places)

    def fetch(self, *payloads, token=TOKEN, known=None, close=True):
        """Write pages and their rows, each of a document of its own; returns (captures, documents)."""
        writer = CaptureWriter(self.captures, token=token, software="tests")
        found = []
        for payload in payloads:
            exchange, identity = make_page(f"https://news.example/{next(self.numbers)}", payload)
            self.store.put_loose([loose(identity)], now=NOW)
            capture = writer.append(exchange, kind=CaptureKind.LIVE, known=known or {})
            writer.sync()
            put_result(self.store, identity, capture)
            found.append((capture, self.store.document(identity.canonical_url)))
        if close:
            writer.close()
        return SimpleNamespace(
            captures=[one for one, _ in found],
            documents=[one for _, one in found],
            writer=writer,
            file=found[0][0].location.file,
        )

    def run(self, token=TOKEN):
        self.store.start_run(
            Run(token=token, command="x", machine=self.machine, pid=1, started_at=NOW, heartbeat_at=NOW, who="x")
        )

    def move(self):
        return list(move_all(self.folder, self.captures, self.store, self.address))

    def take_down(self, *documents):
        for one in documents:
            taken = Takedown(
                kind=TakedownKind.DOCUMENT, subject=one.canonical_url, reason="asked", who="ann", made_at=NOW
            )
            self.store.take_down(taken, document_ids=[one.id])


@pytest.fixture(params=["folder", "s3"])
def address(request, tmp_path):
    """Of a place of every kind."""
    if request.param == "s3":
        return request.getfixturevalue("s3_bucket")
    (tmp_path / "shared").mkdir()
    return str(tmp_path / "shared")


@pytest.fixture
def place(address):
    return place_at(address)


@pytest.fixture
def shelf(tmp_path, address):
    return _shelf(tmp_path / "library", open_store("memory:"), address)


@pytest.fixture
def shelf_in_folder(tmp_path):
    """For what does not depend on the kind of place."""
    (tmp_path / "shared").mkdir()
    return _shelf(tmp_path / "library", open_store("memory:"), str(tmp_path / "shared"))


@pytest.fixture
def two_machines(tmp_path, address, postgres_url):
    """Two folders of one library on one database, as on two machines."""
    with open_store(postgres_url) as first, open_store(postgres_url) as second:
        yield (
            _shelf(tmp_path / "one", first, address, "harbour"),
            _shelf(tmp_path / "other", second, address, "tower"),
        )


def _shelf(folder, store, address, machine=None):
    (folder / "runs").mkdir(parents=True)
    (folder / "captures").mkdir()
    return Shelf(folder=folder, store=store, address=address, machine=machine or socket.gethostname())


@pytest.fixture
def library(tmp_path, sqlite_url):
    """One whose full files go to the folder `shared`."""
    (tmp_path / "shared").mkdir()
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "dateline.toml").write_text(f'[storage]\ndatabase = "{sqlite_url}"\ncaptures = "{tmp_path / "shared"}"\n')
    with open_library(load(folder)) as opened:
        yield opened


@pytest.fixture
def shelf_of(tmp_path):
    """Makes a library's folder on a database, with a place."""
    opened = []

    def build(url, address):
        opened.append(open_store(url))
        return _shelf(tmp_path / "library", opened[-1], address)

    yield build
    for one in opened:
        one.close()


@pytest.fixture
def page_of():
    return lambda url: make_page(url, os.urandom(1 << 11))


@pytest.fixture
def store_result():
    def store(opened, identity, capture):
        opened.put_loose([loose(identity)], now=NOW)
        put_result(opened, identity, capture)

    return store
