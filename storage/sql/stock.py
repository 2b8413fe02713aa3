"""Which keys of the index stand in reports of many other days.

Why day is followed after day instead of reading rows: a sentence that a host prints under everything stands in
thousands of versions of each day. The next day on which a key stands is one look into the index, and three are enough.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, TextClause, text

from storage.sql.lists import numbers
from storage.stock import MANY_DAYS, MANY_VERSIONS


def _day_before(count: int) -> str:
    """The day of the index that lies `count` days with the key before the window; null where there is none."""
    edge = ":first_day" if count == 1 else _day_before(count - 1)
    return f"(SELECT max(i.day) FROM key_index i WHERE i.key = k.key AND i.day < {edge})"  # noqa: S608 -- our words


def _day_after(count: int) -> str:
    edge = ":last_day" if count == 1 else _day_after(count - 1)
    return f"(SELECT min(i.day) FROM key_index i WHERE i.key = k.key AND i.day > {edge})"  # noqa: S608 -- our words


def _some(condition: str) -> str:
    rows = f"SELECT 1 FROM key_index i WHERE i.key = k.key AND {condition} LIMIT {MANY_VERSIONS}"  # noqa: S608 -- ours
    return f"(SELECT count(*) FROM ({rows}) s)"  # noqa: S608 -- our words


def _statement(keys: str) -> TextClause:
    days = [f"{_day_before(MANY_DAYS)} IS NOT NULL", f"{_day_after(MANY_DAYS)} IS NOT NULL"]
    days += [
        f"({_day_before(before)} IS NOT NULL AND {_day_after(MANY_DAYS - before)} IS NOT NULL)"
        for before in range(1, MANY_DAYS)
    ]
    versions = f"{_some('i.day < :first_day')} + {_some('i.day > :last_day')} >= {MANY_VERSIONS}"
    return text(f"SELECT k.key FROM {keys} WHERE {versions} AND ({' OR '.join(days)})")  # noqa: S608 -- our words


_STOCK = {
    "sqlite": _statement("(SELECT value AS key FROM json_each(:keys)) k"),
    "postgresql": _statement("unnest(CAST(:keys AS integer[])) AS k(key)"),
}


def stock(connection: Connection, keys: Collection[int], *, first_day: int, last_day: int) -> frozenset[int]:
    """Those of the keys that are stock; see `storage.stock.is_stock`."""
    if not keys:
        return frozenset()
    parameters = {"keys": numbers(connection, keys), "first_day": first_day, "last_day": last_day}
    return frozenset(connection.scalars(_STOCK[connection.dialect.name], parameters))
