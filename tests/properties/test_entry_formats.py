from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import EntryFileError
from crawler.events import FORMATS, ReadOptions, event_key, key_of_page, matcher_of, read_entries, same_event
from crawler.events.keys import slug_of
from crawler.events.wikicode import read_markup
from storage.types import EventEntry

MODERATE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PIECES = [
    *'\n *:;[]|=,"\\白\u0301\u2028\x0b\x85',
    *(
        "**",
        "''",
        "'''",
        "[[",
        "]]",
        "{{",
        "}}",
        "{|",
        "|}",
        "==",
        "<!--",
        "-->",
        "<b>",
        "<br>",
        "&amp;",
        "&#0;",
        "-{",
        "}-",
    ),
    *(
        "<ref>",
        "</ref>",
        '<ref name="a" />',
        "http://a.example/1",
        "[http://a.example/ (A)]",
        "[http:--a.example-b C]date=5",
    ),
    "{{Current events header|2006|07|05}}\n",
    "{{Current events|year=2006|month=7|day=5|content=",
    "{{cite web|url=http://a.example/|title=T}}",
    "{{webarchive|url=http://web.archive.org/web/2006/http://a.example/}}",
    *("### ", "# ", "##### ", "1. ", "[A](http://a.example/)", "[2006-07-5](/news/2006/07/5/index.md)\n"),
    "[B](/news/2006/07/5/b.md) _Context: x, y_\n",
    *(
        "Original url:\n",
        "By X\n",
        "date,headline,url\n",
        "2006-07-05",
        '{"date": "2006-07-05", "summary": "x"}\n',
        "Ã©",
        "Tram",
    ),
]
DIRTY = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
HEADS = st.sampled_from(
    [
        "",
        "{{Current events header|2006|07|05}}\n* ",
        "### [2006-07-5](/x)\n# A\n### S\n1. ",
        "# T\n\nBody\n\nOriginal url:\n",
    ]
)
NAMES = st.sampled_from(
    ["a", "-", "2006_July_5.txt", "x.csv", "y.jsonl", "news/2006/07/5/a.md", "news/2006/07/5/index.md"]
)


def outcome(name, content, options):
    try:
        return read_entries(name, content, options)
    except EntryFileError as error:
        return str(error)


@MODERATE
@given(
    NAMES, st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
)
def test_any_bytes_are_read_or_refused(name, content):
    assert outcome(name, content, ReadOptions()) == outcome(name, content, ReadOptions())


@MODERATE
@given(NAMES, HEADS, DIRTY)
def test_any_mix_of_markup_is_read_or_refused(name, head, text):
    found = outcome(name, (head + text).encode(), ReadOptions())
    for entry in found if isinstance(found, list) else []:
        if isinstance(entry, EventEntry):
            entry.content_digest().encode()
            assert entry.headline == " ".join(entry.headline.split())
            assert [link.position for link in entry.sources] == list(range(1, len(entry.sources) + 1))
            assert "\0" not in entry.headline + entry.headline_raw


@MODERATE
@given(NAMES, HEADS, DIRTY, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
def test_the_text_of_an_entry_stands_in_its_file_as_it_is(name, head, text, end, mark):
    written = mark + (head + text).replace("\n", end)
    found = outcome(name, written.encode(), ReadOptions())
    for entry in found if isinstance(found, list) else []:
        if isinstance(entry, EventEntry):
            assert entry.raw in written
            assert entry.raw or entry.origin.format == "csv"


@pytest.mark.parametrize("entry_format", FORMATS, ids=lambda one: one.name)
@settings(max_examples=25, deadline=None)
@given(st.one_of(DIRTY, st.text(max_size=100)))
def test_a_forced_format_reads_or_refuses_anything(entry_format, text):
    with contextlib.suppress(EntryFileError):
        read_entries("2006_July_5.txt", text.encode("utf-8", "replace"), ReadOptions(format=entry_format.name))


@MODERATE
@given(st.lists(st.tuples(st.text(max_size=160), st.text(max_size=30)), max_size=6))
def test_keys_of_one_page_differ(bullets):
    page = "{{Current events header|2006|07|05}}\n" + "\n".join(
        f"* {text} [http://a.example/ {label}]" for text, label in bullets
    )
    found = outcome("d.txt", page.encode("utf-8", "replace"), ReadOptions())
    if isinstance(found, list):
        keys = [entry.key for entry in found]
        assert len(set(keys)) == len(keys)


@MODERATE
@given(st.text())
def test_a_slug_is_its_own_slug(text):
    slug = slug_of(text)
    assert slug_of(slug) == slug
    assert 0 < len(slug) <= 140
    assert slug.strip("-") == slug
    assert "--" not in slug
    assert "/" not in slug


@MODERATE
@given(st.dates(), st.text())
def test_a_key_is_found_again_in_the_path_made_of_it(day, headline):
    key = event_key(day, headline)
    assert key_of_page(f"/news/{key}.md") == ("" if key.endswith("/index") else key)


@MODERATE
@given(DIRTY)
def test_no_markup_is_left_unread(text):
    assert "\0" not in read_markup(text).plain


HEADLINES = st.lists(
    st.sampled_from(
        ["A", "ferry", "ferries", "sinks", "Corran", "Ahle", "5", "12", "off", "Gull", "not", "白", "湖", "."]
    ),
    max_size=9,
).map(" ".join)


@MODERATE
@given(HEADLINES, HEADLINES, st.booleans())
def test_sameness_does_not_depend_on_the_direction(one, other, shared):
    day = date(2006, 7, 5)
    page = "### [2006-07-5](/x)\n# {}\n### S\n1. [A](http://{}.example/)\n"
    entries = []
    for place, headline in enumerate((one, other)):
        found = outcome(f"{place}.md", page.format(headline, "a" if shared else place).encode(), ReadOptions())
        entries += found if isinstance(found, list) else []
    if len(entries) == 2 and entries[0].key != entries[1].key:
        left, right = entries
        assert left.event_date == day
        assert (same_event(left, [right]) is None) == (same_event(right, [left]) is None)
        assert matcher_of(entries)(left, [right]) == same_event(left, [right])
