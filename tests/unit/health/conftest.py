"""A library for what watches it, and the state of a scheduler."""

import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.configuration import load
from crawler.dedup import decide
from storage import open_store
from storage.types import (
    DocumentIdentity,
    EntryOrigin,
    FetchAttempt,
    FetchReason,
    FetchResult,
    LooseSource,
    Run,
    RunState,
    utc_now,
)


@dataclass
class State:
    """As `crawler.scheduling.state` has it."""

    started_at: datetime = datetime(2026, 3, 1, tzinfo=UTC)
    leading: bool = True
    leading_since: datetime | None = datetime(2026, 3, 1, 1, tzinfo=UTC)
    ticked_at: datetime | None = field(default_factory=utc_now)
    counts: Counter = field(default_factory=Counter)
    at_work: dict = field(default_factory=dict)
    next_starts: dict = field(default_factory=dict)


@pytest.fixture
def state():
    return State()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request):
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def configured(tmp_path, sqlite_url):
    """The settings of a library; keyword arguments are of ``load``'s overrides."""

    def make(text="", *, database=sqlite_url, **overrides):
        folder = tmp_path / "news"
        (folder / "captures").mkdir(parents=True, exist_ok=True)
        (folder / "runs").mkdir(exist_ok=True)
        (folder / "dateline.toml").write_text(text)
        given = {key.replace("__", "."): value for key, value in overrides.items()}
        return load(folder, {"storage.database": database, **given})

    return make


@pytest.fixture
def store(sqlite_url):
    with open_store(sqlite_url) as opened:
        yield opened


@pytest.fixture
def ran():
    """Store a run of a job that is over."""

    def keep(store, number, *, job="sources", now=None, ago=timedelta(hours=1), **ending):
        now = now or utc_now()
        begun = Run(
            token=f"{number:016x}",
            command="dateline crawl",
            machine="crawler-1",
            pid=1,
            started_at=now - ago,
            heartbeat_at=now - ago,
            job=job,
        )
        stored = store.start_run(begun)
        values = {"state": RunState.FINISHED, "counts": {}, **ending}
        if values["state"] is not RunState.RUNNING:
            store.finish_run(begun.token, now=now - ago + timedelta(minutes=1), **values)
        return stored

    return keep


@pytest.fixture
def attempted(store):
    """Store one attempt now for each outcome, each at a document of its own."""

    def keep(*outcomes):
        now = utc_now()
        urls = [f"https://harbour-post.example/{number}" for number in range(len(outcomes))]
        store.put_loose(
            [
                LooseSource(
                    cited_url=url,
                    identity=DocumentIdentity(
                        canonical_url=url, request_url=url, url_key=url, host="harbour-post.example"
                    ),
                    origin=EntryOrigin(name="list.txt", line=1, format="urls"),
                )
                for url in urls
            ],
            now=now,
        )
        attempts = [
            FetchAttempt(
                key=uuid.uuid4().hex,
                document_id=store.document(url).id,
                reason=FetchReason.NEW,
                outcome=outcome,
                request_url=url,
                final_url=url,
                started_at=now,
                finished_at=now,
            )
            for url, outcome in zip(urls, outcomes, strict=True)
        ]
        stored = store.archive([FetchResult(attempt=one) for one in attempts], decide=decide, now=now)
        assert not [one.error for one in stored if one.error]

    return keep


@pytest.fixture
def answering():
    """Start servers that answer every request with one status; returns the address, and the headers that came."""
    running = []

    def start(status=200, *, head=None, date=None):
        seen = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(status)

            def do_HEAD(self):
                self.answer(head or status)

            def answer(self, code):
                seen.append({":method": self.command, ":path": self.path, **self.headers})
                self.send_response_only(code)
                if date is not None:
                    self.send_header("Date", date)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}/cdx?url=x", seen

    yield start
    for server in running:
        server.shutdown()
        server.server_close()
