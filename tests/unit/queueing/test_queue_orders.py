"""Orders: what keeps them apart, and how they travel."""

from datetime import UTC, datetime

import pytest

from crawler.queueing.jobs import Job
from crawler.queueing.orders import HostOrder, WorkKind
from storage.types import DocumentRole, Outcome, Selection

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FULL = HostOrder(
    host="a.example",
    kind=WorkKind.BACKFILL,
    event_key="2006/07/5/ferry",
    outcome="timeout",
    role="source",
    due_only=False,
    since=NOON,
    by="ann",
    options={"archive": "local"},
)


def test_a_host_is_locked_for_everybody_who_asks_it_whatever_was_ordered():
    plain = HostOrder(host="a.example")
    assert plain.lock == plain.queueing_lock == "host:a.example"
    assert HostOrder(host="a.example", event_key="e", due_only=False, since=NOON).lock == plain.lock
    assert HostOrder(host="a.example", kind=WorkKind.BACKFILL).lock != plain.lock


def test_other_work_waits_beside_and_the_same_work_does_not():
    locks = {
        HostOrder(host="a.example", **fields).queueing_lock
        for fields in ({}, {"outcome": "timeout"}, {"event_key": "e"}, {"due_only": False}, {"options": {"x": "1"}})
    }
    assert len(locks) == 5
    assert FULL.queueing_lock == HostOrder(**{**as_given(FULL), "by": "bob", "since": None}).queueing_lock


def as_given(order):
    return {name: getattr(order, name) for name in HostOrder.__slots__}


def test_nothing_of_an_order_is_left_behind():
    assert set(FULL.to_arguments()) == set(HostOrder.__slots__)


@pytest.mark.parametrize("order", [HostOrder(host="a.example"), FULL])
def test_an_order_comes_back_from_a_job_as_it_was_put(order):
    assert Job.from_arguments(Job(order=order, priority=7).to_arguments()) == Job(order=order, priority=7)


def test_an_order_is_a_selection_of_the_hosts_documents():
    assert HostOrder(host="a.example").selection == Selection(host="a.example")
    assert FULL.selection == Selection(
        host="a.example",
        event_key="2006/07/5/ferry",
        outcome=Outcome.TIMEOUT,
        role=DocumentRole.SOURCE,
        due_only=False,
    )


@pytest.mark.parametrize("values", [{}, {"order": {"host": "a", "kind": "paint"}, "priority": 0}, {"order": {"to": 1}}])
def test_what_is_no_order_is_refused(values):
    with pytest.raises((KeyError, ValueError, TypeError)):
        Job.from_arguments(values)
