"""Keep what archives say.

Documents may be wanted from web archives: the queue, where each search stands, what indexes answered, what archives
were asked to save, and what held files have. Attempts name the archive that was asked and why its copy was taken or
not; captures, where a copy comes from; revisions, the text that their entry was read from. Every new column is empty or
has a default, so that neither database rewrites a table of millions of rows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import StoredText, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)
HELD = sa.text("lease_token IS NOT NULL")
PLANNED = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    """Add the columns and the tables."""
    for table, column in (
        ("hosts", sa.Column("booked", JSON, server_default=sa.text("'{}'"), nullable=False)),
        ("attempts", sa.Column("archive", StoredText(), server_default=sa.text("''"), nullable=False)),
        ("attempts", sa.Column("coverage", JSON, nullable=True)),
        ("captures", sa.Column("memento", JSON, nullable=True)),
        ("event_revisions", sa.Column("raw", JSON, nullable=True)),
    ):
        op.add_column(table, column)
    _create_backfills()
    _create_archive_searches()
    _create_archive_saves()
    _create_archive_answers()
    _create_held_files()
    _create_held_records()


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")


def _create_backfills() -> None:
    op.create_table(
        "backfills",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("state", StoredText(), nullable=False),
        sa.Column("reason", StoredText(), nullable=False),
        sa.Column("wanted_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("lease_token", StoredText(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_backfills_document_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_backfills"),
    )
    due = ["next_at", "document_id"]
    op.create_index(
        "ix_backfills_next_at_document_id", "backfills", due, sqlite_where=PLANNED, postgresql_where=PLANNED
    )
    op.create_index("ix_backfills_lease_token", "backfills", ["lease_token"], sqlite_where=HELD, postgresql_where=HELD)


def _create_archive_searches() -> None:
    op.create_table(
        "archive_searches",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("archive", StoredText(), nullable=False),
        sa.Column("state", StoredText(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("candidates", sa.BigInteger(), nullable=False),
        sa.Column("tried", JSON, nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("detail", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_archive_searches_document_id"),
        sa.PrimaryKeyConstraint("document_id", "archive", name="pk_archive_searches"),
    )


def _create_archive_saves() -> None:
    op.create_table(
        "archive_saves",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("archive", StoredText(), nullable=False),
        sa.Column("state", StoredText(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("job", StoredText(), nullable=False),
        sa.Column("url", StoredText(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=True),
        sa.Column("detail", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_archive_saves_document_id"),
        sa.PrimaryKeyConstraint("document_id", "archive", name="pk_archive_saves"),
    )


def _create_archive_answers() -> None:
    op.create_table(
        "archive_answers",
        sa.Column("archive", StoredText(), nullable=False),
        sa.Column("question_digest", sa.LargeBinary(16), nullable=False),
        sa.Column("question", StoredText(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("good_until", UtcDateTime(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("headers", JSON, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("archive", "question_digest", name="pk_archive_answers"),
    )
    op.create_index("ix_archive_answers_good_until", "archive_answers", ["good_until"])


def _create_held_files() -> None:
    op.create_table(
        "held_files",
        sa.Column("id", ID, nullable=False),
        sa.Column("path_digest", sa.LargeBinary(16), nullable=False),
        sa.Column("path", StoredText(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified_ns", sa.BigInteger(), nullable=False),
        sa.Column("kind", StoredText(), nullable=False),
        sa.Column("indexed_at", UtcDateTime(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("wanted_only", sa.Boolean(), nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_held_files"),
        sa.UniqueConstraint("path_digest", name="uq_held_files_path_digest"),
    )


def _create_held_records() -> None:
    op.create_table(
        "held_records",
        sa.Column("id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("key_digest", sa.LargeBinary(16), nullable=False),
        sa.Column("url_key", StoredText(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=False),
        sa.Column("member", StoredText(), nullable=False),
        sa.Column("record_offset", sa.BigInteger(), nullable=False),
        sa.Column("record_length", sa.BigInteger(), nullable=False),
        sa.Column("url", StoredText(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("media_type", StoredText(), nullable=False),
        sa.Column("digest", StoredText(), nullable=False),
        sa.Column("refers_to", StoredText(), nullable=False),
        sa.Column("revisit", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["held_files.id"], name="fk_held_records_file_id"),
        sa.PrimaryKeyConstraint("id", name="pk_held_records"),
    )
    op.create_index("ix_held_records_file_id", "held_records", ["file_id"])
    found_by = ["key_digest", "captured_at", "id"]
    op.create_index("ix_held_records_key_digest_captured_at_id", "held_records", found_by)
