"""The contract that every export keeps, and the fields of the two machine-readable ones."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.exporting import EXPORTS, FIELDS, record
from crawler.exporting.delimited import COLUMNS, Csv, guarded
from crawler.exporting.json_lines import JsonLines
from storage.types import (
    BodyChoice,
    BodyTrial,
    Contributor,
    ContributorKind,
    Cut,
    DatedTime,
    DatePrecision,
    DigestCheck,
    LiveEntry,
    MediaItem,
    Medium,
    Memento,
)

ODD_TEXTS = ["", "=1+1", "\ud800 lone", "line\u2028separator\u0085", "a\n\n\nb", "\x00", '"quoted", comma', "渡轮停航"]


@pytest.fixture(params=EXPORTS, ids=lambda export: export.name)
def export(request):
    return request.param


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_names_and_suffixes_are_unique():
    assert [export.name for export in EXPORTS] == ["jsonl", "csv", "md"]
    assert len({export.suffix for export in EXPORTS}) == len(EXPORTS)


def test_an_article_ends_its_line_and_renders_the_same_twice(export, make_view):
    view = make_view()
    assert export.render(view).endswith("\n")
    assert export.render(view) == export.render(view)
    assert not export.header() or export.header().endswith("\n")


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_any_text_becomes_a_file_in_utf_8(export, make_view, make_article, odd):
    article = make_article(headline=odd, body=odd, byline=odd, agency=odd, evidence={odd: odd}, published_at=None)
    text = export.header() + export.render(make_view(article))
    assert text.encode("utf-8")


def test_json_has_the_documented_fields_in_order(make_view):
    found = json.loads(JsonLines().render(make_view()))
    assert tuple(found) == FIELDS
    assert all(f"\n{name} " in record.__doc__ for name in FIELDS)


def test_json_says_what_the_view_says(make_view):
    found = json.loads(JsonLines().render(make_view()))
    assert found["article_id"] == 12
    assert found["headline"] == "Ferry Stays in Port as Crew Falls Ill"
    assert found["published_at"] == "2006-07-05T14:30:00Z"
    assert found["published_precision"] == "minute"
    assert found["modified_at"] is found["modified_precision"] is None
    assert (found["version"], found["versions"], found["verdict"]) == (2, 2, "new_version")
    assert (found["cluster"], found["representative"]) == ([3, 12], 3)
    assert found["events"] == ["2006/07/4/ferry", "2006/07/5/ferry-strike"]
    assert found["event_links"][1]["evidence"] == "cited as [Halvika Post]"
    assert found["extractor"] == "trafilatura 2.3.1"
    assert found["evidence"] == {"byline": "json-ld author", "headline": "og:title"}


TOLD = {
    "standfirst": "The owner will not say when it sails",
    "section": "Coast",
    "keywords": ("ferry", "=sea fever"),
    "contributors": (
        Contributor(name="Ada Lindqvist", role="harbour correspondent"),
        Contributor(name="Reuters", kind=ContributorKind.AGENCY),
    ),
    "lead_image_caption": "The Aurelia",
    "lead_image_credit": "Ola Strand",
    "corrections": ("An earlier version named the wrong ferry.",),
    "medium": Medium.LIVE_BLOG,
    "media": (MediaItem(medium=Medium.VIDEO, name="The crew", seconds=61),),
    "entries": (
        LiveEntry(
            body="In port.",
            posted_at=DatedTime(
                value=datetime(2006, 7, 5, 14, 5, tzinfo=UTC), precision=DatePrecision.MINUTE, evidence="time"
            ),
            clock="14:05",
        ),
        LiveEntry(body="Still in port.", headline="Noon"),
    ),
    "confidence": {"headline": 0.97},
    "choice": BodyChoice(
        winner="precision",
        why="agrees",
        trials=(BodyTrial(name="precision", words=40, score=0.9),),
        cuts=(Cut(text="Subscribe", reason="newsletter", place="bottom"),),
        rule="halvika-2006",
        missed=("halvika-2006: section",),
    ),
}


def test_json_says_what_an_article_says_beside_its_text(make_view, make_article):
    found = json.loads(JsonLines().render(make_view(make_article(**TOLD))))
    assert {name: found[name] for name in FIELDS[-14:]} == {
        "standfirst": "The owner will not say when it sails",
        "section": "Coast",
        "keywords": ["ferry", "=sea fever"],
        "contributors": [
            {"name": "Ada Lindqvist", "kind": "person", "role": "harbour correspondent"},
            {"name": "Reuters", "kind": "agency", "role": ""},
        ],
        "lead_image_caption": "The Aurelia",
        "lead_image_credit": "Ola Strand",
        "corrections": ["An earlier version named the wrong ferry."],
        "medium": "live_blog",
        "media": [{"medium": "video", "name": "The crew", "description": "", "url": "", "seconds": 61, "pages": None}],
        "entries": [
            {
                "headline": "",
                "body": "In port.",
                "posted_at": "2006-07-05T14:05:00Z",
                "posted_precision": "minute",
                "clock": "14:05",
            },
            {"headline": "Noon", "body": "Still in port.", "posted_at": None, "posted_precision": None, "clock": ""},
        ],
        "confidence": {"headline": 0.97},
        "choice": {
            "winner": "precision",
            "why": "agrees",
            "rule": "halvika-2006",
            "missed": ["halvika-2006: section"],
            "trials": [{"name": "precision", "words": 40, "score": 0.9, "note": ""}],
            "cuts": [{"text": "Subscribe", "reason": "newsletter", "place": "bottom"}],
        },
        "lead_image": None,
        "mark": None,
    }


def test_csv_keeps_lists_of_texts_apart_and_leaves_empty_ones_empty(make_view, make_article):
    (told,) = rows(Csv().header() + Csv().render(make_view(make_article(**TOLD))))
    assert json.loads(told["keywords"]) == ["ferry", "=sea fever"]
    assert json.loads(told["contributors"])[1] == {"name": "Reuters", "kind": "agency", "role": ""}
    (plain,) = rows(Csv().header() + Csv().render(make_view()))
    assert [plain[name] for name in ("keywords", "contributors", "corrections", "media")] == [""] * 4
    assert (told["cluster"], plain["medium"]) == ("3 12", "text")


def test_json_says_from_which_archive_a_text_comes(make_view):
    view = make_view()
    memento = Memento(
        archive="kept-news",
        url="http://kept.example/20060707080000id_/http://halvika-post.example/a12",
        page_url="http://halvika-post.example/a12",
        captured_at=datetime(2006, 7, 7, 8, tzinfo=UTC),
        requested_at=datetime(2006, 7, 7, 9, tzinfo=UTC),
        digest_check=DigestCheck.MATCHES,
        public_url="http://kept.example/20060707080000/http://halvika-post.example/a12",
    )
    rescued = replace(view, versions=(*view.versions[:-1], replace(view.versions[-1], memento=memento)))
    names = [name for name in FIELDS if name.startswith("archive")]
    live, kept = (json.loads(JsonLines().render(one)) for one in (view, rescued))
    assert [live[name] for name in names] == ["", "", "", None, "", ""]
    assert [kept[name] for name in names] == [
        "kept-news",
        "http://kept.example/20060707080000/http://halvika-post.example/a12",
        "http://halvika-post.example/a12",
        "2006-07-07T09:00:00Z",
        "matches",
        "",
    ]


def test_an_archived_copy_without_an_address_for_readers_is_told_by_its_own(make_view):
    view = make_view()
    moment = datetime(2006, 7, 7, 8, tzinfo=UTC)
    memento = Memento(archive="local", url="warc:/a.warc", page_url="", captured_at=moment, requested_at=moment)
    rescued = replace(view, versions=(replace(view.versions[-1], memento=memento),))
    assert json.loads(JsonLines().render(rescued))["archive_url"] == "warc:/a.warc"


def test_json_is_one_line_whatever_a_program_takes_for_a_line_end(make_view, make_article):
    text = JsonLines().render(make_view(make_article(body="one\u2028two\u2029three\u0085four\n\nfive 渡轮")))
    assert len(text.splitlines()) == 1
    assert "渡轮" in text
    assert json.loads(text)["body"] == "one\u2028two\u2029three\u0085four\n\nfive 渡轮"


def test_an_article_outside_any_cluster_stands_for_itself(make_view):
    found = json.loads(JsonLines().render(replace(make_view(), cluster=())))
    assert (found["cluster"], found["representative"]) == ([12], 12)


def test_csv_has_a_row_per_article_under_its_header(make_view, make_article):
    view = make_view(make_article(body='He said "no", twice.\n\nSecond block.'))
    found = rows(Csv().header() + Csv().render(view) + Csv().render(view))
    assert len(found) == 2
    assert tuple(found[0]) == COLUMNS
    assert set(FIELDS) - set(COLUMNS) == {"entries", "choice"}
    assert found[0]["body"] == 'He said "no", twice.\n\nSecond block.'
    assert (found[0]["cluster"], found[0]["events"]) == ("3 12", "2006/07/4/ferry 2006/07/5/ferry-strike")
    assert json.loads(found[0]["evidence"])["byline"] == "json-ld author"
    assert json.loads(found[0]["event_links"])[0]["event_key"] == "2006/07/4/ferry"
    assert found[0]["modified_at"] == ""


@pytest.mark.parametrize(
    "attack",
    [
        '=HYPERLINK("http://evil.example")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\ufeff=1",
        "＝1+1",
        "'=1",
    ],
)
def test_no_cell_of_a_page_runs_as_a_formula(make_view, make_article, attack):
    article = make_article(headline=attack, body=attack, byline=attack, site_name=attack)
    found = rows(Csv().header() + Csv().render(make_view(article)))[0]
    assert all(found[name] == f"'{attack}" for name in ("headline", "body", "byline", "site_name"))


@pytest.mark.parametrize("harmless", ["Ferry", "12", "'quoted'", "a=b", "“-”", ""])
def test_harmless_cells_stay_as_they_are(harmless):
    assert guarded(harmless) == harmless


def test_a_year_before_1000_keeps_four_digits():
    assert record.utc_text(datetime(622, 7, 16, tzinfo=UTC)) == "0622-07-16T00:00:00Z"


ANY_TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("=+-@'\t\r\n \"*_[]()<>&`#")), max_size=40)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_the_guard_can_be_taken_off_again(text):
    cell = guarded(text)
    was_guarded = re.match("'+(?:[\t\r\n]|[\\s\ufeff\u200b]*[=+\\-@＝＋－＠])", cell)
    assert (cell[1:] if was_guarded else cell) == text


@settings(max_examples=150, deadline=None)
@given(text=ANY_TEXT)
def test_any_text_comes_back_from_json_and_is_never_a_formula_in_csv(make_view, make_article, text):
    view = make_view(make_article(headline=text, body=text))
    assert json.loads(JsonLines().render(view))["body"] == text
    cell = rows(Csv().header() + Csv().render(view))[0]["headline"]
    assert not cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
