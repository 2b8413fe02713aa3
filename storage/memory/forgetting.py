"""Removing documents, in memory; see `storage.sql.forgetting` for what goes and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from storage.errors import StillNeeded
from storage.memory import takedowns
from storage.memory.library import Library
from storage.memory.stories import leave
from storage.types import (
    Capture,
    CaptureKind,
    DocumentRole,
    LinkState,
    RecordLocation,
    RelationKind,
    RetentionRule,
    Takedown,
    TakedownKind,
    Validators,
)
from storage.wanting import LEAST_SAME

_Ids = Collection[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Doomed:
    """What goes with some documents."""

    documents: list[int]
    articles: list[int]
    versions: list[int]
    captures: list[Capture]


def take_down(
    library: Library, takedown: Takedown, document_ids: _Ids, *, before: datetime | None, dry_run: bool
) -> Takedown:
    """See `storage.upkeep_store.UpkeepStore.take_down`."""
    raw = takedown.kind is TakedownKind.RAW
    documents = sorted(set(document_ids)) if raw else with_images(library, document_ids)
    doomed = _doomed(library, documents, before if raw else None, raw=raw)
    if not dry_run and resting_on(library, documents, before=before if raw else None):
        raise StillNeeded(f"captures of other documents rest on those of {takedown.subject}")
    takedown_id = 0 if dry_run else takedowns.put(library, takedown)
    held = [one.location for one in doomed.captures if one.takedown_id is None]
    found = takedowns.stretches(library, sorted(held, key=lambda one: (one.file, one.offset)), takedown_id)
    removed = {
        "articles": len(doomed.articles),
        "versions": len(doomed.versions),
        "links": _links(library, doomed.articles),
        "captures": len(held),
        "bytes": sum(one.length for one in found),
    }
    if dry_run:
        return replace(takedown, removed=removed)
    takedowns.note(library, found)
    if raw:
        _mark(library, doomed.captures, takedown_id)
    else:
        _keep_away(library, takedown, takedown_id, documents)
        _remove(library, doomed)
    return takedowns.add_removed(library, takedown_id, removed)


def with_images(library: Library, document_ids: _Ids) -> list[int]:
    """These documents, and the lead images that only their articles show."""
    gone = set(document_ids)
    shown: dict[int, set[int]] = {}
    for version_id, (_, image) in library.lead_images.items():
        shown.setdefault(image, set()).add(library.articles[library.versions[version_id].article_id])
    images = {
        image for image, by in shown.items() if by <= gone and library.documents[image].role is DocumentRole.LEAD_IMAGE
    }
    return sorted(gone | images)


def _doomed(library: Library, documents: list[int], before: datetime | None, *, raw: bool) -> _Doomed:
    own = _captures_of(library, documents, before)
    if raw:
        held = [one for one in own if one.takedown_id is None]
        return _Doomed(documents=documents, articles=[], versions=[], captures=held)
    articles = [article_id for article_id, document_id in library.articles.items() if document_id in documents]
    versions = [one.id for one in library.versions.values() if one.article_id in articles]
    return _Doomed(documents=documents, articles=articles, versions=versions, captures=own)


def _links(library: Library, articles: Iterable[int]) -> int:
    """How many pairs of an event and one of these articles count as linked."""
    counted = {LinkState.LINKED, LinkState.CONFIRMED}
    gone = set(articles)
    return len({place[:2] for place, link in library.links.items() if place[1] in gone and link.state in counted})


def _captures_of(library: Library, documents: Iterable[int], before: datetime | None) -> list[Capture]:
    wanted = set(documents)
    attempts = {one.id for one in library.attempts.values() if one.document_id in wanted}
    own = [one for one in library.captures.values() if one.attempt_id in attempts]
    return own if before is None else [one for one in own if one.fetched_at < before]


def _mark(library: Library, captures: Iterable[Capture], takedown_id: int) -> None:
    for one in captures:
        number = one.id or 0
        place = RecordLocation.removed(takedown_id, number, one.location.record_id)
        library.captures[number] = replace(one, location=place)


def _keep_away(library: Library, takedown: Takedown, takedown_id: int, documents: Iterable[int]) -> None:
    host = takedown.subject if takedown.kind is TakedownKind.HOST else None
    if host is not None:
        library.ensure_host(host)
        library.hosts_kept_away[host] = takedown_id
    for one in documents:
        if library.documents[one].host != host:
            library.kept_away[one] = takedown_id


# -- removing --------------------------------------------------------------------------------------------------------


def _remove(library: Library, doomed: _Doomed) -> None:
    _remove_stories(library, doomed)
    for version_id in doomed.versions:
        del library.versions[version_id]
        for table in (library.keys, library.key_index, library.edge_lines, library.reextractions, library.lead_images):
            table.pop(version_id, None)
    for capture in doomed.captures:
        number = capture.id or 0
        del library.captures[number]
        library.stored_images.pop(number, None)
    gone = {one.id for one in doomed.captures}
    library.replayed = {one: shown for one, shown in library.replayed.items() if shown not in gone}
    library.sightings = {
        one: (version_id, verdict)
        for one, (version_id, verdict) in library.sightings.items()
        if one not in gone and version_id in library.versions
    }
    for article_id in doomed.articles:
        del library.articles[article_id]
        library.last_article = max(library.last_article, article_id)
    for document_id in doomed.documents:
        _clear_document(library, document_id)


def _remove_stories(library: Library, doomed: _Doomed) -> None:
    articles, versions = set(doomed.articles), set(doomed.versions)
    neighbours = {other for one in articles for other in library.relations.pop(one, {})} - articles
    for other in neighbours:
        library.relations[other] = {one: said for one, said in library.relations[other].items() if one not in articles}
    library.links = {place: link for place, link in library.links.items() if place[1] not in articles}
    for number, (version_id, verdict) in library.sightings.items():
        if verdict.matched_version_id in versions and library.versions[version_id].article_id in neighbours:
            library.sightings[number] = (version_id, replace(verdict, matched_version_id=None))
    for number, version in library.versions.items():
        if version.verdict.matched_version_id in versions and version.article_id in neighbours:
            unmatched = replace(version.verdict, matched_version_id=None)
            library.versions[number] = replace(version, verdict=unmatched)
    leave(library, articles, neighbours)
    library.uncompared -= articles
    library.unlinked -= articles


def _clear_document(library: Library, document_id: int) -> None:
    """Leave of a document that it exists, who asked for it when, and who cites it."""
    document = library.documents[document_id]
    library.documents[document_id] = replace(
        document, next_fetch_at=None, validators=Validators(), article_id=None, reported_at=None, changed_at=None
    )
    library.leased.pop(document_id, None)
    library.backfills.pop(document_id, None)
    library.backfill_leases.pop(document_id, None)
    if document_id in library.discoveries:
        library.discoveries[document_id] = replace(library.discoveries[document_id], title="")
    for path, records in library.held_records.items():
        library.held_records[path] = [one for one in records if one.url_key != document.url_key]
    for documents in library.host_lines.get(document.host, {}).values():
        documents.discard(document_id)
    _unquote(library, document_id)


def _unquote(library: Library, document_id: int) -> None:
    """Take what was quoted of its pages out of what was asked for it."""
    for key, attempt in library.attempts.items():
        if attempt.document_id == document_id:
            library.attempts[key] = replace(attempt, page=None, coverage=None, detail="")
    for place, search in library.searches.items():
        if place[0] == document_id:
            library.searches[place] = replace(search, detail="")
    for place, save in library.saves.items():
        if place[0] == document_id:
            library.saves[place] = replace(save, detail="")


# -- what rests on what goes, and what is the same -------------------------------------------------------------------


def resting_on(library: Library, document_ids: _Ids, *, before: datetime | None) -> list[Capture]:
    """See `storage.upkeep_store.UpkeepStore.resting_on`."""
    doomed = {one.id: one for one in _captures_of(library, document_ids, before) if one.takedown_id is None}
    holders = {one.location.record_id for one in doomed.values() if not one.revisit_of}
    staying = (one for one in library.captures.values() if one.id not in doomed and one.takedown_id is None)
    resting = [one for one in staying if one.revisit_of in holders]
    return sorted(resting, key=lambda one: (one.revisit_of, one.id or 0))


def move(library: Library, moved: Mapping[int, Capture], *, reason: str, now: datetime) -> None:
    """See `storage.upkeep_store.UpkeepStore.move_captures`."""
    if not moved:
        return
    raw = Takedown(kind=TakedownKind.RAW, subject="", reason=reason, who="", made_at=now)
    takedown_id = takedowns.put(library, raw)
    known = {number: library.captures[number] for number in moved if number in library.captures}
    known = {number: one for number, one in known.items() if one.takedown_id is None}
    old = sorted((one.location for one in known.values()), key=lambda one: (one.file, one.offset))
    found = takedowns.stretches(library, old, takedown_id)
    takedowns.note(library, found)
    takedowns.note_lost(library, [one for number, one in moved.items() if number not in known], takedown_id)
    for number, stored in known.items():
        fresh = moved[number]
        library.captures[number] = replace(stored, location=fresh.location, revisit_of=fresh.revisit_of)
    takedowns.add_removed(library, takedown_id, {"captures": len(known), "bytes": sum(one.length for one in found)})


def copies_of(library: Library, document_ids: _Ids) -> list[int]:
    """Ids of the others; see `storage.upkeep_store.UpkeepStore.copies_of`."""
    wanted = set(document_ids)
    same = _same_pages(library) + _same_texts(library) + _merged(library) + _copied(library)
    return sorted({other for group in same if group & wanted for other in group} - wanted)


def _same_pages(library: Library) -> list[set[int]]:
    owners = {one.id: one.document_id for one in library.attempts.values()}
    pages: dict[str, set[int]] = {}
    for one in library.captures.values():
        redirect_or_error = 300 <= one.status <= 599  # noqa: PLR2004 -- HTTP
        if one.payload_length and one.kind is not CaptureKind.RENDERED and not redirect_or_error:
            pages.setdefault(one.payload_digest, set()).add(owners[one.attempt_id])
    return list(pages.values())


def _same_texts(library: Library) -> list[set[int]]:
    texts: dict[str, set[int]] = {}
    for version in library.versions.values():
        if version.article.text_digest:
            texts.setdefault(version.article.text_digest, set()).add(library.articles[version.article_id])
    return list(texts.values())


def _merged(library: Library) -> list[set[int]]:
    return [{one.document_id, one.into_id} for one in library.merges.values() if one.undone_at is None]


def _copied(library: Library) -> list[set[int]]:
    return [
        {library.articles[one.article_id], library.articles[one.other_id]}
        for said in library.relations.values()
        for one in said.values()
        if one.kind is RelationKind.COPY and one.score >= LEAST_SAME
    ]


def expired(library: Library, rule: RetentionRule, *, after: int) -> Iterator[int]:
    """See `storage.upkeep_store.UpkeepStore.expired`."""
    for document in list(library.documents.values()):
        if document.id <= after or (rule.host and document.host != rule.host):
            continue
        own = _captures_of(library, [document.id], None)
        old = [one for one in own if one.fetched_at < rule.before]
        if rule.raw_only:
            old = [one for one in old if one.takedown_id is None]
        if old and (rule.raw_only or len(old) == len(own)):
            yield document.id
