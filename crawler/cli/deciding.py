"""Who says something, and why: what the commands share by which a person decides about articles."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from crawler.errors import ConfigurationError

ArticleArgument = Annotated[int, typer.Argument(min=1, max=10**18 - 1, help="The number of an article.")]
ByOption = Annotated[str, typer.Option("--by", help="Who says so; without it, the name that you are logged in by.")]
BecauseOption = Annotated[str, typer.Option("--because", help="Why, for those who come after you.")]


def who_says(by: str) -> str:
    """Who is meant by ``--by``: that name, else the one that is logged in.

    Raises:
        ConfigurationError: nobody that the system knows by name.
    """
    if by.strip():
        return by.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise ConfigurationError("nobody knows who you are here: say it with --by NAME") from error
