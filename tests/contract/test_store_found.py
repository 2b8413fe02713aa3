"""Documents that a feed named first can be selected, leased and waited for; nothing else is meant by it."""

from datetime import timedelta

import pytest

from storage.types import (
    DocumentRole,
    FeedKind,
    FeedPoll,
    FoundArticle,
    LeaseRequest,
    Outcome,
    Selection,
    WantedFeed,
)

FOUND = Selection(role=DocumentRole.SOURCE, found=True)


@pytest.fixture
def found(store, make, sources):
    """A cited source and two documents that a feed names, one of them cited before."""
    sources("/cited")
    feed = WantedFeed(identity=make.identity("/feed.xml"), kind=FeedKind.FEED)
    store.put_feeds([feed], now=make.NOW)
    document = store.document(feed.identity.canonical_url)
    named = tuple(FoundArticle(identity=make.identity(path)) for path in ("/cited", "/new"))
    poll = FeedPoll(found=named, entries=2, interval=timedelta(hours=1))
    attempt = {"next_fetch_at": make.at(hours=1)}
    result = make.result(document, None, Outcome.FEED, attempt_fields=attempt, feed=poll)
    (answer,) = store.archive([result], decide=make.decide, now=make.NOW)
    assert not answer.error
    return make.identity("/new").canonical_url


def request(make, selection, **fields):
    return LeaseRequest(
        token="r", now=make.at(hours=2), until=make.at(hours=3), max_hosts=9, per_host=9, selection=selection, **fields
    )


def test_only_what_a_feed_named_first_is_meant(store, make, found):
    now = make.at(hours=2)
    assert [one.canonical_url for one in store.due(FOUND, now=now)] == [found]
    assert len(list(store.due(Selection(), now=now))) == 2
    assert [one.canonical_url for one in store.lease(request(make, FOUND))] == [found]
    assert store.lease(request(make, FOUND)) == []


def test_a_feed_that_was_read_is_a_success(store, make, found):
    feed = next(iter(store.feeds())).document
    assert (feed.last_outcome, feed.failures) == (Outcome.FEED, 0)
