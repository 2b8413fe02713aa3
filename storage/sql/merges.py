"""Documents that are one: what says so, what became of it, and what a person says against it.

Why claims are looked up from both sides: the document that is named may have come first or may come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Row, Select, and_, bindparam, insert, or_, select, union_all, update
from sqlalchemy.orm import aliased

from storage.errors import DocumentNotFound
from storage.merging import AUTOMATIC, LEAST_COPY, MOST_MOVED, Known, following, root_by_claim, root_by_hand
from storage.sql.chunks import CHUNK, chunks
from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    CaptureRow,
    DocumentClaimRow,
    DocumentMergeRow,
    DocumentRow,
    RelationRow,
    SightingRow,
)
from storage.sql.rows import url_digest
from storage.sql.selecting import Reading
from storage.types import DocumentMerge, DocumentRole, RelationKind, SameDocumentClaim, SameDocumentHow

_CLAIMANT, _TARGET = aliased(DocumentRow), aliased(DocumentRow)
_CLAIMS: Any = (
    select(
        DocumentClaimRow.document_id,
        DocumentClaimRow.how,
        DocumentClaimRow.evidence,
        DocumentClaimRow.claimed_at,
        _CLAIMANT.canonical_url.label("claimant_url"),
        _TARGET.id.label("target_id"),
        _TARGET.canonical_url.label("target_url"),
    )
    .join(_CLAIMANT, _CLAIMANT.id == DocumentClaimRow.document_id)
    .join(_TARGET, _TARGET.url_digest == DocumentClaimRow.target_digest)
    .where(_CLAIMANT.role == DocumentRole.SOURCE, _TARGET.role == DocumentRole.SOURCE)
)
_OWN_DIGEST = select(DocumentRow.url_digest).where(DocumentRow.id == bindparam("document")).scalar_subquery()
_CONCERNING: CompoundSelect[Any] = union_all(
    _CLAIMS.where(DocumentClaimRow.document_id == bindparam("document")),
    _CLAIMS.where(DocumentClaimRow.target_digest == _OWN_DIGEST),
)
_INTO = aliased(DocumentRow)
_MERGES: Select[Any] = (
    select(*DocumentMergeRow.__table__.columns, DocumentRow.canonical_url, _INTO.canonical_url.label("into_url"))
    .join(DocumentRow, DocumentRow.id == DocumentMergeRow.document_id)
    .join(_INTO, _INTO.id == DocumentMergeRow.into_id)
)
_MOVED = (
    select(DocumentClaimRow.document_id)
    .join(DocumentRow, DocumentRow.url_digest == DocumentClaimRow.target_digest)
    .where(DocumentRow.id == bindparam("target"), DocumentClaimRow.how == SameDocumentHow.REDIRECT)
    .limit(MOST_MOVED + 1)
)
_STANDS = DocumentMergeRow.undone_at.is_(None)


def put_claims(connection: Connection, document_id: int, claims: Sequence[SameDocumentClaim], now: datetime) -> None:
    """Keep what a document's server or page says about which document it is; the first of equal claims stays."""
    if not claims:
        return
    own = select(DocumentClaimRow.target_digest, DocumentClaimRow.how)
    rows = connection.execute(own.where(DocumentClaimRow.document_id == document_id))
    known = {(bytes(row.target_digest), row.how) for row in rows}
    fresh = {
        place: claim
        for claim in reversed(claims)
        if (place := (url_digest(claim.canonical_url), str(claim.how))) not in known
    }
    if fresh:
        connection.execute(
            insert(DocumentClaimRow),
            [
                {
                    "document_id": document_id,
                    "target_digest": digest,
                    "how": how,
                    "canonical_url": claim.canonical_url,
                    "evidence": claim.evidence,
                    "claimed_at": now,
                }
                for (digest, how), claim in fresh.items()
            ],
        )


def settle_claims(connection: Connection, document_id: int, now: datetime) -> int:
    """Merge what the claims of a document, and those that name it, say by now; returns how many merges are new."""
    rows = [row for row in connection.execute(_CONCERNING, {"document": document_id}) if row.how in AUTOMATIC]
    known, merged = known_merges(connection), 0
    for row in sorted(rows, key=_strength):
        into_id = root_by_claim(row.document_id, row.target_id, known)
        if into_id is None or not _holds(connection, row):
            continue
        _write(connection, row.document_id, into_id, SameDocumentHow(row.how), row.evidence, now)
        merged += 1
    return merged


def settle_articles(connection: Connection, article_ids: Iterable[int], now: datetime) -> None:
    """Settle the claims of articles that were compared anew, for which they may hold by now."""
    named = select(DocumentClaimRow.target_digest)
    concerned = or_(DocumentRow.id.in_(select(DocumentClaimRow.document_id)), DocumentRow.url_digest.in_(named))
    own = select(DocumentRow.id).join(ArticleRow, ArticleRow.document_id == DocumentRow.id).where(concerned)
    for piece in chunks(sorted(set(article_ids))):
        for document_id in connection.scalars(own.where(ArticleRow.id.in_(piece)).order_by(ArticleRow.id)).all():
            settle_claims(connection, document_id, now)


def _strength(row: Row[Any]) -> tuple[object, ...]:
    return AUTOMATIC.index(row.how), row.claimed_at, row.claimant_url, row.target_url


def _holds(connection: Connection, claim: Row[Any]) -> bool:
    """Whether what is stored bears a claim out: of permanent redirects that there are few, of a declared URL copies."""
    if claim.how == SameDocumentHow.REDIRECT:
        moved = connection.execute(_MOVED, {"target": claim.target_id}).all()
        return len(moved) <= MOST_MOVED
    pair = select(ArticleRow.id).where(ArticleRow.document_id.in_([claim.document_id, claim.target_id]))
    articles = sorted(connection.scalars(pair))
    return len(articles) > 1 and _are_copies(connection, articles[0], articles[1])


def _are_copies(connection: Connection, one: int, other: int) -> bool:
    related = select(RelationRow.score).where(RelationRow.article_id == one, RelationRow.other_id == other)
    related = related.where(RelationRow.kind == RelationKind.COPY, RelationRow.score >= LEAST_COPY)
    texts = (_texts(one), _texts(other))
    return (
        connection.execute(related).first() is not None
        or connection.execute(texts[0].intersect(texts[1]).limit(1)).first() is not None
        or connection.execute(_payloads(one).intersect(_payloads(other)).limit(1)).first() is not None
    )


def _texts(article_id: int) -> Select[Any]:
    own = select(ArticleVersionRow.text_digest).where(ArticleVersionRow.article_id == article_id)
    return own.where(ArticleVersionRow.text_digest != "")


def _payloads(article_id: int) -> Select[Any]:
    return (
        select(CaptureRow.payload_digest)
        .join(SightingRow, SightingRow.capture_id == CaptureRow.id)
        .join(ArticleVersionRow, ArticleVersionRow.id == SightingRow.version_id)
        .where(ArticleVersionRow.article_id == article_id)
    )


# -- by a person -----------------------------------------------------------------------------------------------------


def merge_documents(
    connection: Connection, document_id: int, into_id: int, how: SameDocumentHow, evidence: str, now: datetime
) -> DocumentMerge:
    """See `storage.story_store.StoryStore.merge_documents`."""
    urls = _require_documents(connection, document_id, into_id)
    known = known_merges(connection)
    before = known(document_id)
    into = root_by_hand(document_id, into_id, known)
    by_hand = how is SameDocumentHow.HAND
    same = before is not None and before.undone_at is None and before.into_id == into
    decided = before or known(into)
    if decided is not None and (same or (not by_hand and root_by_claim(document_id, into_id, known) is None)):
        return decided
    _leave(connection, before)
    put_claims(
        connection, document_id, [SameDocumentClaim(canonical_url=urls[into_id], how=how, evidence=evidence)], now
    )
    _write(connection, document_id, into, how, evidence, now)
    return _one(connection, document_id)


def undo_merge(connection: Connection, document_id: int, because: str, now: datetime) -> DocumentMerge:
    """See `storage.story_store.StoryStore.undo_merge`."""
    before = known_merges(connection)(document_id)
    if before is None:
        raise DocumentNotFound(f"document {document_id}, which is merged into none")
    if before.undone_at is None:
        _leave(connection, before)
        own = DocumentMergeRow.document_id == document_id
        connection.execute(update(DocumentMergeRow).where(own).values(undone_at=now, undone_because=because))
        parted = ArticleRow.document_id.in_([document_id, before.into_id])
        connection.execute(update(ArticleRow).where(parted).values(compare_pending=True))
    return _one(connection, document_id)


def _require_documents(connection: Connection, *ids: int) -> dict[int, str]:
    """The canonical URLs of documents. Raises `DocumentNotFound`."""
    rows = connection.execute(select(DocumentRow.id, DocumentRow.canonical_url).where(DocumentRow.id.in_(ids)))
    urls = {row.id: row.canonical_url for row in rows}
    for missing in [one for one in ids if one not in urls]:
        raise DocumentNotFound(f"document {missing}")
    return urls


def _leave(connection: Connection, before: DocumentMerge | None) -> None:
    """Let what came to a merge's target only through its document follow that document again."""
    if before is None or before.undone_at is not None:
        return
    of_group = select(DocumentMergeRow.document_id).where(DocumentMergeRow.into_id == before.into_id, _STANDS)
    named = select(DocumentClaimRow.document_id, DocumentRow.id.label("target"))
    named = named.join(DocumentRow, DocumentRow.url_digest == DocumentClaimRow.target_digest)
    named = named.where(DocumentClaimRow.document_id.in_(of_group))
    claims = [(row.document_id, row.target) for row in connection.execute(named)]
    group = set(connection.scalars(of_group))
    for pupil in following(before.document_id, before.into_id, group, claims):
        own = DocumentMergeRow.document_id == pupil
        connection.execute(update(DocumentMergeRow).where(own).values(into_id=before.document_id))


def _write(
    connection: Connection, document_id: int, into_id: int, how: SameDocumentHow, evidence: str, now: datetime
) -> None:
    """Write a merge over an earlier one of the document; what was merged into it follows."""
    values = {"into_id": into_id, "how": how, "evidence": evidence, "merged_at": now}
    values |= {"undone_at": None, "undone_because": ""}
    own = update(DocumentMergeRow).where(DocumentMergeRow.document_id == document_id).values(**values)
    if connection.execute(own).rowcount == 0:
        connection.execute(insert(DocumentMergeRow), {"document_id": document_id, **values})
    pupils = update(DocumentMergeRow).where(DocumentMergeRow.into_id == document_id, _STANDS)
    connection.execute(pupils.values(into_id=into_id))


# -- reading ---------------------------------------------------------------------------------------------------------


def merges(read: Reading, *, undone: bool) -> Iterator[DocumentMerge]:
    """See `storage.story_store.StoryStore.merges`; page by page."""
    after = 0
    while True:
        statement = _MERGES.where(DocumentMergeRow.document_id > after).order_by(DocumentMergeRow.document_id)
        with read() as connection:
            page = connection.execute((statement if undone else statement.where(_STANDS)).limit(CHUNK)).all()
        yield from map(_merge, page)
        if len(page) < CHUNK:
            return
        after = page[-1].document_id


def merges_of(connection: Connection, document_ids: Sequence[int]) -> dict[int, tuple[DocumentMerge, ...]]:
    """For each document the merges that it is part of, undone ones too, by document."""
    touching = or_(DocumentMergeRow.document_id.in_(document_ids), DocumentMergeRow.into_id.in_(document_ids))
    rows = connection.execute(_MERGES.where(touching).order_by(DocumentMergeRow.document_id))
    wanted, found = set(document_ids), dict[int, tuple[DocumentMerge, ...]]()
    for one in map(_merge, rows):
        for document_id in wanted & {one.document_id, one.into_id}:
            found[document_id] = (*found.get(document_id, ()), one)
    return found


def standing_articles(connection: Connection, article_ids: Sequence[int]) -> dict[int, int]:
    """For each of these articles whose document is merged: the article of the document that stands for it."""
    own, into = aliased(ArticleRow), aliased(ArticleRow)
    statement = (
        select(own.id, into.id.label("into"))
        .join(DocumentMergeRow, and_(DocumentMergeRow.document_id == own.document_id, _STANDS))
        .join(into, into.document_id == DocumentMergeRow.into_id)
        .where(own.id.in_(article_ids))
    )
    return {row.id: row.into for row in connection.execute(statement)}


def known_merges(connection: Connection) -> Known:
    """What is known of the merge of each document."""

    def known(document_id: int) -> DocumentMerge | None:
        row = connection.execute(_MERGES.where(DocumentMergeRow.document_id == document_id)).first()
        return None if row is None else _merge(row)

    return known


def _one(connection: Connection, document_id: int) -> DocumentMerge:
    return _merge(connection.execute(_MERGES.where(DocumentMergeRow.document_id == document_id)).one())


def _merge(row: Row[Any]) -> DocumentMerge:
    return DocumentMerge(
        document_id=row.document_id,
        canonical_url=row.canonical_url,
        into_id=row.into_id,
        into_url=row.into_url,
        how=SameDocumentHow(row.how),
        evidence=row.evidence,
        merged_at=row.merged_at,
        undone_at=row.undone_at,
        undone_because=row.undone_because,
    )
