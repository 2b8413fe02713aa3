import json
from datetime import UTC, datetime

import pytest

from crawler.extraction.dates import stated_day
from crawler.extraction.metadata.times import find_times
from crawler.extraction.page import Found, Ruled

HEADLINE = "Council votes for the bridge"
PROSE = "<p>" + "The council voted on Tuesday to approve the bridge, officials said after the debate. " * 3 + "</p>"


def ld(**properties):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | properties)}</script>'


def stated(parsed, *, head="", lines="", foot="", url="http://www.paper.example/story", lang="en"):
    page = parsed(f"<h1>{HEADLINE}</h1>{lines}{PROSE}{PROSE}{foot}", head, url, lang)
    times = find_times(page, HEADLINE, lang)
    return tuple(time and (time.value.isoformat()[:16], time.evidence) for time in (times.published, times.modified))


@pytest.mark.parametrize(
    ("options", "published"),
    [
        ({"head": ld(datePublished="2009-03-05T10:00:00Z")}, ("2009-03-05T10:00", "json-ld datePublished")),
        (
            {"head": "<meta property=article:published_time content='2009-03-05T10:00:00+02:00'>"},
            ("2009-03-05T08:00", "meta article:published_time"),
        ),
        ({"head": "<meta name=DC.date.issued content=2009-03-05>"}, ("2009-03-05T00:00", "meta dc.date.issued")),
        (
            {"lines": "<span itemprop=datePublished content=2009-03-05>today</span>"},
            ("2009-03-05T00:00", "microdata datePublished"),
        ),
        ({"lines": "<time datetime=2009-03-05>Thursday</time>"}, ("2009-03-05T00:00", "time element")),
        ({"lines": "<p>By Jane Roe, March 5, 2009</p>"}, ("2009-03-05T00:00", "line near headline")),
        ({"url": "http://www.paper.example/2009/03/05/bridge.html"}, ("2009-03-05T00:00", "url path")),
        ({"url": "http://www.paper.example/world/2009/mar/05/bridge"}, ("2009-03-05T00:00", "url path")),
        ({"url": "http://www.paper.example/news/20090305-bridge"}, ("2009-03-05T00:00", "url path")),
        (
            {"url": "http://www.paper.example/2009/WORLD/africa/03/05/bridge/index.html"},
            ("2009-03-05T00:00", "url path"),
        ),
        ({"url": "http://www.paper.example/english/2009-03/05/content_12.htm"}, ("2009-03-05T00:00", "url path")),
        ({"url": "http://www.paper.example/200903/05/eng_131.html"}, ("2009-03-05T00:00", "url path")),
        ({"url": "http://www.paper.example/wp/A12-2009Mar5.html"}, ("2009-03-05T00:00", "url path")),
        ({"url": "http://www.paper.example/2009/3/5/bridge"}, ("2009-03-05T00:00", "url path")),
        ({"url": "http://www.paper.example/world/05-03-2009/1-bridge/"}, ("2009-03-05T00:00", "url path")),
        ({"url": "http://www.paper.example/esteri/09_marzo_05/ponte", "lang": "it"}, ("2009-03-05T00:00", "url path")),
        ({"lines": "<abbr class=published title=2009-03-05>a year ago</abbr>"}, ("2009-03-05T00:00", "time element")),
        ({"lines": "<p>05.03.09 / 3 comments</p>"}, ("2009-03-05T00:00", "line near headline")),
        ({"foot": "<i>Published: 2009/03/05 14:05:56 GMT</i>"}, ("2009-03-05T14:05", "labelled line")),
        ({"foot": PROSE * 9 + "<p>Thursday, 5 March 2009</p>"}, ("2009-03-05T00:00", "line of the page")),
        ({"url": "http://www.upi.com/Top_News/UPI-32291236276000/"}, ("2009-03-05T18:00", "url id")),
        ({"url": "http://www.upi.com/Top_News/2009/03/05/x/6401236276000/"}, ("2009-03-05T18:00", "url id")),
    ],
)
def test_where_a_publication_time_stands(parsed, options, published):
    assert stated(parsed, **options) == (published, None)


def test_a_day_is_refined_by_a_minute_of_the_same_day(parsed):
    published, _ = stated(
        parsed, url="http://www.paper.example/2009/03/05/a", lines="<p>Thursday, 5 March 2009 23:30 EST</p>"
    )
    assert published == ("2009-03-06T04:30", "line near headline")


def test_a_minute_of_another_day_refines_nothing(parsed):
    published, _ = stated(
        parsed, url="http://www.paper.example/2009/03/05/a", lines="<p>Sunday, 8 March 2009 10:30 EST</p>"
    )
    assert published == ("2009-03-05T00:00", "url path")


def test_a_change_is_never_taken_for_the_publication(parsed):
    assert stated(parsed, lines="<p>Updated: March 5, 2009 10:00 GMT</p>") == (
        None,
        ("2009-03-05T10:00", "line near headline"),
    )
    assert stated(parsed, foot="<p>Last modified: 5 March 2009</p>")[0] is None
    assert stated(parsed, head=ld(dateModified="2009-03-05"))[0] is None


def test_both_times_of_one_line_are_told_apart(parsed):
    line = "<p>Published March 5, 2009 10:00 GMT | Updated March 6, 2009 11:00 GMT</p>"
    published, modified = stated(parsed, lines=line)
    assert (published[0], modified[0]) == ("2009-03-05T10:00", "2009-03-06T11:00")


@pytest.mark.parametrize("head", [ld(datePublished="2010-06-03"), ld(datePublished="2010-06-01T18:00:00Z")])
def test_a_date_after_the_capture_is_refused(parsed, head):
    assert stated(parsed, head=head) == (None, None)


def test_the_next_source_speaks_when_one_is_refused(parsed):
    published, _ = stated(parsed, head=ld(datePublished="2011-01-01"), url="http://www.paper.example/2009/03/05/a")
    assert published == ("2009-03-05T00:00", "url path")


def test_the_day_of_the_visit_yields_to_another_day_near_the_headline(parsed):
    page_lines = "<p>Tuesday, June 1, 2010</p><p>Posted May 9, 2010</p>"
    assert stated(parsed, lines=page_lines)[0] == ("2010-05-09T00:00", "line near headline")


@pytest.mark.parametrize("foot", ["<div>© 2009 The Paper</div>", "<footer>Copyright 2003-2009</footer>", ""])
def test_a_bare_year_dates_nothing(parsed, foot):
    assert stated(parsed, foot=foot) == (None, None)


@pytest.mark.parametrize(
    ("lang", "url", "month"),
    [
        ("en-US", "http://paper.example/a", 3),
        ("en-GB", "http://paper.example/a", 5),
        ("en", "http://paper.com/a", 3),
        ("en", "http://paper.co.uk/a", 5),
        ("fr", "http://paper.com/a", 5),
    ],
)
def test_the_order_of_numbers_follows_the_country(parsed, lang, url, month):
    page = parsed(f"<h1>{HEADLINE}</h1><p>3/5/2009</p>{PROSE}", url=url, lang=lang)
    assert find_times(page, HEADLINE, lang[:2]).published.value.month == month


def test_a_change_before_the_publication_is_refused(parsed):
    assert stated(parsed, head=ld(datePublished="2009-03-05", dateModified="2009-03-01"))[1] is None


@pytest.mark.parametrize(
    ("moment", "options", "day"),
    [
        ("2009-03-06T03:28:35Z", {"url": "http://www.paper.example/2009/03/05/bridge"}, 5),
        ("2009-03-06T03:28:35Z", {"lines": "<p>March 5, 2009 10:28 PM</p>"}, 5),
        ("2009-03-04T22:10:00Z", {"lines": "<p>March 5, 2009</p>"}, 5),
        ("2009-03-06T13:28:35Z", {"url": "http://www.paper.example/2009/03/05/bridge"}, 6),
        ("2009-03-06T03:28:35+01:00", {"url": "http://www.paper.example/2009/03/05/bridge"}, 6),
        ("2009-03-06T00:00:00Z", {"url": "http://www.paper.example/2009/03/05/bridge"}, 6),
        ("2009-03-09T03:28:35Z", {"url": "http://www.paper.example/2009/03/05/bridge"}, 9),
    ],
)
def test_the_day_of_a_moment_in_utc_is_the_one_that_the_page_prints(parsed, moment, options, day):
    options = {"lines": "", "url": "http://www.paper.example/story"} | options
    page = parsed(f"<h1>{HEADLINE}</h1>{options['lines']}{PROSE}", ld(datePublished=moment), options["url"], "en")
    published = find_times(page, HEADLINE, "en").published
    assert stated_day(published).day == day
    assert published.value.isoformat().startswith(moment[:10]) or moment.endswith("+01:00")
    assert ("on the day of" in published.evidence) == (day == 5)


def test_address_and_line_together_correct_a_statement_without_a_zone(parsed):
    options = {"url": "http://www.paper.example/2009/03/05/a", "lines": "<p>March 5, 2009</p>"}
    assert stated(parsed, head=ld(datePublished="2009-03-04"), **options)[0][0] == "2009-03-05T00:00"
    assert stated(parsed, head=ld(datePublished="2009-03-04"), lines="<p>March 5, 2009</p>")[0][0] == "2009-03-04T00:00"


def test_day_and_month_are_exchanged_where_only_that_agrees(parsed):
    head = "<meta name=publish-date content='05/03/2009'>"
    assert stated(parsed, head=head)[0][0] == "2009-05-03T00:00"
    assert stated(parsed, head=head, url="http://www.paper.example/2009/03/05/a")[0][0] == "2009-03-05T00:00"


def test_the_reading_after_the_capture_is_not_meant(parsed):
    assert stated(parsed, head="<meta name=publish-date content='09/03/2010'>")[0][0] == "2010-03-09T00:00"


def test_a_date_line_below_the_headline_wins_over_captions_and_teasers(parsed):
    above = "<p>Bridge falls</p><p>January 16, 2009</p>"
    caption = "<p>Several hundred people at the river on 15 February 2009, in the old harbour. Photo: Jo Roe</p>"
    page = parsed(f"{above}<h1>{HEADLINE}</h1>{caption}<p>London - 05/03/2009 20:00</p>{PROSE}{PROSE}", lang="en-GB")
    assert find_times(page, HEADLINE, "en").published.value.month == 3


def test_readers_time_elements_and_lists_of_stories_date_nothing(parsed):
    comment = "<div class=comment><time datetime=2009-03-08>8 March</time></div>"
    teasers = "".join(f"<p class=when>{day} March 2009</p>" for day in range(1, 6))
    assert stated(parsed, foot=PROSE * 9 + comment)[0] is None
    assert stated(parsed, foot=PROSE * 9 + teasers)[1] is None
    page = parsed(f"<h1>{HEADLINE}</h1>{PROSE * 9}{teasers}")
    published = find_times(page, HEADLINE, "en").published
    assert published is None or published.evidence == "htmldate search"


def test_weak_names_come_after_the_line_near_the_headline(parsed):
    head = "<meta name=date content=2009-04-09>"
    assert stated(parsed, head=head)[0] == ("2009-04-09T00:00", "meta date")
    assert stated(parsed, head=head, lines="<p>March 5, 2009</p>")[0] == ("2009-03-05T00:00", "line near headline")


def test_the_publishers_rule_comes_first(parsed):
    page = parsed(f"<h1>{HEADLINE}</h1>{PROSE}", ld(datePublished="2009-03-09", dateModified="2009-03-10"))
    fields = {
        "published_at": Found(value="Thursday, 5 March, 2009, 14:05 GMT", evidence="rule paper-2003"),
        "modified_at": Found(value="6 March 2009", evidence="rule paper-2003"),
    }
    times = find_times(page, HEADLINE, "en", Ruled(rule="paper-2003", fields=fields))
    assert (times.published.value.day, times.published.evidence) == (5, "rule paper-2003")
    assert times.modified.value.day == 6
    assert times.confidence["published_at"] > times.confidence["modified_at"] > 0


@pytest.mark.parametrize(
    ("age", "day"),
    [
        ("3 hours ago", 1),
        ("vor 2 Tagen", 30),
        ("il y a 3 jours", 29),
        ("2 дня назад", 30),
        ("3小时前", 1),
        ("3 hours", 0),
    ],
)
def test_an_age_in_a_time_element_is_counted_from_the_capture(parsed, age, day):
    page = parsed(f"<h1>{HEADLINE}</h1><time>{age}</time>{PROSE}")
    times = find_times(page, HEADLINE, "en")
    assert (times.published.value.day if times.published else 0) == day
    assert not times.published or times.confidence["published_at"] <= 0.5


def test_the_country_in_the_address_decides_the_order_too(parsed):
    page = parsed(f"<h1>{HEADLINE}</h1><p>03/05/2009</p>{PROSE}", url="http://paper.com/en-gb/news/a", lang="en")
    assert find_times(page, HEADLINE, "en").published.value.month == 5


def test_a_number_in_the_address_is_no_date(parsed):
    assert stated(parsed, url="http://www.paper.example/articles/194709-13-ways")[0] is None


@pytest.mark.parametrize(
    ("options", "published"),
    [
        ({"lines": "<p>Thu Mar 5, 2:05 PM ET</p>", "foot": "<p>Copyright © 2009 The Paper</p>"}, "2009-03-05T00:00"),
        ({"lines": "<p>5 March, London</p>", "url": "http://www.paper.example/2009/bridge"}, "2009-03-05T00:00"),
        ({"lines": "<p>Fri Mar 5, 2:05 PM ET</p>", "foot": "<p>Copyright © 2009 The Paper</p>"}, None),
        ({"lines": "<p>Thu Mar 5, 2:05 PM ET</p>"}, None),
        ({"lines": "<p>Updated Mar 5</p>", "foot": "<p>Copyright © 2009 The Paper</p>"}, None),
        ({"lines": "<p>August 5, London</p>", "foot": "<p>Copyright © 2010 The Paper</p>"}, None),
    ],
)
def test_a_date_without_a_year_needs_the_pages_own(parsed, options, published):
    found, _ = stated(parsed, **options)
    assert (found and found[0]) == published


def test_the_dateline_dates_the_story(parsed):
    told = "<p>LONDON, March 5 (Wire) - " + "The council voted to approve the bridge after a debate. " * 8 + "</p>"
    page = parsed(f"<h1>{HEADLINE}</h1>{told}{PROSE}<p>© 2009 The Wire. All rights reserved.</p>")
    published = find_times(page, HEADLINE, "en").published
    assert (published.value.isoformat()[:10], published.evidence) == ("2009-03-05", "line, year of the copyright line")


def test_a_film_that_is_the_story_states_its_publication(parsed):
    film = {"@type": "VideoObject", "name": "Bridge closed", "uploadDate": "2009-03-05T10:20:30Z"}
    head = f'<script type="application/ld+json">{json.dumps(film)}</script>'
    page = parsed("<h1>Bridge closed</h1><p>5 March 2009</p>", head)
    found = find_times(page, "Bridge closed", "en").published
    assert found is not None
    assert (found.value.isoformat(), found.precision) == ("2009-03-05T10:20:30+00:00", "second")
    other = find_times(page, "Ferry closed", "en").published
    assert other is None or other.precision == "day"


def test_an_abbreviation_marked_as_the_change_is_read_to_the_second(parsed):
    body = "<h1>Bridge closed</h1><abbr class=published title='2009-03-05T10:00:00Z'>5 March 2009</abbr>"
    body += " <abbr class=updated title='2009-03-05T12:14:52Z'>Updated 5 March 2009, 12:14</abbr>"
    found = find_times(parsed(body), "Bridge closed", "en").modified
    assert found is not None
    assert (found.value.isoformat(), found.precision) == ("2009-03-05T12:14:52+00:00", "second")


def test_a_headline_in_one_line_with_its_kicker_still_leads_to_its_date(parsed):
    body = (
        "<p>Menu</p>" * 40 + "<h1><span>Rivers</span> Bridge over the river closed</h1><p>5 March 2009, 10:20 GMT</p>"
    )
    found = find_times(parsed(body), "Bridge over the river closed", "en").published
    assert found is not None
    assert (found.evidence, found.precision) == ("line near headline", "minute")


@pytest.mark.parametrize(
    "mark",
    [
        "<abbr title='2009-03-05T11:40:40Z'>1 hr 4 mins ago</abbr>",
        "<abbr class=timedate title='2009-03-05T06:40:40-0500'>Thu Mar 5, 6:40 am</abbr>",
        "<span class=published><span class=value-title title='2009-03-05T11:40:40Z'></span>this morning</span>",
        "<span class='dtpublished' title='2009-03-05T11:40:40+00:00'>this morning</span>",
        "<time pubdate datetime='2009-03-05T11:40:40Z'>this morning</time>",
        "<time class='entry-date published updated' datetime='2009-03-05T11:40:40Z'>this morning</time>",
    ],
)
def test_a_whole_time_in_an_attribute_is_a_time_element(parsed, mark):
    published = find_times(parsed(f"<h1>{HEADLINE}</h1><p>By Jo Roe {mark}</p>{PROSE}"), HEADLINE, "en").published
    assert (published.value, published.evidence) == (datetime(2009, 3, 5, 11, 40, 40, tzinfo=UTC), "time element")


@pytest.mark.parametrize(
    "mark",
    [
        "<abbr class=published title='2010-05-1T11:02Z'>March 5, 2009</abbr>",
        "<span class=published><span class=value-title title='2010-05-1T11:02Z'></span>March 5, 2009</span>",
        "<abbr class=published title='the day'>March 5, 2009</abbr>",
        "<time pubdate datetime='0000-00-00T00:00'>March 5, 2009</time>",
    ],
)
def test_a_broken_attribute_leaves_what_is_shown(parsed, mark):
    published, _ = stated(parsed, lines=f"<div>{mark}</div>")
    assert published == ("2009-03-05T00:00", "time element")


def test_a_tooltip_with_a_day_is_no_time_element(parsed):
    published, _ = stated(parsed, lines="<p><span title='2009-03-05'>the storm</span></p><p>9 May 2009</p>")
    assert published == ("2009-05-09T00:00", "line near headline")


def test_the_stamps_of_readers_and_of_the_change_are_not_the_publication(parsed):
    reader = "<div class=comments><abbr class=published title='2009-03-08T10:00:00Z'>later</abbr></div>"
    change = "<span class=updated><span class=value-title title='2009-03-09T10:00:00Z'></span>later</span>"
    assert stated(parsed, foot=reader)[0] is None
    assert stated(parsed, lines=change) == (None, ("2009-03-09T10:00", "abbr element"))


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ("5 March 2009 07:41 GMT", None),
        ("5 March 2009", None),
        ("5 March 2009 06:10 GMT", None),
        ("5 March 2009 07:42 GMT", "2009-03-05T07:42"),
        ("6 March 2009", "2009-03-06T00:00"),
    ],
)
def test_a_change_that_says_no_more_than_the_publication_is_none(parsed, changed, found):
    head = "<meta property=article:published_time content='2009-03-05T07:41:05Z'>"
    modified = stated(parsed, head=head, lines=f"<p>Page last updated at {changed}</p>")[1]
    assert (modified and modified[0]) == found


MASTHEAD = "<div>The Paper</div><div>Tuesday 1 June 2010</div>"
MENU = "<p>Menu</p>" * 9
STORY = f"<h1>{HEADLINE}</h1>"


@pytest.mark.parametrize(
    ("body", "published"),
    [
        (f"{MASTHEAD}{STORY}{PROSE}", ("2010-06-01", "line of the masthead", 0.3)),
        (f"{MASTHEAD}{MENU}{STORY}{PROSE}", ("2010-06-01", "line of the masthead", 0.3)),
        (f"{MENU}<p>31 May 2010</p>{MENU}{STORY}{PROSE}", ("2010-05-31", "line of the masthead", 0.3)),
        (f"{MASTHEAD}{STORY}<p>9 May 2010</p>{PROSE}", ("2010-05-09", "line near headline", 0.94)),
        (f"{MASTHEAD}{STORY}{PROSE * 20}<p>Filed 9 May 2010</p>", ("2010-05-09", "labelled line", 0.93)),
        (f"{MASTHEAD}{STORY}{PROSE * 20}<p>9 May 2010</p>", ("2010-05-09", "line of the page", 0.81)),
        (f"{MASTHEAD}{STORY}<p>Updated 9 May 2010</p>{PROSE}", None),
        (f"{MENU}<p>1 June 2010</p>{STORY}{PROSE}", ("2010-06-01", "line near headline", 0.94)),
        (f"<p>Published 1 June 2010</p>{STORY}{PROSE}", ("2010-06-01", "line near headline", 0.93)),
        (f"<div>The Paper</div><div>9 May 2010</div>{STORY}{PROSE}", ("2010-05-09", "line near headline", 0.94)),
    ],
)
def test_the_day_of_the_visit_in_the_masthead_counts_where_nothing_else_does(parsed, body, published):
    times = find_times(parsed(body), HEADLINE, "en")
    found = times.published
    assert (found and (str(found.value.date()), found.evidence, times.confidence["published_at"])) == published


def test_the_mastheads_clock_is_not_the_storys(parsed):
    body = f"<div>Tuesday 1 June 2010 11:20 GMT</div>{MENU}{STORY}{PROSE}"
    published = find_times(parsed(body, url="http://www.paper.example/2010/06/01/a"), HEADLINE, "en").published
    assert (published.precision, published.evidence) == ("day", "url path")


@pytest.mark.parametrize(
    ("body", "published"),
    [
        (
            f"<header><time datetime=2010-06-01>Today</time></header>{STORY}<p>9 May 2010</p>{PROSE}",
            "line near headline",
        ),
        (f"<header><time datetime=2010-06-01>Today</time></header>{STORY}{PROSE}", "time element"),
        (f"<main><time datetime=2010-06-01>Today</time>{STORY}<p>9 May 2010</p>{PROSE}</main>", "time element"),
    ],
)
def test_the_first_time_element_of_the_page_may_be_the_mastheads(parsed, body, published):
    times = find_times(parsed(body), HEADLINE, "en")
    assert times.published.evidence == published
    assert (times.confidence["published_at"] < 0.5) == (published == "time element" and "<main>" not in body)
