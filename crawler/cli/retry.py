"""``dateline retry``: make documents due again, without fetching anything yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from crawler.cli.console import (
    DryRunOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    opened,
    print_json,
    require_host,
    say,
)
from crawler.errors import ConfigurationError
from crawler.host_conditions import counted, view_of
from crawler.naming import select
from storage.protocol import Store
from storage.types import Selection, utc_now

_UNTRIED = "untried"


def retry(
    *,
    library: LibraryOption = None,
    outcome: Annotated[str, typer.Option(help="Documents whose latest attempt ended so.")] = "",
    host: Annotated[str, typer.Option(help="Documents of this host.")] = "",
    event: Annotated[str, typer.Option(help="Documents that this event cites.")] = "",
    url: Annotated[str, typer.Option(help="This document, in any variant of its URL.")] = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make documents due now, for the next crawl to fetch. Options narrow each other; safe to run again."""
    if not (outcome or host or event or url):
        raise ConfigurationError("say which documents: --outcome, --host, --event or --url")
    now = utc_now()
    with opened(library) as found:
        host = require_host(found.store, host)
        selection = replace(select(found.store, event=event, host=host, outcome=outcome, url=url), due_only=False)
        if url:
            found.store.document(selection.canonical_url)
        outcomes, waiting, names = _count(found.store, selection, now)
        if waiting and not dry_run:
            found.store.reschedule(selection, next_fetch_at=now)
        views = (view_of(one, found.configuration, now) for one in found.store.hosts(now=now) if one.name in names)
        passed_over = counted(views)
    if as_json:
        print_json({"documents": outcomes.total(), "made_due": 0 if dry_run else waiting, "by_outcome": outcomes})
        return
    _tell(outcomes, waiting, dry_run=dry_run)
    if outcomes and not dry_run:
        narrowed = "".join(f" --{name} {value}" for name, value in (("host", host), ("outcome", outcome)) if value)
        say(f"next: `dateline crawl{narrowed}` fetches them")
        if passed_over:
            say(f"{passed_over}, though: `dateline hosts list`")


def _count(store: Store, selection: Selection, now: datetime) -> tuple[Counter[str], int, set[str]]:
    """Latest outcome -> selected documents, how many of them are not due yet, and their hosts."""
    hosts: set[str] = set()
    outcomes: Counter[str] = Counter()
    waiting = 0
    for document in store.due(selection, now=now):
        outcomes[str(document.last_outcome or _UNTRIED)] += 1
        hosts.add(document.host)
        waiting += document.next_fetch_at is None or document.next_fetch_at > now
    return outcomes, waiting, hosts


def _tell(outcomes: Counter[str], waiting: int, *, dry_run: bool) -> None:
    verb = "would be" if dry_run else "is" if waiting == 1 else "are"
    already = outcomes.total() - waiting
    before = f", {already} already were" if already else ""
    say(f"{count_of(waiting, 'document')} {verb} due again{before}")
    if outcomes:
        made = Listing("latest outcome", "documents#")
        for name, number in outcomes.most_common():
            made.add(name, number)
        made.print()
