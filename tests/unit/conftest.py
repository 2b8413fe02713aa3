"""Fixtures that several modules share; some have a store of their own kind under the same name."""

import pytest

from crawler.store_thread import StoreThread
from storage import open_store


@pytest.fixture
def store():
    with open_store("memory:") as opened:
        yield opened


@pytest.fixture
def thread(store):
    one = StoreThread(store)
    yield one
    one.close()
