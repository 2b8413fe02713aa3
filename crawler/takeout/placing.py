"""Complete files put in their places, in a folder that may hold an earlier export.

Why nothing is put there before all of it was looked at: a file that a person changed, or that never was ours, is kept,
and a folder with half of a new export is worth less than the whole of the old one.

Why the manifest comes last: killed in between, the folder has whole files only, and a check says which of them are not
those of the manifest; the same command again puts the rest there.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from crawler.errors import ConfigurationError
from crawler.takeout.manifest import MANIFEST, Facts, is_as_listed, read_manifest, write_manifest
from crawler.takeout.staging import ExportedFile, Staging
from crawler.written_files import put


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """What became of the files of an export.

    Attributes:
        written: how many are new or have another content than before.
        unchanged: how many were there already as they are.
        removed: how many an earlier export had that this one has not.
        kept: names of files with another content that no export wrote; where there is any, nothing was done.
        bytes: of all files.
    """

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: tuple[str, ...] = ()
    bytes: int = 0


class _Fate(StrEnum):
    """What is to become of one file."""

    PUT = "put"
    SAME = "same"
    KEPT = "kept"


def require_own(folder: Path, formats: tuple[str, ...], selection: str) -> None:
    """Refuse a folder that has an export of something else: its files would go.

    Raises:
        ConfigurationError: it has one, or its manifest is none.
    """
    old = read_manifest(folder)
    if old is not None and (old.formats, old.selection) != (formats, selection):
        what = f"{', '.join(old.formats)} of {old.selection!r}" if old.selection else ", ".join(old.formats)
        raise ConfigurationError(f"{folder} has an export of something else ({what}): --force replaces it")


def place(staging: Staging, folder: Path, facts: Facts, *, force: bool) -> Placed:
    """Put the files of an export in their places, and remove those of an earlier one that it does not have any more.

    Args:
        staging: with complete files.
        folder: where they go.
        facts: for the manifest, which is left as it is where no file changed.
        force: write over files that no export wrote.

    Raises:
        OSError: something cannot be written.
    """
    old = read_manifest(folder)
    listed = {one.name: one for one in old.files} if old else {}
    fates = {one.name: _fate(folder, one, listed, force=force) for one in staging.files()}
    kept = tuple(name for name, fate in fates.items() if fate is _Fate.KEPT)
    total = sum(one.bytes for one in staging.files())
    if kept:
        return Placed(kept=kept, bytes=total)
    changed = [name for name, fate in fates.items() if fate is _Fate.PUT]
    gone = [one for one in listed.values() if one.name not in fates and is_as_listed(folder, one)]
    if changed or gone or old is None or len(listed) != len(fates):
        _put(staging, folder, changed, gone)
        _put_manifest(staging, folder, facts, total)
    return Placed(written=len(changed), unchanged=len(fates) - len(changed), removed=len(gone), bytes=total)


def _fate(folder: Path, file: ExportedFile, listed: Mapping[str, ExportedFile], *, force: bool) -> _Fate:
    target = folder / file.name
    if not target.exists():
        return _Fate.PUT
    if is_as_listed(folder, file):
        return _Fate.SAME
    ours = file.name in listed and is_as_listed(folder, listed[file.name])
    return _Fate.PUT if ours or (force and target.is_file()) else _Fate.KEPT


def _put(staging: Staging, folder: Path, changed: list[str], gone: list[ExportedFile]) -> None:
    for name in changed:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        put(staging.path(name), target, force=True)
    for one in gone:
        path = folder / one.name
        path.unlink()
        for above in path.relative_to(folder).parents:
            with suppress(OSError):  # not empty
                if above != Path():
                    (folder / above).rmdir()


def _put_manifest(staging: Staging, folder: Path, facts: Facts, total: int) -> None:
    made = staging.folder / MANIFEST
    write_manifest(made, facts, staging.files(), total)
    put(made, folder / MANIFEST, force=True)
