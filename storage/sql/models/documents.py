"""Tables of the web side: the frontier, the attempts and the captures.

Why a digest identifies a document: PostgreSQL refuses to index text beyond about 2,700 bytes, and URLs of that
length exist; 16 bytes also make the busiest index five times smaller.

Why a lease ends on the host's row only: a host is held by one token at a time, so a document is out on lease
exactly while its host's lease lasts; renewing touches a few hosts, never the documents.

Why hosts repeat when their first document is due: handing out work reads hosts by waiting time from an index;
asking ten million documents for it each time would not do.

Why a probe has a table of its own: a fingerprint is some hundred numbers, and the rows of hosts are read and
written with every batch.

Why an attempt has a ``page_key``: "which documents of this host showed this text" is asked for every suspicious page.
A key that mixes host and text answers it from one narrow index; the text's digest alone would lead to every host that
shows the same consent form.

Why lead images and feeds have indexes of their own: whether any is due is asked when a crawl begins that must leave
them alone, and among ten million sources that are due it would be looked for long.

Why what was never asked for, and what failed, have indexes of their own: on one host they go before what is only asked
for again, of which twenty thousand may be due for longer. What is left is read by the index of all.

Why ``replayed_capture_id`` is no foreign key: captures refer to attempts already, and tables that refer to one another
can be neither created nor copied in order. The store checks it when it is written, and moves what rests on a capture
before that is taken down.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import Json
from storage.sql.models.base import AttemptId, Base, CaptureId, DocumentId, HostId, Id

_HELD = text("lease_token IS NOT NULL")
_HAS_PAGE_KEY = text("page_key IS NOT NULL")
_EMPTY = text("''")
_ZERO = text("0")
_IS_LEAD_IMAGE = text("role = 'lead_image'")
_IS_FEED = text("role = 'feed'")
_UNTRIED = text("last_outcome IS NULL")
_FAILED = text("failures > 0")


class HostRow(Base):
    """One host: who holds it, how politely it must be asked, and when its first document is due."""

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
    rest_reason: Mapped[str] = mapped_column(server_default=_EMPTY)
    crawl_delay_s: Mapped[float | None]
    cool_down_s: Mapped[float] = mapped_column(server_default=_ZERO)
    failures: Mapped[int] = mapped_column(server_default=_ZERO)
    last_outcome: Mapped[str | None]
    last_attempt_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str] = mapped_column(server_default=_EMPTY)
    booked: Mapped[dict[str, Any]] = mapped_column(Json, server_default=text("'{}'"))
    checks: Mapped[int] = mapped_column(server_default=_ZERO)
    changes: Mapped[int] = mapped_column(server_default=_ZERO)
    takedown_id: Mapped[int | None]


class HostProbeRow(Base):
    """What a host answered for a path that cannot exist."""

    __tablename__ = "host_probes"

    host_id: Mapped[HostId] = mapped_column(primary_key=True, autoincrement=False)
    probed_at: Mapped[datetime]
    url: Mapped[str]
    status: Mapped[int]
    final_url: Mapped[str]
    fingerprint: Mapped[list[Any]] = mapped_column(Json)


class DocumentRow(Base):
    """One web document and where its fetching stands; ``lease_token`` is set only while its host has the same.

    ``takedown_id``: of the tombstone of its own that keeps it away; that of its host stands at the host.
    """

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_host_id_next_fetch_at_id", "host_id", "next_fetch_at", "id"),
        Index("ix_documents_next_fetch_at_id", "next_fetch_at", "id"),
        Index("ix_documents_lease_token", "lease_token", sqlite_where=_HELD, postgresql_where=_HELD),
        Index(
            "ix_documents_lead_images",
            "next_fetch_at",
            "id",
            sqlite_where=_IS_LEAD_IMAGE,
            postgresql_where=_IS_LEAD_IMAGE,
        ),
        Index("ix_documents_feeds", "next_fetch_at", "id", sqlite_where=_IS_FEED, postgresql_where=_IS_FEED),
        Index(
            "ix_documents_untried",
            "host_id",
            "next_fetch_at",
            "id",
            sqlite_where=_UNTRIED,
            postgresql_where=_UNTRIED,
        ),
        Index("ix_documents_last_outcome", "last_outcome"),
        Index("ix_documents_failed", "host_id", "next_fetch_at", "id", sqlite_where=_FAILED, postgresql_where=_FAILED),
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
    role: Mapped[str] = mapped_column(server_default=text("'source'"))
    reported_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    checks: Mapped[int] = mapped_column(server_default=_ZERO)
    changes: Mapped[int] = mapped_column(server_default=_ZERO)
    takedown_id: Mapped[int | None]


class AttemptRow(Base):
    """That we asked the live web (``archive`` is empty) or an archive, when, why, and what came of it."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index(
            "ix_attempts_page_key_document_id",
            "page_key",
            "document_id",
            sqlite_where=_HAS_PAGE_KEY,
            postgresql_where=_HAS_PAGE_KEY,
        ),
    )

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
    page: Mapped[dict[str, Any] | None] = mapped_column(Json)
    page_key: Mapped[int | None]
    robots: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reservations: Mapped[list[Any]] = mapped_column(Json, server_default=text("'[]'"))
    replayed_capture_id: Mapped[int | None]
    archive: Mapped[str] = mapped_column(server_default=_EMPTY)
    coverage: Mapped[dict[str, Any] | None] = mapped_column(Json)


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
    tls: Mapped[str] = mapped_column(server_default=_EMPTY)
    memento: Mapped[dict[str, Any] | None] = mapped_column(Json)


class StoredImageRow(Base):
    """What a capture of a lead image shows; the hash is of how it looks, 64 bits, signed."""

    __tablename__ = "stored_images"

    capture_id: Mapped[CaptureId] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[DocumentId] = mapped_column(index=True)
    width: Mapped[int]
    height: Mapped[int]
    media_type: Mapped[str]
    perceptual_hash: Mapped[int]
