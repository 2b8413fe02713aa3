"""What happens to the files when processes die, disks fill and several work at once."""

import base64
import errno
import os
import pickle
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.captures import CaptureReader, CaptureWriter, recover, verify
from storage.captures import files as files_module
from storage.errors import LibraryError
from storage.types import CaptureKind

RUN = "same"
CHILD = textwrap.dedent(
    """
    import base64, pickle, random, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from storage.captures import CaptureWriter
    from storage.types import CaptureKind, Exchange

    folder, token, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    random.seed(token)
    number = 0
    with CaptureWriter(folder, token=token, software="child", rotate_at=150_000) as writer:
        while number < count:
            batch = []
            for _ in range(random.randrange(1, 4)):
                number += 1
                payload = random.randbytes(random.randrange(1, 9000)) if number % 5 else b"the same page"
                exchange = Exchange(
                    url=f"http://{token}.example/{number}", request_headers=(), status=200,
                    headers=(("Content-Type", "text/html"),), payload=payload, fetched_at=datetime.now(UTC),
                )
                batch.append(writer.append(exchange, kind=CaptureKind.LIVE, known={}))
            writer.sync()
            print(base64.b64encode(pickle.dumps(batch)).decode(), flush=True)
    """
)


def nothing_committed(name):
    return 0


def start(folder, token, count=10**9, **options):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), token, str(count)], stdout=subprocess.PIPE, text=True, **options
    )


def rows_of(*outputs):
    lines = [line for output in outputs for line in output.splitlines(keepends=True) if line.endswith("\n")]
    rows = [row for line in lines for row in pickle.loads(base64.b64decode(line))]  # noqa: S301 -- our own child's
    return sorted(rows, key=lambda row: (row.location.file, row.location.offset))


def test_killed_writers_lose_nothing_that_was_synced(folder, committed):
    rows = []
    for round_number in range(4):
        child = start(folder, f"kill{round_number}")
        first = child.stdout.readline()
        time.sleep(0.3 * round_number / 4)
        child.kill()
        rows = rows_of(
            "".join(base64.b64encode(pickle.dumps([row])).decode() + "\n" for row in rows), first, child.stdout.read()
        )
        child.stdout.close()
        child.wait()
        recover(folder, committed(*rows))
        assert list(verify(folder, iter(rows))) == []
        assert recover(folder, committed(*rows)) == []
    assert len(rows) > 20
    with CaptureReader(folder) as reader:
        assert all(len(reader.payload(row)) == row.payload_length for row in rows)


def test_two_processes_write_side_by_side(folder):
    children = [start(folder, token, 150) for token in ("left", "right")]
    rows = rows_of(*[child.communicate(timeout=60)[0] for child in children])
    assert [child.returncode for child in children] == [0, 0]
    assert len(rows) >= 300
    assert list(verify(folder, iter(rows))) == []


def test_writers_of_the_same_run_and_second_take_different_files(folder, exchange):
    with (
        CaptureWriter(folder, token=RUN, software="a") as one,
        CaptureWriter(folder, token=RUN, software="b") as two,
    ):
        rows = [each.append(exchange(), kind=CaptureKind.LIVE, known={}) for each in (one, two)]
    assert len({row.location.file for row in rows}) == 2
    assert list(verify(folder, iter(sorted(rows, key=lambda row: row.location.file)))) == []


def test_threads_may_share_a_writer(folder, writer, exchange):
    def work(number):
        capture = writer.append(exchange(b"page %d" % number), kind=CaptureKind.LIVE, known={})
        writer.sync()
        return capture

    with ThreadPoolExecutor(4) as pool:
        rows = sorted(pool.map(work, range(60)), key=lambda row: row.location.offset)
    assert list(verify(folder, iter(rows))) == []


def test_a_full_disk_refuses_the_capture_and_keeps_the_file_whole(folder, tmp_path):
    limit = textwrap.dedent(
        """
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
        """
    )
    script = tmp_path / "full.py"
    script.write_text(limit + CHILD)
    child = subprocess.run(
        [sys.executable, str(script), str(folder), "full", "400"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert child.returncode == 1
    assert "storage.errors.LibraryError: cannot write captures to" in child.stderr
    assert "File too large" in child.stderr
    rows = rows_of(child.stdout)
    assert len(rows) > 3
    path = folder / rows[-1].location.file
    assert 40_000 < path.stat().st_size <= 60_000
    kinds = {problem.kind.value for problem in verify(folder, iter(rows))}
    assert kinds <= {"no_row"}


def test_the_writer_works_on_when_there_is_space_again(folder, writer, exchange, monkeypatch):
    rows = [writer.append(exchange(b"one"), kind=CaptureKind.LIVE, known={})]
    real = os.write

    def full(fd, data):
        real(fd, bytes(data)[:11])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files_module.os, "write", full)
    for _ in range(2):
        with pytest.raises(LibraryError, match="No space left on device"):
            writer.append(exchange(b"two"), kind=CaptureKind.LIVE, known={})
    monkeypatch.undo()
    rows.append(writer.append(exchange(b"two"), kind=CaptureKind.LIVE, known={}))
    assert rows[1].revisit_of == ""
    assert list(verify(folder, iter(rows))) == []


def test_a_full_disk_at_the_first_append_leaves_no_file(folder, writer, exchange, monkeypatch):
    def full(fd, data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files_module.os, "write", full)
    with pytest.raises(LibraryError):
        writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    assert list(folder.iterdir()) == []


def test_a_tear_that_cannot_be_cut_back_ends_the_file(folder, writer, exchange, monkeypatch, committed):
    rows = [writer.append(exchange(b"one"), kind=CaptureKind.LIVE, known={})]
    real = os.write

    def full(fd, data):
        real(fd, bytes(data)[:11])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def refuse(fd, size):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(files_module.os, "write", full)
    monkeypatch.setattr(files_module.os, "ftruncate", refuse)
    with pytest.raises(LibraryError):
        writer.append(exchange(b"two"), kind=CaptureKind.LIVE, known={})
    monkeypatch.undo()
    rows.append(writer.append(exchange(b"two"), kind=CaptureKind.LIVE, known={}))
    assert rows[0].location.file != rows[1].location.file
    assert recover(folder, committed(*rows)) == [], "both files are held until the writer is closed"
    writer.close()
    assert [done.cut for done in recover(folder, committed(*rows))] == [11]
    assert list(verify(folder, iter(rows))) == []


def test_after_a_failed_sync_the_file_is_not_written_any_more(folder, writer, exchange, monkeypatch):
    rows = [writer.append(exchange(b"one"), kind=CaptureKind.LIVE, known={})]

    def refuse(fd):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(files_module.os, "fsync", refuse)
    with pytest.raises(LibraryError, match="Input/output error"):
        writer.sync()
    monkeypatch.undo()
    rows.append(writer.append(exchange(b"one"), kind=CaptureKind.LIVE, known={}))
    assert rows[1].revisit_of == ""
    assert rows[1].location.file != rows[0].location.file


def test_sync_costs_nothing_when_nothing_was_appended(writer, exchange, monkeypatch):
    calls = []
    real = os.fsync
    monkeypatch.setattr(files_module.os, "fsync", lambda fd: (calls.append(fd), real(fd)))
    writer.sync()
    assert calls == []
    writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    calls.clear()
    writer.sync()
    assert len(calls) == 2, "the file, and the folder that lists it"
    writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    writer.sync()
    writer.sync()
    assert len(calls) == 3


def test_an_unwritable_place_is_a_clear_error(tmp_path, exchange):
    (tmp_path / "file").write_text("in the way")
    writer = CaptureWriter(tmp_path / "file" / "captures", token=RUN, software="s")
    with pytest.raises(LibraryError, match="cannot write captures"):
        writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    writer.close()


def test_a_place_that_refuses_files_or_locks_is_a_clear_error(folder, writer, exchange, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    folder.mkdir(parents=True)
    for module, name in ((files_module.fcntl, "flock"), (files_module.os, "open")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, refuse)
            with pytest.raises(LibraryError, match="No locks available"):
                writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    capture = writer.append(exchange(), kind=CaptureKind.LIVE, known={})
    monkeypatch.setattr(files_module.fcntl, "flock", refuse)
    assert [problem.file for problem in verify(folder, iter([capture]))] == []


def test_a_forked_child_does_not_hold_the_file(folder, exchange):
    script = textwrap.dedent(
        """
        import os, sys, time
        from datetime import UTC, datetime
        from pathlib import Path
        from storage.captures import CaptureWriter
        from storage.types import CaptureKind, Exchange

        writer = CaptureWriter(Path(sys.argv[1]), token="fork", software="s")
        exchange = Exchange(url="http://a.example/", request_headers=(), status=200, headers=(), payload=b"x",
                            fetched_at=datetime.now(UTC))
        writer.append(exchange, kind=CaptureKind.LIVE, known={})
        writer.sync()
        child = os.fork()
        if child == 0:
            print("forked", flush=True)
            time.sleep(30)
        os._exit(9)
        """
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert parent.wait(timeout=30) == 9
        assert parent.stdout.readline() == "forked\n"
        assert [done.moved for done in recover(folder, nothing_committed)] == [2]
    finally:
        parent.stdout.close()
        os.killpg(parent.pid, 9)
