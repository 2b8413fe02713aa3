"""Lists of numbers as one parameter of a statement.

Why not one parameter for each: the statement would be another one for every length. Its text is put together each time,
and PostgreSQL plans it each time, which for the small lookups of archiving takes longer than to run it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    CursorResult,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

Statement = Any
"""A select or an update; SQLAlchemy types a select by each of its columns."""
Listed = Callable[[InstrumentedAttribute[int], str], ColumnElement[bool]]
"""Given a column and the name of a parameter, the condition that the column is one of its numbers."""


def numbers(connection: Connection, items: Iterable[int]) -> Any:  # noqa: ANN401 -- what the driver takes
    """A list of numbers as the parameter of a statement."""
    listed = list(items)
    return json.dumps(listed) if connection.dialect.name == "sqlite" else listed


class Lookup:
    """A statement that asks for lists of numbers, built once for each database."""

    def __init__(self, build: Callable[[Listed], Statement]) -> None:
        self._statements = {"sqlite": build(_in_json), "postgresql": build(_in_array)}

    def execute(
        self, connection: Connection, lists: Mapping[str, Iterable[int]], **others: object
    ) -> CursorResult[Any]:
        """Ask; parameters that are no lists by their names."""
        packed = {name: numbers(connection, items) for name, items in lists.items()}
        return connection.execute(self._statements[connection.dialect.name], {**packed, **others})


def _in_json(column: InstrumentedAttribute[int], name: str) -> ColumnElement[bool]:
    items = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(items.c.value))


def _in_array(column: InstrumentedAttribute[int], name: str) -> ColumnElement[bool]:
    return column == any_(bindparam(name, type_=ARRAY(BigInteger)))
