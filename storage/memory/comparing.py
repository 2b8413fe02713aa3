"""Working out relations and stories of stored articles anew, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from storage.memory.candidates import looked_up, put_keys
from storage.memory.library import Library
from storage.memory.merges import settle_claims
from storage.memory.relations import replace_relations
from storage.memory.stories import retell
from storage.protocol import Decider, Fingerprinter
from storage.relating import Said
from storage.types import Article, ArticleVersion


def compare_later(library: Library, article_ids: Iterable[int] | None) -> int:
    """See `storage.story_store.StoryStore.compare_later`."""
    library.uncompared |= library.articles.keys() & set(library.articles if article_ids is None else article_ids)
    return len(library.uncompared)


def waiting(library: Library, *, after: int, limit: int) -> list[int]:
    """See `storage.story_store.StoryStore.waiting_for_comparison`."""
    return sorted(one for one in library.uncompared if one > after)[:limit]


def compare_again(
    library: Library, article_ids: Sequence[int], *, decide: Decider, fingerprint: Fingerprinter, now: datetime
) -> int:
    """See `storage.story_store.StoryStore.compare_again`."""
    known = sorted({one for one in article_ids if one in library.articles})
    for one in known:
        _fingerprint(library, one, fingerprint)
    touched = set(known)
    for one in known:
        touched |= replace_relations(library, one, [_again(library, each, decide) for each in library.versions_of(one)])
    moved = retell(library, touched, placed=known)
    library.uncompared -= set(known)
    for one in known:
        settle_claims(library, library.articles[one], now)
    return len(moved)


def _fingerprint(library: Library, article_id: int, fingerprint: Fingerprinter) -> None:
    host = library.documents[library.articles[article_id]].host
    for version in library.versions_of(article_id):
        fresh = fingerprint(_with_keys(library, version), host)
        put_keys(library, version.id, fresh)
        article = replace(version.article, text_digest=fresh.text_digest, agency_own=fresh.agency_own)
        library.versions[version.id] = replace(version, article=article)


def _again(library: Library, version: ArticleVersion, decide: Decider) -> Said:
    """What would be said of a version if it came last."""
    document_id, page = library.articles[version.article_id], library.captures[version.capture_id]
    article = _with_keys(library, version)
    found, lacking = looked_up(library, document_id, article, page)
    return Said(verdict=decide(article, found), candidates=found, lacking=lacking)


def _with_keys(library: Library, version: ArticleVersion) -> Article:
    keys = {signal: tuple(sorted(own)) for signal, own in library.keys[version.id].items()}
    return replace(version.article, keys=keys)
