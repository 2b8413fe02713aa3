"""What runs by the clock: every job with its next start and its last run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from crawler.scheduling.job_views import (
    JobView,
    facts,
    known_job,
    last_words,
    next_words,
    scheduler_at_work,
    view_of,
    views_of,
    when,
)
from crawler.scheduling.processes import command_line
from crawler.web.answering import shows
from crawler.web.rendering import page
from crawler.web.site import Site, site_of
from storage.errors import StorageError
from storage.leading import Leader
from storage.types import Run, utc_now


@dataclass(frozen=True, kw_only=True, slots=True)
class JobLine:
    """One job in the table.

    Attributes:
        id: of the job.
        when: the rule of the clock.
        next: its next start in words, or why there is none.
        starts: that moment; ``None`` where there is none.
        last: words about its last run.
        run: that run.
        command: as a person would type it.
        why: what it is for.
    """

    id: str
    when: str
    next: str
    starts: datetime | None
    last: str
    run: Run | None
    command: str
    why: str


def lines_of(site: Site, now: datetime) -> list[JobLine]:
    """Every job, in the order of the configuration."""
    return [_line(view, now) for view in site.ask(lambda store: views_of(store, site.configuration, now))]


def leads(site: Site) -> Leader | None:
    """Who starts the jobs; ``None`` also where the database cannot say so."""
    try:
        return scheduler_at_work(site.configuration)
    except StorageError:
        return None


def list_(request: Request) -> Response:
    """All jobs."""
    site = site_of(request)
    lines = lines_of(site, utc_now())
    marks = site.ask(lambda store: store.job_marks())
    context = {"jobs": lines, "gone": sorted(set(marks) - {one.id for one in lines}), "leader": leads(site)}
    return page(request, "schedule.html", context)


def show(request: Request) -> Response:
    """One job."""
    site, now = site_of(request), utc_now()
    job = known_job(site.configuration, request.path_params["job"])
    view = site.ask(lambda store: view_of(store, site.configuration, job))
    return page(request, "job.html", {"job": _line(view, now), "facts": facts(view, now)})


def _line(view: JobView, now: datetime) -> JobLine:
    return JobLine(
        id=view.job.id,
        when=when(view.job),
        next=next_words(view, now),
        starts=view.starts[0] if view.starts else None,
        last=last_words(view.last, now),
        run=view.last,
        command=command_line(view.job),
        why=view.job.why,
    )


ROUTES = (shows("/schedule", list_), shows("/schedule/{job}", show))
