from datetime import UTC, datetime

import pytest

from crawler.extraction import PageInput
from crawler.extraction.article import extract
from crawler.extraction.metadata.byline import find_byline
from crawler.extraction.metadata.contributors import find_contributors
from crawler.extraction.metadata.people import is_person, read_people
from crawler.extraction.page import NOWHERE, Found
from storage.types import Contributor, ContributorKind

PERSON, AGENCY, ORGANISATION = ContributorKind.PERSON, ContributorKind.AGENCY, ContributorKind.ORGANISATION


def read(text):
    return [(one.who.name, one.who.kind, one.who.role) for one in read_people(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Jane Roe, Moscow correspondent", [("Jane Roe", PERSON, "Moscow correspondent")]),
        ("Jane Roe Senior Politics Editor", [("Jane Roe", PERSON, "Senior Politics Editor")]),
        ("By Jane Roe, BBC News, Baghdad", [("Jane Roe", PERSON, "BBC News, Baghdad")]),
        ("By Jane Roe in Moscow", [("Jane Roe", PERSON, "Moscow")]),
        ("Jane Roe DAILY PAPER", [("Jane Roe", PERSON, "DAILY PAPER")]),
        (
            "By Jane Roe and Al Fox, with Eva Lind in Oslo",
            [("Jane Roe", PERSON, ""), ("Al Fox", PERSON, ""), ("Eva Lind", PERSON, "Oslo")],
        ),
        (
            "Jane Roe, Al Fox; Agencies",
            [("Jane Roe", PERSON, ""), ("Al Fox", PERSON, ""), ("Agencies", ORGANISATION, "")],
        ),
        (
            "Von Max Muster und Eva Beispiel, Berlin",
            [("Max Muster", PERSON, ""), ("Eva Beispiel", PERSON, "Berlin")],
        ),
        ("Par Anne Martin avec AFP", [("Anne Martin", PERSON, ""), ("AFP", AGENCY, "")]),
        ("Jane Roe | Reuters", [("Jane Roe", PERSON, ""), ("Reuters", AGENCY, "")]),
        ("The Associated Press", [("AP", AGENCY, "")]),
        ("Deutsche Presse-Agentur", [("dpa", AGENCY, "")]),
        ("Evening Reporters", [("Evening Reporters", ORGANISATION, "")]),
        ("Jane Roe, MD, PhD", [("Jane Roe", PERSON, "MD, PhD")]),
        ("Jane Roe (Kyiv)", [("Jane Roe", PERSON, "Kyiv")]),
        ("Корреспондент Иван Петров", [("Иван Петров", PERSON, "Корреспондент")]),
        ("김영희 기자", [("김영희", PERSON, "기자")]),
        ("山田太郎記者", [("山田太郎", PERSON, "記者")]),
        ("Jane Roe; Jane Roe", [("Jane Roe", PERSON, "")]),
        (
            "Jane Roe Photographs by Al Fox",
            [("Jane Roe", PERSON, ""), ("Al Fox", PERSON, "photographs")],
        ),
        ("admin", []),
        ("(Kyiv)", [("Kyiv", PERSON, "")]),
        ("; (x)", []),
        ("5 May 2009, 14:30", []),
        ("http://paper.example/jane", []),
    ],
)
def test_who_signs_is_told_apart(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "name",
    ["Jane Roe", "JANE ROE", "Ludwig van den Berg", "J. R. Roe", "Anne-Marie O’Neil", "Иван Петров", "Ben Al Fox"],
)
def test_names_of_people(name):
    assert is_person(name)


@pytest.mark.parametrize(
    "text", ["Jane", "Latest News", "the river runs", "The Paper", "Page 2", "Moscow correspondent"]
)
def test_other_lines_are_no_names(text):
    assert not is_person(text)


def test_the_agency_signs_behind_the_byline_and_only_once():
    signed = find_contributors(Found(value="Jane Roe"), Found(value="Reuters"))
    assert [(one.name, one.kind) for one in signed] == [("Jane Roe", PERSON), ("Reuters", AGENCY)]
    assert len(find_contributors(Found(value="Jane Roe, Reuters"), Found(value="Reuters"))) == 2


def test_a_closing_credit_names_those_who_helped():
    blocks = ("The vote passed.", "(Reporting by Jane Roe in Oslo and Al Fox; Editing by Eva Lind)")
    assert find_contributors(Found(value="Jane Roe"), NOWHERE, blocks) == (
        Contributor(name="Jane Roe", role="reporting, Oslo"),
        Contributor(name="Al Fox", role="reporting"),
        Contributor(name="Eva Lind", role="editing"),
    )


def test_a_story_in_which_reporting_is_spoken_of_credits_nobody():
    blocks = ("She praised the reporting by Jane Roe; the editing by Al Fox was less good.",)
    assert find_contributors(NOWHERE, NOWHERE, blocks) == ()


def test_roles_of_the_byline_reach_the_contributors_though_the_byline_leaves_them_out(parsed):
    page = parsed(f"<h1>A vote</h1><p>By Jane Roe</p><p>BBC News, Baghdad</p><p>{'The council voted again. ' * 9}</p>")
    found = find_byline(page, "A vote", "")
    assert found.value == "Jane Roe"
    assert find_contributors(found, NOWHERE) == (Contributor(name="Jane Roe", role="BBC News, Baghdad"),)


def test_photographers_sign_but_are_not_in_the_byline(parsed):
    page = parsed("<h1>A vote</h1>", "<meta name=author content='Jane Roe; Photographs by Al Fox'>")
    found = find_byline(page, "A vote", "")
    assert found.value == "Jane Roe"
    assert [one.role for one in find_contributors(found, NOWHERE)] == ["", "photographs"]


def test_an_article_has_its_contributors_and_says_how_far_its_byline_can_be_trusted():
    text = (
        "The council voted on Tuesday to approve the bridge, officials said after a debate that went on for two days."
        "<br><br>Those who live on the other bank have asked for it since the ferry was sold nine winters ago."
        "<br><br>Work is to begin in spring, when the river is low enough for the first of its four piers to be sunk."
    )
    head = "<title>A vote is held</title><font size=5>A vote is held</font><br>"
    html = f"{head}By Jane Roe<br>Moscow correspondent<br><br>{text}"
    page = PageInput(
        url="http://www.paper.example/1",
        content=html.encode(),
        content_type="text/html",
        captured_at=datetime(2010, 6, 1, tzinfo=UTC),
    )
    article = extract(page)
    assert article.headline == "A vote is held"
    assert article.byline == "Jane Roe"
    assert article.contributors == (Contributor(name="Jane Roe", role="Moscow correspondent"),)
    assert 0 < article.confidence["byline"] <= 1
    assert 0 < article.confidence["headline"] <= 1
