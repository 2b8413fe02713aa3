from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.agenda import Diary, HostTerms, agenda
from storage.types import Document, FetchReason, Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW, RETRY, REFRESH = FetchReason.NEW, FetchReason.RETRY, FetchReason.REFRESH
LAST = {NEW: None, RETRY: Outcome.TIMEOUT, REFRESH: Outcome.FETCHED}


def at(**span):
    return NOW + timedelta(**span)


def document(number=1, host="a.example", reason=NEW, due=NOW, **facts):
    url = f"http://{host}/{number}"
    return Document(
        id=number,
        canonical_url=url,
        request_url=url,
        url_key=url,
        host=host,
        added_at=NOW,
        last_outcome=LAST[reason],
        next_fetch_at=due,
        **facts,
    )


def documents(number, **facts):
    return [document(one, **facts) for one in range(number)]


def planned(some, terms=None, days=2, **given):
    known = terms or {}
    return agenda(some, lambda host: known.get(host, HostTerms()), now=NOW, days=days, **{"hosts_at_once": 32, **given})


def counts(day):
    return {host.host: dict(host.reasons) for host in day.hosts if host.planned}


def test_an_empty_library_has_empty_days():
    made = planned([], days=3)
    assert [day.day for day in made.days] == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]
    assert [day.planned for day in made.days] == [0, 0, 0]
    assert made.left_out == ()


def test_documents_are_counted_on_the_day_on_which_they_are_due():
    some = [
        *documents(2, due=at(days=-9)),
        *documents(3, reason=RETRY, due=at(hours=11)),
        *documents(4, reason=REFRESH, due=at(hours=13)),
        *documents(1, host="b.example", due=at(days=1)),
        document(9, due=at(days=2)),
        document(10, due=None),
    ]
    today, tomorrow = planned(some).days
    assert counts(today) == {"a.example": {NEW: 2, RETRY: 3}}
    assert counts(tomorrow) == {"a.example": {REFRESH: 4}, "b.example": {NEW: 1}}
    assert dict(tomorrow.reasons) == {REFRESH: 4, NEW: 1}
    assert (today.deferred, tomorrow.deferred) == (0, 0)


def test_what_a_budget_puts_off_comes_on_later_days_in_the_order_of_its_reasons():
    some = [*documents(4, reason=REFRESH), *documents(3, reason=RETRY), *documents(5, reason=NEW)]
    made = planned(some, {"a.example": HostTerms(per_day=6)}, days=3)
    assert [counts(day) for day in made.days] == [
        {"a.example": {NEW: 5, RETRY: 1}},
        {"a.example": {RETRY: 2, REFRESH: 4}},
        {},
    ]
    (first,) = made.days[0].hosts
    assert (first.planned, first.wanted, first.bound) == (6, 12, "budget")
    assert made.days[0].deferred == 6
    assert made.days[1].hosts[0].bound == ""


def test_what_was_asked_for_today_counts_for_today_only():
    made = planned(documents(20), {"a.example": HostTerms(per_day=6, used=5)})
    assert [day.planned for day in made.days] == [1, 6]
    over = planned(documents(20), {"a.example": HostTerms(per_day=6, used=50)})
    assert [day.planned for day in over.days] == [0, 6]


def test_a_slow_host_has_no_room_for_more_than_its_interval_allows():
    made = planned(documents(500), {"a.example": HostTerms(interval=timedelta(minutes=6))})
    assert [day.planned for day in made.days] == [120, 240]  # half of today is over
    assert made.days[0].hosts[0].bound == "interval"


def test_hosts_that_are_paused_or_rest_are_left_out_and_named():
    terms = {
        "paused.example": HostTerms(out="paused"),
        "resting.example": HostTerms(ready_at=at(days=1), rests="resting until then"),
    }
    some = [*documents(3, host="paused.example"), *documents(2, host="resting.example"), document(host="b.example")]
    made = planned(some, terms)
    assert counts(made.days[0]) == {"b.example": {NEW: 1}}
    assert counts(made.days[1]) == {"resting.example": {NEW: 2}}
    assert [(one.host, one.documents, one.until) for one in made.left_out] == [
        ("paused.example", 3, None),
        ("resting.example", 2, at(days=1)),
    ]


def test_a_host_that_rests_beyond_the_days_is_not_planned():
    made = planned(documents(2), {"a.example": HostTerms(ready_at=at(days=30), rests="resting")})
    assert [day.planned for day in made.days] == [0, 0]
    assert made.left_out[0].documents == 2


def test_a_page_that_is_asked_for_every_few_hours_is_counted_each_time():
    every = timedelta(hours=5)
    made = planned(
        [document(reason=REFRESH), document(2, reason=NEW)], following=lambda _document, moment: moment + every
    )
    assert dict(made.days[0].reasons) == {REFRESH: 3, NEW: 1}  # 12, 17 and 22 o'clock
    assert dict(made.days[1].reasons) == {REFRESH: 5}


def test_a_page_that_would_never_rest_does_not_stop_the_plan():
    made = planned([document(reason=REFRESH)], following=lambda _document, moment: moment)
    assert made.days[0].planned == 1000


def test_the_time_is_that_of_the_slowest_host_or_of_all_that_share_the_places():
    some = [*documents(100), *documents(10, host="b.example"), *documents(10, host="c.example")]
    assert planned(some).days[0].busy == timedelta(seconds=200)
    assert planned(some, hosts_at_once=1).days[0].busy == timedelta(seconds=240)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from([NEW, RETRY, REFRESH]),
            st.timedeltas(min_value=timedelta(days=-5), max_value=timedelta(days=5)),
        ),
        max_size=60,
    ),
    st.integers(0, 5),
    st.integers(1, 6),
)
def test_nothing_is_lost_and_no_budget_is_exceeded(some, per_day, days):
    made = planned(
        [document(number, host, reason, NOW + due) for number, (host, reason, due) in enumerate(some)],
        dict.fromkeys("abc", HostTerms(per_day=per_day)),
        days=days,
    )
    last = NOW.date() + timedelta(days=days - 1)
    due = sum((NOW + span).date() <= last for _, _, span in some)
    assert sum(day.planned for day in made.days) + made.days[-1].deferred == due
    assert all(host.planned <= per_day for day in made.days for host in day.hosts if per_day)


# -- dates for what has none -----------------------------------------------------------------------------------


def test_a_wished_moment_with_room_is_given():
    diary = Diary(now=NOW, per_day=lambda _host: 5)
    assert diary.book(document(), at(days=3)) == at(days=3)


def test_full_days_are_passed_over_at_the_same_time_of_the_day():
    diary = Diary(now=NOW, per_day=lambda _host: 2)
    diary.note("a.example", at(days=4), 2)
    moments = [diary.book(document(number), at(days=3)) for number in range(5)]
    assert moments == [at(days=3)] * 2 + [at(days=5)] * 2 + [at(days=6)]
    assert diary.book(document(host="b.example"), at(days=3)) == at(days=3)


def test_what_is_overdue_is_spread():
    diary = Diary(now=NOW, per_day=lambda _host: 0, within=timedelta(days=10))
    moments = [diary.book(one, at(days=-1)) for one in documents(1000)]
    per_day = [sum(at(days=day) <= one < at(days=day + 1) for one in moments) for day in range(10)]
    assert sum(per_day) == 1000
    assert max(per_day) < 150


@pytest.mark.parametrize("per_day", [1, 7, 100])
def test_a_host_of_many_documents_never_gets_more_than_its_budget_on_one_day(per_day):
    diary = Diary(now=NOW, per_day=lambda _host: per_day)
    days = [diary.book(one, at(days=-1)).date() for one in documents(3000)]
    assert max(days.count(day) for day in set(days)) <= per_day
    assert len(set(days)) >= 3000 / per_day
