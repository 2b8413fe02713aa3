"""Taking documents from the store: how many at once, and what comes with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from storage.protocol import Store
from storage.types import Citation, Document, HostProbe, HostState, LeaseRequest

PER_HOST: Final = 20
"""Documents leased of one host at a time: enough to ask the database rarely, few enough to lose little."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontierLimits:
    """How much a run takes at once.

    Attributes:
        hosts: held at the same time.
        lease: how long a lease lasts without a sign of life.
        patience: longest wait for a resting host before the run ends.
        per_day: how many documents of one host are asked for on one day; 0: any number.
    """

    hosts: int
    lease: timedelta
    per_day: int = 0
    patience: timedelta = timedelta(seconds=120)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """What one lease brought, with all that is known about it.

    Attributes:
        documents: that may be fetched.
        states: of their hosts.
        probes: of their hosts, as far as these were probed.
        citations: how event entries cite the documents.
    """

    documents: list[Document]
    states: dict[str, HostState]
    probes: dict[str, HostProbe]
    citations: dict[int, tuple[Citation, ...]]


def leased(store: Store, request: LeaseRequest) -> Slice:
    """Lease documents; one visit to the store's thread brings everything that asking for them needs."""
    documents = store.lease(request)
    names = {document.host for document in documents}
    return Slice(
        documents=documents,
        states=store.host_states(names) if names else {},
        probes=store.probes(names) if names else {},
        citations=store.citations([document.id for document in documents]) if documents else {},
    )
