"""The contract that every signal keeps, and what the gram signals see."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dedup_gate.stories import seeded, story

from crawler.dedup import SIGNALS, fingerprint
from crawler.dedup.signals.grams import BRIEFS, GRAMS
from storage.types import Article, RelationKind

PINNED_KEYS = (
    -9085966540001793208,
    799333380203556100,
    1695637737102124092,
    4641166120003391263,
    4658543183390588333,
    6029047611540077684,
    7450986698280164692,
    8968351257878680205,
)
TEXTS = {
    "empty": "",
    "one word": "Closed",
    "brief": "The ferry stays in port until the crew is well again, said its owner on Monday. " * 4,
    "surrogate": "\ud800 broken",
    "chinese": "渡轮公司周一表示由于船员生病所有航班取消直至另行通知乘客可以退票。" * 6,
    "thai": "เรือข้ามฟากจะจอดอยู่ที่ท่าเรือจนกว่าลูกเรือจะหายดีเจ้าของกล่าวเมื่อวันจันทร์",
    "numbers": " ".join(str(number) for number in range(3000)),
    "one endless word": "a" * 100_000,
}


@pytest.fixture(params=SIGNALS, ids=lambda signal: signal.name)
def signal(request):
    return request.param


@pytest.fixture(params=TEXTS.values(), ids=TEXTS.keys())
def text(request):
    return request.param


def test_names_are_unique_and_fit_a_column():
    names = [signal.name for signal in SIGNALS]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and len(name) <= 32 for name in names)


def test_keys_are_sorted_unique_and_fit_64_signed_bits(signal, text):
    keys = signal.keys(Article(headline="x", body=text))
    assert list(keys) == sorted(set(keys))
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_keys_depend_on_the_text_only(signal, text):
    plain = Article(headline="x", body=text)
    assert signal.keys(plain) == signal.keys(Article(headline="x", body=text, agency="AP", byline="A. B."))


def test_a_long_enough_text_matches_itself_with_full_score(signal, make_candidate):
    size = 3 if signal is BRIEFS else 8
    article = fingerprint(story(seeded(5), 1, size))
    match = signal.judge(article, make_candidate(article, article))
    assert match is not None
    assert match.score == 1.0
    assert match.kind is RelationKind.COPY
    assert match.share == match.other_share == 1.0
    assert any(digit in match.evidence for digit in "0123456789")


def test_nothing_shared_is_no_match(signal, text, make_article, make_candidate):
    article = make_article(text)
    assert signal.judge(article, make_candidate(article, article, shared_keys={})) is None


def test_counts_that_contradict_each_other_never_score_above_one(signal, make_article, make_candidate):
    article = make_article(TEXTS["numbers"] if signal is GRAMS else TEXTS["brief"])
    odd = make_candidate(article, article, shared_keys={signal.name: 10**6}, own_keys={signal.name: 30})
    match = signal.judge(article, odd)
    assert match is None or match.score <= 1.0


def test_a_candidate_stored_before_the_signal_existed_is_no_match(signal, make_article, make_candidate):
    article = make_article(TEXTS["numbers"])
    assert signal.judge(article, make_candidate(article, article, shared_keys={}, own_keys={})) is None


def test_stock_keys_are_taken_off_both_sides(signal, make_candidate):
    article = fingerprint(story(seeded(5), 1, 3 if signal is BRIEFS else 8))
    own = len(article.keys[signal.name])
    half = {name: len(keys) // 2 for name, keys in article.keys.items()}
    for shared, score in ((own, 1.0), (own // 2, None)):
        stored = make_candidate(article, article, shared_keys={signal.name: shared}, stock_keys=half)
        match = signal.judge(article, stored)
        assert (match and match.score) == score


def test_a_third_in_common_is_derived_and_the_shares_are_those_of_each_side(signal, make_article, make_candidate):
    sizes = {signal.name: 90}
    article = make_article(" ".join(f"word{number}" for number in range(160 if signal is BRIEFS else 1100)))
    own = len(article.keys[signal.name])
    match = signal.judge(article, make_candidate(article, article, shared_keys={signal.name: 30}, own_keys=sizes))
    assert match.kind is RelationKind.DERIVED
    assert (match.score, match.other_share, match.share) == (30 / 90, 30 / 90, 30 / own)
    few = make_candidate(article, article, shared_keys={signal.name: 7}, own_keys={signal.name: 25})
    assert signal.judge(article, few) is None


def test_keys_are_the_same_in_every_process_and_version():
    body = "The ferry Aurelia stays in port until its crew is well again"
    keys = BRIEFS.keys(Article(headline="x", body=body))
    assert keys == PINNED_KEYS
    assert GRAMS.keys(Article(headline="x", body=body)) == tuple(key for key in keys if key % 8 == 0)


def test_sampling_keeps_about_one_gram_in_eight():
    keys = GRAMS.keys(Article(headline="x", body=TEXTS["numbers"]))
    assert 2996 / 8 * 0.85 < len(keys) < 2996 / 8 * 1.15


def test_keys_of_an_endless_page_are_bounded():
    body = " ".join(str(number) for number in range(60_000))
    assert len(GRAMS.keys(Article(headline="x", body=body))) < 20_000 / 8 * 1.1


def test_only_briefs_have_all_their_grams_stored():
    words = [f"word{number}" for number in range(201)]
    assert len(BRIEFS.keys(Article(headline="x", body=" ".join(words[:200])))) == 196
    assert BRIEFS.keys(Article(headline="x", body=" ".join(words))) == ()


def test_a_pair_of_briefs_is_left_to_the_finer_signal(make_article, make_candidate):
    article = make_article(TEXTS["brief"] + " ".join(f"w{number}" for number in range(120)))
    assert len(article.keys["grams"]) >= GRAMS.least_keys
    assert GRAMS.judge(article, make_candidate(article, article)) is None
    assert BRIEFS.judge(article, make_candidate(article, article)) is not None


def test_text_without_spaces_is_cut_into_grams_of_characters():
    chinese = "渡轮公司周一表示由于船员生病"
    assert len(BRIEFS.keys(Article(headline="x", body=chinese))) == len(chinese) - 7
    thai = "เรือข้ามฟากจะจอดอยู่ที่ท่าเรือ"
    assert len(BRIEFS.keys(Article(headline="x", body=thai))) == len(thai) - 19


def test_a_brief_is_measured_in_words_in_every_script():
    thai = story(seeded(3), 0, 2, "th").body
    assert len(thai) > 300
    assert BRIEFS.keys(Article(headline="x", body=thai))
    assert BRIEFS.keys(Article(headline="x", body=story(seeded(3), 0, 9, "th").body)) == ()


def test_a_chinese_copy_is_found_inside_a_page_that_is_mostly_english(make_candidate):
    rng = seeded(4)
    chinese = story(rng, 0, 6, "zh")
    english = story(rng, 2, 12)
    stored = fingerprint(chinese)
    fresh = fingerprint(replace(english, body=f"{english.body}\n\n{chinese.body}"))
    assert GRAMS.judge(fresh, make_candidate(stored, fresh)).score > 0.95
