"""How an order goes on: the rules, pure, shared by every backend.

Why an order keeps the number of its run when it is given back: whoever takes it next looks whether that run is still
alive, and goes on watching it instead of starting a second one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.types import Order, OrderState

_DONE = frozenset({0, 1})
"""Statuses of commands that did what they were asked for; 1: and found something to tell."""


def is_waiting(order: Order, now: datetime) -> bool:
    """Whether nobody has it, or who had it is silent since its lease expired."""
    silent = order.taken_until is not None and order.taken_until <= now
    return order.state is OrderState.WAITING or (order.state is OrderState.RUNNING and silent)


def ended_as(exit_status: int | None) -> OrderState:
    """As what an order ends whose command ended so; ``None``: nobody knows how."""
    return OrderState.DONE if exit_status in _DONE else OrderState.FAILED


def is_held(order: Order, token: str) -> bool:
    """Whether this process has it."""
    return order.state is OrderState.RUNNING and order.taken_by == token


def taken(order: Order, token: str, until: datetime) -> Order:
    """The order in a process's hands."""
    return replace(order, state=OrderState.RUNNING, taken_by=token, taken_until=until)


def kept(order: Order, *, until: datetime, run: int) -> Order:
    """The order after a sign of life; ``run``: the number of its run, 0 where there is none yet."""
    return replace(order, taken_until=until, run=run or order.run)


def given_back(order: Order) -> Order:
    """The order as it waits again."""
    return replace(order, state=OrderState.WAITING, taken_by="", taken_until=None)


def ended(order: Order, *, exit_status: int | None, run: int, problem: str, now: datetime) -> Order:
    """The order when its work is over."""
    return replace(
        order,
        state=ended_as(exit_status),
        taken_until=None,
        ended_at=now,
        exit_status=exit_status,
        problem=problem,
        run=run or order.run,
    )
