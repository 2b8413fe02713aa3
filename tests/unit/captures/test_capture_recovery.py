import os

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.captures import CaptureReader, CaptureWriter, recover, verify
from storage.captures import files as files_module
from storage.errors import LibraryError
from storage.types import CaptureKind

RUN = "run"


class Killed(BaseException):
    pass


def nothing_committed(name):
    return 0


@pytest.fixture
def captures(folder, exchange):
    with CaptureWriter(folder, token=RUN, software="s") as writer:
        return [writer.append(exchange(b"page %d" % n), kind=CaptureKind.LIVE, known={}) for n in range(4)]


def ids(path):
    with path.open("rb") as stream:
        return [
            record.rec_headers.get_header("WARC-Record-ID")[1:-1]
            for record in ArchiveIterator(stream, check_digests="raise")
            if record.rec_type == "response"
        ]


def everything_else(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_in_order_are_left_alone(folder, captures, committed):
    path = folder / captures[0].location.file
    before = path.read_bytes()
    assert recover(folder, committed(*captures)) == []
    assert path.read_bytes() == before
    assert everything_else(folder) == [path.name]


def test_no_folder_needs_no_recovery(folder):
    assert recover(folder / "nowhere", nothing_committed) == []


def test_uncommitted_records_are_moved_not_deleted(folder, captures, committed):
    name = captures[0].location.file
    before = (folder / name).read_bytes()
    (done,) = recover(folder, committed(*captures[:2]))
    assert (done.file, done.moved, done.cut, done.kept, done.lacking) == (name, 4, 0, 0, 0)
    assert "4 records without a row moved" in done.text
    assert (folder / name).read_bytes() + (folder / "uncommitted" / name).read_bytes() == before
    assert ids(folder / "uncommitted" / name) == [capture.location.record_id for capture in captures[2:]]
    assert list(verify(folder, iter(captures[:2]))) == []
    assert recover(folder, committed(*captures[:2])) == []


def test_a_torn_record_is_cut_off(folder, captures, committed):
    last = captures[-1].location
    path = folder / last.file
    os.truncate(path, last.offset + last.length - 1)
    (done,) = recover(folder, committed(*captures[:3]))
    assert (done.moved, done.cut) == (1, last.length - 1)
    assert path.stat().st_size == captures[2].location.offset + captures[2].location.length
    assert list(verify(folder, iter(captures[:3]))) == []
    with CaptureReader(folder) as reader:
        assert [reader.payload(capture) for capture in captures[:3]] == [b"page 0", b"page 1", b"page 2"]


def test_a_file_with_nothing_committed_keeps_its_warcinfo(folder, captures):
    (done,) = recover(folder, nothing_committed)
    assert done.moved == 8
    path = folder / captures[0].location.file
    with path.open("rb") as stream:
        assert [record.rec_type for record in ArchiveIterator(stream)] == ["warcinfo"]
    assert recover(folder, nothing_committed) == []


def test_a_torn_warcinfo_leaves_an_empty_file(folder, captures):
    path = folder / captures[0].location.file
    os.truncate(path, 50)
    (done,) = recover(folder, nothing_committed)
    assert (done.cut, path.stat().st_size) == (50, 0)
    assert recover(folder, nothing_committed) == []
    assert list(verify(folder, iter(()))) == []


def test_a_second_crash_of_the_same_file_adds_to_what_was_moved(folder, captures, committed):
    recover(folder, committed(*captures[:3]))
    recover(folder, committed(*captures[:1]))
    moved = ids(folder / "uncommitted" / captures[0].location.file)
    assert moved == [captures[index].location.record_id for index in (3, 1, 2)]


def test_a_file_older_than_its_rows_is_reported_and_not_touched(folder, captures, committed):
    last = captures[-1].location
    path = folder / last.file
    os.truncate(path, last.offset + 10)
    (done,) = recover(folder, committed(*captures))
    assert done.lacking == last.length - 10
    assert "same backup" in done.text
    assert path.stat().st_size == last.offset + 10
    assert everything_else(folder) == [last.file]


def test_the_file_of_a_living_writer_is_never_touched(folder, writer, exchange):
    capture = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    before = (folder / capture.location.file).read_bytes()
    assert recover(folder, nothing_committed) == []
    assert (folder / capture.location.file).read_bytes() == before
    writer.close()
    assert [done.moved for done in recover(folder, nothing_committed)] == [2]


def test_a_full_file_is_not_touched_before_its_rows_can_be_committed(folder, exchange):
    with CaptureWriter(folder, token=RUN, software="s", rotate_at=1) as writer:
        rows = [writer.append(exchange(b"%d" % n), kind=CaptureKind.LIVE, known={}) for n in range(12)]
        done = recover(folder, nothing_committed)
        assert [each.file for each in done] == [row.location.file for row in rows[:3]], "the last nine are held"
    assert len(recover(folder, nothing_committed)) == 9


def test_damage_with_records_behind_it_is_kept(folder, captures, committed):
    second, path = captures[1].location, folder / captures[1].location.file
    data = bytearray(path.read_bytes())
    data[second.offset + 30] ^= 0xFF
    path.write_bytes(bytes(data))
    (done,) = recover(folder, committed(captures[0]))
    assert (done.moved, done.cut, done.kept) == (5, 0, second.length)
    kept = folder / "uncommitted" / f"{second.file}.{second.offset}.damaged"
    assert kept.read_bytes() == bytes(data[second.offset : second.offset + second.length])
    assert list(verify(folder, iter(captures[:1]))) == []


def test_bytes_that_never_were_a_record_are_kept(folder, captures, committed):
    path = folder / captures[0].location.file
    size = path.stat().st_size
    with path.open("ab") as stream:
        stream.write(bytes(5000))
    (done,) = recover(folder, committed(*captures))
    assert (done.moved, done.cut, done.kept) == (0, 0, 5000)
    assert path.stat().st_size == size
    assert (folder / "uncommitted" / f"{path.name}.{size}.damaged").read_bytes() == bytes(5000)


def test_being_killed_at_any_step_loses_and_doubles_nothing(tmp_path, monkeypatch, exchange, committed):
    step, killed = 0, True
    real = {name: getattr(os, name) for name in ("write", "fsync", "ftruncate", "mkdir")}
    while killed:
        step += 1
        folder = tmp_path / str(step)
        with CaptureWriter(folder, token=RUN, software="s") as writer:
            captures = [writer.append(exchange(b"p%d" % n), kind=CaptureKind.LIVE, known={}) for n in range(3)]
        location = captures[2].location
        with (folder / location.file).open("ab") as stream:
            stream.write((folder / location.file).read_bytes()[:60])
        before = (folder / location.file).read_bytes()[:-60]
        calls = [0]

        def failing(name, calls=calls, limit=step):
            def call(*args, **kwargs):
                calls[0] += 1
                if calls[0] == limit:
                    if name == "write":
                        real[name](args[0], bytes(args[1])[:7])
                    raise Killed
                return real[name](*args, **kwargs)

            return call

        with monkeypatch.context() as patch:
            for name in real:
                patch.setattr(os, name, failing(name))
            try:
                recover(folder, committed(*captures[:1]))
                killed = False
            except Killed:
                pass
        recover(folder, committed(*captures[:1]))
        after = (folder / location.file).read_bytes() + (folder / "uncommitted" / location.file).read_bytes()
        assert after == before
        assert recover(folder, committed(*captures[:1])) == []
    assert step > 8


def test_an_unreadable_folder_is_a_clear_error(folder, captures, monkeypatch):
    def refuse(fd, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files_module.os, "write", refuse)
    size = (folder / captures[0].location.file).stat().st_size
    with pytest.raises(LibraryError, match="No space left"):
        recover(folder, nothing_committed)
    assert (folder / captures[0].location.file).stat().st_size == size
