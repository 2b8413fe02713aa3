"""Cursors belong to one list and are read with suspicion; filters mean what they mean on the command line."""

import base64
import json
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_library import FERRY
from starlette.exceptions import HTTPException

from crawler.errors import SelectionError
from crawler.selecting import fields_of, parse, render
from crawler.web.api.filters import Filters
from crawler.web.api.paging import article_behind, cursor_behind, event_behind, list_name, number_behind
from storage.errors import NotFound
from storage.types import ArticlePlace, EventPlace, LibraryQuery, Outcome, TextKind

API = "/api/v1"
NAME = list_name("events", "", "newest")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PLACES = st.builds(EventPlace, event_date=st.dates(), key=TEXTS)
READERS = [event_behind, article_behind, number_behind]


@given(PLACES)
def test_the_cursor_of_an_event_leads_back_to_its_place(place):
    assert event_behind(NAME, cursor_behind(NAME, place)) == place


@given(st.builds(ArticlePlace, day=st.dates(), article_id=st.integers(1, 2**53)))
def test_the_cursor_of_an_article_leads_back_to_its_place(place):
    assert article_behind(NAME, cursor_behind(NAME, place)) == place


@given(st.integers(1, 2**53 - 1))
def test_the_cursor_of_a_number_leads_back_to_it(number):
    assert number_behind(NAME, cursor_behind(NAME, number)) == number


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["2006-07-05", "20060705"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
CURSORS = st.text() | st.from_regex("[A-Za-z0-9_-]{0,60}") | JSON.map(lambda value: NAME + encoded(value))


@given(CURSORS, st.sampled_from(READERS))
def test_any_other_text_is_no_cursor(text, read):
    with suppress(HTTPException):
        place = read(NAME, text)
        assert text == (cursor_behind(NAME, place) if place else "")


@given(PLACES, PLACES)
def test_a_cursor_of_another_list_is_refused_as_such(place, other):
    with pytest.raises(HTTPException, match="other filters") as told:
        event_behind(list_name("events", "x", "newest"), cursor_behind(NAME, place))
    assert told.value.status_code == 400


@pytest.mark.parametrize("change", ["q=ferry", "order=oldest", "since=2006"])
def test_a_cursor_is_refused_with_other_filters(client, change):
    cursor = client.get(f"{API}/events?limit=1").json()["next"]
    assert client.get(f"{API}/events?limit=2&cursor={cursor}").json()["items"]
    problem = client.get(f"{API}/events?cursor={cursor}&{change}", expect=400).json()
    assert "other filters" in problem["detail"]
    client.get(f"{API}/articles?cursor={cursor}", expect=400)


def test_filters_that_mean_the_same_share_their_cursors(client):
    cursor = client.get(f"{API}/events?limit=1&since=2006").json()["next"]
    rest = client.get(f"{API}/events?where=since:2006-01-01&cursor={cursor}").json()["items"]
    assert len(rest) == 4


def test_a_header_that_no_proxy_would_pass_on_is_not_sent(client):
    spaces = " " * 3_990
    answer = client.get(f"{API}/articles?limit=1&q={spaces}")
    assert answer.json()["next"]
    assert "Link" not in answer.headers


# -- filters ---------------------------------------------------------------------------------------------------------

SAID = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
QUERIES = st.builds(
    LibraryQuery,
    words=st.lists(SAID.filter(bool).filter(lambda text: len(text.split()) < 4), max_size=4).map(tuple),
    since=st.none() | st.dates(),
    publisher=st.sampled_from(["", "news.example", "radio.example:8080", "[::1]"]),
    outcome=st.none() | st.sampled_from(Outcome),
    text=st.none() | st.sampled_from(TextKind),
    language=st.sampled_from(["", "en", "zh"]),
    agency=st.just("") | SAID.filter(bool),
    marked=st.booleans(),
)


@given(QUERIES)
def test_parameters_mean_what_the_command_line_means(query):
    said = Filters.model_validate(fields_of(query)).query(None)
    assert said == query == parse(render(query)) == Filters(where=render(query)).query(None)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_in_a_selection_means_what_it_means_on_the_command_line_or_is_refused(where, words):
    try:
        expected = parse(f"{where} {words}")
    except SelectionError:
        expected = None
    try:
        found = Filters(where=where, q=words).query(_NoEvents())
    except (SelectionError, NotFound):
        assert expected is None or expected.event
    else:
        assert found == expected


class _NoEvents:
    def event(self, name):
        raise NotFound(name)


@pytest.mark.parametrize(
    "query",
    ["ferry", "halvika since:2006-07-05 until:2006", "outcome:gone", "agency:Reuters text:full", f"event:{FERRY}"],
)
def test_lists_are_those_of_the_store(client, query):
    terms = fields_of(parse(query))
    expected = client.site.ask(lambda store: store.find_events(parse(query), newest_first=True, limit=50))
    for said in ({"where": query}, {"q": query}, terms):
        items = client.get(f"{API}/events?{urlencode(said)}").json()["items"]
        assert [one["key"] for one in items] == [one.key for one in expected]
