"""One page of a long list that a reader narrowed down, however much or little of the list fits.

Why three ways, tried one after the other. Where something is asked for that few rows have, those come out of an index
and are put in order. Else three thousand rows behind the place are looked at, in order, and mostly hold a page.
Else it is again an index that tells which rows are looked at, unless all that is asked for is frequent. Databases would
choose among these by statistics, of which SQLite has none, and which no database has of words together with a
publisher: each way alone took a second for some of the queries of ``tests/benchmarks/browsing/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, tuple_

Ids = Any
"""A select of one column of numbers, typed by it."""

Place = tuple[Any, Any]
"""Values of the two columns by which a list is ordered."""

_FEW = 500
_MANY = 10_000
_LOOKED_AT = 3_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """One thing that is asked for, in two forms.

    Attributes:
        fits: a condition on the row at hand.
        ids: the numbers of all rows that fit; ``None`` where that is never little.
    """

    fits: ColumnElement[bool]
    ids: Ids | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A list: rows of one table by a day and a number or key, narrowed down.

    Attributes:
        number: the column whose values are wanted.
        place: the two columns by which it is ordered; an index has them.
        wanted: conditions on the row itself.
        narrowings: cheap ones to look at first.
    """

    number: Any
    place: tuple[Any, Any]
    wanted: Sequence[ColumnElement[bool]]
    narrowings: Sequence[Narrowing]


def page(connection: Connection, listing: Listing, *, after: Place | None, newest_first: bool, limit: int) -> list[int]:
    """The numbers of the rows behind a place that fit, in order."""
    ahead = _Ahead(listing=listing, newest_first=newest_first)
    fits = [one.fits for one in listing.narrowings]
    if limit <= 0:
        return []
    rare = _out_of_index(connection, listing, _FEW)
    if rare or not fits:
        return ahead.rows(connection, rare, after, limit=limit)
    last = ahead.place_of(connection, after, _LOOKED_AT)
    found = ahead.rows(connection, [*fits, ahead.until(last)] if last else fits, after, limit=limit)
    if last is None or len(found) == limit:
        return found
    far = _out_of_index(connection, listing, _MANY) or fits
    return found + ahead.rows(connection, far, last, limit=limit - len(found))


def count(connection: Connection, listing: Listing, *, most: int) -> int:
    """How many rows fit, counted up to ``most``.

    PostgreSQL takes all that it can out of indexes: where nothing has to be in order, it joins that fast.
    """
    if connection.dialect.name == "postgresql":
        wanted = [one.fits if one.ids is None else listing.number.in_(one.ids) for one in listing.narrowings]
    else:
        wanted = _out_of_index(connection, listing, _MANY) or [one.fits for one in listing.narrowings]
    counted = select(listing.number).where(*listing.wanted, *wanted).limit(max(most, 0)).subquery()
    return connection.scalar(select(func.count()).select_from(counted)) or 0


def _out_of_index(connection: Connection, listing: Listing, most: int) -> list[ColumnElement[bool]]:
    """What is asked for, the first of it out of an index that no more rows than ``most`` have; nothing without any."""
    for number, one in enumerate(listing.narrowings):
        if one.ids is not None and _counted(connection, one.ids, most) <= most:
            others = [other.fits for other in (*listing.narrowings[:number], *listing.narrowings[number + 1 :])]
            return [listing.number.in_(one.ids), *others]
    return []


def _counted(connection: Connection, ids: Ids, most: int) -> int:
    return connection.scalar(select(func.count()).select_from(ids.limit(most + 1).subquery())) or 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ahead:
    """What comes next in a list, in the direction in which it is read."""

    listing: Listing
    newest_first: bool

    def rows(
        self,
        connection: Connection,
        wanted: Sequence[ColumnElement[bool]],
        after: tuple[Any, Any] | None,
        *,
        limit: int,
    ) -> list[int]:
        """Numbers of the first rows behind a place that fulfil these conditions."""
        return list(connection.scalars(self._behind(select(self.listing.number), after).where(*wanted).limit(limit)))

    def place_of(self, connection: Connection, after: Place | None, number: int) -> Place | None:
        """The place of this row behind a place, whatever is asked for; ``None`` where there are fewer."""
        row = connection.execute(self._behind(select(*self.listing.place), after).offset(number - 1).limit(1)).first()
        return None if row is None else (row[0], row[1])

    def until(self, last: Place) -> ColumnElement[bool]:
        """That a row does not come behind this place."""
        place, named = tuple_(*self.listing.place), self._named(last)
        reached: ColumnElement[bool] = place >= named if self.newest_first else place <= named
        return reached

    def _behind(self, rows: Select[Any], after: Place | None) -> Select[Any]:
        order = [one.desc() for one in self.listing.place] if self.newest_first else self.listing.place
        rows = rows.where(*self.listing.wanted).order_by(*order)
        if after is None:
            return rows
        place: ColumnElement[Any] = tuple_(*self.listing.place)
        named = self._named(after)
        return rows.where(place < named if self.newest_first else place > named)

    def _named(self, place: Place) -> Any:  # noqa: ANN401 -- a tuple of expressions
        return tuple_(*(literal(value, column.type) for value, column in zip(place, self.listing.place, strict=True)))
