"""Event links by content: what linking found, what a person said about it, and events that share entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from storage.errors import ArticleNotFound
from storage.searching import folded_entity
from storage.sql.bulk import add_rows
from storage.sql.chunks import chunks
from storage.sql.columns import StoredText, storable
from storage.sql.events import find_event
from storage.sql.marks import marks_of
from storage.sql.models import (
    ArticleRow,
    ClusterMemberRow,
    EventEntityRow,
    EventKeyRow,
    EventLinkRow,
    EventRevisionRow,
    EventRow,
)
from storage.sql.shown_links import event_link, is_shown
from storage.types import EventLink, LinkHow, LinkState, RelatedEvent

_FOUND = frozenset({LinkState.LINKED, LinkState.PROPOSED})
_DECIDED = frozenset({LinkState.CONFIRMED, LinkState.REJECTED})
_BETTER = aliased(EventLinkRow)
_Pair = tuple[int, int]
"""Ids of an event and of an article."""
_BY_CONTENT = and_(
    EventLinkRow.event_id == bindparam("event"),
    EventLinkRow.article_id == bindparam("article"),
    EventLinkRow.how == LinkHow.CONTENT,
)


# -- writing ---------------------------------------------------------------------------------------------------------


def put_links(connection: Connection, article_id: int, links: Sequence[EventLink], *, now: datetime) -> int:
    """See `storage.linking_store.LinkingStore.put_links`."""
    _require_article(connection, article_id)
    return put_all_links(connection, {article_id: links}, now=now)


def put_all_links(connection: Connection, found: Mapping[int, Sequence[EventLink]], *, now: datetime) -> int:
    """See `storage.linking_store.LinkingStore.put_all_links`."""
    return sum(_put(connection, {one: found[one] for one in piece}, now) for piece in chunks(sorted(found)))


def _put(connection: Connection, found: Mapping[int, Sequence[EventLink]], now: datetime) -> int:
    there = connection.scalars(select(ArticleRow.id).where(ArticleRow.id.in_(found))).all()
    marked = marks_of(connection, there)
    found = {one: () if one in marked else found[one] for one in there}
    known, decided = _known(connection, there)
    ids = _event_ids(connection, (link for one in there for link in found[one]))
    best = {
        (event_id, one): link
        for one in there
        for event_id, link in _best(ids, found[one]).items()
        if (event_id, one) not in decided
    }
    _take_off(connection, known - best.keys() - decided)
    _renew(connection, {pair: best[pair] for pair in sorted(known & best.keys())})
    fresh = sorted(best.keys() - known)
    place = {"how": LinkHow.CONTENT, "linked_at": now}
    rows = [{"event_id": event, "article_id": one, **place, **_said(best[event, one])} for event, one in fresh]
    add_rows(connection, EventLinkRow, rows)
    connection.execute(update(ArticleRow).where(ArticleRow.id.in_(there)), {"link_pending": False})
    return len(fresh)


def _require_article(connection: Connection, article_id: int) -> None:
    if connection.scalar(select(ArticleRow.id).where(ArticleRow.id == article_id)) is None:
        raise ArticleNotFound(article_id)


def _known(connection: Connection, article_ids: Sequence[int]) -> tuple[set[_Pair], set[_Pair]]:
    """Pairs that are linked by content, and pairs about which a person said something."""
    own = select(EventLinkRow.event_id, EventLinkRow.article_id, EventLinkRow.how)
    rows = connection.execute(own.where(EventLinkRow.article_id.in_(article_ids))).all()
    by_content = {(row.event_id, row.article_id) for row in rows if row.how == LinkHow.CONTENT}
    return by_content, {(row.event_id, row.article_id) for row in rows if row.how == LinkHow.HAND}


def _event_ids(connection: Connection, links: Iterable[EventLink]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for piece in chunks(sorted({one.event_key for one in links})):
        rows = connection.execute(select(EventKeyRow.key, EventKeyRow.event_id).where(EventKeyRow.key.in_(piece)))
        ids |= {row.key: row.event_id for row in rows}
    return ids


def _best(ids: Mapping[str, int], links: Iterable[EventLink]) -> Mapping[int, EventLink]:
    """What was found by the event's id; of several links to one event the one with the highest score."""
    taken = [one for one in links if one.how is LinkHow.CONTENT and one.state in _FOUND]
    ascending = sorted((one for one in taken if one.event_key in ids), key=lambda one: one.score)
    return {ids[one.event_key]: one for one in ascending}


def _take_off(connection: Connection, pairs: Iterable[_Pair]) -> None:
    gone = [{"event": event_id, "article": article_id} for event_id, article_id in sorted(pairs)]
    if gone:
        connection.execute(delete(EventLinkRow).where(_BY_CONTENT), gone)


def _renew(connection: Connection, links: Mapping[_Pair, EventLink]) -> None:
    if links:
        rows = [{"event": event, "article": article, **_said(link)} for (event, article), link in links.items()]
        connection.execute(update(EventLinkRow).where(_BY_CONTENT), rows)


def _said(link: EventLink) -> dict[str, Any]:
    return {"score": link.score, "evidence": link.evidence, "state": link.state}


def decide_link(
    connection: Connection, event_name: str, article_id: int, *, state: LinkState, by: str, because: str, now: datetime
) -> EventLink:
    """See `storage.linking_store.LinkingStore.decide_link`."""
    if state not in _DECIDED:
        raise ValueError(f"a person confirms or rejects a link; {state} is neither")
    event_id = find_event(connection, event_name)
    _require_article(connection, article_id)
    values = {
        "score": float(state is LinkState.CONFIRMED),
        "evidence": because,
        "state": state,
        "decided_by": by,
        "decided_at": now,
    }
    pair = and_(EventLinkRow.event_id == event_id, EventLinkRow.article_id == article_id)
    by_hand = and_(pair, EventLinkRow.how == LinkHow.HAND)
    if not connection.execute(update(EventLinkRow).where(by_hand), values).rowcount:
        place = {"event_id": event_id, "article_id": article_id, "how": LinkHow.HAND, "linked_at": now}
        connection.execute(insert(EventLinkRow), {**place, **values})
    _reconsider_story(connection, article_id)
    shown = select(*EventLinkRow.__table__.columns, EventRow.key).join(EventRow, EventRow.id == EventLinkRow.event_id)
    return event_link(connection.execute(shown.where(by_hand)).one())


def _reconsider_story(connection: Connection, article_id: int) -> None:
    """Let the other articles of the story wait for links: what a person said of one is evidence for its copies."""
    own = select(ClusterMemberRow.cluster_id).where(ClusterMemberRow.article_id == article_id)
    story = select(ClusterMemberRow.article_id).where(ClusterMemberRow.cluster_id.in_(own))
    others = and_(ArticleRow.id.in_(story), ArticleRow.id != article_id)
    connection.execute(update(ArticleRow).where(others), {"link_pending": True})


# -- reading ---------------------------------------------------------------------------------------------------------


def links(connection: Connection, *, state: LinkState, after: tuple[str, int], limit: int) -> list[EventLink]:
    """See `storage.linking_store.LinkingStore.links`."""
    key, article_id = literal(after[0], StoredText()), after[1]
    # The first half follows from the second; by itself it can be read from the index of keys.
    behind = and_(EventRow.key >= key, or_(EventRow.key > key, EventLinkRow.article_id > article_id))
    page = (
        select(*EventLinkRow.__table__.columns, EventRow.key)
        .join(EventRow, EventRow.id == EventLinkRow.event_id)
        .where(EventLinkRow.state == state, behind, is_shown())
        .order_by(EventRow.key, EventLinkRow.article_id)
    )
    return [event_link(row) for row in connection.execute(page.limit(max(limit, 0)))]


def by_state(connection: Connection) -> dict[str, int]:
    """How many pairs of event and article stand how, without citations that nobody decided about.

    What is shown (`is_shown`), but asked in two: of ten million links, each is looked up for the condition as one.
    """
    same = and_(_BETTER.event_id == EventLinkRow.event_id, _BETTER.article_id == EventLinkRow.article_id)
    better = select(_BETTER.event_id).where(same, _BETTER.how.in_((LinkHow.HAND, LinkHow.CITATION)))
    counted: Counter[str] = Counter()
    for shown in ((EventLinkRow.how == LinkHow.HAND,), (EventLinkRow.how == LinkHow.CONTENT, ~better.exists())):
        of_state = select(EventLinkRow.state, func.count()).where(*shown).group_by(EventLinkRow.state)
        counted.update(dict(connection.execute(of_state).all()))
    return dict(sorted(counted.items()))


def related_events(connection: Connection, event_name: str, *, limit: int) -> list[RelatedEvent]:
    """See `storage.linking_store.LinkingStore.related_events`."""
    event_id = find_event(connection, event_name)
    latest = and_(EventRevisionRow.event_id == EventRow.id, EventRevisionRow.number == EventRow.revision)
    own = select(EventRevisionRow.entry).join(EventRow, latest).where(EventRow.id == event_id)
    names: dict[str, str] = {}
    for name in connection.execute(own).one().entry["entities"]:
        names.setdefault(storable(folded_entity(name)), name)
    number = func.count()
    sharing = (
        select(EventEntityRow.event_id, EventRow.key, EventRow.event_date, EventRow.headline)
        .join(EventRow, EventRow.id == EventEntityRow.event_id)
        .where(EventEntityRow.entity.in_(names), EventEntityRow.event_id != event_id)
        .group_by(EventEntityRow.event_id, EventRow.key, EventRow.event_date, EventRow.headline)
        .order_by(number.desc(), EventRow.event_date.desc(), EventRow.key)
        .limit(max(limit, 0))
    )
    rows = connection.execute(sharing).all()
    shared = _entities(connection, [row.event_id for row in rows])
    return [
        RelatedEvent(
            key=row.key,
            event_date=row.event_date,
            headline=row.headline,
            shared=tuple(name for folded, name in names.items() if folded in shared[row.event_id]),
        )
        for row in rows
    ]


def _entities(connection: Connection, event_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {event_id: set() for event_id in event_ids}
    for piece in chunks(event_ids):
        for row in connection.execute(
            select(*EventEntityRow.__table__.columns).where(EventEntityRow.event_id.in_(piece))
        ):
            found[row.event_id].add(row.entity)
    return found
