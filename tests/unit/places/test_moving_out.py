"""Full files are moved out once all is safe; killed at any step, nothing is lost and nothing is there twice."""

import gzip
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from storage import uploading
from storage.captures import finish_removals, recover, verify
from storage.captures.files import UNCOMMITTED
from storage.captures.places import digest_in
from storage.captures.places.folder import FolderPlace
from storage.errors import PlaceUnavailable, RecordMissing
from storage.finishing import finish
from storage.upkeep_lock import upkeep
from storage.uploading import MoveState

PAGES = [b"<p>The harbour opened at dawn.</p>" * 50, b"<p>Nobody was hurt.</p>" * 70, b"quokkaburra" * 90]


class Killed(BaseException):
    """Ends the work where a kill would."""


def states(moved):
    return [one.state for one in moved]


def names_in(shelf):
    return sorted(one.name for one in shelf.captures.glob("*.warc.gz"))


def everything_is_readable(shelf, fetched, pages=PAGES):
    with shelf.reader() as reader:
        return [reader.payload(one) for one in fetched.captures] == pages


def problems(shelf):
    return list(verify(shelf.captures, shelf.store.captures(), shelf.places))


def test_a_file_that_is_done_with_is_moved_and_read_where_it_is(shelf):
    fetched = shelf.fetch(*PAGES)
    before = (shelf.captures / fetched.file).read_bytes()
    (moved,) = shelf.move()
    assert (moved.state, moved.size) == (MoveState.MOVED, len(before))
    assert names_in(shelf) == []
    assert shelf.place.read(fetched.file, 0, len(before)) == before
    (row,) = shelf.store.stored_files()
    assert (row.file, row.place, row.size) == (fetched.file, shelf.address, len(before))
    assert digest_in(shelf.place, fetched.file) == (row.size, row.sha256)
    assert everything_is_readable(shelf, fetched)
    assert problems(shelf) == []


def test_moving_again_changes_nothing(shelf):
    shelf.fetch(*PAGES)
    shelf.move()
    before = list(shelf.store.stored_files())
    assert shelf.move() == []
    assert list(shelf.store.stored_files()) == before


def test_headers_and_revisits_are_read_where_they_are(shelf):
    first = shelf.fetch(PAGES[0])
    digest = first.captures[0].payload_digest
    known = shelf.store.known_payloads([digest])
    again = shelf.fetch(PAGES[0], token="fedcba9876543210", known=known)
    shelf.move()
    (revisit,) = again.captures
    assert revisit.revisit_of
    with shelf.reader() as reader:
        assert reader.payload(revisit) == PAGES[0]  # by what the revisit's own record says
        assert reader.payload(revisit, known[digest]) == PAGES[0]
        assert reader.headers(first.captures[0]) == (("Content-Type", "text/html"),)
    assert problems(shelf) == []


def test_what_has_no_record_there_is_told_as_of_any_file(shelf):
    fetched = shelf.fetch(*PAGES)
    shelf.move()
    beyond = replace(fetched.captures[0], location=replace(fetched.captures[0].location, offset=1 << 30))
    between = replace(fetched.captures[0], location=replace(fetched.captures[0].location, offset=3))
    with shelf.reader() as reader:
        for wrong in (beyond, between):
            with pytest.raises(RecordMissing):
                reader.payload(wrong)
        shelf.place.remove(fetched.file)
    with shelf.reader() as reader, pytest.raises(RecordMissing):
        reader.payload(fetched.captures[0])


# -- what must not move ----------------------------------------------------------------------------------------------


def test_a_file_that_is_written_stays(shelf_in_folder):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES, close=False)
    assert states(shelf.move()) == [MoveState.IN_USE]
    fetched.writer.close()
    assert states(shelf.move()) == [MoveState.MOVED]


def test_a_file_with_records_that_have_no_row_stays_until_they_are_put_aside(shelf_in_folder, exchange):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES, close=False)
    fetched.writer.append(exchange, kind=fetched.captures[0].kind, known={})
    fetched.writer.close()
    (waits,) = shelf.move()
    assert (waits.state, names_in(shelf)) == (MoveState.WAITS, [fetched.file])
    assert not list(shelf.store.stored_files())
    recover(shelf.captures, shelf.store.committed_end)
    assert states(shelf.move()) == [MoveState.MOVED]
    assert (shelf.captures / UNCOMMITTED / fetched.file).is_file()


def test_a_file_without_any_row_stays(shelf_in_folder, exchange):
    shelf = shelf_in_folder
    fetched = shelf.fetch(PAGES[0])
    orphan = shelf.captures / fetched.file.replace("00001", "00002")
    orphan.write_bytes((shelf.captures / fetched.file).read_bytes())
    assert states(shelf.move()) == [MoveState.MOVED, MoveState.WAITS]
    assert names_in(shelf) == [orphan.name]


def test_a_file_stays_while_something_is_to_be_overwritten_in_it(shelf_in_folder):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    shelf.take_down(fetched.documents[2])
    assert states(shelf.move()) == [MoveState.WAITS]
    finish(shelf.captures, shelf.store, shelf.places)
    assert states(shelf.move()) == [MoveState.MOVED]
    assert b"quokkaburra" not in shelf.place.read(fetched.file, 0, 1 << 20)
    assert problems(shelf) == []


@pytest.mark.parametrize("when", ["before it is read back", "after it is read back"])
def test_a_takedown_during_the_upload_wins(shelf, monkeypatch, when):
    fetched = shelf.fetch(*PAGES)
    put, let_go = type(shelf.place).put, uploading._let_go

    def takedown():
        shelf.take_down(fetched.documents[2])
        finish(shelf.captures, shelf.store, shelf.places)

    if when.startswith("before"):
        monkeypatch.setattr(type(shelf.place), "put", lambda *given: (put(*given), takedown()))
    else:
        monkeypatch.setattr(uploading, "_let_go", lambda *given: (takedown(), let_go(*given))[1])
    (waits,) = shelf.move()
    assert (waits.state, names_in(shelf)) == (MoveState.WAITS, [fetched.file])
    assert shelf.place.size(fetched.file) is None  # it held what was taken down
    monkeypatch.undo()
    assert states(shelf.move()) == [MoveState.MOVED]
    assert problems(shelf) == []


def test_a_takedown_that_is_only_noted_during_the_upload_keeps_the_file_here(shelf_in_folder, monkeypatch):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    put = FolderPlace.put

    def meanwhile(place, source, name):
        put(place, source, name)
        shelf.take_down(fetched.documents[2])

    monkeypatch.setattr(FolderPlace, "put", meanwhile)
    assert states(shelf.move()) == [MoveState.WAITS]
    assert not list(shelf.store.stored_files())
    assert shelf.place.size(fetched.file) is None


def test_nothing_is_moved_while_a_backup_is_at_work(shelf_in_folder, monkeypatch):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    monkeypatch.setattr(uploading, "_PATIENCE_S", 0.1)
    with upkeep(shelf.folder, "a backup"):
        (waits,) = shelf.move()
    assert waits.state is MoveState.WAITS
    assert "a backup" in waits.text
    assert names_in(shelf) == [fetched.file]
    assert states(shelf.move()) == [MoveState.MOVED]


# -- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_place_that_changes_a_byte_gets_nothing(shelf_in_folder, monkeypatch):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    read = FolderPlace.read

    def flipped(place, name, start, end):
        data = bytearray(read(place, name, start, end))
        data[len(data) // 2] ^= 1
        return bytes(data)

    monkeypatch.setattr(FolderPlace, "read", flipped)
    (failed,) = shelf.move()
    assert failed.state is MoveState.FAILED
    assert "other bytes" in failed.text
    assert names_in(shelf) == [fetched.file]
    assert not list(shelf.store.stored_files())
    monkeypatch.undo()
    assert shelf.place.size(fetched.file) is None
    assert states(shelf.move()) == [MoveState.MOVED]


def test_a_place_that_is_away_is_tried_again_and_not_for_every_file(shelf_in_folder):
    shelf = shelf_in_folder
    for token in ("0123456789abcdef", "fedcba9876543210"):
        shelf.fetch(*PAGES, token=token)
    there = shelf.place.local_path("x").parent
    there.rename(there.with_name("unmounted"))
    (failed,) = shelf.move()
    assert failed.state is MoveState.FAILED
    assert "no such folder" in failed.text
    there.with_name("unmounted").rename(there)
    assert states(shelf.move()) == [MoveState.MOVED] * 2


def test_reading_from_a_place_that_is_away_says_so(shelf_in_folder):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    shelf.move()
    shelf.place.local_path("x").parent.rename(shelf.folder / "unmounted")
    with shelf.reader() as reader, pytest.raises((PlaceUnavailable, RecordMissing)):
        reader.payload(fetched.captures[0])
    with pytest.raises(PlaceUnavailable):
        finish_state(shelf)


def finish_state(shelf):
    (row,) = shelf.store.stored_files()
    shelf.places.place_of(row).size(row.file)


def test_a_share_that_is_mounted_elsewhere_on_this_machine_is_found(shelf_in_folder):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    shelf.move()
    there = shelf.place.local_path("x").parent
    shelf.address = str(there.with_name("mounted-here"))
    there.rename(shelf.address)
    assert everything_is_readable(shelf, fetched)


def test_a_file_whose_row_is_younger_than_the_database_is_found_all_the_same(shelf):
    fetched = shelf.fetch(*PAGES)
    shelf.move()
    shelf.store.forget_stored_file(fetched.file)
    assert everything_is_readable(shelf, fetched)
    assert problems(shelf) == []


# -- killed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["before put", "after put", "after reading back", "before the row", "after the row"])
def test_killed_at_any_step_the_next_one_finishes_it(shelf, monkeypatch, step):
    fetched = shelf.fetch(*PAGES)
    place, store = type(shelf.place), type(shelf.store)

    def killing(owner, name, *, after):
        real = getattr(owner, name)

        def work(*arguments, **options):
            if after:
                real(*arguments, **options)
            raise Killed

        monkeypatch.setattr(owner, name, work)

    where = {
        "before put": (place, "put", False),
        "after put": (place, "put", True),
        "after reading back": (uploading, "_let_go", False),
        "before the row": (store, "put_stored_file", False),
        "after the row": (store, "put_stored_file", True),
    }[step]
    killing(*where[:2], after=where[2])
    with pytest.raises(Killed):
        shelf.move()
    monkeypatch.undo()
    assert names_in(shelf) == [fetched.file]
    assert everything_is_readable(shelf, fetched)
    (moved,) = shelf.move()
    assert moved.state is (MoveState.LEFT_OVER if step == "after the row" else MoveState.MOVED)
    assert names_in(shelf) == []
    assert len(list(shelf.store.stored_files())) == 1
    assert everything_is_readable(shelf, fetched)
    assert problems(shelf) == []
    assert [one.name for one in shelf.captures.iterdir()] == []


def test_what_is_in_the_place_already_is_not_put_there_again(shelf, monkeypatch):
    fetched = shelf.fetch(*PAGES)
    shelf.place.put(shelf.captures / fetched.file, fetched.file)
    monkeypatch.setattr(type(shelf.place), "put", lambda *_: 1 / 0)
    assert states(shelf.move()) == [MoveState.MOVED]


def test_half_a_file_in_the_place_is_put_there_again(shelf, tmp_path):
    fetched = shelf.fetch(*PAGES)
    (tmp_path / "half").write_bytes((shelf.captures / fetched.file).read_bytes()[:500])
    shelf.place.put(tmp_path / "half", fetched.file)
    assert states(shelf.move()) == [MoveState.MOVED]
    assert problems(shelf) == []


def test_the_file_here_stays_when_the_one_of_its_row_is_gone(shelf):
    fetched = shelf.fetch(*PAGES)
    copy = (shelf.captures / fetched.file).read_bytes()
    shelf.move()
    (shelf.captures / fetched.file).write_bytes(copy)
    shelf.place.remove(fetched.file)
    (failed,) = shelf.move()
    assert failed.state is MoveState.FAILED
    assert names_in(shelf) == [fetched.file]


def test_the_file_here_stays_when_the_one_of_its_row_is_damaged(shelf):
    fetched = shelf.fetch(*PAGES)
    copy = (shelf.captures / fetched.file).read_bytes()
    shelf.move()
    (shelf.folder / "rotten").write_bytes(copy[:-20] + bytes(20))
    shelf.place.put(shelf.folder / "rotten", fetched.file)
    (shelf.captures / fetched.file).write_bytes(copy)  # from a backup
    (failed,) = shelf.move()
    assert (failed.state, "damaged" in failed.text) == (MoveState.FAILED, True)
    assert (shelf.captures / fetched.file).read_bytes() == copy
    assert everything_is_readable(shelf, fetched)


UPLOAD = """
import sys
from pathlib import Path
from storage import open_store
from storage.uploading import move_all
folder = Path(sys.argv[1])
print("begins", flush=True)
with open_store(sys.argv[2]) as store:
    for moved in move_all(folder, folder / "captures", store, sys.argv[3]):
        print(moved, flush=True)
"""


def test_kill_9_in_the_middle_of_an_upload_loses_nothing(s3_bucket, sqlite_url, shelf_of, big_page):
    shelf = shelf_of(sqlite_url, s3_bucket)
    fetched = shelf.fetch(big_page)
    process = subprocess.Popen(
        [sys.executable, "-c", UPLOAD, shelf.folder, sqlite_url, s3_bucket], stdout=subprocess.PIPE
    )
    began = _parts_of_uploads(s3_bucket, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert began, "the upload was over before it could be killed"
    assert shelf.place.size(fetched.file) is None
    assert names_in(shelf) == [fetched.file]
    assert states(shelf.move()) == [MoveState.MOVED]
    assert everything_is_readable(shelf, fetched, [big_page])


def _parts_of_uploads(address, process):
    """Wait until an upload in parts is under way; whether there was one."""
    import boto3  # noqa: PLC0415 -- takes a second to load

    client, bucket = boto3.client("s3"), address.removeprefix("s3://").partition("/")[0]
    until = time.monotonic() + 60
    try:
        while time.monotonic() < until and process.poll() is None:
            if client.list_multipart_uploads(Bucket=bucket).get("Uploads"):
                return True
        return False
    finally:
        client.close()


@pytest.fixture(scope="module")
def big_page():
    return os.urandom(1 << 20) * 48


@pytest.fixture
def exchange():
    from datetime import UTC, datetime  # noqa: PLC0415

    from storage.types import Exchange  # noqa: PLC0415

    return Exchange(
        url="https://news.example/orphan",
        request_headers=(),
        status=200,
        headers=(),
        payload=b"orphan",
        fetched_at=datetime(2026, 3, 4, tzinfo=UTC),
    )


# -- many machines ---------------------------------------------------------------------------------------------------


def test_what_one_machine_fetched_another_reads(two_machines):
    harbour, tower = two_machines
    harbour.run()
    fetched = harbour.fetch(*PAGES)
    with tower.reader() as reader, pytest.raises(RecordMissing, match="on the machine harbour, which has not moved it"):
        reader.payload(fetched.captures[0])
    (elsewhere,) = problems(tower)
    assert (elsewhere.kind, "harbour" in elsewhere.text) == ("elsewhere", True)
    assert states(harbour.move()) == [MoveState.MOVED]
    assert everything_is_readable(tower, fetched)
    assert problems(tower) == []


def test_a_takedown_leaves_a_file_to_the_machine_that_has_it(two_machines):
    harbour, tower = two_machines
    harbour.run()
    fetched = harbour.fetch(*PAGES)
    tower.take_down(fetched.documents[2])
    left = finish(tower.captures, tower.store, tower.places)
    assert left.left == 1
    assert "harbour" in left.why
    assert len(tower.store.removals()) == 1
    assert states(harbour.move()) == [MoveState.WAITS]
    assert finish(harbour.captures, harbour.store, harbour.places).records == 1
    assert not harbour.store.removals()
    assert states(harbour.move()) == [MoveState.MOVED]
    assert problems(tower) == []


def test_without_a_place_a_file_that_is_nowhere_counts_as_gone(shelf_in_folder):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    shelf.take_down(fetched.documents[2])
    (shelf.captures / fetched.file).unlink()
    finish_removals(shelf.captures, shelf.store, committed_end=shelf.store.committed_end)
    assert not shelf.store.removals()


def test_a_takedown_leaves_a_file_to_the_machine_that_has_it_where_there_is_no_place(two_machines):
    harbour, tower = two_machines
    harbour.address = tower.address = ""
    harbour.run()
    fetched = harbour.fetch(*PAGES)
    tower.take_down(fetched.documents[2])
    left = finish(tower.captures, tower.store, tower.places)
    assert (left.left, "harbour" in left.why) == (1, True)
    assert finish(harbour.captures, harbour.store, harbour.places).records == 1
    assert not tower.store.removals()
    assert b"quokkaburra" not in gzip.decompress((harbour.captures / fetched.file).read_bytes())


def test_a_takedown_reaches_the_file_of_another_machine_whose_upload_is_under_way(two_machines, monkeypatch):
    harbour, tower = two_machines
    harbour.run()
    fetched = harbour.fetch(*PAGES)
    let_go = uploading._let_go

    def takedown(*given):
        tower.take_down(fetched.documents[2])
        for _ in range(2):
            left = finish(tower.captures, tower.store, tower.places)
            assert (left.left, "harbour" in left.why) == (1, True)
        return let_go(*given)

    monkeypatch.setattr(uploading, "_let_go", takedown)
    assert states(harbour.move()) == [MoveState.WAITS]
    monkeypatch.undo()
    assert finish(harbour.captures, harbour.store, harbour.places).records == 1
    assert states(harbour.move()) == [MoveState.MOVED]
    size = harbour.place.size(fetched.file)
    assert b"quokkaburra" not in gzip.decompress(harbour.place.read(fetched.file, 0, size))
    assert problems(tower) == []
