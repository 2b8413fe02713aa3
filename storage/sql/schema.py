"""The schema and its migrations: Alembic, configured here in code.

Why no alembic.ini: the one thing it would say is the database's address, and that is known only at run time.
"""

from __future__ import annotations

from importlib.resources import files
from types import ModuleType

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, func, inspect, or_, select, text

from storage.errors import LibraryError, SchemaMismatch
from storage.sql import compatibility, expanding
from storage.sql.documents import is_no_feed
from storage.sql.engine import make_engine, writing
from storage.sql.models import Base, DocumentRow, HostRow
from storage.sql.models.revision import HEAD
from storage.sql.patience import PATIENCE_S, patiently, wait_briefly

_WORDS_INDEX = "fts_"
SCHEDULERS_TABLE = "apscheduler_jobs"
"""Where APScheduler keeps its jobs; it makes the table itself."""


def is_modelled(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:  # noqa: FBT001
    """Whether Alembic shall compare something: not what no model describes.

    That is the indexes over words, and the table in which the scheduler keeps its own state.
    """
    del thing, kind, other
    return not (reflected and (name or "").startswith((_WORDS_INDEX, SCHEDULERS_TABLE, f"ix_{SCHEDULERS_TABLE}")))


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


def upgrade(url: URL, *, to: str = "head", within_s: float = PATIENCE_S) -> None:
    """Bring the database to the newest schema, in one transaction; a database that is there already is left alone.

    So is one at a newer revision that this program may use. Others may read and write meanwhile: while they hold what
    is to be changed, it is tried again for ``within_s`` seconds.

    Raises:
        SchemaMismatch: a newer dateline made this database, and this one must not use it.
        StoreUnavailable: it cannot be reached, or others held it all the time; nothing was changed.
        LibraryError: a migration left rows that refer to nothing; nothing was changed then.
    """
    engine = make_engine(url, foreign_keys=False)
    try:
        patiently(engine, lambda: _upgrade(engine, to), within_s=within_s)
    finally:
        engine.dispose()


def _upgrade(engine: Engine, to: str) -> None:
    with writing(engine) as connection:
        found = MigrationContext.configure(connection).get_current_revision() or ""
        if found and found not in known_revisions():
            _require_usable(connection, found)
            return
        wait_briefly(connection)
        bound = configuration(connection)
        command.upgrade(bound, to)
        expanding.write_down(connection, found, _ran(bound, connection, found))
        if lost := dangling(connection):
            raise LibraryError(f"the migration was undone, because it left {lost[0]}")


def _require_usable(connection: Connection, found: str) -> None:
    if found <= HEAD:  # of a line of versions that is not ours
        raise SchemaMismatch(found, HEAD, newer=True)
    compatibility.judged(found, compatibility.oldest(connection))


def _ran(config: Config, connection: Connection, found: str) -> list[ModuleType]:
    """The migrations after this revision that the database has been through, oldest first."""
    reached = MigrationContext.configure(connection).get_current_revision() or ""
    scripts = reversed(list(ScriptDirectory.from_config(config).walk_revisions()))
    return [script.module for script in scripts if found < script.revision <= reached]


def differences(engine: Engine) -> list[str]:
    """What is wrong with the database, one sentence each; empty when all is well.

    A newer schema that this program may use is not compared with its models: what it has more is meant to be there.
    """
    with writing(engine) as connection:
        context = MigrationContext.configure(connection, opts=_OPTIONS)
        found = context.get_current_revision()
        if found is None:
            return ["the database has no schema yet"]
        try:
            newer = found > HEAD and compatibility.standing(connection)
        except SchemaMismatch as problem:
            return [str(problem)]
        compared = [] if newer else compare_metadata(context, Base.metadata)
        changes = [f"schema differs from the program: {change}" for change in compared]
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
