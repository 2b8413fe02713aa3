"""What covers events: the articles of its links, and which of them are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from storage.merging import covered
from storage.sql.chunks import chunks
from storage.sql.marks import marks_of
from storage.sql.merges import standing_articles
from storage.sql.models import ArticleRow, ArticleVersionRow, ClusterMemberRow, ClusterRow, DocumentRow, HostRow
from storage.types import EventLink, StoryArticle

_FIRST = aliased(ArticleVersionRow)
_LATEST = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)
_TELLING: Select[Any] = (
    select(
        ArticleRow.id,
        HostRow.name.label("host"),
        ArticleVersionRow.site_name,
        ArticleVersionRow.agency,
        ArticleVersionRow.headline,
        func.length(ArticleVersionRow.body).label("length"),
        _FIRST.reported_at,
        ClusterMemberRow.cluster_id,
        ClusterRow.representative_id,
    )
    .join(ArticleVersionRow, _LATEST)
    .join(_FIRST, and_(_FIRST.article_id == ArticleRow.id, _FIRST.number == 1))
    .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
    .join(HostRow, HostRow.id == DocumentRow.host_id)
    .join(ClusterMemberRow, ClusterMemberRow.article_id == ArticleRow.id)
    .join(ClusterRow, ClusterRow.id == ClusterMemberRow.cluster_id)
)


def coverages(connection: Connection, links: Mapping[str, Sequence[EventLink]]) -> dict[str, tuple[StoryArticle, ...]]:
    """For each event (key -> its links) the articles that its links cover it with, by (cluster, reported_at, id)."""
    standing: dict[int, int] = {}
    articles = sorted({link.article_id for every in links.values() for link in every})
    for piece in chunks(articles):
        standing |= standing_articles(connection, piece)
    marked = marks_of(connection, {*articles, *standing.values()})
    found = {key: covered(every, standing, marked) for key, every in links.items()}
    rows = {
        row.id: row
        for piece in chunks(sorted({one for every in found.values() for one in every}))
        for row in connection.execute(_TELLING.where(ArticleRow.id.in_(piece)))
    }
    return {key: _told(rows, every) for key, every in found.items()}


def _told(rows: Mapping[int, Row[Any]], found: Mapping[int, int | None]) -> tuple[StoryArticle, ...]:
    told = [_story_article(rows[one], same_as) for one, same_as in found.items() if one in rows]
    return tuple(sorted(told, key=lambda one: (one.cluster_id, one.reported_at, one.article_id)))


def _story_article(row: Row[Any], same_as: int | None) -> StoryArticle:
    return StoryArticle(
        article_id=row.id,
        host=row.host,
        site_name=row.site_name,
        agency=row.agency,
        headline=row.headline,
        reported_at=row.reported_at,
        length=row.length,
        cluster_id=row.cluster_id,
        representative=row.id == row.representative_id,
        same_as=same_as,
    )
