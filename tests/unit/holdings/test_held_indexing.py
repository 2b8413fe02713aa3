"""Which files go into the index, what is written of them, and what is left alone."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from crawler.errors import HoldingError
from crawler.holdings import indexing
from crawler.holdings.conditions import Condition, condition_of
from crawler.holdings.indexing import Wish, index
from storage import open_store
from storage.memory import MemoryStore
from storage.types import DocumentIdentity, EntryOrigin, HeldRecord, LooseSource, utc_now

URLS = tuple(f"http://post.example/{name}" for name in "abc")


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    if request.param == "memory":
        yield MemoryStore()
        return
    with closing(open_store(f"sqlite:///{tmp_path / 'library.db'}", upgrade=True)) as opened:
        yield opened


@pytest.fixture
def shelf(tmp_path, make):
    """A folder of three archives and of other files."""
    folder = tmp_path / "shelf"
    (folder / "deep").mkdir(parents=True)
    (folder / "one.warc.gz").write_bytes(make.warc(URLS[0]))
    (folder / "deep" / "old.ARC").write_bytes(make.arc(URLS[1]))
    (folder / "two.wacz").write_bytes(make.wacz({"archive/a.warc": make.raw(url=URLS[2])}))
    (folder / "notes.txt").write_text("WARC/1.0")
    return folder


def want(store, url, key):
    identity = DocumentIdentity(canonical_url=url, request_url=url, url_key=key, host="post.example")
    origin = EntryOrigin(name="list", format="url_list", line=1)
    source = LooseSource(cited_url=url, identity=identity, origin=origin)
    store.put_loose([source], now=utc_now())


def held(store):
    return [Path(file.path).name for file in store.held_files()]


def test_a_folder_is_searched_to_its_bottom_for_archives(store, shelf):
    report = index(store, [shelf], Wish())
    assert held(store) == ["old.ARC", "one.warc.gz", "two.wacz"]
    assert (report.records, report.refused) == (3, [])
    assert {file.kind for file in store.held_files()} == {"arc", "warc", "wacz"}
    (record,) = store.held_records("example,post)/c")
    assert isinstance(record, HeldRecord)
    assert (record.url, record.member) == (URLS[2], "archive/a.warc")


def test_doing_it_again_changes_nothing(store, shelf):
    index(store, [shelf], Wish())
    before = store.held_files()
    report = index(store, [shelf, shelf / "one.warc.gz"], Wish())
    assert (report.files, report.unchanged) == ([], 3)
    assert store.held_files() == before


def test_a_changed_file_is_indexed_anew_and_what_was_known_goes(store, shelf, make):
    index(store, [shelf], Wish())
    (shelf / "one.warc.gz").write_bytes(make.warc(URLS[1]))
    report = index(store, [shelf], Wish())
    assert [Path(file.path).name for file in report.files] == ["one.warc.gz"]
    assert store.held_records("example,post)/a") == []
    assert len(store.held_records("example,post)/b")) == 2


def test_links_are_followed_once_and_loops_end(store, shelf):
    (shelf / "deep" / "up").symlink_to(shelf)
    (shelf / "again.warc.gz").symlink_to(shelf / "one.warc.gz")
    (shelf / "nowhere.warc").symlink_to(shelf / "gone.warc")
    index(store, [shelf, shelf / "deep" / "up"], Wish())
    assert held(store) == ["old.ARC", "one.warc.gz", "two.wacz"]


@pytest.mark.parametrize("name", ["gone.warc.gz", ""])
def test_a_path_that_names_nothing_stops_all_before_anything_is_read(store, shelf, name):
    missing = str(shelf / name) if name else ""
    with pytest.raises(HoldingError, match="no such file or folder; nothing was read"):
        index(store, [shelf, missing], Wish())
    assert store.held_files() == []


def test_a_pipe_is_refused(store, shelf):
    os.mkfifo(shelf / "pipe.warc")
    with pytest.raises(HoldingError, match="neither a file nor a folder"):
        index(store, [shelf / "pipe.warc"], Wish())
    assert len(index(store, [shelf], Wish()).files) == 3


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b\x08broken", b"PK\x03\x04"])
def test_a_file_of_another_kind_is_refused_by_name_and_the_others_go_on(store, shelf, content):
    (shelf / "bad.warc").write_bytes(content)
    report = index(store, [shelf], Wish())
    (problem,) = report.refused
    assert str(shelf / "bad.warc") in str(problem)
    assert held(store) == ["old.ARC", "one.warc.gz", "two.wacz"]


def test_a_file_that_may_not_be_read_is_named(store, shelf, monkeypatch):
    opened = os.open

    def guarded(path, flags, *more, **named):
        if str(path).endswith("one.warc.gz"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, flags, *more, **named)

    monkeypatch.setattr(indexing.os, "open", guarded)
    report = index(store, [shelf], Wish())
    (problem,) = report.refused
    assert "one.warc.gz: Permission denied" in str(problem)
    assert len(report.files) == 2


def test_a_name_that_is_no_text_is_refused(store, shelf, make):
    path = os.fsencode(shelf) + b"/caf\xe9.warc"
    Path(os.fsdecode(path)).write_bytes(make.raw(url=URLS[0]))
    report = index(store, [shelf], Wish())
    (problem,) = report.refused
    assert "no UTF-8" in str(problem)
    assert len(report.files) == 3


def test_what_could_not_be_read_is_kept_with_the_file(store, shelf, make):
    (shelf / "cut.warc.gz").write_bytes(make.warc(*URLS)[:-9])
    index(store, [shelf / "cut.warc.gz"], Wish())
    (file,) = store.held_files()
    assert file.records == 2
    assert "the file ends inside it" in file.problems[0]


def test_more_problems_than_are_kept_are_counted(store, shelf, make):
    (shelf / "bad.warc").write_bytes((make.raw(url=URLS[0]) + b"rubbish\n") * 130)
    index(store, [shelf / "bad.warc"], Wish())
    (file,) = store.held_files()
    assert len(file.problems) == 100
    assert file.problems[-1] == "and 31 more such places"


def test_a_file_that_grows_while_it_is_read_is_left_as_it_was_known(store, shelf, make):
    index(store, [shelf], Wish())
    before = store.held_files()

    def grow(path, _count):
        with Path(path).open("ab") as stream:
            stream.write(make.raw(url=URLS[1]))

    report = index(store, [shelf / "one.warc.gz"], Wish(again=True, progress=grow))
    assert "changed while it was read" in str(report.refused[0])
    assert store.held_files() == before


def test_an_interruption_keeps_whole_files(store, shelf):
    def stop(path, _count):
        if path.endswith("two.wacz"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index(store, [shelf], Wish(progress=stop))
    assert held(store) == ["old.ARC", "one.warc.gz"]
    assert len(index(store, [shelf], Wish()).files) == 1


def test_only_what_is_wanted_can_be_kept(store, shelf, make):
    want(store, URLS[1], "example,post)/b")
    (shelf / "crawl.warc.gz").write_bytes(make.warc(*URLS))
    report = index(store, [shelf], Wish(wanted_only=True))
    assert report.records == 2
    assert all(file.wanted_only for file in store.held_files())
    assert store.held_records("example,post)/a") == []
    assert len(store.held_records("example,post)/b")) == 2


def test_a_file_of_which_only_the_wanted_is_known_is_passed_with_a_word_or_read_whole(store, shelf):
    index(store, [shelf], Wish(wanted_only=True))
    want(store, URLS[0], "example,post)/a")
    report = index(store, [shelf], Wish(wanted_only=True))
    assert (report.unchanged, report.stale) == (3, 3)
    assert store.held_records("example,post)/a") == []
    assert index(store, [shelf], Wish(wanted_only=True, again=True)).records == 1
    assert index(store, [shelf], Wish()).records == 3
    assert index(store, [shelf], Wish(wanted_only=True)).unchanged == 3
    assert not any(file.wanted_only for file in store.held_files())


def test_the_condition_of_a_held_file_is_looked_up(store, shelf):
    index(store, [shelf], Wish())
    (shelf / "two.wacz").unlink()
    os.utime(shelf / "one.warc.gz", ns=(5, 5))
    found = [condition_of(file) for file in store.held_files()]
    assert found == [Condition.AS_INDEXED, Condition.CHANGED, Condition.GONE]
