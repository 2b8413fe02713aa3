"""``dateline mark`` and ``dateline marks``: what was stored as an article and is none, by the word of a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from crawler.cli.console import (
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    Listing,
    opened,
    print_json,
    print_json_lines,
    say,
)
from crawler.cli.deciding import ArticleArgument, BecauseOption, ByOption, who_says
from crawler.errors import ConfigurationError
from crawler.source_stories import mark_text
from storage.protocol import Store
from storage.types import Mark, utc_now

_PAGE = 500


def mark(
    article: ArticleArgument,
    *,
    library: LibraryOption = None,
    because: BecauseOption = "",
    by: ByOption = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take it back: it is an article after all.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say that what was stored as an article is none: it stays, and counts no more. No crawl takes that back.

    --because is needed, but for --undo. Safe to run again: who said it first stands.
    """
    if bool(because.strip()) == undo:
        raise ConfigurationError(
            "--undo needs no reason: leave out --because" if undo else "say why it is no article: --because TEXT"
        )
    who = who_says(by)
    with opened(library) as found:
        if undo:
            said = found.store.unmark(article, by=who, now=utc_now())
        else:
            said = found.store.mark(article, by=who, because=because.strip(), now=utc_now())
    if as_json:
        print_json(said)
    elif undo:
        say(f"article {article} is an article again: said by {said.undone_by}")
    else:
        say(f"article {article}: {mark_text(said)}")
        say(f"`dateline mark {article} --undo` takes it back")


def marks(
    *,
    library: LibraryOption = None,
    all_: Annotated[bool, typer.Option("--all", help="Those that were taken back, too.")] = False,
    as_json: JsonLinesOption = False,
) -> None:
    """List what was stored as an article and is none, with who said so, when and why."""
    with opened(library) as found:
        if as_json:
            print_json_lines(one for page in _pages(found.store, standing_only=not all_) for one in page)
            return
        made = Listing("article#", "marked", "by", "because", *(("taken back",) if all_ else ()), "page")
        for page in _pages(found.store, standing_only=not all_):
            urls = found.store.urls_of({one.document_id for one in page})
            for one in page:
                made.add(*_cells(one), *((_taken_back(one),) if all_ else ()), urls[one.document_id])
    if made.rows:
        made.print()
    else:
        say("nothing is marked as no article")


def _pages(store: Store, *, standing_only: bool) -> Iterator[list[Mark]]:
    after = 0
    while page := store.marks(standing_only=standing_only, after=after, limit=_PAGE):
        yield page
        after = page[-1].id


def _cells(one: Mark) -> tuple[object, ...]:
    return one.article_id, f"{one.marked_at:%Y-%m-%d}", one.marked_by, one.because


def _taken_back(one: Mark) -> str:
    return f"{one.undone_at:%Y-%m-%d} by {one.undone_by}" if one.undone_at else ""
