"""What is wanted from archives without anybody naming it, what a person can ask for, and the story that `why` tells."""

import pytest
from archive_desk import (
    COMMON_CRAWL,
    INTERNET_ARCHIVE,
    arrange,
    articles,
    at,
    backfill_all,
    backfills,
    events,
    looked,
    searches,
)
from archive_layouts import SOFT_404, plain
from archive_pages import WORLD, case, table
from stand_in_archive import CommonCrawl, InternetArchive

from crawler.demo.site import Page, Site, html, missing
from crawler.demo.web import LocalWeb
from storage.types import Outcome

GONE, HIDDEN, BLOCKED, ALIVE, NOBODY = (
    case("captured several times"),
    case("soft 404 nearest"),
    case("consent page nearest"),
    case("archived errors beside a good copy"),
    case("undated under a later year"),
)
FORBIDDEN = "<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1></body></html>"


def path_of(cited):
    return cited.url.partition(".example")[2]


def host_of(cited):
    return cited.url.removeprefix("http://").partition("/")[0]


def live_web():
    """What is left of the cited pages today."""
    lost = html(plain(SOFT_404, paper="Kettle Sound Online"))
    body = ALIVE.shots[2].body
    return (
        Site(host=host_of(GONE), routes={}),
        Site(host=host_of(HIDDEN), routes={}, fallback=lost),
        Site(host=host_of(BLOCKED), routes={path_of(BLOCKED): missing(403, FORBIDDEN)}),
        Site(host=host_of(ALIVE), routes={path_of(ALIVE): Page(body=body)}),
    )


@pytest.fixture
def archive():
    with InternetArchive(WORLD) as running:
        yield running


def test_a_crawl_queues_what_it_cannot_get_and_a_backfill_takes_it_up(desk, archive):
    world = (GONE, HIDDEN, BLOCKED, ALIVE, NOBODY)
    with LocalWeb(live_web()) as web:
        desk.configure(proxy=web.proxy_url)
        desk.import_table(table(world))
        desk.run("crawl")
    outcomes = {cited.url: desk.attempts(cited.url)[-1].outcome for cited in world}
    assert outcomes[NOBODY.url] is Outcome.DNS
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
    desk.run("backfill")
    assert backfills(desk) == {
        GONE.url: ("rescued", "gone"),
        HIDDEN.url: ("rescued", "soft_404"),
        BLOCKED.url: ("rescued", "blocked"),
    }
    assert {GONE.url, HIDDEN.url, BLOCKED.url} < set(articles(desk))
    asked = " ".join(archive.targets())
    assert "aldermoor" not in asked
    assert "calder-compass" not in asked
    # The live web's word on each page stands.
    assert desk.history(GONE.url).document.last_outcome is Outcome.GONE


def test_the_story_of_a_citation_is_told_in_order(desk, archive):
    with LocalWeb(live_web()) as web:
        desk.configure(proxy=web.proxy_url)
        desk.import_table(table([HIDDEN]))
        desk.run("crawl")
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
    desk.run("backfill")
    out = desk.run("why", HIDDEN.url).out
    told = ["soft_404", INTERNET_ARCHIVE, "2012-04-18", "2012-06-11"]
    places = [out.find(word) for word in told]
    assert min(places) >= 0, out
    assert places == sorted(places), out


def test_all_pages_of_a_dead_host_are_wanted(desk, archive):
    first = "http://www.fenwick-courier.example"
    urls = [f"{first}/gone/{number}.html" for number in range(6)]
    desk.configure(allow_private=True)
    with LocalWeb([]) as web:
        desk.configure(proxy=web.proxy_url)
        desk.import_urls(*urls, GONE.url, day=GONE.day)
        desk.run("crawl")
    tried = [url for url in (*urls, GONE.url) if desk.attempts(url)]
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
    desk.run("backfill")
    wanted = backfills(desk)
    assert len(tried) >= 5
    assert set(wanted) == {*urls, GONE.url}
    assert {reason for _, reason in wanted.values()} <= {"host dead", "dns"}


def test_a_cited_copy_is_fetched_as_it_is_cited(desk, archive):
    """The entry cites a copy in the archive, and not the nearest to its day: that copy is what it saw."""
    cited = f"http://web.archive.org/web/20070618031200/{GONE.url}"
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
    desk.import_table(f"event_id,date,headline,url\ne1,{GONE.day},{GONE.headline},{cited}\n")
    desk.run("backfill")
    (found,) = looked(desk, GONE.url)
    assert (found.outcome, found.last) == ("fetched", "20070618031200")
    assert archive.targets("index") == []


def test_a_dry_run_says_what_it_would_do_and_asks_nobody(desk, archive):
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
    desk.import_table(table([GONE, HIDDEN]))
    out = backfill_all(desk, "--dry-run").out
    assert GONE.url in out
    assert HIDDEN.url in out
    assert archive.log == []
    assert searches(desk) == {}


def test_archives_are_asked_in_order_and_the_next_one_only_for_what_is_missing(desk, archive):
    missed = case("never archived")
    with CommonCrawl({"CC-MAIN-2008-2009": GONE.shots[:1], "CC-MAIN-2012": HIDDEN.shots}) as second:
        arrange(desk, archives={INTERNET_ARCHIVE: at(archive), COMMON_CRAWL: at(second)})
        desk.import_table(table([GONE, missed]))
        backfill_all(desk)
        found = searches(desk)
        assert found == {
            (GONE.url, INTERNET_ARCHIVE): "found",
            (missed.url, INTERNET_ARCHIVE): "never_archived",
            (missed.url, COMMON_CRAWL): "never_archived",
        }


def test_one_archive_can_be_named(desk, archive):
    with CommonCrawl({"CC-MAIN-2012": HIDDEN.shots}) as second:
        arrange(desk, archives={INTERNET_ARCHIVE: at(archive), COMMON_CRAWL: at(second)})
        desk.import_table(table([HIDDEN]))
        backfill_all(desk, "--archive", COMMON_CRAWL)
        assert searches(desk) == {(HIDDEN.url, COMMON_CRAWL): "found"}
        assert archive.log == []


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--host", "www.fenwick-courier.example"], {GONE.url}),
        (["--since", "2012-04-16"], {HIDDEN.url, BLOCKED.url}),
        (["--since", "2004-03-12", "--until", "2012-04-16"], {HIDDEN.url}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_part_of_the_library_can_be_named(desk, archive, arguments, wanted):
    """Of all events that are named by their keys, only these."""
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
    desk.import_table(table([GONE, HIDDEN, BLOCKED]))
    backfill_all(desk, *arguments)
    assert {url for url, _ in searches(desk)} == wanted


def test_an_unknown_archive_is_named_in_the_complaint(desk, archive):
    arrange(desk, archives={INTERNET_ARCHIVE: at(archive)})
    desk.import_table(table([GONE]))
    done = desk.run("backfill", *events(desk), "--archive", "internet-archiv", expect=None)
    assert done.status != 0
    assert "internet-archiv" in done.err + done.out
    assert archive.log == []
