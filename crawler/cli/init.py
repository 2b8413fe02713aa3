"""``dateline init``: make a library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.console import JsonOption, out, print_json
from crawler.configuration import FILE_NAME, load, render, toml_value
from crawler.library import open_library


def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the new library; made where it is missing.")] = Path(),
    *,
    database: Annotated[str, typer.Option(help="SQLAlchemy URL; default is an SQLite file in the folder.")] = "",
    contact: Annotated[str, typer.Option(help="Where site owners reach you; sent in the User-Agent.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a library: its folder, dateline.toml and database. Safe to run again."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE_NAME
    fresh = not file.exists()
    if fresh:
        file.write_text(_filled(folder.resolve().name, database, contact), encoding="utf-8")
    configuration = load(folder)
    with open_library(configuration, create=True) as library:
        info = library.store.info()
    if as_json:
        print_json({"library": str(configuration.library), "database": info.url, "revision": info.revision})
        return
    out.print(f"{'made' if fresh else 'already there'}: library {configuration.library}", highlight=False)
    out.print(f"  settings   {file}\n  database   {info.url}\n  captures   {configuration.captures}", highlight=False)
    out.print("next: dateline events import FOLDER_OF_EVENT_ENTRIES", highlight=False)


def _filled(name: str, database: str, contact: str) -> str:
    text = render(name)
    for key, value in (("database", database), ("contact", contact)):
        if value:
            text = text.replace(f'# {key} = ""', f"{key} = {toml_value(value)}")
    return text
