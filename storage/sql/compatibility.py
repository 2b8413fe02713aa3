"""Which programs may use the database: while machines are brought to a newer version one by one, two versions work.

Why a row and no rule in the program: the older program cannot know what a migration after its time did. The newer one
knows, and writes down with the migration which programs may go on (`storage.sql.expanding`).

Why every transaction that writes looks: a process lives for weeks, and the database may be upgraded meanwhile.
Migrations hold the lock that all writers hold (`storage.sql.engine`), so what is read after that lock stays true until
the commit: no program writes into a schema that it does not know. Rows that are written without that lock on PostgreSQL
(``alone=False``: signs of life of runs, turns of hosts) are the exception: such a write may have looked, waited for the
migration at its table, and go on. So in ``runs`` and ``hosts`` nothing ever means something else under the same name.

It costs one look at a table of one row, a hundredth of a commit. Rejected: to look with the heartbeat only (what is
fetched between the migration and the next beat would be refused, and quarantined), and to wait for a statement that
fails (a column that means something else now fails no statement).

Why revisions are compared as text: they are four digits in one line, which a test holds; Alembic takes 0.2 s to load.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, select

from storage.errors import SchemaMismatch
from storage.sql.models import CompatibilityRow
from storage.sql.models.revision import HEAD

log = logging.getLogger(__name__)

_REVISION = "SELECT version_num FROM alembic_version"
"""Sent as it is: what SQLAlchemy adds to a statement costs three times what the answer does."""
_OLDEST = select(CompatibilityRow.oldest)
_told: set[tuple[str, str]] = set()
"""(database, revision): what this process said already; a command opens its store several times."""


def revision(connection: Connection) -> str:
    """Migration that the schema stands at; empty where there is no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.exec_driver_sql(_REVISION).scalar() or ""


def oldest(connection: Connection) -> str:
    """The oldest revision whose programs may use the database; empty where nobody wrote it down."""
    if not inspect(connection).has_table(CompatibilityRow.__tablename__):
        return ""
    return connection.scalar(_OLDEST) or ""


def judged(found: str, oldest_program: str) -> str:
    """What there is to say of a database at this revision: empty where it stands at this program's own.

    Raises:
        SchemaMismatch: this program must not use it.
    """
    if found == HEAD:
        return ""
    if found < HEAD:
        raise SchemaMismatch(found, HEAD)
    if not oldest_program or oldest_program > HEAD:
        raise SchemaMismatch(found, HEAD, newer=True, oldest=oldest_program)
    return (
        f"the database is at revision {found}, newer than this program's {HEAD}, which may go on"
        f" (programs from {oldest_program} on may): install the newer dateline"
    )


def standing(connection: Connection) -> str:
    """See `judged`, of the database of a connection whatever its schema is."""
    found = revision(connection)
    return judged(found, oldest(connection) if found > HEAD else "")


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at a database again and again; a process says only once that it is newer.

    Attributes:
        database: its address, without the password.
    """

    database: str

    def look(self, connection: Connection) -> str:
        """What there is to say; see `judged`. The schema must be there.

        Raises:
            SchemaMismatch: this program must not use the database, or not any more.
        """
        found: str = connection.exec_driver_sql(_REVISION).scalar() or ""
        if found == HEAD:
            return ""
        said = judged(found, connection.scalar(_OLDEST) or "" if found > HEAD else "")
        if (self.database, found) not in _told:
            _told.add((self.database, found))
            log.warning("%s", said)
        return said
