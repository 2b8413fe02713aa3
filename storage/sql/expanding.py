"""Whether a migration only expands the schema or contracts it, and which programs may use the database afterwards.

A migration from 0008 on says it in one line. ``expands = True``: it only adds (tables, indexes, columns that are null
or have a server's default), so that programs of the revision before read and write as ever. ``expands = False``:
something that they use goes, or means something else from now on. Then ``oldest`` may name the first revision whose
programs need it no more; without that line only programs of the migration's own revision may go on.

So a column is replaced in three versions: 0008 expands by the new one, and its programs write both; programs of 0009
leave the old one alone (0009 expands by whatever else, or by nothing); 0010 drops it with ``oldest = "0009"``. At no
step does a machine stand still for another.

Why a migration that says nothing counts as one that contracts: the mistake then costs a stop, and no data.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, inspect, update

from storage.sql import compatibility
from storage.sql.models import CompatibilityRow

FIRST = "0007"
"""The revision that has the table; programs of earlier ones do not look at it, and need their own schema."""


def oldest_after(before: str, migrations: Iterable[Any]) -> str:
    """The oldest revision whose programs may go on.

    Args:
        before: the same before these migrations; empty where nobody knew.
        migrations: the modules, in the order in which they ran.
    """
    known = before
    for module in migrations:
        if not getattr(module, "expands", False):
            known = max(known, getattr(module, "oldest", module.revision))
    return known


def write_down(connection: Connection, before: str, migrations: Iterable[Any]) -> None:
    """Say in the database who may use it after these migrations; ``before`` is the revision that it stood at."""
    ran = [module for module in migrations if module.revision > FIRST]
    if not ran or not inspect(connection).has_table(CompatibilityRow.__tablename__):
        return
    known = compatibility.oldest(connection)
    written = oldest_after(known or max(before, FIRST), ran)
    row = {"oldest": written}
    if not connection.execute(update(CompatibilityRow).values(row)).rowcount:
        connection.execute(insert(CompatibilityRow), {"id": 1, **row})
