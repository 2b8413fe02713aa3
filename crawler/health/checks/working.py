"""Does the work go on: the scheduler, the runs, the alerts?"""

from __future__ import annotations

from datetime import timedelta

from crawler.health.checks.findings import Checkup, Finding, State
from crawler.liveness import SCHEDULER, SILENT_LEASES, is_dead, last_sign, lease_s
from storage.errors import StorageError
from storage.leading import Leader, leader
from storage.protocol import Store
from storage.types import Run, RunState

_SHOWN = 20


def check_scheduler(checkup: Checkup) -> Finding:
    """Whether one leads, and lives."""
    if checkup.store is None:
        return checkup.without_database("scheduler")
    configuration = checkup.configuration
    try:
        leads = leader(configuration.database_url, configuration.library)
    except StorageError as problem:
        return Finding(check="scheduler", state=State.NOTE, summary=f"nobody can say who leads: {problem}")
    if leads is None:
        return Finding(
            check="scheduler",
            state=State.NOTE,
            summary="none is at work: jobs start by hand only",
            remedy="`dateline schedule run` starts one",
        )
    return _of_leader(checkup, checkup.store, leads)


def _of_leader(checkup: Checkup, store: Store, leads: Leader) -> Finding:
    since = f" since {leads.since:%Y-%m-%d %H:%M}Z" if leads.since else ""
    who = f"the one on {leads.machine or 'an unknown machine'} (process {leads.pid}) leads{since}"
    sign = max(
        (
            last_sign(checkup.configuration.library, run)
            for run in store.runs(state=RunState.RUNNING)
            if run.command.startswith(SCHEDULER) and run.machine == leads.machine
        ),
        default=None,
    )
    if sign is None:
        return Finding(check="scheduler", summary=who)
    summary = f"{who}, last sign of life {sign:%Y-%m-%d %H:%M:%S}Z"
    if checkup.now - sign > _patience(checkup):
        remedy = "it hangs: end its process; a standby takes over, or `dateline schedule run` starts another"
        return Finding(check="scheduler", state=State.WRONG, summary=summary, remedy=remedy)
    return Finding(check="scheduler", summary=summary)


def check_runs(checkup: Checkup) -> Finding:
    """Whether all runs that are at work live."""
    if checkup.store is None:
        return checkup.without_database("runs")
    runs = checkup.store.runs(state=RunState.RUNNING)
    dead = [run for run in runs if is_dead(checkup.configuration, run, checkup.now)]
    silent = [
        run
        for run in runs
        if run not in dead and checkup.now - last_sign(checkup.configuration.library, run) > _patience(checkup)
    ]
    if not dead and not silent:
        return Finding(check="runs", summary=f"{len(runs)} at work, all of them live")
    remedies = []
    if dead:
        remedies.append("the scheduler, or the next run that starts, takes the work of the dead back")
    if silent:
        remedies.append("end the processes of the silent ones, they hang")
    return Finding(
        check="runs",
        state=State.WRONG if silent else State.NOTE,
        summary=f"of {len(runs)} at work {len(dead)} are dead and {len(silent)} have been silent for too long",
        remedy="; ".join(remedies),
        details=tuple(_line(run) for run in (*dead, *silent)[:_SHOWN]),
    )


def check_alerts(checkup: Checkup) -> Finding:
    """Whether any stand."""
    if checkup.store is None:
        return checkup.without_database("alerts")
    alerts = checkup.store.alerts()
    if not alerts:
        return Finding(check="alerts", summary="none stands")
    return Finding(
        check="alerts",
        state=State.WRONG,
        summary=f"{len(alerts)} {'stands' if len(alerts) == 1 else 'stand'}",
        remedy="`dateline alerts` shows them; each ends by itself when its reason is gone",
        details=tuple(f"{one.kind}: {one.text}" for one in alerts[:_SHOWN]),
    )


def _patience(checkup: Checkup) -> timedelta:
    return timedelta(seconds=SILENT_LEASES * lease_s(checkup.configuration))


def _line(run: Run) -> str:
    process = f"process {run.pid} on {run.machine}"
    return f"run {run.number}: {run.command} ({process}), last sign of life {run.heartbeat_at:%Y-%m-%d %H:%M:%S}Z"
