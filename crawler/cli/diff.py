"""``dateline diff``: what changed between two versions of an article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import typer

from crawler.cli.console import JsonOption, LibraryOption, opened, print_json, say
from crawler.errors import ConfigurationError
from storage.types import ArticleVersion, ArticleView

_MOST_NUMBER = 10**18 - 1


def diff(
    article: Annotated[int, typer.Argument(min=1, max=_MOST_NUMBER, metavar="ARTICLE", help="Its number.")],
    old: Annotated[
        int | None,
        typer.Argument(
            min=1, max=_MOST_NUMBER, metavar="V1", show_default=False, help="A version; alone: what made it."
        ),
    ] = None,
    new: Annotated[
        int | None,
        typer.Argument(min=1, max=_MOST_NUMBER, metavar="V2", show_default=False, help="What V1 is compared with."),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="List the changes from each version to the next.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed in an article: between its last two versions, one and the one before it, or any two."""
    if every and old is not None:
        raise ConfigurationError("--all lists the changes of all versions: leave the numbers out")
    with opened(library) as found:
        view = found.store.article(article)
    from crawler.cli import diff_page  # noqa: PLC0415 - what compares texts: no other command pays for it

    versions = sorted(view.versions, key=lambda version: version.number)
    if len(versions) == 1 and old is None:
        _tell_of_one(view, versions[0], as_json=as_json)
    elif every:
        diff_page.print_changes(list(pairwise(versions)), as_json=as_json)
    else:
        before, after = _chosen(view, versions, old, new)
        diff_page.print_change(view, before, after, as_json=as_json)


def _chosen(
    view: ArticleView, versions: Sequence[ArticleVersion], old: int | None, new: int | None
) -> tuple[ArticleVersion, ArticleVersion]:
    if old is None:
        return versions[-2], versions[-1]
    numbers = [version.number for version in versions]
    for number in (old, new):
        if number is not None and number not in numbers:
            there = ", ".join(map(str, numbers))
            raise ConfigurationError(f"article {view.id} has no version {number}; it has {there}")
    if new is not None:
        return versions[numbers.index(old)], versions[numbers.index(new)]
    place = numbers.index(old)
    if not place:
        raise ConfigurationError(f"version {old} of article {view.id} is its first: name two versions")
    return versions[place - 1], versions[place]


def _tell_of_one(view: ArticleView, version: ArticleVersion, *, as_json: bool) -> None:
    if as_json:
        print_json([])
    else:
        say(f"article {view.id} has one version, {version.number}: there is nothing to compare it with")
