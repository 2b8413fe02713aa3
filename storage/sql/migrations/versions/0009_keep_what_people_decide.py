"""Keep what people decide and ask for: marks of what is no article, and orders to fetch.

Of a document one mark stands at most; of an event each kind of work is asked for once at most until it is over.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import BigId, StoredText, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
expands = True

_STANDS = sa.text("undone_at IS NULL")
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the new tables."""
    op.create_table(
        "marks",
        sa.Column("id", BigId, nullable=False),
        sa.Column("document_id", BigId, nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("marked_by", StoredText(), nullable=False),
        sa.Column("marked_at", UtcDateTime(), nullable=False),
        sa.Column("because", StoredText(), nullable=False),
        sa.Column("undone_by", StoredText(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_marks_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_marks"),
    )
    op.create_index("ix_marks_article_id", "marks", ["article_id"])
    op.create_index(
        "ix_marks_standing", "marks", ["document_id"], unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
    )
    op.create_table(
        "orders",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", StoredText(), nullable=False),
        sa.Column("event_id", BigId, nullable=False),
        sa.Column("asked_by", StoredText(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("state", StoredText(), nullable=False),
        sa.Column("taken_by", StoredText(), nullable=False),
        sa.Column("taken_until", UtcDateTime(), nullable=True),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("exit_status", sa.BigInteger(), nullable=True),
        sa.Column("problem", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_orders_event_id"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
    )
    op.create_index("ix_orders_event_id", "orders", ["event_id"])
    op.create_index(
        "ix_orders_open", "orders", ["kind", "event_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")
