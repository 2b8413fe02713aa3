"""Captures of one visit together: the page, what led to it, what a browser made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from storage.sql.chunks import chunks
from storage.sql.models import CaptureRow
from storage.sql.rows import capture, captures
from storage.types import Capture


def visits(connection: Connection, capture_ids: Collection[int]) -> dict[int, tuple[Capture, ...]]:
    """See `storage.article_store.ArticleStore.visits`."""
    found: dict[int | None, dict[int, Capture]] = defaultdict(dict)
    for piece in chunks(sorted(capture_ids)):
        attempts = select(CaptureRow.attempt_id).where(CaptureRow.id.in_(piece))
        for row in connection.execute(captures().where(CaptureRow.attempt_id.in_(attempts))):
            one = capture(row)
            found[one.attempt_id][one.id or 0] = one
    told: dict[int, tuple[Capture, ...]] = {}
    wanted = set(capture_ids)
    for visit in found.values():
        own = tuple(sorted(visit.values(), key=lambda one: (one.fetched_at, one.id)))
        told |= dict.fromkeys(visit.keys() & wanted, own)
    return told
