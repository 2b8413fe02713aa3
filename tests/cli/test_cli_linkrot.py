"""``dateline linkrot``: the table, the JSON and the picture."""

import sys
import uuid

import pytest

from crawler.configuration import load
from crawler.dedup import decide
from crawler.library import open_library
from crawler.urls import canonical_url
from storage.types import FetchAttempt, FetchReason, FetchResult, Outcome, utc_now

URLS = [f"http://{host}.example/{number}" for number, host in enumerate(("radio", "radio", "courier", "post"))]
OUTCOMES = [Outcome.GONE, Outcome.TIMEOUT, Outcome.FETCHED]


@pytest.fixture
def asked(dateline, in_news, table):
    """Four cited pages, of which three were asked for."""
    dateline("events", "import", table(*URLS))
    now = utc_now()
    with open_library(load(in_news)) as opened:
        results = [
            FetchResult(
                attempt=FetchAttempt(
                    key=uuid.uuid4().hex,
                    document_id=opened.store.document(canonical_url(url)).id,
                    reason=FetchReason.NEW,
                    outcome=outcome,
                    request_url=url,
                    final_url=url,
                    started_at=now,
                    finished_at=now,
                )
            )
            for url, outcome in zip(URLS, OUTCOMES, strict=False)
        ]
        assert not any(stored.error for stored in opened.store.archive(results, decide=decide, now=now))
    return in_news


def rows(text):
    return [line.split() for line in text.splitlines()]


def test_table_by_year_counts_and_gives_shares(dateline, asked):
    heading, year, everything = rows(dateline("linkrot").out)
    assert heading[:4] == ["year", "cited", "live", "%"]
    assert year == ["2011", "4", "1", "25%", "1", "25%", "1", "25%", "0", "0%", "0", "0%", "3", "0"]
    assert everything[1:] == year[1:]


def test_table_by_host_begins_with_those_that_lost_most(dateline, asked):
    said = dateline("linkrot", "--by", "host", "--limit", 1).out
    assert [row[:2] for row in rows(said)[1:]] == [["radio.example", "2"], ["all", "4"], ["2", "more:"]]


def test_table_by_outcome_names_what_was_not_asked(dateline, asked):
    names = [line.partition("  ")[0] for line in dateline("linkrot", "--by", "outcome").out.splitlines()[1:-1]]
    assert sorted(names) == ["fetched", "gone", "not asked", "timeout"]


def test_json_has_all_three(dateline, asked):
    said = dateline("linkrot", "--json").json
    counts = {"cited": 4, "live": 1, "dead": 1, "unclear": 1, "rescued": 0, "missing": 0, "not_asked": 3, "articles": 0}
    assert said["total"] == counts
    assert said["years"] == [{"year": 2011, "counts": counts}]
    assert [one["host"] for one in said["hosts"]] == ["radio.example", "courier.example", "post.example"]
    assert said["hosts_in_all"] == 3
    assert {one["outcome"] for one in said["outcomes"]} == {"gone", "timeout", "fetched", "not asked"}


def test_empty_library_says_what_to_do(dateline, in_news):
    assert "events import" in dateline("linkrot").out


@pytest.mark.parametrize(("name", "start"), [("rot.svg", b"<?xml"), ("rot.PNG", b"\x89PNG")])
def test_picture_is_drawn_the_same_every_time(dateline, asked, tmp_path, name, start):
    dateline("linkrot", "--picture", tmp_path / name)
    drawn = (tmp_path / name).read_bytes()
    assert drawn.startswith(start)
    dateline("linkrot", "--picture", tmp_path / name)
    assert (tmp_path / name).read_bytes() == drawn


def test_picture_says_what_it_shows(dateline, asked, tmp_path):
    dateline("linkrot", "--picture", tmp_path / "rot.svg")
    picture = (tmp_path / "rot.svg").read_text()
    shown = ("What became of 4 cited pages", "live (25%)", "missing (0%)", "not asked yet (75%)", "2011")
    assert all(f"<!-- {text} -->" in picture for text in shown)


def test_picture_of_somebody_else_is_kept(dateline, asked, tmp_path):
    (tmp_path / "rot.svg").write_text("mine")
    assert "--force" in dateline("linkrot", "--picture", tmp_path / "rot.svg", expect=2).err
    assert (tmp_path / "rot.svg").read_text() == "mine"
    dateline("linkrot", "--picture", tmp_path / "rot.svg", "--force")
    assert (tmp_path / "rot.svg").read_text() != "mine"


def test_missing_extra_is_named(dateline, asked, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "dateline[plot]" in dateline("linkrot", "--picture", tmp_path / "rot.svg", expect=2).err
    assert dateline("linkrot").out


def test_unknown_picture_format_is_refused(dateline, asked, tmp_path):
    assert ".svg nor .png" in dateline("linkrot", "--picture", tmp_path / "rot.gif", expect=2).err


def test_picture_of_nothing_is_refused(dateline, in_news, tmp_path):
    assert "import" in dateline("linkrot", "--picture", tmp_path / "rot.svg", expect=2).err
    assert not (tmp_path / "rot.svg").exists()
