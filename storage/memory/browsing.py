"""Finding events and articles for a reader, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from storage.memory.library import Library, reported_at
from storage.memory.reading import event_summary
from storage.memory.shown_links import counting_article, counting_links
from storage.revising import KnownEvent
from storage.searching import article_text, event_text, rest_of, wanted_words
from storage.types import (
    Access,
    ArticlePlace,
    ArticleSummary,
    ArticleVersion,
    Document,
    EventPlace,
    EventSummary,
    LibraryQuery,
    TextKind,
)

# -- events ----------------------------------------------------------------------------------------------------------


def find_events(
    library: Library, query: LibraryQuery, *, after: EventPlace | None, newest_first: bool, limit: int
) -> list[EventSummary]:
    """See `storage.browsing_store.BrowsingStore.find_events`."""
    found = [event for event in library.events() if _within(query, event.entry.event_date)]
    if newest_first:
        found.reverse()
    if after is not None:
        found = [one for one in found if (_place(one) < after if newest_first else _place(one) > after)]
    linked = _linked(library, query)
    fitting = [event for event in found if _event_fits(library, query, event, linked.get(event.key, []))]
    return [event_summary(library, event) for event in fitting[: max(limit, 0)]]


def _place(event: KnownEvent) -> EventPlace:
    return EventPlace(event_date=event.entry.event_date, key=event.key)


def _within(query: LibraryQuery, day: date) -> bool:
    return (query.since or date.min) <= day <= (query.until or date.max)


def _linked(library: Library, query: LibraryQuery) -> dict[str, list[ArticleVersion]]:
    """Event key -> current versions of its articles that count for this query."""
    found: dict[str, list[ArticleVersion]] = {}
    for link in counting_links(library, marked=query.marked):
        found.setdefault(link.event_key, []).append(library.current(link.article_id))
    return found


def _event_fits(library: Library, query: LibraryQuery, event: KnownEvent, own: list[ArticleVersion]) -> bool:
    cited: list[Document | None] = [library.documents[one] for one in library.cited(event)]
    return (
        query.event in {"", event.key}
        and any(_document_fits(query, one) for one in cited or [None])
        and (not (query.language or query.agency) or any(_version_fits(query, one) for one in own))
        and _text_fits(query.text, own)
        and (bool(own) or not query.marked)
        and (_has_words(query, event_text(event.entry)) or any(_tells(query, one) for one in own))
    )


def _document_fits(query: LibraryQuery, document: Document | None) -> bool:
    if document is None:
        return not query.publisher and query.outcome is None
    return query.publisher in {"", document.host} and query.outcome in {None, document.last_outcome}


def _version_fits(query: LibraryQuery, version: ArticleVersion) -> bool:
    article = version.article
    return query.language in {"", article.language} and query.agency in {"", article.agency}


def _text_fits(kind: TextKind | None, versions: list[ArticleVersion]) -> bool:
    """Whether there is to read what is asked for, in these articles together."""
    if kind is TextKind.NONE:
        return not versions
    if kind is TextKind.ARCHIVE_ONLY:
        return bool(versions) and all(one.memento is not None for one in versions)
    return kind is None or any(one.article.access is not Access.TEASER for one in versions)


def _has_words(query: LibraryQuery, text: str) -> bool:
    return not query.words or (bool(wanted_words(query.words)) and set(wanted_words(query.words)) <= set(text.split()))


def _tells(query: LibraryQuery, version: ArticleVersion) -> bool:
    text = article_text(version.article)
    return _has_words(query, f"{text} {rest_of(version.article, text)}")


# -- articles --------------------------------------------------------------------------------------------------------


def find_articles(
    library: Library, query: LibraryQuery, *, after: ArticlePlace | None, newest_first: bool, limit: int
) -> list[ArticleSummary]:
    """See `storage.browsing_store.BrowsingStore.find_articles`."""
    found = sorted((_summary(library, one) for one in _fitting(library, query)), key=lambda one: one.place)
    if newest_first:
        found.reverse()
    if after is not None:
        found = [one for one in found if (one.place < after if newest_first else one.place > after)]
    return found[: max(limit, 0)]


def new_articles(library: Library, *, limit: int) -> list[ArticleSummary]:
    """See `storage.browsing_store.BrowsingStore.new_articles`."""
    latest = [one for one in sorted(library.articles, reverse=True) if counting_article(library, one)]
    return [_summary(library, one) for one in latest[: max(limit, 0)]]


def _fitting(library: Library, query: LibraryQuery) -> Iterator[int]:
    linked = {link.article_id for link in counting_links(library, marked=query.marked) if link.event_key == query.event}
    for article_id, document_id in library.articles.items():
        current = library.current(article_id)
        if (
            counting_article(library, article_id, marked=query.marked)
            and _within(query, _day(library, article_id))
            and _document_fits(query, library.documents[document_id])
            and _version_fits(query, current)
            and _text_fits(query.text, [current])
            and (not query.event or article_id in linked)
            and _tells(query, current)
        ):
            yield article_id


def _day(library: Library, article_id: int) -> date:
    return reported_at(library.versions_of(article_id)[0]).date()


def _summary(library: Library, article_id: int) -> ArticleSummary:
    document, current = library.documents[library.articles[article_id]], library.current(article_id)
    return ArticleSummary(
        article_id=article_id,
        canonical_url=document.canonical_url,
        host=document.host,
        headline=current.article.headline,
        day=_day(library, article_id),
        language=current.article.language,
        agency=current.article.agency,
        access=current.article.access,
        archive=current.memento.archive if current.memento else "",
        added_at=library.added_at[article_id],
        marked=not counting_article(library, article_id),
    )
