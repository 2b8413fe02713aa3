"""A takedown that is killed between any two of its steps: nothing is lost, nothing stays half, the next run goes on."""

import gzip
import os
import signal
import subprocess
import sys
import textwrap
import uuid
from pathlib import Path

import pytest

from crawler import forgetting
from crawler.configuration import load
from crawler.dedup import decide
from crawler.forgetting import forget, target_of
from crawler.library import open_library
from crawler.runs import bury_dead_runs
from storage.captures import CaptureReader, CaptureWriter, removal, verify
from storage.sql.takedown_side import TakedownSide
from storage.types import (
    Article,
    CaptureKind,
    DocumentIdentity,
    EntryOrigin,
    Exchange,
    FetchAttempt,
    FetchReason,
    FetchResult,
    LooseSource,
    Outcome,
    Takedown,
    TakedownKind,
    utc_now,
)

HOST = "gazette.example"
RARE = "quokkaburra"
SHARED = f"The night tram of Merrow runs again, said {RARE} of the council. " * 400


class Killed(BaseException):
    """What a kill is to a test in the same process."""


def loose(url, host):
    identity = DocumentIdentity(canonical_url=url, request_url=url, url_key=url, host=host)
    return LooseSource(cited_url=url, identity=identity, origin=EntryOrigin(name="list.txt", line=1, format="urls"))


def put(library, writer, url, text):
    document = library.store.document(url)
    payload, now = text.encode(), utc_now()
    exchange = Exchange(
        url=url, request_headers=(("Host", "a"),), status=200, headers=(("X-Of", url),), payload=payload, fetched_at=now
    )
    known = library.store.known_payloads({one.payload_digest for one in library.store.captures()})
    capture = writer.append(exchange, kind=CaptureKind.LIVE, known=known)
    writer.sync()
    attempt = FetchAttempt(
        key=uuid.uuid4().hex,
        document_id=document.id,
        reason=FetchReason.NEW,
        outcome=Outcome.FETCHED,
        request_url=url,
        final_url=url,
        started_at=now,
        finished_at=now,
        status=200,
    )
    article = Article(headline=text[:9], body=text, text_digest=uuid.uuid5(uuid.NAMESPACE_URL, text).hex)
    (answer,) = library.store.archive(
        [FetchResult(attempt=attempt, captures=(capture,), article=article)], decide=decide, now=now
    )
    assert not answer.error


@pytest.fixture
def folder(tmp_path):
    """A library with a host of twelve documents, and two documents elsewhere that rest on two of its pages."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "dateline.toml").write_text("")
    own = [f"https://{HOST}/{number}" for number in range(12)]
    pages = {url: f"{SHARED}{number}" for number, url in enumerate(own)}
    pages |= {"https://courier.example/3": pages[own[3]], "https://ledger.example/3": pages[own[3]]}
    pages |= {"https://ledger.example/9": pages[own[9]], "https://ledger.example/own": "Something else. " * 90}
    with open_library(load(folder), create=True) as library:
        library.store.put_loose([loose(url, url.split("/")[2]) for url in pages], now=utc_now())
        with CaptureWriter(library.captures, token="0" * 8, software="tests", rotate_at=4000) as writer:
            for url, text in pages.items():
                put(library, writer, url, text)
    return folder


def carry_out(folder):
    with open_library(load(folder)) as library:
        bury_dead_runs(library)
        target = target_of(library.store, HOST)
        asked = Takedown(kind=TakedownKind.HOST, subject=HOST, reason="asked", who="ann", made_at=utc_now())
        return forget(library, target, takedown=asked, token=uuid.uuid4().hex)


def problems_of(library):
    return [one.text for one in verify(library.captures, library.store.captures())]


def survivors(library):
    with CaptureReader(library.captures) as reader:
        return {
            one.url: len(reader.payload(one, library.store.known_payloads([one.payload_digest])[one.payload_digest]))
            for one in library.store.captures()
            if HOST not in one.url
        }


def holding(folder):
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            unpacked = gzip.decompress(data) if path.name.endswith(".gz") and data else b""
            if HOST.encode() in unpacked:
                found.append(path.name)
    return found


def is_done(folder, before):
    """Whether nothing of the host is left, and all of the others."""
    with open_library(load(folder)) as library:
        assert problems_of(library) == []
        assert survivors(library) == before
        assert [one.url for one in library.store.captures() if HOST in one.url] == []
        assert library.store.removals() == []
        assert len(list(library.store.articles())) == len(before)
    assert holding(folder) == []


def failing_at(monkeypatch, owner, name, call, *, after):
    """Kill the ``call``-th call of something, before or after it did its work."""
    real = getattr(owner, name)
    calls = []

    def wrapped(*arguments, **options):
        calls.append(name)
        if len(calls) == call and not after:
            raise Killed
        answer = real(*arguments, **options)
        if len(calls) == call:
            raise Killed
        return answer

    monkeypatch.setattr(owner, name, wrapped)


STEPS = [
    (CaptureWriter, "append_again", 2),
    (CaptureWriter, "sync", 1),
    (TakedownSide, "move_captures", 1),
    (TakedownSide, "take_down", 1),
    (TakedownSide, "take_down", 3),
    (removal, "_overwrite_one", 2),
    (removal, "_overwrite", 1),
    (TakedownSide, "end_removals", 2),
    (removal, "remove_empty", 1),
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("owner", "name", "call"), STEPS, ids=[f"{name}-{call}" for _, name, call in STEPS])
def test_killed_between_any_two_steps(folder, monkeypatch, owner, name, call, after):
    monkeypatch.setattr(forgetting, "BATCH", 5)
    with open_library(load(folder)) as library:
        before = survivors(library)
    with monkeypatch.context() as patched:
        failing_at(patched, owner, name, call, after=after)
        with pytest.raises(Killed):
            carry_out(folder)
    with open_library(load(folder)) as library:
        assert survivors(library) == before
        bury_dead_runs(library)
        assert survivors(library) == before
        assert library.store.removals() == []
        assert problems_of(library) == []
    carry_out(folder)
    is_done(folder, before)
    assert carry_out(folder).moved == 0


def test_the_next_program_overwrites_what_is_noted(folder, monkeypatch):
    with open_library(load(folder)) as library:
        before = survivors(library)
    with monkeypatch.context() as patched:
        patched.setattr(forgetting, "finish", lambda *_, **__: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            carry_out(folder)
    assert holding(folder)
    with open_library(load(folder)) as library:
        assert library.store.removals()
        bury_dead_runs(library)
    is_done(folder, before)


SCRIPT = """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[2])
    import test_takedown_interruptions as tests

    real, calls = os.pwrite, []

    def torn(fd, data, offset):
        calls.append(offset)
        if len(calls) == 4:
            real(fd, bytes(data)[: len(data) // 2], offset)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(fd, data, offset)

    os.pwrite = torn
    tests.carry_out(Path(sys.argv[1]))
"""


def test_killed_in_the_middle_of_a_write(folder):
    with open_library(load(folder)) as library:
        before = survivors(library)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), str(folder), str(Path(__file__).parent)],
        check=False,
        timeout=120,
        env={name: value for name, value in os.environ.items() if not name.startswith(("DATELINE", "PYTEST"))},
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    with open_library(load(folder)) as library:
        assert library.store.removals()
        assert problems_of(library)
        assert survivors(library) == before
        bury_dead_runs(library)
    is_done(folder, before)
