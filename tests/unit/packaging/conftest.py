"""A library with articles whose captures are of every kind."""

from __future__ import annotations

import pytest
from press import Press, fill

from crawler.configuration import load
from crawler.library import Library
from storage import open_store


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    folder = tmp_path_factory.mktemp("news")
    with open_store("memory:") as store:
        made = Press(Library(configuration=load(folder), store=store))
        made.library.captures.mkdir()
        yield made
        made.close()


@pytest.fixture(scope="module")
def filled(press):
    fill(press)
    return press
