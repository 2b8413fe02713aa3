"""A program of the next version, as far as its migrations go: this one, with another migration behind the last.

Run as a program (``python next_version.py FOLDER URL``) it upgrades a database as that version would.
"""

import os
import sys
from importlib.resources import files
from pathlib import Path

from sqlalchemy import make_url

from storage.sql import schema as migrations
from storage.sql.models.revision import HEAD

NEXT = f"{int(HEAD) + 1:04d}"
EXPANDING = """
    op.add_column("attempts", sa.Column("mood", sa.Text(), nullable=True))
    op.create_index("ix_attempts_mood", "attempts", ["mood"])
    op.create_table("moods", sa.Column("id", sa.Integer(), primary_key=True))
"""
CONTRACTING = """
    with op.batch_alter_table("attempts") as table:
        table.drop_column("detail")
"""
_TEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None
{declared}


def upgrade():
{statements}
"""


def write_migration(folder, statements, *declared, revision=NEXT):
    """Put a migration into a folder of versions."""
    folder.mkdir(parents=True, exist_ok=True)
    before = f"{int(revision) - 1:04d}"
    text = _TEXT.format(revision=revision, before=before, declared="\n".join(declared), statements=statements)
    (folder / f"{revision}_next.py").write_text(text)


def knowing(folder, configuration=migrations.configuration):
    """Alembic's configuration of a program that brings the migrations of this folder, too."""

    def next_configuration(connection=None):
        config = configuration(connection)
        own = files("storage.sql") / "migrations" / "versions"
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", os.pathsep.join((str(own), str(folder))))
        return config

    return next_configuration


if __name__ == "__main__":
    migrations.configuration = knowing(Path(sys.argv[1]))
    migrations.upgrade(make_url(sys.argv[2]))
