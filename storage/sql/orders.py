"""Orders: work that somebody asked for, and who has it.

Why rows are read and written without a lock of their own: every transaction that writes holds the lock of all writers
(`storage.sql.engine`), so two processes that take an order see each other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, or_, select, update

from storage import ordering
from storage.errors import OrderNotFound
from storage.sql.events import find_event
from storage.sql.models import EventRow, OrderRow
from storage.types import Order, OrderKind, OrderState

_LARGEST = 2**63 - 1
_ORDERS: Select[Any] = select(*OrderRow.__table__.columns, EventRow.key).join(
    EventRow, EventRow.id == OrderRow.event_id
)
_GOES_ON = ("state", "taken_by", "taken_until", "run", "ended_at", "exit_status", "problem")
_OPEN = OrderRow.ended_at.is_(None)


def put_order(connection: Connection, kind: OrderKind, event_name: str, *, by: str, now: datetime) -> Order:
    """See `storage.curation_store.CurationStore.put_order`."""
    event_id = find_event(connection, event_name)
    known = connection.execute(_ORDERS.where(_OPEN, OrderRow.kind == kind, OrderRow.event_id == event_id)).first()
    if known is not None:
        return _order(known)
    values = {
        "kind": kind,
        "event_id": event_id,
        "asked_by": by,
        "asked_at": now,
        "state": OrderState.WAITING,
        "taken_by": "",
        "run": 0,
        "problem": "",
    }
    return order(connection, connection.scalars(insert(OrderRow).returning(OrderRow.id), values).one())


def next_order(connection: Connection, now: datetime) -> int | None:
    """The order that waits longest; ``None`` where none does."""
    silent = and_(OrderRow.state == OrderState.RUNNING, OrderRow.taken_until <= now)
    waiting = select(OrderRow.id).where(_OPEN, or_(OrderRow.state == OrderState.WAITING, silent))
    return connection.scalar(waiting.order_by(OrderRow.asked_at, OrderRow.id).limit(1))


def take_order(connection: Connection, token: str, *, now: datetime, until: datetime) -> Order | None:
    """See `storage.curation_store.CurationStore.take_order`."""
    number = next_order(connection, now)
    return None if number is None else _write(connection, ordering.taken(order(connection, number), token, until))


def keep_order(connection: Connection, order_id: int, token: str, *, until: datetime, run: int) -> bool:
    """See `storage.curation_store.CurationStore.keep_order`."""
    return _change(connection, order_id, token, partial(ordering.kept, until=until, run=run))


def end_order(
    connection: Connection, order_id: int, token: str, *, exit_status: int | None, run: int, problem: str, now: datetime
) -> bool:
    """See `storage.curation_store.CurationStore.end_order`."""
    end = partial(ordering.ended, exit_status=exit_status, run=run, problem=problem, now=now)
    return _change(connection, order_id, token, end)


def give_back_order(connection: Connection, order_id: int, token: str) -> bool:
    """See `storage.curation_store.CurationStore.give_back_order`."""
    return _change(connection, order_id, token, ordering.given_back)


def _change(connection: Connection, order_id: int, token: str, how: Callable[[Order], Order]) -> bool:
    """Change an order that this token has; tells whether it does."""
    row = connection.execute(_ORDERS.where(OrderRow.id == order_id)).first()
    if row is None or not ordering.is_held(before := _order(row), token):
        return False
    _write(connection, how(before))
    return True


def _write(connection: Connection, changed: Order) -> Order:
    values = {name: getattr(changed, name) for name in _GOES_ON}
    connection.execute(update(OrderRow).where(OrderRow.id == changed.id), values)
    return changed


# -- reading ---------------------------------------------------------------------------------------------------------


def order(connection: Connection, order_id: int) -> Order:
    """See `storage.curation_store.CurationStore.order`."""
    row = connection.execute(_ORDERS.where(OrderRow.id == order_id)).first() if order_id <= _LARGEST else None
    if row is None:
        raise OrderNotFound(order_id)
    return _order(row)


def orders(connection: Connection, *, open_only: bool, event_key: str, limit: int) -> list[Order]:
    """See `storage.curation_store.CurationStore.orders`."""
    wanted: list[ColumnElement[bool]] = [_OPEN] if open_only else []
    if event_key:
        of_event = select(EventRow.id).where(EventRow.key == event_key).scalar_subquery()
        wanted.append(OrderRow.event_id == of_event)
    page = _ORDERS.where(*wanted).order_by(OrderRow.id.desc()).limit(max(limit, 0))
    return [_order(row) for row in connection.execute(page)]


def _order(row: Row[Any]) -> Order:
    return Order(
        id=row.id,
        kind=OrderKind(row.kind),
        event_key=row.key,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        state=OrderState(row.state),
        taken_by=row.taken_by,
        taken_until=row.taken_until,
        run=row.run,
        ended_at=row.ended_at,
        exit_status=row.exit_status,
        problem=row.problem,
    )
