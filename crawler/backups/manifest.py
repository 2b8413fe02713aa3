"""The list of what a backup holds.

Why two files: ``manifest.json`` says everything, ``manifest.sha256`` lets whoever has no dateline check the files, and
holds the digest of the first.

Why the copies of the database stand apart from the other files: a library is restored from one of them, and one that
rotted away must not keep the others from being used.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from crawler.errors import BackupError
from storage.types import TakedownKind, require_utc

MANIFEST = "manifest.json"
DIGESTS = "manifest.sha256"
_FORMAT = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """One file of a backup.

    Attributes:
        path: relative to the backup, with ``/`` separators.
        size: bytes.
        sha256: 64 hex digits.
        modified_ns: when the original was changed last, nanoseconds since 1970; 0 where there is no original.
    """

    path: str
    size: int
    sha256: str
    modified_ns: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedFile:
    """A WARC file that is no part of the backup: it is in the place of ``storage.captures``.

    Attributes:
        file: name.
        place: where it is.
        size: bytes.
        sha256: 64 hex digits.
    """

    file: str
    place: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseSnapshot:
    """One copy of the database.

    Attributes:
        name: its time, ``20260301T120000Z``.
        file: where it is.
        kind: ``sqlite`` or ``postgresql``.
        revision: migration that its schema stands at.
        made_at: when it was begun.
        made_by: version of dateline.
        rows: table -> how many rows.
        captures: whether the captures were copied after it, too.
    """

    name: str
    file: StoredFile
    kind: str
    revision: str
    made_at: datetime
    made_by: str
    rows: Mapping[str, int]
    captures: bool

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(made_at=self.made_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tombstone:
    """A takedown that stood when the latest copy was made.

    Attributes:
        kind: of takedown.
        subject: canonical URL, or host.
        reason: as the person wrote it.
        made_at: when.
    """

    kind: TakedownKind
    subject: str
    reason: str
    made_at: datetime

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(made_at=self.made_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        library: folder of the library that it is of.
        snapshots: copies of the database, oldest first.
        files: everything else, by path.
        tombstones: see `Tombstone`; latest first.
        placed: see `PlacedFile`; as the latest copy of the database has them, by name.
    """

    library: str
    snapshots: tuple[DatabaseSnapshot, ...] = ()
    files: tuple[StoredFile, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    placed: tuple[PlacedFile, ...] = ()

    @property
    def everything(self) -> tuple[StoredFile, ...]:
        """All files."""
        return (*(one.file for one in self.snapshots), *self.files)

    def snapshot(self, name: str) -> DatabaseSnapshot:
        """The copy of this name, or the latest for an empty one.

        Raises:
            BackupError: there is none.
        """
        found = [one for one in self.snapshots if name in {"", one.name}]
        if not found:
            names = ", ".join(one.name for one in self.snapshots) or "none"
            raise BackupError(f"the backup has no copy of the database named {name!r}; it has {names}")
        return found[-1]


def written(manifest: Manifest) -> tuple[bytes, bytes]:
    """The manifest as its two files hold it: JSON, and lines for ``sha256sum -c``."""
    tree = {"format": _FORMAT, **asdict(manifest)}
    content = json.dumps(tree, indent=1, default=datetime.isoformat).encode() + b"\n"
    lines = [(one.sha256, one.path) for one in manifest.everything]
    lines.append((hashlib.sha256(content).hexdigest(), MANIFEST))
    return content, b"".join(_line(*line) for line in lines)


def parsed(content: bytes, digests: bytes) -> Manifest:
    """Read what `written` wrote.

    Raises:
        BackupError: it is damaged, or a newer dateline wrote it.
    """
    if _line(hashlib.sha256(content).hexdigest(), MANIFEST) not in digests.splitlines(keepends=True):
        raise BackupError(f"{MANIFEST} is damaged: {DIGESTS} has another digest for it; use another backup")
    try:
        tree = json.loads(content)
        if tree["format"] != _FORMAT:
            raise BackupError(f"{MANIFEST} is of format {tree['format']}: install the dateline that wrote it")
        return _manifest(tree)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BackupError(f"{MANIFEST} is not one that dateline wrote ({problem!r}); use another backup") from problem


def is_safe(path: str) -> bool:
    """Whether a path stays in the folder that it is put under."""
    parts = path.split("/")
    return "\0" not in path and all(part.strip(".") for part in parts) and not PurePosixPath(path).is_absolute()


def _line(digest: str, path: str) -> bytes:
    """As ``sha256sum`` writes it: a name with a line end or a backslash is escaped, and the line says so."""
    name = os.fsencode(path)
    escaped = name.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    return (b"\\" if escaped != name else b"") + digest.encode() + b"  " + escaped + b"\n"


def _manifest(tree: Mapping[str, Any]) -> Manifest:
    return Manifest(
        library=str(tree["library"]),
        snapshots=tuple(map(_snapshot, tree["snapshots"])),
        files=tuple(map(_file, tree["files"])),
        tombstones=tuple(map(_tombstone, tree["tombstones"])),
        placed=tuple(PlacedFile(**one) for one in tree.get("placed", ())),
    )


def _snapshot(tree: Any) -> DatabaseSnapshot:  # noqa: ANN401 - JSON is untyped
    moment = datetime.fromisoformat(tree["made_at"])
    return DatabaseSnapshot(**{**tree, "file": _file(tree["file"]), "made_at": moment})


def _file(tree: Any) -> StoredFile:  # noqa: ANN401 - JSON is untyped
    found = StoredFile(**tree)
    if not is_safe(found.path):
        raise ValueError(f"the path {found.path!r} leads out of the backup")
    return found


def _tombstone(tree: Any) -> Tombstone:  # noqa: ANN401 - JSON is untyped
    moment = datetime.fromisoformat(tree["made_at"])
    return Tombstone(**{**tree, "kind": TakedownKind(tree["kind"]), "made_at": moment})
