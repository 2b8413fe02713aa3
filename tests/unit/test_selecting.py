"""The selection language: what it means, what it refuses and what it says then."""

from datetime import date

import pytest

from crawler.errors import ConfigurationError, SelectionError
from crawler.selecting import KEYS, LONGEST, MOST_WORDS, fields_of, from_fields, parse, render
from storage.types import LibraryQuery, Outcome, TextKind


def test_words_and_terms_narrow_each_other():
    assert parse(
        'earthquake "big storm" since:2006-07 until:2007 publisher:news.example outcome:gone text:archive_only'
        ' language:en agency:"Agence Quelque" event:2006/07/5/ferry-strike marked:yes'
    ) == LibraryQuery(
        words=("earthquake", "big storm"),
        since=date(2006, 7, 1),
        until=date(2007, 12, 31),
        publisher="news.example",
        outcome=Outcome.GONE,
        text=TextKind.ARCHIVE_ONLY,
        language="en",
        agency="Agence Quelque",
        event="2006/07/5/ferry-strike",
        marked=True,
    )


@pytest.mark.parametrize("text", ["", "  \n ", "marked:no"])
def test_nothing_said_means_everything(text):
    assert parse(text) == LibraryQuery()
    assert render(parse(text)) == ""


@pytest.mark.parametrize(
    ("text", "since"),
    [("2006", date(2006, 1, 1)), ("2006-2", date(2006, 2, 1)), ("2006-02-9", date(2006, 2, 9))],
)
def test_since_means_the_first_day_of_what_is_written(text, since):
    assert parse(f"since:{text}").since == since


@pytest.mark.parametrize(
    ("text", "until"),
    [
        *(("2006", date(2006, 12, 31)), ("2008-02", date(2008, 2, 29)), ("2006-02", date(2006, 2, 28))),
        *(("2006-02-09", date(2006, 2, 9)), ("9999", date(9999, 12, 31)), ("9999-12", date(9999, 12, 31))),
    ],
)
def test_until_means_the_last_day_of_what_is_written(text, until):
    assert parse(f"until:{text}").until == until


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("News.Example", "news.example"),
        ("https://news.example:443/2006/07/05/a?id=1#top", "news.example"),
        ("http://web.archive.org/web/20060705/http://radio.example/1", "radio.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("news.example:8080", "news.example:8080"),
    ],
)
def test_a_publisher_is_a_host_or_any_url_on_it(written, host):
    assert parse(f"publisher:{written}").publisher == host


@pytest.mark.parametrize("text", ["outcome:GONE", "text:Full", "language:EN", "marked:Yes"])
def test_values_of_closed_sets_are_understood_in_any_case(text):
    assert parse(text) == parse(text.lower())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"12:30"', ("12:30",)),
        ('"http://news.example/a"', ("http://news.example/a",)),
        (r'"say \"no\" \\ \n"', (r'say "no" \ \n',)),
        ('"  two   words "', ("two words",)),
        ('5"disk d\\isk', ('5"disk', "d\\isk")),
    ],
)
def test_what_stands_in_quotes_is_looked_for_as_it_is(text, words):
    assert parse(text).words == words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ferry 12:30", "at sign 7: there is no key '12'; there are since, until,"),
        ("12:30", 'a word with a colon is looked for in quotes: "12:30"'),
        ("http://a.example/", 'in quotes: "http://a.example/"'),
        ("publsher:a.example", "did you mean publisher?"),
        ("outcome:gon", "there is no outcome 'gon'; did you mean gone?"),
        ("outcome:xyz", "there are fetched, "),
        ("text:archive-only", "did you mean archive_only?"),
        ("a since:2006 since:2007", "at sign 14: since stands there twice"),
        ('a "big storm', "at sign 3: the quotes are not closed"),
        ('agency:"Agence', "at sign 8: the quotes are not closed"),
        ('"big"storm', "at sign 6: the text goes on behind the closing quotes"),
        ('""', "there is nothing between the quotes"),
        ("since:", "since has no value; for example since:2006-07"),
        ('agency:" "', "agency has no value"),
        ("since:2007 until:2006", "at sign 12: since 2007-01-01 lies behind until 2006-12-31; exchange them"),
        ("since:2006-13", "'2006-13' is no day, month or year; write it as"),
        ("until:2006-02-30", "is no day, month or year"),
        ("until:2006-0", "is no day, month or year"),
        ("since:0000", "is no day, month or year"),
        ("since:٢٠٠٦", "is no day, month or year"),
        ("until:tomorrow", "is no day, month or year"),
        ("publisher:a..b", "'a..b' is no host"),
        ("language:english", "'english' is no language"),
        ("marked:maybe", "neither yes nor no"),
        ("a\x00b", "at sign 2: no text has the sign U+0000"),
        ("agency:\udc80", "no text has the sign U+DC80"),
        ("a" * (LONGEST + 1), f"{LONGEST} are possible"),
        ("a " * (MOST_WORDS + 1), f"more than {MOST_WORDS}"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place_and_what_is_possible(text, said):
    with pytest.raises(SelectionError) as caught:
        parse(text)
    assert said in str(caught.value)
    assert isinstance(caught.value, ConfigurationError)


def test_fields_are_named_as_the_terms_are():
    query = parse('ferry "big storm" since:2006 outcome:gone agency:"Agence Quelque" marked:yes')
    said = fields_of(query)
    assert said == {
        "q": 'ferry "big storm"',
        "since": "2006-01-01",
        "outcome": "gone",
        "agency": "Agence Quelque",
        "marked": "yes",
    }
    assert from_fields(said) == query
    assert set(fields_of(parse("since:2006"))) <= {"q", *KEYS}


def test_the_field_of_the_words_may_have_terms_and_empty_fields_say_nothing():
    assert from_fields({"q": "ferry since:2006", "until": "2007", "agency": " ", "marked": ""}) == parse(
        "ferry since:2006 until:2007"
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"q": "since:2006", "since": "2007"}, "field since: since stands there twice"),
        ({"publsher": "a.example"}, "field 'publsher': there is no such field; did you mean publisher?"),
        ({"outcome": "gon"}, "field outcome: there is no outcome 'gon'; did you mean gone?"),
        ({"agency": "a\x00"}, "field agency: no text has the sign U+0000"),
        ({"event": "x" * (LONGEST + 1)}, "field event: it is"),
        ({"q": '"'}, "at sign 1: the quotes are not closed"),
    ],
)
def test_a_field_that_cannot_be_understood_is_named(fields, said):
    with pytest.raises(SelectionError) as caught:
        from_fields(fields)
    assert said in str(caught.value)
