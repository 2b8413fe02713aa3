"""The rules about what is not kept for ever: ``[retention."NAME"]``.

Why a rule must say its days: a forgotten line must not remove anything. Why attempts stay for a month at least: a batch
of results may be stored twice, and is known by them; and what happened last week is what a person asks about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from crawler.configuration.checking import checked_section, dotted, near
from crawler.configuration.rendering import EXAMPLE_HOST, EXAMPLE_RULE, toml_value
from crawler.configuration.section_settings import RETENTION_SETTINGS
from crawler.errors import ConfigurationError, UnusableUrl
from crawler.urls import host_of

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
LEAST_ATTEMPT_DAYS = 30
"""Attempts that are younger than so many days stay in the database."""


class Removes(StrEnum):
    """What a rule removes.

    ``CAPTURES``: raw captures; texts stay. ``ALL``: whole documents, with a tombstone. ``ATTEMPTS``: attempts that
    brought nothing go from the database into files (`crawler.thinning`).
    """

    CAPTURES = "captures"
    ALL = "all"
    ATTEMPTS = "attempts"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What is removed when it is old.

    Attributes:
        name: of the rule, for the record of what it removed.
        host: only documents of this host; empty: of all.
        age: what was captured, or asked for, longer ago goes.
        removes: see `Removes`.
    """

    name: str
    age: timedelta
    host: str = ""
    removes: Removes = Removes.CAPTURES


def retention_rules(tables: Mapping[str, Any], where: str) -> tuple[Rule, ...]:
    """The rules in the order of the file.

    Raises:
        ConfigurationError: a name, key or value is wrong, or a rule does not say how old.
    """
    return tuple(_rule(name, table, where) for name, table in tables.items())


def _rule(name: str, table: object, where: str) -> Rule:
    """One rule's table, checked."""
    if not isinstance(table, dict):
        raise ConfigurationError(f'{where}: what holds for a rule stands below [retention."{EXAMPLE_RULE}"]')
    if any(isinstance(value, dict) for value in table.values()):
        raise ConfigurationError(f"{where}: [retention.{dotted(name, table)}] has a dot in its name: use a hyphen")
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"{where}: {name!r} is no name for a rule: at most 60 lower-case letters, digits and hyphens,"
            f" such as {EXAMPLE_RULE}"
        )
    section = f"retention.{toml_value(name)}"
    values = checked_section(section, table, RETENTION_SETTINGS, where)
    if "days" not in values:
        raise ConfigurationError(f"{where}: {section}.days is missing: how many days are kept?")
    removes, days = _removes(str(values.get("remove", Removes.CAPTURES)), where, section), int(str(values["days"]))
    if removes is Removes.ATTEMPTS and days < LEAST_ATTEMPT_DAYS:
        raise ConfigurationError(f"{where}: {section}.days is {days}; attempts are kept {LEAST_ATTEMPT_DAYS} at least")
    return Rule(
        name=name,
        age=timedelta(days=days),
        host=_host(str(values["host"]), f"{where}: {section}.host") if "host" in values else "",
        removes=removes,
    )


def _removes(given: str, where: str, section: str) -> Removes:
    try:
        return Removes(given)
    except ValueError:
        known = tuple(map(str, Removes))
        hint = near(given, known) or f"it may be {' or '.join(known)}"
        raise ConfigurationError(f"{where}: {section}.remove is {given!r}; {hint}") from None


def _host(name: str, key: str) -> str:
    """The host, as documents know it.

    An empty one is refused: who wrote the key meant one host, and without one the rule would hold for all.
    """
    try:
        meant = {host_of(name)} if "://" in name else {host_of(f"{scheme}://{name}") for scheme in ("http", "https")}
    except UnusableUrl as error:
        raise ConfigurationError(
            f"{key}: {name!r} is no host name ({error.problem}); write it as in its URLs: {EXAMPLE_HOST}"
        ) from error
    if meant != {name}:
        raise ConfigurationError(f"{key}: {name!r} is not written as a host: {min(meant, key=len)}")
    return name
