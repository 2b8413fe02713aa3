"""The store on SQLAlchemy: one short transaction per method, the work in one module per domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType

from sqlalchemy import inspect

from storage.errors import SchemaMismatch
from storage.protocol import EventMatcher, HostChange, Store
from storage.sql import (
    compatibility,
    event_links,
    event_views,
    events,
    frontier,
    hosts,
    importing,
    judgements,
    reading,
    replaying,
    selecting,
)
from storage.sql import engine as engines
from storage.sql.archive_side import ArchiveSide
from storage.sql.article_side import ArticleSide
from storage.sql.browsing_side import BrowsingSide
from storage.sql.curation_side import CurationSide
from storage.sql.discovery_side import DiscoverySide
from storage.sql.documents import ensure_documents
from storage.sql.file_side import FileSide
from storage.sql.linking_side import LinkingSide
from storage.sql.models import Base
from storage.sql.models.revision import HEAD
from storage.sql.run_side import RunSide
from storage.sql.status import row_counts, status
from storage.sql.story_side import StorySide
from storage.sql.takedown_side import TakedownSide
from storage.sql.thinning_side import ThinningSide
from storage.sql.upkeep_side import UpkeepSide
from storage.types import (
    ArticleVersion,
    ArticleView,
    Capture,
    Citation,
    Document,
    DocumentHistory,
    DocumentIdentity,
    EventEntry,
    EventSummary,
    EventView,
    FetchAttempt,
    Host,
    HostClaim,
    HostProbe,
    HostState,
    ImportedEntry,
    LeaseRequest,
    LibraryStatus,
    LooseSource,
    Selection,
    StoreInfo,
    utc_now,
)


class SqlStore(
    ArticleSide,
    StorySide,
    LinkingSide,
    DiscoverySide,
    ArchiveSide,
    RunSide,
    UpkeepSide,
    TakedownSide,
    FileSide,
    ThinningSide,
    CurationSide,
    BrowsingSide,
):
    """`storage.protocol.Store` on SQLite or PostgreSQL; the schema must be there (`storage.schema.upgrade`)."""

    # -- lifecycle -----------------------------------------------------------------------------------------------

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def info(self) -> StoreInfo:
        """See `Store.info`."""
        with self._read() as connection:
            present = set(inspect(connection).get_table_names())
            ours = [table.name for table in Base.metadata.sorted_tables if table.name in present]
            return StoreInfo(
                backend=self._url.get_backend_name(),
                url=self._url.render_as_string(hide_password=True),
                revision=compatibility.revision(connection),
                head=HEAD,
                oldest=compatibility.oldest(connection),
                rows=row_counts(connection, ours),
            )

    def require_compatible(self) -> str:
        """See `Store.require_compatible`."""
        with self._read() as connection:
            if not compatibility.revision(connection):
                raise SchemaMismatch("", HEAD)
            return self._watch.look(connection)

    def clock(self) -> datetime:
        """See `Store.clock`."""
        if self._url.get_backend_name() == "sqlite":
            return utc_now()
        with self._read() as connection:
            return engines.server_time(connection)

    # -- events --------------------------------------------------------------------------------------------------

    def put_events(
        self, entries: Sequence[EventEntry], *, match: EventMatcher, now: datetime, dry_run: bool = False
    ) -> list[ImportedEntry]:
        """See `Store.put_events`."""
        with self._write(keep=not dry_run) as connection:
            engines.expect_lookups(connection)
            return importing.put_events(connection, entries, match=match, now=now)

    def put_loose(self, sources: Sequence[LooseSource], *, now: datetime, dry_run: bool = False) -> int:
        """See `Store.put_loose`."""
        identities = [source.identity for source in sources]
        with self._write(keep=not dry_run) as connection:
            return ensure_documents(connection, identities, now=now, due_at=now)[1]

    def ensure_document(self, identity: DocumentIdentity, *, now: datetime) -> Document:
        """See `Store.ensure_document`."""
        with self._write() as connection:
            ensure_documents(connection, [identity], now=now, due_at=None)
            return reading.document(connection, identity.canonical_url)

    def event(self, name: str) -> EventView:
        """See `Store.event`."""
        with self._read() as connection:
            return event_views.event(connection, name)

    def events(
        self, *, prefix: str = "", search: str = "", after: str = "", limit: int | None = None
    ) -> Iterator[EventSummary]:
        """See `Store.events`."""
        return events.events(self._read, prefix=prefix, search=search, after=after, limit=limit)

    # -- frontier ------------------------------------------------------------------------------------------------

    def due(self, selection: Selection, *, now: datetime, limit: int | None = None) -> Iterator[Document]:
        """See `Store.due`."""
        return selecting.due(self._read, selection, now=now, limit=limit)

    def lease(self, request: LeaseRequest) -> list[Document]:
        """See `Store.lease`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return frontier.lease(connection, request)

    def next_ready(self, request: LeaseRequest) -> datetime | None:
        """See `Store.next_ready`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return frontier.next_ready(connection, request)

    def ready_hosts(self, request: LeaseRequest) -> list[str]:
        """See `Store.ready_hosts`."""
        with self._read() as connection:
            return frontier.ready_hosts(connection, request)

    def due_hosts(self, selection: Selection, *, now: datetime) -> dict[str, int]:
        """See `Store.due_hosts`."""
        with self._read() as connection:
            return frontier.due_hosts(connection, selection, now=now)

    def renew(self, token: str, *, until: datetime) -> int:
        """See `Store.renew`."""
        with self._write() as connection:
            return frontier.renew(connection, token, until=until)

    def hold_host(self, token: str, host: str, *, until: datetime) -> bool:
        """See `Store.hold_host`."""
        with self._write() as connection:
            return frontier.hold(connection, token, host, until=until)

    def held_hosts(self, token: str) -> frozenset[str]:
        """See `Store.held_hosts`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return frontier.held(connection, token)

    def release(self, token: str, *, not_before: Mapping[str, datetime], hosts: Iterable[str] | None = None) -> int:
        """See `Store.release`."""
        with self._write() as connection:
            return frontier.release(connection, token, not_before=not_before, hosts=hosts)

    def reclaim(self, tokens: Iterable[str], *, not_before: datetime) -> int:
        """See `Store.reclaim`."""
        with self._write() as connection:
            return frontier.reclaim(connection, tokens, not_before=not_before)

    def reschedule(self, selection: Selection, *, next_fetch_at: datetime | None) -> int:
        """See `Store.reschedule`."""
        with self._write() as connection:
            return selecting.reschedule(connection, selection, next_fetch_at=next_fetch_at)

    def book(self, moments: Mapping[int, datetime]) -> int:
        """See `Store.book`."""
        with self._write() as connection:
            return selecting.book(connection, moments)

    # -- hosts ---------------------------------------------------------------------------------------------------

    def hosts(self, *, now: datetime) -> Iterator[Host]:
        """See `Store.hosts`."""
        return hosts.hosts(self._read, now=now)

    def host(self, name: str, *, now: datetime) -> Host:
        """See `Store.host`."""
        with self._read() as connection:
            return hosts.host(connection, name, now=now)

    def host_states(self, names: Iterable[str]) -> dict[str, HostState]:
        """See `Store.host_states`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return hosts.states(connection, names)

    def put_host_states(self, states: Sequence[HostState]) -> None:
        """See `Store.put_host_states`."""
        with self._write() as connection:
            hosts.put_states(connection, states)

    def claim_host(self, name: str, *, token: str, now: datetime, until: datetime) -> HostClaim:
        """See `Store.claim_host`."""
        with self._write() as connection:
            return hosts.claim(connection, name, token=token, now=now, until=until)

    def pause_host(self, name: str, *, now: datetime, reason: str) -> Host:
        """See `Store.pause_host`."""
        with self._write() as connection:
            return hosts.pause(connection, name, now=now, reason=reason)

    def allow_host(self, name: str, *, now: datetime) -> Host:
        """See `Store.allow_host`."""
        with self._write() as connection:
            return hosts.allow(connection, name, now=now)

    def probes(self, names: Iterable[str]) -> dict[str, HostProbe]:
        """See `Store.probes`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return hosts.probes(connection, names)

    def put_probe(self, name: str, probe: HostProbe) -> None:
        """See `Store.put_probe`."""
        with self._write() as connection:
            hosts.put_probe(connection, name, probe)

    def repeats(self, host: str, page_digest: str, *, document_id: int) -> int:
        """See `Store.repeats`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return judgements.repeats(connection, host, page_digest, document_id=document_id)

    def citations(self, document_ids: Iterable[int]) -> dict[int, tuple[Citation, ...]]:
        """See `Store.citations`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return event_links.citations(connection, document_ids)

    def change_host(self, name: str, change: HostChange) -> HostState:
        """See `Store.change_host`."""
        while True:
            with self._write(alone=False) as connection:
                engines.expect_lookups(connection)
                if changed := hosts.change(connection, name, change):
                    return changed
            with self._write() as connection:
                hosts.make(connection, name)

    # -- reading -------------------------------------------------------------------------------------------------

    def document(self, canonical_url: str) -> Document:
        """See `Store.document`."""
        with self._read() as connection:
            return reading.document(connection, canonical_url)

    def find_document(self, canonical_url: str) -> Document | None:
        """See `Store.find_document`."""
        with self._read() as connection:
            return reading.find_document(connection, canonical_url)

    def history(self, canonical_url: str) -> DocumentHistory:
        """See `Store.history`."""
        with self._read() as connection:
            return reading.history(connection, canonical_url)

    def article(self, article_id: int) -> ArticleView:
        """See `Store.article`."""
        with self._read() as connection:
            return reading.article(connection, article_id)

    def articles(self, selection: Selection | None = None, *, after: int = 0) -> Iterator[ArticleView]:
        """See `Store.articles`."""
        return reading.articles(self._read, selection, after=after)

    def replayable(self, selection: Selection) -> Iterator[tuple[Document, FetchAttempt, Capture]]:
        """See `Store.replayable`."""
        return replaying.replayable(self._read, selection)

    def versions(self, *, host: str = "", after: int = 0) -> Iterator[tuple[ArticleVersion, Capture, Document]]:
        """See `Store.versions`."""
        return reading.all_versions(self._read, host=host, after=after)

    def captures(self) -> Iterator[Capture]:
        """See `Store.captures`."""
        return reading.all_captures(self._read)

    def committed_end(self, file: str) -> int:
        """See `Store.committed_end`."""
        with self._read() as connection:
            return reading.committed_end(connection, file)

    def status(self, *, now: datetime) -> LibraryStatus:
        """See `Store.status`."""
        with self._read() as connection:
            return status(connection, now=now)
