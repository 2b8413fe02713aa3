"""The in-memory twin: the same contract without a database, for dry runs and tests.

Why it exists beside SQLite: a test that needs a library wants it in a microsecond, and two backends that agree on
every test keep the contract honest. It shares the deciding code (`storage.revising`, `storage.placing`) with the
databases and nothing else. Look-ups walk over everything: it is meant for thousands of documents, not millions.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import TracebackType

from storage.memory import frontier, hosts, pages, reading
from storage.memory.archive_side import ArchiveSide
from storage.memory.article_side import ArticleSide
from storage.memory.browsing_side import BrowsingSide
from storage.memory.curation_side import CurationSide
from storage.memory.discovery_side import DiscoverySide
from storage.memory.file_side import FileSide
from storage.memory.library import document_of
from storage.memory.linking_side import LinkingSide
from storage.memory.linking_texts import link_near
from storage.memory.run_side import RunSide
from storage.memory.selecting import chosen
from storage.memory.story_side import StorySide
from storage.memory.takedown_side import TakedownSide
from storage.memory.thinning_side import ThinningSide
from storage.memory.upkeep_side import UpkeepSide
from storage.protocol import EventMatcher, HostChange, Store
from storage.revising import held_by
from storage.types import (
    ArticleVersion,
    ArticleView,
    Capture,
    Citation,
    Document,
    DocumentHistory,
    DocumentIdentity,
    EntryChange,
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


class MemoryStore(
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
    """`storage.protocol.Store` that forgets everything with the process."""

    # -- lifecycle -----------------------------------------------------------------------------------------------

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing to release."""

    def info(self) -> StoreInfo:
        """See `Store.info`."""
        library = self._library
        rows = {
            "events": len(library.events()),
            "documents": len(library.documents),
            "attempts": len(library.attempts),
            "captures": len(library.captures),
            "articles": len(library.articles),
            "article_versions": len(library.versions),
        }
        return StoreInfo(backend="memory", url="memory:", revision="", head="", rows=rows)

    def require_compatible(self) -> str:
        """See `Store.require_compatible`; it is as old as the program."""
        return ""

    def clock(self) -> datetime:
        """See `Store.clock`."""
        return utc_now()

    # -- events --------------------------------------------------------------------------------------------------

    def put_events(
        self, entries: Sequence[EventEntry], *, match: EventMatcher, now: datetime, dry_run: bool = False
    ) -> list[ImportedEntry]:
        """See `Store.put_events`."""
        library = self._library
        catalogue = copy.deepcopy(library.catalogue) if dry_run else library.catalogue
        catalogue.held = held_by(entries)
        days = {event.key: event.entry.event_date for event in library.events()}
        answers = [catalogue.take(entry, entry.content_digest(), match, now) for entry in entries]
        if not dry_run:
            changed = [catalogue.by_key[key] for key in dict.fromkeys(answer.key for answer in answers)]
            links = [citation.link for event in changed for citation in event.citations]
            for identity in filter(None, map(document_of, links)):
                library.ensure(identity, now=now, due_at=now)
            library.link_cited(changed)
            fresh = {answer.key for answer in answers if answer.change is not EntryChange.UNCHANGED}
            present = {catalogue.by_key[key].entry.event_date for key in fresh}
            link_near(library, present | {days[key] for key in fresh & days.keys()})
        return answers

    def put_loose(self, sources: Sequence[LooseSource], *, now: datetime, dry_run: bool = False) -> int:
        """See `Store.put_loose`."""
        identities = {source.identity.canonical_url: source.identity for source in sources}
        if dry_run:
            return len(identities.keys() - self._library.document_ids.keys())
        return sum(self._library.ensure(identity, now=now, due_at=now) for identity in identities.values())

    def ensure_document(self, identity: DocumentIdentity, *, now: datetime) -> Document:
        """See `Store.ensure_document`."""
        self._library.ensure(identity, now=now, due_at=None)
        return self._library.document(identity.canonical_url)

    def event(self, name: str) -> EventView:
        """See `Store.event`."""
        return reading.event(self._library, name)

    def events(
        self, *, prefix: str = "", search: str = "", after: str = "", limit: int | None = None
    ) -> Iterator[EventSummary]:
        """See `Store.events`."""
        yield from reading.summaries(self._library, prefix=prefix, search=search, after=after)[:limit]

    # -- frontier ------------------------------------------------------------------------------------------------

    def due(self, selection: Selection, *, now: datetime, limit: int | None = None) -> Iterator[Document]:
        """See `Store.due`."""
        yield from sorted(chosen(self._library, selection, now), key=frontier.waiting)[:limit]

    def lease(self, request: LeaseRequest) -> list[Document]:
        """See `Store.lease`."""
        return frontier.lease(self._library, request)

    def next_ready(self, request: LeaseRequest) -> datetime | None:
        """See `Store.next_ready`."""
        return frontier.next_ready(self._library, request)

    def ready_hosts(self, request: LeaseRequest) -> list[str]:
        """See `Store.ready_hosts`."""
        return frontier.ready_hosts(self._library, request)

    def due_hosts(self, selection: Selection, *, now: datetime) -> dict[str, int]:
        """See `Store.due_hosts`."""
        return frontier.due_hosts(self._library, selection, now=now)

    def renew(self, token: str, *, until: datetime) -> int:
        """See `Store.renew`."""
        return frontier.renew(self._library, token, until=until)

    def hold_host(self, token: str, host: str, *, until: datetime) -> bool:
        """See `Store.hold_host`."""
        return frontier.hold(self._library, token, host, until=until)

    def held_hosts(self, token: str) -> frozenset[str]:
        """See `Store.held_hosts`."""
        return frontier.held(self._library, token)

    def release(self, token: str, *, not_before: Mapping[str, datetime], hosts: Iterable[str] | None = None) -> int:
        """See `Store.release`."""
        return frontier.release(self._library, token, not_before=not_before, hosts=hosts)

    def reclaim(self, tokens: Iterable[str], *, not_before: datetime) -> int:
        """See `Store.reclaim`."""
        return frontier.reclaim(self._library, tokens, not_before=not_before)

    def reschedule(self, selection: Selection, *, next_fetch_at: datetime | None) -> int:
        """See `Store.reschedule`."""
        documents = chosen(self._library, selection, None)
        self._library.documents.update((one.id, replace(one, next_fetch_at=next_fetch_at)) for one in documents)
        return len(documents)

    def book(self, moments: Mapping[int, datetime]) -> int:
        """See `Store.book`."""
        every = chosen(self._library, Selection(due_only=False), None)
        booked = [one for one in every if one.id in moments and one.next_fetch_at is None]
        self._library.documents.update((one.id, replace(one, next_fetch_at=moments[one.id])) for one in booked)
        return len(booked)

    # -- hosts ---------------------------------------------------------------------------------------------------

    def hosts(self, *, now: datetime) -> Iterator[Host]:
        """See `Store.hosts`."""
        for name in sorted(self._library.hosts):
            yield hosts.host(self._library, name, now=now)

    def host(self, name: str, *, now: datetime) -> Host:
        """See `Store.host`."""
        return hosts.host(self._library, name, now=now)

    def host_states(self, names: Iterable[str]) -> dict[str, HostState]:
        """See `Store.host_states`."""
        return hosts.states(self._library, names)

    def put_host_states(self, states: Sequence[HostState]) -> None:
        """See `Store.put_host_states`."""
        hosts.put_states(self._library, states)

    def claim_host(self, name: str, *, token: str, now: datetime, until: datetime) -> HostClaim:
        """See `Store.claim_host`."""
        return hosts.claim(self._library, name, token=token, now=now, until=until)

    def pause_host(self, name: str, *, now: datetime, reason: str) -> Host:
        """See `Store.pause_host`."""
        return hosts.pause(self._library, name, now=now, reason=reason)

    def allow_host(self, name: str, *, now: datetime) -> Host:
        """See `Store.allow_host`."""
        return hosts.allow(self._library, name, now=now)

    def probes(self, names: Iterable[str]) -> dict[str, HostProbe]:
        """See `Store.probes`."""
        return hosts.probes(self._library, names)

    def put_probe(self, name: str, probe: HostProbe) -> None:
        """See `Store.put_probe`."""
        hosts.put_probe(self._library, name, probe)

    def repeats(self, host: str, page_digest: str, *, document_id: int) -> int:
        """See `Store.repeats`."""
        return pages.repeats(self._library, host, page_digest, document_id=document_id)

    def citations(self, document_ids: Iterable[int]) -> dict[int, tuple[Citation, ...]]:
        """See `Store.citations`."""
        return pages.citations(self._library, document_ids)

    def change_host(self, name: str, change: HostChange) -> HostState:
        """See `Store.change_host`."""
        return hosts.change(self._library, name, change)

    # -- reading -------------------------------------------------------------------------------------------------

    def document(self, canonical_url: str) -> Document:
        """See `Store.document`."""
        return self._library.document(canonical_url)

    def find_document(self, canonical_url: str) -> Document | None:
        """See `Store.find_document`."""
        known = self._library.document_ids.get(canonical_url)
        return None if known is None else self._library.documents[known]

    def history(self, canonical_url: str) -> DocumentHistory:
        """See `Store.history`."""
        return reading.history(self._library, canonical_url)

    def article(self, article_id: int) -> ArticleView:
        """See `Store.article`."""
        return reading.article(self._library, article_id)

    def articles(self, selection: Selection | None = None, *, after: int = 0) -> Iterator[ArticleView]:
        """See `Store.articles`."""
        for article_id in reading.selected_articles(self._library, selection, after):
            yield reading.article(self._library, article_id)

    def replayable(self, selection: Selection) -> Iterator[tuple[Document, FetchAttempt, Capture]]:
        """See `Store.replayable`."""
        yield from pages.replayable(self._library, selection)

    def versions(self, *, host: str = "", after: int = 0) -> Iterator[tuple[ArticleVersion, Capture, Document]]:
        """See `Store.versions`."""
        library = self._library
        for version in [one for one in library.versions.values() if one.id > after]:
            document = library.documents[library.articles[version.article_id]]
            held = library.captures[version.capture_id].takedown_id is None
            if held and (not host or document.host == host):
                yield version, library.captures[version.capture_id], document

    def captures(self) -> Iterator[Capture]:
        """See `Store.captures`."""
        held = (one for one in self._library.captures.values() if one.takedown_id is None)
        yield from sorted(held, key=lambda one: (one.location.file, one.location.offset))

    def committed_end(self, file: str) -> int:
        """See `Store.committed_end`."""
        places = [one.location for one in self._library.captures.values() if one.location.file == file]
        noted = [one.offset + one.length for one in self._library.removals.values() if one.file == file]
        return max((*noted, *(place.offset + place.length for place in places)), default=0)

    def status(self, *, now: datetime) -> LibraryStatus:
        """See `Store.status`."""
        return reading.status(self._library, now=now)
