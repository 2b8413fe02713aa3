"""One capture or one cluster by its number."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.errors import CaptureNotFound, ClusterNotFound
from storage.sql.models import (
    ArticleVersionRow,
    AttemptRow,
    CaptureRow,
    ClusterMemberRow,
    ClusterRow,
    DocumentRow,
    SightingRow,
)
from storage.sql.reading import member, members
from storage.sql.rows import attempt, attempts, captures, documents
from storage.sql.rows import capture as capture_of
from storage.sql.rows import document as document_of
from storage.sql.takedowns import stored_takedown
from storage.types import Capture, CaptureView, ClusterView


def capture_view(connection: Connection, capture_id: int) -> CaptureView:
    """See `storage.browsing_store.BrowsingStore.capture`."""
    row = connection.execute(captures().where(CaptureRow.id == capture_id)).first()
    if row is None:
        raise CaptureNotFound(capture_id)
    capture = capture_of(row)
    asked = attempt(connection.execute(attempts().where(AttemptRow.id == row.attempt_id)).one())
    wanted = connection.execute(documents().where(DocumentRow.id == asked.document_id)).one()
    shown = select(ArticleVersionRow.article_id, ArticleVersionRow.number)
    shown = shown.join(SightingRow, SightingRow.version_id == ArticleVersionRow.id)
    version = connection.execute(shown.where(SightingRow.capture_id == capture_id)).first()
    return CaptureView(
        capture=capture,
        attempt=asked,
        document=document_of(wanted),
        article_id=version.article_id if version else None,
        version=version.number if version else None,
        holder_id=_holder(connection, capture),
        takedown=None if capture.takedown_id is None else stored_takedown(connection, capture.takedown_id),
    )


def _holder(connection: Connection, capture: Capture) -> int | None:
    if not capture.revisit_of:
        return None
    # The digest is what has an index.
    holder = (CaptureRow.payload_digest == capture.payload_digest, CaptureRow.record_id == capture.revisit_of)
    return connection.scalar(select(CaptureRow.id).where(*holder).order_by(CaptureRow.id).limit(1))


def cluster_view(connection: Connection, cluster_id: int) -> ClusterView:
    """See `storage.browsing_store.BrowsingStore.cluster`."""
    number: int | None = cluster_id
    seen: set[int] = set()
    while number is not None and number not in seen:
        seen.add(number)
        found = tuple(map(member, connection.execute(members().where(ClusterMemberRow.cluster_id == number))))
        if found:
            return ClusterView(id=number, members=found)
        number = connection.scalar(select(ClusterRow.merged_into).where(ClusterRow.id == number))
    raise ClusterNotFound(cluster_id)
