"""Tables of what was removed for good, and of the stretches of files that are still to be overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import Json
from storage.sql.models.base import Base, Id

_STANDS = text("lifted_at IS NULL AND kind <> 'raw'")

TakedownId = Annotated[int, mapped_column(ForeignKey("takedowns.id"))]


class TakedownRow(Base):
    """One removal; where it is not ``raw`` a tombstone, as long as nobody lifted it."""

    __tablename__ = "takedowns"
    __table_args__ = (
        Index("ix_takedowns_standing", "kind", "subject", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str]
    who: Mapped[str]
    made_at: Mapped[datetime]
    removed: Mapped[dict[str, Any]] = mapped_column(Json)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str]


class RemovalRow(Base):
    """A stretch of a WARC file that is still to be overwritten."""

    __tablename__ = "removals"

    file: Mapped[str] = mapped_column(primary_key=True)
    record_offset: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int]
    takedown_id: Mapped[TakedownId]
