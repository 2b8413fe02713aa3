"""``dateline export``: take events and articles with you, as data sets, tables or pages; check what was taken."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    count_of,
    err,
    opened,
    plain,
    print_json,
    progress_bar,
    say,
    tell,
    write_bytes,
)
from crawler.cli.selections import WhereOption, selected
from crawler.errors import ConfigurationError
from crawler.exporting.protocol import Format
from crawler.library import Library
from crawler.phrases import size_text
from crawler.selecting import render
from crawler.takeout import FORMATS, LibrarySelection
from crawler.takeout.manifest import check
from crawler.takeout.taking import Taken, into_file, into_folder, onto_stream

app = typer.Typer(help="Take events and articles with you, as data sets, tables or pages.")

_NAMES = ", ".join(one.name for one in FORMATS)
_SHOWN = 10
_UNCOUNTED = 2**31
_TEXTS = (".jsonl", ".csv", ".md", ".json", ".xml", ".bib")


@app.callback(invoke_without_command=True)
def export(  # noqa: PLR0913  one parameter per option
    context: typer.Context,
    *,
    library: LibraryOption = None,
    export_format: Annotated[
        list[str] | None, typer.Option("--format", "-f", help=f"One of {_NAMES}; again for more. Default: events.")
    ] = None,
    where: WhereOption = "",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder, or a file for a format that has one; default: standard output."),
    ] = None,
    schema: Annotated[str, typer.Option(metavar="FORMAT", help="Print the JSON Schema of a format's lines.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Write over other files, or an export of something else.")
    ] = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """Write events with their sources and articles, whatever the size; a folder gets a manifest with digests.

    The same command again changes nothing where the library did not change, and replaces its own files where it did.
    """
    if context.invoked_subcommand is not None:
        return OK
    if schema:
        return _print_schema(schema)
    formats = [_known(name) for name in dict.fromkeys(export_format or [FORMATS[0].name])]
    _check(formats, output, as_json=as_json, dry_run=dry_run)
    with opened(library) as found, _shown(found, where, dry_run=dry_run) as selection:
        if dry_run:
            return _tell_counts(selection, as_json=as_json)
        taken = _take(selection, formats, output, force=force)
    return _report(taken, formats, selection, output, as_json=as_json)


@app.command("verify")
def verify(folder: Annotated[Path, typer.Argument(help="Folder of an export.")], *, as_json: JsonOption = False) -> int:
    """Compare the files of an export with its manifest: sizes and digests. Needs no library."""
    found = check(folder)
    if as_json:
        print_json(found)
    else:
        for what, names in (("missing", found.missing), ("changed", found.changed)):
            _tell_names(what, names, "")
        say(f"{count_of(found.files, 'file')} as the manifest says")
    return INCOMPLETE if found.missing or found.changed else OK


def _known(name: str) -> Format[LibrarySelection]:
    for one in FORMATS:
        if one.name == name:
            return one
    raise ConfigurationError(f"there is no export format {name!r}; the formats are {_NAMES}")


def _print_schema(name: str) -> int:
    schema = _known(name).schema
    if schema is None:
        having = ", ".join(one.name for one in FORMATS if one.schema is not None)
        raise ConfigurationError(f"{name} has no JSON Schema; {having} have one")
    print_json(schema)
    return OK


def _check(formats: list[Format[LibrarySelection]], output: Path | None, *, as_json: bool, dry_run: bool) -> None:
    """Refuse what cannot work before anything is read."""
    for one in formats:
        if one.unavailable:
            raise ConfigurationError(one.unavailable)
    if output is None and not dry_run:
        _check_stream(formats, as_json=as_json)
    elif output is not None and output.is_file() and not _is_for_file(formats, output):
        raise ConfigurationError(f"{output} is a file, and what is to be written needs a folder")


def _check_stream(formats: list[Format[LibrarySelection]], *, as_json: bool) -> None:
    if len(formats) > 1 or len(formats[0].files) != 1:
        raise ConfigurationError(f"{', '.join(one.name for one in formats)} needs a folder: name it with --output")
    if as_json:
        raise ConfigurationError("--json and the export would mix on standard output: name an --output")
    if not formats[0].files[0].endswith(_TEXTS) and sys.stdout.isatty():
        raise ConfigurationError(f"{formats[0].name} is nothing for a terminal: name an --output")


def _is_for_file(formats: list[Format[LibrarySelection]], output: Path) -> bool:
    """Whether the output means one file: it is there as one, or it is called like the format's."""
    if len(formats) > 1 or len(formats[0].files) != 1 or output.is_dir():
        return False
    return output.exists() or output.suffix == Path(formats[0].files[0]).suffix


def _take(
    selection: LibrarySelection, formats: list[Format[LibrarySelection]], output: Path | None, *, force: bool
) -> Taken:
    if output is None:
        return onto_stream(selection, formats[0], _show if sys.stdout.isatty() else write_bytes)
    if _is_for_file(formats, output):
        return into_file(selection, formats[0], output, force=force)
    return into_folder(selection, formats, output, force=force)


def _show(content: bytes) -> None:
    """On a terminal, which a text could otherwise steer."""
    sys.stdout.write("\n".join(plain(line) for line in content.decode("utf-8", "replace").split("\n")))


@contextmanager
def _shown(library: Library, where: str, *, dry_run: bool) -> Iterator[LibrarySelection]:
    """The selection, and a bar on a terminal that shows how far it was read."""
    selection = LibrarySelection(library=library, query=selected(library.store, where))
    with progress_bar() as bar:
        if err.is_terminal and not dry_run:
            events, articles = selection.counts(most=_UNCOUNTED)
            selection.told = _teller(bar.update, bar.add_task("exporting", total=max(events, articles)))
        yield selection


def _teller(update: Callable[..., None], task: int) -> Callable[[int, int], None]:
    return lambda events, articles: update(task, completed=max(events, articles))


def _tell_counts(selection: LibrarySelection, *, as_json: bool) -> int:
    events, articles = selection.counts(most=_UNCOUNTED)
    if as_json:
        print_json({"selection": render(selection.query), "events": events, "articles": articles, "written": False})
    else:
        say(f"{count_of(events, 'event')} and {count_of(articles, 'article')} fit; nothing was written")
    return OK


def _report(
    taken: Taken,
    formats: list[Format[LibrarySelection]],
    selection: LibrarySelection,
    output: Path | None,
    *,
    as_json: bool,
) -> int:
    placed = taken.placed
    if as_json:
        said = {"formats": [one.name for one in formats], "selection": render(selection.query)}
        print_json(said | {"output": str(output), "events": taken.events, "articles": taken.articles} | _as_json(taken))
    elif placed is not None:
        _tell_names("kept", placed.kept, " has another content, nothing was written (--force writes over it)")
        if not placed.kept:
            _tell_done(taken, str(output))
    return INCOMPLETE if placed is not None and placed.kept else OK


def _as_json(taken: Taken) -> dict[str, object]:
    placed = taken.placed
    if placed is None:
        return {}
    return {
        "files": taken.files if not placed.kept else (),
        "files_written": placed.written,
        "files_unchanged": placed.unchanged,
        "files_removed": placed.removed,
        "files_kept": placed.kept,
        "bytes": placed.bytes,
    }


def _tell_done(taken: Taken, output: str) -> None:
    placed = taken.placed
    if placed is None:
        return
    articles = count_of(taken.articles, "article")
    read = f"{count_of(taken.events, 'event')} and {articles}" if taken.events else articles
    if not placed.written and not placed.removed:
        tell(f"{read}: {output} is unchanged ({count_of(placed.unchanged, 'file')})")
        return
    more = [f"{placed.unchanged} unchanged"] if placed.unchanged else []
    more += [f"{placed.removed} removed"] if placed.removed else []
    written = ", ".join([f"{count_of(placed.written, 'file')} written to {output}", *more])
    tell(f"{read}: {written} ({size_text(placed.bytes)})")


def _tell_names(what: str, names: tuple[str, ...], why: str) -> None:
    for name in names[:_SHOWN]:
        tell((f"{what}: ", "bold red"), f"{name}{why}")
    if len(names) > _SHOWN:
        tell(f"... and {count_of(len(names) - _SHOWN, 'more file')}; --json lists all")
