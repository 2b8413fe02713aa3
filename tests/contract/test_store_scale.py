"""The hottest calls in a library that is filled as a large one is: each finds what it wants by an index.

The library and the calls are those of the benchmark of a million articles, at three thousand. PostgreSQL is told to
read a table whole only where no index serves: of tables as small as these it rightly does so otherwise.
"""

import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage import open_store

SCALE = Path(__file__).parents[1] / "benchmarks" / "scale"
ARTICLES = 3_000
LARGE = 1_000
MOST_ROWS = 20_000
"""Rows that a statement of a call may look at; the links and attempts of this library are thirty thousand."""
COUNTING = {"status", "latest_runs"}
"""Calls that count, or go through, whole tables, and are made for people, not for pages."""


@pytest.fixture(scope="module")
def scale():
    """The benchmark's modules."""
    sys.path[:0] = [str(SCALE)]
    import library  # noqa: PLC0415 -- found only now
    import plans  # noqa: PLC0415

    yield library, plans
    sys.path.remove(str(SCALE))


@pytest.fixture(params=("sqlite", "postgresql"))
def address(request, tmp_path):
    """Where a library may be made with whatever it takes."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'library.db'}"
    url, server = (request.getfixturevalue(name) for name in ("empty_postgres_url", "postgres_server"))
    server.run(f'ALTER DATABASE "{make_url(url).database}" SET enable_seqscan = off')
    return url


def test_no_hot_call_reads_a_large_table_whole(address, scale, monkeypatch):
    library, plans = scale
    monkeypatch.setattr(plans, "LARGE", LARGE)
    monkeypatch.setattr(plans, "TIMES", 1)
    library.build(address, library.Size.of(ARTICLES), told=False)
    with open_store(address) as store:
        told = plans.measure(store, [])
    hot = {name: call for name, call in told.items() if name not in COUNTING}
    assert len(hot) > 30
    assert {name: call.whole for name, call in hot.items() if call.whole} == {}
    assert {name: call.rows for name, call in hot.items() if call.rows > MOST_ROWS} == {}
