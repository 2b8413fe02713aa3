"""What linking reads: events and articles as it compares them, and what waits for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import aliased

from storage.errors import ArticleNotFound
from storage.placing import NEAR_DAYS
from storage.revising import KnownEvent
from storage.searching import day_number, event_text, folded_entities
from storage.sql.bulk import add_rows
from storage.sql.chunks import CHUNK, chunks
from storage.sql.columns import storable
from storage.sql.models import (
    ArticleRow,
    ArticleTextRow,
    ArticleVersionRow,
    ClusterMemberRow,
    DocumentRow,
    EventEntityRow,
    EventKeyRow,
    EventLinkRow,
    EventRevisionRow,
    EventRow,
    EventTextRow,
    RelationRow,
    SourceLinkRow,
)
from storage.sql.selecting import Reading
from storage.sql.shown_links import counting_articles, is_shown
from storage.types import ArticleText, EventText, LinkHow, LinkState, RelationKind, StoryLink

IS_WAITING: ColumnElement[bool] = literal_column("articles.link_pending")
"""That an article waits for links; written out, as SQLite uses the index of those only so."""

_FIRST = aliased(ArticleVersionRow)
_MEMBER, _OTHER = aliased(ClusterMemberRow), aliased(ClusterMemberRow)


# -- events ----------------------------------------------------------------------------------------------------------


def put_texts(connection: Connection, events: Sequence[KnownEvent]) -> None:
    """Write anew what is searched of these events; articles near them (and near where they were) wait for links."""
    ids = [event.row_id for event in events if event.row_id is not None]
    days = set(connection.scalars(select(EventTextRow.day).where(EventTextRow.event_id.in_(ids))))
    connection.execute(delete(EventTextRow).where(EventTextRow.event_id.in_(ids)))
    connection.execute(delete(EventEntityRow).where(EventEntityRow.event_id.in_(ids)))
    texts = [
        {"event_id": event.row_id, "day": day_number(event.entry.event_date), "text": event_text(event.entry)}
        for event in events
    ]
    add_rows(connection, EventTextRow, texts)
    entities = [
        {"event_id": event.row_id, "entity": name}
        for event in events
        for name in dict.fromkeys(map(storable, folded_entities(event.entry.entities)))
    ]
    add_rows(connection, EventEntityRow, entities)
    link_near(connection, days.union(day_number(event.entry.event_date) for event in events))


def link_near(connection: Connection, days: Collection[int]) -> None:
    """Mark the articles that were reported within `NEAR_DAYS` of these days as waiting for links."""
    near = sorted({day + by for day in days for by in range(-NEAR_DAYS, NEAR_DAYS + 1)})
    for piece in chunks(near):
        reported = select(ArticleTextRow.article_id).where(ArticleTextRow.day.in_(piece))
        settled = and_(ArticleRow.id.in_(reported), ~ArticleRow.link_pending)
        connection.execute(update(ArticleRow).where(settled), {"link_pending": True})


def _events() -> Select[Any]:
    latest = and_(EventRevisionRow.event_id == EventRow.id, EventRevisionRow.number == EventRow.revision)
    shown = select(EventRow.id, EventRow.key, EventRow.event_date, EventRevisionRow.entry)
    return shown.join(EventRevisionRow, latest)


def _event_text(row: Row[Any]) -> EventText:
    entry = row.entry
    return EventText(
        key=row.key,
        event_date=row.event_date,
        headline=entry["headline"],
        topics=tuple(entry["topics"]),
        entities=tuple(entry["entities"]),
        category=entry["category"],
    )


def texts_of(connection: Connection, event_ids: Sequence[int]) -> list[EventText]:
    """These events in this order."""
    found: dict[int, EventText] = {}
    for piece in chunks(event_ids):
        found |= {row.id: _event_text(row) for row in connection.execute(_events().where(EventRow.id.in_(piece)))}
    return [found[event_id] for event_id in event_ids]


def events_between(connection: Connection, since: date, until: date, *, limit: int) -> list[EventText]:
    """See `storage.linking_store.LinkingStore.events_between`."""
    of_days = _events().where(EventRow.event_date.between(since, until))
    rows = connection.execute(of_days.order_by(EventRow.event_date, EventRow.key).limit(max(limit, 0)))
    return list(map(_event_text, rows))


def event_texts(read: Reading) -> Iterator[EventText]:
    """See `storage.linking_store.LinkingStore.event_texts`: page by page."""
    last = 0
    while True:
        with read() as connection:
            rows = connection.execute(_events().where(EventRow.id > last).order_by(EventRow.id).limit(CHUNK)).all()
        yield from map(_event_text, rows)
        if len(rows) < CHUNK:
            return
        last = rows[-1].id


# -- articles --------------------------------------------------------------------------------------------------------


def link_later(connection: Connection, event_keys: Iterable[str] | None) -> int:
    """See `storage.linking_store.LinkingStore.link_later`."""
    if event_keys is None:
        connection.execute(update(ArticleRow).where(~ArticleRow.link_pending), {"link_pending": True})
    else:
        days = select(EventTextRow.day).join(EventKeyRow, EventKeyRow.event_id == EventTextRow.event_id)
        for piece in chunks(sorted(set(event_keys))):
            link_near(connection, set(connection.scalars(days.where(EventKeyRow.key.in_(piece)))))
    return connection.scalar(select(func.count()).select_from(ArticleRow).where(IS_WAITING)) or 0


def waiting(connection: Connection, *, after: int, limit: int) -> list[ArticleText]:
    """See `storage.linking_store.LinkingStore.waiting_for_links`."""
    pending = select(ArticleRow.id).where(IS_WAITING, ArticleRow.id > after)
    ids = connection.scalars(pending.order_by(ArticleRow.id).limit(max(limit, 0))).all()
    return list(_article_texts(connection, ids))


def article_text(connection: Connection, article_id: int) -> ArticleText:
    """See `storage.linking_store.LinkingStore.article_text`."""
    for found in _article_texts(connection, [article_id]):
        return found
    raise ArticleNotFound(article_id)


def _articles() -> Select[Any]:
    current = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)
    names = ("headline", "standfirst", "body", "language", "section", "keywords", "dateline")
    return (
        select(
            ArticleRow.id,
            ArticleRow.document_id,
            DocumentRow.canonical_url,
            *(getattr(ArticleVersionRow, name) for name in names),
            _FIRST.reported_at,
            _FIRST.published_at,
        )
        .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        .join(ArticleVersionRow, current)
        .join(_FIRST, and_(_FIRST.article_id == ArticleRow.id, _FIRST.number == 1))
        .order_by(ArticleRow.id)
    )


def _article_texts(connection: Connection, ids: Sequence[int]) -> Iterator[ArticleText]:
    for piece in chunks(ids):
        rows = connection.execute(_articles().where(ArticleRow.id.in_(piece))).all()
        cited = _cited_by(connection, [row.document_id for row in rows])
        told = _stories(connection, piece)
        for row in rows:
            yield _article_text(row, cited, told)


def _article_text(row: Row[Any], cited: Mapping[int, list[str]], told: Mapping[int, list[StoryLink]]) -> ArticleText:
    return ArticleText(
        article_id=row.id,
        canonical_url=row.canonical_url,
        headline=row.headline,
        body=row.body,
        reported_at=row.reported_at,
        dated=row.published_at is not None,
        standfirst=row.standfirst,
        language=row.language,
        section=row.section,
        keywords=tuple(row.keywords),
        dateline=row.dateline,
        cited_by=tuple(cited.get(row.document_id, ())),
        story=tuple(told.get(row.id, ())),
    )


def _cited_by(connection: Connection, document_ids: Collection[int]) -> dict[int, list[str]]:
    citing = (
        select(SourceLinkRow.document_id, EventRow.key)
        .join(EventRow, EventRow.id == SourceLinkRow.event_id)
        .where(SourceLinkRow.document_id.in_(document_ids), SourceLinkRow.withdrawn_at.is_(None))
        .distinct()
        .order_by(EventRow.key)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in connection.execute(citing):
        found[row.document_id].append(row.key)
    return found


def _stories(connection: Connection, article_ids: Sequence[int]) -> dict[int, list[StoryLink]]:
    """For each article the links of the copies that are in its cluster, by (event key, article).

    A relation is looked up by its key, the lower article first, and what was found is sorted here: with "the one or the
    other way round", and for the order of the events' keys, PostgreSQL walks over all relations and all events.
    """
    is_lower = _MEMBER.article_id < _OTHER.article_id
    lower = case((is_lower, _MEMBER.article_id), else_=_OTHER.article_id)
    higher = case((is_lower, _OTHER.article_id), else_=_MEMBER.article_id)
    links = (
        select(
            _MEMBER.article_id.label("teller"),
            EventRow.key,
            *EventLinkRow.__table__.columns,
            RelationRow.score.label("fit"),
        )
        .select_from(_MEMBER)
        .join(_OTHER, and_(_OTHER.cluster_id == _MEMBER.cluster_id, _OTHER.article_id != _MEMBER.article_id))
        .join(RelationRow, and_(RelationRow.article_id == lower, RelationRow.other_id == higher))
        .join(EventLinkRow, EventLinkRow.article_id == _OTHER.article_id)
        .join(EventRow, EventRow.id == EventLinkRow.event_id)
        .where(_MEMBER.article_id.in_(article_ids), RelationRow.kind == RelationKind.COPY)
        .where(EventLinkRow.state != LinkState.REJECTED, is_shown(), counting_articles(EventLinkRow.article_id))
    )
    found: defaultdict[int, list[StoryLink]] = defaultdict(list)
    for row in sorted(connection.execute(links), key=lambda one: (one.key, one.article_id)):
        link = StoryLink(
            event_key=row.key,
            article_id=row.article_id,
            state=LinkState(row.state),
            how=LinkHow(row.how),
            fit=row.fit,
        )
        found[row.teller].append(link)
    return found
