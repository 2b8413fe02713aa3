from __future__ import annotations

import errno
import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

import crawler.entry_files as module
from crawler.entry_files import EntryFile, SkippedFile, walk
from crawler.errors import EntryFileError


def found(*paths, stdin=b""):
    return list(walk(paths, io.BytesIO(stdin)))


def names(items, root=""):
    return [item.name.removeprefix(f"{root}{os.sep}") for item in items]


def tar_bytes(members, mode="w:gz"):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            else:
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content or b""))
    return packed.getvalue()


@pytest.fixture
def folder(tmp_path):
    for name, content in {
        "b.md": b"b",
        "a/2.md": b"2",
        "a/10.md": b"10",
        ".git/config": b"x",
        "a/.hidden.md": b"x",
        "logo.png": b"\x89PNG\0\0",
        "utf16.txt": "é".encode("utf-16"),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def test_a_folder_is_walked_sorted_and_whole(folder):
    items = found(folder)
    assert names([item for item in items if isinstance(item, EntryFile)], folder) == [
        "a/10.md",
        "a/2.md",
        "b.md",
        "utf16.txt",
    ]
    assert {item.name.removeprefix(f"{folder}/"): item.reason for item in items if isinstance(item, SkippedFile)} == {
        ".git": "hidden",
        "a/.hidden.md": "hidden",
        "logo.png": "binary",
    }


def test_links_to_folders_are_not_followed(folder):
    (folder / "loop").symlink_to(folder)
    assert [item for item in found(folder) if item.name.endswith("loop")] == [
        SkippedFile(name=str(folder / "loop"), reason="a link to a folder")
    ]


def test_a_named_file_is_given_as_named(folder):
    assert found(folder / "b.md") == [EntryFile(name=str(folder / "b.md"), content=b"b")]
    (binary,) = found(folder / "logo.png")
    assert isinstance(binary, EntryFile)


def test_what_is_not_there_is_a_value(tmp_path):
    (error,) = found(tmp_path / "none")
    assert isinstance(error, EntryFileError)
    assert "no such file" in error.problem


def test_what_may_not_be_read_is_a_value(folder, monkeypatch):
    opened = Path.open

    def refusing(path, *arguments, **options):
        # Root may read everything: refuse as the system would refuse another user.
        if path.name == "b.md":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refusing)
    (error,) = [item for item in found(folder) if isinstance(item, EntryFileError)]
    assert error.name.endswith("b.md")
    assert "ermission" in error.problem


@pytest.mark.parametrize(
    ("name", "mode"),
    [("e.tar.gz", "w:gz"), ("e.tgz", "w:gz"), ("e.tar", "w"), ("e.tar.bz2", "w:bz2"), ("e.tar.xz", "w:xz")],
)
def test_archives_are_read_without_unpacking(tmp_path, name, mode):
    path = tmp_path / name
    path.write_bytes(
        tar_bytes(
            [("../../evil.md", b"e"), ("/news/a.md", b"a"), ("x/._a.md", b"h"), ("l", None), ("i.png", b"\0")], mode
        )
    )
    items = found(path)
    assert [(item.name.removeprefix(f"{path}/"), item.content) for item in items if isinstance(item, EntryFile)] == [
        ("../../evil.md", b"e"),
        ("/news/a.md", b"a"),
    ]
    assert [item.reason for item in items if isinstance(item, SkippedFile)] == ["hidden", "a link or device", "binary"]
    assert [child.name for child in tmp_path.iterdir()] == [name]


def test_zip_and_gzip(tmp_path):
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("news/a.md", "a")
    with gzip.open(tmp_path / "e.jsonl.gz", "wb") as packed:
        packed.write(b"{}")
    assert found(tmp_path / "e.zip") == [EntryFile(name=f"{tmp_path}/e.zip/news/a.md", content=b"a")]
    assert found(tmp_path / "e.jsonl.gz") == [EntryFile(name=f"{tmp_path}/e.jsonl", content=b"{}")]


@pytest.mark.parametrize("name", ["e.tar.gz", "e.tar", "e.zip", "e.gz"])
@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\x1f\x8b\x08 torn", b"PK\x03\x04 torn"])
def test_broken_archives_are_values(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    items = found(path)
    assert all(isinstance(item, EntryFileError) for item in items) or (content == b"" and name != "e.zip")


def test_a_torn_archive_gives_what_comes_before_the_tear(tmp_path):
    whole = tar_bytes([(f"{number}.md", os.urandom(2000).hex().encode()) for number in range(50)])
    path = tmp_path / "e.tar.gz"
    path.write_bytes(whole[: len(whole) // 2])
    items = found(path)
    assert isinstance(items[-1], EntryFileError)
    assert 10 < sum(isinstance(item, EntryFile) for item in items) < 40


def test_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 1000)
    (tmp_path / "large.md").write_bytes(b"x" * 1001)
    (tmp_path / "e.tar.gz").write_bytes(tar_bytes([("large.md", b"x" * 1001), ("small.md", b"x")]))
    with gzip.open(tmp_path / "bomb.gz", "wb") as packed:
        packed.write(b"x" * 1001)
    items = found(tmp_path)
    assert [type(item).__name__ for item in items] == [
        "EntryFileError",
        "EntryFileError",
        "EntryFile",
        "EntryFileError",
    ]
    assert isinstance(found("-", stdin=b"x" * 1001)[0], EntryFileError)


def test_an_archive_may_not_unpack_to_more_than_its_share(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_ARCHIVE_BYTES", 1000)
    path = tmp_path / "e.tar"
    path.write_bytes(tar_bytes([(f"{number}.md", b"x" * 400) for number in range(9)], "w"))
    kinds = [type(item).__name__ for item in found(path)]
    assert kinds == ["EntryFile", "EntryFile", "EntryFileError"]


@pytest.mark.parametrize("mode", ["w:gz", "w", "w:xz"])
def test_standard_input_may_be_text_or_an_archive(mode):
    assert found("-", stdin=b"text") == [EntryFile(name="-", content=b"text")]
    (entry,) = found("-", stdin=tar_bytes([("a.md", b"a")], mode))
    assert entry.name.startswith("-.tar")
    assert entry.name.endswith("/a.md")
    assert found("-", stdin=gzip.compress(b"text")) == [EntryFile(name="-", content=b"text")]


def test_one_broken_path_does_not_stop_the_others(folder):
    items = found(folder / "none", folder / "b.md")
    assert [type(item).__name__ for item in items] == ["EntryFileError", "EntryFile"]
