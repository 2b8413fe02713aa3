"""Orders: work that somebody asked for, and who has it, in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from storage.errors import OrderNotFound
from storage.memory.library import Library, next_id
from storage.memory.reading import find_event
from storage.ordering import is_held, is_waiting, taken
from storage.types import Order, OrderKind


def put_order(library: Library, kind: OrderKind, event_name: str, *, by: str, now: datetime) -> Order:
    """See `storage.curation_store.CurationStore.put_order`."""
    key = find_event(library, event_name).key
    for known in library.orders.values():
        if (known.kind, known.event_key) == (kind, key) and known.ended_at is None:
            return known
    number = next_id(library.orders)
    library.orders[number] = Order(id=number, kind=kind, event_key=key, asked_by=by, asked_at=now)
    return library.orders[number]


def take_order(library: Library, token: str, *, now: datetime, until: datetime) -> Order | None:
    """See `storage.curation_store.CurationStore.take_order`."""
    waiting = [one for one in library.orders.values() if is_waiting(one, now)]
    if not waiting:
        return None
    first = min(waiting, key=lambda one: (one.asked_at, one.id))
    library.orders[first.id] = taken(first, token, until)
    return library.orders[first.id]


def change(library: Library, order_id: int, token: str, how: Callable[[Order], Order]) -> bool:
    """Change an order that this token has; tells whether it does."""
    before = library.orders.get(order_id)
    if before is None or not is_held(before, token):
        return False
    library.orders[order_id] = how(before)
    return True


def order(library: Library, order_id: int) -> Order:
    """See `storage.curation_store.CurationStore.order`."""
    if order_id not in library.orders:
        raise OrderNotFound(order_id)
    return library.orders[order_id]


def orders(library: Library, *, open_only: bool, event_key: str, limit: int) -> list[Order]:
    """See `storage.curation_store.CurationStore.orders`."""
    wanted = [
        one
        for one in reversed(library.orders.values())
        if not (open_only and one.ended_at is not None) and event_key in {"", one.event_key}
    ]
    return wanted[: max(limit, 0)]
