from __future__ import annotations

import pytest

from crawler.dedup.folding import fold, folded_body, folded_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“It’s over”, she said — twice…", '"It\'s over," she said - twice...'),
        ("CO-OPERATION IN THE EAST", "Co-operation   in\nthe\u00a0East"),
        ("ﬁve ｈｕｎｄｒｅｄ", "five hundred"),
        ("re\u00admarks by the\u200b mayor", "remarks by the mayor"),
        ("Straße", "STRASSE"),
        ("caf\u00e9", "cafe\u0301"),
        ("- one\n- two", "one two"),
        ("## What is known", "What is known"),
        ("1,200 people", "1.200 people"),
    ],
)
def test_copies_that_differ_in_typography_fold_to_the_same_text(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 people died", "15 people died"),
        ("$5 million", "€5 million"),
        ("It was -5 degrees", "It was 5 degrees"),
        ("1.5 per cent", "15 per cent"),
        ("dog bites man", "man bites dog"),
        ("कि", "की"),
        ("resume", "résumé"),
    ],
)
def test_what_can_carry_meaning_stays(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    "counter",
    [
        "Updated 3 minutes ago",
        "Last updated an hour ago",
        "12 comments",
        "No comments",
        "Comments (12)",
        "4 min read",
        "Shares: 1204",
    ],
)
def test_a_block_that_is_only_a_counter_goes(counter):
    assert folded_body(f"{counter}\n\nThe ferry stays in port.") == "the ferry stays in port"


@pytest.mark.parametrize(
    "block",
    [
        "Updated 3 minutes ago, the list now names 12 people.",
        "The list was updated 3 minutes ago",
        "12 comments were removed by the court.",
        "Last updated 10:40",
        "12",
    ],
)
def test_a_block_that_only_resembles_a_counter_stays(block):
    assert fold(block) in folded_body(f"{block}\n\nThe ferry stays in port.")


def test_a_ranged_number_and_a_dash_between_words_are_no_minus():
    assert fold("in 1990-1995 the score was 3-2 - a record") == "in 1990 1995 the score was 3 2 a record"


def test_the_headline_counts_once_even_where_the_body_repeats_it():
    plain = folded_text("Ferry stays in port", "The crew is ill.")
    assert folded_text("Ferry stays in port", "FERRY STAYS IN PORT\n\nThe crew is ill.") == plain
    assert plain == "ferry stays in port the crew is ill"


def test_a_body_that_only_begins_like_the_headline_keeps_its_words():
    assert folded_text("Ferry", "Ferry crews strike.") == "ferry ferry crews strike"


@pytest.mark.parametrize("text", ["", " \n\n ", "—…!", "\ud800", "\x00"])
def test_a_text_without_words_folds_to_nothing(text):
    assert fold(text) == folded_body(text) == folded_text(text, text) == ""
