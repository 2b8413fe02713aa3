"""A library's events in SQLite's own full-text index: candidates of undated articles, and the plain baseline."""

import re
import sqlite3
from collections import defaultdict
from datetime import timedelta

from crawler.linking import days_around, search_words
from crawler.linking.slugs import slug_words
from crawler.linking.vocabulary import text_of

_MOST = 50


class Shelf:
    """The events of one set, by day and by word."""

    def __init__(self, events):
        self.events = events
        self.by_day = defaultdict(list)
        self.index = sqlite3.connect(":memory:")
        self.index.execute("CREATE VIRTUAL TABLE events USING fts5(text, day UNINDEXED, tokenize='porter unicode61')")
        for number, event in enumerate(events):
            self.by_day[event.event_date].append(event)
            row = (number + 1, text_of(event), event.event_date.toordinal())
            self.index.execute("INSERT INTO events(rowid, text, day) VALUES (?, ?, ?)", row)

    def candidates(self, article, vocabulary):
        """What the pass over a library would weigh."""
        days = days_around(article)
        if days is None:
            return [event for event, _ in self.search(search_words(article, vocabulary), _MOST)]
        first, last = days
        return [event for day in range((last - first).days + 1) for event in self.by_day[first + timedelta(day)]]

    def search(self, words, limit, days=None):
        """(event, rank) best first; of these days."""
        match = " OR ".join(f'"{word}"' for word in words)
        if not match:
            return []
        where = "AND CAST(day AS INTEGER) BETWEEN ? AND ?" if days else ""
        rows = self.index.execute(
            f"SELECT rowid, bm25(events) FROM events WHERE events MATCH ? {where} ORDER BY 2 LIMIT ?",  # noqa: S608
            (match, *(day.toordinal() for day in days or ()), limit),
        )
        return [(self.events[number - 1], -rank) for number, rank in rows]

    def plain(self, article):
        """The baseline: bm25 among the events of the days around."""
        words = re.findall(r"\w+", f"{article.headline} {slug_words(article.canonical_url)}")
        return self.search(dict.fromkeys(words), 5, days_around(article))
