"""${message}.

Rules for authors (delete this paragraph once they are kept):
- Never edit a migration that was released; write the next one. Number it: 0002_what_it_does.
- Never drop or rewrite what a person imported or fetched: move it, or leave it.
- It must work with rows in every table, on SQLite and on PostgreSQL: use `op.batch_alter_table` for changes that
  SQLite cannot make in place, add columns with a server default, and fill them in SQL, not through the models
  (those describe the newest schema, not yours).
- Say below whether it only expands the schema (`storage/sql/expanding.py`): programs of the revision before go on
  while machines are upgraded one by one. Contract in a later version than the one that stops using what goes.
- The whole upgrade is one transaction; ten million documents pass through it: no row-by-row Python.
- Set `HEAD` in `storage/sql/models/revision.py`, add rows of your schema to `tests/migrations/`, and write in
  `storage/README.md` what a person has to know.
- There is no way back: `downgrade` refuses. A person restores the copy that they made before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
expands = False


def upgrade() -> None:
    """${message}."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")
