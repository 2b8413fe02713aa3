"""``manifest.json``: what an export is of, and every file of it with its size, digest and number of records.

::

    {"dateline": "1.0", "formats": ["events"], "selection": "since:2006-07-01", "revision": "0031",
     "started_at": "2026-03-01T12:00:00Z", "ended_at": "2026-03-01T12:04:10Z", "events": 69124, "articles": 90574,
     "bytes": 412345678, "files": [
    {"name": "events.jsonl", "bytes": 412345678, "sha256": "...", "rows": 69124}
    ]}

``events`` and ``articles`` say how many were read for it, each counted once; ``rows`` says how many records stand in a
file (``wcep`` leaves out events without an article). An export of the same selection of an unchanged library has the
same digests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.errors import ConfigurationError
from crawler.exporting.record import utc_text
from crawler.takeout.staging import ExportedFile

MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_LONGEST_NAME = 255
"""Bytes that file systems take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What an export is of, and how it went.

    Attributes:
        formats: their names, in the order in which they were asked for.
        selection: as text; empty for everything.
        dateline: version of the program.
        revision: migration that the library's database stands at.
        started_at: when reading began.
        ended_at: when the last file was complete.
        events: how many were read.
        articles: how many were read.
    """

    formats: tuple[str, ...]
    selection: str
    dateline: str
    revision: str
    started_at: datetime
    ended_at: datetime
    events: int
    articles: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """A manifest that is there already.

    Attributes:
        formats: names.
        selection: as text.
        files: in their order.
    """

    formats: tuple[str, ...]
    selection: str
    files: tuple[ExportedFile, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """What a check of an export found.

    Attributes:
        files: how many are as the manifest says.
        bytes: of these.
        missing: names of those that are not there.
        changed: names of those that are there with another content.
    """

    files: int
    bytes: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]


def write_manifest(path: Path, facts: Facts, files: Iterable[ExportedFile], total: int) -> None:
    """Write a manifest file by file: there may be as many as there are articles."""
    head = {
        "dateline": facts.dateline,
        "formats": list(facts.formats),
        "selection": facts.selection,
        "revision": facts.revision,
        "started_at": utc_text(facts.started_at),
        "ended_at": utc_text(facts.ended_at),
        "events": facts.events,
        "articles": facts.articles,
        "bytes": total,
    }
    with path.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(head, ensure_ascii=False).removesuffix("}") + ', "files": [')
        between = "\n"
        for one in files:
            stream.write(between + json.dumps(asdict(one), ensure_ascii=False))
            between = ",\n"
        stream.write("\n]}\n")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an export; ``None`` where there is none.

    Raises:
        ConfigurationError: it is no manifest of an export.
    """
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_bytes())
        return Manifest(
            formats=tuple(map(str, said["formats"])),
            selection=str(said["selection"]),
            files=tuple(_file(one) for one in said["files"]),
        )
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise ConfigurationError(f"{path} is no manifest of an export: name another folder") from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error


def check(folder: Path) -> Check:
    """Compare the files of an export with its manifest.

    Raises:
        ConfigurationError: the folder has no manifest, or it cannot be read.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise ConfigurationError(f"{folder} has no {MANIFEST}: it is no export, or one that was never complete")
    missing, changed, sizes = list[str](), list[str](), list[int]()
    for one in manifest.files:
        if not (folder / one.name).is_file():
            missing.append(one.name)
        elif not is_as_listed(folder, one):
            changed.append(one.name)
        else:
            sizes.append(one.bytes)
    return Check(files=len(sizes), bytes=sum(sizes), missing=tuple(missing), changed=tuple(changed))


def is_as_listed(folder: Path, listed: ExportedFile) -> bool:
    """Whether the file is there with that content."""
    path = folder / listed.name
    try:
        return path.stat().st_size == listed.bytes and _sha256(path) == listed.sha256
    except OSError:
        return False


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _file(said: Any) -> ExportedFile:  # noqa: ANN401 - JSON is untyped
    name = str(said["name"])
    parts = name.encode().split(b"/")
    if not name or b".." in parts or name.startswith("/") or "\0" in name or max(map(len, parts)) > _LONGEST_NAME:
        raise ValueError(name)  # a manifest that somebody else wrote names no file outside, and none that cannot be
    return ExportedFile(name=name, bytes=int(said["bytes"]), sha256=str(said["sha256"]), rows=int(said["rows"]))
