"""The schema and its migrations: Alembic, configured here in code.

Why no alembic.ini: the one thing it would say is the database's address, and that is known only at run time.
"""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, func, inspect, or_, select, text

from storage.errors import LibraryError, SchemaMismatch
from storage.sql.documents import is_no_feed
from storage.sql.engine import make_engine, writing
from storage.sql.models import Base, DocumentRow, HostRow

_WORDS_INDEX = "fts_"


def is_modelled(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:  # noqa: FBT001
    """Whether Alembic shall compare something: not the indexes over words, which no model describes."""
    del thing, kind, other
    return not (reflected and (name or "").startswith(_WORDS_INDEX))


_OPTIONS = {"compare_type": True, "include_object": is_modelled}


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, bound to the connection on which migrations shall run."""
    config = Config()
    config.set_main_option("script_location", str(files("storage.sql") / "migrations"))
    config.attributes["connection"] = connection
    return config


def known_revisions() -> tuple[str, ...]:
    """All migrations that this program brings, newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions())


def upgrade(url: URL, *, to: str = "head") -> None:
    """Bring the database to the newest schema, in one transaction; a database that is there already is left alone.

    Raises:
        SchemaMismatch: a newer dateline made this database.
        StoreUnavailable: it cannot be reached.
        LibraryError: a migration left rows that refer to nothing; nothing was changed then.
    """
    engine = make_engine(url, foreign_keys=False)
    try:
        with writing(engine) as connection:
            found = MigrationContext.configure(connection).get_current_revision()
            known = known_revisions()
            if found and found not in known:
                raise SchemaMismatch(found, known[0], newer=True)
            command.upgrade(configuration(connection), to)
            if lost := dangling(connection):
                raise LibraryError(f"the migration was undone, because it left {lost[0]}")
    finally:
        engine.dispose()


def differences(engine: Engine) -> list[str]:
    """What is wrong with the database, one sentence each; empty when all is well."""
    with writing(engine) as connection:
        context = MigrationContext.configure(connection, opts=_OPTIONS)
        if context.get_current_revision() is None:
            return ["the database has no schema yet"]
        changes = [f"schema differs from the program: {change}" for change in compare_metadata(context, Base.metadata)]
        return changes or [*_damage(connection), *dangling(connection), *_wrong_hosts(connection)]


def _damage(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    lines = connection.scalars(text("PRAGMA integrity_check(20)")).all()
    return [f"the file is damaged: {line}" for line in lines if line != "ok"]


def dangling(connection: Connection) -> list[str]:
    """Rows that refer to rows which are not there (PostgreSQL never has any)."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.execute(text("PRAGMA foreign_key_check")).all()
    return [f"row {row[1]} of table {row[0]}, which refers to a missing row of {row[2]}" for row in rows]


def _wrong_hosts(connection: Connection) -> list[str]:
    """Hosts whose copy of "first document due" is wrong: their documents would not be handed out in time."""
    first_due = (
        select(DocumentRow.host_id, func.min(DocumentRow.next_fetch_at).filter(is_no_feed()).label("at"))
        .group_by(DocumentRow.host_id)
        .subquery()
    )
    differs = or_(HostRow.due_at != first_due.c.at, HostRow.due_at.is_(None) != first_due.c.at.is_(None))
    names = connection.scalars(select(HostRow.name).join(first_due, first_due.c.host_id == HostRow.id).where(differs))
    return [f"host {name} does not know when its first document is due" for name in names]


def tables(connection: Connection) -> list[str]:
    """Names of our tables that the database has."""
    present = set(inspect(connection).get_table_names())
    return [table.name for table in Base.metadata.sorted_tables if table.name in present]
