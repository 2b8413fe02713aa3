"""What the charts of the operations' pages show: pure, from counts to bars.

Why outcomes are shown in five groups: thirty-odd outcomes are no picture. The table of a host has each by its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from crawler.linkrot import Rot
from crawler.web.charts import Chart, Series
from storage.types import SUCCESSES, WITH_ARTICLE, HostDay, MonthCount, Outcome

_REFUSED: Final = frozenset(
    {Outcome.BLOCKED, Outcome.CHALLENGE, Outcome.CONSENT_WALL, Outcome.EXCLUDED, Outcome.LOGIN_WALL}
    | {Outcome.NEEDS_JAVASCRIPT, Outcome.RATE_LIMITED, Outcome.ROBOTS, Outcome.ROBOTS_UNREACHABLE}
)
_NO_ANSWER: Final = frozenset(
    {Outcome.BAD_RESPONSE, Outcome.CONNECTION, Outcome.DNS, Outcome.HTTP_ERROR, Outcome.REDIRECTS}
    | {Outcome.SERVER_ERROR, Outcome.TIMEOUT, Outcome.TLS}
)
_GONE: Final = frozenset({Outcome.GONE, Outcome.SOFT_404})
_WELL: Final = SUCCESSES | WITH_ARTICLE
GROUPS: Final[Mapping[str, frozenset[Outcome]]] = {
    "ended well": _WELL,
    "gone": _GONE,
    "refused": _REFUSED,
    "no good answer": _NO_ANSWER,
    "nothing usable": frozenset(Outcome) - _WELL - _GONE - _REFUSED - _NO_ANSWER,
}
"""Group -> outcomes; each outcome stands in one."""
_LOOKS = (0, 3, 2, 4, 5)
_ROT = (
    ("live", "live", 0),
    ("rescued from an archive", "rescued", 1),
    ("missing", "missing", 3),
    ("not asked yet", "not_asked", 5),
)

_MOST_BARS = 480
_MOST_MARKS = 16
_MONTHS = 12


def coverage(months: Sequence[MonthCount]) -> Chart | None:
    """Source links by the month of their event, with an article and without; ``None`` where there are none.

    By year where there would be too many bars.
    """
    by_month = {one.year * _MONTHS + one.month - 1: one for one in months if one.sources}
    if not by_month:
        return None
    first, last = min(by_month), max(by_month)
    if last - first >= _MOST_BARS:
        return _by_year(months)
    span = range(first, last + 1)
    labels = [f"{at // _MONTHS}-{at % _MONTHS + 1:02}" for at in span]
    step = -(-(len(span) // _MONTHS + 1) // _MOST_MARKS)
    years = [(place, at // _MONTHS) for place, at in enumerate(span) if at % _MONTHS == 0]
    marks = tuple((place, str(year)) for place, year in years if year % step == 0)
    if len(span) <= _MOST_MARKS or not marks:
        marks = _some(labels)
    return _coverage("month", labels, marks, [by_month.get(at) for at in span])


def _by_year(months: Sequence[MonthCount]) -> Chart:
    """The latest years that have any; those without are left out."""
    sums: dict[int, MonthCount] = {}
    for one in months:
        known = sums.get(one.year, MonthCount(year=one.year, month=1, events=0, sources=0, articles=0, archived=0))
        sums[one.year] = MonthCount(
            year=one.year,
            month=1,
            events=known.events + one.events,
            sources=known.sources + one.sources,
            articles=known.articles + one.articles,
            archived=known.archived + one.archived,
        )
    shown = sorted(year for year, one in sums.items() if one.sources)[-_MOST_BARS:]
    labels = [str(year) for year in shown]
    return _coverage("year", labels, _some(labels), [sums[year] for year in shown])


def _coverage(
    across: str, labels: Sequence[str], marks: tuple[tuple[int, str], ...], counts: Sequence[MonthCount | None]
) -> Chart:
    live = tuple(one.articles - one.archived if one else 0 for one in counts)
    archived = tuple(one.archived if one else 0 for one in counts)
    without = tuple(max(0, one.sources - one.articles) if one else 0 for one in counts)
    return Chart(
        name="coverage",
        title=f"Sources with and without an article, by {across} of the event",
        noun="source links",
        across=across,
        labels=tuple(labels),
        marks=marks,
        series=(
            Series(label="with an article from the live web", values=live),
            Series(label="with one from an archive", values=archived, look=1),
            Series(label="without an article", values=without, look=2),
        ),
    )


def outcomes(days: Iterable[HostDay], *, since: date, until: date, name: str = "outcomes") -> Chart | None:
    """Attempts by day and group of outcomes; ``None`` where there were none."""
    group_of = {outcome: group for group, members in GROUPS.items() for outcome in members}
    counts: Counter[tuple[str, date]] = Counter()
    for one in days:
        counts[group_of[one.outcome], one.day] += one.attempts
    if not counts:
        return None
    span = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    labels = tuple(day.isoformat() for day in span)
    return Chart(
        name=name,
        title="What came of the attempts, by day",
        noun="attempts",
        across="day",
        labels=labels,
        marks=tuple((place, text[5:]) for place, text in _some(labels)),
        series=tuple(
            Series(label=group, values=tuple(counts[group, day] for day in span), look=look)
            for group, look in zip(GROUPS, _LOOKS, strict=True)
        ),
    )


def link_rot(years: Mapping[int, Rot]) -> Chart | None:
    """What became of the cited pages, by year of the earliest event; ``None`` where no cited page has a year."""
    known = {year: rot for year, rot in years.items() if year}
    if not known:
        return None
    span = range(min(known), max(known) + 1)
    shown = list(span) if len(span) <= _MOST_BARS else sorted(known)[-_MOST_BARS:]
    rows = [known.get(year, Rot()) for year in shown]
    labels = tuple(map(str, shown))
    return Chart(
        name="link-rot",
        title="What became of the cited pages, by year of the event",
        noun="cited pages",
        across="year",
        labels=labels,
        marks=_some(labels),
        series=tuple(
            Series(label=label, values=tuple(getattr(row, name) for row in rows), look=look)
            for label, name, look in _ROT
        ),
    )


def _some(labels: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Each n-th label with its place, so that they keep apart."""
    step = -(-len(labels) // _MOST_MARKS)
    return tuple(enumerate(labels))[::step]
