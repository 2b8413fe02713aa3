"""``dateline plan``: what would be fetched in the next days, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.agenda import ORDER, Agenda, AgendaDay, HostDay
from crawler.cli.console import (
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    jsonable,
    opened,
    print_json,
    progress_bar,
    require_host,
    say,
)
from crawler.errors import ConfigurationError
from crawler.outlook import Booked, Explained, book, explain_document, look_ahead
from crawler.recrawling import in_words
from crawler.runs import as_typed, registered
from crawler.urls import identify
from storage.types import utc_now

_SHOWN_ATTEMPTS = 20
_LATER = {"budget": "its budget of the day", "interval": "its interval"}


def plan(  # noqa: PLR0913 - one argument per option
    *,
    days: Annotated[int, typer.Option(min=1, max=366, help="Of so many days (UTC), today included.")] = 2,
    host: Annotated[str, typer.Option(help="Only this host.")] = "",
    url: Annotated[str, typer.Option(help="Why this document is due when it is.")] = "",
    book_: Annotated[
        bool, typer.Option("--book", help="Give pages that were fetched, live and have no date their dates.")
    ] = False,
    dead: Annotated[bool, typer.Option("--dead", help="With --book: dates for what is gone, too.")] = False,
    top: Annotated[int, typer.Option(min=1, help="So many hosts of each day.")] = 10,
    library: LibraryOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """Say what would be fetched in the next days, and why; fetches nothing. With --book, give dates."""
    _require_one(url=url, host=host, booking=book_, dead=dead, dry_run=dry_run)
    if book_:
        return _book(library, dead=dead, dry_run=dry_run, as_json=as_json)
    if url:
        return _explain(library, url, as_json=as_json)
    with opened(library) as found:
        name = require_host(found.store, host)
        made = look_ahead(found, days=days, now=utc_now(), host=name)
    if as_json:
        print_json(_json_of(made))
    else:
        _print(made, top)
    return OK


def _require_one(*, url: str, host: str, booking: bool, dead: bool, dry_run: bool) -> None:
    """Refuse options that mean nothing together.

    Raises:
        ConfigurationError: names them.
    """
    if booking and (url or host):
        raise ConfigurationError("--book is about all documents: leave out --url and --host")
    if url and host:
        raise ConfigurationError("--url names one document already: leave out --host")
    if (dead or dry_run) and not booking:
        raise ConfigurationError(f"{'--dead' if dead else '--dry-run'} goes with --book: a plan changes nothing")


# -- the next days ---------------------------------------------------------------------------------------------


def _print(made: Agenda, top: int) -> None:
    for number, day in enumerate(made.days):
        today = " (the rest of today, UTC)" if number == 0 else ""
        say((f"{day.day:%Y-%m-%d}", "bold"), f"{today}: {_day_words(day)}")
        if day.hosts:
            _print_hosts(day, top)
    if made.left_out:
        say(("not asked, or not at once:", "bold"))
        for one in made.left_out[:top]:
            say(f"  {one.host}: {one.why}; {count_of(one.documents, 'document')} of it would be due")
        if len(made.left_out) > top:
            say(f"  and {count_of(len(made.left_out) - top, 'more host')}: --top shows more")


def _day_words(day: AgendaDay) -> str:
    if not day.planned:
        return "nothing"
    reasons = ", ".join(f"{day.reasons[reason]:,} {reason}" for reason in ORDER if day.reasons[reason])
    hosts = sum(1 for host in day.hosts if host.planned)
    later = f"; {day.deferred:,} wait for a later day" if day.deferred else ""
    return f"{_documents(day.planned)} of {count_of(hosts, 'host')}: {reasons}; at least {in_words(day.busy)}{later}"


def _documents(number: int) -> str:
    return f"{number:,} document{'' if number == 1 else 's'}"


def _print_hosts(day: AgendaDay, top: int) -> None:
    made = Listing("  host", "documents#", *(f"{reason}#" for reason in ORDER), "at least#", "")
    for host in day.hosts[:top]:
        counts = [f"{host.reasons.get(reason, 0):,}" for reason in ORDER]
        made.add(f"  {host.host}", f"{host.planned:,}", *counts, in_words(host.busy), _bound_words(host))
    made.print()
    if len(day.hosts) > top:
        rest = sum(host.planned for host in day.hosts[top:])
        say(f"  and {count_of(len(day.hosts) - top, 'more host')} with {_documents(rest)}: --top shows more")


def _bound_words(host: HostDay) -> str:
    if not host.bound:
        return ""
    return f"{host.planned:,} of {host.wanted:,}, the rest on later days ({_LATER[host.bound]})"


def _json_of(made: Agenda) -> dict[str, Any]:
    return {
        "days": [
            {
                "day": day.day.isoformat(),
                "documents": day.planned,
                "reasons": {str(reason): day.reasons[reason] for reason in ORDER},
                "deferred": day.deferred,
                "at_least_s": round(day.busy.total_seconds(), 3),
                "hosts": [_json_of_host(host) for host in day.hosts],
            }
            for day in made.days
        ],
        "left_out": jsonable(made.left_out),
    }


def _json_of_host(host: HostDay) -> dict[str, Any]:
    return {
        "host": host.host,
        "documents": host.planned,
        "reasons": {str(reason): host.reasons.get(reason, 0) for reason in ORDER},
        "wanted": host.wanted,
        "bound": host.bound,
        "at_least_s": round(host.busy.total_seconds(), 3),
    }


# -- one document ----------------------------------------------------------------------------------------------


def _explain(library: Path | None, url: str, *, as_json: bool) -> int:
    with opened(library) as found:
        explained = explain_document(found, identify(url).canonical_url)
    if as_json:
        print_json(_json_of_document(explained))
        return OK
    document = explained.document
    say((document.canonical_url, "bold"))
    if len(explained.attempts) > _SHOWN_ATTEMPTS:
        say(f"  {count_of(len(explained.attempts) - _SHOWN_ATTEMPTS, 'earlier attempt')}: `dateline why` shows them")
    for attempt in explained.attempts[-_SHOWN_ATTEMPTS:]:
        say(f"  {attempt.finished_at:%Y-%m-%d %H:%M}Z {attempt.reason}: {attempt.outcome}")
    if document.checks:
        found_at = f", last {document.changed_at:%Y-%m-%d %H:%M}Z" if document.changed_at else ""
        say(f"  {document.changes} of {count_of(document.checks, 'check')} found it changed{found_at}")
    for sentence in explained.sentences:
        say(f"  {sentence}")
    return OK


def _json_of_document(explained: Explained) -> dict[str, Any]:
    reckoning = explained.reckoning
    figures = None
    if reckoning is not None:
        figures = {
            "since": reckoning.since.name.lower(),
            "since_at": reckoning.since_at,
            "age_s": reckoning.age.total_seconds(),
            "share": reckoning.share,
            "factor": reckoning.factor,
            "bound": reckoning.bound,
            "jitter": reckoning.jitter,
            "wait_s": reckoning.wait.total_seconds(),
            "at": reckoning.at,
        }
    return {
        "document": explained.document,
        "attempts": explained.attempts,
        "explained": explained.sentences,
        "rule": figures,
    }


# -- dates for what has none -----------------------------------------------------------------------------------


def _book(library: Path | None, *, dead: bool, dry_run: bool, as_json: bool) -> int:
    command = as_typed("dateline plan --book", dead=dead)
    with opened(library) as found, registered(found, command, unless=dry_run) as work, progress_bar() as bar:
        task = bar.add_task("booking", total=None)

        def told(so_far: Booked) -> None:
            work.counts.update({"living": so_far.living, "dead": so_far.dead})
            bar.update(task, completed=so_far.living + so_far.dead)

        booked = book(found, now=utc_now(), dead=dead, dry_run=dry_run, progress=told)
    if as_json:
        print_json({**jsonable(booked), "hosts": len(booked.hosts), "dry_run": dry_run})
        return OK
    _print_booked(booked, dry_run=dry_run)
    return OK


def _print_booked(booked: Booked, *, dry_run: bool) -> None:
    if booked.first is None or booked.last is None:
        say("every page that was fetched and lives has its date")
        return
    verb = "would get" if dry_run else "got"
    gone = f", {_documents(booked.dead)} that are gone" if booked.dead else ""
    say(f"{_documents(booked.living)} of pages that live{gone} {verb} dates, on {count_of(len(booked.hosts), 'host')}")
    say(f"from {booked.first:%Y-%m-%d} to {booked.last:%Y-%m-%d}; `dateline plan` shows the next days")
