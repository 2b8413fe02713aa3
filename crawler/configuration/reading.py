"""Find the library, read its file, check every value.

Which library: ``--library`` beats the variable ``DATELINE_LIBRARY``, which beats the nearest ``dateline.toml`` in the
working folder or above it. A library's own ``dateline.toml`` lies in its folder; one elsewhere names the folder with
``library = "..."``.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.configuration.archives import archive_places
from crawler.configuration.checking import checked, known_keys
from crawler.configuration.hosts import host_rules
from crawler.configuration.jobs import scheduled_jobs
from crawler.configuration.retention import retention_rules
from crawler.configuration.settings import SETTINGS
from crawler.configuration.values import FILE_NAME, Configuration
from crawler.errors import ConfigurationError

LIBRARY_VARIABLE = "DATELINE_LIBRARY"
_TABLES_OF_TABLES = ("hosts", "archives", "jobs", "retention")


def load(library: str | Path | None = None, overrides: Mapping[str, Any] | None = None) -> Configuration:
    """Find the library, read its file, check every value.

    Args:
        library: folder given by hand; ``None`` looks at the variable, then at the nearest file.
        overrides: settings from the command line, same keys as the file.

    Raises:
        ConfigurationError: no library can be found, the file is not TOML, a key is unknown or a value is wrong.
    """
    named = library or os.environ.get(LIBRARY_VARIABLE)
    source = _file_of(Path(named)) if named else _nearest_file(Path.cwd())
    tree = parse(_text_of(source), source) if source else {}
    folder = _usable(Path(named) if named else _folder_of(source, tree))
    return configured(tree, folder.resolve(), source, overrides)


def configured(
    tree: Mapping[str, Any], folder: Path, source: Path | None, overrides: Mapping[str, Any] | None = None
) -> Configuration:
    """The settings that a file's tables say, every value checked.

    Args:
        tree: what `parse` read.
        folder: of the library, absolute.
        source: the file, for complaints.
        overrides: as for `load`.

    Raises:
        ConfigurationError: a key is unknown or a value is wrong.
    """
    values = {setting.key: setting.default for setting in SETTINGS}
    values |= checked(_flatten(tree, source), str(source)) | checked(dict(overrides or {}), "command line")
    return Configuration(
        library=folder,
        source=source,
        values=values,
        host_rules=host_rules(tree.get("hosts", {}), str(source)),
        archives=archive_places(tree.get("archives", {}), str(values["backfill.archives"]), str(source)),
        jobs=scheduled_jobs(tree.get("jobs", {}), values, str(source)),
        retention=retention_rules(tree.get("retention", {}), str(source)),
    )


def _file_of(folder: Path) -> Path | None:
    file = folder / FILE_NAME
    return file if file.exists() else None


def _nearest_file(start: Path) -> Path | None:
    return next((found for folder in (start, *start.parents) if (found := _file_of(folder))), None)


def _folder_of(source: Path | None, tree: Mapping[str, Any]) -> Path:
    """The library that the nearest file means."""
    if source is None:
        raise ConfigurationError(
            f"no library here: make one with `dateline init FOLDER`, or name one with --library or {LIBRARY_VARIABLE}"
        )
    named = tree.get("library", ".")
    if not isinstance(named, str):
        raise ConfigurationError(f'{source}: library must be text, for example library = "news"')
    return source.parent / named


def _usable(folder: Path) -> Path:
    if folder.is_file():
        raise ConfigurationError(f"{folder} is a file: a library is a folder, `dateline init FOLDER` makes one")
    if "?" in str(folder):
        raise ConfigurationError(f"{folder} has a question mark in it, which no database's address can have: rename it")
    return folder


def parse(text: str, source: Path | None) -> dict[str, Any]:
    """The tables of a file.

    Raises:
        ConfigurationError: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{source}: not valid TOML: {error}") from error


def _text_of(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{source}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigurationError(f"{source}: cannot be read: {error.strerror}") from error


def _flatten(tree: Mapping[str, Any], source: Path | None) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for section, entries in tree.items():
        if section == "library" or (section in _TABLES_OF_TABLES and isinstance(entries, dict)):
            continue
        if not isinstance(entries, dict):
            raise ConfigurationError(f"{source}: {section} stands outside a section; {known_keys()}")
        flat |= {f"{section}.{name}": value for name, value in entries.items()}
    return flat
