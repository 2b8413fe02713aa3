"""Tables of what is learned about documents beside their pages: which are one, and which feeds named them.

Why a claim is kept although nothing came of it: the document that it names may come later, or its text may.

Why a merge is a row and not a deletion: it is evidence, and a person may take it back. Both documents keep what they
have; readers count them once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, true
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.models.base import Base, DocumentId


class DocumentClaimRow(Base):
    """That a document's server or page says that it is the document at another canonical URL."""

    __tablename__ = "document_claims"

    document_id: Mapped[DocumentId] = mapped_column(primary_key=True, autoincrement=False)
    target_digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True, index=True)
    how: Mapped[str] = mapped_column(primary_key=True)
    canonical_url: Mapped[str]
    evidence: Mapped[str]
    claimed_at: Mapped[datetime]


class DocumentMergeRow(Base):
    """That a document is another one; ``undone_at`` is set where a person took it back."""

    __tablename__ = "document_merges"

    document_id: Mapped[DocumentId] = mapped_column(primary_key=True, autoincrement=False)
    into_id: Mapped[DocumentId] = mapped_column(index=True)
    how: Mapped[str]
    evidence: Mapped[str]
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_because: Mapped[str]


class FeedRow(Base):
    """A document that is polled for articles, and how it does; ``interval_s`` in seconds."""

    __tablename__ = "feeds"

    document_id: Mapped[DocumentId] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    found_by: Mapped[str]
    title: Mapped[str]
    added_at: Mapped[datetime]
    interval_s: Mapped[float | None]
    polls: Mapped[int]
    entries: Mapped[int]
    found: Mapped[int]
    last_found_at: Mapped[datetime | None]
    problem: Mapped[str]
    enabled: Mapped[bool] = mapped_column(server_default=true())


class DiscoveryRow(Base):
    """That a feed named a document that nobody had cited before."""

    __tablename__ = "discoveries"

    document_id: Mapped[DocumentId] = mapped_column(primary_key=True, autoincrement=False)
    feed_id: Mapped[DocumentId] = mapped_column(primary_key=True, autoincrement=False, index=True)
    found_at: Mapped[datetime]
    title: Mapped[str]
    published_at: Mapped[datetime | None]
