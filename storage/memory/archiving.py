"""Deduplicate and store, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from storage.errors import Unstorable
from storage.memory import freshness
from storage.memory.candidates import candidates, put_keys
from storage.memory.days import count_days
from storage.memory.feeds import put_poll
from storage.memory.hosts import put_states
from storage.memory.lead_images import put as put_lead_images
from storage.memory.library import Library, next_id, reported_at
from storage.memory.lines import add_lines
from storage.memory.merges import put_claims, settle_claims
from storage.memory.pages import require_unversioned, stored_page
from storage.memory.relations import add_relations
from storage.memory.searches import put_search
from storage.memory.stories import retell
from storage.memory.takedowns import note_lost, require_bytes
from storage.placing import (
    Placement,
    failures_after,
    is_live,
    page_of,
    place,
    renews_validators,
    require_latest,
)
from storage.protocol import Decider
from storage.searching import article_text, day_number
from storage.types import (
    Archived,
    Article,
    ArticleVersion,
    FetchResult,
    Validators,
    Verdict,
)


def archive(library: Library, results: Sequence[FetchResult], *, decide: Decider, now: datetime) -> list[Archived]:
    """See `storage.protocol.Store.archive`."""
    archived: list[Archived] = []
    without_row: set[str] = set()
    for result in results:
        archived.append(_turned_away(library, result, without_row) or _store(library, result, decide, now))
        if archived[-1].stale:
            without_row.update(one.location.record_id for one in result.captures)
        elif not archived[-1].repeated:
            put_states(library, result.hosts)
    count_days(library, results, archived)
    freshness.note(library, results, archived)
    return archived


def _turned_away(library: Library, result: FetchResult, without_row: AbstractSet[str]) -> Archived | None:
    """The answer to what is stored already, was taken down meanwhile, or came too late."""
    known = library.attempts.get(result.attempt.key)
    if known is not None:
        return Archived(attempt_id=known.id, repeated=True)
    document = library.documents.get(result.attempt.document_id)
    if document is not None and (takedown_id := library.tombstone(document)):
        note_lost(library, result.captures, takedown_id)
        return Archived(error=library.takedowns[takedown_id].text, takedown_id=takedown_id)
    return Archived(stale=True) if _is_stale(library, result, without_row) else None


def _store(library: Library, result: FetchResult, decide: Decider, now: datetime) -> Archived:
    try:
        _require_storable(library, result)
        require_bytes(library, result, now)
        page = page_of(result) or stored_page(library, result)
        if result.article is None or page is None:
            attempt_id, capture_id = _write_attempt(library, result)
            if result.image is not None and result.captures:
                library.stored_images[capture_id] = result.image
            _learn(library, result, now, told=False)
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
    _learn(library, result, now, told=True)
    return Archived(
        attempt_id=attempt_id,
        verdict=verdict,
        article_id=library.versions[version_id].article_id,
        version_id=version_id,
        event_links=library.link_cited(library.events(), result.attempt.document_id),
    )


def _is_stale(library: Library, result: FetchResult, without_row: AbstractSet[str]) -> bool:
    """Whether nobody, or another run, holds the document; or its bytes are in a record that gets no row."""
    if any(one.revisit_of in without_row for one in result.captures):
        return True
    document_id = result.attempt.document_id
    if not result.lease or document_id not in library.documents:
        return False
    if is_live(result):
        return library.leased.get(document_id) != result.lease
    holder, _ = library.backfill_leases.get(document_id, ("", None))
    return holder != result.lease


def _learn(library: Library, result: FetchResult, now: datetime, *, told: bool) -> None:
    """Keep what a feed names and which document this is, and see what that, or a new text, settles."""
    document_id = result.attempt.document_id
    if result.feed is not None:
        put_poll(library, document_id, result.feed, now)
    claims = result.claims if is_live(result) else ()
    put_claims(library, document_id, claims, now)
    if claims or told:
        settle_claims(library, document_id, now)


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
    latest = next(reversed(library.attempts.values()), None)  # the latest attempt of a document is never thinned
    attempt = replace(result.attempt, id=(latest.id or 0) + 1 if latest else 1)
    library.attempts[attempt.key] = attempt
    for capture in result.captures:
        number = next_id(library.captures)
        library.captures[number] = replace(capture, id=number, attempt_id=attempt.id)
    if result.replayed is not None:
        library.replayed[attempt.id] = result.replayed
    if is_live(result):
        _close(library, result)
    if result.search is not None:
        put_search(library, result.search)
    return attempt.id or 0, result.replayed or next_id(library.captures) - 1


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
        library.sightings[capture_id] = (version_id, replace(verdict, likenesses=()))
    return version_id


def _add_version(library: Library, result: FetchResult, found: tuple[int, Verdict, Placement], now: datetime) -> int:
    capture_id, verdict, _ = found
    document = library.documents[result.attempt.document_id]
    article = result.article or Article(headline="", body="")
    article_id = document.article_id or next_id(library.articles, after=library.last_article)
    number = len(library.versions_of(article_id)) + 1
    version_id = next_id(library.versions)
    searched = _searched(library, article_id) if number > 1 else None
    library.versions[version_id] = ArticleVersion(
        id=version_id,
        article_id=article_id,
        number=number,
        capture_id=capture_id,
        captured_at=library.captures[capture_id].captured_at,
        memento=library.captures[capture_id].memento,
        extracted_at=now,
        article=replace(article, keys={}, edge_lines=()),
        verdict=replace(verdict, likenesses=()),
    )
    put_keys(library, version_id, article)
    library.edge_lines[version_id] = frozenset(article.edge_lines)
    if number == 1:
        library.articles[article_id] = document.id
        library.added_at[article_id] = now
        library.documents[document.id] = replace(document, article_id=article_id)
    if number == 1 or _searched(library, article_id) != searched:
        library.unlinked.add(article_id)
    add_relations(library, article_id, verdict)
    retell(library, [article_id], placed=[article_id])
    add_lines(library, document.id, article.edge_lines)
    return version_id


def _searched(library: Library, article_id: int) -> tuple[int, str]:
    """What is searched of an article, and its day."""
    day = day_number(reported_at(library.versions_of(article_id)[0]))
    return day, article_text(library.current(article_id).article)
