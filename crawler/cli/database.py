"""``dateline db``: the database's schema."""

from __future__ import annotations

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    Listing,
    naming_database,
    print_json,
    say,
    settings_of,
    tell,
)
from storage.types import StoreInfo

app = typer.Typer(help="The database: bring its schema up to date, check it, say what it holds.")


@app.command()
def upgrade(*, library: LibraryOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Bring the schema to what this program needs; data stay. Safe to run again."""
    from storage import schema  # noqa: PLC0415 - Alembic takes half a second to import

    settings = settings_of(library)
    with naming_database(settings):
        before = schema.info(settings.database_url)
        pending = before.revision < before.head
        if not dry_run and before.revision != before.head:
            schema.upgrade(settings.database_url)  # refuses a newer one that this program must not use
        after = before.head if pending else before.revision
    if as_json:
        print_json({"database": before.url, "from": before.revision, "to": after, "done": not dry_run})
    elif not pending:
        say(f"nothing to do: {before.url} stands at {before.revision}")
        _tell_newer(before)
    else:
        done = "would be upgraded" if dry_run else "upgraded"
        say(f"{done} from {before.revision or 'nothing'} to {before.head}: {before.url}")


@app.command()
def check(*, library: LibraryOption = None, as_json: JsonOption = False) -> int:
    """Compare the schema with what this program needs and run the database's own integrity checks."""
    from storage import schema  # noqa: PLC0415 - as above

    settings = settings_of(library)
    with naming_database(settings):
        problems = schema.check(settings.database_url)
        facts = schema.info(settings.database_url)
        address = facts.url
    if as_json:
        print_json({"database": address, "problems": problems})
    elif problems:
        for problem in problems:
            tell(("problem: ", "bold red"), problem)
    else:
        say(f"the schema and the data are sound: {address}")
        _tell_newer(facts)
    return INCOMPLETE if problems else OK


@app.command()
def info(*, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Say where the database is, at which migration it stands, and how many rows it holds."""
    from storage import schema  # noqa: PLC0415 - as above

    settings = settings_of(library)
    with naming_database(settings):
        found = schema.info(settings.database_url)
    if as_json:
        print_json(found)
        return
    say(f"{found.backend}  {found.url}")
    say(f"revision {found.revision or 'none'}, needed {found.head}")
    if found.revision < found.head:
        say("`dateline db upgrade` brings it there")
    _tell_newer(found)
    made = Listing("table", "rows#")
    for name, rows in found.rows.items():
        made.add(name, rows)
    if made.rows:
        made.print()


def _tell_newer(facts: StoreInfo) -> None:
    """Say that another program upgraded the database, and whether this one may go on."""
    if facts.revision <= facts.head:
        return
    may = bool(facts.oldest) and facts.oldest <= facts.head
    who = f"programs from {facts.oldest} on may use it" if facts.oldest else "nobody wrote down who may use it"
    so = "this one may go on until the newer dateline is installed" if may else "install the newer dateline"
    say(f"it is newer than this program ({facts.head}); {who}: {so}")
