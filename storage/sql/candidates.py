"""Finding the stored versions that a fresh article may be the same as.

Why the statements are built once: they run for every page, and building one takes as long as running it.

Why texts come last, and of few: whether two texts say the same in other words is worth asking of those that share most;
two hundred bodies would be most of what a page costs.

Why keys are compared before anything else of a version is read: most of what shares a key shares one or two, and is no
candidate after all (`storage.stock.is_slight`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, literal, select, union_all

from storage.placing import BEST, MOST_SHARING, SIGNAL_WINDOW, may_lack, reported_at, to_be_read
from storage.searching import day_number
from storage.sql.columns import UtcDateTime
from storage.sql.keys import unpack
from storage.sql.lists import Listed, Lookup, Statement
from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    CaptureRow,
    DocumentRow,
    KeyIndexRow,
    SightingRow,
    SignalKeysRow,
)
from storage.sql.relations import merged_with
from storage.sql.stock import stock
from storage.stock import indexed, is_slight, stock_counts
from storage.types import Access, Article, Candidate

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


def _most_sharing(among: Listed) -> Statement:
    # Materialised, because PostgreSQL would otherwise walk over all versions of the window and ask for keys of each.
    sharing = (
        select(KeyIndexRow.version_id, func.count().label("shared"))
        .where(among(KeyIndexRow.key, "keys"))
        .where(KeyIndexRow.day.between(bindparam("first_day"), bindparam("last_day")))
        .group_by(KeyIndexRow.version_id)
        .cte("sharing")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        select(sharing.c.version_id)
        .join(ArticleVersionRow, ArticleVersionRow.id == sharing.c.version_id)
        .where(ArticleVersionRow.reported_at >= bindparam("earliest", type_=UtcDateTime()))
        .where(ArticleVersionRow.reported_at <= bindparam("latest", type_=UtcDateTime()))
        .order_by(sharing.c.shared.desc(), sharing.c.version_id)
        .limit(bindparam("most"))
    )


def _details(among: Listed) -> Statement:
    return (
        select(
            ArticleVersionRow.id,
            ArticleVersionRow.article_id,
            ArticleVersionRow.number,
            ArticleVersionRow.text_digest,
            ArticleVersionRow.reported_at,
            ArticleVersionRow.agency,
            ArticleVersionRow.agency_own,
            ArticleVersionRow.access,
            ArticleVersionRow.language,
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
        .where(among(ArticleVersionRow.id, "versions"))
        .order_by(ArticleVersionRow.id)
    )


def _keys(among: Listed) -> Statement:
    wanted = among(SignalKeysRow.version_id, "versions")
    return select(SignalKeysRow.version_id, SignalKeysRow.signal, SignalKeysRow.keys).where(wanted)


def _texts(among: Listed) -> Statement:
    wanted = among(ArticleVersionRow.id, "versions")
    return select(ArticleVersionRow.id, ArticleVersionRow.headline, ArticleVersionRow.body).where(wanted)


_MOST_SHARING, _DETAILS, _KEYS, _TEXTS = (Lookup(build) for build in (_most_sharing, _details, _keys, _texts))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """An article for which candidates are sought, and the capture that shows it."""

    document_id: int
    article: Article
    payload_digest: str
    captured_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """What was found for an article, before it is put together.

    Attributes:
        sought: the article.
        rows: details of versions.
        same_payload: those of them whose capture had its payload.
        shared: version -> signal -> the keys that both have; signals without any are left out.
        own: version -> signal -> how many keys the version has.
        stock: those of the article's keys in the index.
    """

    sought: Sought
    rows: Sequence[Row[Any]]
    same_payload: frozenset[int]
    shared: Mapping[int, Mapping[str, frozenset[int]]]
    own: Mapping[int, Mapping[str, int]]
    stock: frozenset[int]


def candidates(connection: Connection, sought: Sought) -> list[Candidate]:
    """See `storage.protocol.Store.archive`; ordered by version."""
    return looked_up(connection, sought)[0]


def looked_up(connection: Connection, sought: Sought) -> tuple[list[Candidate], bool]:
    """The candidates, and whether a limit may have kept others out."""
    facts = {
        "payload_digest": sought.payload_digest,
        "text_digest": sought.article.text_digest,
        "document_id": sought.document_id,
    }
    same = connection.execute(_SAME, facts).all()
    certain = {row.version_id for row in same}
    stock_keys, near = _by_keys(connection, sought)
    if not certain and not near:
        return [], False
    shared, own = _compared(connection, sought.article, certain.union(near))
    fresh = {signal: len(set(keys)) for signal, keys in sought.article.keys.items()}
    kept = certain.union(one for one in near if _is_alike(fresh, own.get(one, {}), shared.get(one, {})))
    if not kept:
        return [], len(near) >= MOST_SHARING
    alike = _Found(
        sought=sought,
        rows=_not_merged(connection, sought, _DETAILS.execute(connection, {"versions": kept}).all()),
        same_payload=frozenset(row.version_id for row in same if row.same_payload),
        shared=shared,
        own=own,
        stock=stock_keys,
    )
    given = _with_texts(connection, sought.article, [_candidate(row, alike) for row in alike.rows])
    return given, may_lack(sought.article, given, len(near))


def _window(sought: Sought) -> tuple[datetime, datetime]:
    at = reported_at(sought.article, sought.captured_at)
    return at - SIGNAL_WINDOW, at + SIGNAL_WINDOW


def _by_keys(connection: Connection, sought: Sought) -> tuple[frozenset[int], Sequence[int]]:
    """The article's keys that are stock, and the versions that share most of the others."""
    keys = indexed(sought.article.keys)
    earliest, latest = _window(sought)
    days = {"first_day": day_number(earliest), "last_day": day_number(latest)}
    known = stock(connection, keys, **days)
    telling = {"keys": sorted(keys - known)[:_MOST_KEYS]}
    if not telling["keys"]:
        return known, ()
    found = _MOST_SHARING.execute(connection, telling, earliest=earliest, latest=latest, most=MOST_SHARING, **days)
    return known, found.scalars().all()


def _is_alike(fresh: Mapping[str, int], own: Mapping[str, int], shared: Mapping[str, frozenset[int]]) -> bool:
    """Whether a version that shares keys shares enough of them."""
    return bool(shared) and not is_slight(fresh, own, {signal: len(keys) for signal, keys in shared.items()})


def _not_merged(connection: Connection, sought: Sought, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Without versions of other documents that are the article's own by a merge."""
    own = sought.document_id
    if all(row.document_id == own for row in rows):
        return list(rows)
    merged = merged_with(connection, own)
    return [row for row in rows if row.document_id not in merged]


def _compared(
    connection: Connection, article: Article, version_ids: Collection[int]
) -> tuple[dict[int, dict[str, frozenset[int]]], dict[int, dict[str, int]]]:
    """Per version and signal the keys that it shares with the article, and how many it has."""
    fresh = {signal: frozenset(keys) for signal, keys in article.keys.items()}
    shared: dict[int, dict[str, frozenset[int]]] = {}
    own: dict[int, dict[str, int]] = {}
    for row in _KEYS.execute(connection, {"versions": version_ids}):
        stored = unpack(bytes(row.keys))
        own.setdefault(row.version_id, {})[row.signal] = len(stored)
        if common := stored & fresh.get(row.signal, frozenset()):
            shared.setdefault(row.version_id, {})[row.signal] = common
    return shared, own


def _candidate(row: Row[Any], found: _Found) -> Candidate:
    shared = found.shared.get(row.id, {})
    own_document = row.document_id == found.sought.document_id
    return Candidate(
        version_id=row.id,
        article_id=row.article_id,
        document_id=row.document_id,
        canonical_url=row.canonical_url,
        same_document=own_document,
        current=row.number == row.latest,
        same_payload=row.id in found.same_payload,
        text_digest=row.text_digest,
        published_at=row.reported_at,
        agency=row.agency,
        agency_own=row.agency_own,
        access=Access(row.access),
        length=row.length,
        later=row.captured_at > found.sought.captured_at,
        extractor_version=row.extractor_version,
        language=row.language,
        shared_keys={signal: len(keys) for signal, keys in shared.items()},
        own_keys=found.own.get(row.id, {}),
        stock_keys={} if own_document else stock_counts(shared, found.stock),
    )


def _with_texts(connection: Connection, article: Article, alike: Iterable[Candidate]) -> list[Candidate]:
    found = list(alike)
    texts = {row.id: row for row in _TEXTS.execute(connection, {"versions": to_be_read(article, found)})}
    return [
        replace(one, headline=texts[one.version_id].headline, body=texts[one.version_id].body)
        if one.version_id in texts
        else one
        for one in found
    ]
