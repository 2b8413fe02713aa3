"""Entries made of any mix of markup are given back: they only grow, and they grow once."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import EntryFileError
from crawler.events import read_entries
from crawler.events.notes import SourceNote, UrlStatus
from crawler.events.writing import item_of, line_of, page_of
from storage.types import ArchiveLink

THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

COPY = ArchiveLink(
    archive="archive.example", url="https://archive.example/(1)|{x}", captured_at=datetime(2006, 7, 9, tzinfo=UTC)
)
NOTE = SourceNote(status=UrlStatus.DEAD, archive=COPY, headline="A | {{b}} [c]")

PIECES = st.sampled_from(
    (
        *("[A](http://a.example/)", "[A] b](http://a.example/x)", " (link dead)", "(", ")", "[", "]", "1. ", "\n"),
        *(" ([archived 2006-07-09](https://archive.example/1), link live)", "### ", "##### ", "# ", "\n2. ", " "),
        *("[http://a.example/ (A)]", "http://a.example/1", "<ref>", "</ref>", '<ref name="a" />', "'''", "* ", "\n**"),
        *("{{cite web|url=http://a.example/2|title=T}}", "{{cite web\n|url=http://a.example/2\n|archive-url=\n}}", "|"),
        *(
            "{{webarchive|url=http://a.example/}}",
            "{{",
            "}}",
            "[[",
            "]]",
            "<!--",
            "-->",
            "<div>",
            "</div>",
            "白",
            "Tram",
        ),
        *("\ue0000\ue000", "\u2028", "\x0b", "&amp;", ";World\n", "[http:/a.example/3 A]"),
    )
)
TEXT = st.lists(PIECES, max_size=25).map("".join)


def entries_of(name, head, text, end):
    try:
        return read_entries(name, (head + text).replace("\n", end).encode())
    except EntryFileError:
        return []


def grew(written, original):
    rest = iter(written)
    return all(sign in rest for sign in original)


@THOROUGH
@given(TEXT, st.sampled_from(["\n", "\r\n"]))
def test_any_event_page_grows_once_and_stays_the_same_entry(text, end):
    head = "### [2006-07-5](/x)\n\n# A\n\n### S\n\n1. [A](http://a.example/)"
    for entry in entries_of("news/2006/07/5/a.md", head, text, end):
        notes = {link.cited_url: NOTE for link in entry.sources}
        once = page_of(entry, notes)
        (again,) = read_entries("news/2006/07/5/a.md", once.encode())
        assert page_of(entry) == entry.raw
        assert again.content_digest() == entry.content_digest()
        assert page_of(again, notes) == once


@THOROUGH
@given(TEXT, st.sampled_from(["\n", "\r\n"]))
def test_any_item_of_a_day_page_only_grows(text, end):
    for entry in entries_of("x", "{{Current events header|2006|07|05}}\n* A [http://a.example/ (A)]", text, end):
        notes = {link.cited_url: NOTE for link in entry.sources}
        assert item_of(entry) == entry.raw
        assert grew(item_of(entry, notes), entry.raw)


@THOROUGH
@given(TEXT)
def test_any_entry_comes_back_from_its_line(text):
    for name, head in (("x", "{{Current events header|2006|07|05}}\n* A "), ("y", "### [2006-07-5](/x)\n\n# A ")):
        for entry in entries_of(name, head, text, "\n"):
            (again,) = read_entries(
                "x.jsonl", line_of(entry, {link.cited_url: NOTE for link in entry.sources}).encode()
            )
            assert again.key == entry.key
            assert again.content_digest() == entry.content_digest()
