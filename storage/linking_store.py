"""The part of the store's contract that is about event links by content, and about searching."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from storage.types import ArticleText, EventLink, EventText, LinkState, RelatedEvent


class LinkingStore(Protocol):
    """The section "linking" of `storage.protocol.Store`.

    Searching works alike on every backend: ``words`` are any of which must occur, compared without case and accents,
    the rarer ones weighing more; characters that a database's query language knows mean nothing. Of scripts without
    spaces (Chinese, Japanese, Thai) any two neighbouring characters are a word. What comes first may differ between
    backends, so callers ask for more than they need and weigh what they get. Of more than 500 hits (or
    ``limit``, if that is more) some may be passed over that share but one word with the search.
    """

    def search_events(
        self, words: Sequence[str], *, since: date | None = None, until: date | None = None, limit: int
    ) -> list[EventText]:
        """Events of these days (both included) that have any of the words, best first."""

    def search_articles(
        self, words: Sequence[str], *, since: date | None = None, until: date | None = None, limit: int
    ) -> list[int]:
        """Articles reported on these days (both included) that have any of the words, best first."""

    def events_between(self, since: date, until: date, *, limit: int) -> list[EventText]:
        """Events of these days (both included), by (event_date, key)."""

    def event_texts(self) -> Iterator[EventText]:
        """All events by number: for counting words; streams."""

    def link_later(self, *, event_keys: Iterable[str] | None = None) -> int:
        """Mark articles as waiting for `put_links`; returns how many wait then.

        ``None``: all articles; otherwise those reported within three days of these events. `put_events` does so for
        events that are new or changed (of one that moved, near both days), `archive` and `compare_again` for articles
        whose text or story changed.
        """

    def waiting_for_links(self, *, after: int = 0, limit: int) -> list[ArticleText]:
        """Articles that wait, ascending, behind a number."""

    def article_text(self, article_id: int) -> ArticleText:
        """What linking reads of one article. Raises `ArticleNotFound`."""

    def put_links(self, article_id: int, links: Sequence[EventLink], *, now: datetime) -> int:
        """Write what linking found for an article, which then waits no longer; returns how many links are new.

        Its earlier links by content that are not found any more go, unless a person decided about the pair; pairs that
        a person decided about stay as they are. Only links with ``how`` content that are linked or proposed are taken;
        unknown events are passed over, and of several links to one event the one with the highest score is taken. An
        article that a person marked as none gets none.
        Raises `ArticleNotFound`.
        """

    def put_all_links(self, found: Mapping[int, Sequence[EventLink]], *, now: datetime) -> int:
        """The same for several articles, in one transaction; articles that are not there are passed over."""

    def decide_link(
        self, event_name: str, article_id: int, *, state: LinkState, by: str, because: str, now: datetime
    ) -> EventLink:
        """A person confirms or rejects that an article reports an event, whether or not there was a link.

        A later decision replaces an earlier one. The other articles of its story wait for `put_links` then.
        ``state`` is confirmed or rejected, anything else a `ValueError`. Raises `EventNotFound`, `AmbiguousEvent`,
        `ArticleNotFound`.
        """

    def links(self, *, state: LinkState, after: tuple[str, int] = ("", 0), limit: int) -> list[EventLink]:
        """Links in this state by (event key, article), behind a pair."""

    def related_events(self, event_name: str, *, limit: int) -> list[RelatedEvent]:
        """Events that share entities with one: those that share most first, then the latest, then by key.

        The entries themselves list their related ones so.
        """
