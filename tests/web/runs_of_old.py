"""Runs, alerts and hosts' days for a library of a test's own."""

import secrets
from contextlib import contextmanager
from datetime import timedelta

from storage.types import Run, RunState, utc_now


@contextmanager
def store_of(visitor):
    """The store that the site asks, too."""
    with visitor.site.stores.lent() as store:
        yield store


def begun(store, command="dateline crawl", *, hours=1.0, job="", machine="far-away"):
    """A run at work, on another machine."""
    moment = utc_now() - timedelta(hours=hours)
    run = Run(
        token=secrets.token_hex(8),
        command=command,
        machine=machine,
        pid=7,
        started_at=moment,
        heartbeat_at=utc_now(),
        who="ada",
        job=job,
    )
    return store.start_run(run)


def ended(store, command="dateline crawl", *, state=RunState.FINISHED, status=0, counts=None, problem="", **named):
    """A run that is over."""
    run, now = begun(store, command, **named), utc_now()
    store.finish_run(run.token, now=now, state=state, counts=counts or {}, problem=problem)
    return store.settle_run(run.token, now=now, state=state, exit_status=status, problem=problem)
