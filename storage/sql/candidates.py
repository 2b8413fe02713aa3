"""Finding the stored versions that a fresh article may be the same as.

Why the statements are built once: they run for every page, and building one takes as long as running it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, literal, select, union_all

from storage.placing import BEST, SIGNAL_WINDOW, reported_at
from storage.sql.columns import UtcDateTime
from storage.sql.keys import index_keys, unpack
from storage.sql.models import (
    ArticleKeyRow,
    ArticleRow,
    ArticleVersionRow,
    CaptureRow,
    DocumentRow,
    SightingRow,
    SignalKeysRow,
)
from storage.types import Access, Article, Candidate, Capture

_MOST_KEYS = 10_000

_SAME_PAYLOAD = (
    select(SightingRow.version_id)
    .join(CaptureRow, CaptureRow.id == SightingRow.capture_id)
    .where(CaptureRow.payload_digest == bindparam("payload_digest"))
    .group_by(SightingRow.version_id)
    .order_by(SightingRow.version_id)
    .limit(BEST)
    .subquery()
)
_SAME_TEXT = (
    select(ArticleVersionRow.id)
    .where(ArticleVersionRow.text_digest == bindparam("text_digest"), ArticleVersionRow.text_digest != "")
    .order_by(ArticleVersionRow.id)
    .limit(BEST)
    .subquery()
)
_SAME = union_all(
    select(_SAME_PAYLOAD.c.version_id, literal(1).label("same_payload")),
    select(_SAME_TEXT.c.id, literal(0)),
    select(ArticleVersionRow.id, literal(0))
    .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
    .where(ArticleRow.document_id == bindparam("document_id")),
)
# Materialised, because PostgreSQL would otherwise walk over all versions of the window and ask for each key of each.
_SHARING = (
    select(ArticleKeyRow.version_id, func.count().label("shared"))
    .where(ArticleKeyRow.key.in_(bindparam("keys", expanding=True)))
    .group_by(ArticleKeyRow.version_id)
    .cte("sharing")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_MOST_SHARING = (
    select(_SHARING.c.version_id)
    .join(ArticleVersionRow, ArticleVersionRow.id == _SHARING.c.version_id)
    .where(ArticleVersionRow.reported_at >= bindparam("earliest", type_=UtcDateTime()))
    .where(ArticleVersionRow.reported_at <= bindparam("latest", type_=UtcDateTime()))
    .order_by(_SHARING.c.shared.desc(), _SHARING.c.version_id)
    .limit(BEST)
)
_STORED_KEYS = select(SignalKeysRow.version_id, SignalKeysRow.signal, SignalKeysRow.keys).where(
    SignalKeysRow.version_id.in_(bindparam("versions", expanding=True))
)
_DETAILS = (
    select(
        ArticleVersionRow.id,
        ArticleVersionRow.article_id,
        ArticleVersionRow.number,
        ArticleVersionRow.text_digest,
        ArticleVersionRow.reported_at,
        ArticleVersionRow.agency,
        ArticleVersionRow.access,
        ArticleVersionRow.extractor_version,
        CaptureRow.captured_at,
        func.length(ArticleVersionRow.body).label("length"),
        ArticleRow.document_id,
        ArticleRow.latest,
        DocumentRow.canonical_url,
    )
    .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
    .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
    .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
    .where(ArticleVersionRow.id.in_(bindparam("versions", expanding=True)))
    .order_by(ArticleVersionRow.id)
)


def candidates(connection: Connection, document_id: int, article: Article, page: Capture) -> list[Candidate]:
    """See `storage.protocol.Store.archive`; ordered by version."""
    facts = {
        "payload_digest": page.payload_digest,
        "text_digest": article.text_digest,
        "document_id": document_id,
    }
    same = connection.execute(_SAME, facts).all()
    found = {row.version_id for row in same}
    found.update(_by_keys(connection, article, reported_at(article, page.captured_at)))
    if not found:
        return []
    same_payload = {row.version_id for row in same if row.same_payload}
    stored = _stored_keys(connection, found)
    fresh = {signal: frozenset(keys) for signal, keys in article.keys.items()}
    rows = connection.execute(_DETAILS, {"versions": list(found)}).all()
    about = _Fresh(document_id=document_id, captured_at=page.captured_at, same_payload=frozenset(same_payload))
    return [_candidate(row, about, _Overlap(fresh, stored.get(row.id, {}))) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fresh:
    """What candidates are held against."""

    document_id: int
    captured_at: datetime
    same_payload: frozenset[int]


class _Overlap:
    """How many keys two versions have, and share, per signal."""

    def __init__(self, fresh: Mapping[str, frozenset[int]], stored: Mapping[str, frozenset[int]]) -> None:
        self.own = {signal: len(keys) for signal, keys in stored.items()}
        shared = {signal: len(keys & fresh.get(signal, frozenset())) for signal, keys in stored.items()}
        self.shared = {signal: count for signal, count in shared.items() if count}


def _candidate(row: Row[*tuple[Any, ...]], fresh: _Fresh, keys: _Overlap) -> Candidate:
    return Candidate(
        version_id=row.id,
        article_id=row.article_id,
        document_id=row.document_id,
        canonical_url=row.canonical_url,
        same_document=row.document_id == fresh.document_id,
        current=row.number == row.latest,
        same_payload=row.id in fresh.same_payload,
        text_digest=row.text_digest,
        published_at=row.reported_at,
        agency=row.agency,
        access=Access(row.access),
        length=row.length,
        later=row.captured_at > fresh.captured_at,
        extractor_version=row.extractor_version,
        shared_keys=keys.shared,
        own_keys=keys.own,
    )


def _by_keys(connection: Connection, article: Article, at: datetime) -> Sequence[int]:
    keys = sorted(index_keys(article.keys))[:_MOST_KEYS]
    if not keys:
        return ()
    window = {"earliest": at - SIGNAL_WINDOW, "latest": at + SIGNAL_WINDOW}
    return connection.scalars(_MOST_SHARING, {"keys": keys, **window}).all()


def _stored_keys(connection: Connection, version_ids: set[int]) -> dict[int, dict[str, frozenset[int]]]:
    stored: dict[int, dict[str, frozenset[int]]] = {}
    for version_id, signal, keys in connection.execute(_STORED_KEYS, {"versions": list(version_ids)}):
        stored.setdefault(version_id, {})[signal] = unpack(bytes(keys))
    return stored
