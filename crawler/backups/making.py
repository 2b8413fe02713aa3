"""Making a backup: the database first, then the captures.

Why in this order: a record is on disk before its row is committed, and files only grow. So each row of the copied
database has its record in files that are copied afterwards. Takedowns, which overwrite, wait (`storage.upkeep_lock`).

Why a file counts as unchanged by its size and its time of change: to read every capture each night would take hours,
and a disk that rots would have its damage copied over the good copy. ``verify`` reads what the backup has, and copies
anew what is damaged there.

Why a file that the library has no more stays in the backup where rows need it: the one who removed it by mistake needs
it most. Where none does, it was taken down, and must go from the backup too.

Why files that were put in a place (``storage.captures``) are listed with their digests and not copied: they are in a
store that has its own ways of keeping things safe, and every backup would fetch all of it. What the backup has of them
from before stays as long as it is the same; a file that a takedown overwrote in its place since goes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from crawler.backups.copying import PARTIAL, copy_file, digest_of
from crawler.backups.manifest import DatabaseSnapshot, Manifest, PlacedFile, StoredFile, Tombstone, is_safe
from crawler.backups.places import CAPTURES, DATABASE, INCOMING, LOCK, commit, held, locate, present_manifest, settle
from crawler.configuration import FILE_NAME, Configuration
from crawler.errors import BackupError
from storage import __version__
from storage.attempt_files import FOLDER as ATTEMPTS
from storage.backing_up import SUFFIXES, DatabaseCopy, copy_database, facts_of, size_of
from storage.upkeep_lock import upkeep

_PATIENCE_S = 60
_OWN = frozenset({INCOMING, LOCK})

Progress = Callable[[str, int, int], None]
"""Is told what is done, how far it is, and of how much."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupReport:
    """What a backup did, or would do.

    Attributes:
        snapshot: the new copy of the database; ``None`` for a dry run.
        database_size: of the copy; of the database for a dry run.
        copied: files that were new or changed.
        copied_size: bytes of them.
        kept: files that were in the backup already.
        kept_size: bytes of them.
        lost: files of the backup that the library has no more although its rows need them; they are kept.
        dropped: files that went from the backup, because they went from the library and no row needs them.
        mended: files that were damaged in the backup and were copied anew.
        damaged: files that are damaged in the backup and of which there is no original.
        removed: names of older copies of the database that were removed.
        placed: files that are in the place of ``storage.captures``, and no part of the backup.
        placed_size: bytes of them.
    """

    snapshot: DatabaseSnapshot | None
    database_size: int
    copied: int
    copied_size: int
    kept: int
    kept_size: int
    lost: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    placed: int = 0
    placed_size: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """Which originals are copied, and what stays."""

    wanted: tuple[tuple[str, Path], ...]
    kept: tuple[StoredFile, ...]
    lost: tuple[StoredFile, ...]
    dropped: tuple[StoredFile, ...]
    placed: tuple[PlacedFile, ...] = ()


def make_backup(
    configuration: Configuration,
    backup: Path,
    *,
    now: datetime,
    captures: bool = True,
    verify: bool = False,
    keep: int = 7,
    progress: Progress = lambda _what, _done, _all: None,
) -> BackupReport:
    """Copy the library into a folder, which is made or gone on with; crawls go on meanwhile.

    Args:
        configuration: of the library.
        backup: the folder.
        now: the copy of the database is named by it.
        captures: whether to copy the WARC files, too.
        verify: read everything that is in the backup already, and copy anew what is damaged.
        keep: how many copies of the database stay.
        progress: called now and then.

    Raises:
        BackupError: the folder is not fit, or another backup is at work.
        LibraryError: the database or the captures cannot be copied; the former backup is as it was.
        StoreUnavailable: the database cannot be reached.
    """
    library = configuration.library
    _require_apart(library, backup)
    size_of(configuration.database_url)  # refuses what cannot be copied before a folder is made
    with suppress(FileExistsError):
        backup.mkdir(mode=0o700, parents=True)
    with held(backup), upkeep(library, "a backup", patience_s=_PATIENCE_S):
        settle(backup)
        former = _former(backup, library)
        damaged = _damaged(backup, former, progress) if verify else set()
        shutil.rmtree(backup / INCOMING / DATABASE, ignore_errors=True)
        name = _free_name(now, former)
        snapshot, found = _copy_database(configuration, backup, name, now=now, captures=captures, progress=progress)
        plan = _plan(configuration, backup, former, damaged, found=found if captures else None)
        copied = tuple(_copied(plan, backup, progress))
        snapshots = (*former.snapshots, snapshot)
        files = sorted((*copied, *plan.kept, *plan.lost), key=lambda one: one.path)
        manifest = Manifest(
            library=str(library),
            snapshots=snapshots[-keep:],
            files=tuple(files),
            tombstones=_tombstones(found),
            placed=plan.placed if captures else former.placed,
        )
        commit(backup, manifest)
    sizes = {one.path: one.size for one in copied}
    return _report(plan, sizes, damaged, snapshot, snapshot.file.size, removed=snapshots[:-keep])


def plan_backup(
    configuration: Configuration, backup: Path, *, captures: bool = True, verify: bool = False, keep: int = 7
) -> BackupReport:
    """What `make_backup` would do; nothing is written.

    Raises:
        BackupError: the folder is not fit.
        LibraryError: there is no database.
        StoreUnavailable: the database cannot be reached.
    """
    _require_apart(configuration.library, backup)
    former = _former(backup, configuration.library)
    damaged = _damaged(backup, former, lambda _what, _done, _all: None) if verify else set()
    found = facts_of(configuration.database_url) if captures else None
    plan = _plan(configuration, backup, former, damaged, found=found)
    sizes = {path: source.stat().st_size for path, source in plan.wanted}
    removed = former.snapshots[: max(0, len(former.snapshots) + 1 - keep)]
    return _report(plan, sizes, damaged, None, size_of(configuration.database_url), removed=removed)


def _report(
    plan: _Plan,
    sizes: Mapping[str, int],
    damaged: set[str],
    snapshot: DatabaseSnapshot | None,
    database_size: int,
    *,
    removed: Sequence[DatabaseSnapshot],
) -> BackupReport:
    """What a backup did, or would do; ``sizes`` are those of the files that are copied, by path."""
    return BackupReport(
        snapshot=snapshot,
        database_size=database_size,
        copied=len(sizes),
        copied_size=sum(sizes.values()),
        kept=len(plan.kept),
        kept_size=sum(one.size for one in plan.kept),
        lost=tuple(one.path for one in plan.lost),
        dropped=tuple(one.path for one in plan.dropped),
        mended=tuple(sorted(damaged & sizes.keys())),
        damaged=tuple(sorted(damaged - sizes.keys())),
        removed=tuple(one.name for one in removed),
        placed=len(plan.placed),
        placed_size=sum(one.size for one in plan.placed),
    )


def _require_apart(library: Path, backup: Path) -> None:
    inner, outer = backup.resolve(), library.resolve()
    if inner.is_relative_to(outer) or outer.is_relative_to(inner):
        raise BackupError(f"the backup {backup} and the library {library} lie in one another: name another folder")
    if backup.exists() and not backup.is_dir():
        raise BackupError(f"{backup} is no folder: name a folder for the backup")


def _former(backup: Path, library: Path) -> Manifest:
    """The backup that is there, an empty one where there is none; refuses a folder of something else."""
    found = present_manifest(backup)
    if found is None:
        if backup.is_dir() and (strange := sorted({one.name for one in backup.iterdir()} - _OWN)):
            raise BackupError(f"{backup} holds no backup but {strange[0]}: name an empty folder, or a new one")
        return Manifest(library=str(library))
    if found.library != str(library):
        raise BackupError(f"{backup} is a backup of the library {found.library}: name another folder for {library}")
    return found


def _damaged(backup: Path, former: Manifest, progress: Progress) -> set[str]:
    """Paths of files of the backup that are not what its manifest says."""
    wrong: set[str] = set()
    for number, one in enumerate(former.everything):
        progress("reading the backup", number, len(former.everything))
        place = locate(backup, one.path)
        if not place.is_file() or place.stat().st_size != one.size or digest_of(place) != one.sha256:
            wrong.add(one.path)
    return wrong


def _free_name(now: datetime, former: Manifest) -> str:
    """The moment; with a number where a copy was made in the same second."""
    taken = {one.name for one in former.snapshots}
    names = (f"{now:%Y%m%dT%H%M%SZ}" + (f"-{number}" if number > 1 else "") for number in count(1))
    return next(name for name in names if name not in taken)


def _copy_database(
    configuration: Configuration, backup: Path, name: str, *, now: datetime, captures: bool, progress: Progress
) -> tuple[DatabaseSnapshot, DatabaseCopy]:
    folder = backup / INCOMING / DATABASE
    folder.mkdir(parents=True)
    partial = folder / f"{name}{PARTIAL}"
    found = copy_database(configuration.database_url, partial, progress=lambda done, of: progress("database", done, of))
    path = f"{DATABASE}/{name}{SUFFIXES[found.kind]}"
    target = backup / INCOMING / path
    partial.rename(target)
    snapshot = DatabaseSnapshot(
        name=name,
        file=StoredFile(path=path, size=target.stat().st_size, sha256=digest_of(target)),
        kind=found.kind,
        revision=found.revision,
        made_at=now,
        made_by=__version__,
        rows=dict(found.rows),
        captures=captures,
    )
    return snapshot, found


def _tombstones(found: DatabaseCopy) -> tuple[Tombstone, ...]:
    return tuple(
        Tombstone(kind=one.kind, subject=one.subject, reason=one.reason, made_at=one.made_at) for one in found.takedowns
    )


def _plan(
    configuration: Configuration, backup: Path, former: Manifest, damaged: set[str], *, found: DatabaseCopy | None
) -> _Plan:
    """Compare the library's files with those that the backup has.

    ``found`` says in which files rows have records, and where they are; ``None``: captures are not looked at.
    """
    had = {one.path: one for one in former.files}
    originals = dict(_originals(configuration, captures=found is not None))
    wanted, kept = [], []
    for path, source in originals.items():
        known = had.get(path)
        if known and path not in damaged and _is_unchanged(source, known, locate(backup, path)):
            kept.append(known)
        else:
            wanted.append((path, source))
    gone = [one for one in former.files if one.path not in originals]
    if found is None:
        kept += [one for one in gone if one.path != FILE_NAME]
        return _Plan(wanted=tuple(wanted), kept=tuple(kept), lost=(), dropped=())
    placed = {one.file: one.sha256 for one in found.stored}
    kept += [one for one in gone if placed.get(_name_of(one)) == one.sha256]
    lost = [one for one in gone if _name_of(one) in found.files and _name_of(one) not in placed]
    lost += [one for one in gone if one.path.startswith(f"{ATTEMPTS}/")]
    staying = {one.path for one in (*lost, *kept)}
    dropped = [one for one in gone if one.path not in staying]
    return _Plan(
        wanted=tuple(wanted), kept=tuple(kept), lost=tuple(lost), dropped=tuple(dropped), placed=_placed(found)
    )


def _name_of(one: StoredFile) -> str:
    """Of a WARC file, as rows name it."""
    return one.path.removeprefix(CAPTURES + "/")


def _placed(found: DatabaseCopy) -> tuple[PlacedFile, ...]:
    return tuple(PlacedFile(file=one.file, place=one.place, size=one.size, sha256=one.sha256) for one in found.stored)


def _originals(configuration: Configuration, *, captures: bool) -> Iterator[tuple[str, Path]]:
    """The library's files, with their paths in the backup; those beside before those below.

    What a program that puts captures in order moves below meanwhile is so copied twice rather than not at all.
    """
    if configuration.source:
        yield FILE_NAME, configuration.source
    for file in sorted((configuration.library / ATTEMPTS).glob("attempts-*")):
        yield f"{ATTEMPTS}/{file.name}", file
    root = configuration.captures
    for folder, folders, names in os.walk(root) if captures else ():
        folders.sort()
        for name in sorted(names):
            file = Path(folder, name)
            path = f"{CAPTURES}/{file.relative_to(root).as_posix()}"
            if file.is_file() and is_safe(path):
                yield path, file


def _is_unchanged(source: Path, known: StoredFile, copy: Path) -> bool:
    return _marks(source) == (known.size, known.modified_ns) and copy.is_file() and copy.stat().st_size == known.size


def _marks(file: Path) -> tuple[int, int] | None:
    """What tells whether a file was changed; ``None`` for one that is not there."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _copied(plan: _Plan, backup: Path, progress: Progress) -> Iterator[StoredFile]:
    """Copy into ``incoming/``; what a killed backup copied whole is taken as it is."""
    incoming = backup / INCOMING
    for one in (*plan.kept, *plan.lost, *plan.dropped):
        (incoming / one.path).unlink(missing_ok=True)
    for number, (path, source) in enumerate(plan.wanted):
        progress("captures", number, len(plan.wanted))
        marks = _marks(source)
        if marks is None:
            continue  # nothing in it had a row, and a program that put the captures in order removed it just now
        target = incoming / path
        digest = digest_of(target) if marks == _marks(target) else ""
        size, digest, modified_ns = (marks[0], digest, marks[1]) if digest else copy_file(source, target)
        yield StoredFile(path=path, size=size, sha256=digest, modified_ns=modified_ns)
