"""``dateline backfill --save``: have the Internet Archive save pages while they live."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crawler.archives.places import INTERNET_ARCHIVE
from crawler.backfilling.orders import Order, order
from crawler.backfilling.saving_service import save_service
from crawler.backfilling.unsaved import Unsaved, unsaved
from crawler.cli.console import (
    INCOMPLETE,
    OK,
    Listing,
    count_of,
    jsonable,
    opened,
    print_json,
    require_host,
    say,
    tell,
)
from crawler.cli.fetching import fetching_bar, print_interrupted, status_of, tell_problem
from crawler.configuration import Configuration
from crawler.errors import ConfigurationError
from storage.protocol import Store
from storage.types import SAVING_MEANINGS, RunState, SavingState, utc_now

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.backfilling.saving import Saved
    from crawler.crawling import SaveReport

_ARCHIVE = INTERNET_ARCHIVE.name
_SHOWN = 50
_OPEN = (SavingState.SENT, SavingState.PENDING, SavingState.LATER)


def save(
    settings: Configuration,
    arguments: Mapping[str, str],
    *,
    typed: str,
    log_level: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Have pages saved, or say which would be; returns the exit status.

    Args:
        settings: of the library.
        arguments: ``event`` (one name per line), ``host``, ``since``, ``until``.
        typed: the command, for the run's row.
        log_level: of the lines on standard error.
        dry_run: only say which pages.
        as_json: for scripts.

    Raises:
        ConfigurationError: the keys are missing or not accepted; or as `crawler.backfilling.orders.order`.
    """
    if dry_run:
        return _show_plan(settings, arguments, as_json=as_json)
    save_service(settings, os.environ)
    total = len(_wanted(settings, arguments))
    if not total:
        return _print_nothing(as_json=as_json)
    report, pages = _run(settings, arguments, typed, log_level, total)
    if report.keys_refused:
        raise ConfigurationError(report.problem)
    # What another process has under way is its affair.
    left = 0 if report.problem else sum(one.pending is None for one in _wanted(settings, arguments))
    return _print_report(report, pages, left, as_json=as_json)


def _wanted(settings: Configuration, arguments: Mapping[str, str]) -> list[Unsaved]:
    with opened(settings.library) as found:
        return list(unsaved(found.store, _order(found.store, arguments), archive=_ARCHIVE, now=utc_now()))


def _order(store: Store, arguments: Mapping[str, str]) -> Order:
    return order(
        store,
        events=arguments.get("event", "").split("\n"),
        host=require_host(store, arguments.get("host", "")),
        since=arguments.get("since", ""),
        until=arguments.get("until", ""),
    )


def _run(
    settings: Configuration, arguments: Mapping[str, str], typed: str, level: str, total: int
) -> tuple[SaveReport, list[Saved]]:
    """Have them saved with a bar on a terminal or a line per page elsewhere."""
    from crawler.crawling import save as run_saving  # noqa: PLC0415 - see above

    pages: list[Saved] = []
    with fetching_bar("asking the Internet Archive", total) as advance:

        def tell_bar(saved: Saved) -> None:
            pages.append(saved)
            advance(saved.save.state, saved.document.host)

        report = run_saving(
            settings,
            command=typed,
            arguments=arguments,
            log_level=level,
            progress=tell_bar,
        )
    return report, pages


def _print_report(report: SaveReport, pages: Sequence[Saved], left: int, *, as_json: bool) -> int:
    """Print what was saved, what was not and why, what is left and when to come back; returns the exit status."""
    status = status_of(report.state)
    is_open = left or any(report.saves.get(state) for state in _OPEN)
    if report.notice or (is_open and status == OK):
        status = INCOMPLETE
    if as_json:
        print_json({**jsonable(report), "left": left, "pages": [_row(saved) for saved in pages]})
        return status
    _print_pages(pages)
    _print_states(report.saves)
    _print_next(report, pages, left)
    tell_problem(report.problem)
    return status


def _row(saved: Saved) -> dict[str, object]:
    save = saved.save
    return {
        "url": saved.document.request_url,
        "state": save.state,
        "archive_url": save.url,
        "captured_at": save.captured_at,
        "next_at": save.next_at,
        "detail": save.detail,
    }


def _print_pages(pages: Sequence[Saved]) -> None:
    made = Listing("state", "url…", "copy or reason…")
    for saved in pages[:_SHOWN]:
        made.add(saved.save.state, saved.document.request_url, saved.save.url or saved.save.detail)
    if made.rows:
        made.print()
        say()
    if len(pages) > _SHOWN:
        say(f"... and {count_of(len(pages) - _SHOWN, 'more page')}; --json lists all")


def _print_states(saves: Mapping[str, int]) -> None:
    made = Listing("state", "pages#", "meaning")
    for state in SavingState:
        if state in saves:
            made.add(state, saves[state], SAVING_MEANINGS[state])
    if made.rows:
        made.print()


def _print_next(report: SaveReport, pages: Sequence[Saved], left: int) -> None:
    """What a person can do now."""
    if report.notice:
        tell(("stopped: ", "bold yellow"), report.notice)
    if not report.notice:
        print_interrupted(report.state)
    if report.saves.get(SavingState.PENDING):
        say("some pages are still being saved: run the same command in some minutes to hear of them")
    times = [one.save.next_at for one in pages if one.save.state in {SavingState.LATER, SavingState.SENT}]
    if next_at := min((moment for moment in times if moment is not None), default=None):
        say(f"not everything could be saved: run the same command at {next_at:%Y-%m-%d %H:%M}Z or later")
    if left and report.state is RunState.FINISHED:
        say(f"{count_of(left, 'page')} still to be saved: run the same command again")


def _print_nothing(*, as_json: bool) -> int:
    if as_json:
        nothing = {"token": "", "state": RunState.FINISHED, "saves": {}, "problem": "", "keys_refused": False}
        print_json({**nothing, "notice": "", "left": 0, "pages": []})
    else:
        say("nothing is to be saved: no page that lives is without a public copy, or all were asked for lately")
    return OK


def _show_plan(settings: Configuration, arguments: Mapping[str, str], *, as_json: bool) -> int:
    """Print which pages would be saved."""
    wanted = _wanted(settings, arguments)
    if as_json:
        rows = [{"url": one.document.request_url, "pending": one.pending is not None} for one in wanted]
        print_json({"documents": len(rows), "plan": rows})
        return OK
    for one in wanted[:_SHOWN]:
        say(one.document.request_url)
    say(f"{count_of(len(wanted), 'page')} would be saved" + f"; the first {_SHOWN} are shown" * (len(wanted) > _SHOWN))
    return OK
