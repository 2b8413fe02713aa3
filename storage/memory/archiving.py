"""Deduplicate and store, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from storage.errors import Unstorable
from storage.memory.hosts import put_states
from storage.memory.lead_images import put as put_lead_images
from storage.memory.library import Library, reported_at
from storage.memory.lines import add_lines
from storage.memory.pages import require_unversioned, stored_page
from storage.memory.searches import put_search
from storage.placing import (
    BEST,
    SIGNAL_WINDOW,
    Placement,
    failures_after,
    is_live,
    page_of,
    place,
    renews_validators,
    require_latest,
)
from storage.placing import reported_at as first_reported
from storage.protocol import Decider
from storage.types import (
    Archived,
    Article,
    ArticleVersion,
    Candidate,
    Capture,
    FetchResult,
    Validators,
    Verdict,
)


def archive(library: Library, results: Sequence[FetchResult], *, decide: Decider, now: datetime) -> list[Archived]:
    """See `storage.protocol.Store.archive`."""
    archived = []
    for result in results:
        archived.append(_store(library, result, decide, now))
        if not archived[-1].repeated:
            put_states(library, result.hosts)
    return archived


def _store(library: Library, result: FetchResult, decide: Decider, now: datetime) -> Archived:
    known = library.attempts.get(result.attempt.key)
    if known is not None:
        return Archived(attempt_id=known.id, repeated=True)
    try:
        _require_storable(library, result)
        page = page_of(result) or stored_page(library, result)
        if result.article is None or page is None:
            attempt_id, capture_id = _write_attempt(library, result)
            if result.image is not None and result.captures:
                library.stored_images[capture_id] = result.image
            return Archived(attempt_id=attempt_id)
        stored = candidates(library, result.attempt.document_id, result.article, page)
        verdict = decide(result.article, stored)
        placement = place(verdict, stored)
        if result.replayed is not None and not placement.sighted:
            require_unversioned(library, result.replayed)
    except Unstorable as problem:
        return Archived(error=str(problem))
    attempt_id, capture_id = _write_attempt(library, result)
    version_id = _write_article(library, result, (capture_id, verdict, placement), now)
    if result.lead_image is not None:
        put_lead_images(library, {version_id: result.lead_image}, now=now)
    return Archived(
        attempt_id=attempt_id,
        verdict=verdict,
        article_id=library.versions[version_id].article_id,
        version_id=version_id,
        event_links=library.link_cited(library.events(), result.attempt.document_id),
    )


def _require_storable(library: Library, result: FetchResult) -> None:
    """Refuse what a database would refuse, before anything is written."""
    if result.attempt.document_id not in library.documents:
        raise Unstorable(f"there is no document {result.attempt.document_id}")
    require_latest(result, library.documents[result.attempt.document_id].last_attempt_at)
    if result.search is not None and result.search.document_id not in library.documents:
        raise Unstorable(f"there is no document {result.search.document_id}")
    taken = {(one.location.file, one.location.offset) for one in library.captures.values()}
    places = [(one.location.file, one.location.offset) for one in result.captures]
    if taken.intersection(places) or len(set(places)) < len(places):
        raise Unstorable("another capture has the same file and offset")


def _write_attempt(library: Library, result: FetchResult) -> tuple[int, int]:
    """Write attempt, captures and the document's state; returns the ids of the attempt and of its page."""
    attempt = replace(result.attempt, id=len(library.attempts) + 1)
    library.attempts[attempt.key] = attempt
    for capture in result.captures:
        number = len(library.captures) + 1
        library.captures[number] = replace(capture, id=number, attempt_id=attempt.id)
    if result.replayed is not None:
        library.replayed[attempt.id] = result.replayed
    if is_live(result):
        _close(library, result)
    if result.search is not None:
        put_search(library, result.search)
    return len(library.attempts), result.replayed or len(library.captures)


def _close(library: Library, result: FetchResult) -> None:
    """Write on the document where its fetching stands now, and end the lease under which it was fetched."""
    attempt = result.attempt
    document = library.documents[attempt.document_id]
    added, kept = failures_after(result)
    validators = Validators(etag=result.etag, last_modified=result.last_modified)
    library.documents[document.id] = replace(
        document,
        last_outcome=attempt.outcome,
        last_attempt_at=attempt.finished_at,
        attempts=document.attempts + 1,
        failures=(document.failures + added) * kept,
        next_fetch_at=attempt.next_fetch_at,
        validators=validators if renews_validators(result) else document.validators,
    )
    if library.leased.get(attempt.document_id) == attempt.run_token:
        del library.leased[attempt.document_id]


def _write_article(library: Library, result: FetchResult, found: tuple[int, Verdict, Placement], now: datetime) -> int:
    capture_id, verdict, placement = found
    version_id = placement.sighted[1] if placement.sighted else _add_version(library, result, found, now)
    if capture_id not in library.sightings or not placement.sighted:
        library.sightings[capture_id] = (version_id, verdict)
    return version_id


def _add_version(library: Library, result: FetchResult, found: tuple[int, Verdict, Placement], now: datetime) -> int:
    capture_id, verdict, placement = found
    document = library.documents[result.attempt.document_id]
    article = result.article or Article(headline="", body="")
    article_id = document.article_id or len(library.articles) + 1
    number = len(library.versions_of(article_id)) + 1
    version_id = len(library.versions) + 1
    library.versions[version_id] = ArticleVersion(
        id=version_id,
        article_id=article_id,
        number=number,
        capture_id=capture_id,
        captured_at=library.captures[capture_id].captured_at,
        memento=library.captures[capture_id].memento,
        extracted_at=now,
        article=replace(article, keys={}, edge_lines=()),
        verdict=verdict,
    )
    library.keys[version_id] = key_sets(article)
    library.edge_lines[version_id] = frozenset(article.edge_lines)
    if number == 1:
        library.articles[article_id] = document.id
        library.documents[document.id] = replace(document, article_id=article_id)
        _join(library, article_id, placement.beside, verdict.score)
    add_lines(library, document.id, article.edge_lines)
    return version_id


def key_sets(article: Article) -> dict[str, frozenset[int]]:
    """The article's keys per signal, to be compared."""
    return {signal: frozenset(keys) for signal, keys in article.keys.items() if keys}


def _join(library: Library, article_id: int, beside: int | None, score: float) -> None:
    own = len(library.clusters) + 1
    cluster_id = own if beside is None else library.cluster_of[beside]
    library.clusters.setdefault(cluster_id, {})[article_id] = 1.0 if beside is None else score
    library.cluster_of[article_id] = cluster_id


def candidates(library: Library, document_id: int, article: Article, page: Capture) -> list[Candidate]:
    """See `storage.protocol.Store.archive`; ordered by version."""
    fresh = key_sets(article)
    same_payload = {
        version_id
        for capture_id, (version_id, _) in library.sightings.items()
        if library.captures[capture_id].payload_digest == page.payload_digest
    }
    same_payload = set(sorted(same_payload)[:BEST])
    own = {one.id for one in library.versions.values() if library.articles[one.article_id] == document_id}
    alike = [
        one.id
        for one in library.versions.values()
        if article.text_digest and one.article.text_digest == article.text_digest
    ]
    near = _nearest(library, fresh, first_reported(article, page.captured_at))
    found = own | same_payload | set(alike[:BEST]) | set(near)
    return [_candidate(library, one, page.captured_at, document_id, same_payload, fresh) for one in sorted(found)]


def _nearest(library: Library, fresh: dict[str, frozenset[int]], at: datetime) -> list[int]:
    shared = {
        version_id: sum(_shared(fresh, keys).values())
        for version_id, keys in library.keys.items()
        if abs(reported_at(library.versions[version_id]) - at) <= SIGNAL_WINDOW
    }
    ranked = sorted((-count, version_id) for version_id, count in shared.items() if count)
    return [version_id for _, version_id in ranked[:BEST]]


def _shared(fresh: dict[str, frozenset[int]], stored: dict[str, frozenset[int]]) -> dict[str, int]:
    counts = {signal: len(keys & fresh.get(signal, frozenset())) for signal, keys in stored.items()}
    return {signal: count for signal, count in counts.items() if count}


def _candidate(
    library: Library,
    version_id: int,
    captured_at: datetime,
    document_id: int,
    same_payload: set[int],
    fresh: dict[str, frozenset[int]],
) -> Candidate:
    version = library.versions[version_id]
    owner = library.documents[library.articles[version.article_id]]
    stored = library.keys[version_id]
    return Candidate(
        version_id=version_id,
        article_id=version.article_id,
        document_id=owner.id,
        canonical_url=owner.canonical_url,
        same_document=owner.id == document_id,
        current=version == library.current(version.article_id),
        same_payload=version_id in same_payload,
        text_digest=version.article.text_digest,
        published_at=reported_at(version),
        agency=version.article.agency,
        access=version.article.access,
        length=len(version.article.body),
        later=version.captured_at > captured_at,
        extractor_version=version.article.extractor_version,
        shared_keys=_shared(fresh, stored),
        own_keys={signal: len(keys) for signal, keys in stored.items()},
    )
