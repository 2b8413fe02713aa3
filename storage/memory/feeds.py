"""What one poll of a feed brought, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from storage.memory.library import Library
from storage.types import Discovery, DocumentRole, Feed, FeedPoll, FoundArticle, WantedFeed


def put_poll(library: Library, document_id: int, poll: FeedPoll, now: datetime) -> int:
    """As `storage.sql.feeds.put_poll`."""
    feed = library.feeds.get(document_id)
    if feed is None:
        return 0
    new = _discover(library, document_id, poll.found, now)
    put_feeds(library, poll.feeds, now=now)
    library.feeds[document_id] = replace(
        feed,
        interval=poll.interval,
        problem=poll.problem,
        title=poll.title or feed.title,
        entries=poll.entries or feed.entries,
        found=feed.found + new,
        last_found_at=now if new else feed.last_found_at,
        polls=feed.polls + (not poll.problem),
    )
    if not feed.enabled:
        library.documents[document_id] = replace(library.documents[document_id], next_fetch_at=None)
    return new


def _discover(library: Library, feed_id: int, found: Iterable[FoundArticle], now: datetime) -> int:
    new = 0
    for one in found:
        url = one.identity.canonical_url
        if url in library.document_ids:
            continue
        new += library.ensure(one.identity, now=now, due_at=now)
        library.discoveries[library.document_ids[url]] = Discovery(
            feed_id=feed_id,
            feed_url=library.documents[feed_id].canonical_url,
            found_at=now,
            title=one.title,
            published_at=one.published_at,
        )
    return new


def put_feeds(library: Library, feeds: Sequence[WantedFeed], *, now: datetime) -> int:
    """See `storage.discovery_store.DiscoveryStore.put_feeds`."""
    fresh = unknown(library, feeds)
    for url, one in fresh.items():
        library.ensure(one.identity, now=now, due_at=now, role=DocumentRole.FEED)
        document = library.document(url)
        library.feeds[document.id] = Feed(
            document=document, kind=one.kind, found_by=one.found_by, title=one.title, added_at=now
        )
    return len(fresh)


def unknown(library: Library, feeds: Iterable[WantedFeed]) -> dict[str, WantedFeed]:
    """Those whose documents are not there yet, by canonical URL; of several the first."""
    fresh: dict[str, WantedFeed] = {}
    for one in feeds:
        if one.identity.canonical_url not in library.document_ids:
            fresh.setdefault(one.identity.canonical_url, one)
    return fresh
