"""Removing documents: which rows go, in which order, and what is counted.

Why rows are removed table by table for some hundred documents at a time: each step is a statement that uses an index,
and a transaction stays short enough that others get their turn between two.

Why attempts and source links stay: they say that the library asked and that an entry cites, which is not what was asked
to be removed. What an attempt quotes of the page goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, update

from storage.errors import StillNeeded
from storage.sql import takedowns
from storage.sql.chunks import CHUNK, chunks
from storage.sql.clusters import leave
from storage.sql.columns import short_digest
from storage.sql.documents import refresh_due
from storage.sql.keys import drop_keys, stored_keys
from storage.sql.models import (
    ArchiveSaveRow,
    ArchiveSearchRow,
    ArticleRow,
    ArticleTextRow,
    ArticleVersionRow,
    AttemptRow,
    BackfillRow,
    Base,
    CaptureRow,
    DiscoveryRow,
    DocumentRow,
    EventLinkRow,
    HeldRecordRow,
    HostLineRow,
    HostRow,
    LeadImageRow,
    ReextractionRow,
    RelationRow,
    SightingRow,
    StoredImageRow,
)
from storage.sql.relations import touching
from storage.sql.rows import HAS_RECORD, capture, captures
from storage.sql.selecting import Reading, is_role
from storage.types import (
    Article,
    Capture,
    DocumentRole,
    LinkState,
    RecordLocation,
    RetentionRule,
    Takedown,
    TakedownKind,
)

_UNQUOTED = {"page": None, "page_key": None, "coverage": None, "detail": "", "replayed_capture_id": None}
_GONE = {
    "next_fetch_at": None,
    "lease_token": None,
    "etag": "",
    "last_modified": "",
    "reported_at": None,
    "changed_at": None,
}
_PLACE = update(CaptureRow).where(CaptureRow.id == bindparam("capture"))
_Ids = Collection[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Doomed:
    """What goes with some documents."""

    documents: list[int]
    articles: list[int]
    versions: list[int]
    captures: Sequence[Row[Any]]


def take_down(
    connection: Connection, takedown: Takedown, document_ids: _Ids, *, before: datetime | None, dry_run: bool
) -> Takedown:
    """See `storage.upkeep_store.UpkeepStore.take_down`."""
    raw = takedown.kind is TakedownKind.RAW
    documents = sorted(set(document_ids)) if raw else with_images(connection, document_ids)
    if not dry_run and resting_on(connection, documents, before=before if raw else None):
        raise StillNeeded(f"captures of other documents rest on those of {takedown.subject}")
    takedown_id = 0 if dry_run else takedowns.put(connection, takedown)
    if not raw and not dry_run:
        takedowns.keep_away(connection, takedown, takedown_id, documents)
    removed: Counter[str] = Counter(articles=0, versions=0, links=0, captures=0, bytes=0)
    for piece in chunks(documents):
        doomed = _doomed(connection, piece, before=before, raw=raw)
        places = [(row.file, row.record_offset, row.record_length) for row in doomed.captures if row.record_length]
        found = takedowns.stretches(connection, places, takedown_id)
        removed.update(
            articles=len(doomed.articles),
            versions=len(doomed.versions),
            links=_links(connection, doomed.articles),
            captures=len(places),
            bytes=sum(one.length for one in found),
        )
        if not dry_run:
            takedowns.note(connection, found)
            _remove(connection, doomed, takedown_id, raw=raw)
    if dry_run:
        return replace(takedown, removed=dict(removed))
    if not raw:
        takedowns.note_purge(connection, takedown_id)
    return takedowns.add_removed(connection, takedown_id, removed)


def with_images(connection: Connection, document_ids: _Ids) -> list[int]:
    """These documents, and the lead images that only their articles show."""
    found = set(document_ids)
    for piece in chunks(sorted(found)):
        shown = select(LeadImageRow.document_id).where(LeadImageRow.version_id.in_(_versions_of(piece)))
        found.update(_unshown(connection, set(connection.scalars(shown)) - found, document_ids))
    return sorted(found)


def _unshown(connection: Connection, images: set[int], document_ids: _Ids) -> set[int]:
    """Those images that no article of any other document shows, and that no entry cites."""
    gone, lonely = set(document_ids), set[int]()
    for piece in chunks(sorted(images)):
        own = select(DocumentRow.id).where(DocumentRow.id.in_(piece), is_role(DocumentRole.LEAD_IMAGE))
        shown = (
            select(LeadImageRow.document_id, ArticleRow.document_id.label("by"))
            .join(ArticleVersionRow, ArticleVersionRow.id == LeadImageRow.version_id)
            .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
            .where(LeadImageRow.document_id.in_(piece))
        )
        elsewhere = {row.document_id for row in connection.execute(shown) if row.by not in gone}
        lonely |= set(connection.scalars(own)) - elsewhere
    return lonely


def _versions_of(document_ids: list[int]) -> Select[int]:
    versions = select(ArticleVersionRow.id).join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
    return versions.where(ArticleRow.document_id.in_(document_ids))


def _doomed(connection: Connection, piece: list[int], *, before: datetime | None, raw: bool) -> _Doomed:
    held = _captures_of(piece, before if raw else None).order_by(CaptureRow.file, CaptureRow.record_offset)
    shown = connection.execute(held.where(HAS_RECORD) if raw else held).all()
    if raw:
        return _Doomed(documents=piece, articles=[], versions=[], captures=shown)
    articles = connection.scalars(select(ArticleRow.id).where(ArticleRow.document_id.in_(piece))).all()
    versions = connection.scalars(_versions_of(piece)).all()
    return _Doomed(documents=piece, articles=list(articles), versions=list(versions), captures=shown)


def _links(connection: Connection, articles: list[int]) -> int:
    """How many pairs of an event and one of these articles count as linked."""
    counts = EventLinkRow.state.in_((LinkState.LINKED, LinkState.CONFIRMED))
    pairs = select(EventLinkRow.event_id, EventLinkRow.article_id).where(counts).distinct()
    return sum(
        len(connection.execute(pairs.where(EventLinkRow.article_id.in_(piece))).all()) for piece in chunks(articles)
    )


def _captures_of(document_ids: list[int], before: datetime | None) -> Select[Any]:
    own = captures().join(AttemptRow, AttemptRow.id == CaptureRow.attempt_id)
    own = own.where(AttemptRow.document_id.in_(document_ids))
    return own if before is None else own.where(CaptureRow.fetched_at < before)


# -- removing --------------------------------------------------------------------------------------------------------


def _remove(connection: Connection, doomed: _Doomed, takedown_id: int, *, raw: bool) -> None:
    if raw:
        gone = {row.id: RecordLocation.removed(takedown_id, row.id, row.record_id) for row in doomed.captures}
        _place(connection, [{"capture": number, **_placed(place)} for number, place in gone.items()])
        return
    _remove_stories(connection, doomed.articles)
    _remove_versions(connection, doomed)
    _remove_captures(connection, [row.id for row in doomed.captures])
    for piece in chunks(doomed.articles):
        connection.execute(delete(ArticleRow).where(ArticleRow.id.in_(piece)))
    _clear_documents(connection, doomed.documents)


def _remove_stories(connection: Connection, articles: list[int]) -> None:
    """Take articles out of their stories, and what others say of them with them."""
    neighbours = {one for pair in touching(connection, articles) for one in pair} - set(articles)
    for piece in chunks(articles):
        connection.execute(delete(EventLinkRow).where(EventLinkRow.article_id.in_(piece)))
        for end in (RelationRow.article_id, RelationRow.other_id):
            connection.execute(delete(RelationRow).where(end.in_(piece)))
        connection.execute(delete(ArticleTextRow).where(ArticleTextRow.article_id.in_(piece)))
        matched = select(ArticleVersionRow.id).where(ArticleVersionRow.article_id.in_(piece))
        for others in chunks(sorted(neighbours)):
            theirs = select(ArticleVersionRow.id).where(ArticleVersionRow.article_id.in_(others))
            told = (SightingRow.version_id.in_(theirs), SightingRow.matched_version_id.in_(matched))
            connection.execute(update(SightingRow).where(*told), {"matched_version_id": None})
    leave(connection, articles, neighbours)


def _remove_versions(connection: Connection, doomed: _Doomed) -> None:
    for version_id in doomed.versions:
        drop_keys(connection, version_id, Article(headline="", body="", keys=stored_keys(connection, version_id)))
    for piece in chunks(doomed.versions):
        for table in (ReextractionRow, LeadImageRow, SightingRow):
            connection.execute(delete(table).where(table.version_id.in_(piece)))
        connection.execute(delete(ArticleVersionRow).where(ArticleVersionRow.id.in_(piece)))


def _remove_captures(connection: Connection, capture_ids: list[int]) -> None:
    for piece in chunks(capture_ids):
        for table in (StoredImageRow, SightingRow):
            connection.execute(delete(table).where(table.capture_id.in_(piece)))
        connection.execute(delete(CaptureRow).where(CaptureRow.id.in_(piece)))


def _clear_documents(connection: Connection, document_ids: list[int]) -> None:
    """Leave of documents that they exist, who asked for them when, and who cites them."""
    rows = connection.execute(
        select(DocumentRow.host_id, DocumentRow.url_key).where(DocumentRow.id.in_(document_ids))
    ).all()
    hosts = {row.host_id for row in rows}
    of_documents: tuple[tuple[type[Base], Mapping[str, Any]], ...] = (
        (AttemptRow, _UNQUOTED),
        (ArchiveSearchRow, {"detail": ""}),
        (ArchiveSaveRow, {"detail": ""}),
        (DiscoveryRow, {"title": ""}),
    )
    for table, values in of_documents:
        own = table.__table__.c.document_id.in_(document_ids)
        connection.execute(update(table).where(own).values(**values))
    connection.execute(delete(BackfillRow).where(BackfillRow.document_id.in_(document_ids)))
    for piece in chunks({short_digest(row.url_key) for row in rows}):
        connection.execute(delete(HeldRecordRow).where(HeldRecordRow.key_digest.in_(piece)))
    lines = (HostLineRow.host_id.in_(hosts), HostLineRow.document_id.in_(document_ids))
    connection.execute(delete(HostLineRow).where(*lines))
    connection.execute(update(DocumentRow).where(DocumentRow.id.in_(document_ids)), _GONE)
    refresh_due(connection, hosts)


# -- what rests on what goes -----------------------------------------------------------------------------------------


def resting_on(connection: Connection, document_ids: _Ids, *, before: datetime | None) -> list[Capture]:
    """Captures that stay and are revisits of records that go, by (record, id); see `UpkeepStore.resting_on`."""
    documents = sorted(set(document_ids))
    doomed: set[int] = set()
    holders: dict[str, str] = {}
    for piece in chunks(documents):
        for row in connection.execute(_captures_of(piece, before).where(HAS_RECORD)):
            doomed.add(row.id)
            if not row.revisit_of:
                holders[row.record_id] = row.payload_digest
    found: dict[int, Capture] = {}
    for digests in chunks(sorted(set(holders.values()))):
        same = captures().where(CaptureRow.payload_digest.in_(digests), CaptureRow.revisit_of != "", HAS_RECORD)
        for row in connection.execute(same):
            if row.id not in doomed and row.revisit_of in holders:
                found[row.id] = capture(row)
    return sorted(found.values(), key=lambda one: (one.revisit_of, one.id or 0))


def move(connection: Connection, moved: Mapping[int, Capture], *, reason: str, now: datetime) -> None:
    """See `storage.upkeep_store.UpkeepStore.move_captures`."""
    if not moved:
        return
    kind = TakedownKind.RAW
    takedown_id = takedowns.put(connection, Takedown(kind=kind, subject="", reason=reason, who="", made_at=now))
    known: dict[int, Row[Any]] = {}
    for piece in chunks(sorted(moved)):
        rows = connection.execute(captures().where(CaptureRow.id.in_(piece), HAS_RECORD))
        known |= {row.id: row for row in rows}
    old = sorted((row.file, row.record_offset, row.record_length) for row in known.values())
    lost = sorted(
        (one.location.file, one.location.offset, one.location.length)
        for number, one in moved.items()
        if number not in known
    )
    found = takedowns.stretches(connection, old, takedown_id)
    takedowns.note(connection, found)
    takedowns.note_lost(connection, lost, takedown_id)
    fresh = {number: moved[number] for number in known}
    _place(
        connection,
        [
            {
                "capture": number,
                **_placed(one.location),
                "record_id": one.location.record_id,
                "revisit_of": one.revisit_of,
            }
            for number, one in fresh.items()
        ],
    )
    takedowns.add_removed(connection, takedown_id, {"captures": len(known), "bytes": sum(one.length for one in found)})


def _place(connection: Connection, places: list[dict[str, Any]]) -> None:
    """Write where records are from now on."""
    if places:
        connection.execute(_PLACE, places)


def _placed(place: RecordLocation) -> dict[str, Any]:
    return {"file": place.file, "record_offset": place.offset, "record_length": place.length}


# -- which documents -------------------------------------------------------------------------------------------------


def documents_of(read: Reading, host: str, *, after: int) -> Iterator[int]:
    """See `storage.upkeep_store.UpkeepStore.documents_of`."""
    own = select(DocumentRow.id).join(HostRow, HostRow.id == DocumentRow.host_id).where(HostRow.name == host)
    yield from _paged(read, own, after)


def expired(read: Reading, rule: RetentionRule, *, after: int) -> Iterator[int]:
    """See `storage.upkeep_store.UpkeepStore.expired`."""
    own = select(CaptureRow.id).join(AttemptRow, AttemptRow.id == CaptureRow.attempt_id)
    own = own.where(AttemptRow.document_id == DocumentRow.id)
    old = own.where(CaptureRow.fetched_at < rule.before)
    wanted = select(DocumentRow.id).join(HostRow, HostRow.id == DocumentRow.host_id)
    if rule.host:
        wanted = wanted.where(HostRow.name == rule.host)
    if rule.raw_only:
        wanted = wanted.where(old.where(HAS_RECORD).exists())
    else:
        wanted = wanted.where(old.exists(), ~own.where(CaptureRow.fetched_at >= rule.before).exists())
    yield from _paged(read, wanted, after)


def _paged(read: Reading, wanted: Select[int], after: int) -> Iterator[int]:
    page = wanted.order_by(DocumentRow.id).limit(CHUNK)
    while True:
        with read() as connection:
            ids = connection.scalars(page.where(DocumentRow.id > after)).all()
        yield from ids
        if len(ids) < CHUNK:
            return
        after = ids[-1]
