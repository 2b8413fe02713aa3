from __future__ import annotations

from datetime import date

import pytest

from crawler.errors import EntryFileError
from crawler.events import read_entries

URL = "https://www.lorrancourier.example/2019/12/30/talks-a68"
PAGE = f"""

# Lorran to Hold  More Talks

By [Newsline](#)

December 30, 2019

**Ida Quill / Newsline**

Pilots are due to **meet** on [Monday](#).

By Monday both sides want a result.

**Related article:** [Ferries and Fog](#)

### What comes next

- one
* two

Original url:

<{URL}>"""


def read(text):
    (found,) = read_entries("saved.md", text.encode())
    return found


def test_frame_and_body():
    found = read(PAGE)
    assert (found.headline, found.byline, found.photo_credit) == (
        "Lorran to Hold More Talks",
        "Newsline",
        "Ida Quill / Newsline",
    )
    assert found.published_on == date(2019, 12, 30)
    assert found.cited_url == URL
    assert found.origin.line == 3
    assert found.raw == PAGE.encode()
    assert found.body.split("\n\n") == [
        "Pilots are due to meet on Monday.",
        "By Monday both sides want a result.",
        "## What comes next",
        "- one",
        "- two",
    ]


@pytest.mark.parametrize("line", ["30 December 2019", "2019-12-30", "Dec. 30, 2019"])
def test_other_ways_to_write_the_date(line):
    assert read(PAGE.replace("December 30, 2019", line)).published_on == date(2019, 12, 30)


def test_what_is_missing_is_empty():
    found = read(f"# Title\n\nBody text.\n\nOriginal url: {URL}\n")
    assert (found.byline, found.published_on, found.photo_credit, found.body) == ("", None, "", "Body text.")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# Title\n\nBody.\n\nOriginal url:\n\n", 5, "followed by nothing"),
        ("# Title\n\nBody.\n\nOriginal url:\n\n<mailto:x>", 5, "no usable URL"),
        (f"# Title\n\nBy Nobody\n\nOriginal url:\n\n<{URL}>", 1, "no title or no text"),
    ],
)
def test_broken_articles(text, line, words):
    with pytest.raises(EntryFileError) as caught:
        read(text)
    assert caught.value.line == line
    assert words in caught.value.problem
