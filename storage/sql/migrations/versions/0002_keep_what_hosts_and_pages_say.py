"""Keep what hosts and pages say.

Hosts learn why they rest and how politely they must be asked; attempts, what their page and its robots.txt were judged
to be. Every new column is empty or has a default, so that neither database rewrites a table of millions of rows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import StoredText, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)
EMPTY = sa.text("''")
ZERO = sa.text("0")
HAS_PAGE_KEY = sa.text("page_key IS NOT NULL")


def upgrade() -> None:
    """Add the columns and the table of probes; say of hosts that rest now that it is their interval."""
    _extend_hosts()
    _create_host_probes()
    _extend_attempts()
    op.add_column("captures", sa.Column("tls", StoredText(), server_default=EMPTY, nullable=False))
    op.execute("UPDATE hosts SET rest_reason = 'interval' WHERE not_before IS NOT NULL")


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")


def _extend_hosts() -> None:
    for column in (
        sa.Column("rest_reason", StoredText(), server_default=EMPTY, nullable=False),
        sa.Column("crawl_delay_s", sa.Double(), nullable=True),
        sa.Column("cool_down_s", sa.Double(), server_default=ZERO, nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("last_outcome", StoredText(), nullable=True),
        sa.Column("last_attempt_at", UtcDateTime(), nullable=True),
        sa.Column("last_success_at", UtcDateTime(), nullable=True),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("pause_reason", StoredText(), server_default=EMPTY, nullable=False),
    ):
        op.add_column("hosts", column)


def _create_host_probes() -> None:
    op.create_table(
        "host_probes",
        sa.Column("host_id", ID, autoincrement=False, nullable=False),
        sa.Column("probed_at", UtcDateTime(), nullable=False),
        sa.Column("url", StoredText(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("final_url", StoredText(), nullable=False),
        sa.Column("fingerprint", JSON, nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["hosts.id"], name="fk_host_probes_host_id"),
        sa.PrimaryKeyConstraint("host_id", name="pk_host_probes"),
    )


def _extend_attempts() -> None:
    for column in (
        sa.Column("page", JSON, nullable=True),
        sa.Column("page_key", sa.BigInteger(), nullable=True),
        sa.Column("robots", JSON, nullable=True),
        sa.Column("reservations", JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("replayed_capture_id", sa.BigInteger(), nullable=True),
    ):
        op.add_column("attempts", column)
    op.create_index(
        "ix_attempts_page_key_document_id",
        "attempts",
        ["page_key", "document_id"],
        sqlite_where=HAS_PAGE_KEY,
        postgresql_where=HAS_PAGE_KEY,
    )
