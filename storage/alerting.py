"""Which alerts open, stand and close: pure, shared by every backend.

Why what stands is told by kind and subject and not by its text: the text has figures that change with each look, and a
person wants to be told once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from storage.types import Alert, AlertKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdicts:
    """What becomes of alerts.

    Attributes:
        opened: new ones, without an id.
        standing: those that were found again, with the new text and moment.
        closed: those that were not found any more.
    """

    opened: tuple[Alert, ...] = ()
    standing: tuple[Alert, ...] = ()
    closed: tuple[Alert, ...] = ()


def judged(
    standing: Iterable[Alert],
    found: Mapping[tuple[AlertKind, str], str],
    *,
    kinds: Collection[AlertKind],
    now: datetime,
) -> Verdicts:
    """What becomes of the alerts that stand, and of those found; those that stand and are of other kinds stay."""
    old = {(one.kind, one.subject): one for one in standing}
    fresh = {name: text for name, text in found.items() if name not in old}
    return Verdicts(
        opened=tuple(
            Alert(kind=kind, subject=subject, text=text, opened_at=now, seen_at=now)
            for (kind, subject), text in fresh.items()
        ),
        standing=tuple(replace(one, text=found[name], seen_at=now) for name, one in old.items() if name in found),
        closed=tuple(
            replace(one, closed_at=now) for name, one in old.items() if one.kind in kinds and name not in found
        ),
    )


def is_untold(alert: Alert) -> bool:
    """Whether somebody has yet to hear of it; see `storage.upkeep_store.UpkeepStore.untold_alerts`."""
    return alert.told == ("" if alert.closed_at is None else OPENED)


OPENED = "opened"
"""What `Alert.told` says when people know that it stands."""
