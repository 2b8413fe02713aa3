"""The judge of pages: floors of precision and recall on the labelled set, which may rise and never drop.

``python tests/benchmarks/classifier.py`` prints the whole table.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import itertools
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage.types import PageKind

_BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "classifier.py"

# The parts that the judge is held to, and the least number of cases in each part of the set.
GATED = ("dev", "test", "blind")
SIZES = {"dev": 150, "test": 150, "blind": 130}
# Precision and recall over all parts; a kind without a line of its own has the first one. The third part was judged
# once before anything was mended after it, and 138 of its 160 were right: that is what unseen pages may expect.
FLOORS = dict.fromkeys(PageKind, (0.94, 0.94)) | {
    PageKind.ARTICLE: (0.98, 0.98),
}
# Share of the cases judged rightly in the second half, which was held out until the first was done.
HELD_OUT_FLOOR = 0.95

# Hosts whose names are facts of the web: vocabularies, and the services whose marks a page is known by.
REAL_HOSTS = {
    "schema.org",
    "www.w3.org",
    "www.wapforum.org",
    "purl.org",
    "drupal.org",
    "api.w.org",
    "opengraphprotocol.org",
    "cdn.ampproject.org",
    "cdn.cookielaw.org",
    "cdn.privacy-mgmt.com",
    "cdn.tinypass.com",
    "experience.tinypass.com",
    "consent.cookiebot.com",
    "www.google.com",
    "static.cloudflareinsights.com",
    "js.datadome.co",
    "ct.captcha-delivery.com",
    "x.token.awswaf.com",
}


def _classifier():
    spec = importlib.util.spec_from_file_location("classifier_benchmark", _BENCHMARK)
    module = sys.modules["classifier_benchmark"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def classifier():
    return _classifier()


@pytest.fixture(scope="module")
def cases(classifier):
    return classifier.loading().cases()


@pytest.fixture(scope="module")
def results(classifier, cases):
    return classifier.judged(case for case in cases if case.split in GATED)


# -- the set itself ----------------------------------------------------------------------------------------------


def test_the_set_is_large_and_of_many_structures(cases):
    assert len(cases) >= 400
    assert len({case.template for case in cases}) >= 120
    counts = Counter(case.split for case in cases)
    assert counts.keys() == SIZES.keys()
    assert {split: count for split, count in counts.items() if count < SIZES[split]} == {}


@pytest.mark.parametrize("kind", PageKind)
def test_every_kind_has_both_sides(cases, kind):
    assert sum(case.kind is kind for case in cases) >= 12
    assert sum(kind in case.like for case in cases) >= 5
    assert {case.split for case in cases if case.kind is kind} == set(SIZES)


@pytest.mark.parametrize("kind", PageKind)
def test_the_blind_part_has_enough_of_every_kind(cases, kind):
    blind = [case for case in cases if case.split == "blind"]
    assert sum(case.kind is kind for case in blind) >= 8
    assert len({case.template for case in blind}) >= 45


def test_no_case_is_there_twice(cases):
    assert max(Counter(case.id for case in cases).values()) == 1
    assert max(Counter((case.content, case.content_type, case.status, case.url) for case in cases).values()) == 1


def test_no_case_looks_like_what_it_is(cases):
    assert [case.id for case in cases if case.kind in case.like] == []
    assert all(case.note for case in cases)


def test_the_parts_share_no_structure_and_no_story(cases):
    for trait in ("template", "story"):
        seen = ({_trait(case, trait) for case in cases if case.split == split} for split in SIZES)
        assert all(not one & other for one, other in itertools.combinations(seen, 2))


def _trait(case, trait):
    return case.template if trait == "template" else case.citation.event_key


def test_another_process_makes_the_same_set(cases):
    made = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True)
    assert made.stdout.split() == [_digest(cases)]


def _digest(cases):
    return hashlib.sha256("\n".join(repr(_comparable(case)) for case in cases).encode()).hexdigest()


def _comparable(case):
    facts = {field.name: getattr(case, field.name) for field in dataclasses.fields(case)}
    return facts | {"like": sorted(case.like)}


def test_a_redirected_case_ends_elsewhere(cases):
    for case in cases:
        hops = [hop.url for hop in case.redirects]
        assert (case.requested_url == case.url) if not hops else (hops[0] == case.requested_url), case.id
        assert case.url not in hops, case.id


def test_every_host_is_invented(cases):
    for case in cases:
        text = case.content.decode("utf-8", "replace")
        found = set(re.findall(r"https?://([a-z0-9.-]+)", text)) - REAL_HOSTS
        asked = {urlsplit(url).hostname for url in (case.url, case.requested_url, *(hop.url for hop in case.redirects))}
        assert {host for host in found | asked if not host.endswith(".example")} == set(), case.id


# -- the judge ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PageKind)
def test_the_judge_keeps_its_floors(classifier, results, kind):
    figures = classifier.qualities(results)[kind]
    concerned = [result for result in results if kind in {result.case.kind, result.verdict.kind} and not result.right]
    wrong = "\n".join(str(result) for result in concerned)
    precision, recall = FLOORS[kind]
    assert figures.precision >= precision, f"precision {figures.precision:.3f}\n{wrong}"
    assert figures.recall >= recall, f"recall {figures.recall:.3f}\n{wrong}"


def test_the_judge_does_as_well_where_nobody_looked(results):
    held_out = [result for result in results if result.case.split == "test"]
    wrong = "\n".join(str(result) for result in held_out if not result.right)
    assert sum(result.right for result in held_out) / len(held_out) >= HELD_OUT_FLOOR, wrong


if __name__ == "__main__":
    print(_digest(_classifier().loading().cases()))
