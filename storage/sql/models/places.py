"""Tables of where files are, and of who may use the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.models.base import Base


class StoredFileRow(Base):
    """A full WARC file that was put where all machines find it."""

    __tablename__ = "stored_files"

    file: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    machine: Mapped[str]
    stored_at: Mapped[datetime]
    becoming: Mapped[str]


class CompatibilityRow(Base):
    """The oldest revision whose programs may use the database as it is; one row."""

    __tablename__ = "compatibility"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    oldest: Mapped[str]
