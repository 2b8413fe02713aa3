"""Tables of the newsroom and dedup sides.

Why a cluster names its representative: "exactly one" then holds by construction, without a constraint to juggle.

Why keys are stored twice: `KeyIndexRow` answers "who has this key, in these days" and nothing else, so it is as narrow
as can be: half of the keys, 32 bits of each, and the day, so that a phrase that stands everywhere costs no more than
the days that are asked about. What it finds is compared by `SignalKeysRow`, which has all keys of a version, eight
bytes each. An index on ``version_id`` instead would cost three times as much.

Why a key row does not name its signal: `storage.stock` mixes the name into the key, so that signals cannot meet.
A new signal needs no migration.

Why a relation is stored once per pair, the lower article first: it is symmetric but for its shares. Clusters are worked
out from relations alone, so that the order in which articles came leaves no trace.

Why a cluster that became part of another keeps its row: its number may have been written down; ``merged_into`` says
where its story is told now.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, LargeBinary, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.columns import BigId, Json
from storage.sql.models.base import ArticleId, Base, CaptureId, ClusterId, DocumentId, EventId, Id, VersionId

NOTHING = text("''")
EMPTY_LIST = text("'[]'")
EMPTY_OBJECT = text("'{}'")
RULED = text("rule <> '' OR missed <> ''")
COMPARE_PENDING = text("compare_pending")
LINK_PENDING = text("link_pending")
UNFILLED = text("rest IS NULL")
CREDITED = text("agency <> ''")


class ArticleRow(Base):
    """The article of one document; ``latest`` is the number of its current version.

    ``compare_pending``: its relations must be worked out again. ``link_pending``: so must its links by content.
    Numbers are never given twice, not even that of an article that was taken down: somebody may have written it down.
    """

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_compare_pending", "id", sqlite_where=COMPARE_PENDING, postgresql_where=COMPARE_PENDING),
        Index("ix_articles_link_pending", "id", sqlite_where=LINK_PENDING, postgresql_where=LINK_PENDING),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    document_id: Mapped[DocumentId] = mapped_column(unique=True)
    latest: Mapped[int]
    added_at: Mapped[datetime]
    compare_pending: Mapped[bool] = mapped_column(server_default=true())
    link_pending: Mapped[bool] = mapped_column(server_default=true())


class ArticleVersionRow(Base):
    """What was extracted from one capture; ``reported_at`` is when it was published, else captured.

    The index of rules holds only the versions to which a publisher's rule had something to say. ``edge_lines`` are
    packed as keys are; they say what has to go from `HostLineRow` when the version is extracted otherwise. The index of
    what is shown spares lists of articles the rows themselves, which are as long as the texts.
    """

    __tablename__ = "article_versions"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        Index("ix_article_versions_rule_missed", "rule", "missed", sqlite_where=RULED, postgresql_where=RULED),
        Index("ix_article_versions_shown", "article_id", "number", "language", "agency", "access", "capture_id"),
        Index("ix_article_versions_language", "language", "article_id", "number"),
        Index(
            "ix_article_versions_agency",
            "agency",
            "article_id",
            "number",
            sqlite_where=CREDITED,
            postgresql_where=CREDITED,
        ),
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
    agency_own: Mapped[bool] = mapped_column(server_default=false())


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
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    representative_id: Mapped[ArticleId] = mapped_column(index=True)
    merged_into: Mapped[int | None]


class ClusterMemberRow(Base):
    """That an article belongs to a cluster, and how well it fits: the mean of its relations with the others."""

    __tablename__ = "cluster_members"

    article_id: Mapped[ArticleId] = mapped_column(primary_key=True, autoincrement=False)
    cluster_id: Mapped[ClusterId] = mapped_column(index=True)
    score: Mapped[float]


class RelationRow(Base):
    """How two articles of different documents relate, the one with the lower number first."""

    __tablename__ = "relations"

    article_id: Mapped[ArticleId] = mapped_column(primary_key=True, autoincrement=False)
    other_id: Mapped[ArticleId] = mapped_column(primary_key=True, autoincrement=False, index=True)
    kind: Mapped[str]
    signal: Mapped[str]
    score: Mapped[float]
    share: Mapped[float]
    other_share: Mapped[float]
    evidence: Mapped[str]


class EventLinkRow(Base):
    """That an article reports an event, or that a person said that it does not."""

    __tablename__ = "event_links"

    event_id: Mapped[EventId] = mapped_column(primary_key=True, autoincrement=False)
    article_id: Mapped[ArticleId] = mapped_column(primary_key=True, autoincrement=False, index=True)
    how: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[float]
    evidence: Mapped[str]
    linked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default=text("'linked'"))
    decided_by: Mapped[str] = mapped_column(server_default=NOTHING)
    decided_at: Mapped[datetime | None]


class ArticleTextRow(Base):
    """What is searched of an article: headline, standfirst and the beginning of its current body; its day.

    ``rest`` are the further words of that version, each once, for readers; null where a program of before 0008 wrote
    the article or changed it (triggers see to that), until they are filled in. The indexes over the words have another
    form on each database: `storage.sql.searching`.
    """

    __tablename__ = "article_texts"
    __table_args__ = (
        Index("ix_article_texts_day_article_id", "day", "article_id"),
        Index("ix_article_texts_unfilled", "article_id", sqlite_where=UNFILLED, postgresql_where=UNFILLED),
    )

    article_id: Mapped[ArticleId] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(Integer)
    text: Mapped[str]
    rest: Mapped[str | None]


class SignalKeysRow(Base):
    """All keys that one signal gave to one version: 8 bytes each, little-endian, signed."""

    __tablename__ = "signal_keys"

    version_id: Mapped[VersionId] = mapped_column(primary_key=True, autoincrement=False)
    signal: Mapped[str] = mapped_column(primary_key=True)
    keys: Mapped[bytes] = mapped_column(LargeBinary)


class KeyIndexRow(Base):
    """The index of keys: derived from `SignalKeysRow`, hence without a foreign key to check forty times an article.

    ``day``: of ``reported_at``, in days since 1970.
    """

    __tablename__ = "key_index"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
