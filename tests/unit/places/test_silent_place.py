"""A place that takes connections and says nothing: a run ends in spite of it, and what it wrote stays here."""

import threading
import time

import pytest

from crawler import uploading
from storage.captures import CaptureWriter
from storage.captures.places.folder import FolderPlace

TOKEN = "0123456789abcdef"
ANSWER_S = 0.2


class Slow(FolderPlace):
    """Says nothing until it is let go; with ``answers`` only the putting of files takes so long."""

    def __init__(self, address, *, answers):
        super().__init__(address)
        self._answers, self.asked, self.released = answers, threading.Event(), threading.Event()

    def size(self, name):
        if not self._answers:
            self._wait()
        return super().size(name)

    def put(self, source, name):
        self._wait()
        super().put(source, name)

    def _wait(self):
        self.asked.set()
        self.released.wait(30)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(uploading, "_ANSWER_S", ANSWER_S)


@pytest.fixture
def slow(tmp_path, monkeypatch):
    """Makes the place; it is let go at the end."""
    made = []

    def make(*, answers):
        made.append(Slow(str(tmp_path / "shared"), answers=answers))
        for module in ("crawler.uploading", "storage.uploading"):
            monkeypatch.setattr(f"{module}.place_at", lambda _address: made[-1])
        return made[-1]

    yield make
    for one in made:
        one.released.set()
    for thread in threading.enumerate():
        if thread.name in {"moving captures", "asking the place"}:
            thread.join(30)


@pytest.fixture
def written(library, page_of, store_result):
    """Stores a page of a run in a file of its own, which is closed."""

    def write(token):
        with CaptureWriter(library.captures, token=token, software="tests") as writer:
            exchange, identity = page_of(f"https://news.example/{token}")
            capture = writer.append(exchange, kind="live", known={})
            writer.sync()
            store_result(library.store, identity, capture)
        return capture.location.file

    return write


def files(library):
    return [one.name for one in library.captures.glob("*.warc.gz")]


def test_a_run_ends_though_the_place_never_answers(library, slow, written, caplog):
    name, place = written("fedcba9876543210"), slow(answers=False)
    began = time.monotonic()
    with (
        CaptureWriter(library.captures, token=TOKEN, software="tests") as writer,
        uploading.moving_out(library, writer),
    ):
        assert place.asked.wait(30)
    assert time.monotonic() - began < 20
    assert "does not answer" in caplog.text
    assert files(library) == [name]


def test_what_a_run_wrote_stays_where_the_place_never_answers(library, slow, written, caplog):
    name, place = written(TOKEN), slow(answers=False)
    uploading.move_own(library, TOKEN)
    assert place.asked.is_set()
    assert "does not answer" in caplog.text
    assert files(library) == [name]


def test_a_run_without_files_of_its_own_asks_nobody(library, slow, written):
    written("fedcba9876543210")
    place = slow(answers=False)
    uploading.move_own(library, TOKEN)
    assert not place.asked.is_set()


def test_a_file_is_brought_to_its_end_as_long_as_the_place_answers(library, slow, written):
    written("fedcba9876543210")
    place = slow(answers=True)
    with (
        CaptureWriter(library.captures, token=TOKEN, software="tests") as writer,
        uploading.moving_out(library, writer),
    ):
        assert place.asked.wait(30)
        threading.Timer(5 * ANSWER_S, place.released.set).start()
    assert files(library) == []
    assert len(list(library.store.stored_files())) == 1
