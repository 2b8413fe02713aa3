"""Copies, derived texts and twins, with the stored text at hand; what comes of it in the verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dedup_gate import changes
from dedup_gate.pairs import digest, quoting, written_through
from dedup_gate.stories import PROSE, seeded, story, template_report

from crawler.dedup import decide, fingerprint, refingerprinted
from crawler.dedup.agency_hosts import HOSTS, publishes
from crawler.dedup.likeness import judged
from crawler.extraction.agencies import AGENCIES
from storage.types import Article, RelationKind, VerdictKind


@pytest.fixture(scope="module")
def original():
    return fingerprint(story(seeded(11), 0, 8))


@pytest.fixture(scope="module")
def heavily_edited(original):
    change = changes.together(changes.edited(0.2), changes.reordered)
    return fingerprint(change(seeded(3), replace(original, keys={}, text_digest="")))


@pytest.fixture(scope="module")
def write_through(original):
    return fingerprint(written_through(seeded(4), replace(original, keys={}), story(seeded(9), 5, 9)))


@pytest.fixture
def stored(make_candidate):
    """A candidate with its text."""

    def make(article, fresh, **fields):
        return make_candidate(article, fresh, **{"headline": article.headline, "body": article.body, **fields})

    return make


def test_a_heavily_edited_and_reordered_copy_is_found_by_its_wording_and_not_by_the_sample(
    original, heavily_edited, stored, make_candidate
):
    verdict = decide(heavily_edited, [stored(original, heavily_edited)])
    assert (verdict.kind, verdict.signal) == (VerdictKind.NEAR_DUPLICATE, "wording")
    assert verdict.score > 0.85
    assert "of the shorter text stands in the other" in verdict.evidence
    sampled = decide(heavily_edited, [make_candidate(original, heavily_edited)])
    assert sampled.kind is VerdictKind.NEW


def test_a_write_through_is_derived_and_founds_its_own_story(original, write_through, stored):
    verdict = decide(write_through, [stored(original, write_through)])
    assert (verdict.kind, verdict.signal, verdict.matched_version_id) == (VerdictKind.DERIVED, "wording", 7)
    (likeness,) = verdict.likenesses
    assert (likeness.kind, likeness.score) == (RelationKind.DERIVED, verdict.score)


def test_a_copy_goes_before_what_it_is_derived_from(original, write_through, heavily_edited, stored):
    derived = stored(original, write_through, version_id=4, article_id=1)
    copy = stored(write_through, write_through, version_id=9, article_id=2, text_digest="another")
    verdict = decide(write_through, [derived, copy])
    assert (verdict.kind, verdict.matched_version_id) == (VerdictKind.NEAR_DUPLICATE, 9)
    assert [(one.article_id, one.kind) for one in verdict.likenesses] == [
        (2, RelationKind.COPY),
        (1, RelationKind.DERIVED),
    ]


def test_an_article_has_one_likeness_the_strongest_of_its_versions(original, heavily_edited, stored):
    old = stored(heavily_edited, original, version_id=4, article_id=2, current=False)
    current = stored(original, original, version_id=5, article_id=2)
    (likeness,) = decide(original, [old, current]).likenesses
    assert (likeness.version_id, likeness.signal, likeness.score) == (5, "same text", 1.0)
    assert (likeness.share, likeness.other_share) == (1.0, 1.0)


def test_likenesses_come_with_a_verdict_on_the_own_history_too(original, heavily_edited, stored):
    own = stored(heavily_edited, original, version_id=8, same_document=True)
    twin = stored(original, original, version_id=9, article_id=4)
    verdict = decide(original, [own, twin])
    assert verdict.kind is VerdictKind.NEW_VERSION
    assert [one.version_id for one in verdict.likenesses] == [9]


def test_a_part_says_how_much_of_each_text_is_common(original, stored):
    part = fingerprint(changes.cut(0.5)(seeded(1), original))
    (likeness,) = decide(part, [stored(original, part)]).likenesses
    assert (likeness.kind, likeness.share, likeness.score) == (RelationKind.COPY, 1.0, 1.0)
    assert 0.4 < likeness.other_share < 0.6


def test_a_brief_in_the_midst_of_a_much_longer_text_is_derived_and_at_its_top_a_copy(original):
    brief = story(seeded(8), 3, 2)
    assert judged(brief.body, f"{original.body}\n\n{brief.body}").kind is RelationKind.DERIVED
    assert judged(brief.body, f"{brief.body}\n\n{original.body}").kind is RelationKind.COPY


def test_digest_and_quotation_are_derived(original):
    plain = replace(original, keys={}, text_digest="")
    others = [story(seeded(20 + number), number, 7) for number in (3, 4)]
    for fresh in (digest(seeded(1), [plain, *others]), quoting(seeded(1), plain, story(seeded(30), 6, 4))):
        assert judged(fresh.body, original.body).kind is RelationKind.DERIVED


@pytest.mark.parametrize("name", [*PROSE["templates"], *PROSE["templates_cjk"]])
def test_twins_of_a_template_have_nothing_in_common(name):
    monday, tuesday = (template_report(seeded(day), name, seeded(1)) for day in (1, 2))
    assert judged(monday.body, tuesday.body) is None
    edited = changes.edited(0.08)(seeded(2), monday)
    assert judged(monday.body, edited.body).kind is RelationKind.COPY


def test_stock_phrases_are_taken_off_the_common_passages(original):
    furnished = replace(original, body=f"{original.body}\n\n{story(seeded(5), 2, 6).body}")
    assert judged(original.body, furnished.body).score == 1.0
    assert judged(original.body, furnished.body, stock=0.9).score == 1.0
    half = replace(original, body=original.body[: len(original.body) // 2] + story(seeded(5), 2, 5).body)
    plain, stock = judged(original.body, half.body), judged(original.body, half.body, stock=0.6)
    assert stock.score < plain.score
    assert judged(original.body, half.body, stock=1.0) is None


def test_texts_in_two_scripts_and_empty_ones_have_nothing_in_common(original):
    assert judged(original.body, story(seeded(1), 0, 8, "th").body) is None
    assert judged(original.body, "") is None
    assert judged("", "") is None


def test_a_change_of_counters_alone_is_a_revisit(original, stored):
    body = original.body
    shown = fingerprint(Article(headline=original.headline, body=f"{body}\n\nUpdated at 10:40"))
    fresh = fingerprint(Article(headline=original.headline, body=f"{body}\n\nUpdated at 11:15"))
    verdict = decide(fresh, [stored(shown, fresh, same_document=True)])
    assert (verdict.kind, verdict.signal) == (VerdictKind.REVISIT, "change without meaning")
    assert verdict.score > 0.95


def test_a_change_that_matters_is_named(original, stored):
    fresh = fingerprint(Article(headline=original.headline, body=f"{original.body}\n\n{story(seeded(7), 4, 1).body}"))
    verdict = decide(fresh, [stored(original, fresh, same_document=True)])
    assert (verdict.kind, verdict.signal) == (VerdictKind.NEW_VERSION, "text changed")
    assert "addition" in verdict.evidence
    assert "by wording" in verdict.evidence


# -- whose own story it is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agency", "host", "own"),
    [
        ("Reuters", "www.reuters.com", True),
        ("Reuters", "uk.reuters.com", True),
        ("Reuters", "notreuters.com", False),
        ("Reuters", "reuters.com.mirror.example", False),
        ("AP", "reuters.com", False),
        ("", "reuters.com", False),
        ("An agency of no table", "reuters.com", False),
    ],
)
def test_an_agency_publishes_itself_on_its_own_hosts(agency, host, own):
    assert fingerprint(Article(headline="x", body="y", agency=agency), host=host).agency_own is own


def test_a_host_that_is_not_known_changes_nothing():
    article = fingerprint(Article(headline="x", body="y", agency="AP"), host="apnews.com")
    assert fingerprint(article).agency_own
    assert not refingerprinted(article, "harbour-post.example").agency_own
    assert refingerprinted(article, "apnews.com") == article


def test_the_hosts_are_of_agencies_that_extraction_names():
    assert HOSTS.keys() <= {agency.name for agency in AGENCIES}
    assert all(host == host.lower() and "." in host for hosts in HOSTS.values() for host in hosts)
    assert all(publishes(name, host) for name, hosts in HOSTS.items() for host in hosts)
