"""The lead images of articles: which document is fetched for a version, and what the stored images are.

Why the link hangs on the version and the facts on the capture: a later version may show another picture, two articles
may show the same one, and a picture that is fetched again may have changed. Each is written once and never changed.

Why the article's URL is kept beside the link: extracting again may find another lead image; the stored one must then
not be taken for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, select, update

from storage.sql.chunks import chunks
from storage.sql.documents import ensure_documents
from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    CaptureRow,
    DocumentRow,
    LeadImageRow,
    StoredImageRow,
)
from storage.sql.rows import capture, captures, document, documents
from storage.sql.selecting import is_role
from storage.types import Capture, DocumentRole, ImageFacts, LeadImage, WantedImage

_UNTRIED = "untried"


# -- writing ---------------------------------------------------------------------------------------------------------


def put(connection: Connection, wanted: Mapping[int, WantedImage], *, now: datetime) -> int:
    """See `storage.article_store.ArticleStore.put_lead_images`."""
    known = _links(connection, wanted)
    fresh = {version_id: one for version_id, one in wanted.items() if known.get(version_id) != one.url}
    identities = [one.identity for one in fresh.values()]
    ids, added = ensure_documents(connection, identities, now=now, due_at=now, role=DocumentRole.LEAD_IMAGE)
    for version_id, one in fresh.items():
        values = {"url": one.url, "document_id": ids[one.identity.canonical_url]}
        if version_id in known:
            connection.execute(update(LeadImageRow).where(LeadImageRow.version_id == version_id), values)
        else:
            connection.execute(insert(LeadImageRow), {"version_id": version_id, **values})
    return added


def _links(connection: Connection, version_ids: Iterable[int]) -> dict[int, str]:
    """The URL of each version that has a link."""
    found: dict[int, str] = {}
    for piece in chunks(version_ids):
        linked = select(LeadImageRow.version_id, LeadImageRow.url).where(LeadImageRow.version_id.in_(piece))
        found |= {row.version_id: row.url for row in connection.execute(linked)}
    return found


def put_facts(connection: Connection, capture_id: int, document_id: int, facts: ImageFacts) -> None:
    """Write what a capture shows."""
    values = {
        "capture_id": capture_id,
        "document_id": document_id,
        "width": facts.width,
        "height": facts.height,
        "media_type": facts.media_type,
        "perceptual_hash": facts.perceptual_hash,
    }
    connection.execute(insert(StoredImageRow), values)


# -- reading ---------------------------------------------------------------------------------------------------------


def lead_images(connection: Connection, article_ids: Iterable[int]) -> dict[int, LeadImage]:
    """For each article whose current version has a link, the image."""
    rows = [row for piece in chunks(article_ids) for row in connection.execute(_linked(piece))]
    ids = {row.document_id for row in rows}
    shown = _stored(connection, ids)
    owners = {
        one.id: document(one)
        for piece in chunks(ids)
        for one in connection.execute(documents().where(DocumentRow.id.in_(piece)))
    }
    found = {}
    for row in rows:
        facts, stored = shown.get(row.document_id, (None, None))
        image = LeadImage(url=row.url, document=owners[row.document_id], facts=facts, capture=stored)
        found[row.article_id] = image
    return found


def _linked(article_ids: list[int]) -> Select[*tuple[Any, ...]]:
    of_current = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)
    return (
        select(ArticleRow.id.label("article_id"), LeadImageRow.url, LeadImageRow.document_id)
        .join(ArticleVersionRow, of_current)
        .join(LeadImageRow, LeadImageRow.version_id == ArticleVersionRow.id)
        .where(ArticleRow.id.in_(article_ids))
    )


def _stored(connection: Connection, document_ids: Iterable[int]) -> dict[int, tuple[ImageFacts, Capture]]:
    """For each document the latest image that was stored of it."""
    found: dict[int, tuple[ImageFacts, Capture]] = {}
    facts = captures().join(StoredImageRow, StoredImageRow.capture_id == CaptureRow.id)
    facts = facts.add_columns(
        StoredImageRow.document_id,
        StoredImageRow.width,
        StoredImageRow.height,
        StoredImageRow.media_type.label("image_type"),
        StoredImageRow.perceptual_hash,
    )
    for piece in chunks(document_ids):
        of_piece = facts.where(StoredImageRow.document_id.in_(piece)).order_by(CaptureRow.id)
        for row in connection.execute(of_piece):
            found[row.document_id] = (_facts(row), capture(row))
    return found


def _facts(row: Row[Any]) -> ImageFacts:
    return ImageFacts(
        width=row.width, height=row.height, media_type=row.image_type, perceptual_hash=row.perceptual_hash
    )


def showing(connection: Connection, document_id: int) -> tuple[int, ...]:
    """Articles of which a version shows the document as lead image."""
    articles = select(ArticleVersionRow.article_id).join(LeadImageRow, LeadImageRow.version_id == ArticleVersionRow.id)
    return tuple(sorted(set(connection.scalars(articles.where(LeadImageRow.document_id == document_id)))))


def by_outcome(connection: Connection) -> dict[str, int]:
    """How many lead images stand how."""
    latest = func.coalesce(DocumentRow.last_outcome, _UNTRIED)
    images = select(latest, func.count()).where(is_role(DocumentRole.LEAD_IMAGE))
    rows = connection.execute(images.group_by(latest).order_by(latest))
    return {outcome: count for outcome, count in rows}  # noqa: C416 -- rows are no pairs
