"""Everything that the in-memory store remembers, as plain dictionaries of frozen values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from storage.errors import DocumentNotFound
from storage.placing import currency
from storage.revising import Catalogue, KnownEvent
from storage.types import (
    Access,
    Alert,
    ArchiveAnswer,
    ArchiveSave,
    ArchiveSearch,
    ArticleVersion,
    AttemptBatch,
    Backfill,
    Capture,
    Discovery,
    Document,
    DocumentIdentity,
    DocumentMerge,
    DocumentRole,
    EventLink,
    Feed,
    FetchAttempt,
    HeldFile,
    HeldRecord,
    Host,
    HostState,
    ImageFacts,
    JobMark,
    LinkKind,
    Mark,
    Order,
    Outcome,
    Reextraction,
    Relation,
    Removal,
    Run,
    SameDocumentClaim,
    SameDocumentHow,
    SourceLink,
    StoredFile,
    Takedown,
    ThinnedAttempts,
    Verdict,
)

CITATION = "citation"


@dataclass(kw_only=True, slots=True)
class Library:
    """The tables.

    Attributes:
        catalogue: all events.
        documents: by id.
        document_ids: by canonical URL.
        hosts: by name, in the order of their coming; counts are worked out when asked for.
        leased: document -> token, while its host's lease of the same token lasts.
        attempts: by key.
        captures: by id.
        replayed: attempt -> the capture that it understood again.
        articles: article -> document.
        added_at: article -> when it was first stored.
        versions: by id, in order.
        keys: version -> its keys per signal.
        key_index: version -> what the index holds of its keys.
        edge_lines: version -> the lines at the edges of its text.
        host_lines: host -> line -> documents on which it stood, at most five.
        reextractions: by version.
        lead_images: version -> the URL of its lead image and the document that it means.
        stored_images: capture -> the image that it shows.
        sightings: capture -> the version that it shows, and the verdict.
        clusters: cluster -> member article -> score; without members where its story is told elsewhere now.
        cluster_of: article -> cluster.
        representatives: cluster -> the member that stands for it.
        merged_into: cluster that lost all its members -> cluster that tells its story.
        relations: article -> other article -> how they relate, as looked at from the first; each pair twice.
        uncompared: articles that wait to be compared again.
        claims: by (document, canonical URL, how), with the moment at which each came.
        merges: by document, undone ones too.
        links: by (event key, article, how).
        unlinked: articles that wait for `put_links`.
        feeds: by document; where the document stands is read from `documents`.
        discoveries: document -> that a feed named it first.
        runs: by token.
        job_marks: by job.
        days: (day, host, archive, outcome) -> attempts, and those of them that brought a version.
        alerts: by id.
        backfills: by document.
        backfill_leases: document -> token and the moment at which its lease expires.
        searches: by (document, archive).
        saves: by (document, archive).
        answers: by (archive, question).
        held_files: by path.
        held_records: path -> records in the order of their coming.
        last_article: the highest number of an article that was taken down: none is given twice.
        last_cluster: likewise, of a cluster.
        takedowns: by id.
        kept_away: document -> the takedown that keeps it away, where it has a tombstone of its own.
        hosts_kept_away: host -> the takedown that keeps it away.
        removals: (file, offset) -> the stretch that is still to be overwritten.
        stored_files: by name.
        thinned: document -> what of its attempts is in files.
        attempt_batches: stretches of these files.
        marks: by id; with the number of the article as it was then.
        orders: by id.
    """

    catalogue: Catalogue = field(default_factory=Catalogue)
    documents: dict[int, Document] = field(default_factory=dict)
    document_ids: dict[str, int] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    leased: dict[int, str] = field(default_factory=dict)
    attempts: dict[str, FetchAttempt] = field(default_factory=dict)
    captures: dict[int, Capture] = field(default_factory=dict)
    replayed: dict[int | None, int] = field(default_factory=dict)
    articles: dict[int, int] = field(default_factory=dict)
    added_at: dict[int, datetime] = field(default_factory=dict)
    versions: dict[int, ArticleVersion] = field(default_factory=dict)
    keys: dict[int, dict[str, frozenset[int]]] = field(default_factory=dict)
    key_index: dict[int, frozenset[int]] = field(default_factory=dict)
    edge_lines: dict[int, frozenset[int]] = field(default_factory=dict)
    host_lines: dict[str, dict[int, set[int]]] = field(default_factory=dict)
    reextractions: dict[int, Reextraction] = field(default_factory=dict)
    lead_images: dict[int, tuple[str, int]] = field(default_factory=dict)
    stored_images: dict[int, ImageFacts] = field(default_factory=dict)
    sightings: dict[int, tuple[int, Verdict]] = field(default_factory=dict)
    clusters: dict[int, dict[int, float]] = field(default_factory=dict)
    cluster_of: dict[int, int] = field(default_factory=dict)
    representatives: dict[int, int] = field(default_factory=dict)
    merged_into: dict[int, int] = field(default_factory=dict)
    relations: dict[int, dict[int, Relation]] = field(default_factory=dict)
    uncompared: set[int] = field(default_factory=set)
    claims: dict[tuple[int, str, SameDocumentHow], tuple[SameDocumentClaim, datetime]] = field(default_factory=dict)
    merges: dict[int, DocumentMerge] = field(default_factory=dict)
    links: dict[tuple[str, int, str], EventLink] = field(default_factory=dict)
    unlinked: set[int] = field(default_factory=set)
    feeds: dict[int, Feed] = field(default_factory=dict)
    discoveries: dict[int, Discovery] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    job_marks: dict[str, JobMark] = field(default_factory=dict)
    days: dict[tuple[date, str, str, str], tuple[int, int]] = field(default_factory=dict)
    alerts: dict[int, Alert] = field(default_factory=dict)
    backfills: dict[int, Backfill] = field(default_factory=dict)
    backfill_leases: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    searches: dict[tuple[int, str], ArchiveSearch] = field(default_factory=dict)
    saves: dict[tuple[int, str], ArchiveSave] = field(default_factory=dict)
    answers: dict[tuple[str, str], ArchiveAnswer] = field(default_factory=dict)
    held_files: dict[str, HeldFile] = field(default_factory=dict)
    held_records: dict[str, list[HeldRecord]] = field(default_factory=dict)
    last_article: int = 0
    last_cluster: int = 0
    takedowns: dict[int, Takedown] = field(default_factory=dict)
    kept_away: dict[int, int] = field(default_factory=dict)
    hosts_kept_away: dict[str, int] = field(default_factory=dict)
    removals: dict[tuple[str, int], Removal] = field(default_factory=dict)
    stored_files: dict[str, StoredFile] = field(default_factory=dict)
    thinned: dict[int, ThinnedAttempts] = field(default_factory=dict)
    attempt_batches: list[AttemptBatch] = field(default_factory=list)
    marks: dict[int, Mark] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)

    # -- events --------------------------------------------------------------------------------------------------

    def events(self) -> list[KnownEvent]:
        """All events by (event_date, key)."""
        own = (event for key, event in self.catalogue.by_key.items() if key == event.key)
        return sorted(own, key=lambda event: (event.entry.event_date, event.key))

    def cited(self, event: KnownEvent) -> dict[int, int]:
        """Documents that an event's present source links cite -> the lowest position at which it does."""
        found: dict[int, int] = {}
        for citation in event.citations:
            identity = document_of(citation.link)
            if identity is not None and citation.withdrawn_at is None:
                document_id = self.document_ids[identity.canonical_url]
                found[document_id] = min(citation.link.position, found.get(document_id, citation.link.position))
        return found

    def link_cited(self, events: Iterable[KnownEvent], document_id: int | None = None) -> int:
        """Link these events to the articles of the documents that they cite (or of this one); returns how many."""
        fresh = 0
        for event in events:
            for cited, position in self.cited(event).items():
                article_id = self.documents[cited].article_id
                place = (event.key, article_id or 0, CITATION)
                if article_id is None or place in self.links or document_id not in {None, cited}:
                    continue
                evidence = f"the entry cites it as source link {position}"
                self.links[place] = EventLink(event_key=event.key, article_id=article_id, evidence=evidence)
                fresh += 1
        return fresh

    # -- documents -----------------------------------------------------------------------------------------------

    def ensure(
        self,
        identity: DocumentIdentity,
        *,
        now: datetime,
        due_at: datetime | None,
        role: DocumentRole = DocumentRole.SOURCE,
    ) -> bool:
        """Make the document where it is missing; says whether it is new."""
        known = self.document_ids.get(identity.canonical_url)
        if known is not None and role is not DocumentRole.SOURCE:
            return False
        if known is not None:
            document = self.documents[known]
            if document.role is DocumentRole.FEED:
                document = replace(document, next_fetch_at=due_at)
            document = replace(document, role=role)
            if document.memento is None and identity.memento is not None:
                document = replace(document, memento=identity.memento)
            if due_at is not None and document.last_outcome is Outcome.IMPORTED and document.next_fetch_at is None:
                document = replace(document, next_fetch_at=due_at)
            self.documents[known] = document
            return False
        document_id = len(self.documents) + 1
        self.document_ids[identity.canonical_url] = document_id
        self.ensure_host(identity.host)
        self.documents[document_id] = Document(
            id=document_id,
            canonical_url=identity.canonical_url,
            request_url=identity.request_url,
            url_key=identity.url_key,
            host=identity.host,
            added_at=now,
            memento=identity.memento,
            next_fetch_at=due_at,
            role=role,
        )
        return True

    def ensure_host(self, name: str) -> Host:
        """The host, made where it is missing."""
        return self.hosts.setdefault(name, Host(state=HostState(name=name)))

    def document(self, canonical_url: str) -> Document:
        """One document. Raises `DocumentNotFound`."""
        if canonical_url not in self.document_ids:
            raise DocumentNotFound(canonical_url)
        return self.documents[self.document_ids[canonical_url]]

    # -- articles ------------------------------------------------------------------------------------------------

    def versions_of(self, article_id: int) -> list[ArticleVersion]:
        """Versions of an article, oldest first."""
        return [version for version in self.versions.values() if version.article_id == article_id]

    def current(self, article_id: int) -> ArticleVersion:
        """The version that stands for the article; see `Store.archive`."""
        versions = self.versions_of(article_id)
        return max(versions, key=lambda one: currency(one.article.access, one.captured_at, one.number))

    def has_full_text(self, document: Document) -> bool:
        """Whether it has an article, and not only the beginning of one."""
        article_id = document.article_id
        return article_id is not None and self.current(article_id).article.access is not Access.TEASER

    def representative(self, cluster_id: int) -> int:
        """The member that stands for a story."""
        return self.representatives[cluster_id]

    def tombstone(self, document: Document) -> int | None:
        """The takedown that keeps a document away: its own, else its host's."""
        return self.kept_away.get(document.id) or self.hosts_kept_away.get(document.host)

    def standing_document(self, document_id: int) -> int:
        """The document that stands for one: itself unless it is merged."""
        merge = self.merges.get(document_id)
        return merge.into_id if merge is not None and merge.undone_at is None else document_id

    def standing_article(self, article_id: int) -> int:
        """The article of the document that stands for an article's own; itself where there is none."""
        into = self.standing_document(self.articles[article_id])
        return self.documents[into].article_id or article_id


def next_id(table: dict[int, Any], *, after: int = 0) -> int:
    """The id of what is put into a table next; ``after`` is the highest that was taken out of it."""
    return max(next(reversed(table), 0), after) + 1


def document_of(link: SourceLink) -> DocumentIdentity | None:
    """The document to fetch for a link; images have none, even where their URL is fine."""
    return link.identity if link.kind is LinkKind.ARTICLE else None


def reported_at(version: ArticleVersion) -> datetime:
    """When a version was published, else captured."""
    return version.article.published_at.value if version.article.published_at else version.captured_at
