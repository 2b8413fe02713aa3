"""The section "linking" of the store in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from storage.memory import linking, linking_texts
from storage.memory.library import Library
from storage.types import ArticleText, EventLink, EventText, LinkState, RelatedEvent


class LinkingSide:
    """Event links by content, and searching."""

    _library: Library

    def search_events(
        self, words: Sequence[str], *, since: date | None = None, until: date | None = None, limit: int
    ) -> list[EventText]:
        """See `LinkingStore.search_events`."""
        return linking_texts.search_events(self._library, words, since=since, until=until, limit=limit)

    def search_articles(
        self, words: Sequence[str], *, since: date | None = None, until: date | None = None, limit: int
    ) -> list[int]:
        """See `LinkingStore.search_articles`."""
        return linking_texts.search_articles(self._library, words, since=since, until=until, limit=limit)

    def events_between(self, since: date, until: date, *, limit: int) -> list[EventText]:
        """See `LinkingStore.events_between`."""
        return linking_texts.events_between(self._library, since, until, limit=limit)

    def event_texts(self) -> Iterator[EventText]:
        """See `LinkingStore.event_texts`."""
        yield from linking_texts.event_texts(self._library)

    def link_later(self, *, event_keys: Iterable[str] | None = None) -> int:
        """See `LinkingStore.link_later`."""
        return linking_texts.link_later(self._library, event_keys)

    def waiting_for_links(self, *, after: int = 0, limit: int) -> list[ArticleText]:
        """See `LinkingStore.waiting_for_links`."""
        return linking_texts.waiting(self._library, after=after, limit=limit)

    def article_text(self, article_id: int) -> ArticleText:
        """See `LinkingStore.article_text`."""
        return linking_texts.article_text(self._library, article_id)

    def put_links(self, article_id: int, links: Sequence[EventLink], *, now: datetime) -> int:
        """See `LinkingStore.put_links`."""
        del now
        return linking.put_links(self._library, article_id, links)

    def put_all_links(self, found: Mapping[int, Sequence[EventLink]], *, now: datetime) -> int:
        """See `LinkingStore.put_all_links`."""
        del now
        there = found.keys() & self._library.articles.keys()
        return sum(linking.put_links(self._library, one, found[one]) for one in sorted(there))

    def decide_link(
        self, event_name: str, article_id: int, *, state: LinkState, by: str, because: str, now: datetime
    ) -> EventLink:
        """See `LinkingStore.decide_link`."""
        return linking.decide_link(self._library, event_name, article_id, state=state, by=by, because=because, now=now)

    def links(self, *, state: LinkState, after: tuple[str, int] = ("", 0), limit: int) -> list[EventLink]:
        """See `LinkingStore.links`."""
        return linking.links(self._library, state=state, after=after, limit=limit)

    def related_events(self, event_name: str, *, limit: int) -> list[RelatedEvent]:
        """See `LinkingStore.related_events`."""
        return linking.related_events(self._library, event_name, limit=limit)
