"""What covers an event, and which publisher prints which agency, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from storage.memory.library import Library, reported_at
from storage.memory.marks import marks_of
from storage.merging import covered
from storage.types import EventLink, StoryArticle, WireCount


def coverage(library: Library, links: Iterable[EventLink]) -> tuple[StoryArticle, ...]:
    """The articles of one event's links that count, by (cluster, reported_at, id)."""
    links = list(links)
    standing = {link.article_id: library.standing_article(link.article_id) for link in links}
    marked = marks_of(library, {*standing, *standing.values()})
    found = covered(links, {one: into for one, into in standing.items() if one != into}, marked)
    told = [_story_article(library, one, same_as) for one, same_as in found.items()]
    return tuple(sorted(told, key=lambda one: (one.cluster_id, one.reported_at, one.article_id)))


def _story_article(library: Library, article_id: int, same_as: int | None) -> StoryArticle:
    current, cluster_id = library.current(article_id).article, library.cluster_of[article_id]
    return StoryArticle(
        article_id=article_id,
        host=library.documents[library.articles[article_id]].host,
        site_name=current.site_name,
        agency=current.agency,
        headline=current.headline,
        reported_at=reported_at(library.versions_of(article_id)[0]),
        length=len(current.body),
        cluster_id=cluster_id,
        representative=library.representative(cluster_id) == article_id,
        same_as=same_as,
    )


def wire_counts(library: Library) -> Iterator[WireCount]:
    """See `storage.story_store.StoryStore.wire_counts`."""
    stories = {
        cluster_id: {library.standing_article(one) for one in members}
        for cluster_id, members in library.clusters.items()
        if members
    }
    first = {library.standing_article(library.representative(one)) for one in stories}
    counted: Counter[tuple[str, str]] = Counter()
    copies: Counter[tuple[str, str]] = Counter()
    standing: Counter[tuple[str, str]] = Counter()
    for article_id, document_id in library.articles.items():
        if library.standing_article(article_id) != article_id:
            continue
        place = (library.documents[document_id].host, library.current(article_id).article.agency)
        counted[place] += 1
        copies[place] += len(stories[library.cluster_of[article_id]]) > 1
        standing[place] += article_id in first
    for host, agency in sorted(counted):
        place = (host, agency)
        yield WireCount(host=host, agency=agency, articles=counted[place], copies=copies[place], first=standing[place])
