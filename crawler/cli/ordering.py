"""What ``--queue`` means for every command that has it: the same work, done by workers.

Why it says whether anybody is at work: what is queued waits for as long as nobody is, and nothing else would tell.

Why a host that ``dateline.toml`` pauses is left out: a worker would only find that out. Not where nobody asks the host:
texts are worked on from what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from crawler.cli.console import OK, count_of, opened, print_json, say
from crawler.configuration import Configuration
from crawler.host_states import HostStates
from crawler.library import Library
from crawler.queueing.orders import BY_HAND, EVERY_HOST, HostOrder
from crawler.queueing.reaching import address_of
from crawler.runs import login_name, registered

QueueOption = Annotated[
    bool,
    typer.Option("--queue", help="Leave it to workers (`dateline work`) on any machine; needs PostgreSQL."),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ordered:
    """What a command asks workers for.

    Attributes:
        orders: one per host, those that wait longest first.
        documents: how many are meant.
        named: somebody named what is wanted: it goes before what is merely due.
        of: what ``documents`` counts.
    """

    orders: Sequence[HostOrder] = ()
    documents: int = 0
    named: bool = False
    of: str = "document"


def orders_of(hosts: Mapping[str, int], of: HostOrder) -> list[HostOrder]:
    """One order like this per host."""
    return [replace(of, host=host) for host in hosts]


def put_in_queue(settings: Configuration, command: str, choose: Callable[[Library], Ordered], *, as_json: bool) -> int:
    """Queue what a command asks for, as a run of its own, and say so; returns the exit status.

    Args:
        settings: of the library.
        command: as a person would type it, without ``--queue``.
        choose: what is wanted, from the open library.
        as_json: for scripts.

    Raises:
        ConfigurationError: the library has no database on PostgreSQL, or the extra is missing.
    """
    address_of(settings.database_url)
    with opened(settings.library) as found, registered(found, f"{command} --queue") as work:
        by = "" if work.run is None or work.run.job else login_name()
        ordered = choose(found)
        counts = _put(settings, ordered, by)
        work.counts.update(counts)
    _tell(settings, counts, of=ordered.of, as_json=as_json)
    return OK


def _put(settings: Configuration, ordered: Ordered, by: str) -> dict[str, int]:
    from crawler.queueing.engine import put_orders  # noqa: PLC0415 - the driver is for those that need it

    paused = HostStates.configured(settings).paused
    orders = [replace(order, by=by) for order in ordered.orders if order.host not in paused or order.of_texts]
    queued = put_orders(settings, orders, priority=BY_HAND if by and ordered.named else 0) if orders else 0
    hosts = len({order.host for order in orders} - {EVERY_HOST})
    return {"hosts": hosts, "queued": queued, "waited": len(orders) - queued, "documents": ordered.documents}


def _tell(settings: Configuration, counts: Mapping[str, int], *, of: str, as_json: bool) -> None:
    from crawler.queueing.views import look  # noqa: PLC0415 - as above

    workers = look(settings).alive
    if as_json:
        print_json({**counts, "workers": workers})
        return
    if not counts["queued"] and not counts["waited"]:
        say("nothing to queue")
        return
    waited = f" ({counts['waited']} waited already)" if counts["waited"] else ""
    hosts = f" for {count_of(counts['hosts'], 'host')}" if counts["hosts"] else ""
    say(f"{count_of(counts['queued'], 'job')} queued{waited}{hosts}: {count_of(counts['documents'], of)}")
    say("workers take them: `dateline workers`" if workers else "no worker is at work: `dateline work` starts one")
