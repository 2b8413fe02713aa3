"""Rows of daily counts.

Why one statement for a whole batch: its results are of few hosts and end in few ways, and the counts are written while
every other writer waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.daily import tally
from storage.searching import day_number, day_of
from storage.sql.models import HostDayRow, HostRow
from storage.sql.selecting import Reading
from storage.types import Archived, FetchResult, HostDay, Outcome

_STREAMED = 1000


def count_days(
    connection: Connection, results: Iterable[FetchResult], archived: Iterable[Archived], hosts: Mapping[int, int]
) -> None:
    """Add what was stored to the counts of its days; ``hosts`` are by document."""
    counted = tally(results, archived, hosts)
    values = [
        {
            "day": day_number(day),
            "host_id": host_id,
            "archive": archive,
            "outcome": outcome,
            "attempts": attempts,
            "articles": articles,
        }
        for (day, host_id, archive, outcome), (attempts, articles) in counted.items()
    ]
    if values:
        connection.execute(_adding(connection.dialect.name), values)


@cache
def _adding(dialect: str) -> Any:  # noqa: ANN401 -- each dialect has an insert of its own
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(HostDayRow)
    return insert.on_conflict_do_update(
        index_elements=["day", "host_id", "archive", "outcome"],
        set_={
            "attempts": HostDayRow.attempts + insert.excluded.attempts,
            "articles": HostDayRow.articles + insert.excluded.articles,
        },
    )


def host_days(read: Reading, *, since: date, until: date, host: str) -> Iterator[HostDay]:
    """See `storage.upkeep_store.UpkeepStore.host_days`."""
    statement: Select[*tuple[Any, ...]] = (
        select(*HostDayRow.__table__.columns, HostRow.name)
        .join(HostRow, HostRow.id == HostDayRow.host_id)
        .where(HostDayRow.day.between(day_number(since), day_number(until)))
        .order_by(HostDayRow.day, HostRow.name, HostDayRow.archive, HostDayRow.outcome)
    )
    if host:
        statement = statement.where(HostRow.name == host)
    streamed = {"yield_per": _STREAMED}
    with read() as connection, connection.execute(statement, execution_options=streamed) as rows:
        yield from map(_host_day, rows)


def _host_day(row: Row[*tuple[Any, ...]]) -> HostDay:
    return HostDay(
        day=day_of(row.day),
        host=row.name,
        outcome=Outcome(row.outcome),
        attempts=row.attempts,
        articles=row.articles,
        archive=row.archive,
    )
