"""``dateline backfill``: look in web archives for what the live web does not give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.backfilling.orders import Order, order
from crawler.backfilling.places import archives_of
from crawler.cli.console import (
    INCOMPLETE,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    jsonable,
    opened,
    print_json,
    require_host,
    say,
    settings_of,
    tell,
)
from crawler.cli.fetching import (
    AllowPrivateOption,
    LogLevelOption,
    fetching_bar,
    given_settings,
    log_level_of,
    print_interrupted,
    print_outcomes,
    print_verdicts,
    status_of,
    tell_problem,
)
from crawler.cli.linking import LinkedAfter, link_after, print_linked
from crawler.cli.ordering import Ordered, QueueOption, orders_of, put_in_queue
from crawler.configuration import Configuration
from crawler.errors import ConfigurationError
from crawler.library import Library
from crawler.planning import backfill_rules
from crawler.queueing.orders import HostOrder, WorkKind
from crawler.turns import MAY_BE_ASKED
from storage.protocol import Store
from storage.types import (
    BACKFILL_MEANINGS,
    SEARCH_MEANINGS,
    BackfillRules,
    BackfillState,
    RunState,
    SearchState,
    Selection,
    utc_now,
)
from storage.wanting import MOST_COUNTED

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.crawling import BackfillReport

_SHOWN = 50
_COUNTED = MOST_COUNTED


@dataclass(frozen=True, kw_only=True, slots=True)
class _Given:
    """The options that narrow a backfill."""

    events: tuple[str, ...]
    host: str
    since: str
    until: str
    archive: str
    versions: bool

    def order(self, store: Store) -> Order:
        """What they mean in this library."""
        host = require_host(store, self.host)
        return order(
            store,
            events=self.events,
            host=host,
            since=self.since,
            until=self.until,
            versions=self.versions,
            archive=self.archive,
        )

    def arguments(self) -> dict[str, str]:
        """For the spider."""
        given = {
            "event": "\n".join(self.events),
            "host": self.host,
            "since": self.since,
            "until": self.until,
            "archive": self.archive,
            "versions": "1" if self.versions else "",
        }
        return {name: value for name, value in given.items() if value}

    def host_order(self, selection: Selection, *, since: datetime) -> HostOrder:
        """What they mean for one host, for a worker."""
        words = {"since": self.since, "until": self.until, "archive": self.archive}
        words["versions"] = "1" if self.versions else ""
        return HostOrder(
            host=selection.host,
            kind=WorkKind.BACKFILL,
            event_key=selection.event_key,
            due_only=selection.due_only,
            since=None if selection.due_only else since,
            options={name: value for name, value in words.items() if value},
        )

    def typed(self) -> str:
        """As a person would type it."""
        words = ["dateline backfill", *self.events]
        for name in ("host", "since", "until", "archive"):
            words += [f"--{name} {value}"] if (value := getattr(self, name)) else []
        return " ".join([*words, *(["--versions"] if self.versions else [])])


def backfill(  # noqa: PLR0913 - one argument per option
    events: Annotated[
        list[str] | None,
        typer.Argument(help="Events whose sources are wanted, due or not.", metavar="EVENT..."),
    ] = None,
    *,
    library: LibraryOption = None,
    since: Annotated[str, typer.Option(help="Only what events of this day or later cite.", metavar="DAY")] = "",
    until: Annotated[str, typer.Option(help="Only what events up to this day cite.", metavar="DAY")] = "",
    host: Annotated[str, typer.Option(help="Only this host.")] = "",
    archive: Annotated[
        str,
        typer.Option(help="Ask only this archive, as dateline.toml names it, about all that is missing, due or not."),
    ] = "",
    versions: Annotated[
        bool, typer.Option("--versions", help="Keep every copy that differs, at any time, not only the best.")
    ] = False,
    save: Annotated[
        bool,
        typer.Option(
            "--save", help="Ask the Internet Archive to save the pages that live and of which no copy is known instead."
        ),
    ] = False,
    queue: QueueOption = False,
    allow_private: AllowPrivateOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "",
) -> int:
    """Look in web archives for sources that the live web does not give. Run it again to go on where it stopped.

    --save needs DATELINE_SAVE_KEY and DATELINE_SAVE_SECRET in the environment.
    """
    settings = settings_of(library, given_settings(allow_private=allow_private))
    given = _Given(events=tuple(events or ()), host=host, since=since, until=until, archive=archive, versions=versions)
    if save and queue:
        raise ConfigurationError("--save asks the Internet Archive from here: leave out --queue")
    if save:
        return _save(given, settings, log_level=log_level_of(log_level), dry_run=dry_run, as_json=as_json)
    archives_of(settings, archive)
    if dry_run:
        return _show_plan(library, given, as_json=as_json)
    if queue:
        return put_in_queue(settings, given.typed(), lambda found: _wanted_now(found, given), as_json=as_json)
    report = _run(settings, given, log_level_of(log_level))
    left = 0 if report.problem else _due(settings, given)
    # An archive that asks us to stop is no person who does.
    linked = link_after(settings, RunState.FINISHED if report.notice else report.state)
    by_hand = bool(given.events or given.archive or given.versions)
    return _print_report(report, linked, left, by_hand=by_hand, as_json=as_json)


def _wanted_now(found: Library, given: _Given) -> Ordered:
    """What is wanted from archives, for workers; first the rules say what that is."""
    wanted, now = given.order(found.store), utc_now()
    found.store.queue_backfills(backfill_rules(), now=now)
    orders: list[HostOrder] = []
    documents = 0
    for selection in wanted.selections:
        request = wanted.request(selection, token="", now=now, lease=now - now, limit=_COUNTED)
        hosts = found.store.backfill_hosts(request)
        orders += orders_of(hosts, given.host_order(selection, since=now))
        documents += sum(hosts.values())
    return Ordered(orders=orders, documents=documents, named=bool(given.arguments()))


def _save(given: _Given, settings: Configuration, *, log_level: str, dry_run: bool, as_json: bool) -> int:
    """The other direction; returns the exit status."""
    if given.archive or given.versions:
        raise ConfigurationError("--save asks the Internet Archive for new copies: leave out --archive and --versions")
    from crawler.cli import saving  # noqa: PLC0415 - see above

    return saving.save(
        settings,
        given.arguments(),
        typed=f"{given.typed()} --save",
        log_level=log_level,
        dry_run=dry_run,
        as_json=as_json,
    )


def _run(settings: Configuration, given: _Given, level: str) -> BackfillReport:
    """Queue what is wanted, then look for it with a bar on a terminal or a line per document elsewhere."""
    with opened(settings.library) as found:
        wanted, now = given.order(found.store), utc_now()
        found.store.queue_backfills(backfill_rules(), now=now)
        total = _counted(found.store, wanted)
    from crawler.crawling import backfill as run_backfill  # noqa: PLC0415 - see above

    with fetching_bar("asking archives", total) as advance:
        return run_backfill(
            settings,
            command=given.typed(),
            arguments=given.arguments(),
            log_level=level,
            progress=lambda sought: advance(sought.state, sought.document.host),
        )


def _counted(store: Store, wanted: Order, *, rules: BackfillRules | None = None) -> int:
    """How many documents are meant; with ``rules``, how many of the queue's these have yet to put there."""
    now = utc_now()
    requests = (
        wanted.request(selection, token="", now=now, lease=now - now, limit=1) for selection in wanted.selections
    )
    return sum(store.count_backfills(request, rules=rules) for request in requests)


def _due(settings: Configuration, given: _Given) -> int:
    """How many of the documents meant are still due, where the queue was worked off."""
    with opened(settings.library) as found:
        wanted = given.order(found.store)
        return 0 if wanted.by_hand else _counted(found.store, wanted)


def _print_report(
    report: BackfillReport, linked: LinkedAfter | None, left: int, *, by_hand: bool, as_json: bool
) -> int:
    """Print what was found where, what is left and when to come back; returns the exit status."""
    status = status_of(report.state)
    status = INCOMPLETE if report.notice else status or (linked.status if linked else OK)
    if as_json:
        print_json({**jsonable(report), "left": left, "linking": linked})
        return status
    if report.state is RunState.FINISHED and not report.documents:
        say("nothing was wanted from archives")
    _print_archives(report.archives)
    if report.outcomes:
        say()
        say(("copies that were fetched", "bold"))
        print_outcomes(report.outcomes)
    print_verdicts(report.verdicts)
    print_linked(linked)
    _print_documents(report.documents)
    _print_next(report, left, by_hand=by_hand)
    tell_problem(report.problem)
    return status


def _print_archives(archives: Mapping[str, Mapping[str, int]]) -> None:
    made = Listing("archive", "state", "documents#", "meaning")
    for name, states in archives.items():
        for state, count in sorted(states.items(), key=lambda pair: -pair[1]):
            made.add(name, state, count, SEARCH_MEANINGS[SearchState(state)])
    if made.rows:
        made.print()


def _print_documents(documents: Mapping[str, int]) -> None:
    if not documents:
        return
    say()
    made = Listing("documents", "count#", "meaning")
    for state in BackfillState:
        if state in documents:
            made.add(state, documents[state], BACKFILL_MEANINGS[state])
    made.print()


def _print_next(report: BackfillReport, left: int, *, by_hand: bool) -> None:
    """What a person can do now, and when: one moment, the first at which the same command finds something to do.

    A run that was stopped has work left for the end of its archive's rest, unless all documents wait for later.
    """
    goes_on = bool(report.notice) and (by_hand or left > 0 or report.next_at is None)
    if report.notice:
        told = report.notice if goes_on else report.notice.partition(MAY_BE_ASKED)[0]
        tell(("stopped: ", "bold yellow"), told)
    if not report.notice:
        print_interrupted(report.state)
    if report.next_at is not None and not goes_on:
        say(f"an archive could not be asked: run the same command at {report.next_at:%Y-%m-%d %H:%M}Z or later")
    if left and report.state is RunState.FINISHED:
        say(f"{count_of(left, 'document')} still wanted: run the same command again")


def _show_plan(library: Path | None, given: _Given, *, as_json: bool) -> int:
    """Print which documents would be looked for, and in which archives."""
    from crawler.backfilling.preview import previewed  # noqa: PLC0415 - see above

    with opened(library) as found:
        archives = archives_of(found.configuration, given.archive)
        wanted = given.order(found.store)
        named = wanted.by_hand and not wanted.queued
        most = _COUNTED if as_json or named else _SHOWN
        plan = previewed(
            found.store,
            wanted,
            archives,
            only=given.archive,
            now=utc_now(),
            limit=most,
            allow_private=found.configuration.flag("crawl.allow_private"),
        )
        # Two events may cite one document.
        found_once = {one.document.id: one for one in islice(plan, most)}
        rows = [
            {"reason": one.reason, "archives": one.archives, "url": one.document.request_url}
            for one in found_once.values()
        ]
        unqueued = 0 if named else _counted(found.store, wanted, rules=backfill_rules())
        total = len(rows) if named else _counted(found.store, wanted) + unqueued
    if as_json:
        print_json({"documents": total, "not_queued_yet": unqueued, "plan": rows})
        return OK
    _print_plan(rows[:_SHOWN], total, unqueued)
    return OK


def _print_plan(rows: Sequence[Mapping[str, object]], total: int, unqueued: int) -> None:
    """The first rows, how many documents there are, and how many of them only the run itself will queue."""
    made = Listing("reason", "archives", "url…")
    for row in rows:
        names = row["archives"]
        made.add(row["reason"], " > ".join(names) if isinstance(names, tuple) else "", row["url"])
    if rows:
        made.print()
    more = f"; the first {len(rows)} are shown" if rows and total - unqueued > len(rows) else ""
    say(f"{count_of(total, 'document')} would be looked for{more}")
    if unqueued:
        say(f"{unqueued} of them would be queued first, and are not listed here")
    if not total:
        say("`dateline crawl` and `dateline backfill` queue what the live web does not give")
