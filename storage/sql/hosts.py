"""Hosts: how politely each must be asked, who took which beside its leases, pauses and probes.

Why states are read before they are written: writers are serialised, so nothing changes in between, and the rule which
rest stands is then the one of `storage.resting`, not a second one in SQL.

Why `change` does not wait for other writers, yet nothing is lost: many processes take turns at one archive, several
times a second, and a batch of articles may hold the writers' lock for half a second. A turn locks the one row that it
changes, and whoever else writes states locks the rows before it reads them (on PostgreSQL; SQLite has one lock for
everything).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from storage.errors import HostNotFound
from storage.protocol import HostChange
from storage.resting import allowed, merged
from storage.resting import claim as claim_of
from storage.sql.chunks import CHUNK, chunks
from storage.sql.columns import storable
from storage.sql.documents import ensure_hosts
from storage.sql.frontier import evict
from storage.sql.models import DocumentRow, HostProbeRow, HostRow
from storage.sql.selecting import Reading
from storage.types import Host, HostClaim, HostProbe, HostState, Outcome

_PROBE = ("probed_at", "url", "status", "final_url", "fingerprint")
_WRITE_STATE = update(HostRow).where(HostRow.id == bindparam("host"))


# -- reading ---------------------------------------------------------------------------------------------------------


def hosts(read: Reading, *, now: datetime) -> Iterator[Host]:
    """See `storage.protocol.Store.hosts`."""
    after = ""
    while True:
        with read() as connection:
            page = _hosts().where(HostRow.name > after).order_by(HostRow.name).limit(CHUNK)
            found = _with_counts(connection, page, now)
        yield from found
        if len(found) < CHUNK:
            return
        after = found[-1].name


def host(connection: Connection, name: str, *, now: datetime) -> Host:
    """See `storage.protocol.Store.host`."""
    found = _with_counts(connection, _hosts().where(HostRow.name == name), now)
    if not found:
        raise HostNotFound(name)
    return found[0]


def states(connection: Connection, names: Iterable[str], *, lock: bool = False) -> dict[str, HostState]:
    """See `storage.protocol.Store.host_states`; with ``lock`` nobody changes them before the transaction ends."""
    found: dict[str, HostState] = {}
    known = select(*HostRow.__table__.columns)
    known = known.with_for_update() if lock else known
    for piece in chunks(sorted(set(names))):
        rows = connection.execute(known.where(HostRow.name.in_(piece)))
        found |= {row.name: _state(row) for row in rows}
    return found


def probes(connection: Connection, names: Iterable[str]) -> dict[str, HostProbe]:
    """See `storage.protocol.Store.probes`."""
    found: dict[str, HostProbe] = {}
    for piece in chunks(sorted(set(names))):
        for row in connection.execute(_hosts().where(HostRow.name.in_(piece), HostProbeRow.host_id.is_not(None))):
            if probe := _probe(row):
                found[row.name] = probe
    return found


def _hosts() -> Select[Any]:
    probed = [getattr(HostProbeRow, name).label(f"probe_{name}") for name in _PROBE]
    return select(*HostRow.__table__.columns, *probed).outerjoin(HostProbeRow, HostProbeRow.host_id == HostRow.id)


def _with_counts(connection: Connection, page: Select[Any], now: datetime) -> list[Host]:
    rows = connection.execute(page).all()
    due = func.count().filter(DocumentRow.next_fetch_at <= now)
    counting = select(DocumentRow.host_id, func.count(), due).group_by(DocumentRow.host_id)
    counted = connection.execute(counting.where(DocumentRow.host_id.in_([row.id for row in rows])))
    counts = {host_id: (documents, due) for host_id, documents, due in counted}
    return [_host(row, *counts.get(row.id, (0, 0))) for row in rows]


def _host(row: Row[Any], documents: int, due: int) -> Host:
    return Host(
        state=_state(row),
        lease_token=row.lease_token or "",
        lease_until=row.lease_until,
        documents=documents,
        due=due,
        paused_at=row.paused_at,
        pause_reason=row.pause_reason,
        probe=_probe(row),
    )


def _state(row: Row[Any]) -> HostState:
    return HostState(
        name=row.name,
        not_before=row.not_before,
        rest_reason=row.rest_reason,
        crawl_delay_s=row.crawl_delay_s,
        cool_down_s=row.cool_down_s,
        failures=row.failures,
        last_outcome=None if row.last_outcome is None else Outcome(row.last_outcome),
        last_attempt_at=row.last_attempt_at,
        last_success_at=row.last_success_at,
        booked={pool: datetime.fromisoformat(moment) for pool, moment in row.booked.items()},
        checks=row.checks,
        changes=row.changes,
    )


def _probe(row: Row[Any]) -> HostProbe | None:
    if row.probe_probed_at is None:
        return None
    return HostProbe(
        probed_at=row.probe_probed_at,
        url=row.probe_url,
        status=row.probe_status,
        final_url=row.probe_final_url,
        fingerprint=tuple(row.probe_fingerprint),
    )


# -- writing ---------------------------------------------------------------------------------------------------------


def put_states(connection: Connection, fresh: Sequence[HostState]) -> None:
    """See `storage.protocol.Store.put_host_states`."""
    names = {storable(one.name) for one in fresh}
    ids: dict[str, int] = {}
    for piece in chunks(sorted(names)):
        ids |= ensure_hosts(connection, piece, None)
    kept = states(connection, names, lock=True)
    for one in fresh:
        name = storable(one.name)
        kept[name] = merged(kept[name], one)
    if kept:
        connection.execute(_WRITE_STATE, [{"host": ids[name], **_state_values(one)} for name, one in kept.items()])


def change(connection: Connection, name: str, changed: HostChange) -> HostState | None:
    """See `storage.protocol.Store.change_host`; ``None`` where the host must be made first, by `make`."""
    of_host = select(*HostRow.__table__.columns).where(HostRow.name == storable(name)).with_for_update()
    row = connection.execute(of_host).first()
    if row is None:
        return None
    state = replace(changed(_state(row)), name=row.name)
    booked = {pool: moment.isoformat() for pool, moment in state.booked.items()}
    connection.execute(_WRITE_STATE, {"host": row.id, "booked": booked, **_state_values(state)})
    return state


def make(connection: Connection, name: str) -> None:
    """Make the host where it is unknown."""
    ensure_hosts(connection, [name], None)


def _state_values(state: HostState) -> dict[str, Any]:
    return {
        "not_before": state.not_before,
        "rest_reason": state.rest_reason,
        "crawl_delay_s": state.crawl_delay_s,
        "cool_down_s": state.cool_down_s,
        "failures": state.failures,
        "last_outcome": state.last_outcome,
        "last_attempt_at": state.last_attempt_at,
        "last_success_at": state.last_success_at,
    }


def claim(connection: Connection, name: str, *, token: str, now: datetime, until: datetime) -> HostClaim:
    """See `storage.protocol.Store.claim_host`."""
    ensure_hosts(connection, [name], None)
    row = connection.execute(_hosts().where(HostRow.name == name)).one()
    if row.takedown_id is not None:
        return HostClaim(granted=False, state=_state(row), paused=True)
    answer = claim_of(_host(row, 0, 0), token=token, now=now)
    if answer.granted:
        evict(connection, [row], now)
        mine = row.lease_token == token and row.lease_until is not None
        lease = {"lease_token": token, "lease_until": max(until, row.lease_until) if mine else until}
        connection.execute(update(HostRow).where(HostRow.id == row.id), lease)
    return answer


def pause(connection: Connection, name: str, *, now: datetime, reason: str) -> Host:
    """See `storage.protocol.Store.pause_host`."""
    found = host(connection, name, now=now)
    values = {"paused_at": found.paused_at or now, "pause_reason": reason}
    connection.execute(update(HostRow).where(HostRow.name == name), values)
    return host(connection, name, now=now)


def allow(connection: Connection, name: str, *, now: datetime) -> Host:
    """See `storage.protocol.Store.allow_host`."""
    states(connection, [name], lock=True)
    found = host(connection, name, now=now)
    values = {"paused_at": None, "pause_reason": "", **_state_values(allowed(found.state))}
    connection.execute(update(HostRow).where(HostRow.name == name), values)
    return host(connection, name, now=now)


def put_probe(connection: Connection, name: str, probe: HostProbe) -> None:
    """See `storage.protocol.Store.put_probe`."""
    host_id = ensure_hosts(connection, [name], None)[storable(name)]
    values = {
        "probed_at": probe.probed_at,
        "url": probe.url,
        "status": probe.status,
        "final_url": probe.final_url,
        "fingerprint": list(probe.fingerprint),
    }
    again = connection.execute(update(HostProbeRow).where(HostProbeRow.host_id == host_id), values)
    if not again.rowcount:
        connection.execute(insert(HostProbeRow), {"host_id": host_id, **values})
