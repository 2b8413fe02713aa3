"""The calendar: years with their months, and one year with its days."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from http import HTTPStatus
from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.web.answering import shows
from crawler.web.rendering import page
from crawler.web.site import Site, site_of
from storage.types import MonthCount

WEEKDAYS = tuple(calendar.day_name)
_WEEKS = calendar.Calendar()


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """What there is of the events of some months; as `MonthCount` has it."""

    events: int = 0
    sources: int = 0
    articles: int = 0
    archived: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """One year: its number, its total, the counts of those of its months that have events."""

    year: int
    total: Total
    months: Mapping[int, MonthCount]


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """One month of the calendar.

    Attributes:
        number: 1 to 12.
        name: ``July``.
        span: ``2006-07``, as a search takes it.
        count: what there is of its events; ``None`` for no events.
        weeks: days from Monday to Sunday; ``None`` for those of other months.
    """

    number: int
    name: str
    span: str
    count: MonthCount | None
    weeks: Sequence[Sequence[date | None]]


def years(request: Request) -> Response:
    """All years that have events."""
    found = _years(site_of(request))
    return page(request, "calendar.html", {"years": found, "total": _total([one.total for one in found])})


def year(request: Request) -> Response:
    """One year."""
    number, site = request.path_params["year"], site_of(request)
    if not MINYEAR <= number <= MAXYEAR:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"The calendar has no year {str(number)[:20]}.")
    known = {one.year: one for one in _years(site)}
    found = known.get(number) or Year(year=number, total=Total(), months={})
    days = site.ask(lambda store: store.days(date(number, 1, 1), date(number, 12, 31)))
    context = {
        "year": found,
        "months": [_month(found, month) for month in range(1, 13)],
        "days": days,
        "weekdays": WEEKDAYS,
        "before": max((one for one in known if one < number), default=None),
        "after": min((one for one in known if one > number), default=None),
    }
    return page(request, "calendar_year.html", context)


def _years(site: Site) -> list[Year]:
    made = []
    for number, group in groupby(site.months(), key=lambda one: one.year):
        months = list(group)
        made.append(Year(year=number, total=_total(months), months={one.month: one for one in months}))
    return made


def _total(parts: Sequence[MonthCount | Total]) -> Total:
    return Total(
        events=sum(one.events for one in parts),
        sources=sum(one.sources for one in parts),
        articles=sum(one.articles for one in parts),
        archived=sum(one.archived for one in parts),
    )


def _month(year: Year, number: int) -> Month:
    weeks = [
        [date(year.year, number, day) if day else None for day in week]
        for week in _WEEKS.monthdayscalendar(year.year, number)
    ]
    return Month(
        number=number,
        name=calendar.month_name[number],
        span=f"{year.year:04}-{number:02}",
        count=year.months.get(number),
        weeks=weeks,
    )


ROUTES = (shows("/calendar", years), shows("/calendar/{year:int}", year))
