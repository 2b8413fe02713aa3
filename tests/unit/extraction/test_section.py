import json

import pytest

from crawler.extraction.metadata.keywords import MAX_KEYWORDS, find_keywords
from crawler.extraction.metadata.section import find_section

HEADLINE = "Council votes for the bridge"
TEXT = "The council of Harbour Town voted on Tuesday for the bridge across the river, after years of debate on ferries."


def ld(**properties):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | properties)}</script>'


def crumbs(*names):
    steps = [{"@type": "ListItem", "position": place, "name": name} for place, name in enumerate(names, 1)]
    way = json.dumps({"@type": "BreadcrumbList", "itemListElement": steps})
    return f'<script type="application/ld+json">{way}</script>'


SECTIONS = [
    (ld(articleSection="World"), "", "", "World"),
    (ld(articleSection=["News", "Europe"]), "", "", "Europe"),
    (ld(articleSection=["Europe", "World"]), "", "/world/europe/x.html", "Europe"),
    (ld(articleSection="News > World > Europe"), "", "", "Europe"),
    (ld(articleSection=["Uncategorized"]), "", "", ""),
    (ld(articleSection={"name": "World"}), "", "", "World"),
    ("<meta property=article:section content='Middle East'>", "", "", "Middle East"),
    ("<meta name=section content=world_news><meta name=parsely-section content=World>", "", "", "World"),
    ("<meta property=article:section content='http://paper.example/section/7'>", "", "", ""),
    ("<meta property=article:section content=7>", "", "", ""),
    (crumbs("Home", "World", "Europe", HEADLINE), "", "", "Europe"),
    (crumbs("Startseite", "Ausland"), "", "", "Ausland"),
    (crumbs("Home", "The Paper", HEADLINE + " - and more of it"), "", "", ""),
    ("", "<meta itemprop=articleSection content=Sport>", "", "Sport"),
    ("", "<ol class=breadcrumb><li><a href=/>Home</a><li><a href=/w>World</a><li>x</ol>", "", "World"),
    ("", "<div id=breadcrumbs>Home &gt; World &gt; Europe</div>", "", "Europe"),
    ("", "<table><tr><td><a href=/>Home</a> &gt; <a href=/w>World</a> &gt; Africa</td></tr></table>", "", "Africa"),
    ("", "<font size=1>You are in: <a href=/w>World</a>: Middle East</font><p>x</p>", "", "Middle East"),
    ("", "<div>Sie sind hier: Startseite › Politik › Ausland</div>", "", "Ausland"),
    ("", "<div>Вы здесь: Главная / Политика</div>", "", "Политика"),
    ("", "<div>您的位置：首页 > 国际</div>", "", "国际"),
    ("", "", "/2004/WORLD/europe/03/05/bridge/index.html", "europe"),
    ("", "", "/news/world/middle-east/bridge-closed-7", "middle east"),
    ("", "", "/politik/ausland/bruecke-7.html", "ausland"),
    ("", "", "/content/view/full/7", ""),
    ("", "", "/sports", ""),
]


@pytest.mark.parametrize(("head", "body", "path", "section"), SECTIONS)
def test_sections(parsed, head, body, path, section):
    found = find_section(parsed(body, head, url=f"http://www.paper.example{path or '/story'}"), HEADLINE, "The Paper")
    assert found.value == section
    assert bool(found.evidence) == bool(found.confidence) == bool(section)


KEYWORDS = [
    (ld(keywords=["Bridge", "Harbour Town", "bridge"]), ("Bridge", "Harbour Town")),
    (ld(keywords="Bridge, Harbour Town; Ferries"), ("Bridge", "Harbour Town", "Ferries")),
    (ld(keywords=[{"@type": "DefinedTerm", "name": "Bridge"}, 7, None]), ("Bridge",)),
    (ld(keywords=["type:story", "Category: Politics", "8ae9ab2d-fe1b-4230-acb8-a59b52877682", "Bridge"]), ("Bridge",)),
    ("<meta property=article:tag content=Bridge><meta property=article:tag content=Ferries>", ("Bridge", "Ferries")),
    ("<meta name=news_keywords content='bridge, ferries'>", ("bridge", "ferries")),
    ("<meta name=keywords content='bridge, harbour town, mayor, river'>", ("bridge", "harbour town", "mayor", "river")),
    ("<meta name=keywords content='news, breaking news, headlines, sports, weather, stocks, lottery, video'>", ()),
    ("<meta name=keywords content='AER,AIRL,CRSH,DIS,GEN,INDG08,INDS,TPT'>", ()),
    ("<meta name=keywords content='The Paper, paper.example'>", ()),
    ("<meta name=keywords content='news, sport, weather'>", ()),
    ("<meta name=keywords content='https://paper.example/tag/7, 2009, bridge'>", ("bridge",)),
    ("", ()),
]


@pytest.mark.parametrize(("head", "keywords"), KEYWORDS)
def test_keywords(parsed, head, keywords):
    found = find_keywords(parsed(head=head), HEADLINE, TEXT, "The Paper")
    assert found.values == keywords
    assert bool(found.evidence) == bool(found.confidence) == bool(keywords)


def test_links_marked_as_tags_are_keywords(parsed):
    page = parsed("<a rel=tag href=/t/1>#Bridge</a> <a rel='nofollow tag' href=/t/2>Ferries</a> <a href=/x>Else</a>")
    assert find_keywords(page, HEADLINE, TEXT).values == ("Bridge", "Ferries")


def test_keywords_of_an_inflecting_language_are_known_by_their_stems(parsed):
    page = parsed(head="<meta name=keywords content='мост, река Светлая, дорога, мэр'>")
    text = "Новым мостом через реку Светлую займутся осенью, сообщила мэрия."
    assert find_keywords(page, "", text).values == ("мост", "река Светлая", "дорога", "мэр")


@pytest.mark.parametrize(
    ("keywords", "text"),
    [("volcanes, evacuación", "El volcán Tormes obliga a evacuar."), ("등대, 섬", "섬에서 등대를 지킨 사람")],
)
def test_accents_and_korean_endings_do_not_hide_what_a_keyword_is_about(parsed, keywords, text):
    page = parsed(head=f"<meta name=keywords content='{keywords}'>")
    assert find_keywords(page, "", text).values == tuple(keywords.split(", "))


def test_there_are_never_more_than_thirty(parsed):
    page = parsed(head=ld(keywords=[f"Bridge {number}" for number in range(80)]))
    assert len(find_keywords(page, HEADLINE, TEXT).values) == MAX_KEYWORDS
