"""From the answer to a poll of a feed to what is stored of it.

Why a feed is a document with a role and not a thing of its own: leases, intervals, robots.txt, validators, attempts and
captures are then those of any document, and what a poll names is stored in the transaction of its attempt: killed at
any moment, the feed is due and nothing of the poll is there, or all of it is.

Why nothing is judged: the classifier asks whether a page is the article that was cited. A section page is none and need
not be; a consent form in place of a feed is no article of anybody.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta

from crawler.archiving import Patient, Understood
from crawler.discovery import feed_input, poll_of, unchanged, unread
from crawler.errors import PageTooHard
from crawler.items import FailedFetch, FetchedPage
from crawler.session import CrawlSession
from storage.types import Document, Feed, Outcome

log = logging.getLogger(__name__)

DEEPEST = 2
"""A page leads to an index, an index to sitemaps; what those name further is not polled."""


@dataclass(slots=True)
class Poller:
    """Understands the answers to polls; one per run.

    Attributes:
        session: of the run.
        max_age: entries that are older are left out.
    """

    session: CrawlSession
    max_age: timedelta
    _known: dict[int, Feed] = field(default_factory=dict)

    @classmethod
    def configured(cls, session: CrawlSession) -> Poller:
        """As a library's settings ask for."""
        return cls(session, timedelta(days=session.configuration.number("discovery.max_age_days")))

    async def understood(self, item: FetchedPage | FailedFetch) -> Understood:
        """The item with what the feed names, or why it names nothing.

        Raises:
            StorageError: the feeds of the library cannot be read.
        """
        document = item.task.document
        feed = await self._feed(document)
        if feed is None:  # an entry cites it since it was leased: it is a source, and still due
            return Understood(item=item, outcome=Outcome.FAILED, detail="it is no feed any more")
        if isinstance(item, FailedFetch):
            same = item.outcome is Outcome.NOT_MODIFIED
            poll = unchanged(feed, item.finished_at) if same else unread(feed, item.detail or item.outcome)
            return Understood(item=item, outcome=item.outcome, detail=item.detail, feed=poll)
        if item.refused is not None:
            return self._failed(item, feed, item.refused, f"HTTP {item.status}")
        return await self._read(item, feed)

    async def _read(self, page: FetchedPage, feed: Feed) -> Understood:
        try:
            reading = await self.session.pool.read_feed(feed_input(page, feed, max_age=self.max_age))
        except PageTooHard as limit:
            return self._failed(page, feed, Outcome.EXTRACTION_LIMIT, str(limit))
        except Exception as error:
            log.exception("our own code failed on %s", page.final_url)
            return self._failed(page, feed, Outcome.FAILED, f"{type(error).__name__}: {error}"[:300])
        if reading.problem:
            return self._failed(page, feed, Outcome.NOT_FEED, reading.problem)
        poll = poll_of(page, feed, reading, deeper=self._depth(feed) < DEEPEST)
        more = f", {len(poll.feeds)} further to poll" if poll.feeds else ""
        detail = f"entries: {poll.entries}, {len(poll.found)} that may be news{more}"
        return Understood(item=page, outcome=Outcome.FEED, detail=detail, feed=poll)

    @staticmethod
    def _failed(page: FetchedPage, feed: Feed, outcome: Outcome, detail: str) -> Understood:
        return Understood(item=page, outcome=outcome, detail=detail, feed=unread(feed, detail))

    async def _feed(self, document: Document) -> Feed | None:
        """What is known of a feed; looked up again where another poll of it came between."""
        known = self._known.get(document.id)
        if known is None or known.document.last_attempt_at != document.last_attempt_at:
            self._known = await Patient(self.session.store).call(
                lambda store: {feed.document.id: feed for feed in store.feeds()}
            )
        return self._known.get(document.id)

    def _depth(self, feed: Feed) -> int:
        """How many polled documents led here."""
        parents = {one.document.request_url: one for one in self._known.values()}
        depth, above = 0, parents.get(feed.found_by)
        while above is not None and depth < DEEPEST:
            depth, above = depth + 1, parents.get(above.found_by)
        return depth
