"""Looking at databases that may be broken."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage import checkup, open_store
from storage.errors import LibraryError, StoreUnavailable
from storage.types import utc_now


def test_a_sound_database(database):
    assert checkup.damage(database, within_s=30) == []


def test_a_damaged_file_is_told(sqlite_url, make):
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with open_store(sqlite_url) as store:
        store.put_loose([make.loose(f"/{number}") for number in range(3000)], now=make.NOW)
    content = bytearray(path.read_bytes())
    for offset in range(len(content) // 3, 2 * len(content) // 3, 4096):
        content[offset : offset + 64] = b"\xff" * 64
    path.write_bytes(content)
    found = checkup.damage(sqlite_url, within_s=30)
    assert found
    assert all(line.startswith("the file is damaged: ") for line in found)


def test_looking_ends_in_time(sqlite_url, make):
    with open_store(sqlite_url) as store:
        store.put_loose([make.loose(f"/{number}") for number in range(3000)], now=make.NOW)
    assert checkup.damage(sqlite_url, within_s=-1) is None
    assert checkup.damage(sqlite_url, within_s=30) == []


def test_the_servers_clock(database):
    found = checkup.server_time(database)
    if database.startswith("sqlite"):
        assert found is None
    else:
        assert abs(found - utc_now()) < timedelta(minutes=1)
        assert found.utcoffset() == timedelta()


def test_the_size_of_the_database_grows_with_it(database, make):
    before = checkup.size(database)
    with open_store(database) as store:
        store.put_loose([make.loose(f"/{number}/{'long-' * 300}") for number in range(500)], now=make.NOW)
    assert checkup.size(database) > before > 0


def test_the_latest_captures_come_first(database, make):
    with open_store(database) as store:
        store.put_loose([make.loose(f"/{number}") for number in range(4)], now=make.NOW)
        for number in range(4):
            document = store.document(make.identity(f"/{number}").canonical_url)
            store.archive([make.result(document, payload=f"page {number}")], decide=make.decide, now=make.NOW)
    found = checkup.latest_captures(database, 3)
    assert [one.url.rpartition("/")[2] for one in found] == ["3", "2", "1"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda url: checkup.damage(url, within_s=1),
        checkup.server_time,
        checkup.size,
        lambda url: checkup.latest_captures(url, 1),
    ],
)
def test_what_cannot_be_asked(ask, tmp_path):
    with pytest.raises(LibraryError):
        ask(f"sqlite:///{tmp_path}/missing.db")
    assert not list(tmp_path.iterdir())
    with pytest.raises(StoreUnavailable):
        ask("postgresql://nobody@127.0.0.1:1/nothing")
    assert not ask("memory:")
