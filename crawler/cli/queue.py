"""``dateline queue``: what waits for workers, host by host.

Why clearing it needs no second question: what is due stands in the library's own tables, and workers queue it again.
Only what a person ordered with ``--queue`` and nobody did yet is forgotten, and the answer says how much that is.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

from crawler.cli.console import (
    DryRunOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    jsonable,
    opened,
    print_json,
    say,
    tell,
)
from crawler.naming import host_name
from crawler.phrases import span
from crawler.queueing.reaching import address_of
from crawler.queueing.views import JobView, QueueReport, QueueView, clear, look
from crawler.runs import as_typed, registered
from storage.types import utc_now

app = typer.Typer(help="What waits for workers, host by host.", invoke_without_command=True)

HostOption = Annotated[str, typer.Option(help="Only this host.")]

_SHOWN = 50


@app.callback(invoke_without_command=True)
def queue(
    context: typer.Context,
    *,
    library: LibraryOption = None,
    host: HostOption = "",
    all_: Annotated[bool, typer.Option("--all", help=f"Every host, not the first {_SHOWN} only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the hosts that wait for workers: how many jobs each has, since when, who ordered them, who is at it."""
    if context.invoked_subcommand is not None:
        return
    with opened(library) as found:
        report = look(found.configuration)
    wanted = host_name(host) if host else ""
    hosts = [one for one in report.hosts if not wanted or one.host == wanted]
    if as_json:
        print_json({"totals": _totals(report), "hosts": [jsonable(one) for one in hosts]})
        return
    _print_hosts(hosts if all_ else hosts[:_SHOWN], utc_now())
    if len(hosts) > _SHOWN and not all_:
        say(f"the first {_SHOWN} of {len(hosts)} hosts are shown; --all shows every one")
    _print_totals(report)


@app.command("clear")
def clear_(
    *,
    library: LibraryOption = None,
    host: HostOption = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Remove the jobs that wait; what is being done goes on. What is due stays due, and workers queue it again."""
    wanted = host_name(host) if host else ""
    with opened(library) as found:
        address_of(found.configuration.database_url)
        with registered(found, as_typed("dateline queue clear", host=host), unless=dry_run) as work:
            jobs = [one for one in look(found.configuration).jobs if not wanted or one.order.host == wanted]
            waiting = [one for one in jobs if not one.running]
            locks = {one.order.lock for one in waiting} if wanted else None
            removed = len(waiting) if dry_run else clear(found.configuration, locks)
            work.counts["removed"] = removed
    ordered = sum(not one.order.due_only for one in waiting)
    if as_json:
        print_json({"removed": removed, "ordered": ordered, "running": len(jobs) - len(waiting), "dry_run": dry_run})
        return
    verb = "would be removed" if dry_run else "removed"
    say(f"{count_of(removed, 'job')} {verb}; what is due stays due, and workers queue it again")
    if ordered:
        say(f"{count_of(ordered, 'job')} of them somebody ordered, due or not: order again what is still wanted")


def _totals(report: QueueReport) -> dict[str, object]:
    waiting = [one for one in report.jobs if not one.running]
    return {
        "waiting": len(waiting),
        "running": len(report.jobs) - len(waiting),
        "stalled": sum(one.stalled for one in report.jobs),
        "unreadable": report.unreadable,
        "oldest": min((one.put_at for one in waiting if one.put_at), default=None),
        "by_kind": Counter(str(one.order.kind) for one in waiting),
        "workers": report.alive,
    }


def _print_hosts(hosts: list[QueueView], now: datetime) -> None:
    if not hosts:
        return
    made = Listing("host", "kind", "waiting#", "for#", "priority#", "ordered by", "at work")
    for one in hosts:
        waits = span(now - one.oldest) if one.oldest else ""
        at_work = "stalled" if one.stalled else one.worker if one.running else ""
        made.add(one.host, one.kind, one.waiting, waits, one.priority, ", ".join(one.by), at_work)
    made.print()


def _print_totals(report: QueueReport) -> None:
    waiting = [one for one in report.jobs if not one.running]
    running = len(report.jobs) - len(waiting)
    say(f"{count_of(len(waiting), 'job')} waiting{_kinds(waiting)}, {running} being done")
    if report.unreadable:
        tell((f"{count_of(report.unreadable, 'job')}: ", "yellow"), "put by a newer dateline, for its own workers")
    if stalled := sum(one.stalled for one in report.jobs):
        tell((f"{count_of(stalled, 'job')} stalled: ", "yellow"), "the worker is silent; another takes over in seconds")
    if report.jobs and not report.alive:
        tell(("nobody is at work: ", "yellow"), "`dateline work` starts a worker")


def _kinds(jobs: list[JobView]) -> str:
    counted = Counter(str(one.order.kind) for one in jobs)
    return f" ({', '.join(f'{count} {kind}' for kind, count in counted.most_common())})" if len(counted) > 1 else ""
