"""Runs the migrations on the connection that `storage.sql.schema` hands over, inside its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.sql.columns import StoredText, UtcDateTime
from storage.sql.models import Base
from storage.sql.schema import is_modelled

_OURS = (UtcDateTime, StoredText)


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 -- Alembic's hook
    """Write our column types with the import that they need."""
    if kind == "type" and isinstance(item, _OURS):
        name = type(item).__name__
        autogen.imports.add(f"from storage.sql.columns import {name}")
        return f"{name}()"
    return False


def run() -> None:
    """Migrate."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        compare_type=True,
        include_object=is_modelled,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
