"""Link a library's articles to event entries by content: the pass over all that wait.

An article waits when it is new, when its text or its story changed, or when an event near its day did (the store marks
it). The pass weighs it against the events that it may report and writes what it found; a kill costs weighing
the last fifty again. What a person confirmed or rejected stays as it is, and so do citations.

Why a pass of its own and not a step of archiving: an article's events may be imported after it, and the words of all
events have to be counted first. When nothing waits, no event is read.

Why days are kept and not batches of events: articles wait in the order in which they were stored, which is mostly the
order of their days; each day's events are read once for all of them.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crawler.configuration import Configuration
from crawler.linking import Finder, Found, Vocabulary, days_around, links_of, search_words
from crawler.linking.sides import shifted
from storage.protocol import Store
from storage.types import ArticleText, EventLink, EventText, LinkState, utc_now

if TYPE_CHECKING:
    from crawler.linking.embedding import OnnxEmbedder

log = logging.getLogger(__name__)

MODEL = "linking.model"

_BATCH = 200
_PUT = 50
"""Articles whose links are written together: a kill costs no more than weighing those again."""
_MOST_OF_A_DAY = 2_000
_MOST_SEARCHED = 50
_DAYS_KEPT = 400
_TOLD_EVERY = 1_000


@dataclass(slots=True)
class Linked:
    """What a pass did.

    Attributes:
        articles: weighed.
        events: of the library, counted for the vocabulary; 0 where nothing waited.
        linked: links above the upper threshold.
        proposed: links between the thresholds.
        new: links that were not there before.
        unlinked: articles without an event: no citation, no link, no proposal.
        links: all that was found, of a pass that writes nothing; empty otherwise.
    """

    articles: int = 0
    events: int = 0
    linked: int = 0
    proposed: int = 0
    new: int = 0
    unlinked: int = 0
    links: list[EventLink] = field(default_factory=list)


def link_waiting(
    store: Store,
    configuration: Configuration,
    *,
    dry_run: bool = False,
    progress: Callable[[], None] = lambda: None,
    report: Linked | None = None,
) -> Linked:
    """Link every article that waits; running it again changes nothing.

    Args:
        store: open.
        configuration: of the library.
        dry_run: write nothing and give the links back.
        progress: called after each article.
        report: filled in the while, for whoever may be interrupted; it is what is returned.

    Raises:
        ConfigurationError: see `embedder_of`.
    """
    report = Linked() if report is None else report
    weigher: Weigher | None = None
    found: dict[int, tuple[EventLink, ...]] = {}
    try:
        for article in _waiting(store):
            weigher = weigher or Weigher(store, configuration)
            links = links_of(article.article_id, weigher.weigh(article))
            _count(report, article, links)
            if dry_run:
                report.links += links
            else:
                found[article.article_id] = links
                report.new += _put(store, found) if len(found) == _PUT else 0
            progress()
            if report.articles % _TOLD_EVERY == 0:
                log.info("%d articles weighed, %d linked, %d proposed", report.articles, report.linked, report.proposed)
    finally:
        report.new += _put(store, found)
    report.events = weigher.events if weigher else 0
    if report.articles:
        log.info("%d articles weighed: %d linked, %d proposed", report.articles, report.linked, report.proposed)
    return report


def explain(store: Store, configuration: Configuration, article_id: int) -> tuple[ArticleText, list[Found]]:
    """All events that are weighed for one article, the most probable first, whatever their probability.

    Those of other days that share its words are among them, so that a person sees what there is; linking passes over
    them where the article is dated.

    Raises:
        ArticleNotFound: there is none.
        ConfigurationError: see `embedder_of`.
    """
    article = store.article_text(article_id)
    return article, Weigher(store, configuration).weigh(article, wide=True)


def embedder_of(configuration: Configuration) -> OnnxEmbedder | None:
    """The sentence model that the configuration names; ``None`` where it names none.

    Raises:
        ConfigurationError: the extra is not installed, or the folder holds no such model.
    """
    named = configuration.text(MODEL)
    if not named:
        return None
    from crawler.linking.embedding import OnnxEmbedder  # noqa: PLC0415 - only who names a model needs the module

    return OnnxEmbedder(configuration.library / named)


class Weigher:
    """Weighs articles against the events of one library."""

    def __init__(self, store: Store, configuration: Configuration) -> None:
        embedder = embedder_of(configuration)
        self._store = store
        self._vocabulary = Vocabulary(store.event_texts())
        self._finder = Finder(self._vocabulary, embedder)
        self._days: OrderedDict[date, list[EventText]] = OrderedDict()

    @property
    def events(self) -> int:
        """How many events were counted."""
        return len(self._vocabulary)

    def weigh(self, article: ArticleText, *, wide: bool = False) -> list[Found]:
        """Every event that the article may report; ``wide``: of a dated article those of other days, too."""
        return self._finder.find(article, self._candidates(article, wide=wide))

    def _candidates(self, article: ArticleText, *, wide: bool) -> Iterator[EventText]:
        days = days_around(article)
        if days is None or wide:
            words = search_words(article, self._vocabulary)
            until = shifted(article.reported_at.date(), timedelta(1)) if days is None else None
            yield from self._store.search_events(words, until=until, limit=_MOST_SEARCHED) if words else ()
        if days is not None:
            first, last = days
            for number in range((last - first).days + 1):
                yield from self._of_day(first + timedelta(number))
        for key in {*article.cited_by, *(link.event_key for link in article.story)}:
            yield from (event for event in self._of_day(_day_of(key)) if event.key == key)

    def _of_day(self, day: date | None) -> list[EventText]:
        if day is None:
            return []
        if day not in self._days:
            self._days[day] = self._store.events_between(day, day, limit=_MOST_OF_A_DAY)
            if len(self._days) > _DAYS_KEPT:
                self._days.popitem(last=False)
        return self._days[day]


def _put(store: Store, found: dict[int, tuple[EventLink, ...]]) -> int:
    """Write what was found and forget it; an article that was merged into another one meanwhile is passed over."""
    new = 0 if not found else store.put_all_links(found, now=utc_now())
    found.clear()
    return new


def _waiting(store: Store) -> Iterator[ArticleText]:
    after = 0
    while batch := store.waiting_for_links(after=after, limit=_BATCH):
        yield from batch
        after = batch[-1].article_id


def _day_of(event_key: str) -> date | None:
    """The day in an event key; ``None`` where it is no key."""
    with suppress(ValueError):
        year, month, day, _ = event_key.split("/", 3)
        return date(int(year), int(month), int(day))
    return None


def _count(report: Linked, article: ArticleText, links: tuple[EventLink, ...]) -> None:
    report.articles += 1
    linked = sum(link.state is LinkState.LINKED for link in links)
    report.linked += linked
    report.proposed += len(links) - linked
    report.unlinked += not links and not article.cited_by
