"""Giving documents the canonical URLs of the present rules, in memory; `storage.renaming` says which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from storage.memory.library import Library
from storage.memory.merges import merge_documents, settle_claims
from storage.renaming import Rename, Renaming, Sameness, evidence, judged, told
from storage.story_store import Identifier
from storage.types import Document, RenewedUrl, RenewedUrls, SameDocumentHow, UrlChange


def renew_urls(
    library: Library, identify: Identifier, *, after: int, limit: int, now: datetime, dry_run: bool
) -> RenewedUrls:
    """See `storage.story_store.StoryStore.renew_urls`."""
    batch = [one for number, one in sorted(library.documents.items()) if number > after][:limit]
    renaming = Renaming(identify=identify, stored=lambda url: _holder(library, url))
    renaming.decide(batch)
    if not dry_run:
        _rename(library, renaming.renames)
    judgements = [_merge(library, pair, now, dry_run=dry_run) for pair in renaming.same]
    if not dry_run:
        for document_id in sorted(one.document.id for one in renaming.renames):
            settle_claims(library, document_id, now)
    return RenewedUrls(last=batch[-1].id if batch else 0, looked=len(batch), changes=told(batch, renaming, judgements))


def _holder(library: Library, url: str) -> Document | None:
    known = library.document_ids.get(url)
    return None if known is None else library.documents[known]


def _merge(library: Library, pair: Sameness, now: datetime, *, dry_run: bool) -> RenewedUrl | None:
    judgement = judged(pair, library.merges.get)
    if judgement is not None and judgement.change is UrlChange.MERGED and not dry_run:
        ids = pair.document.id, pair.into.id
        merge_documents(library, *ids, how=SameDocumentHow.RULES, evidence=evidence(pair), now=now)
    return judgement


def _rename(library: Library, renames: Sequence[Rename]) -> None:
    """Write new URLs, also where the other tables keep them."""
    for one in renames:
        del library.document_ids[one.document.canonical_url]
    for one in renames:
        library.document_ids[one.identity.canonical_url] = one.document.id
        library.documents[one.document.id] = replace(
            one.document,
            canonical_url=one.identity.canonical_url,
            url_key=one.identity.url_key,
            memento=one.document.memento or one.identity.memento,
        )
        if one.document.article_id is not None:
            library.uncompared.add(one.document.article_id)
    urls = {one.document.canonical_url: one.identity.canonical_url for one in renames}
    if urls:
        _follow(library, urls)


def _follow(library: Library, urls: Mapping[str, str]) -> None:
    """Let what names documents by their URLs name them by those that they have now; ``urls``: old -> new."""
    moved = {place: library.claims.pop(place) for place in list(library.claims) if place[1] in urls}
    for (document_id, url, how), (claim, claimed_at) in moved.items():
        fresh = replace(claim, canonical_url=urls[url]), claimed_at
        library.claims.setdefault((document_id, urls[url], how), fresh)
    for number, merge in library.merges.items():
        own, into = urls.get(merge.canonical_url), urls.get(merge.into_url)
        library.merges[number] = replace(
            merge, canonical_url=own or merge.canonical_url, into_url=into or merge.into_url
        )
    for number, found in library.discoveries.items():
        library.discoveries[number] = replace(found, feed_url=urls.get(found.feed_url, found.feed_url))
    for event in library.events():
        for citation in event.citations:
            identity = citation.link.identity
            if identity is not None and identity.canonical_url in urls:
                identity = replace(identity, canonical_url=urls[identity.canonical_url])
                citation.link = replace(citation.link, identity=identity)
