"""``dateline articles``: list articles and write them out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from crawler.cli.console import (
    DryRunOption,
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    opened,
    plain,
    print_json,
    print_json_lines,
    require_host,
    say,
    tell,
    write_bytes,
)
from crawler.cli.selections import WhereOption, selected
from crawler.errors import ConfigurationError
from crawler.exporting import EXPORTS, Export
from crawler.library import Library
from crawler.naming import event_name
from crawler.takeout import LibrarySelection
from crawler.written_files import unfinished
from storage.protocol import Store
from storage.types import ArticlePlace, ArticleView, Selection

app = typer.Typer(help="List articles and write them out.")

_NAMES = ", ".join(one.name for one in EXPORTS)
_LARGEST_NUMBER = 2**63 - 1
_Write: TypeAlias = Callable[[str], object]


@app.command("list")
def list_(
    *,
    library: LibraryOption = None,
    event: Annotated[str, typer.Option(help="Only what this event cites.")] = "",
    host: Annotated[str, typer.Option(help="Only this host.")] = "",
    where: WhereOption = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    after: Annotated[int, typer.Option(min=0, max=_LARGEST_NUMBER, help="Go on behind this article number.")] = 0,
    as_json: JsonLinesOption = False,
) -> None:
    """List articles by number; with --where by the day on which they were reported."""
    if where and (event or host):
        raise ConfigurationError("--where says all of it: event: and publisher: belong there")
    with opened(library) as found:
        if where:
            views = _fitting(found, where, after)
        else:
            views = found.store.articles(_selection(found.store, event, host), after=after)
        if as_json:
            print_json_lines(views)
            return
        made = Listing("article#", "published", "versions#", "headline…", "host…")
        last = 0
        for view in islice(views, limit):
            article = view.versions[-1].article
            published = f"{article.published_at.value:%Y-%m-%d}" if article.published_at else ""
            headline = f"(marked as no article) {article.headline}" if view.mark else article.headline
            made.add(view.id, published, len(view.versions), headline, view.document.host)
            last = view.id
        more = next(views, None) is not None
    if not made.rows:
        narrowed = "no article fits" if where else "no articles: `dateline crawl` fetches what is due"
        say("no articles behind that number" if after else narrowed)
        return
    made.print()
    if more:
        say(f"more: --after {last}")


def _fitting(library: Library, where: str, after: int) -> Iterator[ArticleView]:
    selection = LibrarySelection(library=library, query=selected(library.store, where))
    place = None
    if after:
        day = library.store.article(after).document.reported_at
        place = ArticlePlace(day=day.date() if day else date.min, article_id=after)
    return selection.articles(after=place)


@app.command("export")
def export(
    target: Annotated[
        Path | None, typer.Argument(help="File to write (a folder for one file per article); default: standard output.")
    ] = None,
    *,
    library: LibraryOption = None,
    export_format: Annotated[str, typer.Option("--format", "-f", help=f"One of {_NAMES}.")] = "jsonl",
    event: Annotated[str, typer.Option(help="Only what this event cites.")] = "",
    host: Annotated[str, typer.Option(help="Only this host.")] = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write articles with their evidence as JSON lines, CSV or Markdown; streams, whatever the size."""
    chosen = _chosen(export_format)
    if as_json and target is None and not dry_run:
        raise ConfigurationError("--json and the export would mix on standard output: name a file to write")
    with opened(library) as found:
        views = found.store.articles(_selection(found.store, event, host))
        if dry_run:
            count = sum(1 for _ in views)
        elif target is not None and (target.is_dir() or chosen.one_file_per_article):
            count = _write_folder(chosen, views, target)
        else:
            with _destination(target) as write:
                count = _write(chosen, views, write)
    if as_json:
        print_json({"articles": count, "target": str(target or "-"), "written": not dry_run})
    elif target is not None or dry_run:
        would = "would be " if dry_run else ""
        tell(f"{count_of(count, 'article')} {would}written to {target or 'standard output'}")


def _chosen(name: str) -> Export:
    for one in EXPORTS:
        if one.name == name:
            return one
    raise ConfigurationError(f"there is no export format {name!r}; the formats are {_NAMES}")


def _selection(store: Store, event: str, host: str) -> Selection:
    name = require_host(store, host)
    key = store.event(event_name(event)).entry.key if event else ""
    return Selection(event_key=key, host=name, due_only=False)


@contextmanager
def _destination(target: Path | None) -> Iterator[_Write]:
    """Standard output, a device or pipe, or a file that appears only when it is complete."""
    if target is None:
        yield _show if sys.stdout.isatty() else _pipe
        return
    try:
        if target.exists() and not target.is_file():
            with target.open("w", encoding="utf-8", newline="") as stream:
                yield stream.write
            return
        with unfinished(target) as begun:
            yield lambda text: begun.stream.write(text.encode())
            begun.put(force=True)
    except OSError as error:
        raise ConfigurationError(f"{target} cannot be written: {error.strerror}") from error


def _pipe(text: str) -> None:
    write_bytes(text.encode("utf-8"))


def _show(text: str) -> None:
    """On a terminal, which a text could otherwise steer."""
    sys.stdout.write("\n".join(plain(line) for line in text.split("\n")))


def _write(chosen: Export, views: Iterator[ArticleView], write: _Write) -> int:
    count = 0
    write(chosen.header())
    for view in views:
        write(chosen.render(view))
        count += 1
    return count


def _write_folder(chosen: Export, views: Iterator[ArticleView], folder: Path) -> int:
    count = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"the folder {folder} cannot be made: {error.strerror}") from error
    for view in views:
        with _destination(folder / f"{view.id:07d}{chosen.suffix}") as write:
            write(chosen.header() + chosen.render(view))
        count += 1
    return count
