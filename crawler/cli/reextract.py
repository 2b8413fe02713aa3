"""``dateline reextract``: rebuild articles from their captures, without fetching anything."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from crawler.cli.console import (
    INCOMPLETE,
    OK,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    err,
    opened,
    print_json,
    progress_bar,
    require_host,
    say,
    settings_of,
    tell,
)
from crawler.cli.dedup import compared_with_progress, print_recompared
from crawler.cli.ordering import Ordered, QueueOption, orders_of, put_in_queue
from crawler.errors import ConfigurationError
from crawler.library import Library
from crawler.queueing.orders import AGAIN, HostOrder, WorkKind
from crawler.runs import as_typed, registered

if TYPE_CHECKING:  # the pool takes half a second to import: only this command's work pays for it
    from crawler.rebuilding import Rebuilt


Wanted: TypeAlias = Mapping[str, str | bool]
"""What is to be extracted, by the names of the options."""


def reextract(  # noqa: PLR0913 - one argument per option
    *,
    library: LibraryOption = None,
    everything: Annotated[bool, typer.Option("--all", help="The captures of all hosts.")] = False,
    host: Annotated[str, typer.Option(help="Only documents of this host.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Also what the present extractor made already.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write the new texts without asking.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Stop after the figures; what was extracted waits for the next run.")
    ] = False,
    queue: QueueOption = False,
    as_json: JsonOption = False,
) -> int:
    """Extract stored captures again with the present extractor: stage, show what would change, then write it.

    Without --all and --host it only says what there is to do. A run that was killed goes on where it was. With --queue
    workers extract and stage, one host each; when they are through, the command without it shows the figures and asks.
    """
    if queue:
        wanted: Wanted = {"all": everything, "host": host, "again": again}
        return _to_workers(library, wanted, decided=yes or dry_run, as_json=as_json)
    with opened(library) as found:
        host = require_host(found.store, host)
        from crawler import rebuilding  # noqa: PLC0415 - see above

        if not everything and not host:
            report = rebuilding.outlook(found)
            print_json(report) if as_json else _print_outlook(report)
            return OK
        typed = as_typed("dateline reextract", all=everything, host=host, again=again, yes=yes)
        with registered(found, typed, unless=dry_run) as work:
            report = _staged(found, host, again=again)
            work.counts["extracted"] = report.versions
            if not as_json:
                _print_figures(report)
            write = report.waiting > 0 and not dry_run and (yes or (not as_json and _agreed(report)))
            if write:
                rebuilding.apply(found, report, host=host)
                work.counts["written"] = report.applied
                report.recompared = compared_with_progress(found.store)
    print_json(report) if as_json else _print_end(report, written=write, dry_run=dry_run)
    left = report.waiting > 0 and not write and not dry_run
    return INCOMPLETE if report.problems or left else OK


def _to_workers(library: LibraryOption, wanted: Wanted, *, decided: bool, as_json: bool) -> int:
    if decided or not (wanted["all"] or wanted["host"]):
        raise ConfigurationError(
            "--queue goes with --all or --host and leaves only the extracting to workers: what is written is decided"
            " afterwards, by the same command without --queue"
        )
    settings, typed = settings_of(library), as_typed("dateline reextract", **wanted)
    status = put_in_queue(settings, typed, lambda found: _by_host(found, wanted), as_json=as_json)
    if not as_json:
        say(f"when they are through, `{typed}` shows what would change, and asks before it writes")
    return status


def _by_host(found: Library, wanted: Wanted) -> Ordered:
    """An order per host, those with most versions first: they last longest."""
    from crawler.extraction.version import EXTRACTOR_VERSION, SAVED_EXTRACTOR_VERSION  # noqa: PLC0415 - see above

    host, again = require_host(found.store, str(wanted["host"])), bool(wanted["again"])
    made = {} if again else {"made_by": EXTRACTOR_VERSION, "imported_by": SAVED_EXTRACTOR_VERSION}
    if not host:
        found.store.forget_reextractions(except_version=EXTRACTOR_VERSION)
    hosts = {name: count for name, count in found.store.hosts_of_versions(**made).items() if host in {"", name}}
    order = HostOrder(host="", kind=WorkKind.REEXTRACT, options={AGAIN: "yes"} if again else {})
    return Ordered(orders=orders_of(hosts, order), documents=sum(hosts.values()), named=bool(host), of="version")


def _staged(library: Library, host: str, *, again: bool) -> Rebuilt:
    from crawler.rebuilding import stage  # noqa: PLC0415 - see above

    with progress_bar() as bar:
        total = None if host else library.store.info().rows.get("article_versions")
        task = bar.add_task("extracting", total=total)
        return stage(library, host=host, again=again, progress=lambda: bar.update(task, advance=1))


def _agreed(report: Rebuilt) -> bool:
    """Whether somebody at a terminal says yes; nobody is asked elsewhere."""
    if not (err.is_terminal and sys.stdin and sys.stdin.isatty()):
        return False
    try:
        return typer.confirm(f"Write {count_of(report.waiting, 'text')} over the old ones?", default=False, err=True)
    except typer.Abort as stop:
        raise KeyboardInterrupt from stop


def _print_outlook(report: Rebuilt) -> None:
    say(f"of {count_of(report.total, 'version')} another extractor made {report.total - report.current}")
    if report.kept:
        say(f"{count_of(report.kept, 'version')} extracted by an earlier run wait for a decision")
    say("`dateline reextract --all` extracts them again and shows what would change; `--host HOST` those of one host")


def _print_figures(report: Rebuilt) -> None:
    kept = f", {report.kept} of them by an earlier run" if report.kept else ""
    say(f"{count_of(report.versions, 'version')} extracted again{kept} ({report.extractor})")
    if report.current:
        say(f"{count_of(report.current, 'version')} left out: this extractor made them (--again takes them too)")
    if report.waiting:
        explained = f", {report.explained} only explained otherwise" if report.explained else ""
        say(f"{report.changed} would change, {report.unchanged} would not{explained}")
    if report.fields:
        made = Listing("field", "differs#")
        for name, count in sorted(report.fields.items()):
            made.add(name, count)
        made.print()
        say(f"words: {report.words_before} before, {report.words_after} after")
    _print_lengths(report)
    for url, problem in report.problems:
        tell(("kept as it was: ", "yellow"), f"{url}: {problem}")


def _print_lengths(report: Rebuilt) -> None:
    if report.shorter or report.longer:
        say(f"{report.shorter} more than a fifth shorter, {report.longer} more than a fifth longer")
    if report.worst:
        made = Listing("words before#", "after#", "the ones that lose most")
        for one in report.worst:
            made.add(one.words_before, one.words_after, one.url)
        made.print()
    if report.lost:
        say(f"{count_of(report.lost, 'capture')} without an article now: their versions stay")


def _print_end(report: Rebuilt, *, written: bool, dry_run: bool) -> None:
    if written:
        over = f", {report.overtaken} extracted by somebody else meanwhile" if report.overtaken else ""
        say(f"{count_of(report.applied, 'version')} written{over}")
        if report.recompared is not None and report.recompared.compared:
            print_recompared(report.recompared)
    elif not report.waiting:
        say("nothing to do")
    elif dry_run:
        say("nothing was written; what was extracted waits: the same command without --dry-run writes it")
    else:
        say("nothing was written: --yes writes it; what was extracted waits")
