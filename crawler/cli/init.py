"""``dateline init``: make a library."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.console import DryRunOption, JsonOption, naming_database, print_json, say
from crawler.configuration import FILE_NAME, Configuration, load, render
from crawler.errors import ConfigurationError
from crawler.library import open_library


def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the new library; made where it is missing.")] = Path(),
    *,
    database: Annotated[str, typer.Option(help="SQLAlchemy URL; default is an SQLite file in the folder.")] = "",
    contact: Annotated[str, typer.Option(help="Where site owners reach you; sent in the User-Agent.")] = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a library: its folder, dateline.toml and database. Safe to run again."""
    file = folder / FILE_NAME
    fresh = not file.exists()
    given = {key: value for key, value in (("storage.database", database), ("crawl.contact", contact)) if value}
    configuration = load(folder, given)
    if not fresh:
        _refuse_other_settings(file, given)
    database = configuration.database_origin
    revision = ""
    if not dry_run:
        database, revision = _make(configuration, file if fresh else None, given)
    if as_json:
        made = fresh and not dry_run
        print_json({"library": str(configuration.library), "database": database, "revision": revision, "made": made})
        return
    done = ("would be made" if dry_run else "made") if fresh else "already there"
    say(f"{done}: library {configuration.library}")
    say(f"  settings   {file}")
    say(f"  database   {database}")
    say(f"  captures   {configuration.captures}")
    if not dry_run:
        place = "" if folder == Path() else f" --library {shlex.quote(str(folder))}"
        say(f"next: dateline events import FOLDER_OF_EVENT_ENTRIES{place}")


def _make(configuration: Configuration, file: Path | None, given: dict[str, str]) -> tuple[str, str]:
    """Folder and database first: settings that do not work are not written. Returns the database and its revision."""
    with naming_database(configuration), open_library(configuration, create=True) as library:
        info = library.store.info()
    if file is not None:
        try:
            file.write_text(render(configuration.library.name, given), encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(f"{file} cannot be written: {error.strerror}") from error
    return info.url, info.revision


def _refuse_other_settings(file: Path, given: dict[str, str]) -> None:
    present = load(file.parent)
    for key, value in given.items():
        if present.text(key) != value:
            raise ConfigurationError(f"{file} is there already and does not say {key} = {value!r}: change it there")
