"""Is a value of the file or of the command line one that its setting may have?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from crawler.configuration.forms import problem_of
from crawler.configuration.setting import Setting, Value
from crawler.configuration.settings import SETTINGS
from crawler.errors import ConfigurationError

_KINDS: Mapping[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list of texts",
}


def checked(given: Mapping[str, Any], where: str) -> dict[str, Value]:
    """The settings of the whole library that a person gave.

    Raises:
        ConfigurationError: a key is unknown or a value is wrong.
    """
    known = {setting.key: setting for setting in SETTINGS}
    values: dict[str, Value] = {}
    for key, value in given.items():
        if key not in known:
            raise ConfigurationError(f"{where}: there is no setting {key}; {near(key, known) or known_keys()}")
        values[key] = value_of(known[key], value, where)
        if problem := problem_of(key, values[key]):
            raise ConfigurationError(f"{where}: {key}: {problem}")
    return values


def checked_section(section: str, said: Mapping[str, Any], settings: Iterable[Setting], where: str) -> dict[str, Value]:
    """What one table of one host or archive says, for example of ``hosts."www.news.example"``.

    Raises:
        ConfigurationError: a key is unknown or a value is wrong.
    """
    known = {setting.key: setting for setting in settings}
    for key in said:
        if key not in known:
            raise ConfigurationError(f"{where}: [{section}] has no setting {key}; it may say {', '.join(known)}")
    named = {key: replace(known[key], key=f"{section}.{key}") for key in said}
    return {key: value_of(named[key], value, where) for key, value in said.items()}


def value_of(setting: Setting, value: object, where: str) -> Value:
    """The value, of the setting's own type and between its bounds.

    Raises:
        ConfigurationError: it is not.
    """
    wanted = type(setting.default)
    if wanted is float and type(value) is int:
        value = float(value)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        kind = _KINDS[wanted]
        raise ConfigurationError(f"{where}: {setting.key} must be {kind}, not {value!r}")
    if isinstance(value, list) and not all(isinstance(one, str) for one in value):
        raise ConfigurationError(f"{where}: {setting.key} must be {_KINDS[list]}, not {value!r}")
    if isinstance(value, (int, float)) and not setting.low <= value <= setting.high:
        raise ConfigurationError(
            f"{where}: {setting.key} must lie between {setting.low:g} and {setting.high:g}, not {value!r}"
        )
    return value


def near(word: str, known: Iterable[str]) -> str:
    """``did you mean ...?``; empty where nothing comes near."""
    found = get_close_matches(word, list(known), n=1)
    return f"did you mean {found[0]}?" if found else ""


def known_keys() -> str:
    """The names of all settings, for a person who asked for one that is not there."""
    return "the settings are " + ", ".join(setting.key for setting in SETTINGS)


def dotted(name: str, said: Mapping[str, Any]) -> str:
    """The name that TOML read as tables inside each other, because its dots had no quotes around them."""
    inner = next(((key, value) for key, value in said.items() if isinstance(value, dict)), None)
    return name if inner is None else f"{name}.{dotted(*inner)}"
