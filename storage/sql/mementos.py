"""Where archived copies come from, as JSON and back; and why they were taken or not.

Why written out field by field: as in `storage.sql.packing`, renaming an attribute must not rename what is stored.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage.types import Coverage, DigestCheck, Memento

Packed = dict[str, Any]


def pack_memento(memento: Memento | None) -> Packed | None:
    """The provenance as JSON values; nothing is left out."""
    if memento is None:
        return None
    return {
        "archive": memento.archive,
        "url": memento.url,
        "page_url": memento.page_url,
        "captured_at": memento.captured_at.isoformat(),
        "requested_at": memento.requested_at.isoformat(),
        "digest_check": memento.digest_check.value,
        "index_digest": memento.index_digest,
        "index_row": memento.index_row,
        "source": memento.source,
        "public_url": memento.public_url,
    }


def unpack_memento(packed: Packed | None) -> Memento | None:
    """The provenance again."""
    if packed is None:
        return None
    return Memento(
        archive=packed["archive"],
        url=packed["url"],
        page_url=packed["page_url"],
        captured_at=datetime.fromisoformat(packed["captured_at"]),
        requested_at=datetime.fromisoformat(packed["requested_at"]),
        digest_check=DigestCheck(packed["digest_check"]),
        index_digest=packed["index_digest"],
        index_row=packed["index_row"],
        source=packed["source"],
        public_url=packed["public_url"],
    )


def pack_coverage(coverage: Coverage | None) -> Packed | None:
    """The evidence as JSON values."""
    if coverage is None:
        return None
    return {
        "score": coverage.score,
        "accepted": coverage.accepted,
        "event_key": coverage.event_key,
        "found": list(coverage.found),
        "missing": list(coverage.missing),
        "detail": coverage.detail,
    }


def unpack_coverage(packed: Packed | None) -> Coverage | None:
    """The evidence again."""
    if packed is None:
        return None
    return Coverage(
        score=packed["score"],
        accepted=packed["accepted"],
        event_key=packed["event_key"],
        found=tuple(packed["found"]),
        missing=tuple(packed["missing"]),
        detail=packed["detail"],
    )
