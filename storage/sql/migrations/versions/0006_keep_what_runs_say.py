"""Keep what runs, jobs and days say, how often pages change, and what was removed for good.

Runs get numbers that people can name, in a table of their own instead of ``crawl_runs``. Documents and hosts count how
often they were asked again and had changed: what was fetched before this migration is counted from the attempts and
versions that are there. Attempts are counted by host, day and outcome. Takedowns are tombstones; removals are the
stretches of files that they have still to overwrite. On SQLite the numbers of articles and clusters that were
removed are not given again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import StoredText, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EMPTY = sa.text("''")
ZERO = sa.text("0")
AT_WORK = sa.text("state = 'running' AND job <> ''")
ALERT_STANDS = sa.text("closed_at IS NULL")
UNTRIED = sa.text("last_outcome IS NULL")
FAILED = sa.text("failures > 0")
TOMBSTONE_STANDS = sa.text("lifted_at IS NULL AND kind <> 'raw'")
JSON = sa.JSON()
COMPARE_PENDING = sa.text("compare_pending")
LINK_PENDING = sa.text("link_pending")

_RUNS = """
    INSERT INTO runs (token, command, machine, pid, started_at, heartbeat_at, finished_at, state, counts)
    SELECT token, command, machine, pid, started_at, heartbeat_at, finished_at, state, counts
    FROM crawl_runs ORDER BY started_at, token
"""
_REPORTED_AT = """
    UPDATE documents SET reported_at = (
        SELECT v.reported_at FROM articles a
        JOIN article_versions v ON v.article_id = a.id AND v.number = a.latest
        WHERE a.document_id = documents.id
    )
    WHERE id IN (SELECT document_id FROM articles)
"""
_CHANGED = """
    UPDATE documents SET changes = later.changes, checks = later.changes, changed_at = later.changed_at
    FROM (
        SELECT a.document_id, count(*) AS changes, max(c.fetched_at) AS changed_at
        FROM articles a
        JOIN article_versions v ON v.article_id = a.id
        JOIN article_versions earlier ON earlier.article_id = a.id AND earlier.number = v.number - 1
        JOIN captures c ON c.id = v.capture_id
        WHERE c.kind IN ('live', 'rendered') AND v.text_digest <> earlier.text_digest
        GROUP BY a.document_id
    ) AS later
    WHERE later.document_id = documents.id AND documents.role = 'source'
"""
_CHECKED = """
    UPDATE documents SET checks = asked.checks
    FROM (
        SELECT document_id, count(*) - 1 AS checks FROM attempts
        WHERE archive = '' AND replayed_capture_id IS NULL AND outcome IN ('fetched', 'not_modified')
        GROUP BY document_id
    ) AS asked
    WHERE asked.document_id = documents.id AND asked.checks > documents.checks AND documents.role = 'source'
"""
_HOSTS = """
    UPDATE hosts SET checks = counted.checks, changes = counted.changes
    FROM (SELECT host_id, sum(checks) AS checks, sum(changes) AS changes FROM documents GROUP BY host_id) AS counted
    WHERE counted.host_id = hosts.id
"""
_DAYS = """
    INSERT INTO host_days (day, host_id, archive, outcome, attempts, articles)
    SELECT day, host_id, archive, outcome, count(*), sum(brought) FROM (
        SELECT {day} AS day, d.host_id, t.archive, t.outcome,
            CASE WHEN EXISTS (
                SELECT 1 FROM captures c JOIN article_versions v ON v.capture_id = c.id WHERE c.attempt_id = t.id
            ) THEN 1 ELSE 0 END AS brought
        FROM attempts t JOIN documents d ON d.id = t.document_id
        WHERE t.replayed_capture_id IS NULL AND t.reason NOT IN ('imported', 'replayed')
    ) AS counted
    GROUP BY day, host_id, archive, outcome
"""
_DAY = {
    "sqlite": "CAST(julianday(date(t.finished_at)) - 2440587.5 AS INTEGER)",
    "postgresql": "((t.finished_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01')",
}


def upgrade() -> None:
    """Add the columns and tables, and fill what can be counted."""
    _create_runs()
    _create_days()
    _create_alerts()
    _create_takedowns()
    _add_columns()
    _fill()
    if op.get_bind().dialect.name == "sqlite":
        _keep_numbers()


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("token", StoredText(), nullable=False),
        sa.Column("command", StoredText(), nullable=False),
        sa.Column("machine", StoredText(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("heartbeat_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("state", StoredText(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("who", StoredText(), server_default=EMPTY, nullable=False),
        sa.Column("job", StoredText(), server_default=EMPTY, nullable=False),
        sa.Column("deadline_at", UtcDateTime(), nullable=True),
        sa.Column("exit_status", sa.BigInteger(), nullable=True),
        sa.Column("note", StoredText(), server_default=EMPTY, nullable=False),
        sa.Column("problem", StoredText(), server_default=EMPTY, nullable=False),
        sa.Column("log", StoredText(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("token", name="uq_runs_token"),
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"])
    op.create_index("ix_runs_job_id", "runs", ["job", "id"])
    op.create_index("ix_runs_job_at_work", "runs", ["job"], unique=True, sqlite_where=AT_WORK, postgresql_where=AT_WORK)
    op.create_table(
        "job_marks",
        sa.Column("job", StoredText(), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("paused_by", StoredText(), nullable=False),
        sa.Column("pause_reason", StoredText(), nullable=False),
        sa.Column("wanted_at", UtcDateTime(), nullable=True),
        sa.Column("wanted_by", StoredText(), nullable=False),
        sa.PrimaryKeyConstraint("job", name="pk_job_marks"),
    )


def _create_days() -> None:
    op.create_table(
        "host_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("host_id", ID, autoincrement=False, nullable=False),
        sa.Column("archive", StoredText(), nullable=False),
        sa.Column("outcome", StoredText(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["hosts.id"], name="fk_host_days_host_id"),
        sa.PrimaryKeyConstraint("day", "host_id", "archive", "outcome", name="pk_host_days"),
        sqlite_with_rowid=False,
    )


def _create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", StoredText(), nullable=False),
        sa.Column("subject", StoredText(), nullable=False),
        sa.Column("text", StoredText(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("told", StoredText(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index(
        "ix_alerts_standing",
        "alerts",
        ["kind", "subject"],
        unique=True,
        sqlite_where=ALERT_STANDS,
        postgresql_where=ALERT_STANDS,
    )


def _create_takedowns() -> None:
    op.create_table(
        "takedowns",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", StoredText(), nullable=False),
        sa.Column("subject", StoredText(), nullable=False),
        sa.Column("reason", StoredText(), nullable=False),
        sa.Column("who", StoredText(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("removed", JSON, nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", StoredText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_takedowns"),
    )
    op.create_index(
        "ix_takedowns_standing",
        "takedowns",
        ["kind", "subject"],
        unique=True,
        sqlite_where=TOMBSTONE_STANDS,
        postgresql_where=TOMBSTONE_STANDS,
    )
    op.create_index("ix_clusters_representative_id", "clusters", ["representative_id"])
    op.create_table(
        "removals",
        sa.Column("file", StoredText(), nullable=False),
        sa.Column("record_offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("takedown_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["takedown_id"], ["takedowns.id"], name="fk_removals_takedown_id"),
        sa.PrimaryKeyConstraint("file", "record_offset", name="pk_removals"),
    )


def _add_columns() -> None:
    for table in ("documents", "hosts"):
        op.add_column(table, sa.Column("checks", sa.BigInteger(), server_default=ZERO, nullable=False))
        op.add_column(table, sa.Column("changes", sa.BigInteger(), server_default=ZERO, nullable=False))
        op.add_column(table, sa.Column("takedown_id", sa.BigInteger(), nullable=True))
    op.add_column("documents", sa.Column("reported_at", UtcDateTime(), nullable=True))
    op.add_column("documents", sa.Column("changed_at", UtcDateTime(), nullable=True))
    for name, which in (("ix_documents_untried", UNTRIED), ("ix_documents_failed", FAILED)):
        columns = ["host_id", "next_fetch_at", "id"]
        op.create_index(name, "documents", columns, sqlite_where=which, postgresql_where=which)


def _fill() -> None:
    connection = op.get_bind()
    for statement in (_RUNS, _REPORTED_AT, _CHANGED, _CHECKED, _HOSTS):
        connection.execute(sa.text(statement))
    connection.execute(sa.text(_DAYS.format(day=_DAY[connection.dialect.name])))
    op.drop_table("crawl_runs")


def _keep_numbers() -> None:
    """Build two tables anew, so that SQLite counts their numbers on when the last row was removed."""
    op.create_table(
        "articles_new",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("latest", sa.BigInteger(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("compare_pending", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("link_pending", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_articles_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("document_id", name="uq_articles_document_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "clusters_new",
        sa.Column("id", ID, nullable=False),
        sa.Column("representative_id", ID, nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["representative_id"], ["articles.id"], name="fk_clusters_representative_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clusters"),
        sqlite_autoincrement=True,
    )
    for table, columns in (
        ("articles", "id, document_id, latest, added_at, compare_pending, link_pending"),
        ("clusters", "id, representative_id, merged_into"),
    ):
        op.execute(f"INSERT INTO {table}_new ({columns}) SELECT {columns} FROM {table}")  # noqa: S608 -- our own names
        op.drop_table(table)
        op.rename_table(f"{table}_new", table)
    for name, pending in (("compare", COMPARE_PENDING), ("link", LINK_PENDING)):
        op.create_index(f"ix_articles_{name}_pending", "articles", ["id"], sqlite_where=pending)
    op.create_index("ix_clusters_representative_id", "clusters", ["representative_id"])
