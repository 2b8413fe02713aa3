"""A run moves its full files in a thread of its own while it goes on writing."""

import os
import time

import pytest

from crawler.uploading import OLD_S, moving_out
from storage.captures import CaptureWriter
from storage.types import CaptureKind


def until(condition):
    end = time.monotonic() + 30
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_full_files_go_while_the_run_goes_on(library, tmp_path, put_page):
    with (
        CaptureWriter(library.captures, token="0123456789abcdef", software="tests", rotate_at=2000) as writer,
        moving_out(library, writer),
    ):
        for _ in range(4):
            put_page(library, writer)
        assert until(lambda: len(list((tmp_path / "shared").glob("*.warc.gz"))) == 3)
        assert until(lambda: len(list(library.store.stored_files())) == 3)
        assert until(lambda: len(list(library.captures.glob("*.warc.gz"))) == 1)
        put_page(library, writer)
    with library.reader() as reader:
        assert all(reader.payload(one) for one in library.store.captures())


def test_a_file_whose_last_record_has_no_row_stays_held(library, tmp_path, put_page, orphan):
    with (
        CaptureWriter(library.captures, token="0123456789abcdef", software="tests", rotate_at=2000) as writer,
        moving_out(library, writer),
    ):
        put_page(library, writer)
        held = writer.append(orphan(), kind=CaptureKind.LIVE, known={}).location.file
        put_page(library, writer)
        put_page(library, writer)
        assert until(lambda: len(list(library.store.stored_files())) == 2)
        assert list(writer.full_files()) == [held]
        assert (library.captures / held).is_file()
        assert held not in {one.file for one in library.store.stored_files()}


def test_an_old_file_is_ended_though_nothing_comes(library, put_page):
    with CaptureWriter(library.captures, token="0123456789abcdef", software="tests") as writer:
        put_page(library, writer)
        writer.end_old_file()
        assert not writer.full_files()
        writer.watch(lambda: None, rotate_after_s=-1)
        writer.end_old_file()
        assert len(writer.full_files()) == 1
        writer.end_old_file()
        assert len(writer.full_files()) == 1


def test_by_itself_a_file_never_grows_old(library, put_page):
    with CaptureWriter(library.captures, token="0123456789abcdef", software="tests") as writer:
        put_page(library, writer)
        writer._begun -= 100 * OLD_S
        writer.end_old_file()
        put_page(library, writer)
    assert len(list(library.captures.glob("*.warc.gz"))) == 1


def test_what_a_killed_run_left_is_moved_by_the_next_one(library, tmp_path, put_page):
    with CaptureWriter(library.captures, token="fedcba9876543210", software="tests") as writer:
        put_page(library, writer)
    with (
        CaptureWriter(library.captures, token="0123456789abcdef", software="tests") as writer,
        moving_out(library, writer),
    ):
        assert until(lambda: list(library.store.stored_files()))
    assert [one.name[24:32] for one in (tmp_path / "shared").iterdir()] == ["fedcba98"]


def test_a_mistake_of_ours_in_the_thread_does_not_end_the_run(library, put_page, monkeypatch, caplog):
    monkeypatch.setattr("crawler.uploading.move_all", lambda *_, **__: 1 / 0)
    with (
        CaptureWriter(library.captures, token="0123456789abcdef", software="tests") as writer,
        moving_out(library, writer),
    ):
        assert until(lambda: "captures could not be moved" in caplog.text)
        put_page(library, writer)
    assert len(list(library.store.captures())) == 1


@pytest.fixture
def orphan(page_of):
    return lambda: page_of("https://news.example/orphan")[0]


@pytest.fixture
def put_page(page_of, store_result):
    """Stores a page of some 2,000 bytes with its row."""

    def put(library, writer):
        exchange, identity = page_of(f"https://news.example/{os.urandom(8).hex()}")
        capture = writer.append(exchange, kind=CaptureKind.LIVE, known={})
        writer.sync()
        store_result(library.store, identity, capture)

    return put
