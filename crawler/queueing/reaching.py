"""Where the queue is, and how its database is reached.

Why a PostgreSQL schema of its own and not the library's: its tables are procrastinate's, which makes and upgrades them;
migrations, backups and checks of the library need not know them.

Why the planner is told to find jobs by index: a queue that was just filled has no statistics, and the next job would be
looked for by reading and sorting all that wait (30 ms with 5,000 of them; 0.1 ms so).

Why the connections ask so often whether the other end is there: a worker whose network is gone counts as dead after
`DEAD_S`, and its own calls should not believe otherwise for minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from crawler.errors import ConfigurationError
from storage.errors import StorageError, StoreUnavailable
from storage.opening import postgres_words

if TYPE_CHECKING:  # an extra, there where workers are used
    import psycopg

SCHEMA = "dateline_queue"
"""The PostgreSQL schema with the queue's tables."""
BEAT_S = 2.0
"""How often a worker says that it lives."""
DEAD_S = 8.0
"""After how many silent seconds a worker's jobs are given to others."""
TASK = "dateline.serve"
"""The one task of procrastinate; what is to be done stands in its arguments (`crawler.queueing.jobs`)."""

_PACKAGES = ("procrastinate", "psycopg", "psycopg_pool")
_PLANS = "-c jit=off -c enable_seqscan=off -c enable_bitmapscan=off"
_OPTIONS = f"-c search_path={SCHEMA} {_PLANS} -c lock_timeout=30000 -c tcp_user_timeout=10000"
_KEPT_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}


def address_of(database_url: str) -> dict[str, Any]:
    """What psycopg is told to reach the queue of the library whose database this is.

    Raises:
        ConfigurationError: the database is not PostgreSQL, or the extra is missing.
        LibraryError: the address is not usable.
    """
    words = postgres_words(database_url)
    if not words:
        raise ConfigurationError(
            "workers share their queue through PostgreSQL, and this library has no database there:"
            " name one in storage.database, or leave out --queue and workers.use"
        )
    if missing := next((name for name in _PACKAGES if find_spec(name) is None), ""):
        raise ConfigurationError(
            f"a queue for workers needs the extra postgres ({missing} is not installed):"
            " pip install 'dateline[postgres]'"
        )
    options = f"{words.pop('options', '')} {_OPTIONS}".strip()
    named = {"connect_timeout": 10, "application_name": "dateline queue", **_KEPT_ALIVE, **words}
    return {**named, "options": options}


@contextmanager
def connected(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the queue's schema, which need not be there yet; each statement is a transaction of its own.

    Raises:
        ConfigurationError, LibraryError: see `address_of`.
        StoreUnavailable: the database cannot be reached.
    """
    address = address_of(database_url)
    import psycopg  # noqa: PLC0415 - see above

    with translated(), psycopg.connect(**address, autocommit=True) as connection:
        yield connection


@contextmanager
def translated() -> Iterator[None]:
    """Turn failures of the database into `StoreUnavailable`, and its refusals into `StorageError`."""
    import psycopg  # noqa: PLC0415 - see above

    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as problem:
        raise StoreUnavailable(f"the queue's database cannot be used now: {first_line(problem)}") from problem
    except psycopg.Error as problem:
        raise StorageError(f"the queue's database refuses this: {first_line(problem)}") from problem


def first_line(problem: BaseException) -> str:
    """One line that says what the database, or its driver, said."""
    said = str(problem).strip().splitlines()
    return f"{type(problem).__name__}: {said[0]}" if said else type(problem).__name__
