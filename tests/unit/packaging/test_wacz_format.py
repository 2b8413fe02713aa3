"""The format ``wacz`` of exports: a selection of the library as one package."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import contextmanager

import pytest

from crawler.takeout import LibrarySelection
from crawler.takeout.wacz import Wacz
from storage.types import LibraryQuery


class OneFile:
    def __init__(self):
        self.data, self.counted = io.BytesIO(), {}

    @contextmanager
    def file(self, name):
        self.counted[name] = 0
        yield self.data

    def count(self, name, rows=1):
        self.counted[name] += rows


@pytest.mark.parametrize(
    ("query", "title", "pages"),
    [
        (LibraryQuery(), "Captures of all articles", 6),
        (LibraryQuery(publisher="mirror.example"), "Captures: publisher:mirror.example", 1),
        (LibraryQuery(publisher="nobody.example"), "Captures: publisher:nobody.example", 0),
    ],
)
def test_package_holds_the_pages_of_what_was_selected(filled, query, title, pages):
    output = OneFile()
    Wacz().write(LibrarySelection(library=filled.library, query=query), output)
    held = zipfile.ZipFile(output.data)
    assert json.loads(held.read("datapackage.json"))["title"] == title
    assert len(held.read("pages/pages.jsonl").splitlines()) == 1 + pages
    assert output.counted == {"captures.wacz": pages}
