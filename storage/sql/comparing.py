"""Working out anew what articles have in common with others: which wait for it, and doing it.

Why all fingerprints before all comparisons: articles of one batch must meet each other as they are now. Of two articles
in different batches the later one finds the earlier one's new keys, and writes the relation of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, literal_column, select, update

from storage.article_store import Decider
from storage.placing import reported_at
from storage.relating import Said
from storage.sql.candidates import Sought, looked_up
from storage.sql.clusters import tell
from storage.sql.keys import add_keys, drop_keys, pack, stored_keys
from storage.sql.lists import Listed, Lookup, Statement
from storage.sql.models import ArticleRow, ArticleVersionRow, CaptureRow, DocumentRow, HostRow
from storage.sql.relations import replace_relations
from storage.sql.texts import article as article_of
from storage.story_store import Fingerprinter
from storage.types import Article

# Written out, as SQLite uses the index of those that wait only so.
_WAITS: ColumnElement[bool] = literal_column("articles.compare_pending")
_WAITING = (
    select(ArticleRow.id)
    .where(_WAITS, ArticleRow.id > bindparam("after"))
    .order_by(ArticleRow.id)
    .limit(bindparam("limit"))
)
_RENEW = update(ArticleVersionRow).where(ArticleVersionRow.id == bindparam("version"))


def _versions(among: Listed) -> Statement:
    return (
        select(
            *ArticleVersionRow.__table__.columns,
            CaptureRow.captured_at,
            CaptureRow.payload_digest,
            ArticleRow.document_id,
            HostRow.name.label("host"),
        )
        .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
        .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
        .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        .join(HostRow, HostRow.id == DocumentRow.host_id)
        .where(among(ArticleVersionRow.article_id, "articles"))
        .order_by(ArticleVersionRow.article_id, ArticleVersionRow.number)
    )


def _wait(among: Listed) -> Statement:
    return (
        update(ArticleRow)
        .where(among(ArticleRow.id, "articles"), ~ArticleRow.compare_pending)
        .values(compare_pending=True)
    )


def _compared(among: Listed) -> Statement:
    return update(ArticleRow).where(among(ArticleRow.id, "articles")).values(compare_pending=False)


_VERSIONS, _WAIT, _COMPARED = Lookup(_versions), Lookup(_wait), Lookup(_compared)


def compare_later(connection: Connection, article_ids: Iterable[int] | None) -> int:
    """See `storage.story_store.StoryStore.compare_later`."""
    if article_ids is None:
        connection.execute(update(ArticleRow).where(~ArticleRow.compare_pending).values(compare_pending=True))
    else:
        _WAIT.execute(connection, {"articles": article_ids})
    return connection.scalar(select(func.count()).select_from(ArticleRow).where(_WAITS)) or 0


def waiting(connection: Connection, *, after: int, limit: int) -> list[int]:
    """See `storage.story_store.StoryStore.waiting_for_comparison`."""
    return list(connection.scalars(_WAITING, {"after": after, "limit": limit}))


def compare_again(
    connection: Connection, article_ids: Sequence[int], *, decide: Decider, fingerprint: Fingerprinter
) -> int:
    """See `storage.story_store.StoryStore.compare_again`."""
    fresh: dict[int, list[Sought]] = {}
    for row in _VERSIONS.execute(connection, {"articles": set(article_ids)}).all():
        fresh.setdefault(row.article_id, []).append(_sought(row, _fingerprinted(connection, row, fingerprint)))
    touched = set(fresh)
    for article_id, own in fresh.items():
        said = [_said(connection, one, decide) for one in own]
        touched |= replace_relations(connection, article_id, own[0].document_id, said)
    moved = tell(connection, touched, placed=fresh)
    _COMPARED.execute(connection, {"articles": fresh})
    return len(moved)


def _said(connection: Connection, sought: Sought, decide: Decider) -> Said:
    found, lacking = looked_up(connection, sought)
    return Said(verdict=decide(sought.article, found), candidates=found, lacking=lacking)


def _sought(row: Row[Any], article: Article) -> Sought:
    return Sought(
        document_id=row.document_id,
        article=article,
        payload_digest=row.payload_digest,
        captured_at=row.captured_at,
    )


def _fingerprinted(connection: Connection, row: Row[Any], fingerprint: Fingerprinter) -> Article:
    """The version's article with the keys that it has from now on, written where they are others than before."""
    stored = replace(article_of(row), keys=stored_keys(connection, row.id))
    fresh = fingerprint(stored, row.host)
    if (stored.text_digest, stored.agency_own) != (fresh.text_digest, fresh.agency_own):
        values = {"text_digest": fresh.text_digest, "agency_own": fresh.agency_own}
        connection.execute(_RENEW, {"version": row.id, **values})
    if _packed(stored) != _packed(fresh):
        drop_keys(connection, row.id, stored)
        add_keys(connection, row.id, fresh, reported_at(stored, row.captured_at))
    return fresh


def _packed(article: Article) -> dict[str, bytes]:
    return {signal: pack(keys) for signal, keys in article.keys.items() if keys}
