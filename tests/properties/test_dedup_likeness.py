"""Two texts beside each other: the same answer from both sides, and passages that really stand in both."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dedup import decide, fingerprint, passages
from crawler.dedup.folding import fold
from crawler.dedup.likeness import judged
from storage.types import Article, Candidate

sys.path.append(str(Path(__file__).parents[1] / "benchmarks" / "dedup"))

from dedup_gate.changes import CHANGES
from dedup_gate.stories import seeded, story, template_report

CHANGE = st.sampled_from(sorted(CHANGES)).map(CHANGES.__getitem__)
LANGUAGE = st.sampled_from(["en", "pl", "zh", "ja", "th"])
FEW_WORDS = st.lists(
    st.sampled_from(["the", "Ferry", "in", "port", "12", "-5", "3.5", "渡", "轮", "ท่า", "it's", "co-op", "\n\n"]),
    max_size=150,
).map(" ".join)
ANY_TEXT = st.text(max_size=200)


@st.composite
def related(draw):
    """Two articles that share some text: copies of one story, of two stories put together, reports of a template."""
    rng = seeded(draw(st.integers(0, 10_000)))
    language = draw(LANGUAGE)
    one, other = (story(rng, 1, draw(st.integers(1, 6)), language) for _ in range(2))
    blocks = [*one.body.split("\n\n"), *other.body.split("\n\n"), template_report(rng, "market").body]
    chosen = (draw(st.lists(st.sampled_from(blocks), min_size=1, max_size=6)) for _ in range(2))
    made = (Article(headline="x", body="\n\n".join(each), language=language) for each in chosen)
    return tuple(draw(CHANGE)(rng, article) for article in made)


def candidate(stored: Article, fresh: Article, body: str, stock: dict[str, int]) -> Candidate:
    return Candidate(
        version_id=7,
        article_id=3,
        document_id=5,
        canonical_url="https://harbour-post.example/ferry",
        same_document=False,
        current=True,
        same_payload=False,
        text_digest=stored.text_digest,
        published_at=datetime(2006, 7, 5, tzinfo=UTC),
        agency=stored.agency,
        shared_keys={name: len(set(keys) & set(fresh.keys[name])) for name, keys in stored.keys.items()},
        own_keys={name: len(keys) for name, keys in stored.keys.items()},
        stock_keys=stock,
        body=body,
    )


def letters(text: str) -> str:
    return fold(text).replace(" ", "")


@settings(max_examples=100, deadline=None)
@given(related(), st.booleans(), st.integers(0, 6))
def test_a_likeness_is_the_same_whichever_of_the_two_is_fresh(pair, with_text, stock):
    one, other = (fingerprint(article) for article in pair)
    shared = {name: len(set(keys) & set(other.keys[name])) for name, keys in one.keys.items()}
    counts = {name: min(stock, count) for name, count in shared.items()}
    here = decide(one, [candidate(other, one, other.body if with_text else "", counts)])
    there = decide(other, [candidate(one, other, one.body if with_text else "", counts)])
    assert len(here.likenesses) == len(there.likenesses) <= 1
    assert here.kind == there.kind
    for mine, theirs in zip(here.likenesses, there.likenesses, strict=True):
        assert (mine.kind, mine.score, mine.signal) == (theirs.kind, theirs.score, theirs.signal)
        assert (mine.share, mine.other_share) == (theirs.other_share, theirs.share)
        assert 0 <= min(mine.share, mine.other_share) <= max(mine.share, mine.other_share) <= mine.score <= 1


@settings(max_examples=100, deadline=None)
@given(FEW_WORDS, FEW_WORDS)
def test_repetitive_texts_are_judged_alike_from_both_sides(body, other):
    here, there = judged(body, other), judged(other, body)
    assert (here is None) == (there is None)
    if here and there:
        assert (here.kind, here.score, here.share, here.evidence) == (
            there.kind,
            there.score,
            there.other_share,
            there.evidence,
        )


@settings(max_examples=100, deadline=None)
@given(related() | st.tuples(FEW_WORDS | ANY_TEXT, FEW_WORDS | ANY_TEXT))
def test_every_passage_stands_in_both_texts_and_none_overlaps_another(pair):
    one, other = (each if isinstance(each, Article) else Article(headline="", body=each) for each in pair)
    found = passages(one, other)
    assert list(found) == sorted(found, key=lambda passage: (-passage.words, passage.start))
    for passage in found:
        assert one.body[passage.start :].startswith(passage.text)
        assert other.body[passage.other_start :].startswith(passage.other_text)
        assert letters(passage.text) == letters(passage.other_text) != ""
        assert passage.words >= 5
    for spans in (
        sorted((passage.start, passage.start + len(passage.text)) for passage in found),
        sorted((passage.other_start, passage.other_start + len(passage.other_text)) for passage in found),
    ):
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@settings(max_examples=30, deadline=None)
@given(LANGUAGE, st.integers(0, 1000), st.integers(1, 4))
def test_a_text_is_one_passage_of_itself(language, seed, paragraphs):
    article = story(seeded(seed), 1, paragraphs, language)
    (passage,) = passages(article, article)
    assert (passage.start, passage.other_start, passage.text) == (0, 0, passage.other_text)
    assert letters(passage.text) == letters(article.body)
