"""`dateline backup` and `dateline restore`: what they say, how they end, and what they leave alone."""

import shlex
import sqlite3
from contextlib import closing

import pytest

URL = "https://www.merrow-post.example/{}"
PAGE = b"<html><title>Quay</title><p>The quay of Merrow has been mended.</p></html>"


@pytest.fixture
def filled(dateline, in_news, table, store_page):
    dateline("events", "import", table(URL.format(1), URL.format(2)))
    store_page(URL.format(1), PAGE)
    return in_news


def known(dateline):
    """What the library says of itself, but for where it is and for the runs that are told of."""
    return {name: said for name, said in dateline("status", "--json").json.items() if name not in {"library", "runs"}}


def test_a_library_there_and_back(dateline, filled, tmp_path, monkeypatch):
    said = dateline("backup", "kept").out
    assert "database copied as 2" in said
    assert "2 files copied" in said
    assert "sha256sum -c manifest.sha256" in said
    assert "0 files copied (0 bytes), 2 unchanged" in dateline("backup", "kept", "--verify").out
    restored = dateline("restore", "kept", "again")
    assert f"restored: again, database sqlite:///{tmp_path}/again/dateline.db" in restored.out
    assert "compared with the captures: 0 problems" in restored.out
    assert "run `dateline forget` for it again" in restored.err
    before = known(dateline)
    monkeypatch.setenv("DATELINE_LIBRARY", str(tmp_path / "again"))
    assert known(dateline) == before
    assert dateline("captures", "verify").out == "1 capture, 0 problems\n"
    assert "sound" in dateline("db", "check").out
    assert dateline("captures", "cat", URL.format(1)).out == PAGE.decode()


def test_json_for_scripts(dateline, filled, tmp_path):
    planned = dateline("backup", "kept", "--dry-run", "--json").json
    assert not (tmp_path / "kept").exists()
    made = dateline("backup", "kept", "--json").json
    assert planned["snapshot"] is None
    assert (planned["copied"], made["copied"]) == (2, 2)
    assert made["snapshot"]["rows"]["captures"] == 1
    checked = dateline("restore", "kept", "again", "--dry-run", "--json").json
    assert (checked["checked"], checked["sound"]) == (None, True)
    assert not (tmp_path / "again").exists()
    restored = dateline("restore", "kept", "again", "--json").json
    assert restored["sound"] is True
    assert restored["checked"]["rows"] == made["snapshot"]["rows"]
    assert restored["snapshot"] == made["snapshot"]


def test_dry_runs_say_what_would_be(dateline, filled):
    assert "2 files would be copied" in dateline("backup", "kept", "--dry-run").out
    names = [dateline("backup", "kept", "--json").json["snapshot"]["name"] for _ in range(2)]
    assert len(set(names)) == 2
    said = dateline("backup", "kept", "--dry-run", "--keep", "1").out
    assert f"older copies of the database would be removed: {', '.join(names)}\n" in said
    assert "would be restored, every digest is right: again" in dateline("restore", "kept", "again", "--dry-run").out


def test_a_restore_names_what_is_damaged_and_writes_nothing(dateline, filled, tmp_path):
    dateline("backup", "kept")
    (file,) = (tmp_path / "kept" / "captures").glob("*.warc.gz")
    content = file.read_bytes()
    file.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    said = dateline("restore", "kept", "again", expect=2).err
    assert f"{file.name} is damaged" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "again").exists()
    said = dateline("backup", "kept", "--verify", expect=1)
    assert f"was damaged: captures/{file.name} (copied anew; look at that disk)" in said.err
    assert file.read_bytes() == content


def test_an_earlier_copy_has_less_and_says_what_is_newer(dateline, filled, store_page, tmp_path):
    first = dateline("backup", "kept", "--json").json["snapshot"]["name"]
    store_page(URL.format(2), PAGE + b"<p>more</p>")
    second = dateline("backup", "kept", "--json").json["snapshot"]["name"]
    said = dateline("restore", "kept", "again", "--snapshot", first)
    assert f"newer copies of the database in this backup: {second}" in said.out
    assert "later than the copy: " in said.out
    assert "records without a row moved to uncommitted/" in said.out
    assert "it has " + first in dateline("restore", "kept", "third", "--snapshot", "odd", expect=2).err


def test_a_backup_without_captures_says_so(dateline, filled):
    assert "1 file copied" in dateline("backup", "kept", "--without-captures").out
    said = dateline("restore", "kept", "again", expect=1)
    assert "without captures: they were not copied" in said.err
    assert "no_file" in said.err
    assert "compared with the captures: 1 problem\n" in said.out


def test_a_backup_is_a_run(dateline, filled):
    dateline("backup", "kept")
    (run,) = dateline("runs", "--json").lines[:1]
    assert run["command"] == "dateline backup kept"
    assert (run["state"], run["counts"]) == ("finished", {"copied": 2, "unchanged": 0})
    before = len(dateline("runs", "--json").lines)
    dateline("backup", "kept", "--dry-run")
    assert len(dateline("runs", "--json").lines) == before


def test_a_library_of_an_older_schema_is_copied_before_its_upgrade(dateline, filled):
    """Without a run: its rows are not as this program knows them."""
    with closing(sqlite3.connect(filled / "dateline.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    assert "database copied" in dateline("backup", "kept").out
    said = dateline("restore", "kept", "again", expect=1)
    assert "`dateline db upgrade --library again`" in said.err


def test_what_the_library_lost_is_told(dateline, filled):
    dateline("backup", "kept")
    (file,) = (filled / "captures").glob("*.warc.gz")
    file.unlink()
    assert f"lost: captures/{file.name} (rows need it" in dateline("backup", "kept", expect=1).err


def test_takedowns_that_came_later_are_told_as_commands(dateline, filled, monkeypatch):
    first = dateline("backup", "kept", "--json").json["snapshot"]["name"]
    with closing(sqlite3.connect(filled / "dateline.db")) as connection, connection:
        connection.execute(
            "INSERT INTO takedowns (kind, subject, reason, who, made_at, removed, lifted_by) VALUES"
            " ('document', ?, 'asked to', 'mara', '2999-03-01 12:00:30.000000', '{}', '')",
            (URL.format(1),),
        )
    dateline("backup", "kept")
    said = dateline("restore", "kept", "again", "--snapshot", first).err
    words = shlex.split(said.splitlines()[-1])
    assert words == ["dateline", "forget", URL.format(1), "--reason", "asked to", "--library", "again"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["backup", "news/below"], "lie in one another"),
        (["backup", "table.csv"], "is no folder"),
        (["backup", "entries"], "holds no backup but 1.md"),
        (["backup", "kept", "--keep", "0"], "--keep"),
        (["restore", "nowhere", "again"], "nowhere holds no finished backup"),
        (["restore", "entries", "again"], "entries holds no finished backup"),
        (["restore", "kept", "news"], "news is not empty"),
        (["restore", "kept", "again", "--database", "odd"], "'odd' is not the address of a database"),
        (
            ["restore", "kept", "again", "--database", "postgresql://me:secret@127.0.0.1:1/x"],
            "name one with --database",
        ),
    ],
)
def test_mistakes_are_one_sentence(dateline, filled, tmp_path, words, text):
    dateline("backup", "kept")
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "1.md").write_text("")
    said = dateline(*words, expect=2)
    assert text in said.err
    assert "secret" not in said.err
    assert not (tmp_path / "again").exists()


def test_a_backup_of_no_library(dateline, tmp_path):
    assert "dateline init" in dateline("backup", "kept", expect=2).err
    assert "dateline init" in dateline("backup", "kept", "-L", "nowhere", expect=2).err
    assert sorted(tmp_path.iterdir()) == []
