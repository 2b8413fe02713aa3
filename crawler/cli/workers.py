"""``dateline workers``: who works on the queue, where, how fast, and what waits.

Why exit status 1 where a worker is silent or gone, and where something waits and nobody is at work: both are for a
person (or for whatever asks every minute on a person's behalf). A stalled job is not: workers take it over in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.cli.console import (
    INCOMPLETE,
    OK,
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
from crawler.health.workers import QueueStanding, WorkerStanding, problems_of, queues_of, workers_of
from crawler.phrases import span

_SHOWN = 3


def workers(*, library: LibraryOption = None, as_json: JsonOption = False) -> int:
    """List the workers: where each is, which hosts it holds, how fast it is; and what waits in the queue."""
    with opened(library) as found:
        now = found.store.clock()
        queues = queues_of(found.configuration)
        standing = workers_of(found.store, found.configuration)
    if as_json:
        print_json({"workers": [jsonable(one) for one in standing], "queues": [jsonable(one) for one in queues]})
    else:
        _print(standing, now)
        _print_queues(queues, now)
    problems = problems_of(standing, queues)
    for problem in problems:
        tell(("attention: ", "yellow"), problem)
    return INCOMPLETE if problems else OK


def _print(standing: Sequence[WorkerStanding], now: datetime) -> None:
    if not standing:
        say("no worker is at work: `dateline work` starts one")
        return
    made = Listing(
        "run#", "machine", "pid#", "for#", "state", "hosts#", "pages/min#", "last sign#", "version", "holds…"
    )
    for one in standing:
        made.add(
            one.number,
            one.machine,
            one.pid,
            span(now - one.since),
            one.state,
            len(one.hosts),
            f"{one.pages_per_minute:g}",
            span(now - one.last_sign),
            one.version,
            _holds(one.hosts),
        )
    made.print()
    pages = sum(one.pages_per_minute for one in standing)
    hosts = sum(len(one.hosts) for one in standing)
    say(f"{count_of(len(standing), 'worker')}, {count_of(hosts, 'host')} held, {pages:g} pages a minute")


def _print_queues(queues: Sequence[QueueStanding], now: datetime) -> None:
    say()
    made = Listing("queue", "waiting#", "running#", "stalled#", "oldest waits#")
    for one in queues:
        waits = span(now - one.oldest) if one.oldest else ""
        made.add(one.queue, one.waiting, one.running, one.stalled, waits)
    made.print()


def _holds(hosts: Sequence[str]) -> str:
    more = f" and {len(hosts) - _SHOWN} more" if len(hosts) > _SHOWN else ""
    return ", ".join(hosts[:_SHOWN]) + more
