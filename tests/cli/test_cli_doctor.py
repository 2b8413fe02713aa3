"""What ``dateline doctor`` says about publisher rules, and how it ends."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.cli.doctor import reports_of
from storage.types import RuleHealth

DAY = datetime(2020, 3, 4, tzinfo=UTC)
FIRST, SECOND, OTHER = (f"http://www.bbc.co.uk/news/world-1720440{number}" for number in range(3))
TEXT = "<p>" + "The boat to Orrin stays in the harbour until its hull has been mended by the yard. " * 6 + "</p>"
KNOWN = (
    f"<html><body><h1 id='main-heading'>Boat stays</h1><article><div data-component='text-block'>{TEXT}</div></article>"
)
CHANGED = f"<html><body><h1 class='new'>Boat stays</h1><article><div class='new'>{TEXT}</div></article>"


def ruled(rule, versions, *, host="www.bbc.co.uk", latest=DAY):
    return RuleHealth(host=host, rule=rule, versions=versions, latest=latest)


def missed(name, versions, *, host="www.bbc.co.uk"):
    return RuleHealth(host=host, missed=name, versions=versions, latest=DAY)


# -- the figures -----------------------------------------------------------------------------------------------


def test_rules_of_a_publisher_count_together_and_misses_by_name():
    rows = [ruled("bbc-2010", 3), ruled("bbc-2014", 5, host="www.bbc.com"), missed("bbc", 2)]
    (report,) = reports_of(rows, rows)
    assert (report.what, report.matched, report.missed, report.hosts) == ("bbc", 8, 2, ("www.bbc.co.uk",))
    assert not report.broken
    assert report.words == "missed now and then on www.bbc.co.uk"


def test_more_misses_than_matches_are_a_broken_rule_and_come_first():
    rows = [ruled("cnn-2022", 9, host="www.cnn.com"), ruled("bbc-2014", 1), missed("bbc", 2)]
    before = [*rows, ruled("bbc-2010", 90, latest=DAY + timedelta(days=1))]
    broken, fine = reports_of(rows, before)
    assert (broken.what, broken.broken, fine.what, fine.broken) == ("bbc", True, "cnn", False)
    assert broken.words == "no longer found on www.bbc.co.uk; last found on a page of 2020-03-05"
    assert fine.words == "all found"


def test_a_promise_is_weighed_against_the_pages_of_its_rule():
    rows = [ruled("bbc-2010", 10), missed("bbc-2010: byline", 4), missed("bbc-2010: headline", 6)]
    reports = {report.what: report for report in reports_of(rows, rows)}
    assert [report.what for report in reports_of(rows, rows)] == ["bbc-2010: headline", "bbc", "bbc-2010: byline"]
    assert (reports["bbc-2010: headline"].matched, reports["bbc-2010: headline"].broken) == (4, True)
    assert (reports["bbc-2010: byline"].matched, reports["bbc-2010: byline"].broken) == (6, False)


def test_what_never_matched_says_so():
    (report,) = reports_of([missed("bbc", 1)], [])
    assert report.words == "no longer found on www.bbc.co.uk; never found"


# -- the command -----------------------------------------------------------------------------------------------


@pytest.fixture
def read_page(dateline, table, store_page):
    """Store a page that waits to be understood, and understand it."""
    dateline("events", "import", table(FIRST, SECOND, OTHER))

    def read(url, body, **how):
        store_page(url, body.encode(), **how)
        dateline("replay", url)

    return read


def test_a_library_without_known_publishers_is_healthy(dateline, in_news):
    assert "no page of a known publisher was captured" in dateline("doctor").out
    said = dateline("doctor", "--json").json
    assert (said["healthy"], said["days"], [check["check"] for check in said["checks"]]) == (
        True,
        90,
        ["publisher rules"],
    )


def test_rules_that_find_what_they_promise_are_healthy(dateline, read_page):
    read_page(FIRST, KNOWN)
    said = dateline("doctor")
    assert "all rules find what they promise on 1 page" in said.out
    (rule,) = dateline("doctor", "--json").json["checks"][0]["rules"]
    assert (rule["what"], rule["matched"], rule["missed"]) == ("bbc", 1, 0)


def test_a_layout_that_changed_is_reported_with_status_1(dateline, read_page):
    read_page(FIRST, KNOWN, ago=timedelta(days=200))
    read_page(SECOND, CHANGED)
    said = dateline("doctor", expect=1)
    assert "1 rule of 1 rule no longer finds what it promises" in said.out
    assert "no longer found on www.bbc.co.uk; last found on a page of" in said.out
    assert dateline("doctor", "--json", expect=1).json["healthy"] is False


def test_what_was_captured_before_the_window_is_no_news(dateline, read_page):
    read_page(FIRST, CHANGED, ago=timedelta(days=40))
    dateline("doctor", expect=1)
    assert "no page of a known publisher was captured" in dateline("doctor", "--days", 30).out
    for days in (0, 999_999_999):
        assert dateline("doctor", "--days", days, expect=2).out == ""
