"""Tables of the event side.

Why there is no table of related links: they name their target by key, which may be imported later or become an
alias; a reader resolves the keys of the latest revision when it asks, so a forward reference needs no repair.

Why a revision's raw text stands beside its entry: it is no part of what the entry says. An import of the same entry may
add it where an older program did not keep it, and finding out whether it is there must not read the entry. It is JSON,
because only that brings every character back.

Why entities and texts of an event stand apart: they repeat what the latest revision says, as it is looked for (folded,
word by word), and are written anew with each revision.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import Json
from storage.sql.models.base import Base, DocumentId, EventId, EventKeyId, Id

PRESENT = text("withdrawn_at IS NULL")


class EventRow(Base):
    """One event; what it says stands in its revisions, the columns here are for finding it."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_event_date_key", "event_date", "key"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    event_date: Mapped[date]
    headline: Mapped[str]
    headline_folded: Mapped[str]
    revision: Mapped[int]
    imported_at: Mapped[datetime]
    revised_at: Mapped[datetime]


class EventKeyRow(Base):
    """Every key under which entries of an event came, its own among them.

    ``digest`` and ``revision`` repeat the latest revision under this key: an import finds out that nothing changed
    without reading revisions.
    """

    __tablename__ = "event_keys"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    event_id: Mapped[EventId] = mapped_column(index=True)
    digest: Mapped[str]
    revision: Mapped[int]
    reason: Mapped[str]
    added_at: Mapped[datetime]


class EventRevisionRow(Base):
    """What an entry said, whole, and where it was read; never changed afterwards (a missing ``raw`` may be added)."""

    __tablename__ = "event_revisions"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[Id]
    event_id: Mapped[EventId]
    number: Mapped[int]
    key_id: Mapped[EventKeyId]
    digest: Mapped[str]
    entry: Mapped[dict[str, Any]] = mapped_column(Json)
    imported_at: Mapped[datetime]
    raw: Mapped[str | None] = mapped_column(Json)


class SourceLinkRow(Base):
    """One cited label and URL of an event, with the key that it came under; withdrawn links stay."""

    __tablename__ = "source_links"
    __table_args__ = (
        Index("ix_source_links_present", "document_id", "event_id", sqlite_where=PRESENT, postgresql_where=PRESENT),
    )

    id: Mapped[Id]
    event_id: Mapped[EventId] = mapped_column(index=True)
    key_id: Mapped[EventKeyId]
    position: Mapped[int]
    label: Mapped[str]
    cited_url: Mapped[str]
    kind: Mapped[str]
    problem: Mapped[str]
    document_id: Mapped[DocumentId | None] = mapped_column(index=True)
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class EventEntityRow(Base):
    """An entity that the present entry of an event names, folded (`storage.searching.folded_entity`)."""

    __tablename__ = "event_entities"
    __table_args__ = ({"sqlite_with_rowid": False},)

    entity: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[EventId] = mapped_column(primary_key=True, autoincrement=False, index=True)


class EventTextRow(Base):
    """What is searched of an event: headline, topics, entities and category of its present entry; its day.

    The index over the words has another form on each database: `storage.sql.searching`.
    """

    __tablename__ = "event_texts"
    __table_args__ = (Index("ix_event_texts_day_event_id", "day", "event_id"),)

    event_id: Mapped[EventId] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(Integer)
    text: Mapped[str]
