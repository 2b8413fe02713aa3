"""What a library will fetch: the plan for the next days, why a document is due when it is, dates for what has none.

Why the plan asks the store for documents and not for counts: what a page that is asked for again does next depends on
its age and its history. They are read once, in a stream.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from crawler.agenda import Agenda, Diary, HostTerms, agenda
from crawler.configuration import FILE_NAME, Configuration
from crawler.errors import ConfigurationError
from crawler.host_states import HostStates
from crawler.lead_images import as_configured
from crawler.library import Library
from crawler.planning import RETRY_RULES, next_try
from crawler.politeness import rests
from crawler.recrawling import Life, Reckoning, Recrawl, explain, in_words, life_of, next_check, reckon
from crawler.revisiting import cited_on, is_checked, policy, rarely
from storage.protocol import Store
from storage.types import (
    Document,
    DocumentHistory,
    FetchAttempt,
    FetchReason,
    Host,
    HostState,
    Selection,
)

_TOGETHER = 1000
_SAME = timedelta(minutes=1)
"""Moments that differ by less are told in the same words."""


# -- the next days ---------------------------------------------------------------------------------------------


def look_ahead(library: Library, *, days: int, now: datetime, host: str = "") -> Agenda:
    """What would be fetched until the end of so many days (UTC), today included; of one host or of all."""
    configuration, store = library.configuration, library.store
    known = Terms(configuration, store, now)
    end = datetime.combine(now.date(), time(), tzinfo=UTC) + timedelta(days=days)
    selection = as_configured(configuration, store, Selection(host=host))
    return agenda(
        store.due(selection, now=end - timedelta(microseconds=1)),
        known,
        now=now,
        days=days,
        hosts_at_once=configuration.whole("crawl.hosts"),
        following=known.following,
    )


class Terms:
    """On which terms each host of a library is asked; called with its name."""

    def __init__(self, configuration: Configuration, store: Store, now: datetime) -> None:
        self._configuration = configuration
        self._rule = policy(configuration)
        self._intervals = HostStates.configured(configuration)
        self._used = used_today(store, now)
        self._states: dict[str, HostState] = {}
        self._terms: dict[str, HostTerms] = {}
        for host in store.hosts(now=now):
            self._intervals.know([host.state])
            self._states[host.name] = host.state
            self._terms[host.name] = self._of(host, now)

    def __call__(self, host: str) -> HostTerms:
        """The host's terms; those of a new one where the store does not know it."""
        return self._terms.get(host) or HostTerms()

    def following(self, document: Document, at: datetime) -> datetime | None:
        """When a page is due after it was asked for again and found unchanged."""
        if not _lives(document):
            return None
        return next_check(self._rule, life_of(document, self._states.get(document.host)), now=at)

    def _of(self, host: Host, now: datetime) -> HostTerms:
        state = host.state
        resting = state.not_before is not None and rests(state, now)
        why = f" ({state.rest_reason})" if state.rest_reason else ""
        return HostTerms(
            interval=self._intervals.interval(host.name),
            per_day=per_day(self._configuration, host.name),
            used=self._used[host.name],
            ready_at=state.not_before if resting else None,
            out=why_paused(host, self._configuration),
            rests=f"resting until {state.not_before:%Y-%m-%d %H:%M}Z{why}" if resting else "",
        )


def why_paused(host: Host, configuration: Configuration) -> str:
    """Why a host is not asked until a person allows it; empty where it is asked."""
    if host.paused_at is not None:
        return f"paused: {host.pause_reason}" if host.pause_reason else "paused"
    return f"paused in {FILE_NAME}" if configuration.host_rule(host.name).paused else ""


def per_day(configuration: Configuration, host: str) -> int:
    """How many documents of a host are asked for on one day; 0: any number."""
    own = configuration.host_rule(host).per_day
    return configuration.whole("crawl.per_day") if own is None else own


def used_today(store: Store, now: datetime) -> Counter[str]:
    """Host -> attempts at its documents on the live web that ended today."""
    used: Counter[str] = Counter()
    for one in store.host_days(since=now.date(), until=now.date()):
        used[one.host] += 0 if one.archive else one.attempts
    return used


# -- one document ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """Why a document is due when it is.

    Attributes:
        document: as stored.
        attempts: on the live web, oldest first.
        sentences: for a person.
        reckoning: figures of the policy, where that decides.
    """

    document: Document
    attempts: tuple[FetchAttempt, ...]
    sentences: tuple[str, ...]
    reckoning: Reckoning | None = None


def explain_document(library: Library, canonical_url: str) -> Explained:
    """Why one document is due when it is. Raises `DocumentNotFound`."""
    store, rule = library.store, policy(library.configuration)
    history = store.history(canonical_url)
    document = history.document
    state = store.host_states([document.host]).get(document.host)
    life = life_of(document, state, event_dates=cited_on(store, document))
    reckoning = None
    if _lives(document) and rule.enabled and document.last_attempt_at is not None:
        reckoning = reckon(rule, life, now=document.last_attempt_at)
    return Explained(
        document=document,
        attempts=_live(history),
        sentences=tuple(_sentences(rule, document, life, reckoning)),
        reckoning=reckoning,
    )


def _live(history: DocumentHistory) -> tuple[FetchAttempt, ...]:
    asked = [one for one in history.attempts if not one.archive and one.reason is not FetchReason.REPLAYED]
    return tuple(asked)


def _sentences(rule: Recrawl, document: Document, life: Life, reckoning: Reckoning | None) -> Iterator[str]:
    if document.last_outcome is None:
        yield "it was never asked for"
    elif reckoning is not None:
        yield from explain(rule, life, reckoning)
    elif _lives(document):
        yield "it was fetched, and nothing that was fetched is asked for again: recrawl.enabled is off"
    else:
        yield from _by_table(rule, document)
    yield _stored(document, reckoning)


def _by_table(rule: Recrawl, document: Document) -> Iterator[str]:
    """What the table says of a document's latest outcome."""
    if document.last_outcome is None:
        return
    row = RETRY_RULES[document.last_outcome]
    yield f"its latest outcome is {document.last_outcome}, {document.failures} in a row without success: {row.why}"
    if not row.waits:
        yield "after this outcome it is not asked for again"
        return
    yield f"waits after it: {', '.join(map(in_words, row.waits))}"
    if document.failures > len(row.waits):
        last = f"then each twice the last, at most {in_words(rule.dead)} (recrawl.dead_days)"
        yield last if rule.enabled else "then none: recrawl.enabled is off"


def _stored(document: Document, reckoning: Reckoning | None) -> str:
    due = document.next_fetch_at
    if due is None:
        booked = "; `dateline plan --book` gives it its date" if reckoning is not None else ""
        return f"it is not due again unless asked for{booked}"
    said = f"it is due at {due:%Y-%m-%d %H:%M}Z"
    if reckoning is not None and abs(due - reckoning.at) > _SAME:
        said += ": the date was given by what was known then, by `dateline retry` or by `dateline plan --book`"
    return said


# -- dates for what has none -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Booked:
    """What booking did.

    Attributes:
        living: pages that live and got a date.
        dead: documents that are gone and got one.
        hosts: on how many hosts.
        first: the earliest date that was given.
        last: the latest.
    """

    living: int = 0
    dead: int = 0
    hosts: set[str] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None

    def add(self, document: Document, at: datetime, *, living: bool) -> None:
        """One more."""
        self.living += living
        self.dead += not living
        self.hosts.add(document.host)
        self.first, self.last = min(self.first or at, at), max(self.last or at, at)


def book(
    library: Library,
    *,
    now: datetime,
    dead: bool = False,
    dry_run: bool = False,
    progress: Callable[[Booked], None] = lambda _booked: None,
) -> Booked:
    """Give every document that was fetched, lives and has no date its date by the policy; idempotent, streams.

    Args:
        library: open.
        now: UTC.
        dead: give one to what is gone too, where the table has run out of waits.
        dry_run: change nothing.
        progress: told after each batch.

    Raises:
        ConfigurationError: the policy is switched off.
    """
    rule, store = policy(library.configuration), library.store
    if not rule.enabled:
        raise ConfigurationError(f"recrawl.enabled is off in {FILE_NAME}: nothing is asked for again by itself")
    diary = Diary(now=now, per_day=lambda host: per_day(library.configuration, host))
    for host, used in used_today(store, now).items():
        diary.note(host, now, used)
    states = {host.name: host.state for host in store.hosts(now=now)}
    booked = Booked()
    undated = _undated(store, diary, now)
    while some := list(islice(undated, _TOGETHER)):
        wished = _wished(rule, store, some, states, dead=dead)
        moments: dict[int, datetime] = {}
        for document in some:
            if at := wished.get(document.id):
                moments[document.id] = diary.book(document, at)
                booked.add(document, moments[document.id], living=_lives(document))
        if moments and not dry_run:
            store.book(moments)
        progress(booked)
    return booked


def _undated(store: Store, diary: Diary, now: datetime) -> Iterator[Document]:
    """Documents that were asked for and have no date; those that have one come first and are noted."""
    for document in store.due(Selection(due_only=False), now=now):
        if document.next_fetch_at is not None:
            diary.note(document.host, document.next_fetch_at)
        elif document.last_attempt_at is not None:
            yield document


def _lives(document: Document) -> bool:
    return document.last_outcome is not None and is_checked(document, document.last_outcome)


def _wished(
    rule: Recrawl, store: Store, some: Sequence[Document], states: Mapping[str, HostState], *, dead: bool
) -> dict[int, datetime]:
    """When the policy would have these documents asked for, by what came of their latest attempts."""
    cited = store.citations([one.id for one in some if _lives(one)])
    wished: dict[int, datetime | None] = {}
    for document in some:
        if document.last_outcome is None or document.last_attempt_at is None:
            continue
        if _lives(document):
            dates: list[date] = [one.event_date for one in cited.get(document.id, ())]
            life = life_of(document, states.get(document.host), event_dates=dates)
            wished[document.id] = next_check(rule, life, now=document.last_attempt_at)
        elif dead:
            wished[document.id] = next_try(
                document.last_outcome,
                failures_before=max(0, document.failures - 1),
                now=document.last_attempt_at,
                rarely=rarely(rule, document.canonical_url),
            )
    return {number: at for number, at in wished.items() if at is not None}
