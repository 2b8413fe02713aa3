"""``dateline articles``: list articles and write them out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Annotated, TextIO

import typer

from crawler.cli.console import (
    DryRunOption,
    JsonOption,
    LibraryOption,
    err,
    opened,
    out,
    plain,
    print_json,
    print_json_lines,
    table,
)
from crawler.errors import ConfigurationError
from crawler.exporting import EXPORTS, Export
from crawler.naming import event_name
from storage.protocol import Store
from storage.types import ArticleView, Selection

app = typer.Typer(help="List articles and write them out.")

_NAMES = ", ".join(one.name for one in EXPORTS)


@app.command("list")
def list_(
    *,
    library: LibraryOption = None,
    event: Annotated[str, typer.Option(help="Only what this event cites.")] = "",
    host: Annotated[str, typer.Option(help="Only this host.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    after: Annotated[int, typer.Option(help="Go on behind this article number.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document per line.")] = False,
) -> None:
    """List articles by number."""
    with opened(library) as found:
        views = found.store.articles(_selection(found.store, event, host), after=after)
        if as_json:
            print_json_lines(views)
            return
        made = table("article#", "published", "versions#", "headline", "host")
        for view in islice(views, limit):
            article = view.versions[-1].article
            published = f"{article.published_at.value:%Y-%m-%d}" if article.published_at else ""
            headline = plain(article.headline)[:90]
            made.add_row(str(view.id), published, str(len(view.versions)), headline, view.document.host)
    out.print(made)


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
    with opened(library) as found:
        views = found.store.articles(_selection(found.store, event, host))
        if dry_run:
            count = sum(1 for _ in views)
        elif target is not None and (target.is_dir() or chosen.one_file_per_article):
            count = _write_folder(chosen, views, target)
        else:
            with _stream(target) as stream:
                count = _write(chosen, views, stream)
    if as_json:
        print_json({"articles": count, "target": str(target or "-"), "written": not dry_run})
    elif target is not None or dry_run:
        err.print(f"{count} articles {'would be ' if dry_run else ''}written to {target or 'standard output'}")


def _chosen(name: str) -> Export:
    for one in EXPORTS:
        if one.name == name:
            return one
    raise ConfigurationError(f"there is no export format {name!r}; the formats are {_NAMES}")


def _selection(store: Store, event: str, host: str) -> Selection:
    key = store.event(event_name(event)).entry.key if event else ""
    return Selection(event_key=key, host=host, due_only=False)


@contextmanager
def _stream(target: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears only when it is complete."""
    if target is None:
        yield sys.stdout
        return
    unfinished = target.with_name(target.name + ".part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        unfinished.replace(target)
    except OSError as error:
        raise ConfigurationError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _write(chosen: Export, views: Iterator[ArticleView], stream: TextIO) -> int:
    count = 0
    stream.write(chosen.header())
    for view in views:
        stream.write(chosen.render(view))
        count += 1
    return count


def _write_folder(chosen: Export, views: Iterator[ArticleView], folder: Path) -> int:
    count = 0
    folder.mkdir(parents=True, exist_ok=True)
    for view in views:
        with _stream(folder / f"{view.id:07d}{chosen.suffix}") as stream:
            stream.write(chosen.header() + chosen.render(view))
        count += 1
    return count
