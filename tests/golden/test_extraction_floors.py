"""The labelled pages of ``tests/benchmarks/extraction``: what is found in them does not fall under the pinned floors.

``python tests/benchmarks/extraction/run.py --pages`` prints what is wrong where; README.md there says how floors rise.
"""

import gzip
import json
import random
import sys
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks" / "extraction"
sys.path.append(str(FOLDER))

from extraction_gate import extractors, floors  # noqa: E402 - the folder is no package, it has to be made known first
from extraction_gate.external import external_pages  # noqa: E402
from extraction_gate.measuring import measure  # noqa: E402
from extraction_gate.pages import labelled_pages, structures  # noqa: E402
from extraction_gate.scoring import FIELDS, Scores  # noqa: E402
from extraction_gate.template import Template  # noqa: E402
from extraction_gate.truth import Truth  # noqa: E402

FLOORS = floors.read()


@cache
def pages():
    return tuple(labelled_pages())


@cache
def figures():
    result = measure(pages(), extractors.ours)
    return floors.measured(result.total, result.groups)


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_nothing_falls_under_its_floor(name):
    assert figures().get(name, -1.0) >= FLOORS[name]


def test_every_field_has_its_floor():
    assert {f"fields.{name}" for name in (*FIELDS, "body")} <= set(FLOORS)
    assert set(FLOORS) >= {f"body.{settings['group'].replace(' ', '-')}" for settings, _ in structures().values()}


def test_the_set_is_large_and_wide():
    assert len(pages()) >= 160
    assert len(structures()) >= 16
    years = [page.truth.published.day[:4] for page in pages() if page.truth.published]
    assert min(years) <= "2000"
    assert max(years) >= "2025"
    assert len({page.truth.language for page in pages()}) >= 14
    assert len({page.id for page in pages()}) == len(pages())


def test_the_same_files_give_the_same_pages():
    first, second = list(labelled_pages("tables1999")), list(labelled_pages("tables1999"))
    assert [page.content for page in first] == [page.content for page in second]
    assert len({page.content for page in first}) == len(first)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.id)
def test_the_truth_stands_on_the_page(page):
    """Every paragraph's first words can be read in the source, in the codec that the page was written in."""
    source = page.content.decode(page.codec)
    for block in page.truth.body:
        assert _start(block) in source
    assert page.captured_at >= page.truth.published.value


def _start(block):
    """The longest run of plain letters near the beginning: marks, quotes and links may be written as markup."""
    words = block.removeprefix("- ").removeprefix("## ").removeprefix("> ").replace("“", " ").replace("「", " ").split()
    return max((word.strip("\"'„«»“”‘’.,:;()") for word in words[:4] if word.isalnum() or len(words) < 4), key=len)


def test_a_floor_does_not_fall_unless_it_is_named():
    pinned = {"fields.title": 0.9, "body.tables": 0.8}
    with pytest.raises(floors.Refused, match=r"fields\.title 0\.900 -> 0\.890"):
        floors.pinned({"fields.title": 0.8909, "body.tables": 0.95}, pinned)
    with pytest.raises(floors.Refused, match=r"body\.tables 0\.800 -> nan"):
        floors.pinned({"fields.title": 0.95}, pinned, lowered=("fields.title",))
    lowered = floors.pinned({"fields.title": 0.8909, "body.tables": 0.8007}, pinned, lowered=("fields.title",))
    assert lowered == {"fields.title": 0.89, "body.tables": 0.8}


def test_pinned_floors_are_read_back(tmp_path):
    path = tmp_path / "floors.toml"
    assert floors.read(path) == {}
    floors.write({"fields.title": 0.89, "body.early-css": 0.8}, path)
    assert floors.read(path) == {"fields.title": 0.89, "body.early-css": 0.8}


def test_an_invented_value_costs_as_much_as_a_missed_one():
    truth = Truth(body=("One two three four five six.",), headline="One", agency="AP")
    missed, invented = Scores(), Scores()
    missed.add(truth, {"title": "One"})
    invented.add(truth, {"title": "One", "agency": "ap", "dateline": "ROME"})
    assert (missed.tallies["agency"].f1, invented.tallies["agency"].f1) == (0.0, 1.0)
    assert (missed.tallies["dateline"].f1, invented.tallies["dateline"].f1) == (1.0, 0.0)


def test_optional_lines_count_only_where_they_are_there():
    truth = Truth(body=("One two three four five six.",), optional=((9, "Reporting by nobody in particular"),))
    without, with_it, foreign = Scores(), Scores(), Scores()
    without.add(truth, {"text": "One two three four five six."})
    with_it.add(truth, {"text": "One two three four five six.\n\nReporting by nobody in particular"})
    foreign.add(truth, {"text": "One two three four five six.\n\nSubscribe to our letter and win"})
    assert (without.body, with_it.body) == (1.0, 1.0)
    assert foreign.body < 0.7


def test_a_template_remembers_what_it_has_shown():
    template = Template("{{#a}}<{{a}}>{{/a}}{{^b}}-{{/b}}{{#rows}}{{t}};{{/rows}}{{%0}}{{c}}{{/%}}")
    values = {"a": "x & y", "b": "", "rows": [{"t": "1"}, {"t": "2"}], "c": "never"}
    assert template.fill(values, random.Random(1))  # noqa: S311 - reproducible test data == ("<x &amp; y>-1;2;", {"a", "t"})


def test_external_pages_are_read(tmp_path):

    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "a.html.gz").write_bytes(gzip.compress(b"<p>Hello</p>"))
    truth = {"body": "Hello\n\nyou", "title": "T", "authors": ["A B"], "date": "2014-03-05"}
    (tmp_path / "items.jsonl").write_text(json.dumps({"id": "a", "url": "http://a.example/", "truth": truth}) + "\n")
    (page,) = external_pages(tmp_path)
    assert (page.content, page.truth.body, page.truth.people) == (b"<p>Hello</p>", ("Hello", "you"), ("A B",))
    scores = Scores()
    assert scores.add(page.truth, {"text": "Hello you", "title": "t", "authors": ["a b"], "date": "2014-03-05"}) == {}
    assert "agency" not in scores.tallies
