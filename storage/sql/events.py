"""Finding events by name, listing them, and the links between them and articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Row, and_, func, literal, select, tuple_

from storage.errors import AmbiguousEvent, EventNotFound
from storage.sql.chunks import CHUNK, chunks
from storage.sql.columns import StoredText
from storage.sql.models import (
    ArticleRow,
    DocumentRow,
    EventKeyRow,
    EventLinkRow,
    EventRow,
    SourceLinkRow,
)
from storage.sql.rows import document, documents
from storage.sql.selecting import Reading
from storage.sql.shown_links import counting_articles, event_link, is_shown
from storage.types import (
    Document,
    EventLink,
    EventSummary,
    LinkKind,
)
from storage.views import event_name

_SHOWN = 11
_LAST = "\U0010ffff"


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


def documents_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Document]:
    """These documents; unknown ones are left out."""
    return {
        row.id: document(row)
        for piece in chunks(ids)
        for row in connection.execute(documents().where(DocumentRow.id.in_(piece)))
    }


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
        yield from map(summary, page)
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
    page = select(EventRow.id, EventRow.key, EventRow.event_date, EventRow.headline).where(*wanted)
    return summaries(page.order_by(EventRow.event_date, EventRow.key).limit(size).subquery())


def summaries(page: Any, *, newest_first: bool = False) -> Any:  # noqa: ANN401 -- selects, typed by their columns
    """Events as `summary` reads them; ``page`` has id, key, event_date and headline of those that are meant."""
    present = and_(SourceLinkRow.event_id == page.c.id, SourceLinkRow.withdrawn_at.is_(None))
    sources = func.count(SourceLinkRow.id).filter(SourceLinkRow.kind == LinkKind.ARTICLE).label("sources")
    articles = func.count(ArticleRow.id).label("articles")
    place = (page.c.event_date, page.c.key)
    order = tuple(one.desc() for one in place) if newest_first else place
    has_article = and_(ArticleRow.document_id == SourceLinkRow.document_id, counting_articles(ArticleRow.id))
    return (
        select(page.c.key, page.c.event_date, page.c.headline, sources, articles)
        .outerjoin(SourceLinkRow, present)
        .outerjoin(ArticleRow, has_article)
        .group_by(*page.c)
        .order_by(*order)
    )


def summary(row: Row[Any]) -> EventSummary:
    """The value of one row of `summaries`."""
    return EventSummary(
        key=row.key, event_date=row.event_date, headline=row.headline, sources=row.sources, articles=row.articles
    )
