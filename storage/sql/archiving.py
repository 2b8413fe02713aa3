"""Deduplicate and store, as one step and in one transaction.

Why one step: checking first and storing later races; of eight identical items fetched at once, all were judged new.

Why a result that came under a lease is stored only while the lease is held (`FetchResult.lease`): a run that was paused
for longer than its lease goes on as if nothing had been, while another one fetches the same document. Its result is
older than it looks, and would end the other's lease. Who holds a document is read with its host, by the query that
every batch begins with; nothing more is asked. Nobody can take it between that and the commit: on PostgreSQL whoever
gives out, takes back or ends leases holds the writers' lock, as this transaction does from its first statement to its
last (`storage.sql.engine`), and SQLite has one writer anyway. An expired lease that nobody took is a lease: the work is
done, and nobody else does it.

Why what rests on a record of such a result is refused too: its bytes are in a record that gets no row.

Why a savepoint per item: one page that the database refuses (a text beyond its limits, a record stored before) must
not cost the ninety-nine others of its batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, case, func, null, select, update
from sqlalchemy.exc import StatementError

from storage.errors import Unstorable
from storage.placing import (
    TAKEDOWN_RACE,
    failures_after,
    is_live,
    page_of,
    place,
    renews_validators,
    resting_elsewhere,
)
from storage.protocol import Decider
from storage.sql import freshness
from storage.sql.articles import Fresh, add_version, fill_texts, insert_one, into
from storage.sql.backfills import holders
from storage.sql.candidates import Sought, candidates
from storage.sql.chunks import chunks
from storage.sql.days import count_days
from storage.sql.documents import refresh_due
from storage.sql.engine import is_unavailable, refusal
from storage.sql.event_links import link_cited
from storage.sql.feeds import put_poll
from storage.sql.hosts import put_states
from storage.sql.lead_images import put as put_lead_images
from storage.sql.lead_images import put_facts
from storage.sql.lists import Listed, Lookup, Statement
from storage.sql.merges import put_claims, settle_claims
from storage.sql.models import AttemptRow, CaptureRow, DocumentRow, HostRow, SightingRow
from storage.sql.replaying import require_unversioned, sight_again, stored_page
from storage.sql.rows import HAS_RECORD, attempt_values, capture, capture_values, captures, verdict_values
from storage.sql.searches import put_search
from storage.sql.takedowns import holds_bytes, note_lost, removed_since, stored_takedown
from storage.types import Archived, Article, Capture, CaptureKind, FetchResult, KnownPayload

_CLOSE = (
    update(DocumentRow)
    .where(DocumentRow.id == bindparam("document"))
    .values(
        attempts=DocumentRow.attempts + 1,
        failures=(DocumentRow.failures + bindparam("added", type_=Integer())) * bindparam("kept", type_=Integer()),
        lease_token=case((DocumentRow.lease_token == bindparam("token"), null()), else_=DocumentRow.lease_token),
    )
)


def _documents_of(among: Listed) -> Statement:
    kept_away = func.coalesce(DocumentRow.takedown_id, HostRow.takedown_id).label("kept_away")
    columns = (DocumentRow.id, DocumentRow.host_id, DocumentRow.lease_token, kept_away)
    with_hosts = select(*columns).join(HostRow, HostRow.id == DocumentRow.host_id)
    return with_hosts.where(among(DocumentRow.id, "documents"))


_DOCUMENTS = Lookup(_documents_of)


@dataclass(kw_only=True, slots=True)
class _Batch:
    """What is looked up once for a whole batch, and kept up to date while its items are stored.

    Attributes:
        decide: gives verdicts.
        now: when it is stored.
        hosts: of the documents.
        held: token under which a document is leased for the live web.
        sought: likewise for archives; only of documents that archives were asked for.
        attempts: those that were stored before, by key.
        tombstones: takedowns of the documents.
        without_row: records of results that came too late.
        removals: whether anything was taken down lately; ``None`` until somebody asks.
    """

    decide: Decider
    now: datetime
    hosts: dict[int, int]
    held: dict[int, str | None]
    sought: dict[int, str | None]
    attempts: dict[str, int]
    tombstones: dict[int, int]
    without_row: set[str] = field(default_factory=set)
    removals: bool | None = None

    def is_stale(self, result: FetchResult) -> bool:
        """Whether a result came too late: nobody, or another run, holds its document."""
        if any(one.revisit_of in self.without_row for one in result.captures):
            return True
        document_id = result.attempt.document_id
        held = self.held if is_live(result) else self.sought
        return bool(result.lease) and document_id in self.hosts and held.get(document_id) != result.lease

    def ended(self, result: FetchResult) -> None:
        """A result is stored, and with it the lease ends under which it came."""
        document_id = result.attempt.document_id
        if is_live(result) and self.held.get(document_id) == result.attempt.run_token:
            self.held[document_id] = None


def archive(
    connection: Connection, results: Sequence[FetchResult], *, decide: Decider, now: datetime
) -> list[Archived]:
    """See `storage.protocol.Store.archive`."""
    found = _documents(connection, {result.attempt.document_id for result in results})
    batch = _Batch(
        decide=decide,
        now=now,
        hosts={row.id: row.host_id for row in found},
        held={row.id: row.lease_token for row in found},
        sought=_sought(connection, results),
        attempts=_attempts(connection, {result.attempt.key for result in results}),
        tombstones={row.id: row.kept_away for row in found if row.kept_away is not None},
    )
    archived = [_store(connection, batch, result) for result in results]
    fill_texts(connection)
    new = [result for result, one in zip(results, archived, strict=True) if not (one.repeated or one.stale)]
    put_states(connection, [state for result in new for state in result.hosts])
    count_days(connection, results, archived, batch.hosts)
    freshness.note(connection, results, archived, batch.hosts)
    refresh_due(connection, batch.hosts.values())
    return archived


def _documents(connection: Connection, document_ids: Iterable[int]) -> Sequence[Row[Any]]:
    return list(_DOCUMENTS.execute(connection, {"documents": document_ids}))


def _sought(connection: Connection, results: Iterable[FetchResult]) -> dict[int, str | None]:
    """Under which token each document is leased that was asked of an archive under a lease."""
    asked = {result.attempt.document_id for result in results if result.lease and not is_live(result)}
    return holders(connection, asked) if asked else {}


def _attempts(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    attempts: dict[str, int] = {}
    for piece in chunks(keys):
        rows = connection.execute(select(AttemptRow.key, AttemptRow.id).where(AttemptRow.key.in_(piece)))
        attempts |= {row.key: row.id for row in rows}
    return attempts


def _store(connection: Connection, batch: _Batch, result: FetchResult) -> Archived:
    key = result.attempt.key
    if key in batch.attempts:
        return Archived(attempt_id=batch.attempts[key], repeated=True)
    if result.attempt.document_id in batch.tombstones:
        return _keep_out(connection, result, batch.tombstones[result.attempt.document_id])
    if batch.is_stale(result):
        batch.without_row.update(one.location.record_id for one in result.captures)
        return Archived(stale=True)
    try:
        with connection.begin_nested():
            archived = _store_one(connection, batch, result)
    except Unstorable as problem:
        return Archived(error=str(problem))
    except StatementError as problem:
        if is_unavailable(problem):
            raise
        return Archived(error=refusal(problem))
    if archived.attempt_id is not None:
        batch.attempts[key] = archived.attempt_id
        batch.ended(result)
    return archived


def _keep_out(connection: Connection, result: FetchResult, takedown_id: int) -> Archived:
    """Store nothing of a document that was taken down while it was fetched, and have its records overwritten."""
    places = sorted((one.location.file, one.location.offset, one.location.length) for one in result.captures)
    note_lost(connection, places, takedown_id)
    return Archived(error=stored_takedown(connection, takedown_id).text, takedown_id=takedown_id)


def _store_one(connection: Connection, batch: _Batch, result: FetchResult) -> Archived:
    attempt = result.attempt
    if attempt.document_id not in batch.hosts:
        raise Unstorable(f"there is no document {attempt.document_id}")
    _require_bytes(connection, batch, result)
    page = page_of(result)
    if result.replayed is not None:
        page = stored_page(connection, result, result.replayed)
    values = attempt_values(attempt, batch.hosts[attempt.document_id], result.replayed)
    attempt_id = insert_one(connection, AttemptRow, values)
    capture_ids = [insert_one(connection, CaptureRow, capture_values(one, attempt_id)) for one in result.captures]
    if is_live(result):
        _close(connection, result)
    if result.search is not None:
        put_search(connection, result.search)
    if result.image is not None and capture_ids:
        put_facts(connection, capture_ids[-1], attempt.document_id, result.image)
    if result.feed is not None:
        put_poll(connection, attempt.document_id, result.feed, batch.now)
    archived = Archived(attempt_id=attempt_id)
    if result.article is not None and page is not None:
        archived = _store_text(connection, batch, result, (attempt_id, capture_ids, page))
    _settle(connection, result, archived, batch.now)
    return archived


def _require_bytes(connection: Connection, batch: _Batch, result: FetchResult) -> None:
    """Refuse a revisit of what was taken down after it was looked up.

    Raises:
        Unstorable: the record that holds its bytes is gone.
    """
    resting = resting_elsewhere(result)
    if resting and batch.removals is None:
        batch.removals = removed_since(connection, batch.now - TAKEDOWN_RACE)
    for one in resting if batch.removals else ():
        if not holds_bytes(connection, one):
            raise Unstorable(f"the bytes of {one.url} were taken down a moment ago: it must be fetched again")


def _store_text(
    connection: Connection, batch: _Batch, result: FetchResult, written: tuple[int, list[int], Capture]
) -> Archived:
    attempt_id, capture_ids, page = written
    fresh = Fresh(
        document_id=result.attempt.document_id,
        capture_id=capture_ids[-1] if capture_ids else result.replayed or 0,
        replayed=result.replayed is not None,
        page=page,
        article=result.article or Article(headline="", body=""),
        now=batch.now,
    )
    archived = _store_article(connection, batch.decide, fresh, attempt_id)
    if result.lead_image is not None and archived.version_id is not None:
        put_lead_images(connection, {archived.version_id: result.lead_image}, now=batch.now)
    return archived


def _settle(connection: Connection, result: FetchResult, archived: Archived, now: datetime) -> None:
    """Keep what a live answer says about which document it is, and see what that, or a new text, settles."""
    claims = result.claims if is_live(result) else ()
    document_id = result.attempt.document_id
    put_claims(connection, document_id, claims, now)
    if claims or archived.article_id is not None:
        settle_claims(connection, document_id, now)


def _close(connection: Connection, result: FetchResult) -> None:
    """Write on the document where its fetching stands now, and end the lease under which it was fetched."""
    attempt = result.attempt
    added, kept = failures_after(result)
    values = {
        "document": attempt.document_id,
        "token": attempt.run_token,
        "added": added,
        "kept": kept,
        "last_outcome": attempt.outcome,
        "last_attempt_at": attempt.finished_at,
        "next_fetch_at": attempt.next_fetch_at,
    }
    if renews_validators(result):
        values |= {"etag": result.etag, "last_modified": result.last_modified}
    connection.execute(_CLOSE, values)


def _store_article(connection: Connection, decide: Decider, fresh: Fresh, attempt_id: int) -> Archived:
    sought = Sought(
        document_id=fresh.document_id,
        article=fresh.article,
        payload_digest=fresh.page.payload_digest,
        captured_at=fresh.page.captured_at,
    )
    stored = candidates(connection, sought)
    verdict = decide(fresh.article, stored)
    placement = place(verdict, stored)
    if fresh.replayed and not placement.sighted:
        require_unversioned(connection, fresh.capture_id)
    article_id, version_id = placement.sighted or add_version(connection, fresh, verdict)
    sighting = {"capture_id": fresh.capture_id, "version_id": version_id, **verdict_values(verdict)}
    if fresh.replayed:
        sight_again(connection, sighting, versioned=not placement.sighted)
    else:
        connection.execute(into(SightingRow), sighting)
    return Archived(
        attempt_id=attempt_id,
        verdict=verdict,
        article_id=article_id,
        version_id=version_id,
        event_links=link_cited(connection, [fresh.document_id], now=fresh.now),
    )


def known_payloads(connection: Connection, digests: Iterable[str]) -> dict[str, KnownPayload]:
    """See `storage.protocol.Store.known_payloads`; of several records the first."""
    known: dict[str, KnownPayload] = {}
    for piece in chunks(digests):
        holders = captures().where(CaptureRow.payload_digest.in_(piece), CaptureRow.revisit_of == "", HAS_RECORD)
        holders = holders.where(CaptureRow.kind != CaptureKind.RENDERED)
        for row in connection.execute(holders.order_by(CaptureRow.id)):
            known.setdefault(row.payload_digest, KnownPayload.of(capture(row)))
    return known
