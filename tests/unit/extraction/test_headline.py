import json

import pytest

from crawler.extraction.metadata.glue import unglued
from crawler.extraction.metadata.headings import headings_of
from crawler.extraction.metadata.headline import CONFIDENCE, find_headline

HEADLINE = "Council votes for the bridge"
PROSE = "<p>" + "The council voted on Tuesday to approve the bridge, officials said after the debate. " * 3 + "</p>"


def ld(**properties):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | properties)}</script>'


def og(title):
    return f'<meta property="og:title" content="{title}">'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"<title>{HEADLINE} | The Paper</title>", f"<h1>The Paper</h1><h1>{HEADLINE}</h1>"),
        (f"<title>The Paper: {HEADLINE}</title>", f"<font size=5><b>{HEADLINE}</b></font><br>text"),
        (og(f"{HEADLINE} - The Paper"), ""),
        (f"<title>{HEADLINE} - paper.example</title>", ""),
        ("<title>The Paper</title>" + ld(headline=HEADLINE), "<h1>The Paper</h1>"),
        ("", f"<h1>{HEADLINE}</h1>"),
    ],
)
def test_the_headline_is_without_the_site(parsed, head, body):
    found = find_headline(parsed(body, head), "The Paper")
    assert found.value == HEADLINE
    assert found.evidence


def test_a_page_without_any_title_has_no_headline(parsed):
    assert find_headline(parsed(PROSE), "").value == ""


def test_the_visible_heading_goes_before_what_is_worded_for_search_engines(parsed):
    head = og("Bridge vote 2010: what the council decided") + ld(headline="Bridge vote 2010: what the council decided")
    found = find_headline(parsed(f"<h1>{HEADLINE}</h1>{PROSE}", head), "")
    assert found.value == HEADLINE
    assert found.evidence == "h1, like title or meta"


def test_a_heading_that_shares_no_word_with_title_and_metadata_is_not_the_headline(parsed):
    found = find_headline(parsed(f"<h1>Our weblog</h1>{PROSE}", og(HEADLINE)), "")
    assert (found.value, found.evidence) == (HEADLINE, "meta og:title")


def test_a_logo_in_an_h1_that_leads_home_is_no_heading(parsed):
    page = parsed(f"<h1><a href=/>Bridge news of the council</a></h1><h2>{HEADLINE}</h2>{PROSE}", og(HEADLINE))
    assert find_headline(page, "").value == HEADLINE
    assert "Bridge news of the council" not in [heading.text for heading in headings_of(page)]


def test_the_headline_linked_to_its_own_page_is_a_heading(parsed):
    page = parsed(f"<h2><a href=/story>{HEADLINE}</a></h2><h2><a href=/other>Another story of the day</a></h2>")
    assert [heading.text for heading in headings_of(page)] == [HEADLINE]


def test_a_teaser_of_the_same_story_in_a_smaller_heading_loses_to_the_h1(parsed):
    body = f"<h3>{HEADLINE} at last</h3><h1>{HEADLINE}</h1>{PROSE}"
    assert find_headline(parsed(body, f"<title>{HEADLINE} at last</title>"), "").value == HEADLINE


@pytest.mark.parametrize("element", ["<div class='article-title'>{}</div>", "<span class=headline>{}</span>"])
def test_what_its_class_calls_the_headline_is_a_heading(parsed, element):
    head = f"<title>The Paper - {HEADLINE} - archive</title>"
    found = find_headline(parsed(element.format(HEADLINE) + PROSE, head), "")
    assert (found.value, found.evidence) == (HEADLINE, "heading, repeated by title or meta")


def test_a_box_with_a_title_class_around_other_blocks_is_no_heading(parsed):
    body = f"<div class=title><h1>{HEADLINE}</h1><p>Print</p><p>Share</p></div>{PROSE}"
    assert find_headline(parsed(body, og(HEADLINE)), "").value == HEADLINE


@pytest.mark.parametrize(
    "h1",
    [
        "<span>River town:</span> Council votes for the bridge",
        "<time>3 May 2010</time> <span>Council votes for the bridge</span>",
        "<a href=/story><i class=date>3 May</i><b>Council votes for the bridge</b></a>",
    ],
)
def test_a_kicker_or_date_in_an_element_of_its_own_goes_where_metadata_leave_it_out(parsed, h1):
    assert find_headline(parsed(f"<h1>{h1}</h1>{PROSE}", og(HEADLINE)), "").value == HEADLINE


def test_a_kicker_that_all_sources_have_stays(parsed):
    whole = f"River town: {HEADLINE}"
    body = f"<h1><span>River town:</span> {HEADLINE}</h1>{PROSE}"
    assert find_headline(parsed(body, og(whole) + f"<title>{whole}</title>"), "").value == whole


def test_a_headline_broken_over_two_lines_is_one(parsed):
    body = f"<font size='+2'><b>Council votes<br>for the bridge</b></font><br>{PROSE}"
    assert find_headline(parsed(body, f"<title>The Paper: {HEADLINE}</title>"), "").value == HEADLINE


@pytest.mark.parametrize(
    "markup",
    ["<font size=5><b>{}</b></font>", "<p style='font-size: 24px'>{}</p>", "<font size='+3' color=navy>{}</font>"],
)
@pytest.mark.parametrize("headline", [HEADLINE, "Совет проголосовал за мост", "市议会投票通过新桥方案"])
def test_the_largest_line_above_the_text_is_the_headline_of_a_page_without_metadata(parsed, markup, headline):
    body = f"<table><tr><td><font size=4>News of the day</font></td></tr><tr><td>{markup.format(headline)}"
    page = parsed(f"{body}<br><br>{PROSE}</td></tr></table>", "<title>Archive page 7</title>")
    found = find_headline(page, "")
    assert (found.value, found.evidence) == (headline, "largest line above the text")
    assert found.confidence == CONFIDENCE["largest line above the text"]


def test_two_lines_of_the_same_size_say_nothing(parsed):
    body = f"<font size=5>{HEADLINE}</font><br><font size=5>The weather of tomorrow</font><br>{PROSE}"
    assert find_headline(parsed(body, "<title>Archive page 7</title>"), "").evidence == "title element"


def test_a_headline_cut_at_a_limit_is_completed(parsed):
    long = " ".join([HEADLINE] * 5)
    head = ld(headline=long[:108]) + og(long)
    assert find_headline(parsed(PROSE, head), "").value == long


def test_confidence_is_higher_where_sources_agree(parsed):
    agreed = find_headline(parsed(f"<h1>{HEADLINE}</h1>", og(HEADLINE)), "")
    alone = find_headline(parsed("", og(HEADLINE)), "")
    assert agreed.confidence > alone.confidence > 0


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A - B | The Paper", "A - B"),
        ("The Paper » A - B", "A - B"),
        ("A | The Paper World", "A"),
        ("The Paper", "The Paper"),
        ("Yes: it is on the paper", "Yes: it is on the paper"),
        ("Council votes again | District", "Council votes again"),
        ("Council votes again for the bridge | Blog | Somebody Else", "Council votes again for the bridge"),
        ("Politics | Council votes again", "Council votes again"),
        ("Council votes again - Politics", "Council votes again"),
        ("Council votes again - and again", "Council votes again - and again"),
        ("Votes of the council | Yes", "Votes of the council"),
        ("市议会投票通过新桥方案:the paper", "市议会投票通过新桥方案"),
        ("", ""),
    ],
)
def test_names_of_site_and_sections_are_unglued(title, expected):
    assert unglued(title, frozenset({"the paper"}), frozenset({"politics"})) == expected


def test_a_dash_inside_the_headline_stays_where_a_pipe_follows(parsed):
    assert (
        unglued("Bridge is open – thanks to the council | Blog", frozenset())
        == "Bridge is open – thanks to the council"
    )
