"""Files of event entries, wherever they lie: folders, single files, archives, standard input.

Why nothing is unpacked to disk: an archive's member names are foreign input. They are only names here, whatever they
say, and one member's bytes are in memory at a time, up to a limit. What cannot be read is yielded as a value, so that
one damaged file does not keep the others from being imported.
"""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Protocol, TypeAlias

from crawler.errors import EntryFileError
from storage.types import STANDARD_INPUT

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Largest single file or archive member."""
MAX_ARCHIVE_BYTES = 16 * 1024 * 1024 * 1024
"""Most bytes that all members of one archive may unpack to."""

_LIMIT = f"{MAX_FILE_BYTES // (1024 * 1024)} MiB"
_HEAD = 8192
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_BROKEN_ARCHIVE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    OverflowError,
    ValueError,
)
"""What the standard readers raise on damaged or encrypted archives."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryFile:
    """One file to be read: its name as given, or ``archive.tar.gz/member``, or ``-``; and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class SkippedFile:
    """A file that holds no entries by its looks, and the reason in a few words."""

    name: str
    reason: str


Found: TypeAlias = EntryFile | SkippedFile | EntryFileError


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def walk(paths: Sequence[str | Path], stdin: BinaryIO) -> Iterator[Found]:
    """All files under the paths, folders sorted; ``-`` is standard input (text, or an archive).

    Hidden and binary files in folders and archives are skipped; a file named by the caller is never skipped silently.
    Errors are yielded, not raised.
    """
    for path in paths:
        if str(path) == STANDARD_INPUT:
            yield from _pipe(STANDARD_INPUT, stdin)
        elif not str(path):
            yield EntryFileError("''", 0, "an empty name names no file", "check the variable that it came from")
        elif Path(path).is_dir():
            yield from _folder(Path(path))
        else:
            yield from _given_file(Path(path))


def _folder(folder: Path) -> Iterator[Found]:
    try:
        children = sorted(folder.iterdir())
    except OSError as error:
        yield _unreadable(str(folder), error)
        return
    for child in children:
        if child.name.startswith("."):
            yield SkippedFile(name=str(child), reason="hidden")
        elif child.is_symlink() and child.is_dir():
            yield SkippedFile(name=str(child), reason="a link to a folder")
        elif child.is_dir():
            yield from _folder(child)
        elif not child.is_file():
            yield SkippedFile(name=str(child), reason="neither file nor folder")
        else:
            yield from map(_skipped_if_binary, _file(child))


def _given_file(path: Path) -> Iterator[Found]:
    if not path.exists():
        yield EntryFileError(str(path), 0, "there is no such file or folder", "check the path")
    elif not path.is_file() and not path.is_fifo():
        yield EntryFileError(str(path), 0, "this is neither a file nor a folder", "give a file, a folder or -")
    else:
        yield from _file(path)


def _file(path: Path) -> Iterator[Found]:
    name = str(path)
    try:
        with path.open("rb") as opened:
            yield from _pipe(name, opened) if path.is_fifo() else _stream(name, opened)
    except OSError as error:
        yield _unreadable(name, error)


def _pipe(name: str, opened: BinaryIO) -> Iterator[Found]:
    """Standard input or a named pipe: what it is can only be told from its bytes."""
    content = opened.read(MAX_FILE_BYTES + 1)
    archive = content.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")) or content[257:262] == b"ustar"
    if not content:
        yield EntryFileError(name, 0, "nothing came through the pipe", "write event entries into it")
    elif len(content) > MAX_FILE_BYTES:
        yield EntryFileError(name, 0, f"more than {_LIMIT} came through the pipe", "save it and give the file's name")
    elif archive:
        yield from _stream(name + _archive_suffix(content), io.BytesIO(content))
    else:
        yield EntryFile(name=name, content=content)


def _archive_suffix(content: bytes) -> str:
    if content.startswith(b"PK"):
        return ".zip"
    if content.startswith(b"\x1f\x8b"):
        try:
            head = gzip.GzipFile(fileobj=io.BytesIO(content)).read(512)
        except (OSError, EOFError, zlib.error):
            return ".gz"
        return ".tar.gz" if head[257:262] == b"ustar" else ".gz"
    return ".tar"


def _stream(name: str, opened: IO[bytes]) -> Iterator[Found]:
    lower = name.lower()
    if lower.endswith(_TAR_SUFFIXES):
        yield from _guarded(name, _tar_members(name, opened))
    elif lower.endswith(".zip"):
        yield from _guarded(name, _zip_members(name, opened))
    elif lower.endswith(".gz"):
        yield from _guarded(name, _gzip_content(name, opened))
    else:
        yield _capped(name, opened)


def _guarded(name: str, members: Iterator[Found]) -> Iterator[Found]:
    try:
        yield from members
    except _BROKEN_ARCHIVE as error:
        problem = f"the archive is damaged or cut off: {error or type(error).__name__}"
        yield EntryFileError(name, 0, problem, "fetch it again (the files before the damage are imported)")


def _tar_members(name: str, opened: IO[bytes]) -> Iterator[Found]:
    unpacked = 0
    with tarfile.open(fileobj=opened, mode="r|*") as archive:
        for member in archive:
            member_name = f"{name}/{member.name}"
            if member.isdir():
                continue
            unpacked += member.size
            if unpacked > MAX_ARCHIVE_BYTES:
                yield EntryFileError(name, 0, "the archive unpacks to far too much", "split it, or give a folder")
                return
            content = archive.extractfile(member) if member.isfile() else None
            yield _member(member_name, member.name, content)


def _zip_members(name: str, opened: IO[bytes]) -> Iterator[Found]:
    with zipfile.ZipFile(opened) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                with archive.open(member) as content:
                    yield _member(f"{name}/{member.filename}", member.filename, content)


def _gzip_content(name: str, opened: IO[bytes]) -> Iterator[Found]:
    with gzip.GzipFile(fileobj=opened) as content:
        yield _capped(name[: -len(".gz")], content)


def _member(name: str, path: str, content: IO[bytes] | None) -> Found:
    if content is None:
        return SkippedFile(name=name, reason="a link or device")
    if any(part.startswith(".") and part not in {".", ".."} for part in PurePosixPath(path).parts):
        return SkippedFile(name=name, reason="hidden")
    return _skipped_if_binary(_capped(name, content))


def _capped(name: str, content: _Readable) -> Found:
    found = content.read(MAX_FILE_BYTES + 1)
    return _too_large(name) if len(found) > MAX_FILE_BYTES else EntryFile(name=name, content=found)


def _skipped_if_binary(found: Found) -> Found:
    if isinstance(found, EntryFile) and b"\0" in found.content[:_HEAD] and not found.content.startswith(_UTF16_BOMS):
        return SkippedFile(name=found.name, reason="binary")
    return found


def _too_large(name: str) -> EntryFileError:
    return EntryFileError(name, 0, f"the file is larger than {_LIMIT}", "split it into smaller files")


def _unreadable(name: str, error: OSError) -> EntryFileError:
    return EntryFileError(name, 0, f"cannot be read: {error.strerror or error}", "check its permissions")
