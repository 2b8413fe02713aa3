"""``dateline db``: the database's schema."""

from __future__ import annotations

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    err,
    out,
    print_json,
    settings_of,
    table,
)
from storage import schema

app = typer.Typer(help="The database: bring its schema up to date, check it, say what it holds.")


@app.command()
def upgrade(*, library: LibraryOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Bring the schema to what this program needs; data stay. Safe to run again."""
    url = settings_of(library).database_url
    before = schema.info(url)
    pending = before.revision != before.head
    if pending and not dry_run:
        schema.upgrade(url)
    if as_json:
        print_json({"database": before.url, "from": before.revision, "to": before.head, "done": not dry_run})
    elif not pending:
        out.print(f"nothing to do: {before.url} stands at {before.head}", highlight=False)
    else:
        done = "would be upgraded" if dry_run else "upgraded"
        out.print(f"{done} from {before.revision or 'nothing'} to {before.head}: {before.url}", highlight=False)


@app.command()
def check(*, library: LibraryOption = None, as_json: JsonOption = False) -> int:
    """Compare the schema with what this program needs and run the database's own integrity checks."""
    url = settings_of(library).database_url
    problems = schema.check(url)
    if as_json:
        print_json({"database": schema.info(url).url, "problems": problems})
    elif problems:
        for problem in problems:
            err.print(f"[bold red]problem:[/] {problem}", highlight=False)
    else:
        out.print("the schema and the data are sound")
    return INCOMPLETE if problems else OK


@app.command()
def info(*, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Say where the database is, at which migration it stands, and how many rows it holds."""
    found = schema.info(settings_of(library).database_url)
    if as_json:
        print_json(found)
        return
    out.print(
        f"{found.backend}  {found.url}\nrevision {found.revision or 'none'}, needed {found.head}", highlight=False
    )
    made = table("table", "rows#")
    for name, rows in found.rows.items():
        made.add_row(name, str(rows))
    out.print(made)
