"""What a check of ``dateline doctor`` finds, and what it may look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from crawler.configuration import Configuration
from crawler.health.asking import Heard
from crawler.health.rules import RuleReport
from crawler.library import Library
from storage.protocol import Store


class State(StrEnum):
    """How it stands: ``NOTE`` is worth knowing, ``WRONG`` has to be mended."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        check: its name.
        state: see `State`.
        summary: one sentence.
        remedy: what to do, one sentence; empty where nothing is to be done.
        details: one line each.
        rules: figures of publisher rules, what is broken first.
    """

    check: str
    summary: str
    state: State = State.OK
    remedy: str = ""
    details: tuple[str, ...] = ()
    rules: tuple[RuleReport, ...] = ()

    @property
    def healthy(self) -> bool:
        """Nothing has to be mended."""
        return self.state is not State.WRONG


@dataclass(frozen=True, kw_only=True)
class Checkup:
    """What the checks look at.

    Attributes:
        configuration: in force.
        now: moment of the look.
        since: captures since this moment are looked at where the check is about captures.
        library: open; ``None`` where its database cannot be used.
        problem: why it cannot; empty where it can.
        outdated: what is wrong is the schema, not the database.
        offline: nobody is asked over the network, but for the database.
        timeout_s: for each server that is asked.
        heard: URL -> what came of asking for it; filled by the first check that asks.
    """

    configuration: Configuration
    now: datetime
    since: datetime
    library: Library | None = None
    problem: str = ""
    outdated: bool = False
    offline: bool = False
    timeout_s: float = 10.0
    heard: dict[str, Heard] = field(default_factory=dict)

    @cached_property
    def store(self) -> Store | None:
        """Of the library."""
        return self.library.store if self.library else None

    def without_database(self, check: str) -> Finding:
        """What a check says that cannot look."""
        return Finding(check=check, state=State.NOTE, summary="not looked at: the database cannot be used")


def worst(*states: State) -> State:
    """The worst of them."""
    return max(states, key=list(State).index, default=State.OK)
