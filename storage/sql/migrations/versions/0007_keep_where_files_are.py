"""Keep where full WARC files and old attempts went, and which older programs may still use the database.

With captures in an object store, or in a folder that machines share, a file's row says where it is and what its bytes
were when it was put there. Attempts that brought nothing may move into files: ``attempt_batches`` says where they are,
``thinned_documents`` how many of each document. ``compatibility`` has one row: the oldest revision whose programs may
go on while newer ones are brought in.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import BigId, StoredText, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new tables."""
    op.create_table(
        "stored_files",
        sa.Column("file", StoredText(), nullable=False),
        sa.Column("place", StoredText(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", StoredText(), nullable=False),
        sa.Column("machine", StoredText(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("becoming", StoredText(), nullable=False),
        sa.PrimaryKeyConstraint("file", name="pk_stored_files"),
    )
    op.create_table(
        "compatibility",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("oldest", StoredText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_compatibility"),
    )
    op.create_table(
        "attempt_batches",
        sa.Column("file", StoredText(), nullable=False),
        sa.Column("batch_offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("sha256", StoredText(), nullable=False),
        sa.Column("machine", StoredText(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("file", "batch_offset", name="pk_attempt_batches"),
    )
    op.create_table(
        "thinned_documents",
        sa.Column("document_id", BigId, autoincrement=False, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_thinned_documents_document_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_thinned_documents"),
    )
    op.execute("INSERT INTO compatibility (id, oldest) VALUES (1, '0007')")


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")
