"""Giving documents the canonical URLs of the present rules; `storage.renaming` says which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from storage.merging import Known
from storage.renaming import Rename, Renaming, Sameness, evidence, judged, told
from storage.sql.chunks import chunks
from storage.sql.merges import known_merges, merge_documents, settle_claims
from storage.sql.models import ArticleRow, DocumentClaimRow, DocumentRow
from storage.sql.reading import find_document
from storage.sql.rows import document, documents, memento_values, url_digest
from storage.story_store import Identifier
from storage.types import Document, RenewedUrl, RenewedUrls, SameDocumentHow, UrlChange

_OWN = update(DocumentRow).where(DocumentRow.id == bindparam("own"))
_RENAME = _OWN.values(canonical_url=bindparam("to_url"), url_digest=bindparam("to_digest"), url_key=bindparam("to_key"))
_PARK = _OWN.values(url_digest=bindparam("to_digest"))
_Claim = dict[str, Any]


def renew_urls(
    connection: Connection, identify: Identifier, *, after: int, limit: int, now: datetime, dry_run: bool
) -> RenewedUrls:
    """See `storage.story_store.StoryStore.renew_urls`."""
    rows = connection.execute(documents().where(DocumentRow.id > after).order_by(DocumentRow.id).limit(limit))
    batch = [document(row) for row in rows]
    renaming = Renaming(identify=identify, stored=lambda url: find_document(connection, url))
    renaming.decide(batch)
    if not dry_run:
        _rename(connection, renaming.renames)
    known = known_merges(connection)
    judgements = [_merge(connection, pair, known, now, dry_run=dry_run) for pair in renaming.same]
    if not dry_run:
        for document_id in sorted(one.document.id for one in renaming.renames):
            settle_claims(connection, document_id, now)
    return RenewedUrls(last=batch[-1].id if batch else 0, looked=len(batch), changes=told(batch, renaming, judgements))


def _merge(connection: Connection, pair: Sameness, known: Known, now: datetime, *, dry_run: bool) -> RenewedUrl | None:
    judgement = judged(pair, known)
    if judgement is not None and judgement.change is UrlChange.MERGED and not dry_run:
        ids = pair.document.id, pair.into.id
        merge_documents(connection, *ids, SameDocumentHow.RULES, evidence(pair), now)
    return judgement


def _rename(connection: Connection, renames: Sequence[Rename]) -> None:
    """Write new URLs; documents that exchange theirs have none at all for a moment."""
    if not renames:
        return
    connection.execute(_PARK, [{"own": one.document.id, "to_digest": _parked(one.document)} for one in renames])
    connection.execute(
        _RENAME,
        [
            {
                "own": one.document.id,
                "to_url": one.identity.canonical_url,
                "to_digest": url_digest(one.identity.canonical_url),
                "to_key": one.identity.url_key,
            }
            for one in renames
        ],
    )
    for one in renames:
        if one.document.memento is None and one.identity.memento is not None:
            connection.execute(_OWN.values(memento_values(one.identity.memento)), {"own": one.document.id})
    for piece in chunks(one.document.id for one in renames):
        of_these = ArticleRow.document_id.in_(piece)
        connection.execute(update(ArticleRow).where(of_these).values(compare_pending=True))
    _follow(connection, renames)


def _parked(one: Document) -> bytes:
    """A digest that no document has, for no canonical URL has this scheme."""
    return url_digest(f"renaming:{one.id}")


def _follow(connection: Connection, renames: Sequence[Rename]) -> None:
    """Let claims name the documents that they named by the URLs which these have now."""
    urls = {url_digest(one.document.canonical_url): one.identity.canonical_url for one in renames}
    moved: list[_Claim] = []
    for piece in chunks(urls):
        of_these = DocumentClaimRow.target_digest.in_(piece)
        rows = connection.execute(select(*DocumentClaimRow.__table__.columns).where(of_these))
        moved += [_moved(row, urls[bytes(row.target_digest)]) for row in rows]
    for piece in chunks(urls):
        connection.execute(delete(DocumentClaimRow).where(DocumentClaimRow.target_digest.in_(piece)))
    known: set[tuple[Any, ...]] = set()
    for digests in chunks({claim["target_digest"] for claim in moved}):
        of_these = DocumentClaimRow.target_digest.in_(digests)
        known |= {
            _place(row._asdict()) for row in connection.execute(select(DocumentClaimRow.__table__).where(of_these))
        }
    if fresh := [claim for claim in moved if _place(claim) not in known]:
        connection.execute(insert(DocumentClaimRow), fresh)


def _moved(row: Row[Any], url: str) -> _Claim:
    return {**row._asdict(), "target_digest": url_digest(url), "canonical_url": url}


def _place(claim: _Claim) -> tuple[Any, ...]:
    return claim["document_id"], bytes(claim["target_digest"]), claim["how"]
