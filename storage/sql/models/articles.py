"""Tables of the newsroom and dedup sides.

Why a cluster names its representative: "exactly one" then holds by construction, without a constraint to juggle.

Why keys are stored twice: `ArticleKeyRow` answers "who has this key" and nothing else, so it is as narrow as can be
(a million articles bring some sixty million rows); `SignalKeysRow` answers "which keys has this version", eight bytes
a key. An index on ``version_id`` instead would cost three times as much.

Why a key row does not name its signal: `storage.sql.keys` mixes the name into the key, so that signals cannot meet.
A new signal needs no migration.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import BigId, Json
from storage.sql.models.base import ArticleId, Base, CaptureId, ClusterId, DocumentId, EventId, Id, VersionId


class ArticleRow(Base):
    """The article of one document; ``latest`` is the number of its current version."""

    __tablename__ = "articles"

    id: Mapped[Id]
    document_id: Mapped[DocumentId] = mapped_column(unique=True)
    latest: Mapped[int]
    added_at: Mapped[datetime]


class ArticleVersionRow(Base):
    """What was extracted from one capture; ``reported_at`` is when it was published, else captured."""

    __tablename__ = "article_versions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[Id]
    article_id: Mapped[ArticleId]
    number: Mapped[int]
    capture_id: Mapped[CaptureId] = mapped_column(unique=True)
    reported_at: Mapped[datetime]
    extracted_at: Mapped[datetime]
    headline: Mapped[str]
    body: Mapped[str]
    byline: Mapped[str]
    published_at: Mapped[datetime | None]
    published_precision: Mapped[str]
    published_evidence: Mapped[str]
    published_raw: Mapped[str]
    modified_at: Mapped[datetime | None]
    modified_precision: Mapped[str]
    modified_evidence: Mapped[str]
    modified_raw: Mapped[str]
    language: Mapped[str]
    site_name: Mapped[str]
    declared_url: Mapped[str]
    lead_image_url: Mapped[str]
    agency: Mapped[str]
    dateline: Mapped[str]
    access: Mapped[str]
    evidence: Mapped[dict[str, Any]] = mapped_column(Json)
    extractor: Mapped[str]
    extractor_version: Mapped[str]
    text_digest: Mapped[str] = mapped_column(index=True)


class SightingRow(Base):
    """That a capture shows a version, and the verdict by which it was found."""

    __tablename__ = "sightings"

    capture_id: Mapped[CaptureId] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[VersionId] = mapped_column(index=True)
    verdict: Mapped[str]
    signal: Mapped[str]
    matched_version_id: Mapped[int | None] = mapped_column(BigId)
    score: Mapped[float]
    evidence: Mapped[str]


class ClusterRow(Base):
    """One story: the articles that tell it, one of which represents it."""

    __tablename__ = "clusters"

    id: Mapped[Id]
    representative_id: Mapped[ArticleId]


class ClusterMemberRow(Base):
    """That an article belongs to a cluster, and how alike it is to the member that it was matched with."""

    __tablename__ = "cluster_members"

    article_id: Mapped[ArticleId] = mapped_column(primary_key=True, autoincrement=False)
    cluster_id: Mapped[ClusterId] = mapped_column(index=True)
    score: Mapped[float]


class EventLinkRow(Base):
    """That an article reports an event."""

    __tablename__ = "event_links"

    event_id: Mapped[EventId] = mapped_column(primary_key=True, autoincrement=False)
    article_id: Mapped[ArticleId] = mapped_column(primary_key=True, autoincrement=False, index=True)
    how: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[float]
    evidence: Mapped[str]
    linked_at: Mapped[datetime]


class SignalKeysRow(Base):
    """All keys that one signal gave to one version: 8 bytes each, little-endian, signed."""

    __tablename__ = "signal_keys"

    version_id: Mapped[VersionId] = mapped_column(primary_key=True, autoincrement=False)
    signal: Mapped[str] = mapped_column(primary_key=True)
    keys: Mapped[bytes] = mapped_column(LargeBinary)


class ArticleKeyRow(Base):
    """The index of keys: derived from `SignalKeysRow`, hence without a foreign key to check sixty times an article."""

    __tablename__ = "article_keys"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
