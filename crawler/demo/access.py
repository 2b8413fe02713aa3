"""The access log: who asked what, when, and how politely.

Times are the server's: a request starts when its head has been read, and ends when its last byte was handed to the
network or the client was seen to be gone. Behind a crawler that waits for each answer, in-flight figures are exact.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from storage.types import require_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """One request and what it got.

    Attributes:
        host: as asked for, lower-case.
        target: path with query.
        method: upper-case.
        started_at: head read.
        ended_at: answer sent, or client gone.
        status: that was sent; 0 where none was.
        sent: body bytes handed to the network.
        complete: the answer went out as it was meant to.
        user_agent: empty where the client sent none.
        conditional: the conditional headers sent, lower-case name -> value.
    """

    host: str
    target: str
    method: str
    started_at: datetime
    ended_at: datetime
    status: int
    sent: int
    complete: bool
    user_agent: str = ""
    conditional: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse moments that are not in UTC."""
        require_utc(started_at=self.started_at, ended_at=self.ended_at)

    def to_json(self) -> str:
        """One line, without its end."""
        said = asdict(self) | {"started_at": self.started_at.isoformat(), "ended_at": self.ended_at.isoformat()}
        return json.dumps(said, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Access:
        """The inverse of `to_json`."""
        said = json.loads(line)
        for name in ("started_at", "ended_at"):
            said[name] = datetime.fromisoformat(said[name])
        return cls(**said)


def read_log(path: Path) -> list[Access]:
    """The accesses of a JSONL log, in the order in which they ended; a torn last line is left out."""
    # Not splitlines(): a user agent may contain characters that it takes for line ends.
    *lines, _torn = path.read_text(encoding="utf-8").split("\n")
    return [Access.from_json(line) for line in lines]


def max_in_flight(log: Iterable[Access]) -> dict[str, int]:
    """Host -> the largest number of its requests that were under way at one moment."""
    most: dict[str, int] = {}
    for host, accesses in by_host(log).items():
        # An end sorts before a start at the same moment: one after the other is not two at once.
        steps = sorted([(a.started_at, 1) for a in accesses] + [(a.ended_at, -1) for a in accesses])
        now = most[host] = 0
        for _, step in steps:
            now += step
            most[host] = max(most[host], now)
    return most


def smallest_interval(log: Iterable[Access]) -> dict[str, float]:
    """Host -> the fewest seconds between the starts of two consecutive requests; hosts asked once are left out."""
    starts = {host: sorted(a.started_at for a in accesses) for host, accesses in by_host(log).items()}
    return {
        host: min((later - earlier).total_seconds() for earlier, later in pairwise(moments))
        for host, moments in starts.items()
        if len(moments) > 1
    }


def by_host(log: Iterable[Access]) -> dict[str, list[Access]]:
    """Host -> its accesses, in the given order."""
    grouped: dict[str, list[Access]] = defaultdict(list)
    for access in log:
        grouped[access.host].append(access)
    return dict(grouped)
