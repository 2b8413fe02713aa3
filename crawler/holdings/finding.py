"""Which files a person means: those that were named, and in folders those whose names say that they are archives'."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import HoldingError

SUFFIXES = (".warc", ".warc.gz", ".warc.lz4", ".warc.zst", ".arc", ".arc.gz", ".wacz")
"""Of files in folders; a file that is named is read whatever it is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """A folder that cannot be listed, or a file that is none."""

    path: str
    problem: str


def resolved(path: str | Path) -> str:
    """The one absolute path of a file, however it is reached: its records are held once.

    Raises:
        HoldingError: its name cannot be written as text.
    """
    found = "/" + os.path.realpath(path).lstrip("/")
    try:
        found.encode("utf-8")
    except UnicodeEncodeError:
        raise HoldingError(ascii(found), "its name is no UTF-8, so it cannot be stored", "rename it") from None
    return found


def require(paths: Iterable[str | Path]) -> None:
    """Refuse what is not there before anything is read.

    Raises:
        HoldingError: a path names nothing, or something that is neither a file nor a folder.
    """
    for path in paths:
        if not str(path) or not os.path.lexists(path):
            raise HoldingError(str(path) or "''", "there is no such file or folder", "nothing was read; check the path")
        if not Path(path).is_file() and not Path(path).is_dir():
            raise HoldingError(str(path), "it is neither a file nor a folder", "nothing was read; give one of these")


def walk(paths: Iterable[str | Path]) -> Iterator[str | Unreadable]:
    """Absolute paths, folders in the order of their names, each file once, whatever links lead to it."""
    files: set[str] = set()
    folders: set[tuple[int, int]] = set()
    for path in paths:
        found = _below(Path(path), folders) if Path(path).is_dir() else iter((str(path),))
        for each in found:
            try:
                one = each if isinstance(each, Unreadable) else resolved(each)
            except HoldingError as problem:
                one = Unreadable(path=problem.path, problem=f"{problem.problem}; {problem.remedy}")
            if isinstance(one, Unreadable):
                yield one
            elif one not in files:
                files.add(one)
                yield one


def _below(folder: Path, seen: set[tuple[int, int]]) -> Iterator[str | Unreadable]:
    """Links to folders are followed; a folder that was seen already is passed, so a loop of links ends."""
    try:
        state = folder.stat()
        children = sorted(folder.iterdir()) if (state.st_dev, state.st_ino) not in seen else []
    except OSError as error:
        yield Unreadable(path=str(folder), problem=error.strerror or str(error))
        return
    seen.add((state.st_dev, state.st_ino))
    for child in children:
        if child.is_dir():
            yield from _below(child, seen)
        elif child.name.lower().endswith(SUFFIXES) and child.is_file():
            yield str(child)
