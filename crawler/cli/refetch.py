"""``dateline refetch``: fetch one event's sources again, whether due or not.

Why several events only with ``--queue``: a run has one selection; workers take any number of orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from crawler.cli.console import DryRunOption, JsonOption, LibraryOption, settings_of
from crawler.cli.crawl import crawl_with_progress, report_crawl, selected, show_plan
from crawler.cli.fetching import AllowPrivateOption, LogLevelOption, given_settings
from crawler.cli.linking import link_after
from crawler.cli.ordering import Ordered, QueueOption, orders_of, put_in_queue
from crawler.errors import ConfigurationError
from crawler.library import Library
from crawler.queueing.orders import HostOrder
from crawler.runs import as_typed
from storage.types import utc_now


def refetch(
    events: Annotated[
        list[str],
        typer.Argument(help="Event key, page path, file, or a unique beginning of the key.", metavar="EVENT..."),
    ],
    *,
    library: LibraryOption = None,
    queue: QueueOption = False,
    allow_private: AllowPrivateOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "",
) -> int:
    """Fetch the sources of one event now; unchanged pages are asked for with a conditional request.

    Several events at once are for workers: --queue.
    """
    settings = settings_of(library, given_settings(allow_private=allow_private))
    if queue and not dry_run:
        typed = as_typed("dateline refetch", *events)
        return put_in_queue(settings, typed, lambda found: _cited_by(found, events), as_json=as_json)
    if len(events) > 1:
        raise ConfigurationError("one event at a time; with --queue workers fetch the sources of several")
    (event,) = events
    if dry_run:
        return show_plan(library, {"event": event}, as_json=as_json)
    report = crawl_with_progress(settings, f"dateline refetch {event}", {"event": event}, log_level)
    return report_crawl(report, link_after(settings, report.state), as_json=as_json)


def _cited_by(found: Library, events: Sequence[str]) -> Ordered:
    """What these events cite, for workers: each page once, if it was not fetched since now."""
    now = utc_now()
    orders: list[HostOrder] = []
    documents = 0
    for event in dict.fromkeys(events):
        wanted = selected(found.configuration, found.store, {"event": event})
        hosts = found.store.due_hosts(wanted, now=now)
        orders += orders_of(hosts, HostOrder(host="", event_key=wanted.event_key, due_only=False, since=now))
        documents += sum(hosts.values())
    return Ordered(orders=orders, documents=documents, named=True)
