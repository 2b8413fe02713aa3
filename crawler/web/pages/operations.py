"""The overview: what needs a person, what is at work, what comes next, what there is, and how it went so far.

Why only some of ``dateline doctor``'s checks: the others ask the web, or read whole files of captures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crawler.disk import free_bytes
from crawler.health.checks import Checkup, Finding, State, looked
from crawler.health.checks.database import check_migrations
from crawler.health.checks.disk import check_disk
from crawler.health.checks.settings import check_configuration, check_contact
from crawler.health.checks.workers import check_workers
from crawler.health.checks.working import check_runs, check_scheduler
from crawler.library import Library
from crawler.phrases import count_of
from crawler.web.answering import shows
from crawler.web.charts import Chart, drawn
from crawler.web.figures import coverage, outcomes
from crawler.web.pages import linkrot, schedule, workers
from crawler.web.pages.live import follows, rendered
from crawler.web.rendering import page
from crawler.web.site import Site, site_of
from crawler.web.streams import Part
from storage.checkup import size
from storage.errors import StorageError
from storage.protocol import Store
from storage.types import LibraryStatus, Run, RunState, utc_now

_CHECKS: tuple[Callable[[Checkup], Finding], ...] = (
    check_configuration,
    check_contact,
    check_migrations,
    check_disk,
    check_scheduler,
    check_runs,
    check_workers,
)
_DAYS = 60
_ALERTS, _STARTS, _LATEST = 50, 6, 8
_COUNTS = ("events", "source_links", "documents", "articles", "versions", "captures", "mementos", "clusters", "due")
_CAPTURES = timedelta(days=90)


@dataclass(frozen=True, kw_only=True, slots=True)
class Disk:
    """Room, in bytes.

    Attributes:
        captures: files of captures in the library's folder.
        database: 0 where nobody can say.
        free: left on the library's disk.
        least: runs stop when less than this is left.
    """

    captures: int
    database: int
    free: int
    least: int


def show(request: Request) -> Response:
    """All of it."""
    site, now = site_of(request), utc_now()
    remembered = site.remembered
    status = remembered.get("status", lambda: site.ask(lambda store: store.status(now=now)))
    context = {
        "alerts": site.ask(lambda store: store.alerts(limit=_ALERTS)),
        "findings": remembered.get("findings", lambda: _findings(site, now)),
        "starts": _starts(site, now),
        "leader": schedule.leads(site),
        "crew": remembered.get("crew", lambda: _crew(site)),
        "counts": _counts(status),
        "waiting": list(_waiting(status)),
        "disk": remembered.get("disk", lambda: _disk(site)),
        "charts": [chart for chart in _charts(site, now) if chart is not None],
        **_at_work(site),
    }
    return page(request, "operations.html", context)


# -- what needs a person -----------------------------------------------------------------------------------------


def _findings(site: Site, now: datetime) -> list[Finding]:
    """What the cheap checks do not like, the worst first."""

    def work(library: Library) -> list[Finding]:
        since = now - _CAPTURES
        checkup = Checkup(configuration=site.configuration, now=now, since=since, library=library, offline=True)
        return [looked(check, checkup) for check in _CHECKS]

    found = site.asked_with(work)
    return sorted((one for one in found if one.state is not State.OK), key=lambda one: one.healthy)


def _crew(site: Site) -> workers.Crew:
    with suppress(StorageError):
        return workers.crew(site)
    return workers.Crew(why_none="nobody can say now: the database does not answer")


# -- what is at work ---------------------------------------------------------------------------------------------


def _at_work(site: Site) -> dict[str, Any]:
    """What changes while somebody looks."""
    running, latest = site.ask(lambda store: (store.runs(state=RunState.RUNNING), store.runs(limit=_LATEST)))
    over = [one for one in latest if one.state is not RunState.RUNNING]
    return {"running": running, "latest": over, "sentence": _sentence(running)}


def _sentence(running: list[Run]) -> str:
    if not running:
        return "No run is at work."
    return f"{count_of(len(running), 'run')} {'is' if len(running) == 1 else 'are'} at work."


def _look(site: Site, _request: Request) -> Part:
    told = _at_work(site)
    return Part(html=rendered(site, "operations_part.html", told), sentence=told["sentence"])


def _starts(site: Site, now: datetime) -> list[schedule.JobLine]:
    """The jobs that start next."""
    coming = [(one.starts, one) for one in schedule.lines_of(site, now) if one.starts is not None]
    return [one for _, one in sorted(coming, key=lambda pair: pair[0])[:_STARTS]]


# -- what there is -----------------------------------------------------------------------------------------------


def _counts(status: LibraryStatus) -> list[tuple[str, int]]:
    return [(name.replace("_", " "), getattr(status, name)) for name in _COUNTS]


def _waiting(status: LibraryStatus) -> Iterator[str]:
    """What waits for a command, one sentence each."""
    for count, noun, what in (
        (status.due, "document", "to be fetched: dateline crawl"),
        (status.uncompared, "article", "to be compared with others: dateline dedup rebuild"),
        (status.unlinked, "article", "to be linked to events: dateline link run"),
    ):
        if count:
            yield f"{count_of(count, noun)} {'waits' if count == 1 else 'wait'} {what}"


def _disk(site: Site) -> Disk:
    configuration = site.configuration
    database = 0
    with suppress(StorageError):
        database = size(configuration.database_url)
    return Disk(
        captures=_bytes(one.stat().st_size for one in configuration.captures.glob("*.warc.gz")),
        database=database,
        free=free_bytes(configuration.library),
        least=configuration.size("storage.min_free_mb"),
    )


def _bytes(sizes: Iterable[int]) -> int:
    """Their sum; a file that is gone meanwhile ends it, and the next look counts again."""
    total = 0
    with suppress(OSError):
        for one in sizes:
            total += one
    return total


def _charts(site: Site, now: datetime) -> Iterator[Chart | None]:
    until = now.date()
    since = until - timedelta(days=_DAYS - 1)

    def attempts(store: Store) -> Chart | None:
        return outcomes(store.host_days(since=since, until=until), since=since, until=until)

    yield site.remembered.get("coverage", lambda: drawn(coverage(site.months())))
    yield site.remembered.get("outcomes", lambda: drawn(site.ask(attempts)))
    yield linkrot.chart(site)


ROUTES = (shows("/operations", show), follows("/operations/live", _look))
