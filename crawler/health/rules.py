"""Whether publisher rules still find what they promise: figures from the captures of a window of days.

Why a rule is judged by the days of the captures: a publisher changes its layout on a day, and the pages captured after
that day tell. Old captures that are understood again must not look like news.

Why one odd page is no alarm: hosts carry more than articles (a quiz, a live page) and a rule cannot know them all. A
rule has stopped matching when more pages miss it than have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.types import RuleHealth


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
