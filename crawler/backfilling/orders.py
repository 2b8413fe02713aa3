"""What a person asks to look for: which documents.

Why naming an event means "whether due or not": who names it wants an answer now; a queue of thousands is worked off by
the command without names.

Why naming an archive means all of the queue that is still missing: it is named because something changed there (files
were added, an archive was written into the settings), and what is missing would else wait half a year for it. The other
archives are not asked, and kept answers cost no request.

Why all versions want a name, a host or a day: every copy of every document is a library of its own, and nobody means
that by leaving a word out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from crawler.errors import ConfigurationError
from crawler.naming import select
from storage.protocol import Store
from storage.types import BackfillRequest, Selection


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """Which documents a run looks for.

    Attributes:
        selections: worked off one after the other.
        since: only documents that an event of this day or later cites; ISO date, empty for no bound.
        before: only documents that an event before this day cites; likewise.
        versions: all copies that differ, also of documents that have an article.
        queued: of what is not due only documents that have a place in the queue.
    """

    selections: tuple[Selection, ...]
    since: str = ""
    before: str = ""
    versions: bool = False
    queued: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether documents are meant that are not due, or not even queued."""
        return not self.selections[0].due_only

    def request(
        self, selection: Selection, *, token: str, now: datetime, lease: timedelta, limit: int
    ) -> BackfillRequest:
        """The next documents of a selection."""
        return BackfillRequest(
            token=token,
            now=now,
            until=now + lease,
            limit=limit,
            selection=selection,
            since=self.since,
            before=self.before,
            rescued=self.versions,
            queued=self.queued,
        )


def order(
    store: Store,
    *,
    events: Iterable[str] = (),
    host: str = "",
    since: str = "",
    until: str = "",
    versions: bool = False,
    archive: str = "",
) -> Order:
    """What a person named.

    Args:
        store: where events are looked up.
        events: names of events, as `crawler.naming.event_name` understands them.
        host: of the documents.
        since: first day of events.
        until: last day of events.
        versions: see `Order`.
        archive: the only one to ask; empty for all.

    Raises:
        ConfigurationError: a day is none, a host is none, or all versions of everything are wanted.
        EventNotFound, AmbiguousEvent: there is no such event.
    """
    names = [name for name in events if name]
    if versions and not (names or host or since or until):
        raise ConfigurationError("all versions of what? name an event, or --host, --since or --until")
    selections = tuple(select(store, event=name, host=host) for name in names or [""])
    queued = bool(archive) and not names and not versions
    last = _day(until, "--until")
    first = _day(since, "--since")
    if first and last and first > last:
        raise ConfigurationError(f"--since {first} lies after --until {last}")
    return Order(
        selections=tuple(replace(one, due_only=one.due_only and not versions and not queued) for one in selections),
        since=first.isoformat() if first else "",
        before=(last + timedelta(days=1)).isoformat() if last and last < date.max else "",
        versions=versions,
        queued=queued,
    )


def _day(given: str, option: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise ConfigurationError(f"{option} {given!r} is no day; write it as 2006-07-05") from error
