import json

import pytest

from crawler.extraction.metadata.byline import CONFIDENCE, find_byline

HEADLINE = "Council votes for the bridge"
LONG = "nobody spoke of the bridge until the council met again in spring, and then everybody did" * 2
PROSE = "<p>" + "The council voted on Tuesday to approve the bridge, officials said after the debate. " * 3 + "</p>"


def ld(**properties):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | properties)}</script>'


def byline(parsed, body, head="", after=""):
    return find_byline(parsed(f"<h1>{HEADLINE}</h1>{body}{PROSE}{PROSE}{after}", head), HEADLINE, "The Paper")


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (ld(author={"@type": "Person", "name": "Jane Roe"}), "", "Jane Roe"),
        (ld(author=[{"name": "Jane Roe"}, {"name": "Al Fox"}]), "", "Jane Roe, Al Fox"),
        (ld(author="By Jane Roe"), "", "Jane Roe"),
        (ld(author="Jane Roe (jro)"), "", "Jane Roe"),
        (ld(author={"@type": "Organization", "name": "The Paper"}), "", "The Paper"),
        (ld(author={"name": "The Paper"}) + "<meta name=author content='Jane Roe'>", "", "Jane Roe"),
        ("<meta name=author content='https://social.example/paper'>", "<p>By Jane Roe</p>", "Jane Roe"),
        ("<meta name=author content=admin>", "<span class=byline>Jane Roe</span>", "Jane Roe"),
        ("<meta name=author content='Jane Roe,Al Fox'>", "", "Jane Roe, Al Fox"),
        ("", "<a rel=author href=/j>Jane Roe</a>", "Jane Roe"),
        ("", "<div itemprop=author><span itemprop=name>Jane Roe</span> is our editor</div>", "Jane Roe"),
        ("", f"<p>By the river, {LONG}</p>", ""),
        ("", "<p>By clicking on “Sign up” you agree</p>", ""),
        ("", "", ""),
    ],
)
def test_bylines(parsed, head, body, expected):
    assert byline(parsed, body, head).value == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By JANE ROE, Staff Writer", "JANE ROE"),
        ("By Jane Roe | Posted March 5, 2009", "Jane Roe"),
        ("By Jane Roe in Moscow", "Jane Roe"),
        ("By Jane Roe and Al Fox, Associated Press", "Jane Roe, Al Fox, Associated Press"),
        ("By Jane Roe The Associated Press", "Jane Roe, The Associated Press"),
        ("By Jane Roe for The Evening Herald", "Jane Roe"),
        ("byJane Roe", "Jane Roe"),
        ("May 5th, 2009 By Jane Roe", "Jane Roe"),
        ("Posted on 3 May 2009 by Jane Roe", "Jane Roe"),
        ("Von Max Muster, Berlin", "Max Muster"),
        ("Ein Kommentar von Max Muster", "Max Muster"),
        ("Von Max Muster und Eva Beispiel", "Max Muster, Eva Beispiel"),
        ("Text: Max Muster", "Max Muster"),
        ("Par Anne Martin avec AFP", "Anne Martin, AFP"),
        ("Por Ana Gómez y Luis Paz", "Ana Gómez, Luis Paz"),
        ("Door Jan Jansen", "Jan Jansen"),
        ("Автор: Иван Петров", "Иван Петров"),
        ("作者：王小明", "王小明"),
        ("文：王小明", "王小明"),
    ],
)
def test_lines_that_open_with_by(parsed, line, expected):
    found = byline(parsed, f"<font size=2>{line}</font><br>")
    assert found.value == expected
    assert found.confidence == CONFIDENCE["line near headline"]


def test_by_alone_leaves_the_names_to_the_next_lines(parsed):
    names = "<dt>Von</dt><dd><a href=/r/1>Eva Beispiel</a></dd><dd><a href=/r/2>Max Muster</a></dd>"
    assert byline(parsed, f"<dl>{names}</dl><div>3.5.2009</div>").value == "Eva Beispiel, Max Muster"


@pytest.mark.parametrize(
    "body",
    [
        "<b>Jane Roe</b><br>Tuesday, 5 May 2009<br>",
        "<td>5 May 2009, 14:30</td><td>Jane Roe</td>",
        "<p>9 May 2009 at 15:46 / Jane Roe</p>",
        "<div><a href=/x>Jane Roe</a>2 minutes ago</div>",
    ],
)
def test_a_name_beside_the_date_is_a_byline(parsed, body):
    found = byline(parsed, body)
    assert (found.value, found.evidence) == ("Jane Roe", "name beside the date")


@pytest.mark.parametrize("label", ["Latest News", "Getty Images", "Read More", "Middle East", "Mehr Bilder"])
def test_labels_beside_the_date_are_no_names(parsed, label):
    assert byline(parsed, f"<p>{label}</p><p>5 May 2009</p>").value == ""


def test_a_section_heading_before_prose_is_no_name(parsed):
    assert byline(parsed, "<h3>Main Street</h3>").value == ""


def test_a_name_beside_a_date_below_the_text_is_no_byline(parsed):
    body = "<p>The council voted on Tuesday to approve the bridge, officials said after the debate.</p>" * 3
    page = parsed(f"<h1>{HEADLINE}</h1>{body}<address>Gull Point Observatory<br>5 May 2009</address>")
    assert find_byline(page, HEADLINE, "").value == ""


def test_a_linked_name_that_leads_to_an_author_is_a_byline(parsed):
    body = "<div><a href=/authors/jane-roe>Jane Roe</a><span>The Paper</span></div><a href=/tag/al>Al Fox</a>"
    found = byline(parsed, body)
    assert (found.value, found.evidence) == ("Jane Roe", "linked name near headline")


def test_names_in_a_sidebar_are_not_the_authors(parsed):
    sidebar = "<ul>" + "<li><a href=/authors/al>Al Fox</a></li>" * 3 + "<li class=byline>By Al Fox</li></ul>"
    assert byline(parsed, "", after=f"{PROSE}<p>About us</p>{'<p>Contact</p>' * 8}{sidebar}").value == ""


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("<p>(Jane Roe)</p>", "Jane Roe"),
        ("<p>By Jane Roe</p>", "Jane Roe"),
        ("<p>— Jane Roe</p>", "Jane Roe"),
        ("<p>순천 김영희 기자 young@paper.example</p>", "김영희"),
        ("<p>Print this page</p>", ""),
    ],
)
def test_signatures_below_the_text(parsed, after, expected):
    assert byline(parsed, "", after=after).value == expected


def test_the_owner_of_the_copyright_is_not_the_author(parsed):
    head = "<meta name=author content='Example Corporation'>"
    after = "<p>© 2009 Example Corporation. All rights reserved.</p>"
    assert byline(parsed, "<p>By Jane Roe</p>", head, after).value == "Jane Roe"
    assert byline(parsed, "", head, after).value == "Example Corporation"


def test_a_desk_gives_way_to_a_person_who_signs_in_the_page(parsed):
    head = "<meta name=author content='Weekly Staff'>"
    assert byline(parsed, "<p>By Jane Roe</p>", head).value == "Jane Roe"
    assert byline(parsed, "", head).value == "Weekly Staff"


def test_a_name_written_surname_first_is_turned_round_where_the_page_shows_it_so(parsed):
    head = "<meta name=author content='Roe, Jane'>"
    assert byline(parsed, "<p>Jane Roe writes about rivers</p>", head).value == "Jane Roe"
    assert byline(parsed, "", head).value != "Jane Roe"


def test_a_site_that_signs_with_an_agency_stays_beside_it(parsed):
    assert byline(parsed, "<p>Par The Paper et AFP</p>").value == "The Paper, AFP"


def test_the_byline_is_found_where_the_headline_stands_in_one_line_with_its_kicker(parsed):
    body = f"<div><b>River town</b> {HEADLINE}</div><p>Jane Roe</p><p>5 May 2009</p>{PROSE}"
    assert find_byline(parsed("<p>Menu</p>" * 30 + body), HEADLINE, "").value == "Jane Roe"
