"""Keep what articles say beside their text.

Versions have their standfirst, section, tags, contributors, corrections, live entries, media, captions, how far each
field can be trusted and how the body was found. Hosts have the lines that stand at the edges of their pages. What
extracting again gives waits in a table of its own. Documents say whether they are sources or lead images, versions
have the document of their lead image, captures what image they show. Every new column is empty or has a default, so
that neither database rewrites a table of millions of rows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import StoredText, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)
RULED = sa.text("rule <> '' OR missed <> ''")
IS_LEAD_IMAGE = sa.text("role = 'lead_image'")


def upgrade() -> None:
    """Add the columns and the tables."""
    for name, kind, default in (
        ("lead_image_caption", StoredText(), "''"),
        ("lead_image_credit", StoredText(), "''"),
        ("standfirst", StoredText(), "''"),
        ("section", StoredText(), "''"),
        ("medium", StoredText(), "'text'"),
        ("keywords", JSON, "'[]'"),
        ("contributors", JSON, "'[]'"),
        ("corrections", JSON, "'[]'"),
        ("entries", JSON, "'[]'"),
        ("media", JSON, "'[]'"),
        ("confidence", JSON, "'{}'"),
        ("choice", JSON, "'{}'"),
        ("rule", StoredText(), "''"),
        ("missed", StoredText(), "''"),
    ):
        column = sa.Column(name, kind, server_default=sa.text(default), nullable=False)
        op.add_column("article_versions", column)
    op.add_column("article_versions", sa.Column("edge_lines", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_article_versions_rule_missed",
        "article_versions",
        ["rule", "missed"],
        sqlite_where=RULED,
        postgresql_where=RULED,
    )
    _create_reextractions()
    _create_host_lines()
    _create_lead_images()


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")


def _create_reextractions() -> None:
    op.create_table(
        "reextractions",
        sa.Column("version_id", ID, autoincrement=False, nullable=False),
        sa.Column("extractor_version", StoredText(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("article", JSON, nullable=True),
        sa.Column("weighed", sa.Boolean(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("words_before", sa.BigInteger(), nullable=False),
        sa.Column("words_after", sa.BigInteger(), nullable=False),
        sa.Column("problem", StoredText(), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_reextractions_version_id"),
        sa.PrimaryKeyConstraint("version_id", name="pk_reextractions"),
    )


def _create_host_lines() -> None:
    op.create_table(
        "host_lines",
        sa.Column("host_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("host_id", "line", "document_id", name="pk_host_lines"),
        sqlite_with_rowid=False,
    )


def _create_lead_images() -> None:
    op.add_column("documents", sa.Column("role", StoredText(), server_default=sa.text("'source'"), nullable=False))
    op.create_index(
        "ix_documents_lead_images",
        "documents",
        ["next_fetch_at", "id"],
        sqlite_where=IS_LEAD_IMAGE,
        postgresql_where=IS_LEAD_IMAGE,
    )
    op.create_table(
        "lead_images",
        sa.Column("version_id", ID, autoincrement=False, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("url", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.id"], name="fk_lead_images_version_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_lead_images_document_id"),
        sa.PrimaryKeyConstraint("version_id", name="pk_lead_images"),
    )
    op.create_index("ix_lead_images_document_id", "lead_images", ["document_id"])
    op.create_table(
        "stored_images",
        sa.Column("capture_id", ID, autoincrement=False, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("media_type", StoredText(), nullable=False),
        sa.Column("perceptual_hash", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name="fk_stored_images_capture_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_stored_images_document_id"),
        sa.PrimaryKeyConstraint("capture_id", name="pk_stored_images"),
    )
    op.create_index("ix_stored_images_document_id", "stored_images", ["document_id"])
