"""Documents that are one, in memory: what says so, what became of it, and what a person says against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from storage.errors import DocumentNotFound
from storage.memory.library import Library
from storage.merging import AUTOMATIC, LEAST_COPY, MOST_MOVED, following, root_by_claim, root_by_hand
from storage.types import Document, DocumentMerge, DocumentRole, RelationKind, SameDocumentClaim, SameDocumentHow


def put_claims(library: Library, document_id: int, claims: Sequence[SameDocumentClaim], now: datetime) -> None:
    """Keep what a document's server or page says about which document it is; the first of equal claims stays."""
    for claim in claims:
        library.claims.setdefault((document_id, claim.canonical_url, claim.how), (claim, now))


def settle_claims(library: Library, document_id: int, now: datetime) -> int:
    """Merge what the claims of a document, and those that name it, say by now; returns how many merges are new."""
    merged = 0
    for claimant, target, claim in _concerning(library, library.documents[document_id]):
        into_id = root_by_claim(claimant.id, target.id, library.merges.get)
        if into_id is None or not _holds(library, claimant, target, claim.how):
            continue
        _write(library, claimant.id, into_id, claim.how, claim.evidence, now)
        merged += 1
    return merged


def _concerning(library: Library, document: Document) -> list[tuple[Document, Document, SameDocumentClaim]]:
    """Claims between known sources that a document makes or that name it: claimant, target, claim; strongest first."""
    found = []
    for (claimant_id, url, how), (claim, claimed_at) in library.claims.items():
        claimant, target_id = library.documents[claimant_id], library.document_ids.get(url)
        if target_id is None or how not in AUTOMATIC or document.id not in {claimant_id, target_id}:
            continue
        target = library.documents[target_id]
        if claimant.role is DocumentRole.SOURCE and target.role is DocumentRole.SOURCE:
            rank = (AUTOMATIC.index(how), claimed_at, claimant.canonical_url, url)
            found.append((rank, (claimant, target, claim)))
    return [parts for _, parts in sorted(found, key=lambda one: one[0])]


def _holds(library: Library, claimant: Document, target: Document, how: SameDocumentHow) -> bool:
    """Whether what is stored bears a claim out: of permanent redirects that there are few, of a declared URL copies."""
    if how is SameDocumentHow.REDIRECT:
        moved = [one for one in library.claims if one[1:] == (target.canonical_url, how)]
        return len(moved) <= MOST_MOVED
    if claimant.article_id is None or target.article_id is None:
        return False
    one, other = sorted((claimant.article_id, target.article_id))
    relation = library.relations.get(one, {}).get(other)
    related = relation is not None and relation.kind is RelationKind.COPY and relation.score >= LEAST_COPY
    texts, payloads = _texts(library, one) & _texts(library, other), _payloads(library, one) & _payloads(library, other)
    return related or bool(texts) or bool(payloads)


def _texts(library: Library, article_id: int) -> set[str]:
    return {one.article.text_digest for one in library.versions_of(article_id)} - {""}


def _payloads(library: Library, article_id: int) -> set[str]:
    return {
        library.captures[capture_id].payload_digest
        for capture_id, (version_id, _) in library.sightings.items()
        if library.versions[version_id].article_id == article_id
    }


# -- by a person -----------------------------------------------------------------------------------------------------


def merge_documents(
    library: Library, document_id: int, into_id: int, *, how: SameDocumentHow, evidence: str, now: datetime
) -> DocumentMerge:
    """See `storage.story_store.StoryStore.merge_documents`."""
    for missing in [one for one in (document_id, into_id) if one not in library.documents]:
        raise DocumentNotFound(f"document {missing}")
    before = library.merges.get(document_id)
    into = root_by_hand(document_id, into_id, library.merges.get)
    by_hand = how is SameDocumentHow.HAND
    same = before is not None and before.undone_at is None and before.into_id == into
    decided = before or library.merges.get(into)
    if decided is not None and (
        same or (not by_hand and root_by_claim(document_id, into_id, library.merges.get) is None)
    ):
        return decided
    _leave(library, before)
    url = library.documents[into_id].canonical_url
    put_claims(library, document_id, [SameDocumentClaim(canonical_url=url, how=how, evidence=evidence)], now)
    _write(library, document_id, into, how, evidence, now)
    return library.merges[document_id]


def undo_merge(library: Library, document_id: int, *, because: str, now: datetime) -> DocumentMerge:
    """See `storage.story_store.StoryStore.undo_merge`."""
    before = library.merges.get(document_id)
    if before is None:
        raise DocumentNotFound(f"document {document_id}, which is merged into none")
    if before.undone_at is None:
        _leave(library, before)
        library.merges[document_id] = replace(before, undone_at=now, undone_because=because)
        parted = (library.documents[one].article_id for one in (document_id, before.into_id))
        library.uncompared.update(one for one in parted if one is not None)
    return library.merges[document_id]


def _leave(library: Library, before: DocumentMerge | None) -> None:
    """Let what came to a merge's target only through its document follow that document again."""
    if before is None or before.undone_at is not None:
        return
    group = {one.document_id for one in _standing(library) if one.into_id == before.into_id}
    claims = [
        (claimant, library.document_ids[url])
        for claimant, url, _ in library.claims
        if claimant in group and url in library.document_ids
    ]
    for pupil in following(before.document_id, before.into_id, group, claims):
        _point(library, pupil, before.document_id)


def _write(
    library: Library, document_id: int, into_id: int, how: SameDocumentHow, evidence: str, now: datetime
) -> None:
    """Write a merge over an earlier one of the document; what was merged into it follows."""
    library.merges[document_id] = DocumentMerge(
        document_id=document_id,
        canonical_url=library.documents[document_id].canonical_url,
        into_id=into_id,
        into_url=library.documents[into_id].canonical_url,
        how=how,
        evidence=evidence,
        merged_at=now,
    )
    for one in _standing(library):
        if one.into_id == document_id:
            _point(library, one.document_id, into_id)


def _point(library: Library, document_id: int, into_id: int) -> None:
    url = library.documents[into_id].canonical_url
    library.merges[document_id] = replace(library.merges[document_id], into_id=into_id, into_url=url)


# -- reading ---------------------------------------------------------------------------------------------------------


def merges(library: Library, *, undone: bool) -> Iterator[DocumentMerge]:
    """See `storage.story_store.StoryStore.merges`."""
    yield from (one for _, one in sorted(library.merges.items()) if undone or one.undone_at is None)


def merges_of(library: Library, document_id: int) -> tuple[DocumentMerge, ...]:
    """The merges that a document is part of, undone ones too, by document."""
    every = merges(library, undone=True)
    return tuple(one for one in every if document_id in {one.document_id, one.into_id})


def _standing(library: Library) -> list[DocumentMerge]:
    return [one for one in library.merges.values() if one.undone_at is None]
