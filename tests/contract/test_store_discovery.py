"""Feeds: documents that a crawl leaves alone, and what their polls bring."""

from datetime import timedelta

import pytest

from storage import open_store
from storage.errors import DocumentNotFound
from storage.types import (
    DocumentRole,
    FeedKind,
    FeedPoll,
    FoundArticle,
    Outcome,
    Selection,
    WantedFeed,
)

FEEDS = Selection(role=DocumentRole.FEED)
HOUR = timedelta(hours=1)


@pytest.fixture
def wanted(make):
    def build(path="/feed.xml", host="harbour-post.example", kind=FeedKind.FEED, **fields):
        return WantedFeed(identity=make.identity(path, host), kind=kind, **fields)

    return build


@pytest.fixture
def feed(store, make, wanted):
    """The document of a feed that is due."""
    assert store.put_feeds([wanted(title="Harbour Post")], now=make.NOW) == 1
    return store.document(make.identity("/feed.xml").canonical_url)


@pytest.fixture
def poll(store, make, feed):
    """Stores one answered poll of the feed; a list of paths is what it names."""

    def build(*paths, document=feed, now=make.NOW, outcome=Outcome.NOT_HTML, **fields):
        named = tuple(
            FoundArticle(identity=make.identity(path), title=f"About {path}", published_at=make.at(hours=-1))
            for path in paths
        )
        brought = FeedPoll(found=named, **{"entries": len(paths), "interval": HOUR, **fields})
        attempt = {"next_fetch_at": make.at(hours=1), "finished_at": now}
        result = make.result(document, None, outcome, attempt_fields=attempt, feed=brought)
        (answer,) = store.archive([result], decide=make.decide, now=now)
        assert not answer.error

    return build


def test_a_feed_is_a_document_that_is_due(store, make, feed, wanted):
    assert (feed.role, feed.next_fetch_at, feed.added_at) == (DocumentRole.FEED, make.NOW, make.NOW)
    (known,) = store.feeds()
    assert (known.document, known.kind, known.found_by, known.title) == (
        feed,
        FeedKind.FEED,
        "configuration",
        "Harbour Post",
    )
    assert (known.interval, known.polls, known.found, known.last_found_at, known.enabled) == (None, 0, 0, None, True)
    assert (known.added_at, known.entries, known.problem) == (make.NOW, 0, "")
    assert store.put_feeds([wanted(), wanted()], now=make.at(days=1)) == 0
    assert list(store.feeds()) == [known]


def test_a_dry_run_counts_and_writes_nothing(store, make, wanted):
    feeds = [wanted(), wanted("/map.xml", kind=FeedKind.SITEMAP), wanted()]
    assert store.put_feeds(feeds, now=make.NOW, dry_run=True) == 2
    assert list(store.feeds()) == []
    assert store.put_feeds(feeds, now=make.NOW) == 2
    assert [one.kind for one in store.feeds()] == [FeedKind.FEED, FeedKind.SITEMAP]


def test_a_source_and_a_lead_image_stay_what_they_are(store, make, wanted, sources):
    (cited,) = sources("/feed.xml")
    assert store.put_feeds([wanted()], now=make.NOW) == 0
    assert (store.document(cited.canonical_url).role, list(store.feeds())) == (DocumentRole.SOURCE, [])


def test_a_plain_crawl_leaves_feeds_alone(store, make, feed, sources):
    assert store.lease(make.request()) == []
    assert store.next_ready(make.request()) is None
    assert list(store.due(Selection(), now=make.NOW)) == []
    assert list(store.due(Selection(due_only=False, host=feed.host), now=make.NOW)) == []
    assert store.reschedule(Selection(), next_fetch_at=None) == 0
    assert store.lease(make.request(canonical_url=feed.canonical_url, due_only=False)) == []
    (source,) = sources("/a")
    assert [one.id for one in store.lease(make.request())] == [source.id]
    status = store.status(now=make.NOW)
    assert (status.documents, status.due, status.untried, status.by_outcome) == (1, 1, 1, {})
    store.release("run-1", not_before={})
    assert [one.id for one in store.due(FEEDS, now=make.NOW)] == [feed.id]
    assert [one.id for one in store.lease(make.request("poll", role=DocumentRole.FEED))] == [feed.id]
    assert store.lease(make.request("run-2")) == []


def test_feeds_do_not_keep_hosts_from_a_crawl(store, make, wanted, sources):
    store.put_feeds([wanted(host=f"h{number}.example") for number in range(20)], now=make.at(days=-1))
    (source,) = sources("/a")
    assert [one.id for one in store.lease(make.request(max_hosts=1))] == [source.id]


def test_a_dead_feed_is_no_missing_article(store, make, feed, poll):
    poll(outcome=Outcome.GONE, problem="gone")
    assert store.queue_backfills(make.RULES, now=make.NOW) == 0
    named = make.backfill(canonical_url=feed.canonical_url, due_only=False)
    assert (store.lease_backfills(named), store.count_backfills(named)) == ([], 0)
    assert list(store.wanted_keys()) == list(store.link_rot()) == list(store.replayable(FEEDS)) == []


def test_a_poll_makes_what_nobody_knows(store, make, feed, poll, sources):
    (known,) = sources("/known")
    before = store.document(known.canonical_url)
    poll("/b", "/known", "/a", "/b", title="The Harbour Post", now=make.at(hours=2))
    fresh = [store.document(make.identity(path).canonical_url) for path in ("/b", "/a")]
    assert fresh[0].id < fresh[1].id
    for document in fresh:
        assert (document.role, document.next_fetch_at) == (DocumentRole.SOURCE, make.at(hours=2))
        (found,) = store.history(document.canonical_url).found_by
        assert (found.feed_id, found.feed_url, found.found_at) == (feed.id, feed.canonical_url, make.at(hours=2))
        assert found.published_at == make.at(hours=-1)
    assert store.history(fresh[0].canonical_url).found_by[0].title == "About /b"
    assert store.document(known.canonical_url) == before
    assert store.history(known.canonical_url).found_by == ()
    assert {one.id for one in store.lease(make.request(now=make.at(hours=2)))} == {known.id, *(one.id for one in fresh)}
    (polled,) = store.feeds()
    assert (polled.polls, polled.entries, polled.found, polled.interval) == (1, 4, 2, HOUR)
    assert (polled.last_found_at, polled.title) == (make.at(hours=2), "The Harbour Post")
    assert polled.document.next_fetch_at == make.at(hours=1)
    assert store.status(now=make.NOW).documents == 3


def test_later_polls_add_up(store, make, feed, poll):
    poll("/a", "/b")
    poll("/a", "/b", "/c", now=make.at(hours=1), interval=2 * HOUR)
    poll(now=make.at(hours=3))
    poll(problem="no feed at all", now=make.at(hours=4))
    (polled,) = store.feeds()
    assert (polled.polls, polled.entries, polled.found, polled.last_found_at) == (3, 3, 3, make.at(hours=1))
    assert (polled.problem, polled.interval, polled.title) == ("no feed at all", HOUR, "Harbour Post")
    poll("/a", now=make.at(hours=5))
    (polled,) = store.feeds()
    assert (polled.problem, polled.polls, polled.entries) == ("", 4, 1)


def test_a_feed_names_further_feeds(store, make, feed, poll, wanted):
    child = wanted("/map-1.xml", kind=FeedKind.SITEMAP, found_by=feed.canonical_url)
    poll("/feed.xml", feeds=(child, wanted()))
    own, found = store.feeds()
    assert (found.kind, found.found_by, found.document.next_fetch_at) == (
        FeedKind.SITEMAP,
        feed.canonical_url,
        make.NOW,
    )
    assert (own.document.role, own.found) == (DocumentRole.FEED, 0)


def test_an_article_says_which_feed_found_it(store, make, feed, poll):
    poll("/a")
    document = store.document(make.identity("/a").canonical_url)
    (answer,) = store.archive([make.result(document, "ferry aground")], decide=make.decide, now=make.NOW)
    (found,) = store.article(answer.article_id).found_by
    assert found.feed_id == feed.id
    store.put_events([make.entry()], match=make.no_match, now=make.NOW)
    assert store.article(answer.article_id).found_by == (found,)
    assert store.document(document.canonical_url).role is DocumentRole.SOURCE


def test_a_feed_is_switched_off_and_on(store, make, feed, poll):
    off = store.enable_feed(feed.id, enabled=False, now=make.NOW)
    assert (off.enabled, off.document.next_fetch_at) == (False, None)
    assert store.lease(make.request(role=DocumentRole.FEED, due_only=False)) == []
    poll("/a")
    (still,) = store.feeds()
    assert (still.enabled, still.document.next_fetch_at, still.found) == (False, None, 1)
    result = make.failure(feed, next_fetch_at=make.at(minutes=5))
    store.archive([result], decide=make.decide, now=make.NOW)
    assert store.lease(make.request(now=make.at(days=1), role=DocumentRole.FEED)) == []
    on = store.enable_feed(feed.id, enabled=True, now=make.at(days=2))
    assert (on.enabled, on.document.next_fetch_at) == (True, make.at(days=2))
    assert list(store.feeds()) == [on]
    request = make.request(now=make.at(days=2), role=DocumentRole.FEED)
    assert [one.id for one in store.lease(request)] == [feed.id]


def test_only_feeds_are_switched(store, make, sources):
    (source,) = sources("/a")
    for number in (source.id, 99):
        with pytest.raises(DocumentNotFound):
            store.enable_feed(number, enabled=False, now=make.NOW)


def test_a_feed_that_an_entry_cites_is_a_source(store, make, feed, poll):
    store.put_events([make.entry(sources=make.links("/feed.xml"))], match=make.no_match, now=make.at(hours=1))
    cited = store.document(feed.canonical_url)
    assert (cited.role, cited.next_fetch_at) == (DocumentRole.SOURCE, make.at(hours=1))
    assert (list(store.feeds()), store.discovery_status().feeds) == ([], {})
    assert [one.id for one in store.lease(make.request(now=make.at(hours=1)))] == [feed.id]
    with pytest.raises(DocumentNotFound):
        store.enable_feed(feed.id, enabled=False, now=make.NOW)


def test_discovery_is_counted(store, make, feed, poll, wanted):
    store.put_feeds([wanted(f"/{name}", kind=FeedKind.SITEMAP) for name in "xy"], now=make.NOW)
    poll("/a", "/b", "/c")
    document = store.document(make.identity("/a").canonical_url)
    store.archive([make.failure(document, Outcome.GONE)], decide=make.decide, now=make.NOW)
    status = store.discovery_status()
    assert (status.feeds, status.found) == ({"feed": 1, "sitemap": 2}, {"gone": 1, "untried": 2})


def test_what_a_poll_brought_goes_with_an_item_that_cannot_be_stored(store, make, feed):
    place = make.capture(feed).location
    results = [
        make.result(feed, captures=(make.capture(feed, location=place),), feed=FeedPoll(found=(found,), entries=1))
        for found in (FoundArticle(identity=make.identity(path)) for path in ("/a", "/b"))
    ]
    answers = store.archive(results, decide=make.decide, now=make.NOW)
    assert [bool(one.error) for one in answers] == [False, True]
    assert store.find_document(make.identity("/a").canonical_url) is not None
    assert store.find_document(make.identity("/b").canonical_url) is None
    assert [one.found for one in store.feeds()] == [1]


def test_feeds_stream_beyond_a_page(store, make, wanted):
    assert store.put_feeds([wanted(f"/{number}") for number in range(1100)], now=make.NOW) == 1100
    numbers = [one.document.id for one in store.feeds()]
    assert (len(numbers), numbers) == (1100, sorted(numbers))


def test_the_check_knows_that_feeds_do_not_wake_hosts(database, make):
    from storage import schema  # noqa: PLC0415 -- named beside its only use

    with open_store(database) as store:
        store.put_feeds([WantedFeed(identity=make.identity("/feed"), kind=FeedKind.FEED)], now=make.NOW)
        store.lease(make.request(role=DocumentRole.FEED))
        store.release("run-1", not_before={})
    assert schema.check(database) == []
