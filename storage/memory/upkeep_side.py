"""The sections on days and alerts of the store in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from storage.alerting import is_untold, judged
from storage.memory import days
from storage.memory.library import Library
from storage.types import Alert, AlertKind, HostDay


class UpkeepSide:
    """See `UpkeepStore`."""

    _library: Library

    # -- days ----------------------------------------------------------------------------------------------------

    def host_days(self, *, since: date, until: date, host: str = "") -> Iterator[HostDay]:
        """See `UpkeepStore.host_days`."""
        yield from days.host_days(self._library, since=since, until=until, host=host)

    # -- alerts --------------------------------------------------------------------------------------------------

    def put_alerts(
        self, found: Mapping[tuple[AlertKind, str], str], *, kinds: Collection[AlertKind], now: datetime
    ) -> tuple[list[Alert], list[Alert]]:
        """See `UpkeepStore.put_alerts`."""
        known = self._library.alerts
        standing = [one for one in known.values() if one.closed_at is None]
        verdicts = judged(standing, found, kinds=kinds, now=now)
        opened = [replace(one, id=len(known) + number) for number, one in enumerate(verdicts.opened, start=1)]
        for one in (*verdicts.standing, *verdicts.closed, *opened):
            known[one.id or 0] = one
        return opened, list(verdicts.closed)

    def alerts(self, *, open_only: bool = True, limit: int | None = None) -> list[Alert]:
        """See `UpkeepStore.alerts`."""
        chosen = [one for one in self._library.alerts.values() if one.closed_at is None or not open_only]
        return sorted(chosen, key=lambda one: (one.opened_at, one.id), reverse=True)[:limit]

    def untold_alerts(self) -> list[Alert]:
        """See `UpkeepStore.untold_alerts`."""
        return [one for _, one in sorted(self._library.alerts.items()) if is_untold(one)]

    def told_alert(self, alert_id: int, told: str) -> None:
        """See `UpkeepStore.told_alert`."""
        if alert_id in self._library.alerts:
            self._library.alerts[alert_id] = replace(self._library.alerts[alert_id], told=told)
