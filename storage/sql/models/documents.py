"""Tables of the web side: the frontier, the attempts and the captures.

Why a digest identifies a document: PostgreSQL refuses to index text beyond about 2,700 bytes, and URLs of that
length exist; 16 bytes also make the busiest index five times smaller.

Why a lease ends on the host's row only: a host is held by one token at a time, so a document is out on lease
exactly while its host's lease lasts; renewing touches a few hosts, never the documents.

Why hosts repeat when their first document is due: handing out work reads hosts by waiting time from an index;
asking ten million documents for it each time would not do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import Json
from storage.sql.models.base import AttemptId, Base, DocumentId, HostId, Id

_HELD = text("lease_token IS NOT NULL")


class HostRow(Base):
    """One host: who holds it, when it may be asked again, and when its first document is due."""

    __tablename__ = "hosts"
    __table_args__ = (
        Index("ix_hosts_due_at_id", "due_at", "id"),
        Index("ix_hosts_lease_token", "lease_token", sqlite_where=_HELD, postgresql_where=_HELD),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class DocumentRow(Base):
    """One web document and where its fetching stands; ``lease_token`` is set only while its host has the same."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_host_id_next_fetch_at_id", "host_id", "next_fetch_at", "id"),
        Index("ix_documents_next_fetch_at_id", "next_fetch_at", "id"),
        Index("ix_documents_lease_token", "lease_token", sqlite_where=_HELD, postgresql_where=_HELD),
    )

    id: Mapped[Id]
    url_digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    canonical_url: Mapped[str]
    request_url: Mapped[str]
    url_key: Mapped[str]
    host_id: Mapped[HostId]
    added_at: Mapped[datetime]
    memento_archive: Mapped[str | None]
    memento_url: Mapped[str | None]
    memento_captured_at: Mapped[datetime | None]
    last_outcome: Mapped[str | None]
    last_attempt_at: Mapped[datetime | None]
    attempts: Mapped[int]
    failures: Mapped[int]
    next_fetch_at: Mapped[datetime | None]
    etag: Mapped[str]
    last_modified: Mapped[str]
    lease_token: Mapped[str | None]


class AttemptRow(Base):
    """That we asked, when, why, and what came of it."""

    __tablename__ = "attempts"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    document_id: Mapped[DocumentId] = mapped_column(index=True)
    reason: Mapped[str]
    outcome: Mapped[str]
    request_url: Mapped[str]
    final_url: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    status: Mapped[int | None]
    redirects: Mapped[list[Any]] = mapped_column(Json)
    detail: Mapped[str]
    next_fetch_at: Mapped[datetime | None]
    bytes_received: Mapped[int]
    run_token: Mapped[str]


class CaptureRow(Base):
    """One observed response and the WARC record that holds it."""

    __tablename__ = "captures"
    __table_args__ = (UniqueConstraint("file", "record_offset"),)

    id: Mapped[Id]
    attempt_id: Mapped[AttemptId] = mapped_column(index=True)
    kind: Mapped[str]
    url: Mapped[str]
    captured_at: Mapped[datetime]
    fetched_at: Mapped[datetime]
    status: Mapped[int]
    headers: Mapped[list[Any]] = mapped_column(Json)
    media_type: Mapped[str]
    payload_digest: Mapped[str] = mapped_column(index=True)
    payload_length: Mapped[int]
    file: Mapped[str]
    record_offset: Mapped[int]
    record_length: Mapped[int]
    record_id: Mapped[str]
    revisit_of: Mapped[str]
    truncated: Mapped[str]
