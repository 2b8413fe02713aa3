from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dedup import SIGNALS, decide, fingerprint
from crawler.dedup.folding import fold, folded_body
from storage.types import Access, Article, Candidate, VerdictKind

TEXT = st.text(alphabet=st.characters(), max_size=300)
WORDY = st.lists(
    st.sampled_from(["the", "ferry", "stays", "in", "port", "until", "its", "crew", "12", "渡", "轮", "is", "well"]),
    max_size=120,
).map(" ".join)
DIGESTS = st.sampled_from(["a" * 64, "b" * 64, "c" * 64])
COUNTS = st.fixed_dictionaries({signal.name: st.integers(0, 60) for signal in SIGNALS})
KEYS = st.fixed_dictionaries({signal.name: st.integers(0, 60).map(lambda n: tuple(range(n))) for signal in SIGNALS})
ARTICLES = st.builds(
    Article,
    headline=WORDY,
    body=WORDY,
    agency=st.sampled_from(["", "AP"]),
    access=st.sampled_from(Access),
    text_digest=DIGESTS,
    keys=KEYS,
)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        version_id=st.integers(1, 9),
        article_id=st.integers(1, 4),
        document_id=st.integers(1, 4),
        canonical_url=st.just("https://news.example/"),
        same_document=st.booleans(),
        current=st.booleans(),
        same_payload=st.booleans(),
        text_digest=DIGESTS,
        published_at=st.integers(0, 3).map(lambda days: datetime(2006, 7, 5, tzinfo=UTC) + timedelta(days=days)),
        agency=st.sampled_from(["", "Reuters"]),
        access=st.sampled_from(Access),
        length=st.integers(0, 400),
        shared_keys=COUNTS,
        own_keys=COUNTS,
    ),
    max_size=6,
    unique_by=lambda candidate: candidate.version_id,
)


@settings(max_examples=200, deadline=None)
@given(ARTICLES, CANDIDATES, st.randoms(use_true_random=False))
def test_the_verdict_does_not_depend_on_the_order_of_the_candidates(article, candidates, rng):
    verdict = decide(article, candidates)
    shuffled = rng.sample(candidates, len(candidates))
    assert decide(article, shuffled) == verdict


@settings(max_examples=200, deadline=None)
@given(ARTICLES, CANDIDATES)
def test_the_verdict_is_consistent_with_its_candidates(article, candidates):
    verdict = decide(article, candidates)
    own = {candidate.version_id for candidate in candidates if candidate.same_document}
    others = {candidate.version_id for candidate in candidates} - own
    about_own = verdict.kind in {VerdictKind.REVISIT, VerdictKind.NEW_VERSION}
    assert about_own == bool(own)
    assert (verdict.kind is VerdictKind.NEW) == (verdict.matched_version_id is None) == (verdict.signal == "none")
    assert verdict.matched_version_id is None or verdict.matched_version_id in (own if about_own else others)
    assert 0.0 <= verdict.score <= 1.0
    assert verdict.evidence


@settings(max_examples=200, deadline=None)
@given(ARTICLES, CANDIDATES)
def test_a_teaser_never_takes_the_place_of_a_longer_text(article, candidates):
    verdict = decide(article, candidates)
    if article.access is Access.TEASER and verdict.kind is VerdictKind.NEW_VERSION:
        (replaced,) = [one for one in candidates if one.version_id == verdict.matched_version_id]
        assert replaced.length <= len(article.body)
        assert replaced.length < len(article.body) or replaced.access is Access.TEASER
    if verdict.signal == "teaser beside the full text":
        assert article.access is Access.TEASER


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT)
def test_fingerprints_of_any_text_are_well_formed_and_stable(headline, body):
    article = fingerprint(Article(headline=headline, body=body))
    assert len(article.text_digest) == 64
    assert fingerprint(article) == article
    for keys in article.keys.values():
        assert list(keys) == sorted(set(keys))
        assert all(-(2**63) <= key < 2**63 for key in keys)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_folding_is_idempotent_and_ignores_white_space_and_case(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert fold(f"  {text}\n") == folded


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDY.filter(str.strip), min_size=1, max_size=5))
def test_paragraph_breaks_do_not_change_the_folded_body(blocks):
    assert folded_body("\n\n".join(blocks)) == folded_body(" ".join(blocks))


@settings(max_examples=100, deadline=None)
@given(WORDY, WORDY)
def test_a_text_has_all_keys_of_its_part(part, rest):
    """Sampling depends on the gram alone: what containment rests on."""
    grams = SIGNALS[0]
    whole = set(grams.keys(Article(headline="", body=f"{part} {rest}")))
    assert set(grams.keys(Article(headline="", body=part))) <= whole
