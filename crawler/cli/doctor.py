"""``dateline doctor``: what has gone wrong without anybody saying so.

Why a rule is judged by the days of the captures: a publisher changes its layout on a day, and the pages captured after
that day tell. Old captures that are understood again must not look like news.

Why one odd page is no alarm: hosts carry more than articles (a quiz, a live page) and a rule cannot know them all. A
rule has stopped matching when more pages miss it than have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

import typer

from crawler.cli.console import INCOMPLETE, OK, JsonOption, LibraryOption, Listing, count_of, opened, print_json, say
from crawler.library import Library
from storage.types import RuleHealth, utc_now

_DAYS = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleReport:
    """How one publisher's rules fared, or one promise of one rule.

    Attributes:
        what: the publisher (``bbc``), or the promise (``bbc-2010: headline``).
        matched: pages captured within the window on which it was found.
        missed: those on which it was not.
        last_matched_at: when the latest page was captured on which a rule applied; ``None`` where none ever did.
        hosts: where it was missed.
    """

    what: str
    matched: int
    missed: int
    last_matched_at: datetime | None = None
    hosts: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether more pages miss it than have it."""
        return self.missed > self.matched

    @property
    def words(self) -> str:
        """For people: how it stands, and since when."""
        if not self.missed:
            return "all found"
        if not self.broken:
            return f"missed now and then on {', '.join(self.hosts)}"
        since = f"last found on a page of {self.last_matched_at:%Y-%m-%d}" if self.last_matched_at else "never found"
        return f"no longer found on {', '.join(self.hosts)}; {since}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        check: its name.
        healthy: nothing has to be done.
        summary: one sentence.
        rules: the figures, what is broken first.
    """

    check: str
    healthy: bool
    summary: str
    rules: tuple[RuleReport, ...] = field(default=())


def doctor(
    *,
    library: LibraryOption = None,
    days: Annotated[
        int, typer.Option(min=1, max=36_500, help="Look at pages that were captured within so many days.")
    ] = _DAYS,
    as_json: JsonOption = False,
) -> int:
    """Report what silently stopped working: publisher rules that no longer match the pages of their publisher.

    Ends with status 1 where something has to be done.
    """
    since = utc_now() - timedelta(days=days)
    with opened(library) as found:
        findings = [check(found, since) for check in CHECKS]
    if as_json:
        print_json({"days": days, "healthy": all(one.healthy for one in findings), "checks": findings})
    else:
        for finding in findings:
            _print(finding, days)
    return OK if all(finding.healthy for finding in findings) else INCOMPLETE


def check_rules(library: Library, since: datetime) -> Finding:
    """Whether the rules of `crawler.extraction.publishers` still find what they promise."""
    reports = reports_of(library.store.rule_health(since=since), library.store.rule_health())
    broken = sum(report.broken for report in reports)
    pages = sum(report.matched + report.missed for report in reports if ":" not in report.what)
    if not reports:
        summary = "no page of a known publisher was captured"
    elif broken:
        summary = f"{count_of(broken, 'rule')} of {count_of(len(reports), 'rule')} no longer {_FIND[broken == 1]}"
    else:
        summary = f"all rules find what they promise on {count_of(pages, 'page')}"
    return Finding(check="publisher rules", healthy=not broken, summary=summary, rules=tuple(reports))


_FIND = {True: "finds what it promises", False: "find what they promise"}

CHECKS: tuple[Callable[[Library, datetime], Finding], ...] = (check_rules,)
"""Every check, in the order in which they are shown."""


def reports_of(lately: Iterable[RuleHealth], ever: Iterable[RuleHealth]) -> list[RuleReport]:
    """The figures per publisher and per broken promise: what is broken first, then by name.

    Args:
        lately: of the window.
        ever: of all captures; says when a rule last applied.
    """
    rows = list(lately)
    matched: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row in rows:
        for name in _names(row.rule):
            matched[name] += row.versions
        missed[row.missed] += row.versions if row.missed else 0
    last = _last_matched(ever)
    wanted = {*missed, *map(_publisher, matched)} - {""}
    reports = [_report(what, matched, missed, last, rows) for what in wanted]
    return sorted(reports, key=lambda report: (not report.broken, report.what))


def _report(
    what: str,
    matched: Mapping[str, int],
    missed: Mapping[str, int],
    last: Mapping[str, datetime],
    rows: list[RuleHealth],
) -> RuleReport:
    subject, promise, _ = what.partition(":")
    found = matched.get(subject, 0)
    return RuleReport(
        what=what,
        matched=max(0, found - missed.get(what, 0)) if promise else found,
        missed=missed.get(what, 0),
        last_matched_at=last.get(subject),
        hosts=tuple(sorted({row.host for row in rows if row.missed == what})),
    )


def _last_matched(rows: Iterable[RuleHealth]) -> dict[str, datetime]:
    """Rule or publisher -> when the latest page was captured on which it applied."""
    last: dict[str, datetime] = {}
    for row in rows:
        for name in _names(row.rule):
            last[name] = max(last.get(name, row.latest), row.latest)
    return last


def _names(rule: str) -> Iterator[str]:
    """A rule and its publisher; nothing for an empty name."""
    if rule:
        yield rule
        yield _publisher(rule)


def _publisher(rule: str) -> str:
    """``bbc`` of ``bbc-2003``: rules are called after their publisher."""
    return rule.partition("-")[0]


def _print(finding: Finding, days: int) -> None:
    say((finding.check, "bold"), f", captures of {count_of(days, 'day')}: ", finding.summary)
    if not finding.rules:
        return
    listing = Listing("rule", "found#", "missed#", "state…")
    for report in finding.rules:
        listing.add(report.what, report.matched, report.missed, report.words)
    listing.print()
