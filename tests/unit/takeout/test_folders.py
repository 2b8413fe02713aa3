"""A folder of an export: complete or as it was, with a manifest that says what is in it."""

import fcntl
import io
import json
import os
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from crawler.errors import ConfigurationError
from crawler.takeout import manifest
from crawler.takeout.manifest import Facts, check, read_manifest
from crawler.takeout.placing import place, require_own
from crawler.takeout.staging import ExportedFile, Measured, staged

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FACTS = Facts(
    formats=("events",),
    selection="since:2006-01-01",
    dateline="1.0",
    revision="0009",
    started_at=NOON,
    ended_at=NOON,
    events=3,
    articles=2,
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def export(folder):
    """Write these files as an export."""

    def run(files, *, force=False, facts=FACTS):
        with staged(folder) as staging:
            for name, content in files.items():
                with staging.file(name) as stream:
                    stream.write(content)
                    staging.count(name, content.count(b"\n"))
            return place(staging, folder, facts, force=force)

    return run


class Stopped:
    """Content whose writer is stopped with Ctrl-C."""

    def __bytes__(self):
        raise KeyboardInterrupt


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != manifest.MANIFEST
    }


def test_files_stand_there_with_their_digests_and_rows(export, folder):
    files = {"events.jsonl": b"a\nb\n", "news/2006/07/5/x.md": b"# X\n"}
    placed = export(files)
    assert (placed.written, placed.unchanged, placed.bytes) == (2, 0, 8)
    assert contents(folder) == files
    said = json.loads((folder / "manifest.json").read_bytes())
    assert said["files"] == [
        {"name": "events.jsonl", "bytes": 4, "sha256": sha256(b"a\nb\n").hexdigest(), "rows": 2},
        {"name": "news/2006/07/5/x.md", "bytes": 4, "sha256": sha256(b"# X\n").hexdigest(), "rows": 1},
    ]
    assert {name: said[name] for name in ("formats", "selection", "dateline", "events", "articles", "bytes")} == {
        "formats": ["events"],
        "selection": "since:2006-01-01",
        "dateline": "1.0",
        "events": 3,
        "articles": 2,
        "bytes": 8,
    }
    assert (said["revision"], said["started_at"]) == ("0009", "2026-03-01T12:00:00Z")
    assert {path.name for path in folder.iterdir()} == {"events.jsonl", "news", "manifest.json"}


def test_the_same_again_changes_nothing_not_even_the_manifest(export, folder):
    export({"a": b"1"})
    before = (folder / "manifest.json").read_bytes(), (folder / "a").stat().st_mtime_ns
    placed = export({"a": b"1"}, facts=Facts(**{**_fields(FACTS), "ended_at": datetime(2027, 1, 1, tzinfo=UTC)}))
    assert (placed.written, placed.unchanged, placed.removed) == (0, 1, 0)
    assert before == ((folder / "manifest.json").read_bytes(), (folder / "a").stat().st_mtime_ns)


def _fields(facts):
    return {name: getattr(facts, name) for name in facts.__slots__}


def test_a_later_export_replaces_its_own_files_and_removes_what_is_gone(export, folder):
    export({"a": b"1", "deep/b": b"2", "c": b"3"})
    placed = export({"a": b"new", "c": b"3"})
    assert (placed.written, placed.unchanged, placed.removed) == (1, 1, 1)
    assert contents(folder) == {"a": b"new", "c": b"3"}
    assert not (folder / "deep").exists()
    assert not check(folder).changed


@pytest.mark.parametrize("force", [False, True])
def test_what_no_export_wrote_is_only_written_over_by_force(export, folder, force):
    folder.mkdir()
    (folder / "a").write_bytes(b"mine")
    (folder / "mine").write_bytes(b"too")
    placed = export({"a": b"1", "b": b"2"}, force=force)
    assert placed.kept == (() if force else ("a",))
    new = {"a": b"1", "b": b"2"} if force else {"a": b"mine"}
    assert contents(folder) == new | {"mine": b"too"}


def test_a_file_that_a_person_changed_is_kept(export, folder):
    export({"a": b"1", "gone": b"2"})
    (folder / "a").write_bytes(b"edited")
    (folder / "gone").write_bytes(b"edited")
    assert export({"a": b"new"}).kept == ("a",)
    assert not export({"a": b"new"}, force=True).kept
    assert contents(folder) == {"a": b"new", "gone": b"edited"}


def test_a_folder_where_a_file_goes_is_never_removed(export, folder):
    (folder / "a").mkdir(parents=True)
    assert export({"a": b"1"}, force=True).kept == ("a",)
    assert (folder / "a").is_dir()


def test_an_interrupted_export_leaves_the_folder_as_it_was(export, folder):
    export({"a": b"1"})
    with pytest.raises(KeyboardInterrupt):
        export({"a": b"half", "b": Stopped()})
    assert contents(folder) == {"a": b"1"}
    assert {path.name for path in folder.iterdir()} == {"a", "manifest.json"}


def test_an_interrupted_first_export_leaves_nothing(folder):
    with pytest.raises(KeyboardInterrupt), staged(folder):
        raise KeyboardInterrupt
    assert not folder.exists()


def test_what_a_killed_export_left_is_removed_by_the_next_one(export, folder):
    left = folder / ".dateline-export.part" / "files" / "deep"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"x")
    export({"a": b"1"})
    assert [path.name for path in sorted(folder.iterdir())] == ["a", "manifest.json"]


def test_two_exports_into_one_folder_do_not_meet(export, folder):
    (folder / ".dateline-export.part").mkdir(parents=True)
    handle = os.open(folder / ".dateline-export.part", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(ConfigurationError, match="another export writes into"):
        export({"a": b"1"})
    os.close(handle)
    assert export({"a": b"1"}).written == 1


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="cannot be written"), staged(tmp_path / "file" / "out"):
        pass


def test_a_folder_with_an_export_of_something_else_is_refused(export, folder):
    export({"a": b"1"})
    require_own(folder, ("events",), "since:2006-01-01")
    for formats, selection in ((("wcep",), "since:2006-01-01"), (("events",), "")):
        with pytest.raises(ConfigurationError, match=r"export of something else \(events of 'since:2006-01-01'\)"):
            require_own(folder, formats, selection)


@pytest.mark.parametrize("name", ["../a", "/a", "", "a/../../b"])
def test_no_name_leads_out_of_the_folder(folder, name):
    with staged(folder) as staging, pytest.raises(ValueError, match="does not name a file"), staging.file(name):
        pass


@pytest.mark.parametrize("name", ["news/a\0b.md", "news/\ud800.md", "news/a\nb.md"])
def test_odd_signs_of_keys_are_names_of_files(export, folder, name):
    assert export({name: b"1"}).written == 1
    assert check(folder).files == 1


# -- the manifest ------------------------------------------------------------------------------------------------


def test_a_check_finds_what_is_missing_and_what_was_changed(export, folder):
    export({"a": b"1", "b": b"2", "c": b"3", "d": b"4"})
    (folder / "a").unlink()
    (folder / "b").write_bytes(b"22")
    (folder / "c").write_bytes(b"0")
    found = check(folder)
    assert (found.files, found.bytes, found.missing, found.changed) == (1, 1, ("a",), ("b", "c"))


def test_what_a_link_in_place_of_the_hidden_folder_leads_to_is_not_emptied(export, folder, tmp_path):
    folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept").touch()
    (folder / ".dateline-export.part").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        export({"a": b"1"})
    assert (tmp_path / "elsewhere" / "kept").exists()


def test_a_folder_without_a_manifest_is_no_export(tmp_path):
    assert read_manifest(tmp_path) is None
    with pytest.raises(ConfigurationError, match="it is no export"):
        check(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "null", '{"formats": []}', "\xff", "[" * 100_000),
        '{"formats": [], "selection": "", "files": [{"name": "../x", "bytes": 1, "sha256": "", "rows": 1}]}',
        '{"formats": [], "selection": "", "files": [{"name": "/etc/x", "bytes": 1, "sha256": "", "rows": 1}]}',
        '{"formats": [], "selection": "", "files": [{"name": "x", "bytes": "many", "sha256": "", "rows": 1}]}',
        '{"formats": [], "selection": "", "files": [{"name": "x", "bytes": 1e999, "sha256": "", "rows": 1}]}',
        '{"formats": [], "selection": "", "files": [{"name": "\\ud800", "bytes": 1, "sha256": "", "rows": 1}]}',
        '{"formats": [], "selection": "", "files": [{"name": "%s", "bytes": 1, "sha256": "", "rows": 1}]}'
        % ("x" * 256),
    ],
)
def test_another_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(ConfigurationError, match="is no manifest of an export"):
        read_manifest(tmp_path)


def test_a_stream_measures_what_goes_through_it():
    kept = io.BytesIO()
    stream = Measured(kept.write)
    assert [stream.write(piece) for piece in (b"ab", memoryview(b"c"), bytearray(b"d"))] == [2, 1, 1]
    assert (stream.tell(), stream.writable(), stream.seekable()) == (4, True, False)
    assert stream.measured("x") == ExportedFile(name="x", bytes=4, sha256=sha256(b"abcd").hexdigest(), rows=0)
    assert kept.getvalue() == b"abcd"
