"""Runs: a list, and one with the last lines of its log, while it is at work and afterwards."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.following import last_lines
from crawler.naming import number_of
from crawler.run_views import facts_of, files_of, goes_on, meaning_of
from crawler.web.answering import shows
from crawler.web.pages.live import follows, rendered
from crawler.web.rendering import page, with_query
from crawler.web.site import Site, site_of
from crawler.web.streams import Part
from storage.types import Run, RunState

PER_PAGE = 50
_MOST_PAGES = 100
"""Further back nobody turns page by page: a job or a state narrows the list."""
_LINES, _LINE = 20, 1000
"""So many last lines of a log, and signs of each."""


def list_(request: Request) -> Response:
    """Runs, latest first; ``job`` and ``state`` narrow, ``page`` turns."""
    said = request.query_params
    job, number = said.get("job", ""), _page_number(said.get("page", ""))
    state = _state(said.get("state", ""))
    site = site_of(request)
    end = number * PER_PAGE
    found, latest = site.ask(
        lambda store: (store.runs(state=state, job=job or None, limit=end + 1), store.latest_runs())
    )
    asked = {"job": job, "state": state or ""}
    more = len(found) > end and number < _MOST_PAGES
    context = {
        "runs": found[end - PER_PAGE : end],
        "job": job,
        "state": state or "",
        "jobs": sorted({one.id for one in site.configuration.jobs} | set(latest)),
        "states": list(RunState),
        "newer": with_query("/runs", {**asked, "page": str(number - 1)}) if number > 1 else "",
        "older": with_query("/runs", {**asked, "page": str(number + 1)}) if more else "",
    }
    return page(request, "runs.html", context)


def show(request: Request) -> Response:
    """One run."""
    return page(request, "run.html", _told(site_of(request), request.path_params["number"]))


def _look(site: Site, request: Request) -> Part:
    told = _told(site, request.path_params["number"])
    return Part(html=rendered(site, "run_part.html", told), sentence=told["sentence"], over=not told["goes_on"])


def _told(site: Site, number: int) -> dict[str, Any]:
    """What is told of a run, for the page and for those who follow it."""
    one, configuration = site.ask(lambda store: store.run(number)), site.configuration
    log, output = files_of(configuration, one)
    return {
        "run": one,
        "meaning": meaning_of(configuration, one),
        "facts": [(name, text) for name, text in facts_of(configuration, one) if text],
        "log": _lines(log),
        "output": _lines(output),
        "goes_on": goes_on(configuration, one),
        "sentence": sentence_of(one),
    }


def _lines(path: Path) -> list[str]:
    return [line[:_LINE] for line in last_lines(path, _LINES)]


def sentence_of(one: Run) -> str:
    """How it stands, in words that change seldom."""
    if one.state is RunState.RUNNING:
        return f"Run {one.number} is at work."
    status = "" if one.exit_status is None else f" with exit status {one.exit_status}"
    return f"Run {one.number} ended as {one.state}{status}."


def _page_number(said: str) -> int:
    return min(max(1, number_of(said, digits=len(str(_MOST_PAGES))) or 1), _MOST_PAGES)


def _state(said: str) -> RunState | None:
    try:
        return RunState(said) if said else None
    except ValueError as error:
        known = ", ".join(RunState)
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"There is no such state of a run; there are {known}.") from error


ROUTES = (shows("/runs", list_), shows("/runs/{number:int}", show), follows("/runs/{number:int}/live", _look))
