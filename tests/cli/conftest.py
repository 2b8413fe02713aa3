"""The command line inside this process; in one of its own only where a real process matters."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import cli
from crawler.configuration import DATABASE_VARIABLE, LIBRARY_VARIABLE, load
from crawler.dedup import decide
from crawler.library import open_library
from crawler.urls import canonical_url
from storage.captures import CaptureWriter
from storage.types import CaptureKind, Exchange, FetchAttempt, FetchReason, FetchResult, Outcome, utc_now

COMMAND = Path(sys.executable).with_name("dateline")
sys.path.insert(0, str(Path(__file__).parent))


@dataclass
class Said:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


class Pipe:
    """Standard input that brings these bytes."""

    def __init__(self, content):
        self.buffer = io.BytesIO(content)


@pytest.fixture
def store_page(in_news):
    """Store a page as the latest attempt of a document that is known, with the outcome that an earlier program gave."""

    def store(url, body, outcome=Outcome.FAILED, *, status=200, ago=timedelta(hours=1)):
        now = utc_now()
        with (
            open_library(load(in_news)) as library,
            CaptureWriter(library.captures, token=uuid.uuid4().hex[:8], software="tests") as writer,
        ):
            exchange = Exchange(
                url=url,
                request_headers=(),
                status=status,
                headers=(("Content-Type", "text/html; charset=utf-8"),),
                payload=body,
                fetched_at=now - ago,
            )
            captures = (writer.append(exchange, kind=CaptureKind.LIVE, known={}),) if body else ()
            writer.sync()
            attempt = FetchAttempt(
                key=uuid.uuid4().hex,
                document_id=library.store.document(canonical_url(url)).id,
                reason=FetchReason.NEW,
                outcome=outcome,
                request_url=url,
                final_url=url,
                started_at=now - ago,
                finished_at=now - ago,
                status=status if body else None,
            )
            (archived,) = library.store.archive(
                [FetchResult(attempt=attempt, captures=captures)], decide=decide, now=now
            )
            assert not archived.error

    return store


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch, tmp_path):
    for name in (LIBRARY_VARIABLE, DATABASE_VARIABLE, "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # as a command finds it
    yield
    signal.signal(signal.SIGINT, before or signal.default_int_handler)


@pytest.fixture
def dateline(monkeypatch, capfd):
    """Run the command in this process."""

    def run(*words, expect=0, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["dateline", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", Pipe(stdin))
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = Said(ended.value.code or 0, *capfd.readouterr())
        assert "Traceback" not in said.err
        assert said.status == expect, f"{words}: {said}"
        return said

    return run


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory):
    """The files of a library without anything in it."""
    folder = tmp_path_factory.mktemp("empty") / "news"
    folder.mkdir()
    (folder / "dateline.toml").write_text("")
    with open_library(load(folder), create=True):
        pass
    return (folder / "dateline.db").read_bytes()


@pytest.fixture
def news(tmp_path, empty_library):
    """A library in the folder ``news``, which is the working folder's."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "dateline.toml").write_text("")
    (folder / "dateline.db").write_bytes(empty_library)
    return folder


@pytest.fixture
def in_news(news, monkeypatch):
    monkeypatch.setenv(LIBRARY_VARIABLE, str(news))
    return news


@pytest.fixture
def database_of():
    """Every row of every table, to compare before and after; ``runs`` False leaves out who worked on the library."""

    def read(folder, *, runs=True):
        with closing(sqlite3.connect(folder / "dateline.db")) as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            names = [name for name in names if runs or name not in {"runs", "sqlite_sequence"}]
            return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}  # noqa: S608

    return read


@pytest.fixture
def table(tmp_path):
    """A table of event entries, one event per URL."""

    def write(*urls, headline="Thing number {} happens in Merrow", name="table.csv"):
        rows = [f'e{number},2011-05-09,"{headline.format(number)}",{url}\n' for number, url in enumerate(urls)]
        (tmp_path / name).write_text("event_id,date,headline,url\n" + "".join(rows))
        return tmp_path / name

    return write


@pytest.fixture
def process(tmp_path):
    """Run the command in a process of its own; ``shell`` sees it as $DATELINE."""

    def run(shell, expect=0, **variables):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("DATELINE", "PYTEST"))}
        environment = clean | {"DATELINE": str(COMMAND)} | variables
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {shell}"],
            capture_output=True,
            cwd=tmp_path,
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
        said = Said(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode())
        assert "Traceback" not in said.err
        assert said.status == expect, said
        return said

    return run
