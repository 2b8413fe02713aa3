"""``dateline restore``: make a library from a backup."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.backup import shown_progress
from crawler.cli.console import INCOMPLETE, OK, DryRunOption, JsonOption, count_of, jsonable, print_json, say, tell
from crawler.phrases import size_text

if TYPE_CHECKING:
    from crawler.backups import RestoreReport
    from crawler.backups.manifest import Tombstone
    from crawler.backups.restoring import Checked

_SHOWN = 10


def restore(
    backup: Annotated[Path, typer.Argument(help="Folder of the backup; it is only read.")],
    folder: Annotated[Path, typer.Argument(help="Folder of the library to make; must be missing or empty.")],
    *,
    snapshot: Annotated[str, typer.Option(help="Name of the copy of the database; default: the latest.")] = "",
    database: Annotated[
        str, typer.Option(help="SQLAlchemy URL of the empty database to fill; default: as the settings say.")
    ] = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """Make a library from a backup: check every digest, write, then compare captures with rows."""
    from crawler.backups import restore_backup  # noqa: PLC0415 - SQLAlchemy takes a while to import

    with shown_progress() as progress:
        report = restore_backup(
            backup, folder, snapshot=snapshot, database=database, dry_run=dry_run, progress=progress
        )
    if as_json:
        print_json({**jsonable(report), "sound": report.is_sound})
    else:
        _print(report, folder)
    return OK if report.is_sound else INCOMPLETE


def _print(report: RestoreReport, folder: Path) -> None:
    one = report.snapshot
    done = "restored" if report.checked else "would be restored, every digest is right"
    say(f"{done}: {folder}, database {report.database}")
    say(
        f"  copy {one.name} of a {one.kind} database at revision {one.revision or 'none'}, made"
        f" {one.made_at:%Y-%m-%d %H:%M}Z by dateline {one.made_by}"
    )
    say(f"  {sum(one.rows.values())} rows, {count_of(report.files, 'file')}, {size_text(report.size)}")
    if not one.captures:
        tell(("without captures: ", "yellow"), "they were not copied with this copy of the database")
    if report.placed:
        say(f"  {count_of(report.placed, 'WARC file')} more in the place of storage.captures, no part of the backup")
    if report.newer:
        say(f"  newer copies of the database in this backup: {', '.join(report.newer)}")
    if report.checked:
        _print_checked(report, report.checked, folder)
    _print_taken_down(report, folder)


def _print_checked(report: RestoreReport, checked: Checked, folder: Path) -> None:
    for one in checked.recovered:
        say(f"  later than the copy: {one.text}")
    for name, count in report.snapshot.rows.items():
        if checked.rows.get(name) != count:
            tell(("differs: ", "bold red"), f"{name} has {checked.rows.get(name)} rows, the backup says {count}")
    for text in checked.damage:
        tell(("problem: ", "bold red"), text)
    for problem in checked.problems[:_SHOWN]:
        tell((problem.kind, "bold red"), f" {problem.file} at {problem.offset}: {problem.text}")
    place = shlex.quote(str(folder))
    if checked.needs:
        tell(f"not compared, the database is older than this program: `dateline db upgrade --library {place}`,")
        tell(f"then `dateline captures verify --library {place}`")
        return
    say(f"compared with the captures: {count_of(len(checked.problems), 'problem')}")
    if len(checked.problems) > _SHOWN:
        tell(f"all of them: `dateline captures verify --library {place}`")


def _print_taken_down(report: RestoreReport, folder: Path) -> None:
    moment = f"{report.snapshot.made_at:%Y-%m-%d %H:%M}Z"
    tell(("takedowns: ", "yellow"), f"what was taken down after {moment} is back: run `dateline forget` for it again")
    for one in report.taken_down:
        tell("  " + _command(one, folder))


def _command(one: Tombstone, folder: Path) -> str:
    """What to type to take it down again."""
    return shlex.join(["dateline", "forget", one.subject, "--reason", one.reason, "--library", str(folder)])
