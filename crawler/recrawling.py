"""Pure: when a page that was fetched is asked for again.

The rule, in one line: wait a share (``recrawl.ratio``) of the time since the page was published or last changed, times
a factor for how often it, and its host, was found changed; never less than ``recrawl.least_hours``, never more than
``recrawl.most_days``, and moved by up to a tenth so that a day's crawl does not come back in one day.

Why a share of the age: corrections come soon or hardly ever. A page of two hours is asked for again within half an hour
to an hour, one of a year in two months; each wait is longer than the one before without anything to be kept. Tools that
watch news for silent edits (diffengine) do it so, with the same share of 0.2. Rejected: one interval for all (too rare
for the morning's lead, thousands of requests for what is twenty years old), and a table of ages (the same with steps).

Why one number learned on top is enough: with waits that grow as the age does, a page that changes "ever more rarely"
has the same chance of having changed at every check. So the share of checks that found a change is the quantity to be
learned, whatever the waits were; for a change process at fixed waits Cho and Garcia-Molina ("Estimating frequency of
change") show how poor the plain share is after few checks, and correct it by counts that are added beforehand. Here
the counts that are added are what is usual on the page's host, and for a new host what is usual anywhere: a page that
was never asked for again behaves like its host, one that was asked for ten times like itself.

Why the factor has bounds: a page with a counter in its text changes at every check and must not be asked for ever more
often; a page that never changed may be corrected tomorrow.

Why the page's own date is only believed where it lies before the moment at which the library came to know the page: for
an undated page the store has the moment of its capture, and twenty-year-old pages would be asked for every hour.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from storage.types import Article, Document, HostState, Outcome

LIVING = frozenset({Outcome.FETCHED, Outcome.NOT_MODIFIED})
"""Outcomes after which a page is asked for again by this rule; a teaser waits for its wall to fall, by the table."""

USUAL_SHARE = 0.1
"""One check in ten finds a change: with that the factor is 1."""
HOST_WEIGHT = 20.0
"""A host's own share counts as much as what is usual after so many checks of its pages."""
PAGE_WEIGHT = 5.0
"""A page's own share counts as much as its host's after so many checks of it."""
LEAST_FACTOR, MOST_FACTOR = 0.25, 4.0
JITTER = 0.1
"""A wait is moved by up to this share, up or down."""

_DAY_S = 86400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Recrawl:
    """The policy as the settings ``recrawl.*`` have it.

    Attributes:
        enabled: False: what was fetched is never asked for again, and what is gone only as often as the table says.
        ratio: the wait as a share of the age.
        least: no wait is shorter; where it is longer than ``most`` it wins.
        most: no wait is longer.
        dead: what is gone is asked for at the latest after so long.
    """

    enabled: bool = True
    ratio: float = 0.2
    least: timedelta = timedelta(hours=1)
    most: timedelta = timedelta(days=180)
    dead: timedelta = timedelta(days=730)


class Since(StrEnum):
    """What a page's age is counted from."""

    PUBLISHED = "it was published"
    EVENT = "the event that cites it"
    ADDED = "it came into the library"
    CHANGED = "it was last seen to have changed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Life:
    """What counts of a page.

    Attributes:
        canonical_url: decides by how much its waits are moved.
        moments: what its age may be counted from; the latest counts.
        checks: how often it was asked for again.
        changes: how many of these found a change.
        host_checks: the same of all pages of its host.
        host_changes: likewise.
    """

    canonical_url: str
    moments: tuple[tuple[datetime, Since], ...]
    checks: int = 0
    changes: int = 0
    host_checks: int = 0
    host_changes: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Reckoning:
    """When a page is asked for again, with every figure that led there.

    Attributes:
        since: what its age is counted from.
        since_at: that moment.
        age: from then to the check that just ended.
        share: of checks that are expected to find a change, 0 to 1.
        factor: what that makes of the wait.
        bound: ``least`` or ``most`` where that decided; else empty.
        jitter: by which share of it the wait is moved.
        wait: until it is asked for again.
        at: when, UTC.
    """

    since: Since
    since_at: datetime
    age: timedelta
    share: float
    factor: float
    bound: str
    jitter: float
    wait: timedelta
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the check that just ended showed, beyond what the store knows of the page.

    Attributes:
        at: when it ended.
        article: that was extracted; ``None`` where nothing came (not modified).
        changed: its text is another one than before.
    """

    at: datetime
    article: Article | None = None
    changed: bool = False


def next_check(rule: Recrawl, life: Life, *, now: datetime) -> datetime | None:
    """When a page that lives is asked for again after the check that ended ``now``; ``None``: never by itself."""
    return reckon(rule, life, now=now).at if rule.enabled else None


def reckon(rule: Recrawl, life: Life, *, now: datetime) -> Reckoning:
    """The same with its figures, whether the policy is switched on or not."""
    since_at, since = max((min(at, now), name) for at, name in life.moments)
    share = expected_share(life)
    factor = factor_of(share)
    wished = (now - since_at) * rule.ratio * factor
    # The bounds hold for the wait as it is moved, so that "at the latest" is true of every page.
    least, most = rule.least / (1 - JITTER), rule.most / (1 + JITTER)
    base = max(least, min(most, wished))
    jitter = jitter_of(life.canonical_url)
    wait = base * (1 + jitter)
    return Reckoning(
        since=since,
        since_at=since_at,
        age=now - since_at,
        share=share,
        factor=factor,
        bound="least" if base == least else "most" if base == most else "",
        jitter=jitter,
        wait=wait,
        at=now + wait,
    )


def life_of(
    document: Document, host: HostState | None, *, event_dates: Iterable[date] = (), seen: Seen | None = None
) -> Life:
    """What counts of a page.

    Args:
        document: as stored.
        host: what is known of its host; ``None``: nothing.
        event_dates: of the events that cite the page.
        seen: what a check showed that is not stored yet; ``None`` where all is.
    """
    again = seen is not None and (seen.article is None or document.article_id is not None)
    article = seen.article if seen is not None else None
    return Life(
        canonical_url=document.canonical_url,
        moments=(_born(document, article, event_dates), *_changes(document, seen)),
        checks=document.checks + again,
        changes=document.changes + (again and seen is not None and seen.changed),
        host_checks=host.checks if host is not None else 0,
        host_changes=host.changes if host is not None else 0,
    )


def _born(document: Document, article: Article | None, event_dates: Iterable[date]) -> tuple[datetime, Since]:
    """When the page appeared, as far as anything says so."""
    if article is not None and article.published_at is not None:
        return article.published_at.value, Since.PUBLISHED
    if document.reported_at is not None and document.reported_at < document.added_at:
        return document.reported_at, Since.PUBLISHED
    if first := min(event_dates, default=None):
        return datetime.combine(first, time(), tzinfo=UTC), Since.EVENT
    return document.added_at, Since.ADDED


def _changes(document: Document, seen: Seen | None) -> list[tuple[datetime, Since]]:
    """When it changed, as far as that was seen or the page itself says so beside a notice of correction."""
    found = [] if document.changed_at is None else [document.changed_at]
    if seen is not None and seen.changed:
        found.append(seen.at)
    article = seen.article if seen is not None else None
    if article is not None and article.corrections and article.modified_at is not None:
        found.append(article.modified_at.value)
    return [(moment, Since.CHANGED) for moment in found]


def expected_share(life: Life) -> float:
    """Which share of further checks is expected to find a change."""
    of_host = (life.host_changes + HOST_WEIGHT * USUAL_SHARE) / (life.host_checks + HOST_WEIGHT)
    return (life.changes + PAGE_WEIGHT * of_host) / (life.checks + PAGE_WEIGHT)


def factor_of(share: float) -> float:
    """What a page's expected share of changes makes of its waits: the usual number of changes per check is kept."""
    changes_per_check = -math.log1p(-min(share, 1 - 1e-9))
    if changes_per_check <= 0:
        return MOST_FACTOR
    usual = -math.log1p(-USUAL_SHARE)
    return min(MOST_FACTOR, max(LEAST_FACTOR, usual / changes_per_check))


def spread_of(canonical_url: str) -> float:
    """A number from 0 to 1 that is always the same for a page and evenly spread over pages."""
    digest = hashlib.blake2b(canonical_url.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def jitter_of(canonical_url: str) -> float:
    """By which share a page's waits are moved: from -`JITTER` to +`JITTER`."""
    return JITTER * (2 * spread_of(canonical_url) - 1)


def explain(rule: Recrawl, life: Life, reckoning: Reckoning) -> tuple[str, ...]:
    """How the moment came about, in sentences with the figures."""
    said = [
        f"{in_words(reckoning.age)} had passed since {reckoning.since} ({reckoning.since_at:%Y-%m-%d %H:%M}Z)",
        f"a wait is {rule.ratio:g} of that, times {reckoning.factor:.2g}, as {_history(life)}: {_expected(reckoning)}",
    ]
    if reckoning.bound == "least":
        said.append(f"no wait is shorter than {in_words(rule.least)} (recrawl.least_hours)")
    elif reckoning.bound == "most":
        said.append(f"no wait is longer than {in_words(rule.most)} (recrawl.most_days)")
    moved = f"moved by {reckoning.jitter:+.1%}, so that pages of one day do not come back on one day"
    said.append(f"{moved}: a wait of {in_words(reckoning.wait)}, until {reckoning.at:%Y-%m-%d %H:%M}Z")
    return tuple(said)


def _expected(reckoning: Reckoning) -> str:
    return f"{reckoning.share:.0%} of checks are expected to find a change ({USUAL_SHARE:.0%} is usual)"


def _history(life: Life) -> str:
    def told(checks: int, changes: int, what: str) -> str:
        if not checks:
            return f"{what} was never asked for again"
        return f"{what} had changed at {changes} of {checks} check{'s' if checks > 1 else ''}"

    page = told(life.checks, life.changes, "it")
    return f"{page} and {told(life.host_checks, life.host_changes, 'what is on its host')}"


def in_words(span: timedelta) -> str:
    """``90 s``, ``5 h``, ``12 days``, ``3.5 years``: two figures that a person reads at once."""
    seconds = span.total_seconds()
    for unit, name, until in ((1.0, "s", 120.0), (60.0, "min", 7200.0), (3600.0, "h", 2 * _DAY_S)):
        if seconds < until:
            return f"{_figure(seconds / unit)} {name}"
    days = seconds / _DAY_S
    return f"{_figure(days)} days" if days < 2 * 365 else f"{_figure(days / 365.25)} years"


def _figure(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")  # noqa: PLR2004 -- two figures
