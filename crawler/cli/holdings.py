"""``dateline holdings``: WARC, ARC and WACZ files on disk, as one more archive to look for copies in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.console import (
    BAD_INPUT,
    INCOMPLETE,
    OK,
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    opened,
    out,
    print_json,
    print_json_lines,
    progress_bar,
    say,
    tell,
)
from crawler.holdings.conditions import Condition, condition_of
from crawler.holdings.finding import resolved
from crawler.holdings.indexing import IndexReport, Wish, index
from crawler.runs import as_typed, registered
from crawler.urls import url_key
from storage.errors import NotFound
from storage.types import HeldFile, HeldRecord

app = typer.Typer(help="WARC, ARC and WACZ files that you have on disk: copies are looked for in them, too.")

_SHOWN_PROBLEMS = 20
_WIDTH = 48


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders that hold some.")],
    *,
    library: LibraryOption = None,
    wanted_only: Annotated[
        bool,
        typer.Option(
            "--wanted-only",
            help="Keep only records of documents that have no full article yet: for news crawls of terabytes.",
        ),
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Also files that have not changed since.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Index files, so that backfills find copies in them. Adding again passes what has not changed."""
    typed = as_typed("dateline holdings add", *paths, wanted_only=wanted_only, again=again)
    with opened(library) as found, registered(found, typed, needs_room=True) as work, progress_bar() as bar:
        task = bar.add_task("indexing", total=None)
        wish = Wish(
            wanted_only=wanted_only,
            again=again,
            progress=lambda name, kept: bar.update(task, completed=kept, description=name[-_WIDTH:].ljust(_WIDTH)),
        )
        report = index(found.store, paths, wish)
        work.counts |= {"files": len(report.files), "records": report.records, "unchanged": report.unchanged}
    if as_json:
        print_json(_json_of(report))
    else:
        _tell(report)
    if report.refused:
        return BAD_INPUT
    return INCOMPLETE if any(file.problems for file in report.files) else OK


def _tell(report: IndexReport) -> None:
    if report.files:
        ignored = f"; {report.passed} not wanted" if report.passed else ""
        say(f"{count_of(len(report.files), 'file')} indexed, {count_of(report.records, 'record')} kept{ignored}")
    elif not report.unchanged and not report.refused:
        tell("no WARC, ARC or WACZ files there: give files, or folders in which their names end in .warc.gz, .wacz ...")
    if report.unchanged:
        say(f"{count_of(report.unchanged, 'file')} unchanged")
    if report.stale:
        tell(f"of {count_of(report.stale, 'file')} only what was wanted then is known: --again looks for more")
    for name in report.slow:
        tell(f"{name} is compressed as a whole, so each record of it takes long to read: `warcio recompress` helps")
    for line in _problems(report):
        tell(line)
    for problem in report.refused:
        tell(("not indexed: ", "bold red"), str(problem))


def _problems(report: IndexReport) -> Iterator[str]:
    every = [f"{file.path}: {problem}" for file in report.files for problem in file.problems]
    yield from every[:_SHOWN_PROBLEMS]
    if len(every) > _SHOWN_PROBLEMS:
        more = count_of(len(every) - _SHOWN_PROBLEMS, "more problem")
        yield f"... and {more}; `dateline holdings list --json` has all"


def _json_of(report: IndexReport) -> dict[str, Any]:
    refused = [{"path": each.path, "problem": each.problem, "remedy": each.remedy} for each in report.refused]
    counts = {name: getattr(report, name) for name in ("unchanged", "stale", "records", "passed", "other")}
    return {**counts, "files": report.files, "slow": report.slow, "refused": refused}


@app.command("list")
def list_(*, library: LibraryOption = None, as_json: JsonLinesOption = False) -> None:
    """List the files that are indexed, and whether they still are what they were."""
    with opened(library) as found:
        files = [(file, condition_of(file)) for file in found.store.held_files()]
    if as_json:
        print_json_lines(_file_json(file, condition) for file, condition in files)
        return
    if not files:
        say("no files yet: `dateline holdings add FOLDER` indexes WARC, ARC and WACZ files")
        return
    made = Listing("records#", "kept", "problems#", "state", "file")
    for file, condition in files:
        kept = "wanted" if file.wanted_only else "all"
        made.add(file.records, kept, len(file.problems) or "", condition.value, file.path)
    made.print()
    if lost := sum(condition is not Condition.AS_INDEXED for _, condition in files):
        tell(f"{count_of(lost, 'file')} gone or changed: nothing is read from them until `dateline holdings add`")


def _file_json(file: HeldFile, condition: Condition) -> dict[str, Any]:
    names = ("path", "kind", "size", "indexed_at", "records", "wanted_only", "problems")
    return {**{name: getattr(file, name) for name in names}, "state": condition.value}


@app.command()
def forget(
    path: Annotated[Path, typer.Argument(help="A file that is indexed, or the folder of some.")],
    *,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a file, or all files of a folder, out of the index; the files themselves are not touched."""
    with opened(library) as found:
        meant = _meant(path, [file.path for file in found.store.held_files()])
        forgotten = [each for each in meant if found.store.forget_held_file(each)]
    if as_json:
        print_json({"forgotten": forgotten})
        return
    say(f"{count_of(len(forgotten), 'file')} forgotten; articles that came from them stay")


def _meant(path: Path, known: list[str]) -> list[str]:
    """The held files at a path or below it, also where it is not on the disk any more.

    Raises:
        NotFound: there are none.
    """
    for name in dict.fromkeys((str(path.absolute()), resolved(path))):
        meant = [each for each in known if each == name or each.startswith(name.rstrip("/") + "/")]
        if meant:
            return meant
    raise NotFound(f"no file at {path} is indexed: `dateline holdings list` shows those that are")


@app.command()
def show(
    url: Annotated[str, typer.Argument(help="The URL of a page.")],
    *,
    library: LibraryOption = None,
    as_json: JsonLinesOption = False,
) -> int:
    """Show which records of a URL are held. Exit status 1 where there is none."""
    key = url_key(url)
    with opened(library) as found:
        records = found.store.held_records(key)
    if as_json:
        print_json_lines(records)
    elif records:
        _list_records(records)
    else:
        say("nothing is held of it")
    return OK if records else INCOMPLETE


def _list_records(records: list[HeldRecord]) -> None:
    made = Listing("captured", "status", "type", "offset#", "url…", "file…")
    for record in records:
        status = "" if record.status is None else str(record.status)
        kind = "revisit" if record.revisit else record.media_type
        place = f"{record.path} {record.member}".strip()
        made.add(f"{record.captured_at:%Y-%m-%d %H:%M:%S}", status, kind, record.offset, record.url, place)
    made.print()
    if out.is_terminal:
        say(count_of(len(records), "record"))
