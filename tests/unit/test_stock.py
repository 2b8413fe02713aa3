"""Which keys stand in the index, and which of them are stock."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dedup import decide, fingerprint
from storage.stock import LEAST_SHARED, MANY_KEYS, indexed, is_slight, is_stock, narrowed, stock_counts
from storage.types import Article, Candidate

KEY = st.integers(-(2**63), 2**63 - 1)


@pytest.fixture
def make_stored():
    """Makes another document's version with the words of an article, of which storage says how many keys are shared."""

    def build(article, *, shared, with_text):
        return Candidate(
            version_id=1,
            article_id=1,
            document_id=1,
            canonical_url="https://harbour-post.example/1",
            same_document=False,
            current=True,
            same_payload=False,
            text_digest="another",
            published_at=datetime(2006, 7, 5, tzinfo=UTC),
            shared_keys={"grams": shared},
            own_keys={name: len(keys) for name, keys in article.keys.items()},
            body=article.body if with_text else "",
        )

    return build


@given(keys=st.sets(KEY, max_size=40))
def test_the_index_has_some_keys_of_32_bits_and_signals_apart(keys):
    found = indexed({"grams": keys})
    assert len(found) <= len(keys)
    assert all(-(2**31) <= key < 2**31 for key in found)
    assert found == set(narrowed("grams", keys))
    assert indexed({"grams": keys, "other": ()}) == found


def test_about_half_of_the_keys_are_in_the_index_and_signals_never_meet():
    keys = [number * 0x9E37_79B9_7F4A_7C15 % 2**64 - 2**63 for number in range(2_000)]
    assert 900 < len(indexed({"grams": keys})) < 1_100
    assert len(indexed({"grams": keys}) & indexed({"other": keys})) <= 1


@pytest.mark.parametrize(
    ("days", "stock"),
    [
        ((1, 2, 3, 4, 5), True),
        ((1, 1, 1, 2, 30), True),
        ((1, 1, 1, 30, 30), False),
        ((1, 2, 3, 4), False),
        ((1, 2, 3, 4, 10), False),
        ((1, 2, 3, 4, 16, 20), False),
        ((9, 9, 21, 21, 22), True),
    ],
)
def test_stock_stands_in_five_versions_of_three_days_outside_the_window(days, stock):
    assert is_stock(days, first_day=10, last_day=20) is stock


def test_what_is_counted_in_the_index_is_taken_for_all_keys():
    inside = [key for key in range(0, 4_800, 24) if narrowed("grams", [key])]
    outside = [key for key in range(0, 4_800, 24) if not narrowed("grams", [key])]
    stock = set(narrowed("grams", inside[:3]))
    assert stock_counts({"grams": {*inside[:6], *outside[:4]}}, stock) == {"grams": 5}
    assert stock_counts({"grams": {*inside[:3], *outside[:4]}}, stock) == {"grams": 7}
    assert stock_counts({"grams": {*inside[3:6]}, "other": {*inside[:3]}}, stock) == {}
    assert stock_counts({"grams": {*outside[:4]}}, stock) == {}


@pytest.mark.parametrize(
    ("fresh", "stored", "shared", "slight"),
    [
        ({"a": 40}, {"a": 90}, {"a": 2}, True),
        ({"a": 90}, {"a": 40}, {}, True),
        ({"a": 40}, {"a": 90}, {"a": 3}, False),
        ({"a": 39}, {"a": 90}, {"a": 1}, False),
        ({"a": 100}, {"a": 100}, {"a": 6}, False),
        ({"a": 100, "b": 50}, {"a": 100, "b": 50}, {"a": 60, "b": 2}, True),
        ({"a": 100, "b": 50}, {"a": 100}, {"a": 60}, False),
        ({}, {"a": 100}, {}, False),
    ],
)
def test_little_of_many_keys_is_slight(fresh, stored, shared, slight):
    assert is_slight(fresh, stored, shared) is slight


@pytest.mark.parametrize("with_text", [True, False])
def test_no_rule_of_dedup_needs_what_is_slight(make_stored, with_text):
    article = fingerprint(Article(headline="Ferry", body=" ".join(f"word{number}" for number in range(600))))
    count = len(article.keys["grams"])
    assert count >= MANY_KEYS
    enough = int(LEAST_SHARED * count) + 1
    for shared in (enough - 1, enough):
        stored = make_stored(article, shared=shared, with_text=with_text)
        slight = is_slight({"grams": count}, {"grams": count}, {"grams": shared})
        assert slight is (shared < enough)
        assert bool(decide(article, [stored]).likenesses) is (with_text and not slight)
