import asyncio
import os
import subprocess

import pytest

from crawler import disk
from crawler.archiving import ArchiveWriter, Understood
from crawler.configuration import load
from crawler.disk import Room, free_bytes
from crawler.items import FailedFetch, FetchTask
from crawler.library import open_library
from crawler.runs import registered, run
from crawler.store_thread import StoreThread
from crawler.urls import identify
from storage.captures import CaptureWriter, verify
from storage.errors import DiskFull, LibraryError
from storage.types import (
    EntryOrigin,
    Exchange,
    FetchReason,
    LooseSource,
    Outcome,
    RunState,
    Selection,
    utc_now,
)

MIB = 1 << 20


@pytest.fixture
def library(tmp_path):
    with open_library(load(tmp_path / "news"), create=True) as opened:
        yield opened


@pytest.mark.parametrize(("free", "least", "refused"), [(9, 10, True), (10, 10, False), (0, 0, False), (0, 1, True)])
def test_the_least_room_is_the_settings(tmp_path, free, least, refused):
    room = Room(folder=tmp_path, least=least, free=lambda _: free)
    if refused:
        with pytest.raises(DiskFull):
            room.require()
    else:
        room.require()


def test_the_disk_is_asked_also_where_the_folder_is_still_to_be_made(tmp_path):
    found = os.statvfs(tmp_path)
    assert abs(free_bytes(tmp_path / "not" / "yet") - found.f_bavail * found.f_frsize) < 1024 * MIB


def documents(library, count):
    origin = EntryOrigin(name="-", line=1, format="urls")
    urls = [f"http://news.example/{number}" for number in range(count)]
    sources = [LooseSource(cited_url=url, identity=identify(url), origin=origin) for url in urls]
    library.store.put_loose(sources, now=utc_now())
    return list(library.store.due(Selection(), now=utc_now()))


def gone(document, size=100):
    now = utc_now()
    exchange = Exchange(
        url=document.request_url,
        request_headers=(),
        status=404,
        headers=(("Content-Type", "text/html"),),
        payload=os.urandom(size),
        fetched_at=now,
    )
    task = FetchTask(document=document, reason=FetchReason.NEW, attempt_key=f"{document.id:032x}", run_token="")
    item = FailedFetch(
        task=task,
        outcome=Outcome.GONE,
        detail="HTTP 404",
        started_at=now,
        finished_at=now,
        final_url=document.request_url,
        status=404,
        redirects=(),
        exchanges=(exchange,),
        retry_after_s=None,
        robots=None,
    )
    return Understood(item=item, outcome=Outcome.GONE, detail="HTTP 404")


async def stored(library, results, room):
    """What storing each result in turn says."""
    thread = StoreThread(library.store)
    with CaptureWriter(library.captures, token="f" * 16, software="dateline/test") as captures:
        writer = ArchiveWriter(store=thread, captures=captures, require_room=room.require)
        said = []
        for one in results:
            try:
                said.append(await writer.put(one))
            except LibraryError as error:
                said.append(error)
    thread.close()
    return said


def test_a_batch_is_not_even_begun_without_room(library):
    first, second, third = map(gone, documents(library, 3))
    left = iter([600 * MIB, 511 * MIB, 600 * MIB])
    room = Room(folder=library.configuration.library, least=512 * MIB, free=lambda _: next(left))
    said = asyncio.run(stored(library, [first, second, third], room))
    assert [isinstance(one, DiskFull) for one in said] == [False, True, False]
    assert library.store.status(now=utc_now()).attempts == 2
    assert len(list(library.store.captures())) == 2
    assert list(verify(library.captures, library.store.captures())) == []


def test_a_run_asks_for_room_when_it_begins(library, monkeypatch):
    monkeypatch.setattr(disk, "free_bytes", lambda _: 511 * MIB)
    with pytest.raises(DiskFull), run(library, "dateline crawl"):
        pytest.fail("it began")
    (row,) = library.store.runs()
    assert (row.state, row.problem[:12]) == (RunState.FAILED, "511 MiB free")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 24 MiB; skips where nobody may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_on_a_real_disk_that_fills_up_everything_that_is_stored_is_whole(small_disk):
    configuration = load(small_disk / "news", {"storage.min_free_mb": 8})
    with open_library(configuration, create=True) as library:
        results = [gone(document, size=MIB) for document in documents(library, 30)]
        said = asyncio.run(stored(library, results, Room.configured(configuration)))
        failed = [isinstance(one, DiskFull) for one in said]
        count = failed.index(True)
        assert 5 < count < 17
        assert all(failed[count:])
        assert free_bytes(small_disk) > 6 * MIB
        assert library.store.status(now=utc_now()).attempts == count
        assert list(verify(library.captures, library.store.captures())) == []
        with pytest.raises(DiskFull), registered(library, "dateline holdings add", needs_room=True):
            pytest.fail("it began")
        with registered(library, "dateline retention --apply"):
            pass
        assert [one.state for one in library.store.runs()] == [RunState.FINISHED, RunState.FAILED]


def test_on_a_real_disk_that_others_fill_up_nothing_is_half_stored(small_disk):
    configuration = load(small_disk / "news", {"storage.min_free_mb": 0})
    with open_library(configuration, create=True) as library:
        results = [gone(document, size=MIB) for document in documents(library, 8)]
        (small_disk / "others").write_bytes(bytes(free_bytes(small_disk) - 4 * MIB - 512 * 1024))
        said = asyncio.run(stored(library, results, Room.configured(configuration)))
        failed = [isinstance(one, LibraryError) for one in said]
        assert 0 < failed.index(True) < 6
        (small_disk / "others").unlink()
        assert library.store.status(now=utc_now()).attempts == failed.count(False)
        assert list(verify(library.captures, library.store.captures())) == []
