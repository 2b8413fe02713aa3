"""The report over real URLs (tests/benchmarks/url_identity.py): it must see what it is there to see."""

import json
import runpy
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "benchmarks" / "url_identity.py"
LABELS = {"_note": "labels", "K": ["id", "sid@lind-herald.example"], "S": ["sid", "utm_*", "ref", "x"]}
URLS = [
    "http://harbour-post.example/2016/12/05/quay?utm_source=a",
    "2016-12-05\t1\tPost\thttps://www.harbour-post.example/2016/12/05/quay/index.html",
    "https://harbour-post.example/story?id=1&x=2",
    "https://www.lind-herald.example/story?sid=7",
    "no url",
]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    (tmp_path / "labels.json").write_text(json.dumps(LABELS))
    (tmp_path / "urls.tsv").write_text("\n".join(URLS))

    def run(**replaced):
        tool = runpy.run_path(str(TOOL))
        tool["main"].__globals__.update(replaced)
        words = [str(TOOL), "urls.tsv", "--labels", "labels.json", "--groups", "groups.txt", "--kept", "kept.txt"]
        monkeypatch.setattr(sys, "argv", words)
        monkeypatch.chdir(tmp_path)
        tool["main"]()
        said = {line[:22].strip(): line[22:].split() for line in capsys.readouterr().out.splitlines()}
        return said, (tmp_path / "groups.txt").read_text(), (tmp_path / "kept.txt").read_text()

    return run


def test_it_counts_what_is_left_lost_and_merged_and_says_why(run):
    said, groups, kept = run()
    assert said["URLs"][0] == "4"
    assert said["tracking left"][:3] == ["1", "of", "2"]
    assert said["identity lost"][:3] == ["0", "of", "2"]
    assert said["groups that merge"] == ["1", "(2", "URLs)"]
    assert said["false merges"] == ["0"]
    assert said["not idempotent"] == ["0"]
    assert "parameter: utm_source (tracking everywhere)" in groups
    assert "ending: /index.html" in groups
    assert "sid  https://lind-herald.example/story?sid=7" in kept


def test_a_canonicaliser_that_merges_too_much_is_found_out(run):
    said, groups, _ = run(canonical_url=lambda _url: "https://harbour-post.example/")
    assert said["identity lost"][0] == "2"
    assert said["groups that merge"] == ["1", "(4", "URLs)"]
    assert said["false merges"] == ["1"]
    assert "! different id" in groups


def test_a_canonicaliser_that_changes_nothing_merges_no_variant(run):
    said, _, _ = run(canonical_url=lambda url: url)
    assert said["tracking left"][:3] == ["2", "of", "2"]
    assert float(said["variants merged"][0]) == 0
