"""Rows of alerts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select, update

from storage.alerting import OPENED, judged
from storage.sql.columns import storable
from storage.sql.models import AlertRow
from storage.types import Alert, AlertKind

_STANDS = AlertRow.closed_at.is_(None)
_UNTOLD = or_(and_(_STANDS, AlertRow.told == ""), and_(~_STANDS, AlertRow.told == OPENED))


def put(
    connection: Connection,
    found: Mapping[tuple[AlertKind, str], str],
    *,
    kinds: Collection[AlertKind],
    now: datetime,
) -> tuple[list[Alert], list[Alert]]:
    """See `storage.upkeep_store.UpkeepStore.put_alerts`."""
    stored = {(kind, storable(subject)): storable(text) for (kind, subject), text in found.items()}
    standing = [_alert(row) for row in connection.execute(_alerts().where(_STANDS).order_by(AlertRow.id))]
    verdicts = judged(standing, stored, kinds=kinds, now=now)
    for one in (*verdicts.standing, *verdicts.closed):
        values = {"text": one.text, "seen_at": one.seen_at, "closed_at": one.closed_at}
        connection.execute(update(AlertRow).where(AlertRow.id == one.id), values)
    opened = [_open(connection, one) for one in verdicts.opened]
    return opened, list(verdicts.closed)


def alerts(connection: Connection, *, open_only: bool, limit: int | None) -> list[Alert]:
    """See `storage.upkeep_store.UpkeepStore.alerts`."""
    statement = _alerts().order_by(AlertRow.opened_at.desc(), AlertRow.id.desc())
    if open_only:
        statement = statement.where(_STANDS)
    return [_alert(row) for row in connection.execute(statement.limit(limit))]


def untold(connection: Connection) -> list[Alert]:
    """See `storage.upkeep_store.UpkeepStore.untold_alerts`."""
    return [_alert(row) for row in connection.execute(_alerts().where(_UNTOLD).order_by(AlertRow.id))]


def tell(connection: Connection, alert_id: int, told: str) -> None:
    """See `storage.upkeep_store.UpkeepStore.told_alert`."""
    connection.execute(update(AlertRow).where(AlertRow.id == alert_id), {"told": told})


def _open(connection: Connection, one: Alert) -> Alert:
    values = {
        "kind": one.kind,
        "subject": one.subject,
        "text": one.text,
        "opened_at": one.opened_at,
        "seen_at": one.seen_at,
    }
    made = connection.execute(insert(AlertRow).returning(*AlertRow.__table__.columns), values)
    return _alert(made.one())


def _alerts() -> Select[Any]:
    return select(*AlertRow.__table__.columns)


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        kind=AlertKind(row.kind),
        subject=row.subject,
        text=row.text,
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        closed_at=row.closed_at,
        told=row.told,
    )
