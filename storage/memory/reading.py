"""Views of the in-memory store."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from storage.errors import AmbiguousEvent, ArticleNotFound, EventNotFound
from storage.memory.coverage import coverage
from storage.memory.discovery import discoveries
from storage.memory.lead_images import by_outcome, lead_image, showing
from storage.memory.library import Library, document_of, reported_at
from storage.memory.marks import marks_of
from storage.memory.merges import merges_of
from storage.memory.relations import relations
from storage.memory.saves import saves
from storage.memory.searches import searches
from storage.memory.selecting import chosen
from storage.memory.shown_links import by_state, counting_article, shown_links
from storage.revising import Citation, KnownEvent
from storage.types import (
    ArticleVersion,
    ArticleView,
    BackfillState,
    CaptureKind,
    ClusterMember,
    Document,
    DocumentHistory,
    DocumentIdentity,
    DocumentRole,
    EventSummary,
    EventView,
    LibraryStatus,
    LinkKind,
    RelatedView,
    Selection,
    SourceLink,
    SourceView,
)
from storage.views import event_name


def event(library: Library, name: str) -> EventView:
    """See `storage.protocol.Store.event`."""
    found = find_event(library, name)
    by_key = library.catalogue.by_key
    entry = replace(found.entry, key=found.key)
    related = [(link, by_key.get(link.target_key)) for link in entry.related]
    links = tuple(link for link in shown_links(library) if link.event_key == found.key)
    return EventView(
        entry=entry,
        aliases=tuple(key for key in found.keys if key != found.key),
        revision=found.revision,
        imported_at=found.imported_at,
        revised_at=found.revised_at,
        sources=_sources(library, found),
        related=tuple(RelatedView(link=link, known_key=other.key if other else "") for link, other in related),
        links=links,
        coverage=coverage(library, links),
    )


def find_event(library: Library, name: str) -> KnownEvent:
    """One event by name; see `storage.protocol.Store.event`."""
    key, by_key = event_name(name), library.catalogue.by_key
    if key in by_key:
        return by_key[key]
    fitting = {event.key: event for known, event in by_key.items() if key and known.startswith(key)}
    if not fitting:
        raise EventNotFound(name)
    if len(fitting) > 1:
        raise AmbiguousEvent(name, tuple(sorted(fitting)))
    return next(iter(fitting.values()))


def _sources(library: Library, found: KnownEvent) -> tuple[SourceView, ...]:
    order = {key: number for number, key in enumerate(found.keys)}
    numbered = list(enumerate(found.citations))
    numbered.sort(
        key=lambda pair: (
            pair[1].withdrawn_at is not None,
            order[pair[1].key],
            pair[1].link.position,
            pair[0],
        )
    )
    return tuple(_source_view(library, citation) for _, citation in numbered)


def _source_view(library: Library, citation: Citation) -> SourceView:
    identity = document_of(citation.link)
    document = library.document(identity.canonical_url) if identity else None
    article_id = document.article_id if document is not None else None
    current = library.current(article_id) if article_id is not None else None
    link: SourceLink = replace(citation.link, identity=_identity(document) if document else None)
    return SourceView(
        link=link,
        document=document,
        headline=current.article.headline if current else "",
        memento=current.memento if current else None,
        withdrawn_at=citation.withdrawn_at,
        mark=marks_of(library, [article_id]).get(article_id) if article_id else None,
    )


def _identity(document: Document) -> DocumentIdentity:
    return DocumentIdentity(
        canonical_url=document.canonical_url,
        request_url=document.request_url,
        url_key=document.url_key,
        host=document.host,
        memento=document.memento,
    )


def summaries(library: Library, *, prefix: str, search: str, after: str) -> list[EventSummary]:
    """See `storage.protocol.Store.events`."""
    events = library.events()
    if after:
        keys = [event.key for event in events]
        if after not in keys:
            raise EventNotFound(after)
        events = events[keys.index(after) + 1 :]
    needle = search.casefold()
    return [
        event_summary(library, event)
        for event in events
        if event.key.startswith(prefix) and needle in event.entry.headline.casefold()
    ]


def event_summary(library: Library, event: KnownEvent) -> EventSummary:
    """One event in a list."""
    present = [citation.link for citation in event.citations if citation.withdrawn_at is None]
    identities = [identity for link in present if (identity := document_of(link))]
    articles = [library.document(one.canonical_url).article_id for one in identities]
    return EventSummary(
        key=event.key,
        event_date=event.entry.event_date,
        headline=event.entry.headline,
        sources=sum(link.kind is LinkKind.ARTICLE for link in present),
        articles=sum(1 for one in articles if one is not None and counting_article(library, one)),
    )


def history(library: Library, canonical_url: str) -> DocumentHistory:
    """See `storage.protocol.Store.history`."""
    document = library.document(canonical_url)
    citing = [
        (event.key, citation.link.cited_url)
        for event in sorted(library.events(), key=lambda event: event.key)
        for citation in event.citations
        if (identity := document_of(citation.link)) and identity.canonical_url == canonical_url
    ]
    attempts = [one for one in library.attempts.values() if one.document_id == document.id]
    own = {one.id for one in attempts}
    captures = [one for one in library.captures.values() if one.attempt_id in own]
    return DocumentHistory(
        document=document,
        cited_by=tuple(citing),
        attempts=tuple(sorted(attempts, key=lambda one: (one.started_at, one.id))),
        captures=tuple(sorted(captures, key=lambda one: (one.fetched_at, one.id))),
        backfill=library.backfills.get(document.id),
        searches=searches(library, [document.id]).get(document.id, ()),
        saves=saves(library, [document.id]).get(document.id, ()),
        lead_image_of=showing(library, document.id),
        merges=merges_of(library, document.id),
        found_by=discoveries(library, [document.id]).get(document.id, ()),
        thinned=library.thinned.get(document.id),
    )


def article(library: Library, article_id: int) -> ArticleView:
    """See `storage.protocol.Store.article`."""
    if article_id not in library.articles:
        raise ArticleNotFound(article_id)
    links = [link for link in shown_links(library) if link.article_id == article_id]
    return ArticleView(
        id=article_id,
        document=library.documents[library.articles[article_id]],
        versions=_current_last(library, article_id),
        cluster=members(library, library.cluster_of[article_id]),
        events=tuple(links),
        lead_image=lead_image(library, library.current(article_id).id),
        cluster_id=library.cluster_of[article_id],
        relations=tuple(relations(library, article_id)),
        merges=merges_of(library, library.articles[article_id]),
        found_by=discoveries(library, [library.articles[article_id]]).get(library.articles[article_id], ()),
        mark=marks_of(library, [article_id]).get(article_id),
    )


def _current_last(library: Library, article_id: int) -> tuple[ArticleVersion, ...]:
    current = library.current(article_id)
    return (*(one for one in library.versions_of(article_id) if one != current), current)


def members(library: Library, cluster_id: int) -> tuple[ClusterMember, ...]:
    """The members of a cluster, by article."""
    first = library.representative(cluster_id)
    return tuple(
        ClusterMember(
            article_id=member,
            canonical_url=library.documents[library.articles[member]].canonical_url,
            headline=library.current(member).article.headline,
            representative=member == first,
            score=score,
            agency=library.current(member).article.agency,
            reported_at=reported_at(library.versions_of(member)[0]),
            length=len(library.current(member).article.body),
        )
        for member, score in sorted(library.clusters[cluster_id].items())
    )


def selected_articles(library: Library, selection: Selection | None, after: int) -> list[int]:
    """Ids of the articles of a selection's documents."""
    documents = chosen(library, selection, None) if selection else library.documents.values()
    return sorted(one.article_id for one in documents if one.article_id is not None and one.article_id > after)


def status(library: Library, *, now: datetime) -> LibraryStatus:
    """See `storage.protocol.Store.status`."""
    events = library.events()
    links = [one.link for event in events for one in event.citations if one.withdrawn_at is None]
    every = list(library.documents.values())
    documents = [one for one in every if one.role is DocumentRole.SOURCE]
    outcomes = Counter(str(one.last_outcome) for one in documents if one.last_outcome is not None)
    live = {name for name, one in library.hosts.items() if one.lease_until is not None and one.lease_until > now}
    rests = [one.state.not_before for one in library.hosts.values()]
    return LibraryStatus(
        events=len(events),
        source_links=len(links),
        documents=len(documents),
        untried=len(documents) - outcomes.total(),
        due=len(chosen(library, Selection(role=DocumentRole.SOURCE), now)),
        leased=sum(1 for one in library.leased if library.documents[one].host in live),
        by_outcome=dict(sorted(outcomes.items())),
        attempts=len(library.attempts) + sum(one.attempts for one in library.thinned.values()),
        captures=len(library.captures),
        articles=len(library.articles),
        versions=len(library.versions),
        clusters=sum(1 for members in library.clusters.values() if members),
        unreachable_links=sum(1 for link in links if link.kind is LinkKind.ARTICLE and link.identity is None),
        image_links=sum(1 for link in links if link.kind is LinkKind.IMAGE),
        paused_hosts=sum(1 for one in library.hosts.values() if one.paused_at is not None),
        resting_hosts=sum(1 for one in rests if one is not None and one > now),
        backfills=_backfills(library),
        mementos=sum(1 for one in library.captures.values() if one.kind is CaptureKind.MEMENTO),
        lead_images=by_outcome(every),
        links=by_state(library),
        uncompared=len(library.uncompared),
        unlinked=len(library.unlinked),
        merged=sum(1 for one in library.merges.values() if one.undone_at is None),
    )


def _backfills(library: Library) -> dict[BackfillState, int]:
    return dict(sorted(Counter(one.state for one in library.backfills.values()).items()))
