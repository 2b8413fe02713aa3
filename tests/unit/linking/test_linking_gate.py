"""The invented set of ``tests/benchmarks/linking``: what is found of it does not fall under these floors.

``python tests/benchmarks/linking/run.py`` prints the whole set, kind by kind.
"""

import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks" / "linking"))

from linking_gate.external import day_in, external_cases
from linking_gate.invented import invented_cases
from linking_gate.measuring import Figures, measure, measure_plain
from linking_gate.searching import Shelf

from crawler.linking import LINKED, PROPOSED, Finder, Vocabulary


@cache
def the_set():
    found = invented_cases(days=8)
    return found.cases, Shelf(found.events), Finder(Vocabulary(found.events))


@cache
def figures(group):
    cases, shelf, finder = the_set()
    return measure([case for case in cases if group in {case.group, ""}], finder, shelf)


@pytest.mark.parametrize(
    ("group", "first", "shown"),
    [
        ("story", 0.98, 0.97),
        ("late", 0.98, 0.90),
        ("headline only", 0.96, 0.90),
        ("undated", 0.95, 0.20),
        ("copy", 1.0, 1.0),
        ("sequel", 0.98, 0.97),
        ("another language", 0.90, 0.60),
        ("daily twin", 0.98, 0.97),
    ],
)
def test_the_right_event_comes_first_and_is_linked_or_proposed(group, first, shown):
    found = figures(group)
    assert found.recall_at(1) >= first
    assert found.above(PROPOSED)[2] >= shown


def test_what_is_linked_is_right():
    pairs, precision, recall = figures("").above(LINKED)
    assert pairs > 200
    assert precision >= 0.99
    assert recall >= 0.45


def test_what_is_proposed_is_mostly_right():
    found = figures("")
    _, precision, recall = found.above(PROPOSED)
    assert precision >= 0.92
    assert recall >= 0.85


def test_an_article_about_nothing_is_never_linked_and_seldom_proposed():
    found = figures("nothing")
    assert found.above(LINKED)[0] == 0
    assert found.above(PROPOSED)[0] <= len(found.answers) * 0.15


def test_plain_search_does_far_worse():
    cases, shelf, _ = the_set()
    assert measure_plain(cases, shelf).recall_at(1) < figures("").recall_at(1) - 0.1


def test_figures_are_counted_right():
    found = Figures()
    found.add({"a"}, [("a", 0.9), ("b", 0.2)])
    found.add({"a"}, [("b", 0.8), ("a", 0.3)])
    found.add({"a"}, [])
    found.add(set(), [("c", 0.7)])
    assert (found.recall_at(1), found.recall_at(5)) == (1 / 3, 2 / 3)
    assert found.recall_at_precision(0.9) == 1 / 3
    assert found.above(0.75) == (2, 0.5, 1 / 3)
    assert [pairs for _, _, pairs in found.calibration()] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2020/12/05/x", "2020-12-05"),
        ("https://a.example/2021/6/24/x", "2021-06-24"),
        ("https://a.example/2022-12-1/x", "2022-12-01"),
        ("https://a.example/20200401-libya", "2020-04-01"),
        ("https://a.example/world/2020/dec/15/x", "2020-12-15"),
        ("https://a.example/2020/13/05/x", "None"),
        ("https://a.example/5202012054", "None"),
    ],
)
def test_days_in_urls(url, day):
    assert str(day_in(url)) == day


def test_a_file_of_real_events_becomes_cases(tmp_path):
    rows = [
        f'{{"id": "e{month}", "date": "2020-{month:02}-05", "headline": "Ferry sinks", "topics": [], "category": "",'
        f' "entities": [], "sources": [{{"url": "https://a.example/2020/{month}/05/ferry-sinks-off-port"}}]}}'
        for month in (4, 12)
    ]
    (tmp_path / "events.jsonl").write_text("\n".join(rows))
    found = external_cases(tmp_path / "events.jsonl")
    assert [(case.held_out, *case.right) for case in found.cases] == [(False, "2020/04/5/e4"), (True, "2020/12/5/e12")]
    assert not external_cases(tmp_path / "events.jsonl", dated=False).cases[0].article.dated
