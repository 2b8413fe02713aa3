"""Discovery: what a feed, a sitemap or a section page names. Pure: reads no network, no clock, no store.

`reading` takes an answer and gives a `FeedReading`: `feeds` reads RSS, Atom and JSON Feed, `sitemaps` sitemaps and
their indexes, `sections` pages that list articles; `choosing` keeps what may be a new article. `polls` makes of it what
is stored, `intervals` says when the feed is polled again. Reading happens in the killable pool: a feed is as hostile as
any page.
"""

from crawler.discovery.polls import CONFIGURED, feed_input, is_feed, next_poll, poll_of, unchanged, unread
from crawler.discovery.reading import read_feed
from crawler.discovery.values import FeedInput, FeedReading

__all__ = [
    "CONFIGURED",
    "FeedInput",
    "FeedReading",
    "feed_input",
    "is_feed",
    "next_poll",
    "poll_of",
    "read_feed",
    "unchanged",
    "unread",
]
