"""Linking takes any text: nothing that a page or an entry says breaks it, and what it answers is a probability."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.linking import Finder, Vocabulary, days_around, evidence_of, links_of, search_words
from crawler.linking.slugs import slug_words
from crawler.linking.terms import terms
from storage.types import ArticleText, EventText, LinkHow, LinkState, StoryLink

WORDS = st.sampled_from(
    [
        "ferry",
        "Libya",
        "U.S.",
        "1,000",
        "９",
        "İ",
        "ß",
        "ё",
        "首相",
        "대통령",
        "नमस्ते",
        "the",
        "'s",
        "²",
        "ﬁ",
        "\u0301",
        "\ud800",
    ]
)
TEXT = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map(" ".join))
MOMENTS = st.datetimes(timezones=st.just(UTC))
EVENTS = st.lists(
    st.builds(
        EventText,
        key=st.from_regex(r"20[0-9]{2}/0[1-9]/[1-9]/[a-z]{1,3}", fullmatch=True),
        event_date=st.dates(),
        headline=TEXT,
        topics=st.lists(TEXT, max_size=2).map(tuple),
        entities=st.lists(TEXT, max_size=3).map(tuple),
    ),
    max_size=6,
)
ARTICLES = st.builds(
    ArticleText,
    article_id=st.integers(1, 9),
    canonical_url=st.one_of(st.text(max_size=60), TEXT.map(lambda text: f"https://a.example/{text}")),
    headline=TEXT,
    standfirst=TEXT,
    body=TEXT,
    reported_at=MOMENTS,
    dated=st.booleans(),
)


@given(TEXT)
def test_terms_are_stable_and_single(text):
    found = terms(text)
    assert found == terms(text)
    assert all(term and not any(char.isspace() for char in term) for term in found)
    assert terms(f"{text} . ferry")[-1] == "ferri"


@given(TEXT)
def test_letter_case_changes_nothing(text):
    assert terms(text.lower()) == terms(text.lower().casefold())


@given(st.text(max_size=80))
def test_any_url_has_words_or_none(url):
    assert isinstance(slug_words(url), str)


@given(ARTICLES, EVENTS, st.floats(0, 1))
def test_whatever_is_weighed_gets_probabilities_in_order(article, events, fit):
    finder = Finder(Vocabulary(events))
    found = finder.find(article, events)
    assert sorted(one.event.key for one in found) == sorted({event.key for event in events})
    probabilities = [one.probability for one in found]
    assert all(0 <= value <= 1 for value in probabilities)
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(evidence_of(one) for one in found)
    assert finder.find(article, list(reversed(events))) == found or len({one.key for one in events}) < len(events)
    for link in links_of(article.article_id, found):
        assert link.how is LinkHow.CONTENT
        assert link.state in {LinkState.LINKED, LinkState.PROPOSED}


@given(ARTICLES, EVENTS)
def test_every_feature_lies_between_nothing_and_one(article, events):
    for one in Finder(Vocabulary(events)).find(article, events):
        assert all(-1e-9 <= value <= 1 + 1e-9 for value in one.features), one.features


@given(ARTICLES, EVENTS)
def test_candidates_are_sought_for_any_article(article, events):
    days = days_around(article)
    assert (days is None) is not article.dated
    assert days is None or days[0] <= days[1]
    assert all(word.strip() for word in search_words(article, Vocabulary(events)))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_nearer_copy_inherits_no_less(one, other):
    event = EventText(key="2031/03/4/a", event_date=date(2031, 3, 4), headline="A ferry sinks")
    finder = Finder(Vocabulary([event]))

    def probability(fit):
        link = StoryLink(event_key=event.key, article_id=2, state=LinkState.LINKED, how=LinkHow.CITATION, fit=fit)
        article = ArticleText(
            article_id=1,
            canonical_url="https://a.example/1",
            headline="More",
            body="",
            reported_at=datetime(2031, 3, 4, tzinfo=UTC),
            dated=True,
            story=(link,),
        )
        return finder.find(article, [event])[0].probability

    assert (one <= other) <= (probability(one) <= probability(other))
