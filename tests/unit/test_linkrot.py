"""What became of cited pages: each stands in one column, whatever its outcome and its backfill."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.linkrot import UNASKED, Rot, report_of
from storage.types import BackfillState, LinkRot, Outcome


def row(outcome, backfill=None, documents=1, year=2006, host="radio.example"):
    return LinkRot(year=year, host=host, outcome=outcome, backfill=backfill, documents=documents, articles=0)


def columns(*rows):
    total = report_of(rows).total
    return {
        name: getattr(total, name)
        for name in ("live", "dead", "unclear", "rescued", "missing", "not_asked")
        if getattr(total, name)
    }


@pytest.mark.parametrize(
    ("outcome", "backfill", "expected"),
    [
        (Outcome.FETCHED, None, {"live"}),
        (Outcome.TEASER, BackfillState.RESCUED, {"live"}),
        (Outcome.GONE, None, {"dead", "not_asked"}),
        (Outcome.GONE, BackfillState.WANTED, {"dead", "not_asked"}),
        (Outcome.BLOCKED, BackfillState.WAITING, {"unclear", "not_asked"}),
        (Outcome.GONE, BackfillState.MISSING, {"dead", "missing"}),
        (Outcome.GONE, BackfillState.RESCUED, {"dead", "rescued"}),
        (Outcome.BLOCKED, BackfillState.RESCUED, {"unclear", "rescued"}),
        (Outcome.TIMEOUT, BackfillState.MISSING, {"unclear", "missing"}),
        (None, None, {"not_asked"}),
        (None, BackfillState.WAITING, {"not_asked"}),
        (None, BackfillState.RESCUED, {"rescued"}),
        (None, BackfillState.MISSING, {"missing"}),
        (Outcome.IMPORTED, None, {"not_asked"}),
    ],
)
def test_page_stands_where_a_reader_would_look_for_it(outcome, backfill, expected):
    assert columns(row(outcome, backfill, documents=3)) == dict.fromkeys(expected, 3)


rows = st.builds(
    row,
    outcome=st.none() | st.sampled_from(Outcome),
    backfill=st.none() | st.sampled_from(BackfillState),
    documents=st.integers(1, 9),
    year=st.sampled_from([0, 2006, 2007]),
    host=st.sampled_from(["a.example", "b.example"]),
)


@given(st.lists(rows))
def test_columns_add_up_in_every_table(given_rows):
    report = report_of(given_rows)
    cited = sum(one.documents for one in given_rows)
    for table in (report.years, report.hosts, report.outcomes):
        assert sum(rot.cited for rot in table.values()) == cited
        for rot in table.values():
            assert rot.live + rot.rescued + rot.missing + rot.not_asked == rot.cited
            assert rot.dead + rot.unclear <= rot.rescued + rot.missing + rot.not_asked


def test_tables_are_in_the_order_in_which_they_are_read():
    report = report_of(
        [
            row(Outcome.FETCHED, year=2007, host="live.example", documents=9),
            row(Outcome.GONE, host="lost.example", documents=2),
            row(None, year=0, host="new.example"),
        ]
    )
    assert list(report.years) == [0, 2006, 2007]
    assert list(report.hosts) == ["lost.example", "live.example", "new.example"]
    assert list(report.outcomes) == ["fetched", "gone", UNASKED]


def test_share_of_nothing_is_nothing():
    assert Rot().share(0) == 0
