import json

import pytest

from crawler.extraction.metadata.byline import find_byline
from crawler.extraction.metadata.pieces import parted

HEADLINE = "Council votes for the bridge"
PROSE = "<p>" + "The council of Harbour Town voted on Tuesday for the bridge across the river. " * 3 + "</p>"


def signed(parsed, byline, head="", after=""):
    found = find_byline(parsed(f"<h1>{HEADLINE}</h1>{byline}{PROSE}{PROSE}{after}", head), HEADLINE, "The Paper")
    return found.value, [one.role for one in getattr(found, "contributors", ())]


@pytest.mark.parametrize(
    ("byline", "value", "roles"),
    [
        ("<p>By Jane Roe <span>Space reporter</span></p>", "Jane Roe", ["Space reporter"]),
        (
            "<p>By <b>Jane Roe</b> <span>Associated Press Writer</span></p>",
            "Jane Roe",
            ["Associated Press Writer"],
        ),
        (
            "<p class=byline><a href=/a/1>Jane Roe</a> <a href=/a/2>Al Fox</a> <i>March 3, 2009</i></p>",
            "Jane Roe, Al Fox",
            ["", ""],
        ),
        (
            (
                "<p class=byline><span class=fn>Jane Roe</span> <span class=title>Political reporter</span>"
                " <span class=fn>Al Fox</span></p><p>5 May 2009</p>"
            ),
            "Jane Roe, Al Fox",
            ["Political reporter", ""],
        ),
    ],
)
def test_elements_part_names_and_roles_that_the_text_runs_together(parsed, byline, value, roles):
    assert signed(parsed, byline) == (value, roles)


def ld(*authors):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "author": authors})}</script>'


@pytest.mark.parametrize(
    ("author", "byline", "role"),
    [
        ({"name": "Jane Roe", "jobTitle": "Harbour editor"}, "", "Harbour editor"),
        (
            {"name": "Jane Roe"},
            "<div><a href=/u>Jane Roe</a><span>Crime correspondent</span></div>",
            "Crime correspondent",
        ),
        ({"name": "Jane Roe"}, "<div><p><b>Jane Roe</b></p><p>Crime correspondent</p></div>", "Crime correspondent"),
        ({"name": "Jane Roe"}, "<div><a href=/u>Jane Roe</a><span>5 May 2009</span></div>", ""),
        ({"name": "Jane Roe"}, "<div><a href=/u>Jane Roe</a> said to <span>our reporter</span></div>", ""),
    ],
)
def test_a_role_stands_in_json_ld_or_right_beside_the_name(parsed, author, byline, role):
    assert signed(parsed, byline, ld(author)) == ("Jane Roe", [role])


@pytest.mark.parametrize(
    ("byline", "value"),
    [
        ("<p>By Jane Roe and Al Fox</p>", "Jane Roe, Al Fox"),
        ("<p><span>By Jane Roe and Al Fox</span><span>17 August 2023</span></p>", "Jane Roe, Al Fox"),
        ("<p>By Jane Roe, Deputy Content Hub Director</p>", "Jane Roe"),
        ("<p>By Jane Roe, The Paper</p>", "Jane Roe"),
        ("<p>Al Fox and Jane Roe</p>", "Jane Roe"),
    ],
)
def test_the_byline_of_the_page_completes_metadata_that_name_the_first_only(parsed, byline, value):
    assert signed(parsed, byline, ld({"name": "Jane Roe"}))[0] == value


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("2005年05月25日 18:35 作者：顾长青", "顾长青"),
        ("2014年10月18日 19時51分 文・沢渡美緒", "沢渡美緒"),
        ("2005年05月25日 本报记者 顾长青", "顾长青"),
        ("2018-03-03 14:29 한소율 기자", "한소율"),
        ("2014年10月18日 終了を受けた記者会見", ""),
        ("By Jane Roe, March 3, 2009", "Jane Roe"),
        ("By Élodie Marchais 2 avril 2007", "Élodie Marchais"),
        ("By Jane Roe, New York", "Jane Roe"),
        ("By Ministry of Health and Media Services", "Ministry of Health and Media Services"),
    ],
)
def test_lines_of_many_scripts_with_a_date(parsed, line, value):
    assert signed(parsed, f"<p>{line}</p>")[0] == value


@pytest.mark.parametrize("line", ["بقلم: ليلى الحمداني", "كتب: سامر القاضي", "Haber: Zeynep Karaçay"])
def test_signatures_below_the_text_that_say_by_in_other_languages(parsed, line):
    assert signed(parsed, "", after=f"<p>{line}</p>")[0] == line.partition(": ")[2]


def test_a_piece_that_stands_apart_already_changes_nothing():
    assert parted("By Jane Roe and Al Fox", ["Jane Roe", "Al Fox"]) == "By Jane Roe and Al Fox"
    assert parted("Jane RoeAl Fox", ["Jane Roe", "Al Fox"]) == "Jane Roe, Al Fox"
