"""What ``dateline backfill`` says at its end, and how ``why`` words a search."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.cli.backfill import _print_report
from crawler.cli.story import story
from crawler.crawling import BackfillReport
from crawler.turns import RunStopped
from crawler.urls import identify
from storage import open_store
from storage.types import ArchiveSearch, RunState, SearchState

PAGE = "http://paper.example/2011/quay"
REST_ENDS = datetime(2026, 3, 1, 12, 4, tzinfo=UTC)
NEXT_TRY = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)
STOPPED = RunStopped(archive="attic", host="attic.example", until=REST_ENDS).text


@pytest.fixture
def history():
    with open_store("memory:") as store:
        document = store.ensure_document(identify(PAGE), now=REST_ENDS)
        return store.history(document.canonical_url)


@pytest.mark.parametrize(
    ("left", "by_hand", "next_at", "told", "untold"),
    [
        (7, False, NEXT_TRY, "12:04", "13:00"),
        (0, True, NEXT_TRY, "12:04", "13:00"),
        (0, False, None, "12:04", "13:00"),
        (0, False, NEXT_TRY, "13:00", "12:04"),
    ],
)
def test_a_run_that_was_stopped_names_one_moment_to_come_back(capsys, left, by_hand, next_at, told, untold):
    report = BackfillReport(token="t", state=RunState.INTERRUPTED, notice=STOPPED, next_at=next_at)
    assert _print_report(report, None, left, by_hand=by_hand, as_json=False) != 0
    said = "".join(capsys.readouterr())
    assert told in said
    assert untold not in said
    assert said.count("run the same command") == 1
    assert "attic.example" in said


def test_a_run_that_ended_says_when_what_waits_is_worth_another_try(capsys):
    report = BackfillReport(token="t", state=RunState.FINISHED, documents={"waiting": 1}, next_at=NEXT_TRY)
    _print_report(report, None, 0, by_hand=False, as_json=False)
    assert "run the same command at 2026-03-01 13:00Z or later" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("detail", "candidates", "told"),
    [
        ("The archive may not show this site (451).", 0, "The archive may not show this site (451); next 2026-03-01"),
        ("it goes on ...", 0, "it goes on ...; next 2026-03-01"),
        ("", 1, "none of those that were tried shows the article; 1 capture listed, 1 tried; next 2026-03-01"),
    ],
)
def test_a_search_is_one_sentence(capsys, history, detail, candidates, told):
    search = ArchiveSearch(
        document_id=1,
        archive="attic",
        state=SearchState.ALL_REJECTED,
        asked_at=REST_ENDS,
        next_at=NEXT_TRY,
        candidates=candidates,
        tried=(f"20110510000000 {PAGE}",) * candidates,
        detail=detail,
    )
    story(replace(history, searches=(search,))).print()
    assert told in " ".join(capsys.readouterr().out.split())
