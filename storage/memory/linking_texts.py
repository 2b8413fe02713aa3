"""What linking reads and searches, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from storage.errors import ArticleNotFound
from storage.memory.library import Library, reported_at
from storage.memory.shown_links import counting_article, shown_links
from storage.placing import NEAR_DAYS
from storage.revising import KnownEvent
from storage.searching import article_text as searched
from storage.searching import day_number, event_text, ranked, shares, wanted_words
from storage.types import ArticleText, EventText, LinkHow, LinkState, RelationKind, StoryLink

# -- events ----------------------------------------------------------------------------------------------------------


def search_events(
    library: Library, words: Iterable[str], *, since: date | None, until: date | None, limit: int
) -> list[EventText]:
    """See `storage.linking_store.LinkingStore.search_events`."""
    events = dict(enumerate(library.events()))
    days = {number: event.entry.event_date for number, event in events.items()}
    texts = {number: event_text(event.entry) for number, event in events.items() if _within(days[number], since, until)}
    return [_event_text(events[number]) for number in _search(words, texts, limit)]


def _within(day: date, since: date | None, until: date | None) -> bool:
    return (since or date.min) <= day <= (until or date.max)


def _search(words: Iterable[str], texts: dict[int, str], limit: int) -> list[int]:
    wanted = wanted_words(words)
    return ranked(wanted, texts, shares(wanted, texts))[: max(limit, 0)]


def _event_text(event: KnownEvent) -> EventText:
    entry = event.entry
    return EventText(
        key=event.key,
        event_date=entry.event_date,
        headline=entry.headline,
        topics=entry.topics,
        entities=entry.entities,
        category=entry.category,
    )


def event_texts(library: Library) -> list[EventText]:
    """See `storage.linking_store.LinkingStore.event_texts`."""
    own = (event for key, event in library.catalogue.by_key.items() if key == event.key)
    return [_event_text(event) for event in own]


def events_between(library: Library, since: date, until: date, *, limit: int) -> list[EventText]:
    """See `storage.linking_store.LinkingStore.events_between`."""
    found = [_event_text(event) for event in library.events() if since <= event.entry.event_date <= until]
    return found[: max(limit, 0)]


# -- articles --------------------------------------------------------------------------------------------------------


def search_articles(
    library: Library, words: Iterable[str], *, since: date | None, until: date | None, limit: int
) -> list[int]:
    """See `storage.linking_store.LinkingStore.search_articles`."""
    near = [one for one in library.articles if _within(_day(library, one), since, until)]
    return _search(words, {one: searched(library.current(one).article) for one in near}, limit)


def _day(library: Library, article_id: int) -> date:
    return reported_at(library.versions_of(article_id)[0]).date()


def link_later(library: Library, event_keys: Iterable[str] | None) -> int:
    """See `storage.linking_store.LinkingStore.link_later`."""
    if event_keys is None:
        library.unlinked.update(library.articles)
    else:
        by_key = library.catalogue.by_key
        link_near(library, {by_key[key].entry.event_date for key in set(event_keys) & by_key.keys()})
    return len(library.unlinked)


def link_near(library: Library, days: Collection[date]) -> None:
    """Mark the articles that were reported within `NEAR_DAYS` of these days as waiting for links."""
    near = {day_number(day) + by for day in days for by in range(-NEAR_DAYS, NEAR_DAYS + 1)}
    library.unlinked.update(one for one in library.articles if day_number(_day(library, one)) in near)


def waiting(library: Library, *, after: int, limit: int) -> list[ArticleText]:
    """See `storage.linking_store.LinkingStore.waiting_for_links`."""
    behind = sorted(one for one in library.unlinked if one > after)
    return [article_text(library, one) for one in behind[: max(limit, 0)]]


def article_text(library: Library, article_id: int) -> ArticleText:
    """See `storage.linking_store.LinkingStore.article_text`."""
    if article_id not in library.articles:
        raise ArticleNotFound(article_id)
    document = library.documents[library.articles[article_id]]
    first, current = library.versions_of(article_id)[0], library.current(article_id).article
    citing = sorted(event.key for event in library.events() if document.id in library.cited(event))
    return ArticleText(
        article_id=article_id,
        canonical_url=document.canonical_url,
        headline=current.headline,
        body=current.body,
        reported_at=reported_at(first),
        dated=first.article.published_at is not None,
        standfirst=current.standfirst,
        language=current.language,
        section=current.section,
        keywords=current.keywords,
        dateline=current.dateline,
        cited_by=tuple(citing),
        story=_story(library, article_id),
    )


def _story(library: Library, article_id: int) -> tuple[StoryLink, ...]:
    """The links of the copies that are in an article's cluster, by (event key, article)."""
    members: Sequence[int] = tuple(library.clusters[library.cluster_of[article_id]])
    relations = library.relations.get(article_id, {})
    fits = {
        one: relations[one].score for one in members if one in relations and relations[one].kind is RelationKind.COPY
    }
    return tuple(
        StoryLink(
            event_key=link.event_key,
            article_id=link.article_id,
            state=link.state,
            how=LinkHow(link.how),
            fit=fits[link.article_id],
        )
        for link in shown_links(library)
        if link.article_id in fits
        and link.state is not LinkState.REJECTED
        and counting_article(library, link.article_id)
    )
