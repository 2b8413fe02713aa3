"""Which link is shown of an event and an article that have several: a person's, else the citation, else by content.

And which of these links and articles count for readers; nothing else says so in SQL.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storage.sql.marks import marked_articles
from storage.sql.models import EventLinkRow
from storage.types import EventLink, LinkHow, LinkState

_BETTER = aliased(EventLinkRow)


def is_shown() -> ColumnElement[bool]:
    """That no better link of the same pair hides this row of `EventLinkRow`."""
    same = and_(_BETTER.event_id == EventLinkRow.event_id, _BETTER.article_id == EventLinkRow.article_id)
    cited = and_(EventLinkRow.how == LinkHow.CONTENT, _BETTER.how == LinkHow.CITATION)
    hidden = select(_BETTER.event_id).where(same, or_(_BETTER.how == LinkHow.HAND, cited)).exists()
    return or_(EventLinkRow.how == LinkHow.HAND, ~hidden)


def counting_links(*, marked: bool = False) -> ColumnElement[bool]:
    """That a row of `EventLinkRow` counts: shown, linked or confirmed, its article not marked as none.

    With ``marked`` those count whose article is marked, and no others.
    """
    stands = EventLinkRow.state.in_([LinkState.LINKED, LinkState.CONFIRMED])
    return and_(stands, is_shown(), counting_articles(EventLinkRow.article_id, marked=marked))


def counting_articles(article_id: InstrumentedAttribute[int], *, marked: bool = False) -> ColumnElement[bool]:
    """That the article of this number is not marked as none; with ``marked``, that it is."""
    return article_id.in_(marked_articles()) if marked else article_id.not_in(marked_articles())


def event_link(row: Row[*tuple[Any, ...]]) -> EventLink:
    """The value of one row of `EventLinkRow` with the event's ``key``."""
    return EventLink(
        event_key=row.key,
        article_id=row.article_id,
        how=LinkHow(row.how),
        score=row.score,
        evidence=row.evidence,
        state=LinkState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
