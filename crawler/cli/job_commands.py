"""Is a job's command one that ``dateline`` knows? Asked before the clock would ask it at night.

Why the real command line reads it: options and their values are checked by the same code that will read them when the
job starts, and nothing has to be kept in step.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import typer
from typer.main import get_command

from crawler.cli.console import USAGE_ERROR
from crawler.configuration import Job
from crawler.configuration.checking import near
from crawler.errors import ConfigurationError

_PROGRAM = "dateline"
_HELP = frozenset({"--help", "-h"})


def require_command(job: Job, where: str) -> None:
    """Refuse a job whose command line would be refused when it starts.

    Raises:
        ConfigurationError: says what is wrong with it.
    """
    if problem := command_problem(job.command):
        raise ConfigurationError(f"{where}: the command of the job {job.id} is wrong: {problem}")


def command_problem(words: tuple[str, ...]) -> str:
    """What is wrong with a command line (without ``dateline``), as a phrase; empty where nothing is."""
    command, rest = _all_commands(), list(words)
    while rest and (known := getattr(command, "commands", None)) and not rest[0].startswith("-"):
        if rest[0] not in known:
            return _unknown(words[: len(words) - len(rest)], rest[0], list(known))
        command = known[rest.pop(0)]
    return _refusal(command, rest)


@cache
def _all_commands() -> Any:  # noqa: ANN401 - the click that Typer brings is not exported
    from crawler.cli import build  # noqa: PLC0415 - this command is one of those

    return get_command(build())


def _unknown(before: tuple[str, ...], word: str, known: list[str]) -> str:
    hint = near(word, known) or f"`{' '.join(('dateline', *before))} --help` shows them"
    return f"there is no command {' '.join((*before, word))!r}; {hint}"


def _refusal(command: Any, rest: list[str]) -> str:  # noqa: ANN401 - as above
    """What the command itself says of these words; it is not run."""
    if _HELP.intersection(rest):
        return "it only prints its help"
    if getattr(command, "commands", None) and not command.invoke_without_command:
        named = f"{command.name} needs a command behind it: {', '.join(command.commands)}"
        return named if command.name != _PROGRAM else "it begins with no command of dateline"
    try:
        with command.make_context(command.name, rest):
            return ""
    except USAGE_ERROR as error:
        return str(error.format_message()).rstrip(".")
    except (typer.Exit, typer.Abort):
        return "it only prints something and ends"
