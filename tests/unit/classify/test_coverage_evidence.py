import string
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.classify.coverage import coverage_of
from storage.types import Article, Citation, DatedTime, DatePrecision

DAY = date(2006, 7, 5)
FERRY = Article(
    headline="312 taken off ferry after grounding",
    body="ORLEN BAY - All passengers of the Saint Brannoc were rescued on Wednesday after the ship ran on to a sandbank"
    " in the Merrow Strait. The U.N. sent twelve boats.",
    language="en",
)
ENTRY = "A ferry with 312 people runs aground in the Merrow Strait."


def dated(article, days, precision=DatePrecision.DAY):
    moment = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(days=days)
    return replace(article, published_at=DatedTime(value=moment, precision=precision, evidence="test"))


def citing(headline, label="", key="2006/07/5/ferry"):
    return Citation(event_key=key, event_date=DAY, headline=headline, label=label)


def covered(article, headline, label=""):
    return coverage_of(article, (citing(headline, label),))


def test_what_no_entry_cites_is_taken_and_says_so():
    found = coverage_of(FERRY, ())
    assert (found.accepted, found.event_key, found.detail) == (True, "", "no event entry cites it")


def test_the_evidence_names_words_names_figures_and_the_day():
    found = covered(dated(FERRY, 0), ENTRY)
    assert found.accepted
    assert found.missing == ("people", "runs", "aground")
    assert found.detail.startswith("4 of 7 words of the headline, all 2 names, 1 of 1 figure; published on the day; ")


def test_a_rejection_tells_the_score_and_what_would_have_been_enough():
    found = covered(dated(FERRY, 0), "The parliament of Kestria elects Dorin Vael as prime minister.")
    assert not found.accepted
    assert found.detail.startswith("0 of 7 words of the headline, no names; published on the day; score 0.00, 0.3")


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "published on the day"),
        (1, "published 1 day after the event"),
        (-3, "published 3 days before the event"),
        (364, "published 364 days after the event"),
        (365, "published 1 year after the event"),
        (-1100, "published 3 years before the event"),
    ],
)
def test_how_far_the_dates_lie_apart_is_told(days, told):
    assert f"; {told}; " in covered(dated(FERRY, days), ENTRY).detail


def test_the_nearer_the_dates_the_better():
    scores = [covered(dated(FERRY, days), ENTRY).score for days in (0, 20, 200, 2000)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[1] > scores[2] > scores[3]


@pytest.mark.parametrize("precision", [DatePrecision.YEAR, DatePrecision.MONTH])
def test_a_date_that_names_no_day_counts_as_none(precision):
    assert covered(dated(FERRY, 2000, precision), ENTRY) == covered(FERRY, ENTRY)
    assert "; no date; " in covered(FERRY, ENTRY).detail


@pytest.mark.parametrize("word", ["twelve", "12", "dozen", "UN", "Merrow's", "BRANNOC", "passenger", "sandbanks"])
def test_other_forms_of_a_word_are_the_same_word(word):
    assert covered(FERRY, f"Zzz {word}").missing == ("zzz",)


def test_thousands_are_one_figure_with_and_without_a_comma():
    assert covered(replace(FERRY, body="Some 60,000 children."), "Vaccine for 60000").missing == ("vaccine",)


def test_the_entry_that_fits_best_decides():
    other = citing("Voters in Norland approve a new constitution in a referendum.", key="other")
    assert coverage_of(FERRY, (other, citing(ENTRY), other)) == coverage_of(FERRY, (citing(ENTRY),))
    assert coverage_of(FERRY, (other, citing(ENTRY))).event_key == "2006/07/5/ferry"


def test_a_label_that_is_a_title_is_as_good_as_the_headline():
    headline = "Several accidents are reported from the northern waters."
    found = covered(FERRY, headline, "Ferry grounding: passengers of Saint Brannoc rescued from sandbank")
    assert found.accepted
    assert " words of the label" in found.detail
    assert not covered(FERRY, headline, "BBC").accepted


def test_a_publisher_s_name_is_no_evidence_for_its_article():
    page = replace(FERRY, body=f"{FERRY.body} Copyright The Merrow and Orlen Bay Ferry Gazette.")
    assert not covered(page, "Voters in Norland approve a constitution.", "The Merrow and Orlen Bay Gazette").accepted


def test_names_alone_without_what_happened_are_another_event():
    assert not covered(FERRY, "Merrow bans the import of poultry and eggs.").accepted


@pytest.mark.parametrize("days", [None, 0])
def test_another_script_is_taken_for_want_of_anything_to_compare(days):
    page = Article(headline="渡轮在雾中搁浅", body="周三清晨，一艘渡轮在海峡搁浅，乘客全部获救。", language="zh")
    found = covered(page if days is None else dated(page, days), ENTRY)
    assert found.accepted
    assert found.score < 0.1
    assert found.detail.endswith("written in another script, where hardly a word can agree")


def test_another_script_is_not_taken_where_the_date_speaks_against_it():
    page = Article(headline="新图书馆开放", body="市图书馆周六开放。", language="zh")
    assert not covered(dated(page, 400), ENTRY).accepted


def test_another_language_needs_less_agreement():
    page = Article(
        headline="Encalla un transbordador", body="Un barco con 312 pasajeros encalló en el Merrow.", language="es"
    )
    found = covered(page, ENTRY)
    assert found.accepted
    assert found.detail.endswith("for a page in another language")
    assert not covered(page, "The parliament of Kestria elects Dorin Vael.").accepted


@pytest.mark.parametrize("headline", ["", "...", "of the", "\u0000", "渡"])
def test_an_entry_without_words_keeps_nothing_out(headline):
    found = covered(FERRY, headline)
    assert found.accepted
    assert "the event entry has no words to compare" in found.detail


def test_a_page_without_words_is_not_taken():
    found = covered(Article(headline="", body="..."), ENTRY)
    assert (found.accepted, found.score) == (False, 0.0)


TEXTS = st.text(max_size=300) | st.text(alphabet=string.ascii_letters + string.digits + " .,'", max_size=300)
LANGUAGES = st.sampled_from(["", "en", "es", "zh"])
DAYS = st.none() | st.integers(-9000, 9000)


def article(headline, body, language, days):
    page = Article(headline=headline, body=body, language=language)
    return page if days is None else dated(page, min(days, 2_000_000))


@given(TEXTS, TEXTS, LANGUAGES, DAYS, st.lists(st.tuples(TEXTS, TEXTS), max_size=3))
def test_anything_is_judged_without_an_error(headline, body, language, days, said):
    found = coverage_of(article(headline, body, language, days), tuple(citing(*one) for one in said))
    assert 0.0 <= found.score <= 1.0
    assert found.detail
    assert not set(found.found) & set(found.missing)


@given(TEXTS, TEXTS, DAYS, TEXTS)
def test_an_article_that_says_more_never_covers_less(headline, body, days, more):
    entry = "A ferry with 312 people from Orlen runs aground"
    less = covered(article(headline, body, "en", days), entry)
    full = covered(article(headline, f"{body} . {more}", "en", days), entry)
    assert full.score >= less.score
    assert set(full.found) >= set(less.found)


@given(TEXTS, TEXTS, LANGUAGES)
def test_a_date_on_the_day_is_never_worse_than_none_and_none_never_worse_than_years(headline, body, language):
    scores = [covered(article(headline, body, language, days), ENTRY).score for days in (0, None, 3000)]
    assert scores == sorted(scores, reverse=True)


@given(st.permutations(["Ferry aground", "Voters in Norland", ENTRY]))
def test_the_order_of_the_entries_changes_nothing(headlines):
    entries = [citing(one, key=one) for one in headlines]
    assert coverage_of(FERRY, tuple(entries)).event_key == coverage_of(FERRY, tuple(reversed(entries))).event_key
