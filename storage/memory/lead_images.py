"""The lead images of articles, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from storage.memory.library import Library
from storage.types import Document, DocumentRole, LeadImage, WantedImage

_UNTRIED = "untried"


def put(library: Library, wanted: Mapping[int, WantedImage], *, now: datetime, dry_run: bool = False) -> int:
    """See `storage.article_store.ArticleStore.put_lead_images`."""
    linked = {version_id: url for version_id, (url, _) in library.lead_images.items()}
    fresh = {version_id: one for version_id, one in wanted.items() if linked.get(version_id) != one.url}
    identities = {one.identity.canonical_url: one.identity for one in fresh.values()}
    if dry_run:
        return len(identities.keys() - library.document_ids.keys())
    role = DocumentRole.LEAD_IMAGE
    added = sum(library.ensure(one, now=now, due_at=now, role=role) for one in identities.values())
    for version_id, one in fresh.items():
        library.lead_images[version_id] = (one.url, library.document_ids[one.identity.canonical_url])
    return added


def lead_image(library: Library, version_id: int) -> LeadImage | None:
    """The lead image of a version; ``None`` where it has no link."""
    if version_id not in library.lead_images:
        return None
    url, document_id = library.lead_images[version_id]
    own = {one.id for one in library.attempts.values() if one.document_id == document_id}
    shown = [one for one in sorted(library.stored_images) if library.captures[one].attempt_id in own]
    return LeadImage(
        url=url,
        document=library.documents[document_id],
        facts=library.stored_images[shown[-1]] if shown else None,
        capture=library.captures[shown[-1]] if shown else None,
    )


def showing(library: Library, document_id: int) -> tuple[int, ...]:
    """Articles of which a version shows the document as lead image."""
    versions = (version_id for version_id, (_, shown) in library.lead_images.items() if shown == document_id)
    return tuple(sorted({library.versions[one].article_id for one in versions}))


def by_outcome(documents: list[Document]) -> dict[str, int]:
    """How many lead images stand how."""
    images = (one for one in documents if one.role is DocumentRole.LEAD_IMAGE)
    return dict(sorted(Counter(str(one.last_outcome or _UNTRIED) for one in images).items()))
