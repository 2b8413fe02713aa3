"""Making a library from a backup.

Why everything is read before anything is written: half a library is worse than a sentence that names the damaged file.
Why the database comes last: a folder in which a restore was killed is then no library, and nobody works with it.

What lies behind the last record that has a row in the restored database came later: it is put aside as after a crash,
never thrown away.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit

from crawler.backups.copying import copy_file, digest_of, write_file
from crawler.backups.making import Progress
from crawler.backups.manifest import DatabaseSnapshot, Manifest, StoredFile, Tombstone
from crawler.backups.places import CAPTURES, held_for_reading, locate, present_manifest
from crawler.configuration import DATABASE_VARIABLE, FILE_NAME, Configuration, load
from crawler.errors import BackupError
from crawler.library import Library, open_library
from storage import schema
from storage.backing_up import hidden, put_database, require_empty, require_known
from storage.captures import Problem, ProblemKind, Recovered, recover, verify
from storage.errors import LibraryError, PlaceUnavailable


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a library that was just restored is like.

    Attributes:
        rows: table -> how many rows.
        recovered: what was put aside in captures, because it came after the copy of the database.
        problems: in which rows and captures differ.
        damage: what is wrong with the database, one sentence each.
        needs: revision that this program needs, where the database has an older one; then nothing else was looked at.
    """

    rows: Mapping[str, int]
    recovered: tuple[Recovered, ...] = ()
    problems: tuple[Problem, ...] = ()
    damage: tuple[str, ...] = ()
    needs: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreReport:
    """What was restored, or would be.

    Attributes:
        snapshot: the copy of the database.
        database: address of the restored one, without its password.
        files: how many, beside it.
        size: bytes in all.
        newer: names of later copies in the backup.
        taken_down: tombstones that the backup knows of and the restored database may not have.
        placed: WARC files that are no part of the backup, but in the place that the settings name.
        checked: ``None`` for a dry run.
    """

    snapshot: DatabaseSnapshot
    database: str
    files: int
    size: int
    newer: tuple[str, ...]
    taken_down: tuple[Tombstone, ...]
    checked: Checked | None
    placed: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether the restored library is as the backed up one was."""
        found = self.checked
        same = found is None or all(found.rows.get(name) == count for name, count in self.snapshot.rows.items())
        return same and (found is None or not (found.problems or found.damage or found.needs))


def restore_backup(
    backup: Path,
    library: Path,
    *,
    snapshot: str = "",
    database: str = "",
    dry_run: bool = False,
    progress: Progress = lambda _what, _done, _all: None,
) -> RestoreReport:
    """Make a library in an empty folder, and compare it with the backup.

    Args:
        backup: the folder of the backup; it is only read.
        library: the folder to make; must be empty where it is there.
        snapshot: name of the copy of the database; empty is the latest.
        database: address of the database to fill; empty is where the backed up settings say.
        dry_run: look at everything, write nothing.
        progress: called now and then.

    Raises:
        BackupError: there is no backup, a file of it is damaged, or the folder is not empty; nothing was written.
        SchemaMismatch: a newer dateline made it; nothing was written.
        LibraryError: the database is not empty or cannot be made.
        StoreUnavailable: the database cannot be reached.
    """
    with held_for_reading(backup):
        manifest = _manifest(backup)
        chosen = manifest.snapshot(snapshot)
        _require_free(library)
        address = _address(backup, library.resolve(), database)
        require_known(chosen.revision)
        require_empty(address, chosen.kind)
        needed = (chosen.file, *manifest.files)
        _require_whole(backup, needed, progress)
        if not dry_run:
            _write(backup, library, chosen, manifest, address=address, named=database, progress=progress)
    return RestoreReport(
        snapshot=chosen,
        database=hidden(address),
        files=len(manifest.files),
        size=sum(one.size for one in needed),
        newer=tuple(one.name for one in manifest.snapshots if one.made_at > chosen.made_at),
        taken_down=tuple(one for one in manifest.tombstones if one.made_at > chosen.made_at),
        checked=None if dry_run else _check(library, address, progress),
        placed=len(manifest.placed),
    )


def _manifest(backup: Path) -> Manifest:
    """Read while the backup is held: another one may have ended a moment before."""
    if not backup.is_dir() or (found := present_manifest(backup)) is None:
        raise BackupError(f"{backup} holds no finished backup")
    return found


def _require_free(library: Path) -> None:
    if library.is_dir() and not any(library.iterdir()):
        return
    if library.exists() or library.is_symlink():
        raise BackupError(
            f"{library} is not empty: a library is restored into a new folder (what a restore left that was stopped"
            " may be removed)"
        )


def _address(backup: Path, library: Path, named: str) -> str:
    """Of the database to fill."""
    variable = os.environ.get(DATABASE_VARIABLE)
    if named and variable and named != variable:
        raise BackupError(f"--database and {DATABASE_VARIABLE} name two databases: unset the variable")
    return _configured(backup, library, named).database_url


def _configured(backup: Path, library: Path, named: str) -> Configuration:
    """The backed up settings, as they will be in the library's folder."""
    folder = locate(backup, FILE_NAME).parent
    given = {"storage.database": named} if named else {}
    return replace(load(folder, given), library=library)


def _require_whole(backup: Path, needed: tuple[StoredFile, ...], progress: Progress) -> None:
    for number, one in enumerate(needed):
        progress("reading the backup", number, len(needed))
        place = locate(backup, one.path)
        if not place.is_file():
            raise BackupError(f"{place} is missing from the backup: nothing was restored, use another backup")
        if place.stat().st_size != one.size or digest_of(place) != one.sha256:
            raise BackupError(
                f"{place} is damaged: its digest is not that of the manifest; nothing was restored, use another backup"
                " (a damaged copy of the database: --snapshot names an earlier one)"
            )


def _write(
    backup: Path,
    library: Path,
    chosen: DatabaseSnapshot,
    manifest: Manifest,
    *,
    address: str,
    named: str,
    progress: Progress,
) -> None:
    (library / CAPTURES).mkdir(parents=True)
    for number, one in enumerate(manifest.files):
        progress("captures", number, len(manifest.files))
        if one.path == FILE_NAME:
            continue
        copied = copy_file(locate(backup, one.path), library / one.path)
        if copied[:2] != (one.size, one.sha256):
            raise BackupError(f"{one.path} changed in the backup while it was read: remove {library}, restore again")
    _write_settings(locate(backup, FILE_NAME), library / FILE_NAME, named)
    progress("database", 0, 1)
    put_database(address, locate(backup, chosen.file.path))


def _write_settings(source: Path, target: Path, database: str) -> None:
    """The settings, with the database that was named; the folder that they may name was another one."""
    text = source.read_text(encoding="utf-8") if source.is_file() else ""
    tree = tomlkit.parse(text)
    tree.pop("library", None)
    if database:
        section: Any = tree.setdefault("storage", tomlkit.table())
        section["database"] = database
    write_file(target, tomlkit.dumps(tree).encode())
    if source.is_file():
        target.chmod(source.stat().st_mode & 0o777)


def _compared(library: Library) -> Iterator[Problem]:
    """What was restored is read; of what is in a place only its size is asked: it may be terabytes."""
    placed = {one.file: one for one in library.store.stored_files()}
    here = (one for one in library.store.captures() if one.location.file not in placed)
    yield from verify(library.captures, here)
    for one in placed.values():
        try:
            size = library.places.place_of(one).size(one.file)
        except (PlaceUnavailable, LibraryError) as problem:
            yield Problem(kind=ProblemKind.NO_FILE, file=one.file, text=str(problem))
            return
        if size != one.size:
            text = f"it has {size or 0} bytes in {one.place}, its row {one.size}"
            yield Problem(kind=ProblemKind.WRONG_FILE if size else ProblemKind.NO_FILE, file=one.file, text=text)


def _check(library: Path, address: str, progress: Progress) -> Checked:
    """Put the captures in order and compare them with the database, as far as this program understands it."""
    progress("comparing", 0, 1)
    found = schema.info(address)
    if found.revision != found.head:
        return Checked(rows=found.rows, needs=found.head)
    configuration = replace(load(library), library=library.resolve())
    with open_library(configuration) as opened:
        recovered = recover(opened.captures, opened.store.committed_end)
        problems = tuple(_compared(opened))
    return Checked(rows=found.rows, recovered=tuple(recovered), problems=problems, damage=tuple(schema.check(address)))
