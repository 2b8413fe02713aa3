"""Link rot: of the pages that event entries cite, how many are still there, gone, rescued, lost.

Every cited page stands in exactly one of four columns:

==========  ==============================================================================================
live        a reader who follows the link gets the page
rescued     not so, but an archived copy was found whose article is the cited one
missing     not so, and every archive was asked: none gave such a copy
not asked   not so, as far as anybody asked, and not every archive could be asked yet
==========  ==============================================================================================

Beside them, of those that are not live: ``dead`` where the web itself says that the page is gone, ``unclear``
where we were refused or nobody answered, which proves nothing to a reader with a browser. ``articles`` counts the pages
whose text the library has, from wherever.

Why unclear ones are no column of their own in the sum: whoever wants to know what was lost asks whether the text can be
read, not how its server said no.

Why a dead page is not missing before every archive was asked: a table must not tell people that something is lost which
nobody looked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.events.notes import UrlStatus, status_of
from storage.types import BackfillState, LinkRot, Outcome

UNASKED = "not asked"
"""The outcome of pages that the web was never asked for."""


@dataclass(slots=True)
class Rot:
    """Counts of cited pages; see the module. ``cited`` is the sum of live, rescued, missing and not asked."""

    cited: int = 0
    live: int = 0
    dead: int = 0
    unclear: int = 0
    rescued: int = 0
    missing: int = 0
    not_asked: int = 0
    articles: int = 0

    def add(self, row: LinkRot) -> None:
        """Count the pages of one row."""
        self.cited += row.documents
        self.articles += row.articles
        asked = row.outcome not in {None, Outcome.IMPORTED}
        status = status_of(row.outcome) if asked else UrlStatus.UNKNOWN
        if status is UrlStatus.LIVE:
            self.live += row.documents
            return
        if status is not UrlStatus.UNKNOWN:
            self.dead += row.documents
        elif asked:
            self.unclear += row.documents
        self._count_rescue(row)

    def _count_rescue(self, row: LinkRot) -> None:
        if row.backfill is BackfillState.RESCUED:
            self.rescued += row.documents
        elif row.backfill is BackfillState.MISSING:
            self.missing += row.documents
        else:
            self.not_asked += row.documents

    def share(self, part: int) -> float:
        """Of all cited pages, from 0 to 1; 0 where none is cited."""
        return part / self.cited if self.cited else 0.0


@dataclass(slots=True)
class LinkRotReport:
    """The counts of all cited pages, and the same pages by year of the earliest event, by host and by outcome.

    Attributes:
        total: all.
        years: year -> counts, ascending; 0 for pages without an event.
        hosts: host -> counts, those of which most pages are dead, unclear, rescued or missing first.
        outcomes: outcome of the latest attempt, or `UNASKED` -> counts, the most frequent first.
    """

    total: Rot = field(default_factory=Rot)
    years: dict[int, Rot] = field(default_factory=dict)
    hosts: dict[str, Rot] = field(default_factory=dict)
    outcomes: dict[str, Rot] = field(default_factory=dict)


def report_of(rows: Iterable[LinkRot]) -> LinkRotReport:
    """The report over the rows; memory is bounded by the number of hosts."""
    report = LinkRotReport()
    for row in rows:
        outcome = row.outcome.value if row.outcome else UNASKED
        report.total.add(row)
        report.years.setdefault(row.year, Rot()).add(row)
        report.hosts.setdefault(row.host, Rot()).add(row)
        report.outcomes.setdefault(outcome, Rot()).add(row)
    report.years = dict(sorted(report.years.items()))
    report.hosts = dict(sorted(report.hosts.items(), key=lambda one: (-_lost(one[1]), -one[1].cited, one[0])))
    report.outcomes = dict(sorted(report.outcomes.items(), key=lambda one: (-one[1].cited, one[0])))
    return report


def _lost(rot: Rot) -> int:
    """At least so many pages are not there: asked of the web without success, or of the archives."""
    return max(rot.dead + rot.unclear, rot.rescued + rot.missing)
