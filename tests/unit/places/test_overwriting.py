"""A takedown reaches files that were moved out; killed at any step, the next program finishes it."""

import gzip
import os
from dataclasses import replace

import pytest

from crawler.configuration import load
from crawler.library import Library
from crawler.liveness import put_in_order
from storage.captures import recover, verify
from storage.captures.files import try_lock
from storage.captures.places import digest_in
from storage.captures.places import overwriting as stored_overwriting
from storage.finishing import finish, finish_left_over
from storage.types import StoredFile

SECRET = b"quokkaburra" * 90
PAGES = [b"<p>The harbour opened at dawn.</p>" * 50, SECRET, b"<p>Nobody was hurt.</p>" * 70]


class Killed(BaseException):
    """Ends the work where a kill would."""


@pytest.fixture
def moved(shelf):
    fetched = shelf.fetch(*PAGES)
    shelf.move()
    assert holds_secret(shelf, fetched)
    return fetched


def row_of(shelf) -> StoredFile:
    (row,) = shelf.store.stored_files()
    return row


def is_sound(shelf, fetched):
    row = row_of(shelf)
    assert (row.size, row.sha256, row.becoming) == (*digest_in(shelf.place, fetched.file), "")
    assert list(verify(shelf.captures, shelf.store.captures(), shelf.places)) == []
    assert not shelf.store.removals()
    assert list(shelf.captures.iterdir()) == []
    with shelf.reader() as reader:
        return [reader.payload(fetched.captures[number]) for number in (0, 2)] == [PAGES[0], PAGES[2]]


def holds_secret(shelf, fetched):
    return SECRET in gzip.decompress(shelf.place.read(fetched.file, 0, 1 << 20))


def test_a_record_in_a_place_is_overwritten_there(shelf, moved):
    before = row_of(shelf)
    shelf.take_down(moved.documents[1])
    done = finish(shelf.captures, shelf.store, shelf.places)
    assert (done.records, done.left) == (1, 0)
    assert row_of(shelf).sha256 != before.sha256
    assert not holds_secret(shelf, moved)
    assert is_sound(shelf, moved)


def test_doing_it_again_changes_nothing(shelf, moved):
    shelf.take_down(moved.documents[1])
    finish(shelf.captures, shelf.store, shelf.places)
    before = row_of(shelf)
    assert finish(shelf.captures, shelf.store, shelf.places).records == 0
    assert row_of(shelf) == before


@pytest.mark.parametrize("step", ["fetched", "announced", "before put", "after put", "before the row", "after the row"])
def test_killed_at_any_step_the_next_one_finishes_it(shelf, moved, monkeypatch, step):
    shelf.take_down(moved.documents[1])
    place, store = type(shelf.place), type(shelf.store)

    def killing(owner, name, *, after, when=lambda _arguments: True):
        real = getattr(owner, name)

        def work(*arguments, **options):
            dies = when(arguments)
            answer = real(*arguments, **options) if after or not dies else None
            if dies:
                raise Killed
            return answer

        monkeypatch.setattr(owner, name, work)

    announces, settles = (lambda given: bool(given[1].becoming)), (lambda given: not given[1].becoming)
    kills = {
        "fetched": lambda: killing(stored_overwriting, "overwrite", after=False),
        "announced": lambda: killing(store, "put_stored_file", after=True, when=announces),
        "before put": lambda: killing(place, "put", after=False),
        "after put": lambda: killing(place, "put", after=True),
        "before the row": lambda: killing(store, "put_stored_file", after=False, when=settles),
        "after the row": lambda: killing(store, "put_stored_file", after=True, when=settles),
    }
    kills[step]()
    with pytest.raises(Killed):
        finish(shelf.captures, shelf.store, shelf.places)
    monkeypatch.undo()
    assert len(shelf.store.removals()) == 1
    finish_left_over(shelf.folder, shelf.captures, shelf.store, shelf.places)
    assert not holds_secret(shelf, moved)
    assert is_sound(shelf, moved)


def test_killed_twice_with_another_takedown_in_between_it_is_finished_all_the_same(shelf, moved, monkeypatch):
    place, store = type(shelf.place), type(shelf.store)
    put, note = place.put, store.put_stored_file

    def dies_afterwards(*given):
        put(*given)
        raise Killed

    def dies_when_it_was_announced(*given, **options):
        answer = note(*given, **options)
        if given[1].becoming:
            raise Killed
        return answer

    shelf.take_down(moved.documents[1])
    for owner, name, deadly in (
        (place, "put", dies_afterwards),
        (store, "put_stored_file", dies_when_it_was_announced),
    ):
        monkeypatch.setattr(owner, name, deadly)
        with pytest.raises(Killed):
            finish(shelf.captures, shelf.store, shelf.places)
        monkeypatch.undo()
        shelf.take_down(moved.documents[2])
    done = finish(shelf.captures, shelf.store, shelf.places)
    assert (done.left, done.why) == (0, "")
    assert not holds_secret(shelf, moved)
    assert PAGES[2] not in gzip.decompress(shelf.place.read(moved.file, 0, 1 << 20))
    row = row_of(shelf)
    assert (row.size, row.sha256, row.becoming) == (*digest_in(shelf.place, moved.file), "")
    assert list(verify(shelf.captures, shelf.store.captures(), shelf.places)) == []


def test_a_copy_that_a_killed_program_left_is_removed_by_the_next(shelf_in_folder):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    left = shelf.captures / f"{fetched.file}.part"
    left.write_bytes(SECRET)
    assert list(verify(shelf.captures, shelf.store.captures(), shelf.places)) == []
    finish_left_over(shelf.folder, shelf.captures, shelf.store, shelf.places)
    assert not left.exists()


def test_a_place_that_is_away_leaves_it_noted_and_says_so(shelf_in_folder):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    shelf.move()
    shelf.take_down(fetched.documents[1])
    there = shelf.place.local_path("x").parent
    there.rename(there.with_name("unmounted"))
    done = finish(shelf.captures, shelf.store, shelf.places)
    assert (done.records, done.left) == (0, 1)
    assert "no such folder" in done.why
    there.with_name("unmounted").rename(there)
    assert finish(shelf.captures, shelf.store, shelf.places).records == 1
    assert is_sound(shelf, fetched)


def test_a_file_that_is_damaged_there_is_not_taken_for_the_right_one(shelf, moved, tmp_path):
    (tmp_path / "rotten").write_bytes(b"x" * row_of(shelf).size)
    shelf.place.put(tmp_path / "rotten", moved.file)
    shelf.take_down(moved.documents[1])
    done = finish(shelf.captures, shelf.store, shelf.places)
    assert done.left == 1
    assert "damaged" in done.why
    (found, *_) = verify(shelf.captures, iter(()), shelf.places)
    assert {found.kind} <= {"wrong_file", "damaged"}


def test_a_file_in_which_nothing_is_left_goes_with_its_row(shelf, moved):
    shelf.take_down(*moved.documents)
    done = finish(shelf.captures, shelf.store, shelf.places)
    assert (done.records, done.files) == (3, 1)
    assert not list(shelf.store.stored_files())
    assert shelf.place.size(moved.file) is None


def test_another_program_that_changed_the_row_is_noticed(shelf, moved, monkeypatch):
    shelf.take_down(moved.documents[1])
    put = type(shelf.place).put

    def meanwhile(place, source, name):
        put(place, source, name)
        row = row_of(shelf)
        shelf.store.put_stored_file(replace(row, becoming="ef" * 32), instead_of=row)

    monkeypatch.setattr(type(shelf.place), "put", meanwhile)
    done = finish(shelf.captures, shelf.store, shelf.places)
    assert done.left == 1
    assert "another program changed" in done.why
    assert len(shelf.store.removals()) == 1


def test_another_machine_that_works_on_the_file_is_left_alone(two_machines):
    harbour, tower = two_machines
    harbour.run()
    fetched = harbour.fetch(*PAGES)
    harbour.move()
    tower.take_down(fetched.documents[1])
    with harbour.store.hold_file(fetched.file) as held:
        assert held
        done = finish(tower.captures, tower.store, tower.places)
        assert "another program is at work" in done.why
    assert finish(tower.captures, tower.store, tower.places).records == 1
    assert is_sound(harbour, fetched)
    assert is_sound(tower, fetched)


def test_what_an_upload_left_behind_holds_nothing_of_what_was_taken_down(shelf):
    fetched = shelf.fetch(*PAGES)
    shelf.place.put(shelf.captures / fetched.file, fetched.file)  # killed before its row
    shelf.take_down(*fetched.documents)
    finish(shelf.captures, shelf.store, shelf.places)
    assert shelf.place.size(fetched.file) is None
    assert list(shelf.captures.iterdir()) == []


def test_half_a_copy_in_a_folder_goes_with_what_was_taken_down(shelf_in_folder, monkeypatch):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    monkeypatch.setattr("storage.captures.places.folder.write_all", _half)
    with pytest.raises(Killed):
        shelf.move()
    monkeypatch.undo()
    there = shelf.place.local_path("x").parent
    assert len(list(there.iterdir())) == 1
    shelf.take_down(*fetched.documents)
    finish(shelf.captures, shelf.store, shelf.places)
    assert list(there.iterdir()) == []


def _half(fd, data):
    os.write(fd, data[: len(data) // 2])
    raise Killed


def test_an_upload_that_ended_after_a_takedown_does_not_outlive_the_file(shelf):
    fetched = shelf.fetch(*PAGES)
    copy = (shelf.captures / fetched.file).read_bytes()
    shelf.take_down(*fetched.documents)
    with (shelf.captures / fetched.file).open("rb") as uploading:
        assert try_lock(uploading.fileno())
        finish(shelf.captures, shelf.store, shelf.places)
        (shelf.folder / "copy").write_bytes(copy)
        shelf.place.put(shelf.folder / "copy", fetched.file)  # killed before it could look at the file again
    (shelf.folder / "dateline.toml").write_text(f'[storage]\ncaptures = "{shelf.address}"\n')
    put_in_order(Library(configuration=load(shelf.folder), store=shelf.store))
    assert shelf.place.size(fetched.file) is None
    assert list(shelf.captures.iterdir()) == []


def test_only_what_has_no_row_is_discarded(shelf, moved):
    for places in (shelf.places, shelf.places.without_store()):
        places.discard(moved.file)
    assert shelf.place.size(moved.file) == row_of(shelf).size
    shelf.store.forget_stored_file(moved.file)
    shelf.places.without_store().discard(moved.file)
    assert shelf.place.size(moved.file)
    shelf.places.discard(moved.file)
    assert shelf.place.size(moved.file) is None


def test_an_empty_file_stays_while_the_place_is_away(shelf_in_folder):
    shelf = shelf_in_folder
    fetched = shelf.fetch(*PAGES)
    there = shelf.place.local_path("x").parent
    shelf.take_down(*fetched.documents)
    with (shelf.captures / fetched.file).open("rb") as uploading:
        assert try_lock(uploading.fileno())
        finish(shelf.captures, shelf.store, shelf.places)
    there.rename(there.with_name("unmounted"))
    assert recover(shelf.captures, shelf.store.committed_end, discard=shelf.places.discard) == []
    assert [one.name for one in shelf.captures.iterdir()] == [fetched.file]


def test_what_is_left_here_of_a_moved_file_does_not_keep_it_from_being_overwritten_there(shelf):
    fetched = shelf.fetch(*PAGES)
    copy = (shelf.captures / fetched.file).read_bytes()
    shelf.move()
    (shelf.captures / fetched.file).write_bytes(copy)  # killed after the row
    shelf.take_down(fetched.documents[1])
    assert finish(shelf.captures, shelf.store, shelf.places).records == 1
    assert not holds_secret(shelf, fetched)
    shelf.move()
    assert is_sound(shelf, fetched)


def test_a_file_without_a_row_is_overwritten_in_the_place_too(shelf, moved):
    shelf.store.forget_stored_file(moved.file)
    shelf.take_down(moved.documents[1])
    assert finish(shelf.captures, shelf.store, shelf.places).records == 1
    assert not holds_secret(shelf, moved)
    assert not shelf.store.removals()


def test_verify_tells_a_file_that_is_not_what_its_row_says(shelf, moved):
    row = row_of(shelf)
    shelf.store.put_stored_file(replace(row, sha256="ab" * 32), instead_of=row)
    assert [one.kind for one in verify(shelf.captures, shelf.store.captures(), shelf.places)] == ["wrong_file"]
    shelf.place.remove(moved.file)
    kinds = {one.kind for one in verify(shelf.captures, shelf.store.captures(), shelf.places)}
    assert kinds == {"no_file"}
