"""Who serves which kind of work that needs neither of a worker's engines: what is done with texts that are stored.

A kind is one function and one line in `KINDS`. It is given the worker's session (its store, its extraction pool) and
one order; it works for about ``workers.slice_s`` seconds, and says whether there is more. It is cancelled where the
worker stops, so everything that it stores must be whole at any moment.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from crawler.queueing.orders import HostOrder, Served, WorkKind
from crawler.session import Session
from crawler.working import comparing, reextracting

Serve = Callable[[Session, HostOrder], Awaitable[Served]]
"""Looks after one host for a slice."""

KINDS: Mapping[WorkKind, Serve] = {
    WorkKind.REEXTRACT: reextracting.serve,
    WorkKind.COMPARE: comparing.serve,
}
"""Kind -> who serves it."""
