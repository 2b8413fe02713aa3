"""Finding the stored versions that a fresh article may be the same as, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from storage.memory.library import Library, reported_at
from storage.placing import BEST, MOST_SHARING, SIGNAL_WINDOW, may_lack, to_be_read
from storage.placing import reported_at as first_reported
from storage.searching import day_number
from storage.stock import indexed, is_slight, is_stock, stock_counts
from storage.types import Article, Candidate, Capture

Keys = Mapping[str, frozenset[int]]


def key_sets(article: Article) -> dict[str, frozenset[int]]:
    """The article's keys per signal, to be compared."""
    return {signal: frozenset(keys) for signal, keys in article.keys.items() if keys}


def put_keys(library: Library, version_id: int, article: Article) -> None:
    """Keep the keys of a version, over earlier ones."""
    library.keys[version_id] = key_sets(article)
    library.key_index[version_id] = frozenset(indexed(article.keys))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fresh:
    """What candidates are held against."""

    document_id: int
    captured_at: datetime
    keys: Keys
    same_payload: frozenset[int]
    stock: frozenset[int]


def candidates(library: Library, document_id: int, article: Article, page: Capture) -> list[Candidate]:
    """See `storage.article_store.ArticleStore.archive`; ordered by version."""
    return looked_up(library, document_id, article, page)[0]


def looked_up(library: Library, document_id: int, article: Article, page: Capture) -> tuple[list[Candidate], bool]:
    """The candidates, and whether a limit may have kept others out."""
    keys = key_sets(article)
    same_payload = _same_payload(library, page)
    own = {one.id for one in library.versions.values() if library.articles[one.article_id] == document_id}
    at, known = first_reported(article, page.captured_at), frozenset(indexed(article.keys))
    stock = _stock(library, known, at)
    sharing = _nearest(library, known - stock, at)
    near = [one for one in sharing if not _is_slight(library, one, keys)]
    certain = own | same_payload | _same_text(library, article)
    apart = _own_by_merge(library, document_id)
    fresh = _Fresh(
        document_id=document_id,
        captured_at=page.captured_at,
        keys=keys,
        same_payload=frozenset(same_payload),
        stock=stock,
    )
    alike = [
        _candidate(library, one, fresh) for one in sorted(certain.union(near)) if _owner(library, one) not in apart
    ]
    kept = [one for one in alike if one.version_id in certain or one.shared_keys]
    return _with_texts(library, article, kept), may_lack(article, kept, len(sharing))


def _owner(library: Library, version_id: int) -> int:
    return library.articles[library.versions[version_id].article_id]


def _own_by_merge(library: Library, document_id: int) -> set[int]:
    """The other documents that are this one."""
    root = library.standing_document(document_id)
    merged = {one for one in library.merges if library.standing_document(one) == root}
    return {*merged, root} - {document_id}


def _same_payload(library: Library, page: Capture) -> set[int]:
    found = {
        version_id
        for capture_id, (version_id, _) in library.sightings.items()
        if library.captures[capture_id].payload_digest == page.payload_digest
    }
    return set(sorted(found)[:BEST])


def _same_text(library: Library, article: Article) -> set[int]:
    if not article.text_digest:
        return set()
    alike = [one.id for one in library.versions.values() if one.article.text_digest == article.text_digest]
    return set(alike[:BEST])


def _nearest(library: Library, fresh: frozenset[int], at: datetime) -> list[int]:
    shared = {
        version_id: len(fresh & keys)
        for version_id, keys in library.key_index.items()
        if abs(reported_at(library.versions[version_id]) - at) <= SIGNAL_WINDOW
    }
    ranked = sorted((-count, version_id) for version_id, count in shared.items() if count)
    return [version_id for _, version_id in ranked[:MOST_SHARING]]


def _stock(library: Library, fresh: frozenset[int], at: datetime) -> frozenset[int]:
    """Those of the keys that stand in reports of many other days."""
    days: dict[int, list[int]] = {}
    for version_id, keys in library.key_index.items():
        for key in fresh & keys:
            days.setdefault(key, []).append(day_number(reported_at(library.versions[version_id])))
    first, last = day_number(at - SIGNAL_WINDOW), day_number(at + SIGNAL_WINDOW)
    return frozenset(key for key, found in days.items() if is_stock(found, first_day=first, last_day=last))


def _is_slight(library: Library, version_id: int, fresh: Keys) -> bool:
    stored = library.keys[version_id]
    counts = ({signal: len(keys) for signal, keys in own.items()} for own in (fresh, stored, _shared(fresh, stored)))
    return is_slight(*counts)


def _shared(fresh: Keys, stored: Keys) -> dict[str, frozenset[int]]:
    shared = {signal: keys & fresh.get(signal, frozenset()) for signal, keys in stored.items()}
    return {signal: keys for signal, keys in shared.items() if keys}


def _candidate(library: Library, version_id: int, fresh: _Fresh) -> Candidate:
    version = library.versions[version_id]
    owner = library.documents[library.articles[version.article_id]]
    stored, article = library.keys[version_id], version.article
    same = owner.id == fresh.document_id
    shared = _shared(fresh.keys, stored)
    return Candidate(
        version_id=version_id,
        article_id=version.article_id,
        document_id=owner.id,
        canonical_url=owner.canonical_url,
        same_document=same,
        current=version == library.current(version.article_id),
        same_payload=version_id in fresh.same_payload,
        text_digest=article.text_digest,
        published_at=reported_at(version),
        agency=article.agency,
        access=article.access,
        length=len(article.body),
        later=version.captured_at > fresh.captured_at,
        extractor_version=article.extractor_version,
        shared_keys={signal: len(keys) for signal, keys in shared.items()},
        own_keys={signal: len(keys) for signal, keys in stored.items()},
        agency_own=article.agency_own,
        language=article.language,
        stock_keys={} if same else stock_counts(shared, fresh.stock),
    )


def _with_texts(library: Library, article: Article, alike: list[Candidate]) -> list[Candidate]:
    read = {one: library.versions[one].article for one in to_be_read(article, alike)}
    return [
        replace(one, headline=read[one.version_id].headline, body=read[one.version_id].body)
        if one.version_id in read
        else one
        for one in alike
    ]
