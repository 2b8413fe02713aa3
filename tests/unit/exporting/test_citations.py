"""Articles as citations: BibTeX read back by pybtex, CSL-JSON held to the rules of its schema."""

from __future__ import annotations

import io
import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import jsonschema
import pytest
from pybtex.database import parse_string

from crawler.exporting.bibtex import BibTex, entry_of
from crawler.exporting.citation_facts import citation_of
from crawler.exporting.csl import CslJson, item_of
from storage.types import Contributor, ContributorKind, DatedTime, DatePrecision

TEXT = {"type": "string", "minLength": 1}
NAME = {
    "type": "object",
    "properties": dict.fromkeys(("family", "given", "non-dropping-particle", "literal"), TEXT),
    "additionalProperties": False,
    "oneOf": [{"required": ["literal"]}, {"required": ["family", "given"]}],
}
PARTS = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}
DATE = {
    "type": "object",
    "properties": {"date-parts": {"type": "array", "items": PARTS, "minItems": 1, "maxItems": 2}},
    "required": ["date-parts"],
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("id", "title", "container-title", "publisher", "URL", "language", "note"), TEXT),
        **dict.fromkeys(("archive", "archive_location"), TEXT),
        "type": {"const": "article-newspaper"},
        "author": {"type": "array", "items": NAME, "minItems": 1},
        "issued": DATE,
        "accessed": DATE,
    },
    "required": ["id", "type"],
    "additionalProperties": False,
}
"""What the schema of CSL says of the fields that are written."""


def bib(view):
    found = parse_string(entry_of(citation_of(view)), "bibtex")
    ((key, entry),) = found.entries.items()
    return key, entry


def csl(view):
    item = item_of(citation_of(view))
    jsonschema.validate(item, SCHEMA)
    return item


def dated(precision):
    return DatedTime(value=datetime(2006, 7, 5, 14, 30, tzinfo=UTC), precision=precision, evidence="text")


def test_article_is_cited_with_all_that_is_known(make_view):
    key, entry = bib(make_view())
    assert (key, entry.type) == ("halvikapost2006ferry-12", "online")
    assert str(entry.persons["author"][0]) == "{Ada Lindqvist}"
    assert dict(entry.fields) == {
        "title": "{Ferry Stays in Port as Crew Falls Ill}",
        "organization": "Halvika Post",
        "date": "2006-07-05",
        "year": "2006",
        "url": "https://www.halvika-post.example/2006/07/05/ferry-stays-in-port-a12",
        "urldate": "2006-07-06",
        "langid": "english",
    }
    assert csl(make_view()) == {
        "id": "halvikapost2006ferry-12",
        "type": "article-newspaper",
        "title": "Ferry Stays in Port as Crew Falls Ill",
        "author": [{"literal": "Ada Lindqvist"}],
        "container-title": "Halvika Post",
        "publisher": "Halvika Post",
        "issued": {"date-parts": [[2006, 7, 5]]},
        "accessed": {"date-parts": [[2006, 7, 6]]},
        "URL": "https://www.halvika-post.example/2006/07/05/ferry-stays-in-port-a12",
        "language": "en",
    }


def test_archived_copy_is_named(make_view, memento):
    view = memento(make_view(), public_url="https://lantern.example/web/2012/x_1")
    assert bib(view)[1].fields["note"] == r"Archived copy in lantern: https://lantern.example/web/2012/x\_1"
    item = csl(view)
    assert (item["archive"], item["archive_location"]) == ("lantern", "https://lantern.example/web/2012/x_1")
    assert item["note"] == "Archived copy in lantern"


@pytest.mark.parametrize(
    ("precision", "date", "parts"),
    [
        (DatePrecision.YEAR, "2006", [2006]),
        (DatePrecision.MONTH, "2006-07", [2006, 7]),
        (DatePrecision.DAY, "2006-07-05", [2006, 7, 5]),
        (DatePrecision.SECOND, "2006-07-05", [2006, 7, 5]),
    ],
)
def test_dates_say_no_more_than_is_known(make_view, make_article, precision, date, parts):
    view = make_view(make_article(published_at=dated(precision)))
    assert bib(view)[1].fields["date"] == date
    assert csl(view)["issued"] == {"date-parts": [parts]}


def test_article_without_a_date_has_the_year_of_its_capture_in_its_key_alone(make_view, make_article):
    view = make_view(make_article(published_at=None))
    key, entry = bib(view)
    assert key == "halvikapost2006ferry-12"
    assert not {"date", "year"} & set(entry.fields)
    assert "issued" not in csl(view)


@pytest.mark.parametrize(
    ("name", "family", "given", "particle"),
    [
        ("Mara Lind", "Lind", "Mara", ""),
        ("J. R. Öberg", "Öberg", "J. R.", ""),
        ("Jean-Luc d'Arc-Noël", "Jean-Luc d'Arc-Noël", "", ""),
        ("Mara van der Lind", "van der Lind", "Mara", "van der"),
        ("Jan Ek Jr.", "Jan Ek Jr.", "", ""),
        ("Reuters Staff", "Reuters Staff", "", ""),
        ("Bo and Mara", "Bo and Mara", "", ""),
        ("Ada", "Ada", "", ""),
        ("山田 太郎", "山田 太郎", "", ""),
        ("Иван Петров", "Иван Петров", "", ""),
        ("Mara Lind, Bo Ek", "Mara Lind, Bo Ek", "", ""),
        ("mara lind", "mara lind", "", ""),
    ],
)
def test_names_are_taken_apart_only_where_that_is_sure(make_view, make_article, name, family, given, particle):
    view = make_view(make_article(contributors=(Contributor(name=name),)))
    (found,) = csl(view)["author"]
    (author,) = bib(view)[1].persons["author"]
    if not given:
        assert found == {"literal": name}
        assert str(author) == f"{{{name}}}"
        return
    assert f"{found.get('non-dropping-particle', '')} {found['family']}".strip() == family
    assert (found["given"], found.get("non-dropping-particle", "")) == (given, particle)
    assert " ".join(author.prelast_names) == particle
    assert " ".join(author.prelast_names + author.last_names) == family
    assert " ".join(author.first_names + author.middle_names) == given


def test_agencies_sign_where_no_person_does(make_view, make_article):
    agency, person = Contributor(name="AP & Co", kind=ContributorKind.AGENCY), Contributor(name="Mara Lind")
    view = make_view(make_article(contributors=(agency,)))
    assert csl(view)["author"] == [{"literal": "AP & Co"}]
    assert [str(one) for one in bib(view)[1].persons["author"]] == [r"{AP \& Co}"]
    both = make_view(make_article(contributors=(agency, person)))
    assert csl(both)["author"] == [{"family": "Lind", "given": "Mara"}]
    nobody = make_view(make_article(byline="", agency=""))
    assert "author" not in csl(nobody)


def test_every_sign_that_latex_knows_is_written_out(make_view, make_article):
    headline = '\\input{x} $5 & 10% #1 a_b ~ ^ <i> | `q` "z" {\x00\ud800\u202e'
    view = make_view(make_article(headline=headline))
    title = bib(view)[1].fields["title"]
    commands = "textbackslash|textbraceleft|textbraceright|textasciitilde|textasciicircum|textless|textgreater"
    left = re.sub(rf"\\(?:(?:{commands}|textbar|textasciigrave|textquotedbl)\{{\}}|[$&#%_])", "", title[1:-1])
    assert not re.search(r"[\\{}$&#%_~^<>|`\"\x00\ud800]", left)
    assert title.count("textbraceleft") == 2


def test_url_holds_nothing_that_ends_a_field(make_view):
    url = "http://x.example/a{b}c\\d é?q=1%20&x=#f"
    view = make_view(request_url=url)
    wanted = "http://x.example/a%7Bb%7Dc%5Cd%20%C3%A9?q=1%20&x=#f"
    assert bib(view)[1].fields["url"] == wanted
    assert csl(view)["URL"] == wanted


@pytest.mark.parametrize(
    ("headline", "site", "key"),
    [
        ("The État of Øl", "Le Cœur & Âme", "lecurame2006etat-12"),
        ("", "Halvika Post", "halvikapost2006-12"),
        ("渡轮停航", "渡轮报", "article2006-12"),
        ("A" * 90, "B" * 90, f"{'b' * 24}2006{'a' * 20}-12"),
    ],
)
def test_keys_are_plain_and_end_with_the_articles_number(make_view, make_article, headline, site, key):
    view = make_view(make_article(headline=headline, site_name=site))
    assert bib(view)[0] == csl(view)["id"] == key


class Files:
    """An output that keeps what is written."""

    def __init__(self):
        self.data, self.rows = io.BytesIO(), 0

    @contextmanager
    def file(self, _name):
        yield self.data

    def count(self, _name, rows=1):
        self.rows += rows


@pytest.mark.parametrize("count", [0, 1, 3])
def test_files_hold_every_article_that_was_selected(make_view, count):
    views = [make_view() for _ in range(count)]
    for number, view in enumerate(views):
        object.__setattr__(view, "id", number)
    selected = SimpleNamespace(articles=lambda: iter(views))
    as_json, as_bibtex = Files(), Files()
    CslJson().write(selected, as_json)
    BibTex().write(selected, as_bibtex)
    items = json.loads(as_json.data.getvalue())
    keys = [f"halvikapost2006ferry-{number}" for number in range(count)]
    assert [one["id"] for one in items] == keys
    assert list(parse_string(as_bibtex.data.getvalue().decode(), "bibtex").entries) == keys
    assert as_json.rows == as_bibtex.rows == count
