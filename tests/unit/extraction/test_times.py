import json

import pytest

from crawler.extraction.metadata.times import find_times

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
