"""``dateline backup``: copy a library while it is at work."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    count_of,
    naming_database,
    print_json,
    progress_bar,
    say,
    settings_of,
    tell,
)
from crawler.configuration import Configuration
from crawler.disk import Room
from crawler.library import open_library
from crawler.phrases import size_text
from crawler.runs import Work, as_typed, registered
from storage.errors import SchemaMismatch
from storage.types import utc_now

if TYPE_CHECKING:
    from crawler.backups import BackupReport

_KEPT = 7
_SHOWN = 10


def backup(
    folder: Annotated[Path, typer.Argument(help="Folder of the backup; made where it is missing, else gone on with.")],
    *,
    library: LibraryOption = None,
    without_captures: Annotated[
        bool, typer.Option("--without-captures", help="Copy the database and the settings only.")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read what the backup has already; copy anew what is damaged there.")
    ] = False,
    keep: Annotated[int, typer.Option(min=1, help="How many copies of the database stay in the backup.")] = _KEPT,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """Copy a library while it is at work: the database, then new captures. Stopped at any moment, run it again."""
    from crawler.backups import making  # noqa: PLC0415 - SQLAlchemy takes a while to import

    settings = settings_of(library)
    captures = not without_captures
    typed = as_typed("dateline backup", folder, without_captures=without_captures, verify=verify)
    with naming_database(settings), _registered(settings, typed, unless=dry_run) as work, shown_progress() as progress:
        if dry_run:
            report = making.plan_backup(settings, folder, captures=captures, verify=verify, keep=keep)
        else:
            Room.configured(settings, folder).require()
            report = making.make_backup(
                settings, folder, now=utc_now(), captures=captures, verify=verify, keep=keep, progress=progress
            )
        work.counts |= {"copied": report.copied, "unchanged": report.kept}
    if as_json:
        print_json(report)
    else:
        _print(report, folder)
    return INCOMPLETE if report.damaged or report.mended or report.lost else OK


@contextmanager
def _registered(settings: Configuration, typed: str, *, unless: bool) -> Iterator[Work]:
    """A run, where the database stands at this program's schema; one of another schema is copied without."""
    with ExitStack() as stack:
        work = Work()
        if not unless:
            with suppress(SchemaMismatch):
                work = stack.enter_context(registered(stack.enter_context(open_library(settings)), typed))
        yield work


@contextmanager
def shown_progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal that is told what is done, how far it is, and of how much."""
    with progress_bar() as bar:
        task = bar.add_task("", total=None)

        def advance(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        yield advance


def _print(report: BackupReport, folder: Path) -> None:
    would = "" if report.snapshot else "would be "
    name = f" as {report.snapshot.name}" if report.snapshot else ""
    say(f"database {would}copied{name}: {size_text(report.database_size)}")
    say(
        f"{count_of(report.copied, 'file')} {would}copied ({size_text(report.copied_size)}),"
        f" {report.kept} unchanged ({size_text(report.kept_size)})"
    )
    if report.placed:
        where = "in the place of storage.captures, listed and not copied"
        say(f"{count_of(report.placed, 'file')} ({size_text(report.placed_size)}) {where}")
    if report.removed:
        say(f"older copies of the database {would}removed: {', '.join(report.removed)}")
    if report.dropped:
        say(f"{count_of(len(report.dropped), 'file')} {would}removed: the library has them no more, no row needs them")
    _tell_files("lost", "rows need it, the library has it no more; the backup keeps it", report.lost)
    _tell_files("was damaged", "copied anew; look at that disk", report.mended)
    _tell_files("damaged", "there is no original to copy anew", report.damaged)
    if report.snapshot:
        say(f"backup {folder}; check it with: (cd {shlex.quote(str(folder))} && sha256sum -c manifest.sha256)")


def _tell_files(what: str, remedy: str, paths: tuple[str, ...]) -> None:
    for path in paths[:_SHOWN]:
        tell((f"{what}: ", "yellow"), f"{path} ({remedy})")
    if len(paths) > _SHOWN:
        tell(f"... and {count_of(len(paths) - _SHOWN, 'more file')}; --json lists all")
