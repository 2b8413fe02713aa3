"""Backups: taken while others write, killed at every step, damaged, restored; on SQLite and PostgreSQL."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
import uuid
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.backups import make_backup, restore_backup
from crawler.backups.making import plan_backup
from crawler.backups.manifest import DatabaseSnapshot, Manifest, StoredFile, Tombstone, is_safe, parsed, written
from crawler.backups.places import present_manifest
from crawler.configuration import DATABASE_VARIABLE, load
from crawler.dedup import decide
from crawler.errors import BackupError
from crawler.library import open_library
from crawler.urls import identify
from storage import backing_up
from storage.captures import CaptureWriter
from storage.errors import LibraryError, SchemaMismatch
from storage.sql import dumping
from storage.types import (
    CaptureKind,
    EntryOrigin,
    Exchange,
    FetchAttempt,
    FetchReason,
    FetchResult,
    LooseSource,
    Outcome,
    TakedownKind,
)
from storage.upkeep_lock import upkeep

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Library:
    """A real library of its own, and pages to put into it."""

    def __init__(self, folder, database):
        """``database``: an address, or a file to copy, of an empty database."""
        (folder / "captures").mkdir(parents=True)
        self.folder, self.count = folder, 0
        url = ""
        if isinstance(database, Path):
            shutil.copy(database, folder / "dateline.db")
        else:
            url = database
        (folder / "dateline.toml").write_text(f'[storage]\ndatabase = "{url}"\n')

    @property
    def configuration(self):
        return load(self.folder)

    def add(self, pages=1, *, each=lambda: True):
        """Store so many pages, each in a transaction of its own, all in one new WARC file; ``each`` may end it."""
        token = uuid.uuid4().hex[:8]
        with (
            open_library(self.configuration) as library,
            CaptureWriter(library.captures, token=token, software="tests") as writer,
        ):
            for _ in range(pages):
                self._add_one(library.store, writer)
                if not each():
                    break

    def _add_one(self, store, writer):
        self.count += 1
        url = f"https://harbour-post.example/{self.count}"
        identity = identify(url)
        origin = EntryOrigin(name="list.txt", line=1, format="urls")
        store.put_loose([LooseSource(cited_url=url, identity=identity, origin=origin)], now=NOW)
        exchange = Exchange(
            url=url,
            request_headers=(),
            status=200,
            headers=(("Content-Type", "text/html"),),
            payload=f"<p>Page {self.count}</p>".encode() + os.urandom(3000),
            fetched_at=NOW,
        )
        captures = (writer.append(exchange, kind=CaptureKind.LIVE, known={}),)
        writer.sync()
        attempt = FetchAttempt(
            key=uuid.uuid4().hex,
            document_id=store.document(identity.canonical_url).id,
            reason=FetchReason.NEW,
            outcome=Outcome.NO_ARTICLE,
            request_url=url,
            final_url=url,
            started_at=NOW,
            finished_at=NOW,
            status=200,
        )
        (archived,) = store.archive([FetchResult(attempt=attempt, captures=captures)], decide=decide, now=NOW)
        assert not archived.error

    def back_up(self, backup, *, minutes=0, **options):
        return make_backup(self.configuration, backup, now=NOW + timedelta(minutes=minutes), **options)

    def rows(self):
        with open_library(self.configuration) as library:
            return library.store.info().rows


@pytest.fixture
def backup(tmp_path):
    return tmp_path / "backup"


@pytest.fixture
def news(tmp_path, sqlite_template):
    return Library(tmp_path / "news", sqlite_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, tmp_path):
    """A library on either database, and the address of an empty database to restore it into."""
    if request.param == "sqlite":
        return Library(tmp_path / "news", request.getfixturevalue("sqlite_template")), ""
    news = Library(tmp_path / "news", request.getfixturevalue("postgres_url"))
    return news, request.getfixturevalue("empty_postgres_url")


def whole(backup):
    """The manifest of a backup of which `sha256sum` says that every file is right."""
    done = subprocess.run(["sha256sum", "-c", "--quiet", "manifest.sha256"], cwd=backup, check=False)
    assert done.returncode == 0
    return present_manifest(backup)


# -- there and back --------------------------------------------------------------------------------------------------


def test_a_library_is_as_it_was_after_a_restore(either, backup, tmp_path):
    news, database = either
    news.add(3)
    (news.folder / "captures" / "uncommitted").mkdir()
    (news.folder / "captures" / "uncommitted" / "a.warc.gz.7.damaged").write_bytes(b"odd bytes")
    made = news.back_up(backup)
    assert made.snapshot.rows == news.rows()
    assert (made.copied, made.kept) == (3, 0)
    assert len(whole(backup).everything) == 4
    restored = restore_backup(backup, tmp_path / "again", database=database)
    assert restored.is_sound
    assert restored.checked.rows == news.rows()
    assert restored.checked.problems == restored.checked.damage == restored.checked.recovered == ()
    for file in news.configuration.captures.rglob("*"):
        copy = tmp_path / "again" / "captures" / file.relative_to(news.configuration.captures)
        assert file.is_dir() or copy.read_bytes() == file.read_bytes()
    again = load(tmp_path / "again")
    assert again.database_url == (database or f"sqlite:///{tmp_path / 'again' / 'dateline.db'}")
    with open_library(again) as library:
        assert len(list(library.store.captures())) == 3


def test_a_restored_library_goes_on(either, backup, tmp_path):
    """Ids go on counting, and it can be backed up itself."""
    news, database = either
    news.add(2)
    news.back_up(backup)
    restore_backup(backup, tmp_path / "again", database=database)
    again = object.__new__(Library)
    again.folder, again.count = tmp_path / "again", 2
    again.add(2)
    with open_library(again.configuration) as library:
        assert len({one.id for one in library.store.captures()}) == 4
    again.back_up(tmp_path / "second")
    assert whole(tmp_path / "second").snapshots[0].rows["captures"] == 4


def test_writers_go_on_while_a_backup_is_made(either, backup, tmp_path, monkeypatch):
    """Every step of the backup waits until a page more was committed; the copy is of one moment all the same."""
    news, database = either
    monkeypatch.setattr(backing_up, "_PAGES", 20)
    news.add(20)
    began, stored, ended = threading.Event(), threading.Semaphore(0), threading.Event()
    writer = threading.Thread(target=lambda: (began.wait(30), news.add(200, each=lambda: told(stored, ended))))
    writer.start()
    steps = []

    def wait_for_a_page(what, done, of):
        if len(steps) < 30:
            began.set()
            assert stored.acquire(timeout=30), what
            steps.append(what)

    try:
        made = news.back_up(backup, progress=wait_for_a_page)
    finally:
        began.set()
        ended.set()
        writer.join(60)
    if not database:
        assert steps.count("database") >= 5
    assert "captures" in steps
    assert news.rows()["captures"] > made.snapshot.rows["captures"] >= 20
    restored = restore_backup(backup, tmp_path / "again", database=database)
    assert restored.is_sound
    assert restored.checked.rows["captures"] == made.snapshot.rows["captures"]


def told(stored, ended):
    stored.release()
    return not ended.is_set()


def test_what_came_after_the_copy_is_put_aside_by_a_restore(news, backup, tmp_path):
    """Records without rows: those that were written between the copy of the database and that of the captures."""
    news.add(2)
    begun = []

    def add_behind(what, _done, _of):
        if what == "captures" and not begun:
            begun.append(what)
            news.add(3)

    monkeyed = news.back_up(backup, progress=add_behind)
    assert monkeyed.snapshot.rows["captures"] == 2
    later = news.back_up(backup, minutes=1)
    assert later.snapshot.rows["captures"] == 5
    restored = restore_backup(backup, tmp_path / "again", snapshot="20260301T120000Z")
    assert restored.newer == ("20260301T120100Z",)
    assert sum(one.moved for one in restored.checked.recovered) == 6  # requests and responses
    assert restored.is_sound
    assert restored.checked.rows["captures"] == 2


# -- what is copied --------------------------------------------------------------------------------------------------


def test_only_what_changed_is_copied_again(news, backup):
    news.add(2)
    first = news.back_up(backup)
    again = news.back_up(backup, minutes=1)
    assert (again.copied, again.kept, again.kept_size) == (0, 2, first.copied_size)
    (grown,) = news.configuration.captures.glob("*.warc.gz")
    news.add(1)
    with grown.open("ab") as file:
        file.write(b"a torn record")
    third = news.back_up(backup, minutes=2)
    assert (third.copied, third.kept) == (2, 1)
    assert (backup / "captures" / grown.name).read_bytes() == grown.read_bytes()
    assert len(whole(backup).snapshots) == 3


def test_a_file_that_was_overwritten_in_place_is_copied_again(news, backup):
    """What was taken down must go from the backup, too."""
    news.add(2)
    news.back_up(backup)
    (file,) = news.configuration.captures.glob("*.warc.gz")
    with file.open("r+b") as opened:
        opened.seek(600)
        opened.write(b"gone" * 10)
    assert news.back_up(backup, minutes=1).copied == 1
    assert (backup / "captures" / file.name).read_bytes() == file.read_bytes()


def test_a_file_that_rows_need_stays_in_the_backup_where_the_library_lost_it(news, backup, tmp_path):
    news.add(1)
    news.back_up(backup)
    (file,) = news.configuration.captures.glob("*.warc.gz")
    content = file.read_bytes()
    file.unlink()
    made = news.back_up(backup, minutes=1)
    assert (made.lost, made.dropped) == ((f"captures/{file.name}",), ())
    assert restore_backup(backup, tmp_path / "again").is_sound
    assert (tmp_path / "again" / "captures" / file.name).read_bytes() == content


def test_a_file_that_no_row_needs_goes_from_the_backup_as_it_went_from_the_library(news, backup):
    """That is how a takedown of all that a file held comes to the backup."""
    news.add(1)
    (news.configuration.captures / "uncommitted").mkdir()
    odd = news.configuration.captures / "uncommitted" / "a.warc.gz"
    odd.write_bytes(b"odd bytes")
    news.back_up(backup)
    odd.unlink()
    (backup / "captures" / "by-hand.txt").write_text("not ours")
    assert plan_backup(news.configuration, backup).dropped == ("captures/uncommitted/a.warc.gz",)
    made = news.back_up(backup, minutes=1)
    assert (made.lost, made.dropped) == ((), ("captures/uncommitted/a.warc.gz",))
    assert not (backup / "captures" / "uncommitted" / "a.warc.gz").exists()
    assert (backup / "captures" / "by-hand.txt").exists()
    whole(backup)


def test_a_file_that_goes_while_the_backup_is_made_is_left_out(news, backup):
    news.add(1)
    odd = news.configuration.captures / "odd"
    odd.write_bytes(b"odd bytes")
    news.back_up(backup, progress=lambda what, _done, _of: what == "captures" and odd.unlink(missing_ok=True))
    assert "captures/odd" not in {one.path for one in whole(backup).files}


def test_captures_may_be_left_out_and_come_later(news, backup, tmp_path):
    news.add(1)
    made = news.back_up(backup, captures=False)
    assert made.copied == 1  # the settings
    restored = restore_backup(backup, tmp_path / "bare")
    assert not restored.is_sound
    assert [problem.kind for problem in restored.checked.problems] == ["no_file"]
    news.back_up(backup, minutes=1)
    kept = news.back_up(backup, minutes=2, captures=False)
    assert (kept.copied, kept.kept, kept.lost, kept.dropped) == (0, 2, (), ())
    assert restore_backup(backup, tmp_path / "again").is_sound


def test_so_many_copies_of_the_database_stay(news, backup):
    for minute in range(4):
        made = news.back_up(backup, minutes=minute, keep=2)
    assert made.removed == ("20260301T120100Z",)
    assert [file.name for file in sorted((backup / "database").iterdir())] == [
        "20260301T120200Z.db",
        "20260301T120300Z.db",
    ]
    news.back_up(backup, minutes=3, keep=2)
    assert [one.name for one in whole(backup).snapshots] == ["20260301T120300Z", "20260301T120300Z-2"]


def test_a_plan_writes_nothing_and_agrees_with_what_is_done(news, backup):
    news.add(2)
    planned = plan_backup(news.configuration, backup)
    assert not backup.exists()
    made = news.back_up(backup)
    assert (planned.copied, planned.copied_size, planned.kept) == (made.copied, made.copied_size, made.kept)
    before = contents(backup)
    for keep in (1, 2):
        assert plan_backup(news.configuration, backup, keep=keep).removed == made.removed * (keep == 2) + (
            ("20260301T120000Z",) if keep == 1 else ()
        )
    assert contents(backup) == before


def contents(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_library_of_an_older_schema_is_copied_and_says_what_it_needs(news, backup, tmp_path):
    news.add(1)
    with closing(sqlite3.connect(news.folder / "dateline.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
        connection.execute("DROP TABLE removals")
        connection.execute("DROP TABLE takedowns")
    assert news.back_up(backup).snapshot.revision == "0005"
    restored = restore_backup(backup, tmp_path / "again")
    assert restored.checked.needs > "0005"
    assert not restored.is_sound
    with closing(sqlite3.connect(news.folder / "dateline.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffff'")
    news.back_up(backup, minutes=1)
    with pytest.raises(SchemaMismatch, match="a newer dateline made it"):
        restore_backup(backup, tmp_path / "newer")
    assert not (tmp_path / "newer").exists()


# -- killed ----------------------------------------------------------------------------------------------------------

KILLED = """
    import os, pathlib, shutil, signal, sys
    from datetime import UTC, datetime
    from crawler.backups import make_backup, restore_backup
    from crawler.backups.making import plan_backup
    from crawler.configuration import load

    library, former, backup = map(pathlib.Path, sys.argv[1:4])
    rename, whole_steps = pathlib.Path.rename, 0

    def killed_at(step):
        steps = 0

        def counted(self, target):
            nonlocal steps
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return rename(self, target)

        pathlib.Path.rename = counted
        make_backup(load(library), backup, now=datetime(2026, 3, 1, 13, tzinfo=UTC))
        os._exit(0)

    step, status = 0, 9
    while status == 9:
        step += 1
        shutil.rmtree(backup, ignore_errors=True)
        shutil.copytree(former, backup)
        child = os.fork()
        if not child:
            killed_at(step)
        status = os.waitpid(child, 0)[1]
        found = restore_backup(backup, pathlib.Path("nowhere"), dry_run=True)
        partial = len(list(backup.rglob("incoming/captures/*.warc.gz")))
        report = make_backup(load(library), backup, now=datetime(2026, 3, 1, 14, tzinfo=UTC))
        print(status, found.snapshot.name, found.size, report.copied, len(list(backup.rglob("*.part"))), flush=True)
"""


def test_a_backup_that_is_killed_at_any_step_leaves_one_that_is_whole(news, backup, tmp_path):
    """A process is killed before each renaming, that is between any two states that a disk can be left in."""
    news.add(2)
    news.back_up(tmp_path / "former")
    former = restore_backup(tmp_path / "former", tmp_path / "nowhere", dry_run=True)
    (grown,) = news.configuration.captures.glob("*.warc.gz")
    news.add(2)
    with grown.open("ab") as file:
        file.write(b"a torn record")
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(news.folder), str(tmp_path / "former"), str(backup)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, timeout=120)
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[0] for row in rows] == ["9"] * (len(rows) - 1) + ["0"]
    assert len(rows) >= 10
    names = [row[1] for row in rows]
    assert set(names) == {"20260301T120000Z", "20260301T130000Z"}
    assert names == sorted(names)
    assert {int(row[2]) for row in rows if row[1] == "20260301T120000Z"} == {former.size}
    assert {row[4] for row in rows} == {"0"}
    assert rows[-1][3] == "0"
    whole(backup)


def test_what_a_killed_backup_copied_whole_is_not_copied_again(news, backup, monkeypatch):
    for _ in range(3):
        news.add(1)
    files = sorted(news.configuration.captures.glob("*.warc.gz"))

    def stop(what, done, _of):
        if (what, done) == ("captures", 2):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        news.back_up(backup, progress=stop)
    assert present_manifest(backup) is None
    (first,) = (backup / "incoming" / "captures").iterdir()
    node = first.stat().st_ino
    with pytest.raises(BackupError, match="no finished backup"):
        restore_backup(backup, backup.with_name("again"))
    news.back_up(backup)
    assert (backup / "captures" / first.name).stat().st_ino == node
    assert {file.name for file in (backup / "captures").iterdir()} == {file.name for file in files}
    assert not (backup / "incoming").exists()
    whole(backup)


def test_a_file_that_grew_after_a_killed_backup_is_copied_anew(news, backup):
    news.add(1)

    def stop(what, done, _of):
        if (what, done) == ("captures", 1):
            raise KeyboardInterrupt

    (file,) = news.configuration.captures.glob("*.warc.gz")
    (news.folder / "dateline.toml").rename(news.folder / "elsewhere")
    (news.configuration.captures / "zzz").write_bytes(b"")
    with pytest.raises(KeyboardInterrupt):
        news.back_up(backup, progress=stop)
    with file.open("ab") as opened:
        opened.write(b"torn")
    news.back_up(backup)
    assert (backup / "captures" / file.name).read_bytes() == file.read_bytes()
    whole(backup)


# -- refused ---------------------------------------------------------------------------------------------------------


def test_one_wrong_byte_and_nothing_is_restored(news, backup, tmp_path):
    news.add(2)
    news.back_up(backup)
    for file in (one for one in sorted(backup.rglob("*")) if one.name not in {"backup.lock", "manifest.sha256"}):
        if file.is_dir():
            continue
        content = file.read_bytes()
        file.write_bytes(content[:40] + bytes([content[40] ^ 1]) + content[41:] if len(content) > 40 else b"#")
        with pytest.raises(BackupError, match=file.name):
            restore_backup(backup, tmp_path / "again")
        file.unlink()
        with pytest.raises(BackupError, match=r"missing|no finished"):
            restore_backup(backup, tmp_path / "again")
        assert not (tmp_path / "again").exists()
        file.write_bytes(content)
    assert restore_backup(backup, tmp_path / "again").is_sound


def test_damage_in_the_backup_is_found_and_mended(news, backup):
    news.add(1)
    news.back_up(backup)
    (copy,) = (backup / "captures").glob("*.warc.gz")
    copy.write_bytes(copy.read_bytes()[:-1] + b"?")
    assert news.back_up(backup, minutes=1).mended == ()
    found = news.back_up(backup, minutes=2, verify=True)
    assert (found.mended, found.damaged, found.copied) == ((f"captures/{copy.name}",), (), 1)
    (backup / "database" / "20260301T120000Z.db").write_bytes(b"no database")
    found = news.back_up(backup, minutes=3, verify=True)
    assert (found.mended, found.damaged) == ((), ("database/20260301T120000Z.db",))


def test_a_folder_that_is_not_fit_is_refused(news, backup, tmp_path):
    with pytest.raises(BackupError, match="lie in one another"):
        news.back_up(news.folder / "backup")
    with pytest.raises(BackupError, match="lie in one another"):
        news.back_up(tmp_path)
    backup.mkdir()
    (backup / "letters.txt").write_text("something else")
    with pytest.raises(BackupError, match=r"holds no backup but letters\.txt"):
        news.back_up(backup)
    (backup / "letters.txt").unlink()
    news.back_up(backup)
    other = Library(tmp_path / "other", news.folder / "dateline.db")
    with pytest.raises(BackupError, match="is a backup of the library"):
        other.back_up(backup)
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupError, match="is no folder"):
        news.back_up(tmp_path / "file")


def test_a_library_that_is_not_there_leaves_no_folder(news, backup):
    (news.folder / "dateline.db").unlink()
    with pytest.raises(LibraryError, match="dateline init"):
        news.back_up(backup)
    assert not backup.exists()


def test_a_restore_fills_only_what_is_empty(either, backup, tmp_path):
    news, database = either
    news.add(1)
    news.back_up(backup)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").write_text("")
    with pytest.raises(BackupError, match="is not empty"):
        restore_backup(backup, tmp_path / "full", database=database)
    used = news.configuration.database_url
    message = "has tables already" if database else "there is a database already"
    with pytest.raises(LibraryError, match=message) as told:
        restore_backup(backup, tmp_path / "again", database=used)
    assert "createdb" in str(told.value) or not database
    other = "sqlite:///other.db" if database else "postgresql://127.0.0.1:1/x"
    with pytest.raises(LibraryError, match="name one with --database"):
        restore_backup(backup, tmp_path / "again", database=other)
    assert not (tmp_path / "again").exists()
    assert news.rows()["captures"] == 1
    (tmp_path / "again").mkdir()
    assert restore_backup(backup, tmp_path / "again", database=database).is_sound


def test_the_variable_and_the_option_may_not_disagree(news, backup, tmp_path, monkeypatch):
    news.back_up(backup)
    monkeypatch.setenv(DATABASE_VARIABLE, "sqlite:////nowhere/x.db")
    with pytest.raises(BackupError, match="unset the variable"):
        restore_backup(backup, tmp_path / "again", database="sqlite:///y.db")
    monkeypatch.setenv(DATABASE_VARIABLE, f"sqlite:///{tmp_path}/deep/x.db")
    assert restore_backup(backup, tmp_path / "again").is_sound
    assert (tmp_path / "deep" / "x.db").is_file()


def test_only_one_works_on_a_library_or_a_backup(news, backup, tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.backups.making._PATIENCE_S", 0.3)
    with upkeep(news.folder, "a takedown"), pytest.raises(LibraryError, match=r"a takedown \(process \d+\) is at work"):
        news.back_up(backup)
    refused = []

    def meanwhile(what, _done, _of):
        if what == "captures" and not refused:
            with pytest.raises(BackupError, match="another program is at work"):
                news.back_up(backup)
            with pytest.raises(LibraryError, match="a backup"), upkeep(news.folder, "a takedown"):
                pass
            refused.append(what)

    news.back_up(backup, progress=meanwhile)
    assert refused
    with upkeep(news.folder, "a takedown"):
        pass
    again = []

    def while_read(_what, _done, _of):
        if not again:
            again.append(1)
            with pytest.raises(BackupError, match="another program is at work"):
                news.back_up(backup)

    restore_backup(backup, tmp_path / "again", progress=while_read)
    assert again


def test_a_backup_is_read_from_a_medium_that_cannot_be_written(news, backup, tmp_path):
    """Also one that was killed after it was finished and before its files were moved."""
    news.add(1)
    news.back_up(backup)
    before = contents(backup)
    restore_backup(backup, tmp_path / "again")
    assert contents(backup) == before
    shutil.copytree(backup, tmp_path / "copied")
    (tmp_path / "copied" / "backup.lock").unlink()
    (tmp_path / "copied" / "incoming" / "database").mkdir(parents=True)
    for name in ("manifest.json", "manifest.sha256", "database/20260301T120000Z.db"):
        (tmp_path / "copied" / name).rename(tmp_path / "copied" / "incoming" / name)
    before = contents(tmp_path / "copied")
    assert restore_backup(tmp_path / "copied", tmp_path / "third").is_sound
    assert contents(tmp_path / "copied") == before


# -- settings, tombstones --------------------------------------------------------------------------------------------


def test_settings_are_restored_with_the_database_that_was_named(news, backup, tmp_path):
    text = '# by hand\nlibrary = "news"\n[crawl]\ncontact = "desk@harbour-post.example"  # ours\n'
    news.configuration  # noqa: B018 - readable before
    outer = tmp_path / "dateline.toml"
    outer.write_text(text)
    outer.chmod(0o600)
    (news.folder / "dateline.toml").unlink()
    configuration = replace(news.configuration, source=outer)
    make_backup(configuration, backup, now=NOW)
    restore_backup(backup, tmp_path / "again", database="sqlite:///other.db")
    kept = tmp_path / "again" / "dateline.toml"
    assert "# by hand\n[crawl]\n" in kept.read_text()
    assert "# ours" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert load(tmp_path / "again").database_url == f"sqlite:///{tmp_path / 'again' / 'other.db'}"


def test_tombstones_that_came_later_are_told(news, backup, tmp_path):
    news.add(1)
    news.back_up(backup)
    with closing(sqlite3.connect(news.folder / "dateline.db")) as connection, connection:
        connection.execute(
            "INSERT INTO takedowns (kind, subject, reason, who, made_at, removed, lifted_by) VALUES"
            " ('host', 'harbour-post.example', 'asked to', 'mara', '2026-03-01 12:00:30.000000', '{}', '')"
        )
    news.back_up(backup, minutes=1)
    first = restore_backup(backup, tmp_path / "first", snapshot="20260301T120000Z")
    assert [(one.kind, one.subject, one.reason) for one in first.taken_down] == [
        (TakedownKind.HOST, "harbour-post.example", "asked to")
    ]
    assert restore_backup(backup, tmp_path / "second").taken_down == ()


# -- PostgreSQL's programs -------------------------------------------------------------------------------------------


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program in place of PostgreSQL's."""

    def put(name, script):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")

    return put


def test_programs_that_are_missing_old_or_fail_are_told(tmp_path, backup, postgres_url, program, monkeypatch):
    news = Library(tmp_path / "news", postgres_url)
    program("pg_dump", 'echo "pg_dump (PostgreSQL) 9.6.24"')
    with pytest.raises(LibraryError, match=r"is of PostgreSQL 9, the server of \d+: .* install postgresql-client-\d+"):
        news.back_up(backup)
    program("pg_dump", '[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.1" && exit; echo "no room" >&2; exit 3')
    with pytest.raises(LibraryError, match="pg_dump failed: no room"):
        news.back_up(backup)
    assert present_manifest(backup) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LibraryError, match="pg_dump is not installed: install PostgreSQL's client"):
        news.back_up(backup)


def test_a_failing_pg_restore_leaves_nothing_in_the_database(
    tmp_path, backup, postgres_url, empty_postgres_url, postgres_server, program
):
    news = Library(tmp_path / "news", postgres_url)
    news.add(1)
    news.back_up(backup)
    real = shutil.which("pg_restore")
    program("pg_restore", f'head -c -600 "$(eval echo \\${{$#}})" > {tmp_path}/cut; echo cut >&2; exit 1')
    with pytest.raises(LibraryError, match="pg_restore failed: cut"):
        restore_backup(backup, tmp_path / "again", database=empty_postgres_url)
    backing_up.require_empty(empty_postgres_url, "postgresql")
    program("pg_restore", f'exec {real} "$@"')
    assert restore_backup(backup, tmp_path / "third", database=empty_postgres_url).is_sound


def test_a_password_is_never_on_a_command_line():
    address, told = dumping._connection_string(
        backing_up.database_url("postgresql://mara:s%20ecret@db.example:5433/news?sslmode=require&host=db.example")
    )
    assert "ecret" not in address
    assert told == {"PGPASSWORD": "s ecret"}
    for part in ("user=mara", "host=db.example", "port=5433", "dbname=news", "sslmode=require"):
        assert part in address.split()


# -- the manifest ----------------------------------------------------------------------------------------------------

MANIFEST = Manifest(
    library="/srv/news",
    snapshots=(
        DatabaseSnapshot(
            name="20260301T120000Z",
            file=StoredFile(path="database/20260301T120000Z.db", size=3, sha256="0" * 64),
            kind="sqlite",
            revision="0006",
            made_at=NOW,
            made_by="0.1.0",
            rows={"captures": 2},
            captures=True,
        ),
    ),
    files=(StoredFile(path="captures/a b\n\\.warc.gz", size=1, sha256="1" * 64, modified_ns=7),),
    tombstones=(Tombstone(kind=TakedownKind.DOCUMENT, subject="https://a.example/", reason="r", made_at=NOW),),
)


def test_a_manifest_is_read_as_it_was_written():
    assert parsed(*written(MANIFEST)) == MANIFEST


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda tree: tree.update(format=2), "is of format 2"),
        (lambda tree: tree.pop("files"), "not one that dateline wrote"),
        (lambda tree: tree["files"][0].update(path="../outside"), "leads out of the backup"),
        (lambda tree: tree["files"][0].update(path="/outside"), "leads out of the backup"),
        (lambda tree: tree["files"][0].update(odd=1), "not one that dateline wrote"),
        (lambda tree: tree["snapshots"][0].update(made_at="yesterday"), "not one that dateline wrote"),
        (lambda tree: tree["tombstones"][0].update(kind="odd"), "not one that dateline wrote"),
    ],
)
def test_a_manifest_that_is_none_is_refused(change, complaint):
    tree = json.loads(written(MANIFEST)[0])
    change(tree)
    content = json.dumps(tree).encode()
    digests = f"{hashlib.sha256(content).hexdigest()}  manifest.json\n".encode()
    with pytest.raises(BackupError, match=complaint):
        parsed(content, digests)


@pytest.mark.parametrize("name", ["a b.gz", "two\nlines.gz", "back\\slash.gz", "return\r.gz", " led.gz"])
def test_sha256sum_reads_every_name(news, backup, name):
    (news.configuration.captures / name).write_bytes(b"odd")
    news.back_up(backup)
    assert f"captures/{name}" in {one.path for one in whole(backup).files}


@pytest.mark.parametrize("path", ["", "/", "a//b", "..", "a/../b", "./a", "a/.", "a\0b"])
def test_paths_that_lead_elsewhere(path):
    assert not is_safe(path)
