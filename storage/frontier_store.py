"""The part of the store from which runs take documents to fetch, and to which they give them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from storage.types import Document, LeaseRequest, Selection


class FrontierStore(Protocol):
    """The section "frontier" of `storage.protocol.Store`: what is due, who holds what, and what runs leave behind."""

    def due(self, selection: Selection, *, now: datetime, limit: int | None = None) -> Iterator[Document]:
        """Documents of the selection that a crawl would fetch now, by (next_fetch_at, id); leases are ignored."""

    def lease(self, request: LeaseRequest) -> list[Document]:
        """Take documents to fetch; see `LeaseRequest`.

        A host is given to one token at a time: hosts leased to another token and not expired, paused hosts, hosts to
        avoid, and hosts whose ``not_before`` lies in the future, are passed over. A token may call again for more
        documents of hosts that it holds, unless it asks for ``new_hosts`` only. Hosts whose documents wait longest
        come first. Never returns a document twice under one token while its lease lasts.
        """

    def next_ready(self, request: LeaseRequest) -> datetime | None:
        """When `lease` would next give out something, although it gives nothing now.

        The earliest ``not_before`` of a host that has documents of the selection due (or wanted) and that nobody
        else holds; ``None`` when there is no such host. Hosts held by another live lease do not count.
        """

    def ready_hosts(self, request: LeaseRequest) -> list[str]:
        """Names of hosts of which `lease` would give documents to a token that holds none; at most ``max_hosts``.

        Those that wait longest first: since their first document was due, or since they were last asked, whichever is
        later. A host whose budget of the day is used up may be among them, until a lease has found that out.
        """

    def due_hosts(self, selection: Selection, *, now: datetime) -> dict[str, int]:
        """How many documents each host has that `due` would tell of; hosts whose documents wait longest first."""

    def renew(self, token: str, *, until: datetime) -> int:
        """Prolong all leases of the token, backfills' too; returns how many documents it still holds."""

    def hold_host(self, token: str, host: str, *, until: datetime) -> bool:
        """Prolong the lease (or claim) of one host, where the token holds it; returns whether it does.

        An expired lease that nobody took is held still. No other run can take the host at the same moment and be told
        that it has it.
        """

    def held_hosts(self, token: str) -> frozenset[str]:
        """The hosts that the token holds, leased or claimed, expired or not."""

    def release(self, token: str, *, not_before: Mapping[str, datetime], hosts: Iterable[str] | None = None) -> int:
        """Give back the leases of these hosts (``None``: all of the token's, backfills too) and of their documents.

        ``not_before`` says per host when it may be asked again at the earliest (its reason is ``interval``); a rest
        that was set before and lasts as long stands. Returns documents given back undone.
        """

    def reclaim(self, tokens: Iterable[str], *, not_before: datetime) -> int:
        """Take back all that dead runs hold, as `release` does; returns documents freed, those of backfills too."""

    def reschedule(self, selection: Selection, *, next_fetch_at: datetime | None) -> int:
        """Set when the selected documents are due; returns how many. ``due_only`` of the selection is ignored."""

    def book(self, moments: Mapping[int, datetime]) -> int:
        """Set when documents, by id, are due that have no ``next_fetch_at``; returns how many.

        One that got a moment meanwhile keeps it; unknown ones, and those that are removed, are left out.
        """
