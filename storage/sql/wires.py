"""How many articles of which publisher credit which agency.

Why one statement: what comes back is one line per publisher and agency, however many articles there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    ClusterMemberRow,
    ClusterRow,
    DocumentMergeRow,
    DocumentRow,
    HostRow,
)
from storage.sql.selecting import Reading
from storage.types import WireCount

_STREAMED = 1_000


def wire_counts(read: Reading) -> Iterator[WireCount]:
    """See `storage.story_store.StoryStore.wire_counts`."""
    with read() as connection:
        rows = connection.execution_options(yield_per=_STREAMED).execute(_counts())
        for row in rows:
            yield WireCount(host=row.host, agency=row.agency, articles=row.articles, copies=row.copies, first=row.first)


def _counts() -> Select[*tuple[Any, ...]]:
    stands = _stands()
    stories, first = _stories(stands), _first(stands)
    latest = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)
    return (
        select(
            HostRow.name.label("host"),
            ArticleVersionRow.agency,
            func.count().label("articles"),
            func.sum(case((stories.c.tellers > 1, 1), else_=0)).label("copies"),
            func.sum(case((ArticleRow.id.in_(first), 1), else_=0)).label("first"),
        )
        .select_from(stands)
        .join(ArticleRow, ArticleRow.id == stands.c.article_id)
        .join(ArticleVersionRow, latest)
        .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        .join(HostRow, HostRow.id == DocumentRow.host_id)
        .join(ClusterMemberRow, ClusterMemberRow.article_id == ArticleRow.id)
        .join(stories, stories.c.cluster_id == ClusterMemberRow.cluster_id)
        .where(stands.c.article_id == stands.c.told_by)
        .group_by(HostRow.name, ArticleVersionRow.agency)
        .order_by(HostRow.name, ArticleVersionRow.agency)
    )


def _stands() -> CTE:
    """For each article the one that is counted for it: that of the document that stands for its own."""
    into = aliased(ArticleRow)
    merged = and_(DocumentMergeRow.document_id == ArticleRow.document_id, DocumentMergeRow.undone_at.is_(None))
    return (
        select(ArticleRow.id.label("article_id"), func.coalesce(into.id, ArticleRow.id).label("told_by"))
        .outerjoin(DocumentMergeRow, merged)
        .outerjoin(into, into.document_id == DocumentMergeRow.into_id)
        .cte("stands")
    )


def _stories(stands: CTE) -> CTE:
    """How many articles tell each story."""
    return (
        select(ClusterMemberRow.cluster_id, func.count(stands.c.told_by.distinct()).label("tellers"))
        .join(stands, stands.c.article_id == ClusterMemberRow.article_id)
        .group_by(ClusterMemberRow.cluster_id)
        .cte("stories")
    )


def _first(stands: CTE) -> Select[*tuple[Any, ...]]:
    """The articles that stand for a story."""
    member = and_(
        ClusterMemberRow.cluster_id == ClusterRow.id, ClusterMemberRow.article_id == ClusterRow.representative_id
    )
    return (
        select(stands.c.told_by)
        .join(ClusterRow, ClusterRow.representative_id == stands.c.article_id)
        .join(ClusterMemberRow, member)
    )
