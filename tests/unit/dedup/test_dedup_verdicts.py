from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from dedup_gate import changes
from dedup_gate.stories import seeded
from dedup_gate.stories import story as story_of

from crawler.dedup import decide, fingerprint, text_digest
from storage.types import Access, Article, Candidate, VerdictKind

PINNED_DIGEST = "d8cc5985de4b54b1c7577aa6fcf0daf03527d0c1ea4421e27c6f258491181ae8"


@pytest.fixture(scope="module")
def story():
    return story_of(seeded(11), 0, 8)


@pytest.fixture(scope="module")
def article(story):
    return fingerprint(story)


@pytest.fixture(scope="module")
def edited(story):
    return fingerprint(changes.edited(0.05)(seeded(1), story))


@pytest.fixture(scope="module")
def unrelated():
    return fingerprint(story_of(seeded(12), 3, 8))


def test_nothing_known_is_new(article):
    verdict = decide(article, [])
    assert (verdict.kind, verdict.signal, verdict.matched_version_id, verdict.score) == (
        VerdictKind.NEW,
        "none",
        None,
        0.0,
    )
    assert verdict.evidence == "no stored version shares enough with it to be compared"


def test_an_unrelated_candidate_leaves_it_new_and_the_evidence_has_the_closest(article, unrelated, make_candidate):
    verdict = decide(article, [make_candidate(unrelated, article)])
    assert verdict.kind is VerdictKind.NEW
    assert "closest, version 7, shares 0.0" in verdict.evidence


def test_the_same_text_on_the_same_document_is_a_revisit(article, make_candidate):
    verdict = decide(article, [make_candidate(article, article, same_document=True)])
    assert (verdict.kind, verdict.signal, verdict.matched_version_id) == (VerdictKind.REVISIT, "same text", 7)


def test_another_text_on_the_same_document_is_a_new_version(article, edited, make_candidate):
    verdict = decide(edited, [make_candidate(article, edited, same_document=True)])
    assert (verdict.kind, verdict.signal, verdict.matched_version_id) == (VerdictKind.NEW_VERSION, "text changed", 7)
    assert 0.6 < verdict.score < 1
    assert "by grams" in verdict.evidence


def test_a_text_without_resemblance_on_the_same_document_is_a_new_version_too(article, unrelated, make_candidate):
    verdict = decide(unrelated, [make_candidate(article, unrelated, same_document=True)])
    assert (verdict.kind, verdict.score) == (VerdictKind.NEW_VERSION, 0.0)


def test_a_text_that_came_back_is_a_new_version_and_no_revisit(article, edited, make_candidate):
    first = make_candidate(article, article, same_document=True, current=False, version_id=7)
    second = make_candidate(edited, article, same_document=True, current=True, version_id=8)
    verdict = decide(article, [first, second])
    assert (verdict.kind, verdict.signal, verdict.matched_version_id) == (
        VerdictKind.NEW_VERSION,
        "text changed back",
        8,
    )
    assert "again that of its version 7" in verdict.evidence


def test_a_copy_of_an_earlier_time_with_an_older_text_is_a_sighting_of_that_text(article, edited, make_candidate):
    first = make_candidate(article, article, same_document=True, current=False, version_id=7)
    second = make_candidate(edited, article, same_document=True, current=True, version_id=8, later=True)
    verdict = decide(article, [first, second])
    assert (verdict.kind, verdict.signal, verdict.matched_version_id) == (
        VerdictKind.REVISIT,
        "text of an earlier time",
        7,
    )
    assert "version 8 was captured later" in verdict.evidence


def test_a_copy_of_an_earlier_time_with_a_text_of_its_own_is_a_new_version(article, edited, make_candidate):
    stored = make_candidate(article, edited, same_document=True, current=True, later=True)
    assert decide(edited, [stored]).signal == "text changed"


def test_the_same_payload_read_otherwise_is_a_revisit(article, edited, make_candidate):
    verdict = decide(edited, [make_candidate(article, edited, same_document=True, same_payload=True)])
    assert (verdict.kind, verdict.signal) == (VerdictKind.REVISIT, "same payload")
    assert "extraction changed" in verdict.evidence


# -- teasers ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def teaser(story):
    """The first paragraph of the story."""
    return fingerprint(replace(story, body=story.body.split("\n\n")[0], access=Access.TEASER))


@pytest.mark.parametrize("access", Access)
def test_a_teaser_beside_a_longer_text_is_a_revisit_with_both_lengths(article, teaser, make_candidate, access):
    verdict = decide(teaser, [make_candidate(article, teaser, same_document=True, access=access)])
    assert (verdict.kind, verdict.signal) == (VerdictKind.REVISIT, "teaser beside the full text")
    assert verdict.matched_version_id == 7
    assert str(len(teaser.body)) in verdict.evidence
    assert str(len(article.body)) in verdict.evidence


@pytest.mark.parametrize(("access", "kind"), [("full", "revisit"), ("unknown", "revisit"), ("teaser", "new_version")])
def test_of_two_texts_of_one_length_only_a_teaser_is_replaced_by_a_teaser(teaser, make_candidate, access, kind):
    stored = make_candidate(teaser, teaser, same_document=True, access=Access(access), text_digest="another")
    assert decide(teaser, [stored]).kind == kind


def test_a_teaser_of_an_edited_story_that_grew_is_a_new_version(article, teaser, make_candidate):
    stored = make_candidate(teaser, teaser, same_document=True, text_digest="another", length=len(teaser.body) - 1)
    assert decide(teaser, [stored]).signal == "text changed"


def test_the_full_text_after_a_teaser_is_a_new_version(article, teaser, make_candidate):
    verdict = decide(article, [make_candidate(teaser, article, same_document=True)])
    assert (verdict.kind, verdict.signal) == (VerdictKind.NEW_VERSION, "text changed")


def test_a_teaser_that_was_there_before_the_full_text_does_not_come_back(article, teaser, make_candidate):
    first = make_candidate(teaser, teaser, same_document=True, current=False, version_id=7)
    second = make_candidate(article, teaser, same_document=True, version_id=8, same_payload=True)
    verdict = decide(teaser, [first, second])
    assert (verdict.signal, verdict.matched_version_id) == ("teaser beside the full text", 8)


def test_the_same_teaser_again_has_the_same_text(teaser, make_candidate):
    assert decide(teaser, [make_candidate(teaser, teaser, same_document=True)]).signal == "same text"


def test_a_teaser_is_compared_with_its_own_document_only(article, teaser, make_candidate):
    verdict = decide(teaser, [make_candidate(article, teaser)])
    assert verdict.signal != "teaser beside the full text"
    assert verdict.kind is not VerdictKind.REVISIT


# -- older versions --------------------------------------------------------------------------------------------------


def test_the_payload_of_an_older_version_of_the_same_document_is_a_change(article, edited, unrelated, make_candidate):
    old = make_candidate(article, unrelated, same_document=True, same_payload=True, current=False, version_id=7)
    latest = make_candidate(edited, unrelated, same_document=True, version_id=8)
    assert decide(unrelated, [old, latest]).kind is VerdictKind.NEW_VERSION


def test_the_same_text_on_another_document_is_a_near_duplicate(article, make_candidate):
    verdict = decide(article, [make_candidate(article, article)])
    assert (verdict.kind, verdict.signal, verdict.score) == (VerdictKind.NEAR_DUPLICATE, "same text", 1.0)
    assert "https://news.example/ferry" in verdict.evidence


@pytest.mark.parametrize(
    ("here", "there", "evidence"),
    [
        ("Reuters", "", "Reuters is credited here only"),
        ("", "AP", "AP is credited there only"),
        ("AFP", "AP", "AFP is credited here, AP there"),
    ],
)
def test_a_credited_agency_makes_the_same_text_a_wire_copy(story, make_candidate, here, there, evidence):
    fresh = fingerprint(replace(story, agency=here))
    verdict = decide(fresh, [make_candidate(fresh, fresh, agency=there)])
    assert (verdict.kind, verdict.signal) == (VerdictKind.SYNDICATED, "same text")
    assert evidence in verdict.evidence


def test_the_same_payload_under_another_address_is_no_wire_copy(story, make_candidate):
    fresh = fingerprint(replace(story, agency="Reuters"))
    verdict = decide(fresh, [make_candidate(fresh, fresh, same_payload=True)])
    assert (verdict.kind, verdict.signal) == (VerdictKind.NEAR_DUPLICATE, "same payload")


def test_a_copy_with_edits_is_found_by_its_phrases(article, edited, make_candidate):
    verdict = decide(edited, [make_candidate(article, edited)])
    assert (verdict.kind, verdict.signal) == (VerdictKind.NEAR_DUPLICATE, "grams")
    assert "compared phrases" in verdict.evidence


def test_the_best_score_wins_among_other_documents(article, edited, make_candidate, story):
    worse = fingerprint(changes.edited(0.1)(seeded(2), story))
    candidates = [make_candidate(worse, edited, version_id=4), make_candidate(article, edited, version_id=9)]
    assert decide(edited, candidates).matched_version_id == 9


def test_ties_go_to_the_earliest_text(article, make_candidate):
    late = make_candidate(article, article, version_id=4, published_at=datetime(2006, 7, 6, tzinfo=UTC))
    early = make_candidate(article, article, version_id=9, published_at=datetime(2006, 7, 5, tzinfo=UTC))
    assert decide(article, [late, early]).matched_version_id == 9


def test_the_own_history_decides_and_mentions_the_other_document(article, edited, make_candidate):
    own = make_candidate(edited, article, same_document=True, version_id=8)
    twin = make_candidate(article, article, version_id=9)
    verdict = decide(article, [twin, own])
    assert (verdict.kind, verdict.matched_version_id) == (VerdictKind.NEW_VERSION, 8)
    assert "version 9 of another document matches too (same text, 1.00)" in verdict.evidence


def test_equal_short_texts_of_two_documents_prove_nothing(make_article, make_candidate):
    short = make_article("This page is no longer available.", headline="Sorry")
    assert decide(short, [make_candidate(short, short)]).kind is VerdictKind.NEW
    assert decide(short, [make_candidate(short, short, same_document=True)]).kind is VerdictKind.REVISIT
    assert decide(short, [make_candidate(short, short, same_payload=True)]).kind is VerdictKind.NEAR_DUPLICATE


def test_a_news_flash_of_one_sentence_is_long_enough(make_article, make_candidate):
    flash = make_article("The ferry Aurelia has run aground off Halvika with 212 people aboard, the coast guard says.")
    assert decide(flash, [make_candidate(flash, flash)]).kind is VerdictKind.NEAR_DUPLICATE


def test_an_article_without_a_fingerprint_is_refused(story, make_candidate, article):
    with pytest.raises(ValueError, match="fingerprint"):
        decide(story, [make_candidate(article, article)])


def test_a_candidate_stored_without_a_digest_equals_nothing(make_article):
    empty = make_article("", headline="")
    stored = Candidate(
        version_id=1,
        article_id=1,
        document_id=1,
        canonical_url="https://news.example/1",
        same_document=False,
        current=True,
        same_payload=False,
        text_digest="",
        published_at=datetime(2006, 7, 5, tzinfo=UTC),
    )
    assert decide(empty, [stored]).kind is VerdictKind.NEW


def test_the_digest_is_pinned():
    article = Article(headline="Ferry stays in port", body="The crew is ill.")
    assert text_digest(article) == PINNED_DIGEST
    assert fingerprint(article).text_digest == text_digest(article)


def test_the_digest_reads_headline_and_body_and_nothing_else():
    article = Article(headline="Ferry stays in port", body="The crew is ill.")
    assert text_digest(article) == text_digest(
        Article(headline=article.headline, body=article.body, byline="A", site_name="B")
    )
    assert text_digest(article) != text_digest(Article(headline="Ferry leaves port", body=article.body))
