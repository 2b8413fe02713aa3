"""The settings in force, as the program asks for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crawler.archives import ArchivePlace
from crawler.configuration.hosts import HostRule
from crawler.configuration.jobs import Job
from crawler.configuration.retention import Rule
from crawler.configuration.setting import Value

FILE_NAME = "dateline.toml"
DATABASE_VARIABLE = "DATELINE_DATABASE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """The settings in force for one library.

    Attributes:
        library: its folder, absolute.
        source: the file that was read, ``None`` where there was none.
        values: every key of `SETTINGS`.
        host_rules: host name -> rule, of the hosts that the file names.
        archives: every web archive that can be asked, in the order in which they are; those that are only asked by
            name (`ArchivePlace.enabled` is false) are among them.
        jobs: every scheduled job, the built-in ones first, then as in the file.
        retention: rules about what is not kept, as in the file.
    """

    library: Path
    source: Path | None
    values: Mapping[str, Value]
    host_rules: Mapping[str, HostRule] = field(default_factory=dict)
    archives: tuple[ArchivePlace, ...] = ()
    jobs: tuple[Job, ...] = ()
    retention: tuple[Rule, ...] = ()

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
    def file(self) -> Path:
        """The file that is, or would be, the library's."""
        return self.source or self.library / FILE_NAME

    @property
    def captures(self) -> Path:
        """Folder of the WARC files."""
        return self.library / "captures"

    def text(self, key: str) -> str:
        """A setting that is text."""
        return str(self.values[key])

    def texts(self, key: str) -> tuple[str, ...]:
        """A setting that is a list of texts."""
        value = self.values[key]
        return tuple(value) if isinstance(value, list) else ()

    def number(self, key: str) -> float:
        """A setting that is a number."""
        return float(self._plain(key))

    def whole(self, key: str) -> int:
        """A setting that is a whole number."""
        return int(self._plain(key))

    def size(self, key: str) -> int:
        """A setting in MiB, in bytes."""
        return int(self.number(key) * (1 << 20))

    def flag(self, key: str) -> bool:
        """A setting that is yes or no."""
        return bool(self.values[key])

    def _plain(self, key: str) -> str | float:
        """A setting that is no list."""
        value = self.values[key]
        return str(value) if isinstance(value, list) else value

    def host_rule(self, host: str) -> HostRule:
        """What holds for this host; the defaults where the file does not name it."""
        return self.host_rules.get(host) or HostRule(name=host)
