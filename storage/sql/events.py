"""Reading events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Row, and_, case, func, literal, select, tuple_

from storage.errors import AmbiguousEvent, EventNotFound
from storage.sql.chunks import CHUNK, chunks
from storage.sql.columns import StoredText
from storage.sql.coverage import coverage
from storage.sql.mementos import unpack_memento
from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    CaptureRow,
    DocumentRow,
    EventKeyRow,
    EventLinkRow,
    EventRevisionRow,
    EventRow,
    SourceLinkRow,
)
from storage.sql.packing import unpack_entry
from storage.sql.rows import document, documents
from storage.sql.selecting import Reading
from storage.sql.shown_links import event_link, is_shown
from storage.types import (
    Document,
    DocumentIdentity,
    EventEntry,
    EventLink,
    EventSummary,
    EventView,
    LinkKind,
    RelatedView,
    SourceLink,
    SourceView,
)
from storage.views import event_name

_SHOWN = 11
_LAST = "\U0010ffff"


def event(connection: Connection, name: str) -> EventView:
    """See `storage.protocol.Store.event`."""
    row = connection.execute(select(EventRow).where(EventRow.id == find_event(connection, name))).one()
    latest = and_(EventRevisionRow.event_id == row.id, EventRevisionRow.number == row.revision)
    revision = connection.execute(select(EventRevisionRow.entry, EventRevisionRow.raw).where(latest)).one()
    entry = replace(unpack_entry(revision.entry), key=row.key, raw=revision.raw or "")
    of_event = select(EventKeyRow.key).where(EventKeyRow.event_id == row.id).order_by(EventKeyRow.id)
    links = tuple(event_links(connection, EventLinkRow.event_id == row.id))
    return EventView(
        entry=entry,
        aliases=tuple(key for key in connection.scalars(of_event) if key != row.key),
        revision=row.revision,
        imported_at=row.imported_at,
        revised_at=row.revised_at,
        sources=_sources(connection, row),
        related=_related(connection, entry),
        links=links,
        coverage=coverage(connection, links),
    )


def find_event(connection: Connection, name: str) -> int:
    """The id of an event by key, alias, page path, or unique prefix of a key; see `storage.protocol.Store.event`."""
    key = event_name(name)
    exact = connection.scalar(select(EventKeyRow.event_id).where(EventKeyRow.key == key))
    if exact is not None:
        return exact
    if not key:
        raise EventNotFound(name)
    fitting = select(EventKeyRow.event_id).where(*_starts_with(EventKeyRow.key, key))
    statement = select(EventRow.id, EventRow.key).where(EventRow.id.in_(fitting)).order_by(EventRow.key)
    found = connection.execute(statement.limit(_SHOWN)).all()
    if not found:
        raise EventNotFound(name)
    if len(found) > 1:
        raise AmbiguousEvent(name, tuple(row.key for row in found))
    return int(found[0].id)


def _starts_with(column: Any, prefix: str) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 -- a mapped column
    """A range instead of LIKE: it uses the index on both databases and knows no wildcards."""
    return (column >= prefix, column < prefix + _LAST) if prefix else ()


def _sources(connection: Connection, event_row: Row[Any]) -> tuple[SourceView, ...]:
    own_first = case((EventKeyRow.key == event_row.key, 0), else_=1)
    statement = (
        select(*SourceLinkRow.__table__.columns)
        .join(EventKeyRow, EventKeyRow.id == SourceLinkRow.key_id)
        .where(SourceLinkRow.event_id == event_row.id)
        .order_by(
            SourceLinkRow.withdrawn_at.is_not(None), own_first, EventKeyRow.id, SourceLinkRow.position, SourceLinkRow.id
        )
    )
    rows = connection.execute(statement).all()
    known = documents_by_id(connection, [row.document_id for row in rows if row.document_id is not None])
    current = _current(connection, [one.article_id for one in known.values() if one.article_id])
    return tuple(_source_view(row, known.get(row.document_id), current) for row in rows)


def documents_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Document]:
    """These documents; unknown ones are left out."""
    return {
        row.id: document(row)
        for piece in chunks(ids)
        for row in connection.execute(documents().where(DocumentRow.id.in_(piece)))
    }


def _source_view(row: Row[Any], known: Document | None, current: dict[int, Row[Any]]) -> SourceView:
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


def _related(connection: Connection, entry: EventEntry) -> tuple[RelatedView, ...]:
    statement = select(EventKeyRow.key, EventRow.key.label("own")).join(EventRow, EventRow.id == EventKeyRow.event_id)
    own = {
        row.key: row.own
        for piece in chunks({link.target_key for link in entry.related})
        for row in connection.execute(statement.where(EventKeyRow.key.in_(piece)))
    }
    return tuple(RelatedView(link=link, known_key=own.get(link.target_key, "")) for link in entry.related)


def event_links(connection: Connection, which: ColumnElement[bool]) -> Iterator[EventLink]:
    """Links between events and articles, one a pair, by event and article."""
    statement = (
        select(*EventLinkRow.__table__.columns, EventRow.key)
        .join(EventRow, EventRow.id == EventLinkRow.event_id)
        .where(which, is_shown())
        .order_by(EventRow.key, EventLinkRow.article_id)
    )
    for row in connection.execute(statement):
        yield event_link(row)


def events(read: Reading, *, prefix: str, search: str, after: str, limit: int | None) -> Iterator[EventSummary]:
    """See `storage.protocol.Store.events`: page by page, each in its own transaction."""
    wanted = [*_starts_with(EventRow.key, prefix)]
    if search:
        wanted.append(EventRow.headline_folded.contains(search.casefold(), autoescape=True))
    behind = [_behind(read, after)] if after else []
    left = limit
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        with read() as connection:
            page = connection.execute(_summaries([*wanted, *behind], size)).all()
        yield from map(_summary, page)
        if len(page) < size:
            return
        left = None if left is None else left - len(page)
        behind = [_later_than(page[-1])]


def _behind(read: Reading, key: str) -> ColumnElement[bool]:
    with read() as connection:
        row = connection.execute(select(EventRow.event_date, EventRow.key).where(EventRow.key == key)).first()
    if row is None:
        raise EventNotFound(key)
    return _later_than(row)


def _later_than(row: Row[*tuple[Any, ...]]) -> ColumnElement[bool]:
    last = tuple_(literal(row.event_date, Date()), literal(row.key, StoredText()))
    return tuple_(EventRow.event_date, EventRow.key) > last


def _summaries(wanted: list[ColumnElement[bool]], size: int) -> Any:  # noqa: ANN401 -- a select, typed by its columns
    page = (
        select(EventRow.id, EventRow.key, EventRow.event_date, EventRow.headline)
        .where(*wanted)
        .order_by(EventRow.event_date, EventRow.key)
        .limit(size)
        .subquery()
    )
    present = and_(SourceLinkRow.event_id == page.c.id, SourceLinkRow.withdrawn_at.is_(None))
    sources = func.count(SourceLinkRow.id).filter(SourceLinkRow.kind == LinkKind.ARTICLE).label("sources")
    articles = func.count(ArticleRow.id).label("articles")
    return (
        select(page.c.key, page.c.event_date, page.c.headline, sources, articles)
        .outerjoin(SourceLinkRow, present)
        .outerjoin(ArticleRow, ArticleRow.document_id == SourceLinkRow.document_id)
        .group_by(*page.c)
        .order_by(page.c.event_date, page.c.key)
    )


def _summary(row: Row[Any]) -> EventSummary:
    return EventSummary(
        key=row.key, event_date=row.event_date, headline=row.headline, sources=row.sources, articles=row.articles
    )
