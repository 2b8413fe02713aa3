"""From the answer to a poll to what is stored: outcomes, problems, how deep it goes, what is due then."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from crawler.archiving import decided
from crawler.configuration import load
from crawler.discovering import Poller
from crawler.discovery import next_poll, read_feed
from crawler.errors import PageTooHard
from crawler.items import FailedFetch, FetchedPage, FetchTask
from crawler.urls import identify
from crawler.wanted_feeds import FOUND, wanted_feed
from storage import open_store
from storage.types import (
    DocumentRole,
    Exchange,
    FeedKind,
    FetchAttempt,
    FetchReason,
    FetchResult,
    Outcome,
    Selection,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "https://harbour-post.example"
RSS = f"<rss version='2.0'><channel><title>Post</title><item><link>{SITE}/news/ferry</link></item></channel></rss>"


@dataclass
class Here:
    """The store's thread and the pool, in this one."""

    store: object
    configuration: object
    broken: BaseException | None = None
    calls: int = 0
    read: list = field(default_factory=list)

    async def call(self, work):
        self.calls += 1
        return work(self.library)

    @property
    def pool(self):
        return self

    async def read_feed(self, given):
        if self.broken is not None:
            raise self.broken
        self.read.append(given)
        return read_feed(given)


class Session(Here):
    """A crawl's session as the poller sees it."""

    def __init__(self, store, configuration):
        super().__init__(store=self, configuration=configuration)
        self.library = store


@pytest.fixture
def session(tmp_path):
    with open_store("memory:") as store:
        yield Session(store, load(tmp_path))


def feed_document(session, url=f"{SITE}/rss", kind=FeedKind.FEED):
    session.library.put_feeds([wanted_feed(url, kind)], now=NOW)
    return next(one.document for one in session.library.feeds() if one.document.request_url == url)


def task(document):
    return FetchTask(document=document, reason=FetchReason.NEW, attempt_key="a" * 32, run_token="r")


def page(document, content, **fields):
    url = document.request_url
    exchange = Exchange(url=url, request_headers=(), status=200, headers=(), payload=b"", fetched_at=NOW)
    given = {"task": task(document), "started_at": NOW, "finished_at": NOW, "redirects": (), "final_url": url}
    return FetchedPage(**given, exchanges=(exchange,), content=content.encode(), content_type="", **fields)


def failed(document, outcome, detail=""):
    return FailedFetch(
        task=task(document),
        outcome=outcome,
        detail=detail,
        started_at=NOW,
        finished_at=NOW,
        final_url=document.request_url,
    )


def understood(session, item, poller=None):
    return asyncio.run((poller or Poller.configured(session)).understood(item))


def stored(session, document, poll, outcome=Outcome.FEED, at=NOW):
    attempt = FetchAttempt(
        key=f"{document.id}-{at.isoformat()}",
        document_id=document.id,
        reason=FetchReason.NEW,
        outcome=outcome,
        request_url=document.request_url,
        final_url=document.request_url,
        started_at=at,
        finished_at=at,
        next_fetch_at=next_poll(document, poll, outcome, now=at, retry_after_s=None),
    )
    (archived,) = session.library.archive([FetchResult(attempt=attempt, feed=poll)], decide=decided, now=at)
    assert archived.error == ""


def test_what_a_feed_names_is_due_and_selected_and_nothing_else_is(session):
    session.library.ensure_document(identify(f"{SITE}/cited"), now=NOW)
    session.library.reschedule(Selection(due_only=False), next_fetch_at=NOW)
    document = feed_document(session)
    done = understood(session, page(document, RSS))
    assert (done.outcome, done.feed.problem, done.article, done.verdict) == (Outcome.FEED, "", None, None)
    stored(session, document, done.feed)
    assert [one.request_url for one in session.library.due(FOUND, now=NOW)] == [f"{SITE}/news/ferry"]
    assert len(list(session.library.due(Selection(), now=NOW))) == 2
    assert list(session.library.due(Selection(role=DocumentRole.FEED), now=NOW)) == []


@pytest.mark.parametrize(
    ("make", "outcome", "problem"),
    [
        (
            lambda one: page(one, "<html><body>Accept?</body></html>"),
            Outcome.NOT_FEED,
            "a page came in place of a feed",
        ),
        (lambda one: page(one, RSS, refused=Outcome.CHALLENGE, status=403), Outcome.CHALLENGE, "HTTP 403"),
        (lambda one: failed(one, Outcome.GONE, "HTTP 410"), Outcome.GONE, "HTTP 410"),
        (lambda one: failed(one, Outcome.TIMEOUT), Outcome.TIMEOUT, "timeout"),
        (lambda one: failed(one, Outcome.NOT_MODIFIED, "HTTP 304"), Outcome.NOT_MODIFIED, ""),
    ],
)
def test_an_answer_that_names_nothing(session, make, outcome, problem):
    done = understood(session, make(feed_document(session)))
    assert (done.outcome, done.feed.problem, done.feed.found) == (outcome, problem, ())


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(PageTooHard("time limit of 20 s"), Outcome.EXTRACTION_LIMIT), (RuntimeError("ours"), Outcome.FAILED)],
)
def test_a_reader_that_fails_leaves_a_problem(session, error, outcome):
    session.broken = error
    done = understood(session, page(feed_document(session), RSS))
    assert done.outcome is outcome
    assert str(error) in done.feed.problem


def test_a_document_that_is_no_feed_any_more_brings_nothing(session):
    document = feed_document(session)
    with open_store("memory:") as other:
        session.library = other
        done = understood(session, page(document, RSS))
    assert (done.outcome, done.feed, session.read) == (Outcome.FAILED, None, [])


def test_sitemaps_are_followed_two_documents_deep(session):
    def index(number):
        return f"<sitemapindex><sitemap><loc>{SITE}/news-{number}.xml</loc></sitemap></sitemapindex>"

    poller = Poller.configured(session)
    document, at = feed_document(session, f"{SITE}/", FeedKind.SECTION), NOW
    done = understood(session, page(document, "<html><body></body></html>", sitemaps=(f"{SITE}/news-0.xml",)), poller)
    named = []
    for number in range(1, 5):
        stored(session, document, done.feed, at=at)
        named.append([one.identity.request_url for one in done.feed.feeds])
        if not done.feed.feeds:
            break
        url = done.feed.feeds[0].identity.request_url
        document = next(one.document for one in session.library.feeds() if one.document.request_url == url)
        done, at = understood(session, page(document, index(number)), poller), at + timedelta(minutes=1)
    assert named == [[f"{SITE}/news-0.xml"], [f"{SITE}/news-1.xml"], []]


def test_a_feed_that_is_polled_twice_in_a_run_is_looked_up_again(session):
    poller, document = Poller.configured(session), feed_document(session)
    first = understood(session, page(document, RSS), poller)
    stored(session, document, first.feed)
    again = next(iter(session.library.feeds())).document
    second = understood(session, failed(again, Outcome.NOT_MODIFIED), poller)
    assert (first.feed.interval, second.feed.interval) == (timedelta(hours=1), timedelta(minutes=90))
    assert session.calls == 2
