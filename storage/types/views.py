"""What a reader asks for: values put together from several tables, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from storage.types.archives import ArchiveSave, ArchiveSearch, Backfill, BackfillState
from storage.types.articles import ArticleVersion, EventLink
from storage.types.captures import Capture, Memento
from storage.types.curation import Mark
from storage.types.discovery import Discovery
from storage.types.documents import Document, FetchAttempt
from storage.types.events import EventEntry, RelatedLink, SourceLink
from storage.types.images import LeadImage
from storage.types.stories import DocumentMerge, Relation, StoryArticle
from storage.types.takedowns import Takedown
from storage.types.thinning import ThinnedAttempts
from storage.types.time import require_utc


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceView:
    """One source link with the story of its document.

    Attributes:
        link: as stored.
        document: the document meant; ``None`` when the cited URL cannot be requested or is no article.
        headline: of the article's current version; empty where there is no article.
        memento: where that version comes from where it is an archived copy's; ``None`` for all others.
        withdrawn_at: when a later revision of the entry dropped the link; ``None`` while it stands.
        mark: that a person said that what was stored as its article is none; ``None`` for all others.
    """

    link: SourceLink
    document: Document | None = None
    headline: str = ""
    memento: Memento | None = None
    withdrawn_at: datetime | None = None
    mark: Mark | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedView:
    """One related link; ``known_key`` is the event's own key once it was imported, empty before."""

    link: RelatedLink
    known_key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventView:
    """One event with its present entry, sources and articles.

    Attributes:
        entry: the latest revision's entry; its ``key`` is the event's own key.
        aliases: further keys under which entries of the same event came.
        revision: number of the latest revision, 1-based.
        imported_at: first import.
        revised_at: import of the latest revision.
        sources: present source links in order, then withdrawn ones.
        related: related links in order.
        links: articles that report it, proposed and rejected ones among them.
        coverage: the articles of the links that count (linked or confirmed), by (cluster, reported_at, id).
    """

    entry: EventEntry
    aliases: tuple[str, ...]
    revision: int
    imported_at: datetime
    revised_at: datetime
    sources: tuple[SourceView, ...]
    related: tuple[RelatedView, ...]
    links: tuple[EventLink, ...]
    coverage: tuple[StoryArticle, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EventSummary:
    """One event in a list: its present source links (images are none), and for how many of them there is an article."""

    key: str
    event_date: date
    headline: str
    sources: int
    articles: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterMember:
    """One article of a cluster; exactly one member represents it.

    Attributes:
        article_id: of the article.
        canonical_url: of its document.
        headline: of its current version.
        representative: whether it stands for the cluster.
        score: how well it fits: the mean score of its relations with the other members; 1 for a cluster of one.
        agency: credited by its current version.
        reported_at: when its first version was published, else captured.
        length: of its current body, in characters.
    """

    article_id: int
    canonical_url: str
    headline: str
    representative: bool
    score: float
    agency: str = ""
    reported_at: datetime | None = None
    length: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleView:
    """One article with everything known about it.

    Attributes:
        id: ours.
        document: it was extracted from.
        versions: in the order in which they were stored, but the current one last; never empty.
        cluster: all members of its cluster, itself among them.
        events: events that it is linked to.
        lead_image: of the current version, where it was asked for; ``None`` for all others.
        cluster_id: the story that it tells.
        relations: to articles of other documents, strongest first; at most 100.
        merges: which documents are this one or which this one is, undone ones too.
        found_by: feeds that named its document before anybody cited it.
        mark: that a person said that it is no article; ``None`` while nobody does.
    """

    id: int
    document: Document
    versions: tuple[ArticleVersion, ...]
    cluster: tuple[ClusterMember, ...]
    events: tuple[EventLink, ...]
    lead_image: LeadImage | None = None
    cluster_id: int = 0
    relations: tuple[Relation, ...] = ()
    merges: tuple[DocumentMerge, ...] = ()
    found_by: tuple[Discovery, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterView:
    """One story: the number of its cluster and all members, by article; never empty."""

    id: int
    members: tuple[ClusterMember, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaptureView:
    """One capture with what it belongs to.

    Attributes:
        capture: as stored.
        attempt: that brought it.
        document: that was wanted.
        article_id: the article that was extracted from it; ``None`` where none was.
        version: number of that article's version that it shows; ``None`` likewise.
        holder_id: of a revisit the capture that has the bytes; ``None`` for all others, and where that one is gone.
        takedown: by which its record was removed while its text stays; ``None`` while it has one.
    """

    capture: Capture
    attempt: FetchAttempt
    document: Document
    article_id: int | None = None
    version: int | None = None
    holder_id: int | None = None
    takedown: Takedown | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentHistory:
    """Why a document is as it is: who cites it and every attempt at it, oldest first.

    Attributes:
        document: the document.
        cited_by: (event key, cited URL as written) pairs, by key; withdrawn links included.
        attempts: oldest first; those that the database still has.
        captures: oldest first.
        backfill: its place in the queue for archives; ``None`` where it was never wanted from them.
        searches: where the search stands in each archive that was asked, by time.
        saves: where the saving stands by each archive that was asked to save it, by time.
        lead_image_of: articles of which a version shows it as lead image, ascending.
        merges: which documents are this one or which this one is, undone ones too.
        found_by: feeds that named it before anybody cited it.
        thinned: attempts that are in files only; ``None`` where there are none.
    """

    document: Document
    cited_by: tuple[tuple[str, str], ...]
    attempts: tuple[FetchAttempt, ...]
    captures: tuple[Capture, ...]
    backfill: Backfill | None = None
    searches: tuple[ArchiveSearch, ...] = ()
    saves: tuple[ArchiveSave, ...] = ()
    lead_image_of: tuple[int, ...] = ()
    merges: tuple[DocumentMerge, ...] = ()
    found_by: tuple[Discovery, ...] = ()
    thinned: ThinnedAttempts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryStatus:
    """Counts over the whole library.

    Attributes:
        events: event entries.
        source_links: present ones.
        documents: distinct; lead images are no documents here, nor in `untried`, `due` and `by_outcome`.
        untried: documents without any attempt.
        due: documents that a crawl would fetch now.
        leased: documents out on lease now.
        by_outcome: latest outcome -> number of documents.
        attempts: all, those in files too.
        captures: all.
        articles: all.
        versions: all.
        clusters: groups of one or more articles.
        unreachable_links: present source links whose cited URL cannot be requested.
        image_links: present source links that are no articles.
        paused_hosts: hosts that a person paused.
        resting_hosts: hosts that may not be asked before some later moment, paused or not.
        backfills: state -> number of documents that are or were wanted from archives.
        mementos: captures that are archived copies.
        lead_images: latest outcome (``untried`` before the first) -> number of lead images.
        links: state -> number of event links, each pair counted once; without citations that nobody decided about.
        uncompared: articles whose relations and cluster must be worked out again (`dateline dedup rebuild`).
        unlinked: articles that linking has not looked at since they changed.
        merged: documents that are another one.
    """

    events: int = 0
    source_links: int = 0
    documents: int = 0
    untried: int = 0
    due: int = 0
    leased: int = 0
    by_outcome: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0
    captures: int = 0
    articles: int = 0
    versions: int = 0
    clusters: int = 0
    unreachable_links: int = 0
    image_links: int = 0
    paused_hosts: int = 0
    resting_hosts: int = 0
    backfills: Mapping[BackfillState, int] = field(default_factory=dict)
    mementos: int = 0
    lead_images: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, int] = field(default_factory=dict)
    uncompared: int = 0
    unlinked: int = 0
    merged: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreInfo:
    """Facts about the store itself.

    Attributes:
        backend: ``sqlite``, ``postgresql`` or ``memory``.
        url: of the database, password hidden.
        revision: migration that the schema stands at; empty where there is no schema yet.
        head: migration that this program needs.
        oldest: the oldest migration whose programs may use the database; empty where nobody wrote it down.
        rows: table -> number of rows.
    """

    backend: str
    url: str
    revision: str
    head: str
    oldest: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleHealth:
    """How often a publisher rule applied to a host's pages, or how often something that it should find was missed.

    Attributes:
        host: of the documents.
        rule: name of the rule that applied; empty where this counts a miss.
        missed: what was missed (``bbc``, ``bbc-2003: headline``); empty where this counts a rule.
        versions: how many versions of articles of the host say so.
        latest: when the latest of their pages was captured.
    """

    host: str
    rule: str = ""
    missed: str = ""
    versions: int
    latest: datetime

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(latest=self.latest)
