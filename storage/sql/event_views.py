"""Events as they are shown, many at once: with what they cite, what they relate to, and what covers them.

Why one event is read as a batch of one: a list of fifty events is then fifty times the rows, and no more statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, case, select

from storage.sql.chunks import chunks
from storage.sql.coverage import coverages
from storage.sql.events import documents_by_id, event_links, find_event
from storage.sql.marks import marks_of
from storage.sql.mementos import unpack_memento
from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    CaptureRow,
    EventKeyRow,
    EventLinkRow,
    EventRevisionRow,
    EventRow,
    SourceLinkRow,
)
from storage.sql.packing import unpack_entry
from storage.types import (
    Document,
    DocumentIdentity,
    EventEntry,
    EventLink,
    EventView,
    LinkKind,
    Mark,
    RelatedView,
    SourceLink,
    SourceView,
    StoryArticle,
)

_VIEWED = 200
"""Events whose parts are in memory at once."""
_LATEST = and_(EventRevisionRow.event_id == EventRow.id, EventRevisionRow.number == EventRow.revision)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parts:
    """What belongs to each event of a batch."""

    keys: Mapping[int, list[str]]
    sources: Mapping[int, list[SourceView]]
    links: Mapping[str, list[EventLink]]
    covered: Mapping[str, tuple[StoryArticle, ...]]
    known: Mapping[str, str]


def event(connection: Connection, name: str) -> EventView:
    """See `storage.protocol.Store.event`."""
    return _views(connection, [find_event(connection, name)])[0]


def event_views(connection: Connection, keys: Sequence[str]) -> list[EventView]:
    """See `storage.browsing_store.BrowsingStore.event_views`."""
    ids = {
        row.key: row.id
        for piece in chunks(dict.fromkeys(keys))
        for row in connection.execute(select(EventRow.id, EventRow.key).where(EventRow.key.in_(piece)))
    }
    found = {view.entry.key: view for piece in chunks(ids.values(), _VIEWED) for view in _views(connection, piece)}
    return [found[key] for key in keys if key in found]


def _views(connection: Connection, ids: Sequence[int]) -> list[EventView]:
    columns = (EventRow.id, EventRow.key, EventRow.revision, EventRow.imported_at, EventRow.revised_at)
    shown = select(*columns, EventRevisionRow.entry, EventRevisionRow.raw).join(EventRevisionRow, _LATEST)
    rows = connection.execute(shown.where(EventRow.id.in_(ids))).all()
    entries = {row.id: replace(unpack_entry(row.entry), key=row.key, raw=row.raw or "") for row in rows}
    parts = _parts(connection, ids, entries.values())
    return [_view(row, entries[row.id], parts) for row in rows]


def _parts(connection: Connection, ids: Sequence[int], entries: Iterable[EventEntry]) -> _Parts:
    links: defaultdict[str, list[EventLink]] = defaultdict(list)
    for link in event_links(connection, EventLinkRow.event_id.in_(ids)):
        links[link.event_key].append(link)
    return _Parts(
        keys=_keys(connection, ids),
        sources=_sources(connection, ids),
        links=links,
        covered=coverages(connection, links),
        known=_known(connection, (link.target_key for entry in entries for link in entry.related)),
    )


def _view(row: Row[Any], entry: EventEntry, parts: _Parts) -> EventView:
    return EventView(
        entry=entry,
        aliases=tuple(key for key in parts.keys[row.id] if key != row.key),
        revision=row.revision,
        imported_at=row.imported_at,
        revised_at=row.revised_at,
        sources=tuple(parts.sources.get(row.id, ())),
        related=tuple(RelatedView(link=one, known_key=parts.known.get(one.target_key, "")) for one in entry.related),
        links=tuple(parts.links.get(row.key, ())),
        coverage=parts.covered.get(row.key, ()),
    )


def _keys(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """Event -> its keys in the order in which they came."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    named = select(EventKeyRow.event_id, EventKeyRow.key).where(EventKeyRow.event_id.in_(ids))
    for row in connection.execute(named.order_by(EventKeyRow.id)):
        found[row.event_id].append(row.key)
    return found


def _known(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Keys under which entries came -> their event's own key."""
    statement = select(EventKeyRow.key, EventRow.key.label("own")).join(EventRow, EventRow.id == EventKeyRow.event_id)
    return {
        row.key: row.own
        for piece in chunks(dict.fromkeys(keys))
        for row in connection.execute(statement.where(EventKeyRow.key.in_(piece)))
    }


# -- sources ---------------------------------------------------------------------------------------------------------


def _sources(connection: Connection, ids: Sequence[int]) -> dict[int, list[SourceView]]:
    """Event -> its source links: present ones first, in the order in which its own entry has them."""
    own_first = case((EventKeyRow.key == EventRow.key, 0), else_=1)
    statement = (
        select(*SourceLinkRow.__table__.columns)
        .join(EventKeyRow, EventKeyRow.id == SourceLinkRow.key_id)
        .join(EventRow, EventRow.id == SourceLinkRow.event_id)
        .where(SourceLinkRow.event_id.in_(ids))
        .order_by(
            SourceLinkRow.withdrawn_at.is_not(None), own_first, EventKeyRow.id, SourceLinkRow.position, SourceLinkRow.id
        )
    )
    rows = connection.execute(statement).all()
    cited = dict.fromkeys(row.document_id for row in rows if row.document_id is not None)
    known = documents_by_id(connection, list(cited))
    articles = [one.article_id for one in known.values() if one.article_id]
    current, marks = _current(connection, articles), marks_of(connection, articles)
    found: defaultdict[int, list[SourceView]] = defaultdict(list)
    for row in rows:
        found[row.event_id].append(_source_view(row, known.get(row.document_id), current, marks))
    return found


def _source_view(
    row: Row[Any], known: Document | None, current: dict[int, Row[Any]], marks: dict[int, Mark]
) -> SourceView:
    link = SourceLink(
        position=row.position,
        label=row.label,
        cited_url=row.cited_url,
        kind=LinkKind(row.kind),
        identity=_identity(known) if known else None,
        problem=row.problem,
    )
    version = current.get(known.article_id) if known and known.article_id else None
    return SourceView(
        link=link,
        document=known,
        headline=version.headline if version else "",
        memento=unpack_memento(version.memento) if version else None,
        withdrawn_at=row.withdrawn_at,
        mark=marks.get(known.article_id) if known and known.article_id else None,
    )


def _identity(known: Document) -> DocumentIdentity:
    return DocumentIdentity(
        canonical_url=known.canonical_url,
        request_url=known.request_url,
        url_key=known.url_key,
        host=known.host,
        memento=known.memento,
    )


def _current(connection: Connection, article_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Headline and provenance of the current version, by article."""
    latest = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)
    statement = (
        select(ArticleRow.id, ArticleVersionRow.headline, CaptureRow.memento)
        .join(ArticleVersionRow, latest)
        .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
    )
    return {
        row.id: row
        for piece in chunks(article_ids)
        for row in connection.execute(statement.where(ArticleRow.id.in_(piece)))
    }
