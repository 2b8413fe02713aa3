"""The sections on days and alerts of the store on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from storage.sql import alerts, days
from storage.sql.connected import Connected
from storage.types import Alert, AlertKind, HostDay


class UpkeepSide(Connected):
    """See `UpkeepStore`."""

    # -- days ----------------------------------------------------------------------------------------------------

    def host_days(self, *, since: date, until: date, host: str = "") -> Iterator[HostDay]:
        """See `UpkeepStore.host_days`."""
        return days.host_days(self._read, since=since, until=until, host=host)

    # -- alerts --------------------------------------------------------------------------------------------------

    def put_alerts(
        self, found: Mapping[tuple[AlertKind, str], str], *, kinds: Collection[AlertKind], now: datetime
    ) -> tuple[list[Alert], list[Alert]]:
        """See `UpkeepStore.put_alerts`."""
        with self._write() as connection:
            return alerts.put(connection, found, kinds=kinds, now=now)

    def alerts(self, *, open_only: bool = True, limit: int | None = None) -> list[Alert]:
        """See `UpkeepStore.alerts`."""
        with self._read() as connection:
            return alerts.alerts(connection, open_only=open_only, limit=limit)

    def untold_alerts(self) -> list[Alert]:
        """See `UpkeepStore.untold_alerts`."""
        with self._read() as connection:
            return alerts.untold(connection)

    def told_alert(self, alert_id: int, told: str) -> None:
        """See `UpkeepStore.told_alert`."""
        with self._write() as connection:
            alerts.tell(connection, alert_id, told)
