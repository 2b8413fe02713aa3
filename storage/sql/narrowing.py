"""What a reader asks for, as conditions on events and on articles.

Every field of a `LibraryQuery` becomes a `storage.sql.paging.Narrowing`: what fits out of an index, and whether the
event or article at hand fits.

Why the latter is a look-up whose answer is compared, and not ``EXISTS``: PostgreSQL makes a join of that, and collects
what fits of the whole library for a page of fifty. Why PostgreSQL then looks for words in the texts at hand: its index
names rows, and fetching as many as have a frequent word takes longer. SQLite's names numbers, sixty thousand of them
in ten milliseconds, so that it need only look whether the one at hand is among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from storage.searching import day_number
from storage.sql.models import (
    ArticleRow,
    ArticleTextRow,
    ArticleVersionRow,
    CaptureRow,
    DocumentRow,
    EventLinkRow,
    EventRow,
    EventTextRow,
    HostRow,
    SourceLinkRow,
)
from storage.sql.paging import Listing, Narrowing
from storage.sql.searching import BODIES, EVENTS, having_all
from storage.sql.shown_links import counting_articles, counting_links
from storage.types import Access, LibraryQuery, TextKind

_OWN = ArticleRow.id == ArticleTextRow.article_id
_ONE: ColumnElement[int] = literal_column("1")
_ZERO: ColumnElement[int] = literal_column("0")
_NOTHING: ColumnElement[str] = literal_column("''")
_CURRENT = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)


def _narrowing(found: Select[Any], column: InstrumentedAttribute[int], own: InstrumentedAttribute[int]) -> Narrowing:
    """All that a select finds by their ``column``, and whether it finds the one at hand, whose number is ``own``."""
    return Narrowing(fits=_some(found.where(column == own)), ids=found.with_only_columns(column))


def _some(found: Select[Any]) -> ColumnElement[bool]:
    """That a look-up finds something."""
    one: Select[Any] = found.with_only_columns(_ONE).limit(1)
    return one.correlate(EventRow, ArticleTextRow).scalar_subquery().is_not(None)


# -- events ------------------------------------------------------------------------------------------------------------


def events(query: LibraryQuery, words: Sequence[str], dialect: str) -> Listing:
    """The events that fit, by day and key; ``words`` are those of the query as they are stored."""
    return Listing(
        number=EventRow.id,
        place=(EventRow.event_date, EventRow.key),
        wanted=_own_of_event(query),
        narrowings=tuple(_of_events(query, words, dialect)),
    )


def _own_of_event(query: LibraryQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.since is not None:
        wanted.append(EventRow.event_date >= query.since)
    if query.until is not None:
        wanted.append(EventRow.event_date <= query.until)
    if query.event:
        wanted.append(EventRow.key == query.event)
    return wanted


def _of_events(query: LibraryQuery, words: Sequence[str], dialect: str) -> Iterator[Narrowing]:
    if query.publisher or query.outcome is not None:
        of_event = SourceLinkRow.event_id == EventRow.id
        ids = _citing(query, at_hand=False).with_only_columns(SourceLinkRow.event_id)
        yield Narrowing(fits=_some(_citing(query, at_hand=True).where(of_event)), ids=ids)
    if query.marked:
        yield _narrowing(_linking(query), EventLinkRow.event_id, EventRow.id)
    if query.language or query.agency:
        own = _linked(query).where(*_of_version(query))
        yield _narrowing(own, EventLinkRow.event_id, EventRow.id)
    if query.text is not None:
        yield from _reported(query, query.text)
    if words:
        yield _told(query, words, dialect)


def _citing(query: LibraryQuery, *, at_hand: bool) -> Select[Any]:
    """Present source links; what is asked of publisher and outcome, one and the same of them has."""
    cited = select(SourceLinkRow.id).join(DocumentRow, DocumentRow.id == SourceLinkRow.document_id)
    return cited.where(SourceLinkRow.withdrawn_at.is_(None), *_of_document(query, at_hand=at_hand))


def _of_document(query: LibraryQuery, *, at_hand: bool) -> Iterator[ColumnElement[bool]]:
    """What is asked of a document; of one ``at_hand`` not so that PostgreSQL goes through all of a host to find it."""
    if query.publisher:
        host = select(HostRow.id).where(HostRow.name == query.publisher).scalar_subquery()
        yield (DocumentRow.host_id + _ZERO if at_hand else DocumentRow.host_id) == host
    if query.outcome is not None:
        yield (DocumentRow.last_outcome + _NOTHING if at_hand else DocumentRow.last_outcome) == query.outcome


def _linking(query: LibraryQuery) -> Select[Any]:
    """Links to articles that count for this query."""
    return select(EventLinkRow.event_id).where(counting_links(marked=query.marked))


def _linked(query: LibraryQuery) -> Select[Any]:
    """The same with the articles' current versions."""
    return _linking(query).join(ArticleRow, ArticleRow.id == EventLinkRow.article_id).join(ArticleVersionRow, _CURRENT)


def _of_version(query: LibraryQuery) -> list[ColumnElement[bool]]:
    wanted = []
    if query.language:
        wanted.append(ArticleVersionRow.language == query.language)
    if query.agency:
        wanted.append(ArticleVersionRow.agency == query.agency)
    return wanted


def _reported(query: LibraryQuery, kind: TextKind) -> Iterator[Narrowing]:
    """How an event's articles are."""
    of_event = EventLinkRow.event_id == EventRow.id
    linked = _linked(query).where(of_event)
    if kind is TextKind.FULL:
        yield Narrowing(fits=_some(linked.where(ArticleVersionRow.access != Access.TEASER)))
        return
    yield Narrowing(fits=~_some(_linking(query).where(of_event)) if kind is TextKind.NONE else _some(linked))
    if kind is TextKind.ARCHIVE_ONLY:
        known = linked.join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
        yield Narrowing(fits=~_some(known.where(CaptureRow.memento.is_(None))))


def _told(query: LibraryQuery, words: Sequence[str], dialect: str) -> Narrowing:
    """All words in what is searched of an event, or all of them in one of its articles."""
    bodies = having_all(dialect, BODIES, words)
    found = bodies.subquery()
    linked = _linking(query).join(found, found.c.article_id == EventLinkRow.article_id)
    own = having_all(dialect, EVENTS, words)
    ids = union_all(own, linked.with_only_columns(EventLinkRow.event_id))
    of_event = _linking(query).where(EventLinkRow.event_id == EventRow.id)
    if dialect == "sqlite":
        is_found = (EventLinkRow.article_id + _ZERO).in_(bodies)  # else each that is found is looked up at each event
        fits = or_((EventRow.id + _ZERO).in_(own), _some(of_event.where(is_found)))
        return Narrowing(fits=fits, ids=ids)
    text = select(EventTextRow.event_id).where(EventTextRow.event_id == EventRow.id)
    text = text.where(_has_all(EventTextRow.text, words))
    whole = of_event.join(ArticleTextRow, ArticleTextRow.article_id == EventLinkRow.article_id)
    return Narrowing(fits=or_(_some(text), _some(whole.where(_has_all(_WHOLE, words)))), ids=ids)


# -- articles ----------------------------------------------------------------------------------------------------------


def articles(query: LibraryQuery, words: Sequence[str], dialect: str) -> Listing:
    """The articles that fit, by day and number."""
    return Listing(
        number=ArticleTextRow.article_id,
        place=(ArticleTextRow.day, ArticleTextRow.article_id),
        wanted=_own_of_article(query),
        narrowings=tuple(_of_articles(query, words, dialect)),
    )


def _own_of_article(query: LibraryQuery) -> list[ColumnElement[bool]]:
    wanted = [counting_articles(ArticleTextRow.article_id, marked=query.marked)]
    if query.since is not None:
        wanted.append(ArticleTextRow.day >= day_number(query.since))
    if query.until is not None:
        wanted.append(ArticleTextRow.day <= day_number(query.until))
    return wanted


def _of_articles(query: LibraryQuery, words: Sequence[str], dialect: str) -> Iterator[Narrowing]:
    if query.event:
        of_event = select(EventRow.id).where(EventRow.key == query.event).scalar_subquery()
        own = _linking(query).where(EventLinkRow.event_id == of_event)
        yield _narrowing(own, EventLinkRow.article_id, ArticleTextRow.article_id)
    if query.publisher or query.outcome is not None:
        found = select(ArticleRow.id).join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        fits = _some(found.where(_OWN, *_of_document(query, at_hand=True)))
        yield Narrowing(fits=fits, ids=found.where(*_of_document(query, at_hand=False)))
    if query.language or query.agency:
        own = _current().where(*_of_version(query))
        yield _narrowing(own, ArticleRow.id, ArticleTextRow.article_id)
    if query.text is TextKind.FULL:
        yield Narrowing(fits=_some(_current().where(_OWN, ArticleVersionRow.access != Access.TEASER)))
    if query.text is TextKind.ARCHIVE_ONLY:
        known = _current().where(_OWN).join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
        yield Narrowing(fits=_some(known.where(CaptureRow.memento.is_not(None))))
    if words:
        ids = having_all(dialect, BODIES, words)
        is_found = (ArticleTextRow.article_id + _ZERO).in_(ids)
        yield Narrowing(fits=is_found if dialect == "sqlite" else _has_all(_WHOLE, words), ids=ids)


def _current() -> Select[Any]:
    return select(ArticleRow.id).join(ArticleVersionRow, _CURRENT)


# -- words -------------------------------------------------------------------------------------------------------------

_SPACE: ColumnElement[str] = literal_column("' '")
_WHOLE: ColumnElement[str] = ArticleTextRow.text + _SPACE + func.coalesce(ArticleTextRow.rest, _NOTHING)
"""All words of an article."""


def _has_all(text: Any, words: Sequence[str]) -> ColumnElement[bool]:  # noqa: ANN401 -- an expression
    """That these words stand in a text of words with single spaces between them, as PostgreSQL finds them."""
    return and_(*(func.strpos(_SPACE + text + _SPACE, f" {word} ") > 0 for word in words))
