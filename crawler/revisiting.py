"""When an attempt's document is due again on the live web: what the policy and the table must know, brought together.

Why whether the text changed is looked up here and not left to the verdict: the verdict is given inside the transaction
that stores the attempt, and the attempt says when its document is due. What is compared is the same: the text's digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from crawler.configuration import Configuration
from crawler.items import FailedFetch, FetchedPage
from crawler.planning import Rarely, next_try
from crawler.recrawling import JITTER, LIVING, Recrawl, Seen, jitter_of, life_of, next_check
from storage.protocol import Store
from storage.types import Article, Document, DocumentRole, HostState, Outcome


def policy(configuration: Configuration) -> Recrawl:
    """The policy as a library's settings have it."""
    return Recrawl(
        enabled=configuration.flag("recrawl.enabled"),
        ratio=configuration.number("recrawl.ratio"),
        least=timedelta(hours=configuration.number("recrawl.least_hours")),
        most=timedelta(days=configuration.whole("recrawl.most_days")),
        dead=timedelta(days=configuration.whole("recrawl.dead_days")),
    )


def rarely(rule: Recrawl, canonical_url: str) -> Rarely | None:
    """How often a document is asked for of which the table says nothing more."""
    return Rarely(longest=rule.dead / (1 + JITTER), jitter=jitter_of(canonical_url)) if rule.enabled else None


def is_checked(document: Document, outcome: Outcome) -> bool:
    """Whether a document that ended so is asked for again by the policy, and not by the table."""
    return outcome in LIVING and document.role is DocumentRole.SOURCE


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What counts of an attempt that ended.

    Attributes:
        document: before it.
        outcome: the final one.
        at: when it ended.
        failures_before: failures in a row before it.
        article: that was extracted.
        changed: its text is another one than before.
        retry_after_s: what the server asked for.
        browser: a browser is at hand that was not tried yet.
    """

    document: Document
    outcome: Outcome
    at: datetime
    failures_before: int
    article: Article | None = None
    changed: bool = False
    retry_after_s: float | None = None
    browser: bool = False


def ended_by(item: FetchedPage | FailedFetch, outcome: Outcome, article: Article | None, *, browser: bool) -> Ended:
    """What counts of what came, with its final outcome; ``browser``: pages that need JavaScript are opened in one."""
    document = item.task.document
    return Ended(
        document=document,
        outcome=outcome,
        at=item.finished_at,
        failures_before=document.failures,
        article=article,
        retry_after_s=item.retry_after_s,
        # What needed a script the last time too was opened in the browser now: it did not help.
        browser=browser and document.last_outcome is not Outcome.NEEDS_JAVASCRIPT,
    )


def due_again(
    rule: Recrawl, ended: Ended, *, host: HostState | None = None, event_dates: Iterable[date] = ()
) -> datetime | None:
    """When a document is due after an attempt, by the policy or by the table; ``None``: not unless asked for."""
    document = ended.document
    if is_checked(document, ended.outcome):
        seen = Seen(at=ended.at, article=ended.article, changed=ended.changed)
        return next_check(rule, life_of(document, host, event_dates=event_dates, seen=seen), now=ended.at)
    return next_try(
        ended.outcome,
        failures_before=ended.failures_before,
        now=ended.at,
        retry_after_s=ended.retry_after_s,
        browser=ended.browser,
        rarely=rarely(rule, document.canonical_url),
    )


def next_fetch(
    item: FetchedPage | FailedFetch, ended: Ended, *, rule: Recrawl, hosts: Iterable[HostState], store: Store
) -> datetime | None:
    """When the document of a live attempt is due again; not of a feed, which is polled by its own interval.

    Args:
        item: what came.
        ended: what is known of it; whether the text changed is looked up.
        rule: the policy.
        hosts: what the attempt taught about hosts.
        store: where the texts, and the events that cite the document, are.
    """
    document = ended.document
    if is_checked(document, ended.outcome):
        ended = replace(ended, changed=_changed(store, document, ended.article))
    host = next((state for state in hosts if state.name == document.host), None)
    return due_again(rule, ended, host=host, event_dates=_event_dates(store, item))


def _changed(store: Store, document: Document, article: Article | None) -> bool:
    """Whether the text is another one than the article's latest of which the library knows."""
    if article is None or document.article_id is None:
        return False
    known = store.own_versions(document.id, limit=1)
    return bool(known) and known[0][0].article.text_digest != article.text_digest


def _event_dates(store: Store, item: FetchedPage | FailedFetch) -> list[date]:
    """Of the events that cite the document, where nothing better says how old it is."""
    document = item.task.document
    if isinstance(item, FetchedPage):
        return [one.event_date for one in item.citations]
    dated = document.reported_at is not None and document.reported_at < document.added_at
    return [] if dated or item.outcome not in LIVING else cited_on(store, document)


def cited_on(store: Store, document: Document) -> list[date]:
    """The dates of the events that cite a document."""
    return [one.event_date for one in store.citations([document.id]).get(document.id, ())]
