"""The queue of documents that are wanted from archives, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from storage.memory.library import Library, document_of
from storage.memory.pages import citations
from storage.memory.searches import searches
from storage.memory.selecting import chosen
from storage.types import (
    Backfill,
    BackfillRequest,
    BackfillRules,
    BackfillState,
    BackfillTask,
    Document,
    DocumentRole,
)
from storage.wanting import MOST_COUNTED, REQUESTED, reason_of

_NEVER = datetime.max.replace(tzinfo=UTC)


def queue(library: Library, rules: BackfillRules, *, now: datetime) -> int:
    """See `storage.protocol.Store.queue_backfills`."""
    before = len(library.backfills)
    for document in library.documents.values():
        if reason := _newly_wanted(library, document, rules):
            library.backfills[document.id] = _place(document.id, reason, now)
    return len(library.backfills) - before


def _newly_wanted(library: Library, document: Document, rules: BackfillRules) -> str:
    """Why a document without a place in the queue is to get one; empty where it is not."""
    known = document.id in library.backfills or library.tombstone(document) is not None
    return "" if known else reason_of(document, library.hosts[document.host].state, rules)


def _place(document_id: int, reason: str, now: datetime) -> Backfill:
    return Backfill(document_id=document_id, state=BackfillState.WANTED, reason=reason, wanted_at=now, next_at=now)


def lease(library: Library, request: BackfillRequest) -> list[BackfillTask]:
    """See `storage.protocol.Store.lease_backfills`."""
    taken = _chosen(library, request)[: request.limit]
    for document in taken:
        library.backfills.setdefault(document.id, _place(document.id, REQUESTED, request.now))
        library.backfill_leases[document.id] = (request.token, request.until)
    ids = [one.id for one in taken]
    searched, cited = searches(library, ids), citations(library, ids)
    return [
        BackfillTask(
            document=one,
            backfill=library.backfills[one.id],
            searches={search.archive: search for search in searched.get(one.id, ())},
            citations=cited.get(one.id, ()),
        )
        for one in taken
    ]


def count(library: Library, request: BackfillRequest, rules: BackfillRules | None) -> int:
    """See `storage.protocol.Store.count_backfills`."""
    if rules is None:
        return min(len(_chosen(library, request)), MOST_COUNTED)
    cited = _cited_between(library, request.since, request.before)
    meant = (one for one in chosen(library, request.selection, None) if cited is None or one.id in cited)
    return min(sum(bool(_newly_wanted(library, one, rules)) for one in meant), MOST_COUNTED)


def hosts(library: Library, request: BackfillRequest) -> dict[str, int]:
    """See `storage.protocol.Store.backfill_hosts`."""
    return dict(Counter(one.host for one in _chosen(library, request)[: request.limit]))


def _chosen(library: Library, request: BackfillRequest) -> list[Document]:
    """Documents that may be given out, those that wait longest first."""
    cited = _cited_between(library, request.since, request.before)
    fits = _is_due if request.selection.due_only else _is_missing
    found = [
        one
        for one in chosen(library, request.selection, None)
        if (cited is None or one.id in cited)
        and not _is_out(library, one.id, request.now)
        and fits(library, one, request)
    ]
    return sorted(found, key=lambda one: (_next_at(library, one.id), one.id))


def _next_at(library: Library, document_id: int) -> datetime:
    backfill = library.backfills.get(document_id)
    return (backfill and backfill.next_at) or _NEVER


def _is_out(library: Library, document_id: int, now: datetime) -> bool:
    held = library.backfill_leases.get(document_id)
    return held is not None and held[1] > now


def _is_due(library: Library, document: Document, request: BackfillRequest) -> bool:
    return _next_at(library, document.id) <= request.now


def _is_missing(library: Library, document: Document, request: BackfillRequest) -> bool:
    """Whether a document that somebody names is to be looked for."""
    backfill = library.backfills.get(document.id)
    ended_at = backfill.ended_at if backfill else None
    if request.skip_after is not None and ended_at is not None and ended_at >= request.skip_after:
        return False
    if (request.queued and backfill is None) or document.role is not DocumentRole.SOURCE:
        return False
    rescued = backfill is not None and backfill.state is BackfillState.RESCUED
    return request.rescued or not (rescued or library.has_full_text(document))


def _cited_between(library: Library, since: str, before: str) -> set[int] | None:
    """Documents that events of these days cite; ``None`` where no days are asked for."""
    if not since and not before:
        return None
    return {
        library.document_ids[identity.canonical_url]
        for event in library.events()
        if since <= event.entry.event_date.isoformat() < (before or "9999-99")
        for citation in event.citations
        if citation.withdrawn_at is None and (identity := document_of(citation.link))
    }


def end(
    library: Library, document_id: int, *, token: str, state: BackfillState, next_at: datetime | None, now: datetime
) -> None:
    """See `storage.protocol.Store.end_backfill`."""
    if library.backfill_leases.get(document_id, ("", now))[0] == token:
        stored = library.backfills[document_id]
        library.backfills[document_id] = replace(stored, state=state, next_at=next_at, ended_at=now)
        del library.backfill_leases[document_id]


def renew(library: Library, token: str, *, until: datetime) -> int:
    """Prolong the token's leases; returns how many documents it holds."""
    own = [document_id for document_id, (holder, _) in library.backfill_leases.items() if holder == token]
    library.backfill_leases.update(dict.fromkeys(own, (token, until)))
    return len(own)


def free(library: Library, tokens: Collection[str], *, expired_at: datetime | None = None) -> int:
    """End leases of these tokens, all or those that have run out; returns how many documents were still out."""
    own = [
        document_id
        for document_id, (holder, until) in library.backfill_leases.items()
        if holder in tokens and (expired_at is None or until <= expired_at)
    ]
    for document_id in own:
        del library.backfill_leases[document_id]
    return len(own)
