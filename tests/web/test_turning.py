from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SelectionError
from crawler.web.cursors import article_place, cursor_of, event_place
from crawler.web.turning import turned
from storage.types import ArticlePlace, EventPlace

DAY = date(2006, 7, 5)


def find_in(numbers):
    def find(*, after, newest_first, limit):
        ordered = sorted(numbers, reverse=newest_first)
        behind = [one for one in ordered if after is None or (one < after if newest_first else one > after)]
        return behind[:limit]

    return find


@given(
    numbers=st.lists(st.integers(0, 99), unique=True, max_size=30),
    limit=st.integers(1, 7),
    newest_first=st.booleans(),
)
def test_every_entry_is_on_one_page_and_the_way_back_shows_the_same_pages(numbers, limit, newest_first):
    find, pages, page = find_in(numbers), [], None
    while page is None or page.after is not None:
        page = turned(find, lambda one: one, after=page.after if page else None, newest_first=newest_first, limit=limit)
        pages.append(page)
    assert [one for page in pages for one in page.entries] == sorted(numbers, reverse=newest_first)
    for earlier, later in pairwise(pages):
        back = turned(find, lambda one: one, before=later.before, newest_first=newest_first, limit=limit)
        assert list(back.entries) == list(earlier.entries)


def test_fewer_entries_than_a_page_before_a_place_are_the_first_page():
    page = turned(find_in(range(10)), lambda one: one, before=2, newest_first=False, limit=3)
    assert (list(page.entries), page.before, page.after) == ([0, 1, 2], None, 2)


@pytest.mark.parametrize("key", ["2006/07/5/a", "2006/07/5/café-岚", "x" * 500])
def test_cursor_of_an_event_leads_back_to_it(key):
    place = EventPlace(event_date=DAY, key=key)
    cursor = cursor_of(place)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert event_place(cursor) == place


def test_cursor_of_an_article_leads_back_to_it():
    place = ArticlePlace(day=DAY, article_id=2**62)
    assert article_place(cursor_of(place)) == place


@pytest.mark.parametrize("cursor", ["x", "é", "W10", "bnVsbA", "eyJhIjogMX0", "WzEsIDJd", "A" * 9000, "[" * 5000])
def test_what_is_no_cursor_is_refused(cursor):
    for read in (event_place, article_place):
        with pytest.raises(SelectionError, match="begin the list again"):
            read(cursor)


def test_cursors_of_other_lists_are_refused():
    with pytest.raises(SelectionError):
        article_place(cursor_of(EventPlace(event_date=DAY, key="2006/07/5/a")))
    with pytest.raises(SelectionError):
        event_place(cursor_of(ArticlePlace(day=DAY, article_id=1)))
