"""Which of a few events is found for an article, with which reasons."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.linking import LINKED, PROPOSED, Finder, Vocabulary, evidence_of, links_of, state_of
from crawler.linking.weighing import BY_WORDS
from storage.types import ArticleText, EventText, LinkHow, LinkState, StoryLink

FERRY = EventText(
    key="2031/03/4/ferry",
    event_date=date(2031, 3, 4),
    headline="At least nine people are killed when a passenger ferry capsizes off Tolvikford, Norway.",
    entities=("Tolvikford", "Norway"),
)
CAPTAIN = EventText(
    key="2031/03/5/captain",
    event_date=date(2031, 3, 5),
    headline="Ilse Jorvelle, captain of the ferry that capsized off Tolvikford, Norway, is arrested.",
    entities=("Ilse Jorvelle", "Tolvikford", "Norway"),
)
BANK = EventText(
    key="2031/03/4/bank",
    event_date=date(2031, 3, 4),
    headline="The central bank of Malawi raises its interest rate.",
    entities=("Reserve Bank", "Malawi"),
)
EVENTS = (FERRY, CAPTAIN, BANK)
ARTICLE = ArticleText(
    article_id=7,
    canonical_url="https://harbour-post.example/2031/03/04/nine-dead-as-norwegian-ferry-capsizes",
    headline="Nine dead as ferry capsizes off Norwegian port of Tolvikford",
    body="A ferry with passengers aboard overturned near Tolvikford, killing nine people, Norway's police said.",
    reported_at=datetime(2031, 3, 4, 15, tzinfo=UTC),
    dated=True,
)


@pytest.fixture
def finder():
    return Finder(Vocabulary(EVENTS))


def keys(found):
    return [one.event.key for one in found]


def test_the_event_is_linked_and_the_evidence_can_be_read(finder):
    found = finder.find(ARTICLE, EVENTS)
    assert keys(found)[0] == FERRY.key
    (link,) = links_of(ARTICLE.article_id, found)
    assert (link.event_key, link.how, link.state) == (FERRY.key, LinkHow.CONTENT, LinkState.LINKED)
    assert link.evidence.startswith("shares Tolvikford, Norway, nine, ")
    assert "; same or next day; score " in link.evidence
    assert link.score >= LINKED


def test_the_day_after_goes_to_the_sequel(finder):
    later = replace(
        ARTICLE,
        canonical_url="https://harbour-post.example/2",
        headline="Captain of Tolvikford ferry held",
        body="Police arrested Ilse Jorvelle, who commanded the ferry lost off Tolvikford in Norway.",
        reported_at=datetime(2031, 3, 5, 9, tzinfo=UTC),
    )
    assert keys(finder.find(later, EVENTS))[0] == CAPTAIN.key


def test_neither_order_nor_repeats_of_the_events_matter(finder):
    forward = finder.find(ARTICLE, EVENTS)
    assert finder.find(ARTICLE, (*reversed(EVENTS), FERRY)) == forward
    assert Finder(Vocabulary(EVENTS)).find(ARTICLE, EVENTS) == forward


def test_an_article_about_nothing_of_this_gets_nothing_even_from_a_library_of_one_event(finder):
    other = replace(
        ARTICLE,
        canonical_url="https://harbour-post.example/3",
        headline="Norwegian handball side beat visitors",
        body="A late run of goals settled the match in Oslo, the capital of Norway.",
    )
    for events in (EVENTS, (FERRY,), ()):
        assert links_of(7, finder.find(other, events)) == ()


def test_two_events_that_say_the_same_leave_neither_sure(finder):
    twin = replace(FERRY, key="2031/03/4/twin")
    first, second, *_ = finder.find(ARTICLE, (*EVENTS, twin))
    assert {first.event.key, second.event.key} == {FERRY.key, twin.key}
    assert first.probability == second.probability < finder.find(ARTICLE, EVENTS)[0].probability
    assert f"next event {second.probability:.2f}" in evidence_of(first)


def test_another_country_is_another_event(finder):
    bare = replace(ARTICLE, canonical_url="https://harbour-post.example/4", body="")
    norway = replace(bare, headline="Nine dead as Norwegian ferry capsizes")
    chile = replace(bare, headline="Nine dead as Chilean ferry capsizes")
    best = finder.find(chile, EVENTS)[0]
    assert "names another place" in evidence_of(best)
    assert best.probability < finder.find(norway, EVENTS)[0].probability


def test_days_apart_are_told(finder):
    (late,) = finder.find(replace(ARTICLE, reported_at=datetime(2031, 3, 5, 15, tzinfo=UTC)), (FERRY,))
    assert "the event is 1 day earlier" in evidence_of(late)
    (early,) = finder.find(replace(ARTICLE, reported_at=datetime(2031, 3, 2, 12, tzinfo=UTC)), (FERRY,))
    assert "the event is 2 days later" in evidence_of(early)
    (undated,) = finder.find(replace(ARTICLE, dated=False), (FERRY,))
    assert "the article is undated" in evidence_of(undated)
    same_day = finder.find(ARTICLE, (FERRY,))[0].probability
    assert same_day > max(late.probability, early.probability, undated.probability)


def test_the_clock_of_another_time_zone_is_the_same_day(finder):
    (found,) = finder.find(replace(ARTICLE, reported_at=datetime(2031, 3, 5, 4, tzinfo=UTC)), (FERRY,))
    assert found.apart == 0
    assert found.features.same_day == 1.0


BARE = replace(
    ARTICLE, canonical_url="https://harbour-post.example/5", headline="What we know so far", body="More follows."
)


def story(**changed):
    link = StoryLink(event_key=FERRY.key, article_id=12, state=LinkState.LINKED, how=LinkHow.CITATION, fit=0.97)
    return replace(BARE, story=(replace(link, **changed),))


def test_a_copy_of_a_cited_article_inherits_its_event(finder):
    assert links_of(7, finder.find(BARE, EVENTS)) == ()
    (link,) = links_of(7, finder.find(story(), EVENTS))
    assert (link.event_key, link.state) == (FERRY.key, LinkState.LINKED)
    assert link.evidence.endswith("the same story as article 12, which the entry cites")
    (link,) = links_of(7, finder.find(story(fit=0.6), EVENTS))
    assert link.state is LinkState.PROPOSED


def test_a_copy_of_a_confirmed_article_inherits_too(finder):
    (link,) = links_of(7, finder.find(story(how=LinkHow.HAND, state=LinkState.CONFIRMED), EVENTS))
    assert link.evidence.endswith("the same story as article 12, which a person confirmed")


@pytest.mark.parametrize(
    "changed",
    [
        {"how": LinkHow.CONTENT},
        {"how": LinkHow.CONTENT, "state": LinkState.PROPOSED},
        {"state": LinkState.REJECTED, "how": LinkHow.HAND},
        {"event_key": "2031/03/4/unknown"},
    ],
)
def test_what_linking_found_itself_is_no_witness(finder, changed):
    assert links_of(7, finder.find(story(**changed), EVENTS)) == ()


def test_a_citation_is_never_written_again_but_rivals_the_others(finder):
    cited = replace(ARTICLE, cited_by=(FERRY.key,))
    found = finder.find(cited, EVENTS)
    assert found[0].cited
    assert "the entry cites it" in evidence_of(found[0])
    assert links_of(7, found) == ()


def test_states_follow_the_thresholds(finder):
    found = finder.find(ARTICLE, EVENTS)[0]
    assert state_of(replace(found, probability=LINKED)) is LinkState.LINKED
    assert state_of(replace(found, probability=LINKED - 0.01)) is LinkState.PROPOSED
    assert state_of(replace(found, probability=PROPOSED)) is LinkState.PROPOSED
    assert state_of(replace(found, probability=PROPOSED - 0.01)) is None
    (link,) = links_of(7, [replace(found, probability=PROPOSED)])
    assert link.state is LinkState.PROPOSED


def test_at_most_five_links_per_article(finder):
    found = finder.find(ARTICLE, EVENTS)[0]
    assert len(links_of(7, [found] * 9)) == 5


def test_twins_share_what_one_alone_would_have():
    (alone,) = BY_WORDS.probabilities([14.0], dated=True)
    first, second = BY_WORDS.probabilities([14.0, 14.0], dated=True)
    assert first == second == pytest.approx(alone / 2)
    near, far = (BY_WORDS.probabilities([14.0, rival], dated=True)[0] for rival in (12.0, 3.0))
    assert first < near < far < alone
    assert BY_WORDS.probabilities([], dated=True) == []
    assert BY_WORDS.probabilities([6.0], dated=True) < BY_WORDS.probabilities([9.0], dated=True)
    assert BY_WORDS.probabilities([1e9, -1e9], dated=False) == [pytest.approx(1.0), 0.0]


class Meanings:
    """A stand-in: texts about ferries point one way, all others another."""

    asked = 0

    def vectors(self, texts):
        self.asked += len(texts)
        return [(1.0, 0.0) if "ferry" in text.lower() else (0.0, 1.0) for text in texts]


def test_a_sentence_model_takes_part_and_reads_each_event_once():
    model = Meanings()
    finder = Finder(Vocabulary(EVENTS), model)
    (best, *_) = finder.find(ARTICLE, EVENTS)
    assert best.event.key == FERRY.key
    assert best.features.meaning == 1.0
    assert "meaning 1.00" in evidence_of(best)
    assert model.asked == 4
    finder.find(BARE, EVENTS)
    assert model.asked == 5
    assert finder.find(ARTICLE, ()) == []
