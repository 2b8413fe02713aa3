"""Looking at a database that may be broken: questions whose answers take seconds, however large the library is.

Why these are no methods of the store: a store is opened on a sound schema only, and a person asks what is wrong.
`storage.schema.check` compares everything and takes its time.
"""

from __future__ import annotations

from datetime import datetime

from storage.opening import MEMORY
from storage.types import Capture


def damage(url: str, *, within_s: float) -> list[str] | None:
    """What is wrong with the database file, one sentence each; ``None`` where looking took longer than ``within_s``.

    PostgreSQL checks its pages itself, when they are read: nothing is looked at.

    Raises:
        LibraryError: the address is not usable.
        StoreUnavailable: the database cannot be reached.
    """
    if url.startswith(MEMORY):
        return []
    from storage.sql import checkup  # noqa: PLC0415 -- see `storage.opening`

    return checkup.damage(url, within_s=within_s)


def size(url: str) -> int:
    """How many bytes the database takes on its disk, free pages included; 0 for one in memory.

    Raises:
        LibraryError: the address is not usable.
        StoreUnavailable: the database cannot be reached.
    """
    if url.startswith(MEMORY):
        return 0
    from storage.sql import checkup  # noqa: PLC0415 -- see `storage.opening`

    return checkup.size(url)


def server_time(url: str) -> datetime | None:
    """The clock of the database's server; ``None`` where the database is a file.

    Raises:
        LibraryError: the address is not usable.
        StoreUnavailable: the database cannot be reached.
    """
    if url.startswith(MEMORY):
        return None
    from storage.sql import checkup  # noqa: PLC0415 -- see `storage.opening`

    return checkup.server_time(url)


def latest_captures(url: str, limit: int) -> list[Capture]:
    """The captures that were stored last, latest first.

    Raises:
        LibraryError: the address is not usable.
        StoreUnavailable: the database cannot be reached.
    """
    if url.startswith(MEMORY):
        return []
    from storage.sql import checkup  # noqa: PLC0415 -- see `storage.opening`

    return checkup.latest_captures(url, limit)
