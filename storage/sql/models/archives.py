"""Tables of the archive side: what is wanted from web archives, what they said, and what held files have.

Why a backfill has a lease of its own on its own row: the live web and the archives may be asked about one document at
the same time, and no host of the live web is held while an archive is asked. The spacing between requests to an archive
is the host's affair (``HostRow.booked``), so any number of runs may work off the queue together.

Why questions, paths and URL keys are found by digests: see `storage.sql.models.documents`; a question to an index is a
URL with another URL inside it, and longer still.

Why ``archive_answers`` and the held tables are the only ones of which rows are deleted: they can be had again, from the
archive or from the file.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import Json
from storage.sql.models.base import Base, DocumentId, Id

_HELD = text("lease_token IS NOT NULL")
_PLANNED = text("next_at IS NOT NULL")

HeldFileId = Annotated[int, mapped_column(ForeignKey("held_files.id"))]


class BackfillRow(Base):
    """That a document is wanted from archives, where that stands, and who looks for it now."""

    __tablename__ = "backfills"
    __table_args__ = (
        Index(
            "ix_backfills_next_at_document_id",
            "next_at",
            "document_id",
            sqlite_where=_PLANNED,
            postgresql_where=_PLANNED,
        ),
        Index("ix_backfills_lease_token", "lease_token", sqlite_where=_HELD, postgresql_where=_HELD),
    )

    document_id: Mapped[DocumentId] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    reason: Mapped[str]
    wanted_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class ArchiveSearchRow(Base):
    """Where the search for one document in one archive stands."""

    __tablename__ = "archive_searches"

    document_id: Mapped[DocumentId] = mapped_column(primary_key=True, autoincrement=False)
    archive: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    asked_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]
    candidates: Mapped[int]
    tried: Mapped[list[Any]] = mapped_column(Json)
    failures: Mapped[int]
    detail: Mapped[str]


class ArchiveSaveRow(Base):
    """That an archive was asked to save one document, and where that stands."""

    __tablename__ = "archive_saves"

    document_id: Mapped[DocumentId] = mapped_column(primary_key=True, autoincrement=False)
    archive: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    asked_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    job: Mapped[str]
    url: Mapped[str]
    captured_at: Mapped[datetime | None]
    detail: Mapped[str]


class ArchiveAnswerRow(Base):
    """What an archive's index answered to one question; ``body`` is compressed (zlib)."""

    __tablename__ = "archive_answers"

    archive: Mapped[str] = mapped_column(primary_key=True)
    question_digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    question: Mapped[str]
    answered_at: Mapped[datetime]
    good_until: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int]
    headers: Mapped[list[Any]] = mapped_column(Json)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class HeldFileRow(Base):
    """A WARC, ARC or WACZ file of somebody else's whose contents are known."""

    __tablename__ = "held_files"

    id: Mapped[Id]
    path_digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    path: Mapped[str]
    size: Mapped[int]
    modified_ns: Mapped[int]
    kind: Mapped[str]
    indexed_at: Mapped[datetime]
    records: Mapped[int]
    wanted_only: Mapped[bool]
    problems: Mapped[list[Any]] = mapped_column(Json)


class HeldRecordRow(Base):
    """One response or revisit in a held file."""

    __tablename__ = "held_records"
    __table_args__ = (Index("ix_held_records_key_digest_captured_at_id", "key_digest", "captured_at", "id"),)

    id: Mapped[Id]
    file_id: Mapped[HeldFileId] = mapped_column(index=True)
    key_digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    url_key: Mapped[str]
    captured_at: Mapped[datetime]
    member: Mapped[str]
    record_offset: Mapped[int]
    record_length: Mapped[int]
    url: Mapped[str]
    status: Mapped[int | None]
    media_type: Mapped[str]
    digest: Mapped[str]
    refers_to: Mapped[str]
    revisit: Mapped[bool]
