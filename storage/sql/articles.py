"""Writing articles, their versions, keys and clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage.errors import VersionNotFound
from storage.placing import Placement, differing_fields
from storage.sql.chunks import chunks
from storage.sql.keys import index_keys, pack, unpack
from storage.sql.lines import add_lines, replace_lines
from storage.sql.models import (
    ArticleKeyRow,
    ArticleRow,
    ArticleVersionRow,
    Base,
    CaptureRow,
    ClusterMemberRow,
    ClusterRow,
    SignalKeysRow,
)
from storage.sql.rows import versions
from storage.sql.texts import article as article_of
from storage.sql.texts import article_values
from storage.types import Access, Article, Capture

_KNOWN = (
    select(ArticleRow.id, func.max(ArticleVersionRow.number).label("newest"))
    .join(ArticleVersionRow, ArticleVersionRow.article_id == ArticleRow.id)
    .where(ArticleRow.document_id == bindparam("document"))
    .group_by(ArticleRow.id)
)
# The order is that of `storage.placing.currency`.
_CURRENT = (
    select(ArticleVersionRow.number)
    .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
    .where(ArticleVersionRow.article_id == ArticleRow.id)
    .order_by(ArticleVersionRow.access == Access.TEASER, CaptureRow.captured_at.desc(), ArticleVersionRow.number.desc())
    .limit(1)
    .correlate(ArticleRow)
    .scalar_subquery()
)
# With RETURNING the rows go in one statement; psycopg sends one each otherwise.
_INDEX = insert(ArticleKeyRow).returning(ArticleKeyRow.version_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fresh:
    """An article on its way in: what was extracted from which capture (fresh or replayed) of which document."""

    document_id: int
    capture_id: int
    page: Capture
    article: Article
    now: datetime
    replayed: bool = False


def insert_one(connection: Connection, table: type[Base], values: Mapping[str, Any]) -> int:
    """Insert a row; returns its id."""
    key = connection.execute(insert(table), values).inserted_primary_key
    return int(key[0]) if key else 0


def add_version(connection: Connection, fresh: Fresh, placement: Placement, score: float) -> tuple[int, int]:
    """Write a new version, making the document's article where it has none; returns the ids of article and version."""
    known = connection.execute(_KNOWN, {"document": fresh.document_id}).first()
    number = known.newest + 1 if known else 1
    if known:
        article_id = known.id
    else:
        row = {"document_id": fresh.document_id, "latest": 1, "added_at": fresh.now}
        article_id = insert_one(connection, ArticleRow, row)
    version = {
        "article_id": article_id,
        "number": number,
        "capture_id": fresh.capture_id,
        "extracted_at": fresh.now,
        **article_values(fresh.article, fresh.page.captured_at),
    }
    version_id = insert_one(connection, ArticleVersionRow, version)
    _add_keys(connection, version_id, fresh.article)
    if known:
        _make_current(connection, article_id)
    else:
        _join_cluster(connection, article_id, placement.beside, score)
    add_lines(connection, fresh.document_id, fresh.article.edge_lines)
    return article_id, version_id


def _make_current(connection: Connection, article_id: int) -> None:
    """Write down which version is the article's current one."""
    connection.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(latest=_CURRENT))


def _add_keys(connection: Connection, version_id: int, article: Article) -> None:
    packed = [
        {"version_id": version_id, "signal": signal, "keys": pack(keys)}
        for signal, keys in article.keys.items()
        if keys
    ]
    if packed:
        connection.execute(insert(SignalKeysRow), packed)
        index = [{"key": key, "version_id": version_id} for key in sorted(index_keys(article.keys))]
        connection.execute(_INDEX, index)


def _join_cluster(connection: Connection, article_id: int, beside: int | None, score: float) -> None:
    if beside is None:
        cluster_id, score = insert_one(connection, ClusterRow, {"representative_id": article_id}), 1.0
    else:
        of_story = select(ClusterMemberRow.cluster_id).where(ClusterMemberRow.article_id == beside)
        cluster_id = connection.scalars(of_story).one()
    member = {"article_id": article_id, "cluster_id": cluster_id, "score": score}
    connection.execute(insert(ClusterMemberRow), member)
    if beside is not None:
        _elect(connection, cluster_id)


def _elect(connection: Connection, cluster_id: int) -> None:
    """Let the article that appeared first represent its cluster."""
    first = (
        select(ClusterMemberRow.article_id)
        .join(ArticleVersionRow, ArticleVersionRow.article_id == ClusterMemberRow.article_id)
        .where(ClusterMemberRow.cluster_id == cluster_id, ArticleVersionRow.number == 1)
        .order_by(ArticleVersionRow.reported_at, ClusterMemberRow.article_id)
        .limit(1)
        .scalar_subquery()
    )
    connection.execute(update(ClusterRow).where(ClusterRow.id == cluster_id).values(representative_id=first))


def reextract(
    connection: Connection, version_id: int, article: Article, *, now: datetime, dry_run: bool
) -> tuple[str, ...]:
    """See `storage.article_store.ArticleStore.reextract`."""
    row = connection.execute(versions().where(ArticleVersionRow.id == version_id)).first()
    if row is None:
        raise VersionNotFound(version_id)
    stored = replace(article_of(row), keys=stored_keys(connection, version_id))
    changed = differing_fields(stored, article)
    if dry_run:
        return changed
    edges, fresh = _edges(row.edge_lines), pack(article.edge_lines)
    if changed:
        values = {**article_values(article, row.captured_at), "extracted_at": now}
        connection.execute(update(ArticleVersionRow).where(ArticleVersionRow.id == version_id), values)
    elif edges != unpack(fresh):
        connection.execute(update(ArticleVersionRow).where(ArticleVersionRow.id == version_id), {"edge_lines": fresh})
    if edges != unpack(fresh):
        replace_lines(connection, row.article_id, edges, article.edge_lines)
    if changed:
        _settle(connection, row.article_id)
    if "keys" in changed:
        _drop_keys(connection, version_id, stored)
        _add_keys(connection, version_id, article)
    return changed


def _settle(connection: Connection, article_id: int) -> None:
    """Work out again which version is current, and who stands for the cluster."""
    _make_current(connection, article_id)
    of_article = select(ClusterMemberRow.cluster_id).where(ClusterMemberRow.article_id == article_id)
    _elect(connection, connection.scalars(of_article).one())


def _edges(packed: bytes | None) -> frozenset[int]:
    return unpack(bytes(packed)) if packed else frozenset()


def stored_keys(connection: Connection, version_id: int) -> dict[str, tuple[int, ...]]:
    """Keys of a version, ascending, per signal."""
    statement = select(SignalKeysRow.signal, SignalKeysRow.keys).where(SignalKeysRow.version_id == version_id)
    return {signal: tuple(sorted(unpack(bytes(keys)))) for signal, keys in connection.execute(statement)}


def _drop_keys(connection: Connection, version_id: int, stored: Article) -> None:
    connection.execute(delete(SignalKeysRow).where(SignalKeysRow.version_id == version_id))
    for piece in chunks(index_keys(stored.keys)):
        connection.execute(
            delete(ArticleKeyRow).where(ArticleKeyRow.key.in_(piece), ArticleKeyRow.version_id == version_id)
        )
