"""Runs and orders: who works on the library, and what people ask for."""

from __future__ import annotations

from datetime import datetime

from crawler.web.api.shapes.shape import Shape
from storage.types import OrderKind, OrderState, RunState


class Run(Shape):
    """One run of a command."""

    number: int
    """Ours, ascending."""
    command: str
    """As a person would type it."""
    state: RunState
    """Where it stands."""
    machine: str
    """Host name of the machine where it runs."""
    who: str
    """Login name of who started it."""
    job: str
    """The scheduled job that it is of; empty for a run by hand."""
    started_at: datetime
    """When it began."""
    heartbeat_at: datetime
    """When it last said that it lives."""
    finished_at: datetime | None
    """When it ended; null while it runs."""
    deadline_at: datetime | None
    """When the scheduler ends it; null: never."""
    exit_status: int | None
    """Of its process; null while that is unknown."""
    counts: dict[str, int]
    """What it counts: outcome -> attempts, or whatever the command does."""
    note: str
    """What it does now, or did last."""
    problem: str
    """Why it failed; empty otherwise."""


class Order(Shape):
    """Work that somebody asked for."""

    id: int
    """Ours."""
    kind: OrderKind
    """What is asked for."""
    event_key: str
    """The event of which the sources are meant."""
    asked_by: str
    """Who asked."""
    asked_at: datetime
    """When."""
    state: OrderState
    """Where it stands."""
    run: int | None
    """Number of the run that did it; null before there is one."""
    ended_at: datetime | None
    """When it was over; null before."""
    exit_status: int | None
    """Of its command; null before."""
    problem: str
    """Why it failed; empty otherwise."""
