import pytest

from crawler.extraction.metadata.section import find_section

HEADLINE = "Council votes for the bridge"
PROSE = "<p>" + "The council of Harbour Town voted on Tuesday for the bridge across the river. " * 3 + "</p>"
STORY = f"<h1>{HEADLINE}</h1>{PROSE}"
LABELS = [
    (f"<div><p>Crime</p>{STORY}</div>", "", "Crime", "label above headline"),
    (f"<div><p>Происшествия</p>{STORY}</div>", "", "Происшествия", "label above headline"),
    (f"<div><div class=eyebrow>Shoreline</div>{STORY}</div>", "", "Shoreline", "marked near headline"),
    (f"<div><h5 class=rubrik><a href=/7>Shoreline</a></h5>{STORY}</div>", "", "Shoreline", "marked near headline"),
    (
        f"<table><tr><td>5 May 2001</td></tr><tr><td>Shoreline</td></tr><tr><td>{HEADLINE}</td></tr></table>",
        "",
        "Shoreline",
        "line above headline",
    ),
    (
        f"<h1>{HEADLINE}</h1><p>5 May 2015 <span class=section>Shoreline</span></p>{PROSE}",
        "",
        "Shoreline",
        "marked near headline",
    ),
    (STORY + "<p>Filed under <a rel='category tag' href=/c/7>Shoreline</a></p>", "", "Shoreline", "filed under"),
    (STORY, f"<title>The Paper: Shoreline: {HEADLINE}</title>", "Shoreline", "title"),
    (STORY, f"<title>{HEADLINE} | Shoreline | The Paper</title>", "Shoreline", "title"),
    (STORY, f"<title>{HEADLINE} - The Paper: Shoreline</title>", "Shoreline", "title"),
    (f"<p>The Paper &gt; Shoreline</p>{STORY}", "", "Shoreline", "line of the way"),
    (
        "<ul><li class=current><a href=/b>Business</a><li><a href=/s>Sport</a></ul>" + STORY,
        "",
        "Business",
        "lit item of the menu",
    ),
]


@pytest.mark.parametrize(("body", "head", "section", "evidence"), LABELS)
def test_a_label_that_a_reader_sees_names_the_section(parsed, body, head, section, evidence):
    page = parsed(body, head, url="http://www.paper.example/news/story-7")
    found = find_section(page, HEADLINE, "The Paper")
    assert (found.value, found.evidence) == (section, evidence)


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (f"<ul><li><a href=/>Home</a><li><a href=/s>Sport</a></ul>{STORY}", ""),
        (f"<div><p>Advertisement</p>{STORY}</div>", ""),
        (f"<div><p>5 May 2001</p>{STORY}</div>", ""),
        (f"<div><p>Is it safe?</p>{STORY}</div>", ""),
        (f"<div><p class=kicker>Shoreline</p>{STORY}</div>", ""),
        (f"<p><a href=/join>Join Now</a></p>{STORY}", ""),
        (f"<div><span>Shoreline</span></div><div><div>{STORY}</div></div>", ""),
        (STORY, f"<title>{HEADLINE} - Video - The Paper</title>"),
        (STORY, f"<title>After the flood: {HEADLINE} - The Paper</title>"),
        ("<ul><li class=active>Slide one</ul>" + STORY, ""),
    ],
)
def test_menus_buttons_dates_and_kinds_of_page_are_no_sections(parsed, body, head):
    page = parsed(body, head, url="http://www.paper.example/news/story-7")
    assert find_section(page, HEADLINE, "The Paper").value == ""


def test_the_last_step_of_the_way_wins_over_a_folder_of_the_address(parsed):
    page = parsed(f"<p>Home » News » Shoreline</p>{STORY}", url="http://www.paper.example/news/story-7")
    assert find_section(page, HEADLINE, "The Paper").value == "Shoreline"


def test_the_pages_own_folder_is_no_section(parsed):
    page = parsed(STORY, url="http://www.paper.example/2008/05/11/europe/")
    assert find_section(page, HEADLINE, "The Paper").value == ""
