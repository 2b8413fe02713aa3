"""The passages that two texts have in common."""

from __future__ import annotations

import time

import pytest
from dedup_gate import changes
from dedup_gate.stories import seeded, story

from crawler.dedup import passages
from storage.types import Article


def article(body):
    return Article(headline="x", body=body)


def test_passages_are_given_as_they_stand_in_each_text_longest_first():
    one = article("The mayor spoke.\n\n“We shall rebuild every house”, she said on Monday. Rain fell all night.")
    other = article(
        'RAIN FELL ALL NIGHT AGAIN. "We shall rebuild every house," she said on Monday, rain fell all night'
    )
    first, *others = passages(one, other)
    assert first.text == "We shall rebuild every house”, she said on Monday. Rain fell all night"
    assert first.other_text == 'We shall rebuild every house," she said on Monday, rain fell all night'
    assert (first.words, first.start, first.other_start) == (13, 19, 28)
    assert others == []


def test_an_edited_sentence_breaks_a_passage_in_two():
    words = [f"word{number}" for number in range(20)]
    other = [*words[:8], "another", *words[9:]]
    found = passages(article(" ".join(words)), article(" ".join(other)))
    assert [passage.words for passage in found] == [11, 8]


def test_paragraphs_in_another_order_are_passages_of_their_own():
    whole = story(seeded(3), 1, 4)
    found = passages(whole, changes.reordered(seeded(2), whole))
    assert sum(passage.words for passage in found) > 0.97 * len(whole.body.split())


def test_a_figure_and_the_same_with_a_minus_are_not_the_same():
    found = passages(article("it was a cold night at -5 degrees"), article("it was a cold night at 5 degrees"))
    assert [passage.text for passage in found] == ["it was a cold night at"]


@pytest.mark.parametrize("language", ["zh", "ja", "th"])
def test_scripts_without_spaces_have_passages(language):
    whole = story(seeded(3), 1, 4, language)
    part = changes.cut(0.5)(seeded(1), whole)
    first, *_ = passages(part, whole)
    assert first.start == first.other_start == 0
    assert first.text.strip("。 ") == part.body.strip("。 ")


def test_four_words_are_no_passage_and_empty_texts_have_none():
    assert passages(article("the ferry stays in port"), article("the ferry stays in harbour")) == ()
    assert passages(article(""), article("the ferry stays in port")) == ()


def test_endless_and_repetitive_texts_cost_little():
    rng = seeded(1)
    few = [f"word{rng.randrange(50)}" for _ in range(30_000)]
    looped = article("goal scored again " * 10_000)
    begun = time.process_time()
    passages(article(" ".join(few)), article(" ".join(rng.sample(few, len(few)))))
    passages(looped, looped)
    assert time.process_time() - begun < 10
