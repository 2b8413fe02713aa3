"""What a backfill would do, without asking anybody: which documents, and which archives in which order.

Why documents of the queue are leased for a moment: the store gives them out in the order in which a run would get them,
and with all that is known. The lease is given back at once and leaves no trace. Documents that a person names are only
read: leasing those would queue them. What a run would queue before it begins is counted by the store
(`Store.count_backfills`) and not listed: only a queue has an order.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.archives.protocol import Archive
from crawler.backfilling.discretion import told_about
from crawler.backfilling.orders import Order
from crawler.backfilling.places import asked_of, cited_copy
from crawler.backfilling.standing import may_ask
from storage.protocol import Store
from storage.types import Backfill, BackfillState, BackfillTask, Citation, Document, Selection

_MOMENT = timedelta(seconds=30)
_CHUNK = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One document that would be looked for.

    Attributes:
        document: which.
        reason: why it is wanted.
        archives: that would be asked, in order, until one gives the article.
    """

    document: Document
    reason: str
    archives: tuple[str, ...]


def previewed(
    store: Store,
    wanted: Order,
    archives: Sequence[Archive],
    *,
    only: str,
    now: datetime,
    limit: int,
    allow_private: bool = False,
) -> Iterator[Preview]:
    """The first documents that a run would look for now, at most `limit` per selection."""
    for selection in wanted.selections:
        find = _named if wanted.by_hand and not wanted.queued else _queued
        for task in find(store, wanted, selection, now=now, limit=limit):
            told = told_about(archives, task.document.request_url, allow_private=allow_private)
            names = _names(task, wanted, told, only=only, now=now)
            yield Preview(document=task.document, reason=task.backfill.reason, archives=names)


def _queued(store: Store, wanted: Order, selection: Selection, *, now: datetime, limit: int) -> list[BackfillTask]:
    token = f"preview-{secrets.token_hex(8)}"
    try:
        return store.lease_backfills(wanted.request(selection, token=token, now=now, lease=_MOMENT, limit=limit))
    finally:
        store.release(token, not_before={})


def _named(store: Store, wanted: Order, selection: Selection, *, now: datetime, limit: int) -> Iterator[BackfillTask]:
    given = 0
    documents = list(store.due(replace(selection, due_only=False), now=now))
    for start in range(0, len(documents), _CHUNK):
        chunk = documents[start : start + _CHUNK]
        ids = [document.id for document in chunk]
        citations, searches = store.citations(ids), store.searches(ids)
        for document in chunk:
            cited = citations.get(document.id, ())
            if given >= limit or not _is_meant(document, cited, wanted):
                continue
            given += 1
            yield BackfillTask(
                document=document,
                backfill=Backfill(
                    document_id=document.id, state=BackfillState.WANTED, reason="requested", wanted_at=now
                ),
                searches={search.archive: search for search in searches.get(document.id, ())},
                citations=cited,
            )


def _is_meant(document: Document, citations: Sequence[Citation], wanted: Order) -> bool:
    if document.article_id is not None and not wanted.versions:
        return False
    days = [citation.event_date.isoformat() for citation in citations]
    after = not wanted.since or any(day >= wanted.since for day in days)
    return after and (not wanted.before or any(day < wanted.before for day in days))


def _names(
    task: BackfillTask, wanted: Order, archives: Sequence[Archive], *, only: str, now: datetime
) -> tuple[str, ...]:
    memento = task.document.memento
    cited = cited_copy(memento, archives) if memento is not None else None
    names = [cited[0].place.name] if cited is not None and only in {"", cited[0].place.name} else []
    names += [archive.place.name for archive in asked_of(archives, only)]
    due = (
        name
        for name in names
        if may_ask(task.searches.get(name), now=now, by_hand=wanted.by_hand, versions=wanted.versions)
    )
    return tuple(dict.fromkeys(due))
