"""The sections "marks" and "orders" of the store in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from storage.memory import marks, orders
from storage.memory.library import Library
from storage.ordering import ended, given_back, kept
from storage.types import Mark, Order, OrderKind


class CurationSide:
    """See `CurationStore`."""

    _library: Library

    # -- marks ---------------------------------------------------------------------------------------------------

    def mark(self, article_id: int, *, by: str, because: str, now: datetime) -> Mark:
        """See `CurationStore.mark`."""
        return marks.mark(self._library, article_id, by=by, because=because, now=now)

    def unmark(self, article_id: int, *, by: str, now: datetime) -> Mark:
        """See `CurationStore.unmark`."""
        return marks.unmark(self._library, article_id, by=by, now=now)

    def marks(self, *, standing_only: bool = False, after: int = 0, limit: int | None = None) -> list[Mark]:
        """See `CurationStore.marks`."""
        return marks.marks(self._library, standing_only=standing_only, after=after, limit=limit)

    def marks_of(self, article_ids: Iterable[int]) -> dict[int, Mark]:
        """See `CurationStore.marks_of`."""
        return marks.marks_of(self._library, article_ids)

    # -- orders --------------------------------------------------------------------------------------------------

    def put_order(self, kind: OrderKind, event_name: str, *, by: str, now: datetime) -> Order:
        """See `CurationStore.put_order`."""
        return orders.put_order(self._library, kind, event_name, by=by, now=now)

    def take_order(self, token: str, *, now: datetime, until: datetime) -> Order | None:
        """See `CurationStore.take_order`."""
        return orders.take_order(self._library, token, now=now, until=until)

    def keep_order(self, order_id: int, token: str, *, until: datetime, run: int = 0) -> bool:
        """See `CurationStore.keep_order`."""
        return orders.change(self._library, order_id, token, partial(kept, until=until, run=run))

    def end_order(
        self, order_id: int, token: str, *, exit_status: int | None, run: int = 0, problem: str = "", now: datetime
    ) -> bool:
        """See `CurationStore.end_order`."""
        end = partial(ended, exit_status=exit_status, run=run, problem=problem, now=now)
        return orders.change(self._library, order_id, token, end)

    def give_back_order(self, order_id: int, token: str) -> bool:
        """See `CurationStore.give_back_order`."""
        return orders.change(self._library, order_id, token, given_back)

    def order(self, order_id: int) -> Order:
        """See `CurationStore.order`."""
        return orders.order(self._library, order_id)

    def orders(self, *, open_only: bool = False, event_key: str = "", limit: int = 100) -> list[Order]:
        """See `CurationStore.orders`."""
        return orders.orders(self._library, open_only=open_only, event_key=event_key, limit=limit)
