"""What one poll of a feed brought.

Why only documents that nobody knows are discoveries: what an entry cites would be fetched without any feed, and a
document that two feeds name was found by the first.

Why a feed that is switched off gets no next poll here: a poll that was under way when it was switched off would
otherwise book the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select, update

from storage.sql.chunks import chunks
from storage.sql.documents import ensure_documents, known_documents
from storage.sql.models import DiscoveryRow, DocumentRow, FeedRow
from storage.types import DocumentIdentity, DocumentRole, FeedPoll, FoundArticle, WantedFeed

_Named = TypeVar("_Named", FoundArticle, WantedFeed)


def put_poll(connection: Connection, document_id: int, poll: FeedPoll, now: datetime) -> int:
    """Write what a poll of a feed named; returns how many documents are new.

    A document that is no feed (an entry cites it by now) brings nothing. Where nothing is wrong and there are no
    entries, the feed said "not modified" (or is empty), and the number of the answer before stays.
    """
    feed = connection.execute(select(*FeedRow.__table__.columns).where(FeedRow.document_id == document_id)).first()
    if feed is None:
        return 0
    new = _discover(connection, document_id, poll.found, now)
    put_feeds(connection, poll.feeds, now=now)
    values: dict[str, Any] = {"interval_s": poll.interval.total_seconds(), "problem": poll.problem}
    values |= {"title": poll.title} if poll.title else {}
    values |= {"entries": poll.entries} if poll.entries else {}
    values |= {"found": feed.found + new, "last_found_at": now} if new else {}
    values |= {} if poll.problem else {"polls": feed.polls + 1}
    connection.execute(update(FeedRow).where(FeedRow.document_id == document_id), values)
    if not feed.enabled:
        connection.execute(update(DocumentRow).where(DocumentRow.id == document_id), {"next_fetch_at": None})
    return new


def _discover(connection: Connection, feed_id: int, found: Iterable[FoundArticle], now: datetime) -> int:
    """Make the documents that are unknown, due at once, with a discovery each."""
    by_url = _first(found)
    fresh = _unknown(connection, (one.identity for one in by_url.values()))
    ids, new = ensure_documents(connection, fresh, now=now, due_at=now)
    rows = [_discovery(by_url[url], document_id, feed_id, now) for url, document_id in ids.items()]
    if rows:
        connection.execute(insert(DiscoveryRow), rows)
    return new


def _first(named: Iterable[_Named]) -> dict[str, _Named]:
    """What is named by canonical URL, in order; of several the first."""
    by_url: dict[str, _Named] = {}
    for one in named:
        by_url.setdefault(one.identity.canonical_url, one)
    return by_url


def _unknown(connection: Connection, identities: Iterable[DocumentIdentity]) -> list[DocumentIdentity]:
    wanted = list(identities)
    known = known_documents(connection, wanted)
    return [one for one in wanted if one.canonical_url not in known]


def _discovery(one: FoundArticle, document_id: int, feed_id: int, now: datetime) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "feed_id": feed_id,
        "found_at": now,
        "title": one.title,
        "published_at": one.published_at,
    }


def put_feeds(connection: Connection, feeds: Sequence[WantedFeed], *, now: datetime) -> int:
    """See `storage.discovery_store.DiscoveryStore.put_feeds`."""
    by_url = _first(feeds)
    fresh = _unknown(connection, (one.identity for one in by_url.values()))
    ids, new = ensure_documents(connection, fresh, now=now, due_at=now, role=DocumentRole.FEED)
    for piece in chunks(ids.items()):
        connection.execute(insert(FeedRow), [_feed(by_url[url], document_id, now) for url, document_id in piece])
    return new


def _feed(one: WantedFeed, document_id: int, now: datetime) -> dict[str, Any]:
    nothing = {"interval_s": None, "polls": 0, "entries": 0, "found": 0, "last_found_at": None, "problem": ""}
    return {
        "document_id": document_id,
        "kind": one.kind,
        "found_by": one.found_by,
        "title": one.title,
        "added_at": now,
        **nothing,
    }
