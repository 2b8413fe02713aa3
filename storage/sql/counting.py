"""Counting what there is: by month, by day, and by what queries can ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, select

from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    CaptureRow,
    DocumentRow,
    EventRow,
    HostRow,
    SourceLinkRow,
)
from storage.sql.shown_links import counting_articles
from storage.types import Facets, LinkKind, MonthCount

_MOST_NAMES = 500
_CURRENT = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)
_COPIED = (
    select(ArticleVersionRow.article_id)
    .join(ArticleRow, _CURRENT)
    .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
    .where(CaptureRow.memento.is_not(None))
)
"""Articles whose current version is an archived copy's."""
_PRESENT = SourceLinkRow.withdrawn_at.is_(None)


def months(connection: Connection) -> list[MonthCount]:
    """See `storage.browsing_store.BrowsingStore.months`; of each day, put together here."""
    has_article = and_(ArticleRow.document_id == SourceLinkRow.document_id, counting_articles(ArticleRow.id))
    cited = (
        select(
            EventRow.event_date,
            func.count().label("sources"),
            func.count(ArticleRow.id).label("articles"),
            func.count().filter(ArticleRow.id.in_(_COPIED)).label("archived"),
        )
        .select_from(EventRow)
        .join(SourceLinkRow, SourceLinkRow.event_id == EventRow.id)
        .outerjoin(ArticleRow, has_article)
        .where(_PRESENT, SourceLinkRow.kind == LinkKind.ARTICLE)
        .group_by(EventRow.event_date)
    )
    counted: dict[tuple[int, int], Counter[str]] = {}
    for day, events in days(connection, date.min, date.max).items():
        counted.setdefault((day.year, day.month), Counter())["events"] += events
    for row in connection.execute(cited):
        counts = {"sources": row.sources, "articles": row.articles, "archived": row.archived}
        counted[row.event_date.year, row.event_date.month].update(counts)
    return [_month(year, month, counts) for (year, month), counts in counted.items()]


def _month(year: int, month: int, counts: Counter[str]) -> MonthCount:
    return MonthCount(
        year=year,
        month=month,
        events=counts["events"],
        sources=counts["sources"],
        articles=counts["articles"],
        archived=counts["archived"],
    )


def days(connection: Connection, since: date, until: date) -> dict[date, int]:
    """See `storage.browsing_store.BrowsingStore.days`."""
    counted = select(EventRow.event_date, func.count().label("events")).group_by(EventRow.event_date)
    rows = connection.execute(counted.where(EventRow.event_date.between(since, until)).order_by(EventRow.event_date))
    return {row.event_date: row.events for row in rows}


def facets(connection: Connection) -> Facets:
    """See `storage.browsing_store.BrowsingStore.facets`."""
    return Facets(
        publishers=_publishers(connection),
        outcomes=_outcomes(connection),
        languages=_of_versions(connection, ArticleVersionRow.language),
        agencies=_of_versions(connection, ArticleVersionRow.agency),
    )


def _publishers(connection: Connection) -> Mapping[str, int]:
    """Summed up by document: an index has the documents of each host, another the present links to each."""
    citing = select(func.count()).where(SourceLinkRow.document_id == DocumentRow.id, _PRESENT).scalar_subquery()
    each = select(DocumentRow.host_id, func.sum(citing).label("links")).group_by(DocumentRow.host_id).subquery()
    named = select(HostRow.name, each.c.links).join(HostRow, HostRow.id == each.c.host_id).where(each.c.links > 0)
    rows = connection.execute(named.order_by(each.c.links.desc(), HostRow.name).limit(_MOST_NAMES))
    return {row.name: int(row.links) for row in rows}


def _outcomes(connection: Connection) -> Mapping[str, int]:
    is_cited = select(SourceLinkRow.id).where(SourceLinkRow.document_id == DocumentRow.id, _PRESENT).exists()
    ended = select(DocumentRow.last_outcome, func.count()).where(DocumentRow.last_outcome.is_not(None), is_cited)
    return _named(connection, ended, DocumentRow.last_outcome)


def _of_versions(connection: Connection, column: Any) -> Mapping[str, int]:  # noqa: ANN401 -- a mapped column
    counts = select(column, func.count()).select_from(ArticleRow).join(ArticleVersionRow, _CURRENT)
    return _named(connection, counts.where(column != "", counting_articles(ArticleRow.id)), column)


def _named(connection: Connection, counts: Any, column: Any) -> Mapping[str, int]:  # noqa: ANN401 -- select, column
    """Name -> how often; most first, then by name."""
    first = counts.group_by(column).order_by(func.count().desc(), column).limit(_MOST_NAMES)
    return {row[0]: row[1] for row in connection.execute(first)}
