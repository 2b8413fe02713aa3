"""Where the files of a backup lie, and how a new backup takes the place of the former one.

What is new is collected in ``incoming/``. While that has no manifest, the former backup holds; as soon as it has one,
that one holds, and its files lie there or, where they were moved already, in their places. So at every moment one
backup is whole, and whoever only reads needs to move nothing.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.backups.copying import write_file
from crawler.backups.manifest import DIGESTS, MANIFEST, Manifest, parsed, written
from crawler.errors import BackupError
from storage.captures.files import sync_folder

INCOMING = "incoming"
DATABASE = "database"
CAPTURES = "captures"
LOCK = "backup.lock"


def present_manifest(backup: Path) -> Manifest | None:
    """What the backup in this folder holds; ``None`` where no backup was ever finished.

    Raises:
        BackupError: its manifest is damaged.
    """
    if not locate(backup, MANIFEST).is_file():
        return None
    try:
        return parsed(locate(backup, MANIFEST).read_bytes(), locate(backup, DIGESTS).read_bytes())
    except FileNotFoundError as problem:
        raise BackupError(f"{problem.filename} is missing: use another backup") from problem


def locate(backup: Path, path: str) -> Path:
    """Where a file of the manifest that holds is."""
    incoming = backup / INCOMING
    moved = not (incoming / MANIFEST).is_file() or not (incoming / path).is_file()
    return backup / path if moved else incoming / path


def commit(backup: Path, manifest: Manifest) -> None:
    """Let the files in ``incoming/`` and this manifest be the backup from now on."""
    incoming = backup / INCOMING
    content, digests = written(manifest)
    write_file(incoming / DIGESTS, digests)
    for folder in {incoming, *((incoming / one.path).parent for one in manifest.everything)}:
        if folder.is_dir():
            sync_folder(folder)
    write_file(incoming / MANIFEST, content)
    sync_folder(incoming)
    settle(backup)


def settle(backup: Path) -> None:
    """Move what a finished backup left in ``incoming/`` to its places, and remove what only the former one listed."""
    incoming = backup / INCOMING
    if not (incoming / MANIFEST).is_file():
        return
    manifest = present_manifest(backup)
    if manifest is None:
        return
    _remove_unlisted(backup, manifest)
    for path in (*(one.path for one in manifest.everything), DIGESTS):
        _move(incoming, backup, path)
    for folder in {backup, *((backup / one.path).parent for one in manifest.everything)}:
        sync_folder(folder)
    _move(incoming, backup, MANIFEST)
    sync_folder(backup)
    shutil.rmtree(incoming)


def _move(incoming: Path, backup: Path, path: str) -> None:
    if (incoming / path).is_file():
        (backup / path).parent.mkdir(parents=True, exist_ok=True)
        (incoming / path).rename(backup / path)


def _remove_unlisted(backup: Path, manifest: Manifest) -> None:
    """Files of the former backup that the one that holds now does not list; other files in the folder are not ours."""
    try:
        former = parsed((backup / MANIFEST).read_bytes(), (backup / DIGESTS).read_bytes())
    except (FileNotFoundError, BackupError):
        return  # there was none, or its digests were replaced already
    listed = {one.path for one in manifest.everything}
    for one in former.everything:
        if one.path not in listed:
            (backup / one.path).unlink(missing_ok=True)


@contextmanager
def held(backup: Path) -> Iterator[None]:
    """Hold the backup against every other program that writes it or restores from it.

    Raises:
        BackupError: another program is at work on it.
    """
    with (backup / LOCK).open("w") as lock:
        _take(lock.fileno(), fcntl.LOCK_EX, backup)
        yield


@contextmanager
def held_for_reading(backup: Path) -> Iterator[None]:
    """Hold the backup against programs that write it; it may lie on a medium that cannot be written.

    Raises:
        BackupError: another program writes it.
    """
    try:
        fd = os.open(backup / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        yield
        return
    try:
        _take(fd, fcntl.LOCK_SH, backup)
        yield
    finally:
        os.close(fd)


def _take(fd: int, kind: int, backup: Path) -> None:
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupError(f"another program is at work on the backup {backup}: wait for its end") from None
