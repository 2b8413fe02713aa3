"""Where full WARC files were put: rows that are written and changed only while they are what the caller believes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage import open_store
from storage.types import RecordLocation, Run, StoredFile, Takedown, TakedownKind


@pytest.fixture
def stored(make):
    def build(file="dateline-20260301120000-01234567-00001.warc.gz", **fields):
        values = {"place": "s3://news/captures", "size": 1 << 40, "sha256": "ab" * 32, "machine": "harbour"}
        return StoredFile(file=file, stored_at=make.NOW, **{**values, **fields})

    return build


@pytest.fixture
def capture_at(store, make, sources):
    """Stores a capture whose record stands at an offset of a file."""

    def build(file, offset=0, length=100):
        (document,) = sources(f"/{file}-{offset}")
        place = RecordLocation(file=file, offset=offset, length=length, record_id=f"urn:uuid:{file}-{offset}")
        capture = make.capture(document, location=place)
        (answer,) = store.archive([make.result(document, captures=(capture,))], decide=make.decide, now=make.NOW)
        assert not answer.error
        return document

    return build


def test_a_file_that_was_put_somewhere_is_found_by_its_name(store, stored):
    one = stored()
    assert store.put_stored_file(one)
    assert store.find_stored_files([one.file, "other.warc.gz"]) == {one.file: one}
    assert store.find_stored_files([]) == {}


def test_a_row_is_written_once_and_the_second_writer_is_told(store, stored):
    assert store.put_stored_file(stored())
    assert not store.put_stored_file(stored(sha256="cd" * 32))
    assert [one.sha256 for one in store.stored_files()] == ["ab" * 32]


def test_a_row_is_changed_only_where_it_is_what_the_caller_read(store, stored):
    first, second = stored(), stored(becoming="cd" * 32)
    assert not store.put_stored_file(second, instead_of=first)
    assert store.put_stored_file(first)
    assert store.put_stored_file(second, instead_of=first)
    assert not store.put_stored_file(stored(becoming="ef" * 32), instead_of=first)
    assert list(store.stored_files()) == [second]


def test_a_file_of_which_something_is_to_be_overwritten_gets_no_row(store, stored, make, capture_at):
    one = stored()
    document = capture_at(one.file)
    taken = Takedown(kind=TakedownKind.DOCUMENT, subject=document.canonical_url, reason="x", who="x", made_at=make.NOW)
    store.take_down(taken, document_ids=[document.id])
    assert not store.put_stored_file(one)
    store.end_removals(store.removals())
    assert store.put_stored_file(one)


def test_a_row_that_is_there_may_change_while_something_is_to_be_overwritten(store, stored, make, capture_at):
    one = stored()
    document = capture_at(one.file)
    assert store.put_stored_file(one)
    taken = Takedown(kind=TakedownKind.DOCUMENT, subject=document.canonical_url, reason="x", who="x", made_at=make.NOW)
    store.take_down(taken, document_ids=[document.id])
    assert store.put_stored_file(replace(one, becoming="cd" * 32), instead_of=one)


def test_a_file_that_is_gone_is_forgotten_and_forgetting_twice_is_no_error(store, stored):
    store.put_stored_file(stored())
    for _ in range(2):
        store.forget_stored_file(stored().file)
        assert list(store.stored_files()) == []


def test_files_come_by_name_and_are_continued_behind_one(store, stored):
    for name in ("b", "a", "c"):
        store.put_stored_file(stored(name))
    assert [one.file for one in store.stored_files()] == ["a", "b", "c"]
    assert [one.file for one in store.stored_files(after="a")] == ["b", "c"]


def test_more_files_than_one_statement_gives_all_come(store, stored):
    names = [f"{number:04}" for number in range(501)]
    for name in names:
        store.put_stored_file(stored(name))
    assert [one.file for one in store.stored_files()] == names
    assert store.find_stored_files(names).keys() == set(names)


def test_files_with_records_are_told_once_each(store, capture_at):
    for file, offset in (("b", 0), ("a", 0), ("b", 100), ("c", 0)):
        capture_at(file, offset)
    assert list(store.capture_files()) == ["a", "b", "c"]
    assert list(store.capture_files(after="a")) == ["b", "c"]


def test_a_file_whose_only_record_was_removed_has_none(store, make, capture_at):
    document = capture_at("a")
    raw = Takedown(kind=TakedownKind.RAW, subject="rule 1", reason="old", who="x", made_at=make.NOW)
    store.take_down(raw, document_ids=[document.id])
    assert list(store.capture_files()) == []


def test_the_run_of_a_file_is_known_by_the_beginning_of_its_token(store, make):
    for token, machine, hours in (("0123456789abcdef", "old", 0), ("01234567ffffffff", "new", 1), ("fedc", "x", 2)):
        moment = make.NOW + timedelta(hours=hours)
        store.start_run(
            Run(token=token, command="x", machine=machine, pid=1, started_at=moment, heartbeat_at=moment, who="x")
        )
    assert store.run_of_file("01234567").machine == "new"
    assert store.run_of_file("0123456789").machine == "old"
    assert store.run_of_file("0_23") is None


def test_a_file_is_held_by_one_program_at_a_time(postgres_url):
    with open_store(postgres_url) as one, open_store(postgres_url) as other:
        with one.hold_file("a") as first, other.hold_file("a") as second, other.hold_file("b") as third:
            assert (first, second, third) == (True, False, True)
        with other.hold_file("a") as again:
            assert again


def test_one_machine_needs_no_lock_of_the_database(sqlite_url):
    with open_store(sqlite_url) as one, one.hold_file("a") as held:
        assert held
