"""The web archives that can be asked: the built-in ones, as the file changes them, and those that it adds.

``[archives."NAME"]`` with a built-in name changes what it says and nothing else; any other name is a new archive.

Why a new archive that ``backfill.archives`` does not name is asked after ``local`` and before the others: who writes
down an archive of their own, mostly a pywb next door, expects it to be asked before a request leaves the house, and
it answers faster than the public ones. Asking it last was rejected: a public archive's copy would end the search
before one's own was seen. Another place is one word in ``backfill.archives``.

Why a built-in archive that ``backfill.archives`` leaves out stays known, but is not asked: the setting says which to
ask; ``--archive NAME`` still reaches it, and its copies in event entries are still recognised.

Why nobody may ask a public service faster than it documents, and no more than twice as fast as the built-in pace:
beyond its limit a service shuts out the whole address for an hour, or for good, and with it everybody who sits behind
it. The rule goes by the host that is asked, not by the section's name, so a second name for the same service changes
nothing, and a copy of the service on a machine of your own may be asked as fast as it can.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from crawler.archives import DIALECTS, KINDS, PLACES, ArchivePlace, Pool
from crawler.configuration.checking import checked_section, dotted, near
from crawler.configuration.rendering import EXAMPLE_ARCHIVE, toml_value
from crawler.configuration.section_settings import ARCHIVE_SETTINGS
from crawler.errors import ConfigurationError, UnusableUrl
from crawler.urls import host_of

_ORDER = "backfill.archives"
_FIRST = "local"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_SPOKEN_IN_DIALECTS = "cdx"
_HAVE_NO_URL = frozenset({"local"})
_NEEDED = {"cdx": ("index_url", "replay_url"), "common-crawl": ("index_url", "replay_url")}
_URLS = ("index_url", "replay_url", "public_url")
_ADDRESSED_BY_QUERY = ("cdx", "index_url")
_SEPARATORS = ("/", "=", "?", "&")
_DEFAULTS = {setting.key: setting.default for setting in ARCHIVE_SETTINGS}
_INTERVALS = {Pool.INDEX: "index_interval_s", Pool.REPLAY: "replay_interval_s"}

# Seconds between two requests that the services' own limits allow.
_DOCUMENTED: Mapping[tuple[str, Pool], float] = {
    ("web.archive.org", Pool.INDEX): 60 / 30,
    ("web.archive.org", Pool.REPLAY): 60 / 600,
    ("arquivo.pt", Pool.INDEX): 60 / 250,
    ("arquivo.pt", Pool.REPLAY): 60 / 400,
    ("index.commoncrawl.org", Pool.INDEX): 1.0,
}


def archive_places(sections: Mapping[str, Any], order: str, where: str) -> tuple[ArchivePlace, ...]:
    """Every known archive in the order in which they are asked; those only asked by name are not enabled.

    Args:
        sections: the file's tables below ``archives``.
        order: the setting ``backfill.archives``.
        where: file that a complaint names.

    Raises:
        ConfigurationError: a name, key or value is wrong, or the order names an archive that is not there.
    """
    built_in = {place.name: place for place in PLACES}
    said = {name: _said(name, table, where) for name, table in sections.items()}
    places = built_in | {name: _place(name, one, built_in.get(name), where) for name, one in said.items()}
    named = _named(order, places, where)
    own = [name for name in said if name not in built_in and name not in named]
    after = named.index(_FIRST) + 1 if _FIRST in named else 0
    left_out = [name for name in built_in if name not in named]
    for name in left_out:
        if said.get(name, {}).get("enabled"):
            raise ConfigurationError(
                f"{where}: archives.{toml_value(name)}.enabled is true, but {_ORDER} leaves {name} out: name it there"
            )
    asked = tuple(places[name] for name in (*named[:after], *own, *named[after:]))
    return asked + tuple(replace(places[name], enabled=False) for name in left_out)


def _named(order: str, places: Mapping[str, ArchivePlace], where: str) -> list[str]:
    """The names in the order, each once and known."""
    names = [name for part in order.split(",") if (name := part.strip())]
    for index, name in enumerate(names):
        if name not in places:
            raise ConfigurationError(
                f"{where}: {_ORDER} names {name!r}, which is no archive;"
                f" {near(name, places) or 'the archives are ' + ', '.join(places)}"
            )
        if name in names[:index]:
            raise ConfigurationError(f"{where}: {_ORDER} names {name} twice")
    return names


def _said(name: str, table: object, where: str) -> dict[str, Any]:
    """What one section says, its values checked one by one."""
    if not isinstance(table, dict):
        raise ConfigurationError(f'{where}: what holds for an archive stands below [archives."{EXAMPLE_ARCHIVE}"]')
    if any(isinstance(value, dict) for value in table.values()):
        meant = dotted(name, table)
        raise ConfigurationError(f'{where}: [archives.{meant}] needs quotes for its dots: [archives."{meant}"]')
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"{where}: {name!r} is no name for an archive: lower-case letters, digits, dots, hyphens, underscores"
        )
    section = f"archives.{toml_value(name)}"
    values: dict[str, Any] = checked_section(section, table, ARCHIVE_SETTINGS, where)
    _require_known(values, section, where)
    for key in _URLS:
        if values.get(key):
            _require_url(values[key], f"{section}.{key}", where)
    return values


def _require_known(values: Mapping[str, Any], section: str, where: str) -> None:
    """Refuse a kind or a dialect that no module speaks."""
    for key, known in (("kind", KINDS), ("dialect", DIALECTS)):
        value = values.get(key)
        if value is not None and value not in known:
            raise ConfigurationError(
                f"{where}: {section}.{key} is {value!r}; {near(value, known) or 'it may be ' + ', '.join(known)}"
            )


def _require_url(url: str, key: str, where: str) -> None:
    if problem := _problem(url):
        raise ConfigurationError(f"{where}: {key} must be a URL, not {url!r}: {problem}")


def _problem(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        return "it begins with neither http:// nor https://"
    try:
        host_of(url)
    except UnusableUrl as error:
        return error.problem
    return ""


def _place(name: str, said: Mapping[str, Any], known: ArchivePlace | None, where: str) -> ArchivePlace:
    """The archive that a section describes, complete."""
    given = _DEFAULTS | {"index_url": "", "replay_url": ""} if known is None else _as_said(known)
    values = given | dict(said)
    if values["kind"] != _SPOKEN_IN_DIALECTS and "dialect" not in said and known is None:
        values["dialect"] = ""
    urls = {key: _beginning(values["kind"], key, values[key]) for key in _URLS}
    place = ArchivePlace(
        name=name,
        **{key: values[key] for key in ("kind", "dialect", "enabled")} | urls,
        hosts=_hosts(values, f"archives.{toml_value(name)}.hosts", where) or (() if known else _own_host(values)),
        interval_s={pool: values[key] for pool, key in _INTERVALS.items()},
    )
    _require_complete(place, said, known, where)
    for pool in _INTERVALS:
        _require_patience(place, pool, where)
    return place


def _beginning(kind: str, key: str, url: str) -> str:
    """The URL, ending where what is appended to it begins; a CDX server is asked by parameters instead."""
    return url if not url or (kind, key) == _ADDRESSED_BY_QUERY or url.endswith(_SEPARATORS) else f"{url}/"


def _as_said(place: ArchivePlace) -> dict[str, Any]:
    """A built-in archive as a section would say it."""
    plain = {key: getattr(place, key) for key in ("kind", *_URLS, "dialect", "enabled")}
    intervals = {key: place.interval_s.get(pool, _DEFAULTS[key]) for pool, key in _INTERVALS.items()}
    return plain | intervals | {"hosts": ", ".join(place.hosts)}


def _hosts(values: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """The hosts named, each once."""
    names = [part.strip() for part in values["hosts"].split(",") if part.strip()]
    for name in names:
        try:
            meant = host_of(f"http://{name}")
        except UnusableUrl as error:
            raise ConfigurationError(f"{where}: {key}: {name!r} is no host name ({error.problem})") from error
        if meant != name:
            raise ConfigurationError(f"{where}: {key}: {name!r} is not written as a host: {meant}")
    return tuple(dict.fromkeys(names))


def _own_host(values: Mapping[str, Any]) -> tuple[str, ...]:
    url = values["public_url"] or values["replay_url"]
    return (host_of(url),) if url else ()


def _require_complete(place: ArchivePlace, said: Mapping[str, Any], known: ArchivePlace | None, where: str) -> None:
    """Refuse an archive that could not be asked, or that is the library itself."""
    section = f"archives.{toml_value(place.name)}"
    if "dialect" in said and place.kind != _SPOKEN_IN_DIALECTS:
        raise ConfigurationError(f"{where}: {section}.dialect is only for archives of the kind {_SPOKEN_IN_DIALECTS}")
    if known is not None and place.kind == known.kind:
        return
    if place.kind in _HAVE_NO_URL:
        raise ConfigurationError(f"{where}: {section}.kind: the files of the library itself are the archive {_FIRST}")
    needed = _NEEDED.get(place.kind, () if place.replay_url else ("index_url",))
    missing = next((key for key in needed if not getattr(place, key)), None)
    if missing is not None:
        hint = (
            near(place.name, (one.name for one in PLACES))
            or f"for example {missing} = {toml_value(_DEFAULTS[missing])}"
        )
        raise ConfigurationError(f"{where}: {section}.{missing} is missing; {hint}")


def _require_patience(place: ArchivePlace, pool: Pool, where: str) -> None:
    """Refuse a pace at which the service would shut us out."""
    key = f"archives.{toml_value(place.name)}.{_INTERVALS[pool]}"
    least = _least_interval(_host(place, pool), pool)
    if place.interval_s[pool] < least:
        raise ConfigurationError(
            f"{where}: {key} must be at least {least:g}, not {place.interval_s[pool]:g}:"
            f" {_host(place, pool)} shuts out who asks faster"
        )


def _least_interval(host: str, pool: Pool) -> float:
    """What the service allows, and at least half of the built-in interval."""
    half = (place.interval_s.get(pool, 0.0) / 2 for place in PLACES if host and _host(place, pool) == host)
    return max(_DOCUMENTED.get((host, pool), 0.0), *half, 0.0)


def _host(place: ArchivePlace, pool: Pool) -> str:
    return urlsplit(place.index_url if pool is Pool.INDEX else place.replay_url).hostname or ""
