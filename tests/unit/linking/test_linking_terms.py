"""Text as terms, and the words of a URL."""

from datetime import UTC, date, datetime

import pytest

from crawler.linking.candidates import days_around, search_words
from crawler.linking.places import FORMS, PHRASES
from crawler.linking.slugs import slug_words
from crawler.linking.terms import terms
from crawler.linking.vocabulary import Vocabulary
from storage.types import ArticleText, EventText


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Libyan", "Libya"),
        ("U.N.", "the United Nations"),
        ("US", "United-States"),
        ("North Koreans", "DPRK"),
        ("DR Congo", "Democratic Republic of the Congo"),
        ("İzmir's mayors", "Izmir mayor"),
        ("1,250 houses", "1250 house"),
        ("seven ferries", "7 ferry"),
        ("COVID-19", "coronavirus"),
        ("Российские учёные", "российский ученый"),
        ("Türkiye", "Turkey"),
    ],
)
def test_what_means_the_same_becomes_the_same_terms(left, right):
    assert terms(left) == terms(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Niger", "Nigeria"), ("Austria", "Australia"), ("North Korea", "South Korea"), ("Guinea", "Guyana"), ("8", "80")],
)
def test_what_means_something_else_does_not(left, right):
    assert not set(terms(left)) & set(terms(right))


def test_scripts_without_spaces_are_read_two_signs_at_a_time():
    assert terms("首相が訪問") == ["首相", "相が", "が訪", "訪問"]
    assert terms("日") == ["日"]
    assert set(terms("대통령이")) & set(terms("대통령"))


def test_small_words_and_single_letters_say_nothing():
    assert terms("a man of the s e a") == ["man"]


def test_every_place_has_one_form():
    assert not {form for form in FORMS.values() if FORMS[form] != form}
    assert not {phrase for phrase, form in PHRASES.items() if " " not in phrase or FORMS[form] != form}
    assert all(terms(phrase) == [form] for phrase, form in PHRASES.items())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "https://lind-herald.example/world/2031/03/04/ferry-sinks-off-tolvikford-a68775",
            "ferry sinks off tolvikford",
        ),
        ("https://lind-herald.example/article/us-ferry/ferry-sinks-off-tolvik-idUSKBN21J5KS", "ferry sinks off tolvik"),
        ("https://lind-herald.example/20310304-c%C3%B4te-ferry-sinks.html?x=1", "côte ferry sinks"),
        ("https://lind-herald.example/europe/ferry-sinks-2031-03-04/", ""),
        ("https://lind-herald.example/europe/big-ferry-sinks-2031-03-04/", "big ferry sinks"),
        ("https://lind-herald.example/stories/2031/3/4/001.html", ""),
        ("https://[broken", ""),
    ],
)
def test_words_of_a_url(url, words):
    assert slug_words(url) == words


def article(moment, *, dated=True):
    return ArticleText(
        article_id=1,
        canonical_url="https://lind-herald.example/1",
        headline="Ferry sinks near the port of Tolvikford",
        body="Rescuers searched the water off Tolvikford.",
        reported_at=moment,
        dated=dated,
    )


@pytest.mark.parametrize(
    ("moment", "first", "last"),
    [
        (datetime(2031, 3, 4, tzinfo=UTC), date(2031, 3, 3), date(2031, 3, 5)),
        (datetime(2031, 3, 4, 12, tzinfo=UTC), date(2031, 3, 3), date(2031, 3, 5)),
        (datetime(2031, 3, 4, 3, tzinfo=UTC), date(2031, 3, 2), date(2031, 3, 5)),
        (datetime(2031, 3, 4, 20, tzinfo=UTC), date(2031, 3, 3), date(2031, 3, 6)),
    ],
)
def test_events_of_the_days_around_are_weighed_whatever_the_clock_says(moment, first, last):
    assert days_around(article(moment)) == (first, last)


def test_the_ends_of_time_and_undated_articles_have_no_days_to_break():
    assert days_around(article(datetime(1, 1, 1, tzinfo=UTC)))[0] == date(1, 1, 1)
    assert days_around(article(datetime(9999, 12, 31, tzinfo=UTC)))[1] == date(9999, 12, 31)
    assert days_around(article(datetime(9999, 12, 31, 23, tzinfo=UTC)))[1] == date(9999, 12, 31)
    assert days_around(article(datetime(1, 1, 1, 1, tzinfo=UTC)))[0] == date(1, 1, 1)
    assert days_around(article(datetime(2031, 3, 4, tzinfo=UTC), dated=False)) is None


def test_the_most_telling_words_are_searched_first_and_small_ones_never():
    event = EventText(key="2031/03/4/a", event_date=date(2031, 3, 4), headline="A ferry sinks near a port")
    words = search_words(article(datetime(2031, 3, 4, tzinfo=UTC)), Vocabulary([event] * 50))
    assert words[0] == "Tolvikford"
    assert "the" not in words
    assert words.index("Ferry") < words.index("Rescuers")


def test_in_a_small_library_the_words_of_news_tell_little():
    words = Vocabulary()
    assert words.weight(terms("kill")[0]) < 0.5 < words.weight("tolvikford") == 1.0
    for _ in range(3000):
        words.add(EventText(key="k", event_date=date(2031, 3, 4), headline="Tolvikford"))
    assert words.weight("tolvikford") < 0.05
