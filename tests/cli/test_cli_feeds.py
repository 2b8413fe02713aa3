"""What the command line says and does about feeds, and what `dateline discover` says without polling."""

import uuid
from datetime import timedelta

from crawler.archiving import decided
from crawler.configuration import load
from crawler.library import open_library
from storage.types import FeedPoll, FetchAttempt, FetchReason, FetchResult, Outcome, utc_now

RSS, NEWS, HOME = (
    "https://harbour-post.example/rss",
    "https://harbour-post.example/news-sitemap.xml",
    "https://lind-herald.example/",
)


def feeds(folder):
    with open_library(load(folder)) as library:
        return {feed.document.request_url: feed for feed in library.store.feeds()}


def test_feeds_are_added_listed_and_switched(dateline, in_news):
    assert "no feeds yet" in dateline("feeds", "list").out
    for url, kind in ((RSS, "feed"), (NEWS, "sitemap"), (HOME, "section")):
        assert f"polled as a {kind}" in dateline("feeds", "add", url).out
    assert "polled already, as a feed" in dateline("feeds", "add", f"{RSS}?utm_source=x").out
    assert dateline("feeds", "add", f"{HOME}world", "--kind", "feed").status == 0
    listed = dateline("feeds", "list", "--json").lines
    assert [(one["url"], one["kind"], one["enabled"], one["interval_s"]) for one in listed] == [
        (RSS, "feed", True, None),
        (NEWS, "sitemap", True, None),
        (HOME, "section", True, None),
        (f"{HOME}world", "feed", True, None),
    ]
    assert "not polled yet" in dateline("feeds", "list").out
    assert "polled no more" in dateline("feeds", "off", RSS).out
    assert not feeds(in_news)[RSS].enabled
    assert "switched off" in dateline("feeds", "add", RSS).out
    assert dateline("discover", "--dry-run", "--json").json["feeds"] == 3
    assert "due now" in dateline("feeds", "on", RSS).out
    assert dateline("discover", "--dry-run", "--json").json["feeds"] == 4


def test_what_cannot_be_a_feed_is_refused(dateline, in_news, table):
    dateline("events", "import", table(HOME))
    for words, said in (
        (("add", "ftp://harbour-post.example/rss"), "cannot be requested"),
        (("add", RSS, "--kind", "rss"), "the kinds are feed, sitemap, section"),
        (("off", RSS), "no feed of this library"),
        (("add", HOME), "is a source of this library"),
    ):
        assert said in dateline("feeds", *words, expect=2).err


def test_discovery_is_off_while_nothing_is_named(dateline, in_news):
    for words in (("discover",), ("discover", "--dry-run")):
        assert "there is nothing to poll" in dateline(*words, expect=2).err


def test_a_dry_run_changes_nothing(dateline, in_news):
    with (in_news / "dateline.toml").open("a") as file:
        file.write(f'\n[discovery]\nfeeds = ["{RSS}"]\n')
    plan = dateline("discover", "--dry-run", "--json").json
    assert (plan["feeds"], plan["new"], plan["articles"]) == (0, 1, 0)
    assert feeds(in_news) == {}
    assert "1 that is new in dateline.toml" in dateline("discover", "--dry-run").out


def test_a_feed_with_a_problem_is_found_among_many(dateline, in_news):
    dateline("feeds", "add", RSS)
    dateline("feeds", "add", NEWS)
    assert "no feed has a problem" in dateline("feeds", "list", "--problems").out
    with open_library(load(in_news)) as library:
        document = next(iter(library.store.feeds())).document
        now = utc_now()
        attempt = FetchAttempt(
            key=uuid.uuid4().hex,
            document_id=document.id,
            reason=FetchReason.NEW,
            outcome=Outcome.NOT_FEED,
            request_url=RSS,
            final_url=RSS,
            started_at=now,
            finished_at=now,
            next_fetch_at=now + timedelta(hours=3),
        )
        poll = FeedPoll(problem="a page came in place of a feed", interval=timedelta(hours=1.5))
        library.store.archive([FetchResult(attempt=attempt, feed=poll)], decide=decided, now=now)
    (broken,) = dateline("feeds", "list", "--problems", "--json").lines
    assert (broken["url"], broken["last_outcome"], broken["polls"]) == (RSS, "not_feed", 0)
    assert (broken["problem"], broken["interval_s"]) == ("a page came in place of a feed", 5400)
    listed = dateline("feeds", "list").out
    assert "problem: a page came in place of a feed" in listed
    assert "90 min" in listed
