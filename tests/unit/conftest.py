"""Fixtures that several modules share; some have a store or a clock of their own kind under the same name."""

import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.configuration import DATABASE_VARIABLE, LIBRARY_VARIABLE
from crawler.store_thread import StoreThread
from storage import open_store

# What several folders of tests import stands in modules beside this one.
sys.path.append(str(Path(__file__).parent))

from due_hosts import NOW


@pytest.fixture(autouse=True)
def no_library_from_outside(monkeypatch):
    for name in (LIBRARY_VARIABLE, DATABASE_VARIABLE):
        monkeypatch.delenv(name, raising=False)


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: object = 1000.0

    def __call__(self):
        return self.now


@dataclass
class TwoClocks:
    """Wall clock and steady clock, which go together; moved by hand."""

    passed: float = 0.0

    def now(self):
        return NOW + timedelta(seconds=self.passed)

    def steady(self):
        return 1000.0 + self.passed


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def two_clocks():
    return TwoClocks()


@pytest.fixture
def store():
    with open_store("memory:") as opened:
        yield opened


@pytest.fixture
def thread(store):
    one = StoreThread(store)
    yield one
    one.close()
