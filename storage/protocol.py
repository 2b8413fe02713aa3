"""Store: the contract that every backend keeps.

Threads: a store may be used from any thread, one call at a time per store object; callers that share one object
between threads lock around it. Processes: any number may work on one store at once; every method is one
transaction, and what it returned is on disk before it returns.

Time: all moments are aware and in UTC; the store never reads the clock, callers pass ``now`` (and may ask `Store.clock`
what it is).

Lifecycle: `storage.open_store` opens; `close` releases connections and is idempotent. A store is a context manager.

Failures: `storage.errors.StoreUnavailable` when the database cannot be reached or stays locked; nothing of the
call was written then, and calling again is safe. Unknown names raise the `NotFound` family; a `Selection` that names
something unknown selects nothing. Whatever else a database refuses is a plain `StorageError`.

Text: NUL and lone surrogates, which no database holds, come back from databases as U+FFFD; entries, headers and
evidence come back exactly.

Nothing is deleted unless a person says so (`UpkeepStore.take_down`): withdrawn links are marked, entries are revised,
attempts accumulate. Besides, only what can be had again goes: an archive's answers when they are old, the index of a
held file when it is read anew; and the rows of runs that are long over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from storage.article_store import ArticleStore, Decider
from storage.browsing_store import BrowsingStore
from storage.curation_store import CurationStore
from storage.discovery_store import DiscoveryStore
from storage.file_store import FileStore
from storage.frontier_store import FrontierStore
from storage.linking_store import LinkingStore
from storage.run_store import RunStore
from storage.story_store import Fingerprinter, StoryStore
from storage.thinning_store import ThinningStore
from storage.types import (
    ArchiveAnswer,
    ArchiveLink,
    ArchiveSave,
    ArchiveSearch,
    ArticleVersion,
    ArticleView,
    BackfillRequest,
    BackfillRules,
    BackfillState,
    BackfillTask,
    Capture,
    Citation,
    Document,
    DocumentHistory,
    DocumentIdentity,
    EventEntry,
    EventSummary,
    EventView,
    FetchAttempt,
    HeldFile,
    HeldRecord,
    Host,
    HostClaim,
    HostProbe,
    HostState,
    ImportedEntry,
    LibraryStatus,
    LinkRot,
    LooseSource,
    Selection,
    StoreInfo,
)
from storage.upkeep_store import UpkeepStore

EventMatcher = Callable[[EventEntry, Sequence[EventEntry]], tuple[str, str] | None]
"""Given an entry and the present entries of the same date, the key of the one that is the same event and the reason,
or ``None`` when it is a new event. An event of several keys is shown once per key, with the latest entry under it;
the answer may be any of these keys. Pure."""

HostChange = Callable[[HostState], HostState]
"""Given how a host stands, how it stands from now on. Pure: it may be called again when a transaction is repeated."""


__all__ = ["Decider", "EventMatcher", "Fingerprinter", "HostChange", "Store"]


class Store(
    FrontierStore,
    ArticleStore,
    StoryStore,
    LinkingStore,
    DiscoveryStore,
    RunStore,
    UpkeepStore,
    FileStore,
    ThinningStore,
    CurationStore,
    BrowsingStore,
    AbstractContextManager["Store"],
    Protocol,
):
    """Everything that dateline remembers, except the captures' bytes.

    `FrontierStore` gives out work, articles come in by `ArticleStore`; `StoryStore`, `LinkingStore` and
    `DiscoveryStore` are about what they tell; `RunStore` and `UpkeepStore` about the work itself, and about what is
    removed for good; `FileStore` about where the captures' files are, `ThinningStore` about attempts that move into
    files; `CurationStore` about what people decide and ask for. `BrowsingStore` is for
    readers.
    """

    # -- lifecycle ---------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Release connections; idempotent."""

    def info(self) -> StoreInfo:
        """Facts about the store; works on a database without schema too."""

    def require_compatible(self) -> str:
        """Whether this program may go on: the database may be upgraded while it is open.

        Returns what there is to say: empty where the database stands at the program's own revision. Every method that
        writes asks it, too.

        Raises `SchemaMismatch`.
        """

    def clock(self) -> datetime:
        """The present moment by the clock that all machines share, the database server's.

        A database without a server has none of its own: `storage.types.utc_now` answers for it.
        """

    # -- events ------------------------------------------------------------------------------------------------

    def put_events(
        self, entries: Sequence[EventEntry], *, match: EventMatcher, now: datetime, dry_run: bool = False
    ) -> list[ImportedEntry]:
        """Import entries; the answer has one element per entry, in order.

        The key, or an alias, known: same event. Unknown key: ``match`` is asked about the events of that date. An entry
        whose content digest equals the latest revision *that came under the same key* changes nothing. A changed entry
        of the event's own key becomes a new revision: links that are gone are marked withdrawn, new ones added, links
        that came back are no longer withdrawn. An entry of an alias key that says something new adds its links and a
        revision too, and withdraws only links that came under that alias. A link is never withdrawn while the latest
        entry under another key of the event still has it. But where a file gave an entry of the event under a key that
        it gives no more (its headline was edited), the new key takes the old one's place, links included: pass whole
        files. Links are the same when their cited URLs are; an edited label or position is no new link.

        Documents are made for new identities, due at once (``next_fetch_at=now``); one that was only imported so far
        becomes due too. An article that the document has already is linked to the event in the same transaction.
        Concurrent imports of the same entries agree. ``dry_run`` answers the same and writes nothing.
        """

    def put_loose(self, sources: Sequence[LooseSource], *, now: datetime, dry_run: bool = False) -> int:
        """Make documents of URLs without an event entry, due at once; returns how many are new."""

    def ensure_document(self, identity: DocumentIdentity, *, now: datetime) -> Document:
        """The document of this identity, made (not due: ``next_fetch_at=None``) where there was none."""

    def event(self, name: str) -> EventView:
        """One event by key, alias, ``/news/KEY.md`` page path, or unique prefix of a key.

        Raises `EventNotFound` where nothing fits, `AmbiguousEvent` where several do and none exactly.
        """

    def events(
        self, *, prefix: str = "", search: str = "", after: str = "", limit: int | None = None
    ) -> Iterator[EventSummary]:
        """Events ordered by (event_date, key); ``prefix`` of the key, ``search`` is a case-blind part of the headline.

        ``after`` is a key to continue behind. Streams: holds a bounded number of rows in memory.
        """

    # -- hosts -------------------------------------------------------------------------------------------------

    def hosts(self, *, now: datetime) -> Iterator[Host]:
        """All hosts by name, with counts; streams."""

    def host(self, name: str, *, now: datetime) -> Host:
        """One host. Raises `HostNotFound`."""

    def host_states(self, names: Iterable[str]) -> dict[str, HostState]:
        """How politely these hosts must be asked; unknown names are left out."""

    def put_host_states(self, states: Sequence[HostState]) -> None:
        """Write what was learned about hosts; unknown ones are made; ``booked`` stays as it is.

        A ``not_before`` that lies later in the store stands, with its reason: another process may have learned more.
        Everything else is taken as given: a host is asked by one run at a time.
        """

    def claim_host(self, name: str, *, token: str, now: datetime, until: datetime) -> HostClaim:
        """Take one host beside the leased ones, because a redirect leads to it; made where it is unknown.

        Granted when the token holds it already, or nobody does, and it neither rests nor is paused (a host that the
        token holds may rest, too). `release` gives it back. Its own documents are not leased by this.
        """

    def pause_host(self, name: str, *, now: datetime, reason: str) -> Host:
        """Give out nothing of this host until `allow_host`; who holds it keeps what is out. Raises `HostNotFound`.

        Pausing again changes the reason only.
        """

    def allow_host(self, name: str, *, now: datetime) -> Host:
        """End a pause, a rest, a cool-down and a breaker: the host may be asked now. Raises `HostNotFound`.

        Its Crawl-delay stays, and so does a lease.
        """

    def probes(self, names: Iterable[str]) -> dict[str, HostProbe]:
        """The latest probe of each host that was probed."""

    def put_probe(self, name: str, probe: HostProbe) -> None:
        """Write what a host (made where it is unknown) answers for a path that cannot exist, over an earlier probe."""

    def repeats(self, host: str, page_digest: str, *, document_id: int) -> int:
        """How many other documents of the host showed this very text in some attempt; counted up to 10."""

    def citations(self, document_ids: Iterable[int]) -> dict[int, tuple[Citation, ...]]:
        """For each document that is cited, how present source links cite it: one per event, by key; at most 5 each."""

    def change_host(self, name: str, change: HostChange) -> HostState:
        """Change one host's state in one transaction, whoever else asks the host; returns the new state.

        The host is made where it is unknown. Unlike `put_host_states` nothing can be lost between reading and writing,
        so that many processes share one archive: each takes its turn (`HostState.booked`) in the store. A lease of the
        host plays no part.
        """

    # -- archives ----------------------------------------------------------------------------------------------

    def queue_backfills(self, rules: BackfillRules, *, now: datetime) -> int:
        """Queue every document that the rules say is wanted from archives and that has no place in the queue yet.

        Also every document of which an entry cites a memento and that has no article. A document whose latest attempt
        brought an article, in full, is not queued. Idempotent; returns how many were queued. They are due at once.
        """

    def lease_backfills(self, request: BackfillRequest) -> list[BackfillTask]:
        """Take documents to look for in archives; see `BackfillRequest`. By (``next_at``, document id).

        A document is given to one token at a time, and never twice under one token while its lease lasts (or, with
        ``due_only`` False, twice behind ``skip_after``). The lease is apart from that of `lease`: the live web and the
        archives may be asked at the same time. `release` (of all hosts), `reclaim` and `finish_run` give it back.
        """

    def count_backfills(self, request: BackfillRequest, *, rules: BackfillRules | None = None) -> int:
        """How many documents could be leased or, with ``rules``, would be queued by them; counted up to 100,000."""

    def backfill_hosts(self, request: BackfillRequest) -> dict[str, int]:
        """How many documents each host has among the first ``limit`` that could be leased; in order of the first."""

    def end_backfill(
        self, document_id: int, *, token: str, state: BackfillState, next_at: datetime | None, now: datetime
    ) -> None:
        """Say where the backfill of a leased document stands, and give the lease back.

        Nothing happens where the token does not hold it any more.
        """

    def put_search(self, search: ArchiveSearch, *, lease: str = "") -> bool:
        """Write where the search for a document in an archive stands, over an earlier state; tells whether it did.

        Nothing happens where a ``lease`` is named and that token does not hold the document's backfill any more.
        """

    def searches(self, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSearch, ...]]:
        """For each document that was looked for, its searches by ``asked_at``."""

    def answer(self, archive: str, question: str, *, now: datetime) -> ArchiveAnswer | None:
        """What the archive answered to this question, while that is still good."""

    def put_answer(self, answer: ArchiveAnswer) -> None:
        """Keep an answer, over an earlier one to the same question."""

    def forget_answers(self, *, before: datetime) -> int:
        """Delete answers that were good until before this moment; they are a cache. Returns how many."""

    def archive_links(self, document_ids: Iterable[int]) -> dict[int, ArchiveLink]:
        """For each document of which a public copy is known, the best: accepted ones, then cited, then saved ones.

        Of several accepted ones the latest version's is taken, of saved ones the latest; all have a public address.
        """

    def claim_save(self, save: ArchiveSave) -> bool:
        """Put it unless there is one whose ``next_at`` is none or after its ``asked_at``; says whether it was put."""

    def put_save(self, save: ArchiveSave) -> None:
        """Write where the saving of a document by an archive stands, over an earlier state."""

    def saves(self, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSave, ...]]:
        """For each document that an archive was asked to save, where that stands, by ``asked_at``."""

    def link_rot(self) -> Iterator[LinkRot]:
        """All documents that present source links cite, grouped by (year, host, outcome, backfill), in this order.

        What was taken down, and is kept away, is left out: whether it still lives nobody asks any more.
        """

    # -- held files --------------------------------------------------------------------------------------------

    def put_held_file(self, file: HeldFile, records: Iterable[HeldRecord]) -> HeldFile:
        """Write what a file holds, in place of what was known of its path; all or nothing. Streams ``records``."""

    def held_files(self) -> list[HeldFile]:
        """All held files by path."""

    def held_records(
        self, url_key: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[HeldRecord]:
        """The records of a URL key by ``captured_at``, at most 10,000."""

    def forget_held_file(self, path: str) -> bool:
        """Remove a file and its records from the index; False where it is unknown. The file itself is not touched."""

    def wanted_keys(self) -> Iterator[str]:
        """The URL keys of all documents without an article, or with a teaser only; ascending, no repeats; streams."""

    # -- reading -----------------------------------------------------------------------------------------------

    def document(self, canonical_url: str) -> Document:
        """One document. Raises `DocumentNotFound`."""

    def find_document(self, canonical_url: str) -> Document | None:
        """One document, or ``None``."""

    def history(self, canonical_url: str) -> DocumentHistory:
        """Everything that answers "why". Raises `DocumentNotFound`."""

    def article(self, article_id: int) -> ArticleView:
        """One article, its current version last. Raises `ArticleNotFound`."""

    def articles(self, selection: Selection | None = None, *, after: int = 0) -> Iterator[ArticleView]:
        """Articles by id, with all their versions; streams. ``due_only`` of the selection is ignored."""

    def replayable(self, selection: Selection) -> Iterator[tuple[Document, FetchAttempt, Capture]]:
        """Documents of the selection with their latest attempt that has a page, and that page: to be understood again.

        Of several captures of an attempt the last is its page, unless it is a redirect or says "not modified" (3xx);
        an attempt that replayed a capture counts it as its own. Attempts at archives do not count.
        ``due_only`` of the selection is ignored. By document id; streams.
        """

    def versions(self, *, host: str = "", after: int = 0) -> Iterator[tuple[ArticleVersion, Capture, Document]]:
        """Every version by id with the capture it came from, unless that one's record was removed; streams."""

    def captures(self) -> Iterator[Capture]:
        """Every capture that has a record, ordered by (file, offset); streams."""

    def committed_end(self, file: str) -> int:
        """End offset of the last committed record of a WARC file, or of what is to be overwritten in it; else 0."""

    def status(self, *, now: datetime) -> LibraryStatus:
        """Counts over the whole library."""
