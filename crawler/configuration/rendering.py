"""The settings as a person writes them: the text of a fresh ``dateline.toml``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from crawler.configuration.section_settings import (
    ARCHIVE_SETTINGS,
    HOST_SETTINGS,
    JOB_SETTINGS,
    RETENTION_SETTINGS,
)
from crawler.configuration.setting import Setting, Value
from crawler.configuration.settings import SETTINGS

EXAMPLE_HOST = "www.news.example"
EXAMPLE_ARCHIVE = "our-archive"
EXAMPLE_JOB = "one-host"
EXAMPLE_RULE = "raw"

_SECTIONS: tuple[tuple[str, tuple[str, ...], Iterable[Setting]], ...] = (
    (f'[hosts."{EXAMPLE_HOST}"]', ("One host: its name as in its URLs, in quotes.",), HOST_SETTINGS),
    (
        f'[archives."{EXAMPLE_ARCHIVE}"]',
        (
            "An archive of your own, here a pywb; it is asked after local, unless backfill.archives names its place.",
            "A section with the name of a known archive changes what it says of it.",
        ),
        ARCHIVE_SETTINGS,
    ),
    (
        f'[jobs."{EXAMPLE_JOB}"]',
        (
            "A job that `dateline schedule run` starts by the clock; `dateline schedule list` shows all of them.",
            "A section with the id of a built-in job changes what it says of it, such as whether it is enabled.",
        ),
        JOB_SETTINGS,
    ),
    (
        f'[retention."{EXAMPLE_RULE}"]',
        ("What is not kept for ever: `dateline retention` says what would be removed, the job retention removes it.",),
        RETENTION_SETTINGS,
    ),
)


def render(library_name: str = "", given: Mapping[str, Value] | None = None) -> str:
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
    for head, words, settings in _SECTIONS:
        lines += ["", *(f"# {line}" for line in words), f"# {head}", *_example(settings)]
    return "\n".join(lines) + "\n"


def _example(settings: Iterable[Setting]) -> list[str]:
    return [
        line
        for setting in settings
        for line in (f"# {setting.meaning}", f"# {setting.key} = {toml_value(setting.default)}")
    ]


def toml_value(value: Value) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(value, str) else str(value)
