"""Dedup keys as they are stored: packed per signal, and narrowed in the index (`storage.stock`)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from storage.searching import day_number
from storage.sql.chunks import chunks
from storage.sql.lists import numbers
from storage.sql.models import KeyIndexRow, SignalKeysRow
from storage.stock import indexed
from storage.types import Article

_WORD = struct.Struct("<q")
# All rows of a version from one parameter: to put thirty sets of three together costs more than to store them.
_INDEX = {
    "sqlite": text("INSERT INTO key_index (key, day, version_id) SELECT value, :day, :version FROM json_each(:keys)"),
    "postgresql": text(
        "INSERT INTO key_index (key, day, version_id) SELECT k, :day, :version FROM unnest(CAST(:keys AS integer[])) k"
    ),
}
_ADD = insert(SignalKeysRow)
_STORED = select(SignalKeysRow.signal, SignalKeysRow.keys).where(SignalKeysRow.version_id == bindparam("version"))


def pack(keys: Iterable[int]) -> bytes:
    """Distinct keys in ascending order, 8 bytes each.

    Raises:
        struct.error: a key does not fit into 64 bits with a sign.
    """
    ordered = sorted(set(keys))
    return struct.pack(f"<{len(ordered)}q", *ordered)


def unpack(packed: bytes) -> frozenset[int]:
    """The keys again."""
    return frozenset(struct.unpack(f"<{len(packed) // _WORD.size}q", packed))


def add_keys(connection: Connection, version_id: int, article: Article, reported: datetime) -> None:
    """Write the keys of a version that has none."""
    packed = [
        {"version_id": version_id, "signal": signal, "keys": pack(keys)}
        for signal, keys in article.keys.items()
        if keys
    ]
    if not packed:
        return
    connection.execute(_ADD, packed)
    index = {"keys": numbers(connection, sorted(indexed(article.keys)))}
    connection.execute(_INDEX[connection.dialect.name], {**index, "day": day_number(reported), "version": version_id})


def drop_keys(connection: Connection, version_id: int, stored: Article) -> None:
    """Remove the keys of a version, which are those of ``stored``."""
    connection.execute(delete(SignalKeysRow).where(SignalKeysRow.version_id == version_id))
    for piece in chunks(indexed(stored.keys)):
        connection.execute(delete(KeyIndexRow).where(KeyIndexRow.key.in_(piece), KeyIndexRow.version_id == version_id))


def stored_keys(connection: Connection, version_id: int) -> dict[str, tuple[int, ...]]:
    """Keys of a version, ascending, per signal."""
    rows = connection.execute(_STORED, {"version": version_id})
    return {signal: tuple(sorted(unpack(bytes(keys)))) for signal, keys in rows}
