"""Tables of what people decide and ask for.

Why a mark belongs to the document, and names its article without a reference: a takedown removes the article, and what
a person said of the page stays. Fetched again, the page gets another article, not another judgement.

Why partial unique indexes: that one mark stands, and that nothing is asked for twice, holds whatever programs think.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.models.base import Base, DocumentId, EventId, Id

_STANDS = text("undone_at IS NULL")
_OPEN = text("ended_at IS NULL")


class MarkRow(Base):
    """That a person said that what was stored as a document's article is none; never deleted."""

    __tablename__ = "marks"
    __table_args__ = (
        Index("ix_marks_standing", "document_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[Id]
    document_id: Mapped[DocumentId]
    article_id: Mapped[int] = mapped_column(index=True)
    marked_by: Mapped[str]
    marked_at: Mapped[datetime]
    because: Mapped[str]
    undone_by: Mapped[str]
    undone_at: Mapped[datetime | None]


class OrderRow(Base):
    """Work that somebody asked for; ``taken_until`` is the lease of the process that has it."""

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_open", "kind", "event_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    event_id: Mapped[EventId] = mapped_column(index=True)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    state: Mapped[str]
    taken_by: Mapped[str]
    taken_until: Mapped[datetime | None]
    run: Mapped[int]
    ended_at: Mapped[datetime | None]
    exit_status: Mapped[int | None]
    problem: Mapped[str]
