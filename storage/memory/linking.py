"""Event links by content, and events that share entities, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from storage.errors import ArticleNotFound
from storage.memory.library import Library
from storage.memory.reading import find_event
from storage.memory.shown_links import counting_article, shown_links
from storage.searching import folded_entities, folded_entity
from storage.types import EventLink, LinkHow, LinkState, RelatedEvent

_FOUND = frozenset({LinkState.LINKED, LinkState.PROPOSED})
_DECIDED = frozenset({LinkState.CONFIRMED, LinkState.REJECTED})


def put_links(library: Library, article_id: int, links: Sequence[EventLink]) -> int:
    """See `storage.linking_store.LinkingStore.put_links`."""
    _require_article(library, article_id)
    taken = links if counting_article(library, article_id) else ()
    found = {key: link for key, link in _best(library, taken).items() if not _decided(library, key, article_id)}
    known = {key for key, article, how in library.links if article == article_id and how == LinkHow.CONTENT}
    for key in known - found.keys():
        if not _decided(library, key, article_id):
            del library.links[key, article_id, LinkHow.CONTENT]
    for key, link in found.items():
        library.links[key, article_id, LinkHow.CONTENT] = EventLink(
            event_key=key,
            article_id=article_id,
            how=LinkHow.CONTENT,
            score=link.score,
            evidence=link.evidence,
            state=link.state,
        )
    library.unlinked.discard(article_id)
    return len(found.keys() - known)


def _require_article(library: Library, article_id: int) -> None:
    if article_id not in library.articles:
        raise ArticleNotFound(article_id)


def _decided(library: Library, key: str, article_id: int) -> bool:
    return (key, article_id, LinkHow.HAND) in library.links


def _best(library: Library, links: Iterable[EventLink]) -> dict[str, EventLink]:
    """What was found by the event's own key; of several links to one event the one with the highest score."""
    by_key = library.catalogue.by_key
    taken = [one for one in links if one.how is LinkHow.CONTENT and one.state in _FOUND and one.event_key in by_key]
    return {by_key[one.event_key].key: one for one in sorted(taken, key=lambda one: one.score)}


def decide_link(
    library: Library, event_name: str, article_id: int, *, state: LinkState, by: str, because: str, now: datetime
) -> EventLink:
    """See `storage.linking_store.LinkingStore.decide_link`."""
    if state not in _DECIDED:
        raise ValueError(f"a person confirms or rejects a link; {state} is neither")
    event = find_event(library, event_name)
    _require_article(library, article_id)
    link = EventLink(
        event_key=event.key,
        article_id=article_id,
        how=LinkHow.HAND,
        score=float(state is LinkState.CONFIRMED),
        evidence=because,
        state=state,
        decided_by=by,
        decided_at=now,
    )
    library.links[event.key, article_id, LinkHow.HAND] = link
    library.unlinked.update(set(library.clusters[library.cluster_of[article_id]]) - {article_id})
    return link


def links(library: Library, *, state: LinkState, after: tuple[str, int], limit: int) -> list[EventLink]:
    """See `storage.linking_store.LinkingStore.links`."""
    fitting = [one for one in shown_links(library) if one.state is state and (one.event_key, one.article_id) > after]
    return fitting[: max(limit, 0)]


def related_events(library: Library, event_name: str, *, limit: int) -> list[RelatedEvent]:
    """See `storage.linking_store.LinkingStore.related_events`."""
    event = find_event(library, event_name)
    names: dict[str, str] = {}
    for name in event.entry.entities:
        if folded := folded_entity(name):
            names.setdefault(folded, name)
    found = []
    for other in library.events():
        theirs = set(folded_entities(other.entry.entities))
        shared = tuple(name for folded, name in names.items() if folded in theirs)
        if shared and other.key != event.key:
            entry = other.entry
            found.append(
                RelatedEvent(key=other.key, event_date=entry.event_date, headline=entry.headline, shared=shared)
            )
    found.sort(key=lambda one: one.key)
    found.sort(key=lambda one: (len(one.shared), one.event_date), reverse=True)
    return found[: max(limit, 0)]
