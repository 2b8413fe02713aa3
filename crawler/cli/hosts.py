"""``dateline hosts``: how politely each host is asked, which of them rest, and the word of a person about one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli.console import (
    JsonLinesOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    jsonable,
    opened,
    out,
    print_json,
    print_json_lines,
    say,
    tell,
    unknown_host,
)
from crawler.configuration import FILE_NAME, Configuration
from crawler.host_conditions import HINDERED, Condition, HostView, counted, moment, view_of, worst_first
from crawler.naming import host_name
from storage.errors import HostNotFound
from storage.protocol import Store
from storage.types import Host, Selection, utc_now

app = typer.Typer(help="How politely each host is asked: list them, pause one, allow it again.")

HostArgument = Annotated[str, typer.Argument(help="A host, or any URL on it.")]

_UNTRIED = "untried"


@app.command("list")
def list_(
    *,
    library: LibraryOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    all_: Annotated[bool, typer.Option("--all", help="All of them, whatever --limit says.")] = False,
    as_json: JsonLinesOption = False,
) -> None:
    """List hosts, those first that are paused, rest or fail, then those with most documents due."""
    now = utc_now()
    with opened(library) as found:
        views = worst_first(found.store, found.configuration, now)
        configuration = found.configuration
    if as_json:
        print_json_lines(_json_of(view, configuration) for view in views)
        return
    if not views:
        say("no hosts yet: `dateline events import FOLDER` adds source links")
        return
    shown = views if all_ else views[:limit]
    (_list_on_terminal if out.is_terminal else _list_in_lines)(shown, now)
    if len(views) > len(shown):
        say(f"{count_of(len(views) - len(shown), 'more host')}: --all lists every one")
    if trouble := counted(views, HINDERED - {Condition.BUDGET}):
        say(f"{trouble}: `dateline hosts allow HOST` lets one be asked")
    if through := counted(views, {Condition.BUDGET}):
        say(f"{through}: the day ends at midnight (UTC)")
    if unknown := sorted(set(configuration.host_rules) - {view.host.name for view in views}):
        tell(f"{FILE_NAME} names what is no host of any document so far: {', '.join(unknown)}")


def _list_on_terminal(views: list[HostView], now: datetime) -> None:
    """Two lines per host: its condition is too long to stand beside its name."""
    made = Listing("due#", "documents#", "interval#", "host")
    for view in views:
        host = view.host
        made.add(host.due, host.documents, f"{view.interval_s:g} s", host.name)
        last = f"; last {_last(host, now)}" if host.state.last_outcome else ""
        made.add("", "", "", f"{view.words}{last}")
    made.print()


def _list_in_lines(views: list[HostView], now: datetime) -> None:
    made = Listing("host", "due#", "documents#", "interval#", "failures#", "last outcome", "last success", "state")
    for view in views:
        host, state = view.host, view.host.state
        success = moment(state.last_success_at, now) if state.last_success_at else ""
        interval = f"{view.interval_s:g} s"
        made.add(
            host.name, host.due, host.documents, interval, state.failures, state.last_outcome or "", success, view.words
        )
    made.print()


def _last(host: Host, now: datetime) -> str:
    state = host.state
    at = f" {moment(state.last_attempt_at, now)}" if state.last_attempt_at else ""
    return f"{state.last_outcome}{at}"


@app.command()
def show(host: HostArgument, *, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Show everything about one host: its condition, its robots.txt, its documents by latest outcome."""
    now = utc_now()
    with opened(library) as found:
        known = _known(found.store, host)
        outcomes = _outcomes(found.store, known.name, now)
        configuration = found.configuration
    view = view_of(known, configuration, now)
    if as_json:
        print_json(_json_of(view, configuration) | {"by_outcome": outcomes})
        return
    say((known.name, "bold"))
    made = Listing("", "", heading=False)
    for name, value in _facts(view, configuration, outcomes, now):
        made.add(f"  {name}", value)
    made.print()
    if known.paused_at is not None or view.condition is Condition.RESTING:
        say(f"`dateline hosts allow {known.name}` lets it be asked now")


def _facts(
    view: HostView, configuration: Configuration, outcomes: Counter[str], now: datetime
) -> list[tuple[str, str]]:
    """What a person may want to know, as (name, value); nothing about what is not known."""
    host, state = view.host, view.host.state
    facts = [
        ("state", view.words),
        ("documents", f"{host.documents}, {host.due} due"),
        ("outcomes", ", ".join(f"{count} {name}" for name, count in outcomes.most_common())),
        ("interval", f"{view.interval_s:g} s ({view.interval_from})"),
        ("Crawl-delay", "" if state.crawl_delay_s is None else f"{state.crawl_delay_s:g} s in its robots.txt"),
        ("failures", f"{state.failures} in a row" if state.failures else ""),
        ("cool-down", f"{state.cool_down_s:g} s, doubled by each further 429 or 503" if state.cool_down_s else ""),
        ("last attempt", _last(host, now) if state.last_outcome else ""),
        ("last success", moment(state.last_success_at, now) if state.last_success_at else ""),
        ("changes", f"found at {state.changes} of {state.checks} checks of its pages" if state.checks else ""),
        ("paused", moment(host.paused_at, now) if host.paused_at else ""),
        ("held until", moment(host.lease_until, now) if host.lease_until and host.lease_until > now else ""),
        ("probe", _probe(host, now)),
        (FILE_NAME, "" if host.name not in configuration.host_rules else _rule(configuration, host.name)),
    ]
    return [(name, value) for name, value in facts if value]


def _probe(host: Host, now: datetime) -> str:
    """What it answered for a page that cannot exist."""
    probe = host.probe
    if probe is None:
        return ""
    led = f" at {probe.final_url}" if probe.final_url != probe.url else ""
    return f"answers {probe.status}{led} for a page that cannot exist ({moment(probe.probed_at, now)})"


def _rule(configuration: Configuration, name: str) -> str:
    rule = configuration.host_rule(name)
    said = [f"delay_s = {rule.delay_s:g}"] if rule.delay_s is not None else []
    said += [f"per_day = {rule.per_day}"] if rule.per_day is not None else []
    said += ["paused = true"] if rule.paused else []
    said += [] if rule.verify_tls else ["verify_tls = false"]
    return ", ".join(said) or "says nothing of it but its name"


@app.command()
def pause(
    host: HostArgument,
    *,
    library: LibraryOption = None,
    reason: Annotated[str, typer.Option(help="Why, for those who come after you.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Ask nothing of one host until it is allowed again; safe to run again."""
    changed = _change(
        library,
        host,
        lambda store, known: store.pause_host(known.name, now=utc_now(), reason=reason or known.pause_reason),
    )
    if as_json:
        print_json(_json_of(*changed))
        return
    view, _ = changed
    say((view.host.name, "bold"), f": {view.words}; `dateline hosts allow {view.host.name}` ends it")
    if view.host.lease_until is not None and view.host.lease_until > utc_now():
        say("the run that holds it now still fetches the few documents of it that it has taken")


@app.command()
def allow(host: HostArgument, *, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """End a host's pause, rest, cool-down and row of failures: it may be asked now."""
    changed = _change(library, host, lambda store, known: store.allow_host(known.name, now=utc_now()))
    if as_json:
        print_json(_json_of(*changed))
        return
    view, configuration = changed
    if configuration.host_rule(view.host.name).paused:
        say((view.host.name, "bold"), f": still {view.words}; change it there")
    else:
        due = f"{count_of(view.host.due, 'document')} due"
        say((view.host.name, "bold"), f": may be asked now, {due}; `dateline crawl --host {view.host.name}` asks")


def _change(library: Path | None, host: str, change: Callable[[Store, Host], Host]) -> tuple[HostView, Configuration]:
    with opened(library) as found:
        changed = change(found.store, _known(found.store, host))
        return view_of(changed, found.configuration, utc_now()), found.configuration


def _known(store: Store, given: str) -> Host:
    """The host that a person means.

    Raises:
        NotFound: the library does not know it; says what is written nearly so.
        ConfigurationError: it is no host at all.
    """
    name = host_name(given)
    try:
        return store.host(name, now=utc_now())
    except HostNotFound as error:
        raise unknown_host(store, name) from error


def _outcomes(store: Store, name: str, now: datetime) -> Counter[str]:
    """Latest outcome -> documents of the host."""
    documents = store.due(Selection(host=name, due_only=False), now=now)
    return Counter(str(document.last_outcome or _UNTRIED) for document in documents)


def _json_of(view: HostView, configuration: Configuration) -> dict[str, Any]:
    name = view.host.name
    rule = configuration.host_rules.get(name)
    facts = jsonable(view)
    return {"name": name, **facts.pop("host"), **facts, "rule": jsonable(rule)}
