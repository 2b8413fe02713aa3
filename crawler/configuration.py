"""The settings of one library: which folder, which database, how politely, how patiently.

One table, `SETTINGS`, is the home of every setting: its key in ``dateline.toml``, type, default, bounds and meaning.
Reading, checking, the file that ``dateline init`` writes and the test that compares the README all walk it.
`HOST_SETTINGS` is the same for what may be said of one host: ``[hosts."www.news.example"]``.

Which library: ``--library`` beats the variable ``DATELINE_LIBRARY``, which beats the nearest ``dateline.toml`` in the
working folder or above it. A library's own ``dateline.toml`` lies in its folder; one elsewhere names the folder with
``library = "..."``.
"""

from __future__ import annotations

import json
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from crawler.errors import ConfigurationError, UnusableUrl
from crawler.urls import host_of

FILE_NAME = "dateline.toml"
LIBRARY_VARIABLE = "DATELINE_LIBRARY"
DATABASE_VARIABLE = "DATELINE_DATABASE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        key: ``section.name`` as in the file.
        default: also tells the type.
        low: smallest allowed number.
        high: largest allowed number.
        meaning: one sentence for the README and the written file.
    """

    key: str
    default: str | int | float | bool
    meaning: str
    low: float = -math.inf
    high: float = math.inf


SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="storage.database",
        default="",
        meaning="SQLAlchemy URL of the database; empty is the SQLite file dateline.db in the library folder",
    ),
    Setting(
        key="storage.rotate_mb",
        default=1024,
        low=1,
        high=65536,
        meaning="a WARC file is closed and the next one begun at this size, in MiB",
    ),
    Setting(
        key="crawl.contact",
        default="",
        meaning="e-mail address or URL at which site owners reach you; sent in the User-Agent",
    ),
    Setting(
        key="crawl.delay_s",
        default=2.0,
        low=0.01,
        high=3600,
        meaning="least time between two requests to one host, in seconds; a longer Crawl-delay is obeyed",
    ),
    Setting(
        key="crawl.hosts",
        default=32,
        low=1,
        high=1000,
        meaning="how many hosts are asked at the same time, each one request at a time",
    ),
    Setting(
        key="crawl.timeout_s",
        default=30.0,
        low=0.1,
        high=600,
        meaning="time limit of one request from connecting to the last byte, in seconds",
    ),
    Setting(key="crawl.max_mb", default=8.0, low=0.01, high=1024, meaning="byte limit of one response, in MiB"),
    Setting(key="crawl.max_redirects", default=8, low=0, high=30, meaning="how many redirects one fetch follows"),
    Setting(key="crawl.obey_robots", default=True, meaning="whether robots.txt is asked for and obeyed"),
    Setting(
        key="crawl.proxy",
        default="",
        meaning="URL of an HTTP proxy that all requests go through; empty asks the hosts themselves",
    ),
    Setting(
        key="crawl.allow_private",
        default=False,
        meaning="whether private and special addresses and all ports may be asked; only for a web of your own",
    ),
    Setting(key="crawl.browser", default=False, meaning="whether pages that need JavaScript are opened in a browser"),
    Setting(key="crawl.browser_path", default="", meaning="the browser's program; empty is the system's Chromium"),
    Setting(
        key="crawl.lease_s",
        default=300,
        low=10,
        high=86400,
        meaning="after how many silent seconds another machine may take over a run's work",
    ),
    Setting(
        key="extraction.workers", default=0, low=0, high=256, meaning="extracting processes; 0 is one per processor"
    ),
    Setting(
        key="extraction.timeout_s",
        default=20.0,
        low=0.5,
        high=600,
        meaning="time limit for extracting one page, in seconds",
    ),
    Setting(
        key="extraction.memory_mb",
        default=1024,
        low=256,
        high=65536,
        meaning="memory limit of one extracting process, in MiB",
    ),
)

HOST_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="delay_s",
        default=10.0,  # of the example; without it crawl.delay_s holds
        low=0.01,
        high=3600,
        meaning="least time between two requests to this host, in seconds; a longer Crawl-delay is obeyed",
    ),
    Setting(key="paused", default=False, meaning="whether this host is left alone"),
    Setting(key="verify_tls", default=True, meaning="whether this host's certificate must be valid"),
)
"""What ``[hosts."NAME"]`` may say: the fields of `HostRule`."""

_EXAMPLE_HOST = "www.news.example"


@dataclass(frozen=True, kw_only=True, slots=True)
class HostRule:
    """What the file says about one host.

    Attributes:
        name: as `crawler.urls.host_of` gives it; exactly that host, not those below it.
        delay_s: least time between two requests; ``None`` is ``crawl.delay_s``.
        paused: it is left alone.
        verify_tls: its certificate must be valid.
    """

    name: str
    delay_s: float | None = None
    paused: bool = False
    verify_tls: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """The settings in force for one library.

    Attributes:
        library: its folder, absolute.
        source: the file that was read, ``None`` where there was none.
        values: every key of `SETTINGS`.
        host_rules: host name -> rule, of the hosts that the file names.
    """

    library: Path
    source: Path | None
    values: Mapping[str, str | int | float | bool]
    host_rules: Mapping[str, HostRule] = field(default_factory=dict)

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL: the variable ``DATELINE_DATABASE``, the setting, or the library's own SQLite file.

        A relative SQLite path in the setting lies in the library, wherever the command was started.
        """
        if named := os.environ.get(DATABASE_VARIABLE):
            return named
        scheme, slashes, path = (self.text("storage.database") or "sqlite:///dateline.db").partition(":///")
        if scheme in {"sqlite", "sqlite+pysqlite"} and path and not path.startswith(("/", ":memory:")):
            return f"{scheme}{slashes}{self.library / path}"
        return f"{scheme}{slashes}{path}"

    @property
    def database_origin(self) -> str:
        """Where the database's address comes from, without the password that it may hold."""
        if os.environ.get(DATABASE_VARIABLE):
            return f"named by {DATABASE_VARIABLE}"
        if self.text("storage.database"):
            return f"named by storage.database of {self.source or 'the command line'}"
        return str(self.library / "dateline.db")

    @property
    def captures(self) -> Path:
        """Folder of the WARC files."""
        return self.library / "captures"

    def text(self, key: str) -> str:
        """A setting that is text."""
        return str(self.values[key])

    def number(self, key: str) -> float:
        """A setting that is a number."""
        return float(self.values[key])

    def whole(self, key: str) -> int:
        """A setting that is a whole number."""
        return int(self.values[key])

    def size(self, key: str) -> int:
        """A setting in MiB, in bytes."""
        return int(self.number(key) * (1 << 20))

    def flag(self, key: str) -> bool:
        """A setting that is yes or no."""
        return bool(self.values[key])

    def host_rule(self, host: str) -> HostRule:
        """What holds for this host; the defaults where the file does not name it."""
        return self.host_rules.get(host) or HostRule(name=host)


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
    tree = _parse(source) if source else {}
    folder = _usable(Path(named) if named else _folder_of(source, tree))
    values = {setting.key: setting.default for setting in SETTINGS}
    values |= _checked(_flatten(tree, source), str(source)) | _checked(dict(overrides or {}), "command line")
    rules = _host_rules(tree.get("hosts", {}), str(source))
    return Configuration(library=folder.resolve(), source=source, values=values, host_rules=rules)


def render(library_name: str = "", given: Mapping[str, str | int | float | bool] | None = None) -> str:
    """The text of a fresh ``dateline.toml``: every setting with its meaning, commented out where it is not given."""
    given = given or {}
    lines = [f"# Settings of this dateline library{library_name and ': ' + toml_value(library_name)}."]
    section = ""
    for setting in SETTINGS:
        head, name = setting.key.split(".")
        if head != section:
            section = head
            lines += ["", f"[{section}]"]
        value = given.get(setting.key, setting.default)
        lines += [f"# {setting.meaning}", f"{'' if setting.key in given else '# '}{name} = {toml_value(value)}"]
    lines += ["", "# One host: its name as in its URLs, in quotes.", f'# [hosts."{_EXAMPLE_HOST}"]']
    for setting in HOST_SETTINGS:
        lines += [f"# {setting.meaning}", f"# {setting.key} = {toml_value(setting.default)}"]
    return "\n".join(lines) + "\n"


def toml_value(value: str | float | bool) -> str:  # noqa: FBT001 - any value of a setting
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(value, str) else str(value)


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


def _parse(source: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{source}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigurationError(f"{source}: cannot be read: {error.strerror}") from error


def _flatten(tree: Mapping[str, Any], source: Path | None) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for section, entries in tree.items():
        if section == "library" or (section == "hosts" and isinstance(entries, dict)):
            continue
        if not isinstance(entries, dict):
            raise ConfigurationError(f"{source}: {section} stands outside a section; {_known_keys()}")
        flat |= {f"{section}.{name}": value for name, value in entries.items()}
    return flat


def _checked(given: Mapping[str, Any], where: str) -> dict[str, str | int | float | bool]:
    known = {setting.key: setting for setting in SETTINGS}
    checked: dict[str, str | int | float | bool] = {}
    for key, value in given.items():
        if key not in known:
            near = get_close_matches(key, known, n=1)
            raise ConfigurationError(
                f"{where}: there is no setting {key}; {f'did you mean {near[0]}?' if near else _known_keys()}"
            )
        checked[key] = _value(known[key], value, where)
    return checked


def _host_rules(hosts: Mapping[str, Any], where: str) -> dict[str, HostRule]:
    return {name: _host_rule(name, said, where) for name, said in hosts.items()}


def _host_rule(name: str, said: object, where: str) -> HostRule:
    """One host's table, checked."""
    if not isinstance(said, dict):
        raise ConfigurationError(f'{where}: what holds for a host stands below [hosts."{name}"]')
    if any(isinstance(value, dict) for value in said.values()):
        dotted = _dotted(name, said)
        raise ConfigurationError(f'{where}: [hosts.{dotted}] needs quotes for its dots: [hosts."{dotted}"]')
    _require_host_name(name, where)
    known = {setting.key: setting for setting in HOST_SETTINGS}
    for key in said:
        if key not in known:
            raise ConfigurationError(f'{where}: [hosts."{name}"] has no setting {key}; it may say {", ".join(known)}')
    named = {key: replace(known[key], key=f'hosts."{name}".{key}') for key in said}
    return HostRule(name=name, **{key: _value(named[key], value, where) for key, value in said.items()})  # type: ignore[arg-type]


def _dotted(name: str, said: Mapping[str, Any]) -> str:
    """The host name that TOML read as tables inside each other."""
    inner = next(((key, value) for key, value in said.items() if isinstance(value, dict)), None)
    return name if inner is None else f"{name}.{_dotted(*inner)}"


def _require_host_name(name: str, where: str) -> None:
    """Refuse a name that no URL's host would ever equal."""
    try:
        meant = {host_of(name)} if "://" in name else {host_of(f"{scheme}://{name}") for scheme in ("http", "https")}
    except UnusableUrl as error:
        raise ConfigurationError(
            f"{where}: {name!r} in [hosts.{toml_value(name)}] is no host name ({error.problem});"
            f' write it as in its URLs: [hosts."{_EXAMPLE_HOST}"]'
        ) from error
    if meant != {name}:
        right = min(meant, key=len)
        raise ConfigurationError(f'{where}: [hosts.{toml_value(name)}] is not written as a host: [hosts."{right}"]')


def _value(setting: Setting, value: object, where: str) -> str | int | float | bool:
    wanted = type(setting.default)
    if wanted is float and type(value) is int:
        value = float(value)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        kind = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}[wanted]
        raise ConfigurationError(f"{where}: {setting.key} must be {kind}, not {value!r}")
    if isinstance(value, (int, float)) and not setting.low <= value <= setting.high:
        raise ConfigurationError(
            f"{where}: {setting.key} must lie between {setting.low:g} and {setting.high:g}, not {value!r}"
        )
    return value


def _known_keys() -> str:
    return "the settings are " + ", ".join(setting.key for setting in SETTINGS)
