"""The section "linking" of the store on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from storage.sql import engine as engines
from storage.sql import linking, linking_texts, searching
from storage.sql.connected import Connected
from storage.types import ArticleText, EventLink, EventText, LinkState, RelatedEvent


class LinkingSide(Connected):
    """Event links by content, and searching."""

    def search_events(
        self, words: Sequence[str], *, since: date | None = None, until: date | None = None, limit: int
    ) -> list[EventText]:
        """See `LinkingStore.search_events`."""
        with self._read() as connection:
            found = searching.search(connection, searching.EVENTS, words, since=since, until=until, limit=limit)
            return linking_texts.texts_of(connection, found)

    def search_articles(
        self, words: Sequence[str], *, since: date | None = None, until: date | None = None, limit: int
    ) -> list[int]:
        """See `LinkingStore.search_articles`."""
        with self._read() as connection:
            return searching.search(connection, searching.ARTICLES, words, since=since, until=until, limit=limit)

    def events_between(self, since: date, until: date, *, limit: int) -> list[EventText]:
        """See `LinkingStore.events_between`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return linking_texts.events_between(connection, since, until, limit=limit)

    def event_texts(self) -> Iterator[EventText]:
        """See `LinkingStore.event_texts`."""
        return linking_texts.event_texts(self._read)

    def link_later(self, *, event_keys: Iterable[str] | None = None) -> int:
        """See `LinkingStore.link_later`."""
        with self._write() as connection:
            return linking_texts.link_later(connection, event_keys)

    def waiting_for_links(self, *, after: int = 0, limit: int) -> list[ArticleText]:
        """See `LinkingStore.waiting_for_links`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return linking_texts.waiting(connection, after=after, limit=limit)

    def article_text(self, article_id: int) -> ArticleText:
        """See `LinkingStore.article_text`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return linking_texts.article_text(connection, article_id)

    def put_links(self, article_id: int, links: Sequence[EventLink], *, now: datetime) -> int:
        """See `LinkingStore.put_links`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return linking.put_links(connection, article_id, links, now=now)

    def put_all_links(self, found: Mapping[int, Sequence[EventLink]], *, now: datetime) -> int:
        """See `LinkingStore.put_all_links`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return linking.put_all_links(connection, found, now=now)

    def decide_link(
        self, event_name: str, article_id: int, *, state: LinkState, by: str, because: str, now: datetime
    ) -> EventLink:
        """See `LinkingStore.decide_link`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return linking.decide_link(connection, event_name, article_id, state=state, by=by, because=because, now=now)

    def links(self, *, state: LinkState, after: tuple[str, int] = ("", 0), limit: int) -> list[EventLink]:
        """See `LinkingStore.links`."""
        with self._read() as connection:
            return linking.links(connection, state=state, after=after, limit=limit)

    def related_events(self, event_name: str, *, limit: int) -> list[RelatedEvent]:
        """See `LinkingStore.related_events`."""
        with self._read() as connection:
            return linking.related_events(connection, event_name, limit=limit)
