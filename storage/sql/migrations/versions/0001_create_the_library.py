"""Create the library."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import StoredText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)
HELD = sa.text("lease_token IS NOT NULL")


def upgrade() -> None:
    """Create all tables, each after those that it refers to."""
    _create_article_keys()
    _create_crawl_runs()
    _create_events()
    _create_hosts()
    _create_documents()
    _create_event_keys()
    _create_articles()
    _create_attempts()
    _create_event_revisions()
    _create_source_links()
    _create_captures()
    _create_clusters()
    _create_event_links()
    _create_article_versions()
    _create_cluster_members()
    _create_sightings()
    _create_signal_keys()


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")


def _create_article_keys() -> None:
    op.create_table(
        "article_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "version_id", name="pk_article_keys"),
        sqlite_with_rowid=False,
    )


def _create_crawl_runs() -> None:
    op.create_table(
        "crawl_runs",
        sa.Column("token", StoredText(), nullable=False),
        sa.Column("command", StoredText(), nullable=False),
        sa.Column("machine", StoredText(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("heartbeat_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("state", StoredText(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_crawl_runs"),
    )
    op.create_index("ix_crawl_runs_started_at", "crawl_runs", ["started_at"])


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", StoredText(), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=False),
        sa.Column("headline", StoredText(), nullable=False),
        sa.Column("headline_folded", StoredText(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("revised_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("key", name="uq_events_key"),
    )
    op.create_index("ix_events_event_date_key", "events", ["event_date", "key"])


def _create_hosts() -> None:
    op.create_table(
        "hosts",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", StoredText(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("not_before", UtcDateTime(), nullable=True),
        sa.Column("lease_token", StoredText(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hosts"),
        sa.UniqueConstraint("name", name="uq_hosts_name"),
    )
    op.create_index("ix_hosts_due_at_id", "hosts", ["due_at", "id"])
    op.create_index(
        "ix_hosts_lease_token",
        "hosts",
        ["lease_token"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", ID, nullable=False),
        sa.Column("url_digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("canonical_url", StoredText(), nullable=False),
        sa.Column("request_url", StoredText(), nullable=False),
        sa.Column("url_key", StoredText(), nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("memento_archive", StoredText(), nullable=True),
        sa.Column("memento_url", StoredText(), nullable=True),
        sa.Column("memento_captured_at", UtcDateTime(), nullable=True),
        sa.Column("last_outcome", StoredText(), nullable=True),
        sa.Column("last_attempt_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("next_fetch_at", UtcDateTime(), nullable=True),
        sa.Column("etag", StoredText(), nullable=False),
        sa.Column("last_modified", StoredText(), nullable=False),
        sa.Column("lease_token", StoredText(), nullable=True),
        sa.ForeignKeyConstraint(["host_id"], ["hosts.id"], name="fk_documents_host_id"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("url_digest", name="uq_documents_url_digest"),
    )
    op.create_index("ix_documents_host_id_next_fetch_at_id", "documents", ["host_id", "next_fetch_at", "id"])
    op.create_index(
        "ix_documents_lease_token",
        "documents",
        ["lease_token"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    op.create_index("ix_documents_next_fetch_at_id", "documents", ["next_fetch_at", "id"])


def _create_event_keys() -> None:
    op.create_table(
        "event_keys",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", StoredText(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("digest", StoredText(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("reason", StoredText(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_keys_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event_keys"),
        sa.UniqueConstraint("key", name="uq_event_keys_key"),
    )
    op.create_index("ix_event_keys_event_id", "event_keys", ["event_id"])


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("latest", sa.BigInteger(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_articles_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("document_id", name="uq_articles_document_id"),
    )


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", StoredText(), nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("reason", StoredText(), nullable=False),
        sa.Column("outcome", StoredText(), nullable=False),
        sa.Column("request_url", StoredText(), nullable=False),
        sa.Column("final_url", StoredText(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("redirects", JSON, nullable=False),
        sa.Column("detail", StoredText(), nullable=False),
        sa.Column("next_fetch_at", UtcDateTime(), nullable=True),
        sa.Column("bytes_received", sa.BigInteger(), nullable=False),
        sa.Column("run_token", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_attempts_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.UniqueConstraint("key", name="uq_attempts_key"),
    )
    op.create_index("ix_attempts_document_id", "attempts", ["document_id"])


def _create_event_revisions() -> None:
    op.create_table(
        "event_revisions",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("digest", StoredText(), nullable=False),
        sa.Column("entry", JSON, nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_revisions_event_id"),
        sa.ForeignKeyConstraint(["key_id"], ["event_keys.id"], name="fk_event_revisions_key_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event_revisions"),
        sa.UniqueConstraint("event_id", "number", name="uq_event_revisions_event_id_number"),
    )


def _create_source_links() -> None:
    op.create_table(
        "source_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("label", StoredText(), nullable=False),
        sa.Column("cited_url", StoredText(), nullable=False),
        sa.Column("kind", StoredText(), nullable=False),
        sa.Column("problem", StoredText(), nullable=False),
        sa.Column("document_id", ID, nullable=True),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_source_links_document_id"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_source_links_event_id"),
        sa.ForeignKeyConstraint(["key_id"], ["event_keys.id"], name="fk_source_links_key_id"),
        sa.PrimaryKeyConstraint("id", name="pk_source_links"),
    )
    op.create_index("ix_source_links_document_id", "source_links", ["document_id"])
    op.create_index("ix_source_links_event_id", "source_links", ["event_id"])


def _create_captures() -> None:
    op.create_table(
        "captures",
        sa.Column("id", ID, nullable=False),
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("kind", StoredText(), nullable=False),
        sa.Column("url", StoredText(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("headers", JSON, nullable=False),
        sa.Column("media_type", StoredText(), nullable=False),
        sa.Column("payload_digest", StoredText(), nullable=False),
        sa.Column("payload_length", sa.BigInteger(), nullable=False),
        sa.Column("file", StoredText(), nullable=False),
        sa.Column("record_offset", sa.BigInteger(), nullable=False),
        sa.Column("record_length", sa.BigInteger(), nullable=False),
        sa.Column("record_id", StoredText(), nullable=False),
        sa.Column("revisit_of", StoredText(), nullable=False),
        sa.Column("truncated", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_captures_attempt_id"),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
        sa.UniqueConstraint("file", "record_offset", name="uq_captures_file_record_offset"),
    )
    op.create_index("ix_captures_attempt_id", "captures", ["attempt_id"])
    op.create_index("ix_captures_payload_digest", "captures", ["payload_digest"])


def _create_clusters() -> None:
    op.create_table(
        "clusters",
        sa.Column("id", ID, nullable=False),
        sa.Column("representative_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["representative_id"], ["articles.id"], name="fk_clusters_representative_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clusters"),
    )


def _create_event_links() -> None:
    op.create_table(
        "event_links",
        sa.Column("event_id", ID, autoincrement=False, nullable=False),
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("how", StoredText(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("evidence", StoredText(), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_event_links_article_id"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_links_event_id"),
        sa.PrimaryKeyConstraint("event_id", "article_id", "how", name="pk_event_links"),
    )
    op.create_index("ix_event_links_article_id", "event_links", ["article_id"])


def _create_article_versions() -> None:
    op.create_table(
        "article_versions",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("capture_id", ID, nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("extracted_at", UtcDateTime(), nullable=False),
        sa.Column("headline", StoredText(), nullable=False),
        sa.Column("body", StoredText(), nullable=False),
        sa.Column("byline", StoredText(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_precision", StoredText(), nullable=False),
        sa.Column("published_evidence", StoredText(), nullable=False),
        sa.Column("published_raw", StoredText(), nullable=False),
        sa.Column("modified_at", UtcDateTime(), nullable=True),
        sa.Column("modified_precision", StoredText(), nullable=False),
        sa.Column("modified_evidence", StoredText(), nullable=False),
        sa.Column("modified_raw", StoredText(), nullable=False),
        sa.Column("language", StoredText(), nullable=False),
        sa.Column("site_name", StoredText(), nullable=False),
        sa.Column("declared_url", StoredText(), nullable=False),
        sa.Column("lead_image_url", StoredText(), nullable=False),
        sa.Column("agency", StoredText(), nullable=False),
        sa.Column("dateline", StoredText(), nullable=False),
        sa.Column("access", StoredText(), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("extractor", StoredText(), nullable=False),
        sa.Column("extractor_version", StoredText(), nullable=False),
        sa.Column("text_digest", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_article_versions_article_id"),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name="fk_article_versions_capture_id"),
        sa.PrimaryKeyConstraint("id", name="pk_article_versions"),
        sa.UniqueConstraint("article_id", "number", name="uq_article_versions_article_id_number"),
        sa.UniqueConstraint("capture_id", name="uq_article_versions_capture_id"),
    )
    op.create_index("ix_article_versions_text_digest", "article_versions", ["text_digest"])


def _create_cluster_members() -> None:
    op.create_table(
        "cluster_members",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("cluster_id", ID, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_cluster_members_article_id"),
        sa.ForeignKeyConstraint(["cluster_id"], ["clusters.id"], name="fk_cluster_members_cluster_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_cluster_members"),
    )
    op.create_index("ix_cluster_members_cluster_id", "cluster_members", ["cluster_id"])


def _create_sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("capture_id", ID, autoincrement=False, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("verdict", StoredText(), nullable=False),
        sa.Column("signal", StoredText(), nullable=False),
        sa.Column("matched_version_id", ID, nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("evidence", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name="fk_sightings_capture_id"),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_sightings_version_id"),
        sa.PrimaryKeyConstraint("capture_id", name="pk_sightings"),
    )
    op.create_index("ix_sightings_version_id", "sightings", ["version_id"])


def _create_signal_keys() -> None:
    op.create_table(
        "signal_keys",
        sa.Column("version_id", ID, autoincrement=False, nullable=False),
        sa.Column("signal", StoredText(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_signal_keys_version_id"),
        sa.PrimaryKeyConstraint("version_id", "signal", name="pk_signal_keys"),
    )
