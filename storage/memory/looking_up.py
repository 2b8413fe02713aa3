"""One capture or one cluster by its number, in memory."""

from __future__ import annotations

from storage.errors import CaptureNotFound, ClusterNotFound
from storage.memory.library import Library
from storage.memory.reading import members
from storage.types import Capture, CaptureView, ClusterView


def capture_view(library: Library, capture_id: int) -> CaptureView:
    """See `storage.browsing_store.BrowsingStore.capture`."""
    capture = library.captures.get(capture_id)
    if capture is None:
        raise CaptureNotFound(capture_id)
    attempt = next(one for one in library.attempts.values() if one.id == capture.attempt_id)
    shown = library.sightings.get(capture_id)
    version = library.versions[shown[0]] if shown else None
    return CaptureView(
        capture=capture,
        attempt=attempt,
        document=library.documents[attempt.document_id],
        article_id=version.article_id if version else None,
        version=version.number if version else None,
        holder_id=_holder(library, capture),
        takedown=None if capture.takedown_id is None else library.takedowns[capture.takedown_id],
    )


def _holder(library: Library, capture: Capture) -> int | None:
    if not capture.revisit_of:
        return None
    return next((one.id for one in library.captures.values() if one.location.record_id == capture.revisit_of), None)


def cluster_view(library: Library, cluster_id: int) -> ClusterView:
    """See `storage.browsing_store.BrowsingStore.cluster`."""
    number: int | None = cluster_id
    seen: set[int] = set()
    while number is not None and number not in seen:
        seen.add(number)
        if library.clusters.get(number):
            return ClusterView(id=number, members=members(library, number))
        number = library.merged_into.get(number)
    raise ClusterNotFound(cluster_id)
