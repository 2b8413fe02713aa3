"""Change one section of ``dateline.toml`` and leave every other byte of it as a person wrote it.

Why lines and not tomlkit, which rewrites TOML with its comments: it counts what follows a section, up to the next
heading, as part of it, so that removing a job would take the comment of the section below it along; and tables that
are written in several places are its weak side. A new section can always stand at the end, and one that has a heading
of its own can be cut out. What was cut is read again and compared: it is written only if exactly the meant change came
of it. Anything else (inline tables, dotted keys) is left to the person who wrote it so.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from crawler.configuration.reading import configured, parse
from crawler.configuration.rendering import toml_value
from crawler.configuration.setting import Value
from crawler.configuration.values import Configuration
from crawler.errors import ConfigurationError

_HEADING = re.compile(r"\s*\[")


def file_text(file: Path) -> str:
    """What stands in the file, its line ends as they are; empty where there is none.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error


def with_section(text: str, table: str, name: str, says: Mapping[str, Value], file: Path) -> str:
    """The text with ``[table."name"]`` at its end.

    Raises:
        ConfigurationError: the table is written so that nothing can be added to it from outside.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text.strip() else end if text.endswith("\n") else end * 2
    lines = [f"[{table}.{toml_value(name)}]", *(f"{key} = {toml_value(value)}" for key, value in says.items())]
    made = f"{text}{gap}{end.join(lines)}{end}"
    old = parse(text, file)
    wanted = old | {table: old.get(table, {}) | {name: dict(says)}}
    if _tree(made) != wanted:
        raise ConfigurationError(f"{file} writes {table} in a way that nothing can be added to: add {lines[0]} by hand")
    return made


def without_section(text: str, table: str, name: str, file: Path) -> str:
    """The text without ``[table."name"]``; comments above it and those of the next section stay.

    Raises:
        ConfigurationError: it does not stand under a heading of its own.
    """
    wanted = _without(parse(text, file), table, name)
    for made in _cut(text.splitlines(keepends=True), table, name):
        if _without(_tree(made), table, name, removed=True) == wanted:
            return made
    raise ConfigurationError(
        f"{file}: {table}.{name} does not stand in one section of its own: remove it there by hand"
    )


def save(file: Path, before: str, after: str, library: Path) -> Configuration:
    """Write the file if its text makes settings that hold, in one step: nobody ever reads half of it.

    Args:
        file: ``dateline.toml``; a link is followed.
        before: what was read from it.
        after: what it is to hold.
        library: folder of the library.

    Raises:
        ConfigurationError: the text is wrong, somebody else changed the file meanwhile, or it cannot be written.
    """
    made = configured(parse(after, file), library, file)
    if file_text(file) != before:
        raise ConfigurationError(f"{file} was changed by somebody else just now: run the same command again")
    try:
        _replace(file.resolve(), after)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}") from error
    return made


def _replace(target: Path, text: str) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        else:
            Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _tree(text: str) -> dict[str, Any] | None:
    try:
        return parse(text, None)
    except ConfigurationError:
        return None


def _without(tree: dict[str, Any] | None, table: str, name: str, *, removed: bool = False) -> dict[str, Any] | None:
    """The tree without the section; an empty table says nothing. ``removed``: ``None`` where it is still there."""
    if tree is None or (removed and name in tree.get(table, {})):
        return None
    inside = {key: value for key, value in tree.get(table, {}).items() if key != name}
    rest = {key: value for key, value in tree.items() if key != table}
    return rest | {table: inside} if inside else rest


def _cut(lines: list[str], table: str, name: str) -> Iterator[str]:
    """The text without what may be the section: from each heading of this name to each heading after it."""
    part = rf"""(?:{name}|"{name}"|'{name}')"""
    heading = re.compile(rf"""\s*\[\s*(?:{table}|"{table}"|'{table}')\s*\.\s*{part}\s*\]\s*(?:#.*)?""")
    for first, line in enumerate(lines):
        if not heading.fullmatch(line.rstrip("\r\n")):
            continue
        ends = [number for number in range(first + 1, len(lines)) if _HEADING.match(lines[number])]
        for end in (*ends, len(lines)):
            yield _joined(lines, first, _last_of(lines, first, end) + 1)


def _last_of(lines: list[str], first: int, end: int) -> int:
    """The last line of a section: its last key, and the comments that follow without an empty line."""
    said = [number for number in range(first, end) if lines[number].strip() and lines[number].lstrip()[0] != "#"]
    last = said[-1]
    while last + 1 < end and lines[last + 1].strip():
        last += 1
    if last + 1 == end < len(lines) and last > said[-1]:  # the comment of the next heading, without a gap
        return said[-1]
    return last


def _joined(lines: list[str], first: int, after: int) -> str:
    """Without these lines, and without the empty lines that parted them from what stands above."""
    above, below = lines[:first], lines[after:]
    while above and not above[-1].strip() and (not below or not below[0].strip()):
        above.pop()
    return "".join(above + below)
