"""What the file says of single hosts: ``[hosts."www.news.example"]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.configuration.checking import checked_section, dotted
from crawler.configuration.rendering import EXAMPLE_HOST, toml_value
from crawler.configuration.section_settings import HOST_SETTINGS
from crawler.errors import ConfigurationError, UnusableUrl
from crawler.urls import host_of


@dataclass(frozen=True, kw_only=True, slots=True)
class HostRule:
    """What the file says about one host.

    Attributes:
        name: as `crawler.urls.host_of` gives it; exactly that host, not those below it.
        delay_s: least time between two requests; ``None`` is ``crawl.delay_s``.
        per_day: how many of its documents are asked for on one day (UTC); 0: any number; ``None`` is ``crawl.per_day``.
        paused: it is left alone.
        verify_tls: its certificate must be valid.
    """

    name: str
    delay_s: float | None = None
    per_day: int | None = None
    paused: bool = False
    verify_tls: bool = True


def host_rules(hosts: Mapping[str, Any], where: str) -> dict[str, HostRule]:
    """The rules by host name.

    Raises:
        ConfigurationError: a name is no host name, a key is unknown or a value is wrong.
    """
    return {name: _host_rule(name, said, where) for name, said in hosts.items()}


def _host_rule(name: str, said: object, where: str) -> HostRule:
    """One host's table, checked."""
    if not isinstance(said, dict):
        raise ConfigurationError(f'{where}: what holds for a host stands below [hosts."{name}"]')
    if any(isinstance(value, dict) for value in said.values()):
        meant = dotted(name, said)
        raise ConfigurationError(f'{where}: [hosts.{meant}] needs quotes for its dots: [hosts."{meant}"]')
    _require_host_name(name, where)
    return HostRule(name=name, **checked_section(f'hosts."{name}"', said, HOST_SETTINGS, where))  # type: ignore[arg-type]


def _require_host_name(name: str, where: str) -> None:
    """Refuse a name that no URL's host would ever equal."""
    try:
        meant = {host_of(name)} if "://" in name else {host_of(f"{scheme}://{name}") for scheme in ("http", "https")}
    except UnusableUrl as error:
        raise ConfigurationError(
            f"{where}: {name!r} in [hosts.{toml_value(name)}] is no host name ({error.problem});"
            f' write it as in its URLs: [hosts."{EXAMPLE_HOST}"]'
        ) from error
    if meant != {name}:
        right = min(meant, key=len)
        raise ConfigurationError(f'{where}: [hosts.{toml_value(name)}] is not written as a host: [hosts."{right}"]')
