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

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import BigId, Json
from storage.sql.models.base import ArticleId, Base, CaptureId, ClusterId, DocumentId, EventId, Id, VersionId

NOTHING = text("''")
EMPTY_LIST = text("'[]'")
EMPTY_OBJECT = text("'{}'")
RULED = text("rule <> '' OR missed <> ''")


class ArticleRow(Base):
    """The article of one document; ``latest`` is the number of its current version."""

    __tablename__ = "articles"

    id: Mapped[Id]
    document_id: Mapped[DocumentId] = mapped_column(unique=True)
    latest: Mapped[int]
    added_at: Mapped[datetime]


class ArticleVersionRow(Base):
    """What was extracted from one capture; ``reported_at`` is when it was published, else captured.

    The index of rules holds only the versions to which a publisher's rule had something to say. ``edge_lines`` are
    packed as keys are; they say what has to go from `HostLineRow` when the version is extracted otherwise.
    """

    __tablename__ = "article_versions"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        Index("ix_article_versions_rule_missed", "rule", "missed", sqlite_where=RULED, postgresql_where=RULED),
    )

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
    lead_image_caption: Mapped[str] = mapped_column(server_default=NOTHING)
    lead_image_credit: Mapped[str] = mapped_column(server_default=NOTHING)
    standfirst: Mapped[str] = mapped_column(server_default=NOTHING)
    section: Mapped[str] = mapped_column(server_default=NOTHING)
    medium: Mapped[str] = mapped_column(server_default=text("'text'"))
    keywords: Mapped[list[Any]] = mapped_column(Json, server_default=EMPTY_LIST)
    contributors: Mapped[list[Any]] = mapped_column(Json, server_default=EMPTY_LIST)
    corrections: Mapped[list[Any]] = mapped_column(Json, server_default=EMPTY_LIST)
    entries: Mapped[list[Any]] = mapped_column(Json, server_default=EMPTY_LIST)
    media: Mapped[list[Any]] = mapped_column(Json, server_default=EMPTY_LIST)
    confidence: Mapped[dict[str, Any]] = mapped_column(Json, server_default=EMPTY_OBJECT)
    choice: Mapped[dict[str, Any]] = mapped_column(Json, server_default=EMPTY_OBJECT)
    rule: Mapped[str] = mapped_column(server_default=NOTHING)
    missed: Mapped[str] = mapped_column(server_default=NOTHING)
    edge_lines: Mapped[bytes | None] = mapped_column(LargeBinary)


class ReextractionRow(Base):
    """What a version's capture gives today, staged beside it until somebody says that it is better."""

    __tablename__ = "reextractions"

    version_id: Mapped[VersionId] = mapped_column(primary_key=True, autoincrement=False)
    extractor_version: Mapped[str]
    seen_at: Mapped[datetime]
    article: Mapped[dict[str, Any] | None] = mapped_column(Json)
    weighed: Mapped[bool]
    fields: Mapped[list[Any]] = mapped_column(Json)
    words_before: Mapped[int]
    words_after: Mapped[int]
    problem: Mapped[str]
    lost: Mapped[bool]


class HostLineRow(Base):
    """That a line stood at the edge of a document's text: what a host prints on its pages, whatever they tell.

    Derived from the versions' ``edge_lines``, hence without foreign keys; at most five documents a line.
    """

    __tablename__ = "host_lines"
    __table_args__ = ({"sqlite_with_rowid": False},)

    host_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class LeadImageRow(Base):
    """Which document is fetched for the lead image of a version, and the URL by which the article named it then."""

    __tablename__ = "lead_images"

    version_id: Mapped[VersionId] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[DocumentId] = mapped_column(index=True)
    url: Mapped[str]


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
