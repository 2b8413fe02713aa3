"""What pages and robots.txt were judged to be: packed as JSON beside the attempt, and the index of repeated texts.

Why the clues are no rows: they are shown with their attempt and never searched; some ten a page would make the
largest table of all.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, func, select

from storage.sql.models import AttemptRow, HostRow
from storage.types import Clue, FetchAttempt, PageKind, PageVerdict, RobotsDecision

MOST_REPEATS = 10
"""Repeats are counted up to here: more prove nothing more."""

_KEY_BYTES = 8


def judgement_values(attempt: FetchAttempt, host_id: int) -> dict[str, Any]:
    """Columns of an attempt that say what was judged; ``host_id`` is that of its document."""
    digest = attempt.page.page_digest if attempt.page else ""
    return {
        "page": _pack_page(attempt.page) if attempt.page else None,
        "page_key": _page_key(host_id, digest) if digest else None,
        "robots": _pack_robots(attempt.robots) if attempt.robots else None,
        "reservations": list(attempt.reservations),
    }


def _page_key(host_id: int, page_digest: str) -> int:
    """64 bits that stand for this text on this host."""
    mixed = f"{host_id} {page_digest}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(mixed, digest_size=_KEY_BYTES).digest(), "little", signed=True)


def _pack_page(page: PageVerdict) -> dict[str, Any]:
    return {
        "kind": page.kind.value,
        "score": page.score,
        "page_digest": page.page_digest,
        "clues": [[clue.name, clue.kind.value, clue.weight, clue.detail] for clue in page.clues],
    }


def unpack_page(packed: dict[str, Any] | None) -> PageVerdict | None:
    """The judgement of a page again."""
    if packed is None:
        return None
    clues = tuple(
        Clue(name=name, kind=PageKind(kind), weight=weight, detail=detail)
        for name, kind, weight, detail in packed["clues"]
    )
    return PageVerdict(
        kind=PageKind(packed["kind"]), score=packed["score"], clues=clues, page_digest=packed["page_digest"]
    )


def _pack_robots(robots: RobotsDecision) -> dict[str, Any]:
    return {"allowed": robots.allowed, "rule": robots.rule, "status": robots.status}


def unpack_robots(packed: dict[str, Any] | None) -> RobotsDecision | None:
    """What robots.txt said again."""
    return None if packed is None else RobotsDecision(**packed)


def repeats(connection: Connection, host: str, page_digest: str, *, document_id: int) -> int:
    """See `storage.protocol.Store.repeats`."""
    host_id = connection.scalar(select(HostRow.id).where(HostRow.name == host))
    if host_id is None or not page_digest:
        return 0
    others = (
        select(AttemptRow.document_id)
        .where(AttemptRow.page_key == _page_key(host_id, page_digest), AttemptRow.document_id != document_id)
        .distinct()
        .limit(MOST_REPEATS)
        .subquery()
    )
    return connection.scalar(select(func.count()).select_from(others)) or 0
