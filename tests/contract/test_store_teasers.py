"""Teasers beside full texts, as they are stored with the verdicts that dateline really gives."""

import pytest

from crawler.dedup import decide, fingerprint
from storage.types import Access, Article, Outcome, VerdictKind

SENTENCES = [
    "The ferry Aurelia ran aground off Halvika on Wednesday evening with 212 people aboard.",
    "All of them were brought ashore within three hours, the coast guard says.",
    "Divers will look at the hull as soon as the wind has dropped below eight metres a second.",
]
FULL = fingerprint(Article(headline="Ferry runs aground", body="\n\n".join(SENTENCES)))
TEASER = fingerprint(Article(headline="Ferry runs aground", body=SENTENCES[0], access=Access.TEASER))
LONGER = fingerprint(Article(headline="Ferry runs aground", body="\n\n".join(SENTENCES[:2]), access=Access.TEASER))


@pytest.fixture
def read(store, make, sources):
    """Stores pages of one document that read so, in one batch or one by one."""
    (document,) = sources("/a")

    def run(*articles, one_by_one):
        outcomes = {Access.TEASER: Outcome.TEASER}
        results = [
            make.result(
                document, outcome=outcomes.get(one.access, Outcome.FETCHED), article=one, payload=one.text_digest
            )
            for one in articles
        ]
        batches = [[one] for one in results] if one_by_one else [results]
        answers = [answer for batch in batches for answer in store.archive(batch, decide=decide, now=make.NOW)]
        assert not any(one.error for one in answers)
        return answers, store.article(answers[0].article_id).versions

    return run


@pytest.mark.parametrize("one_by_one", [True, False])
class TestOneDocument:
    def test_a_teaser_after_the_full_text_is_a_sighting_of_it(self, read, one_by_one):
        answers, versions = read(FULL, TEASER, TEASER, one_by_one=one_by_one)
        assert [one.verdict.kind for one in answers] == [VerdictKind.NEW, VerdictKind.REVISIT, VerdictKind.REVISIT]
        assert {one.verdict.signal for one in answers[1:]} == {"teaser beside the full text"}
        assert {one.version_id for one in answers} == {answers[0].version_id}
        assert [one.article.body for one in versions] == [FULL.body]

    def test_the_full_text_after_a_teaser_is_a_new_version(self, read, one_by_one):
        answers, versions = read(TEASER, FULL, TEASER, one_by_one=one_by_one)
        assert [one.verdict.kind for one in answers] == [VerdictKind.NEW, VerdictKind.NEW_VERSION, VerdictKind.REVISIT]
        assert [one.article.body for one in versions] == [TEASER.body, FULL.body]
        assert answers[2].version_id == answers[1].version_id

    def test_a_teaser_that_shows_more_is_a_new_version_of_a_teaser(self, read, one_by_one):
        _, versions = read(TEASER, LONGER, TEASER, one_by_one=one_by_one)
        assert [one.article.body for one in versions] == [TEASER.body, LONGER.body]

    def test_an_edited_full_text_after_a_teaser_is_still_a_new_version(self, read, one_by_one):
        edited = fingerprint(Article(headline="Ferry runs aground", body=FULL.body.replace("212", "214")))
        answers, versions = read(FULL, TEASER, edited, FULL, one_by_one=one_by_one)
        assert [one.article.body for one in versions] == [FULL.body, edited.body, FULL.body]
        assert answers[3].verdict.signal == "text changed back"


def test_a_teaser_is_recorded_with_its_capture(store, make, sources, read):
    read(FULL, TEASER, one_by_one=True)
    history = store.history(make.identity("/a").canonical_url)
    assert (len(history.captures), history.document.last_outcome) == (2, Outcome.TEASER)


def test_a_teaser_of_another_site_is_an_article_of_its_own(store, make, sources, read):
    answers, _ = read(FULL, one_by_one=True)
    (elsewhere,) = sources("/b", host="lind-herald.example")
    (copy,) = store.archive([make.result(elsewhere, article=TEASER)], decide=decide, now=make.NOW)
    assert copy.article_id != answers[0].article_id
    assert len(store.article(copy.article_id).versions) == 1


def test_reextraction_puts_a_teaser_in_place_of_the_text_that_was_misread(store, make, read):
    answers, _ = read(FULL, one_by_one=True)
    changed = store.reextract(answers[0].version_id, TEASER, now=make.NOW)
    assert {"body", "access"} <= set(changed)
    (version,) = store.article(answers[0].article_id).versions
    assert version.article.body == TEASER.body
