from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.recrawling import (
    JITTER,
    LEAST_FACTOR,
    MOST_FACTOR,
    USUAL_SHARE,
    Life,
    Recrawl,
    Seen,
    Since,
    expected_share,
    explain,
    factor_of,
    in_words,
    jitter_of,
    life_of,
    next_check,
    reckon,
)
from storage.types import Article, DatedTime, DatePrecision, Document, HostState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULE = Recrawl()


def ago(**span):
    return NOW - timedelta(**span)


def document(path="/a", **facts):
    url = f"http://news.example{path}"
    values = {"id": 1, "canonical_url": url, "request_url": url, "url_key": "example,news)/a", "host": "news.example"}
    return Document(**values, **{"added_at": ago(days=1), **facts})


def article(published=None, **fields):
    dated = published and DatedTime(value=published, precision=DatePrecision.MINUTE, evidence="meta", raw="")
    return Article(headline="Ferry", body="Text.", published_at=dated, **fields)


def life(age, path="/a", **facts):
    return Life(canonical_url=f"http://news.example{path}", moments=((NOW - age, Since.PUBLISHED),), **facts)


def wait(age, rule=RULE, path="/a", **facts):
    return reckon(rule, life(age, path, **facts), now=NOW).wait


def test_a_page_waits_a_fifth_of_its_age():
    days = wait(timedelta(days=10)) / timedelta(days=1)
    assert days == pytest.approx(2 * (1 + jitter_of("http://news.example/a")))


def test_waits_grow_with_every_check_without_anything_being_kept():
    at, waits = NOW, []
    born = NOW - timedelta(hours=6)
    for _ in range(12):
        following = next_check(
            RULE, Life(canonical_url="http://news.example/a", moments=((born, Since.PUBLISHED),)), now=at
        )
        waits.append(following - at)
        at = following
    assert waits == sorted(waits)
    assert waits[-1] > 7 * waits[0]


@given(
    age=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20000)),
    path=st.text(),
    checks=st.integers(0, 1000),
    share=st.floats(0, 1),
    least=st.floats(0.1, 24),
    most=st.integers(2, 3650),
)
def test_the_bounds_hold_for_every_page(age, path, checks, share, least, most):
    rule = Recrawl(least=timedelta(hours=least), most=timedelta(days=most))
    found = wait(age, rule, path, checks=checks, changes=int(checks * share))
    assert timedelta(hours=least) - timedelta(seconds=1) <= found <= timedelta(days=most) + timedelta(seconds=1)


def test_old_pages_of_one_crawl_do_not_come_back_on_one_day():
    waits = [wait(timedelta(days=7000), path=f"/{number}") for number in range(2000)]
    assert max(waits) <= RULE.most
    per_day = [sum(day <= one.days < day + 1 for one in waits) for day in range(147, 180)]
    assert max(per_day) < 2000 * 0.05  # of 33 days
    assert wait(timedelta(days=7000), path="/7") == waits[7]


def test_a_page_that_changes_is_asked_for_sooner_and_one_that_never_does_later():
    age = timedelta(days=10)
    assert wait(age, checks=10, changes=6) < wait(age, checks=10, changes=1) < wait(age, checks=10, changes=0)
    assert reckon(RULE, life(age), now=NOW).factor == pytest.approx(1)


def test_a_page_without_checks_behaves_like_its_host_and_then_like_itself():
    lively = {"host_checks": 400, "host_changes": 200}
    unknown = expected_share(life(timedelta(1), **lively))
    assert unknown == pytest.approx(0.48, abs=0.01)
    assert expected_share(life(timedelta(1), checks=1, changes=0, **lively)) == pytest.approx(0.40, abs=0.01)
    assert expected_share(life(timedelta(1), checks=100, changes=0, **lively)) < 0.03
    assert expected_share(life(timedelta(1))) == pytest.approx(USUAL_SHARE)


@given(checks=st.integers(0, 10**6), share=st.floats(0, 1), host=st.integers(0, 10**6), of_host=st.floats(0, 1))
def test_the_factor_stays_within_its_bounds(checks, share, host, of_host):
    one = life(
        timedelta(1),
        checks=checks,
        changes=int(checks * share),
        host_checks=host,
        host_changes=int(host * of_host),
    )
    assert LEAST_FACTOR <= factor_of(expected_share(one)) <= MOST_FACTOR


def test_the_factor_of_nothing_and_of_everything():
    assert factor_of(0.0) == MOST_FACTOR
    assert factor_of(1.0) == LEAST_FACTOR
    assert factor_of(USUAL_SHARE) == pytest.approx(1)


def test_switched_off_nothing_is_asked_for_again():
    assert next_check(replace(RULE, enabled=False), life(timedelta(days=10)), now=NOW) is None


# -- what the age is counted from ------------------------------------------------------------------------------


def since(one, **given):
    found = reckon(RULE, life_of(one, None, **given), now=NOW)
    return found.since, found.since_at


def test_the_fresh_article_says_best_when_it_was_published():
    seen = Seen(at=NOW, article=article(ago(days=3)))
    one = document(reported_at=ago(days=9))
    assert since(one, seen=seen, event_dates=[date(2026, 1, 1)]) == (Since.PUBLISHED, ago(days=3))


def test_what_the_store_knows_counts_where_nothing_came():
    assert since(document(reported_at=ago(days=9)), seen=Seen(at=NOW)) == (Since.PUBLISHED, ago(days=9))


def test_an_undated_page_is_as_old_as_the_event_that_cites_it():
    one = document(reported_at=NOW)  # the store has the moment of the capture
    dates = [date(2006, 7, 6), date(2006, 7, 5)]
    assert since(one, event_dates=dates) == (Since.EVENT, datetime(2006, 7, 5, tzinfo=UTC))
    assert since(one) == (Since.ADDED, ago(days=1))


def test_a_change_makes_a_page_young_again():
    old = article(ago(days=4000))
    one = document(reported_at=ago(days=4000), article_id=1)
    assert since(one, seen=Seen(at=NOW, article=old, changed=True)) == (Since.CHANGED, NOW)
    assert since(replace(one, changed_at=ago(days=2)), seen=Seen(at=NOW)) == (Since.CHANGED, ago(days=2))


def test_a_notice_of_correction_counts_from_the_day_on_which_the_page_was_modified():
    modified = DatedTime(value=ago(hours=5), precision=DatePrecision.MINUTE, evidence="meta", raw="")
    told = article(ago(days=400), modified_at=modified, corrections=("Correction: the ferry was not aground.",))
    assert since(document(), seen=Seen(at=NOW, article=told)) == (Since.CHANGED, ago(hours=5))
    silent = article(ago(days=400), modified_at=modified)
    assert since(document(), seen=Seen(at=NOW, article=silent)) == (Since.PUBLISHED, ago(days=400))


def test_a_date_in_the_future_is_now():
    found = reckon(
        RULE, life_of(document(), None, seen=Seen(at=NOW, article=article(NOW + timedelta(days=2)))), now=NOW
    )
    assert found.age == timedelta(0)
    assert found.bound == "least"


def test_checks_count_from_the_second_time_on():
    host = HostState(name="news.example", checks=7, changes=2)
    first = life_of(document(), host, seen=Seen(at=NOW, article=article()))
    assert (first.checks, first.changes, first.host_checks, first.host_changes) == (0, 0, 7, 2)
    again = life_of(document(article_id=1, checks=3), host, seen=Seen(at=NOW, article=article(), changed=True))
    assert (again.checks, again.changes) == (4, 1)
    same = life_of(document(article_id=1, checks=3, changes=1), host, seen=Seen(at=NOW))
    assert (same.checks, same.changes) == (4, 1)


# -- words -----------------------------------------------------------------------------------------------------


def test_the_explanation_has_the_figures():
    one = life(timedelta(days=10), checks=4, changes=1, host_checks=1, host_changes=0)
    found = reckon(RULE, one, now=NOW)
    text = "\n".join(explain(RULE, one, found))
    assert "10 days had passed since it was published (2026-02-19 12:00Z)" in text
    assert "a wait is 0.2 of that" in text
    assert "it had changed at 1 of 4 checks and what is on its host had changed at 0 of 1 check" in text
    assert f"until {found.at:%Y-%m-%d %H:%M}Z" in text
    assert "no wait is" not in text


def test_the_explanation_names_the_bound_that_decided():
    for age, words in ((timedelta(0), "shorter than 60 min"), (timedelta(days=9999), "longer than 180 days")):
        one = life(age)
        assert f"no wait is {words}" in "\n".join(explain(RULE, one, reckon(RULE, one, now=NOW)))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=5), "5 s"),
        (timedelta(minutes=90), "90 min"),
        (timedelta(hours=5.5), "5.5 h"),
        (timedelta(days=12.4), "12 days"),
        (timedelta(days=7300), "20 years"),
    ],
)
def test_spans_in_words(span, words):
    assert in_words(span) == words


@given(st.text())
def test_the_jitter_is_small_and_always_the_same(url):
    assert -JITTER <= jitter_of(url) <= JITTER
    assert jitter_of(url) == jitter_of(url)
