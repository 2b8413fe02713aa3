"""Any text is understood or refused in one sentence; what was understood is written and understood again."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SelectionError
from crawler.selecting import KEYS, fields_of, from_fields, parse, render
from storage.types import LibraryQuery, Outcome, TextKind

SIGNS = st.sampled_from(
    ["since:", "until:2006", "outcome:gone", '"', "\\", ":", " ", "2006", "-", "a", "\x00", "\ud800"]
)
TEXTS = st.text() | st.lists(SIGNS | st.sampled_from([f"{key}:" for key in KEYS])).map("".join)
FOLDED = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
)
SAID = FOLDED.filter(bool)
DAYS = st.dates()
QUERIES = st.builds(
    LibraryQuery,
    words=st.lists(SAID.filter(lambda text: len(text.split()) < 4), max_size=5).map(tuple),
    since=st.none() | DAYS,
    publisher=st.sampled_from(["", "news.example", "radio.example:8080", "[::1]", "xn--bcher-kva.example"]),
    outcome=st.none() | st.sampled_from(Outcome),
    text=st.none() | st.sampled_from(TextKind),
    language=st.sampled_from(["", "en", "zh"]),
    agency=st.just("") | SAID,
    event=st.just("") | SAID,
    marked=st.booleans(),
)


@given(TEXTS)
def test_any_text_is_understood_or_refused(text):
    with suppress(SelectionError):
        query = parse(text)
        assert parse(render(query)) == query
        assert from_fields(fields_of(query)) == query


@given(st.dictionaries(st.sampled_from(["q", *KEYS]) | st.text(max_size=5), TEXTS, max_size=4))
def test_any_fields_are_understood_or_refused(fields):
    with suppress(SelectionError):
        query = from_fields(fields)
        assert parse(render(query)) == query


@given(QUERIES)
def test_every_query_is_written_so_that_it_is_understood_again(query):
    assert parse(render(query)) == query
    assert from_fields(fields_of(query)) == query
