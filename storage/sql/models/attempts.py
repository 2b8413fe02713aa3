"""Tables of attempts that are in files.

Why a row per stretch of a file and not per file: its digest is known when it is written, and a file that grows for a
month need not be read again whenever a stretch is added.

Why a row per document that lost some: how many there were, and from when to when, is told with its history; the files
would have to be read for it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.models.base import Base, DocumentId


class AttemptBatchRow(Base):
    """A stretch of a file that holds attempts."""

    __tablename__ = "attempt_batches"

    file: Mapped[str] = mapped_column(primary_key=True)
    batch_offset: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int]
    attempts: Mapped[int]
    sha256: Mapped[str]
    machine: Mapped[str]
    written_at: Mapped[datetime]


class ThinnedDocumentRow(Base):
    """A document of which attempts are in files only."""

    __tablename__ = "thinned_documents"

    document_id: Mapped[DocumentId] = mapped_column(primary_key=True, autoincrement=False)
    attempts: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime]
