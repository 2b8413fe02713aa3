"""The sections "marks" and "orders" of the store on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from storage.sql import engine as engines
from storage.sql import marks, orders
from storage.sql.connected import Connected
from storage.types import Mark, Order, OrderKind


class CurationSide(Connected):
    """See `CurationStore`."""

    # -- marks ---------------------------------------------------------------------------------------------------

    def mark(self, article_id: int, *, by: str, because: str, now: datetime) -> Mark:
        """See `CurationStore.mark`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return marks.mark(connection, article_id, by=by, because=because, now=now)

    def unmark(self, article_id: int, *, by: str, now: datetime) -> Mark:
        """See `CurationStore.unmark`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return marks.unmark(connection, article_id, by=by, now=now)

    def marks(self, *, standing_only: bool = False, after: int = 0, limit: int | None = None) -> list[Mark]:
        """See `CurationStore.marks`."""
        with self._read() as connection:
            return marks.marks(connection, standing_only=standing_only, after=after, limit=limit)

    def marks_of(self, article_ids: Iterable[int]) -> dict[int, Mark]:
        """See `CurationStore.marks_of`."""
        with self._read() as connection:
            return marks.marks_of(connection, article_ids)

    # -- orders --------------------------------------------------------------------------------------------------

    def put_order(self, kind: OrderKind, event_name: str, *, by: str, now: datetime) -> Order:
        """See `CurationStore.put_order`."""
        with self._write() as connection:
            return orders.put_order(connection, kind, event_name, by=by, now=now)

    def take_order(self, token: str, *, now: datetime, until: datetime) -> Order | None:
        """See `CurationStore.take_order`; who finds nothing to take holds up no writer."""
        with self._read() as connection:
            waiting = orders.next_order(connection, now)
        if waiting is None:
            return None
        with self._write() as connection:
            return orders.take_order(connection, token, now=now, until=until)

    def keep_order(self, order_id: int, token: str, *, until: datetime, run: int = 0) -> bool:
        """See `CurationStore.keep_order`."""
        with self._write() as connection:
            return orders.keep_order(connection, order_id, token, until=until, run=run)

    def end_order(
        self, order_id: int, token: str, *, exit_status: int | None, run: int = 0, problem: str = "", now: datetime
    ) -> bool:
        """See `CurationStore.end_order`."""
        with self._write() as connection:
            return orders.end_order(
                connection, order_id, token, exit_status=exit_status, run=run, problem=problem, now=now
            )

    def give_back_order(self, order_id: int, token: str) -> bool:
        """See `CurationStore.give_back_order`."""
        with self._write() as connection:
            return orders.give_back_order(connection, order_id, token)

    def order(self, order_id: int) -> Order:
        """See `CurationStore.order`."""
        with self._read() as connection:
            return orders.order(connection, order_id)

    def orders(self, *, open_only: bool = False, event_key: str = "", limit: int = 100) -> list[Order]:
        """See `CurationStore.orders`."""
        with self._read() as connection:
            return orders.orders(connection, open_only=open_only, event_key=event_key, limit=limit)
