"""When jobs start: rules, jitter, changes of the clocks, missed starts."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.configuration import SETTINGS, Job
from crawler.configuration.cron import cron_times
from crawler.configuration.jobs import scheduled_jobs
from crawler.scheduling.jobs import (
    ON_TIME,
    SET_BACK,
    JobTrigger,
    instant_of,
    next_starts,
    options_of,
    planned,
    trigger_of,
)

PRAGUE = ZoneInfo("Europe/Prague")
SPRING = datetime(2026, 3, 29, 1, tzinfo=UTC)
"""02:00 becomes 03:00 in Prague."""
AUTUMN = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""03:00 becomes 02:00 in Prague."""
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def job(**says):
    return Job(**{"id": "one", "command": ("crawl",)} | says)


def local_starts(cron, since, until, zone="Europe/Prague"):
    """What the clock on the wall shows at each start, with its offset."""
    trigger, found, moment = trigger_of(job(cron=cron, time_zone=zone)), [], since
    while (moment := trigger.after(moment)) < until:
        found.append(f"{moment.astimezone(ZoneInfo(zone)):%H:%M%z}")
    return found


# -- rules -------------------------------------------------------------------------------------------------------


def test_every_counts_from_one_moment_for_ever_so_that_a_restart_shifts_nothing():
    six_hours = job(every=6 * HOUR)
    expected = [datetime(2026, 6, 1, 18, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC)]
    for minutes in (0, 1, 100, 359):
        assert next_starts(six_hours, NOON + minutes * MINUTE, 2) == expected


def test_a_start_at_this_very_moment_counts_for_a_new_job_and_not_as_the_one_after_itself():
    trigger = trigger_of(job(every=HOUR))
    assert trigger.get_next_fire_time(None, NOON) == NOON
    assert trigger.get_next_fire_time(NOON, NOON) == NOON + HOUR


def test_once_is_local_to_its_zone_unless_it_says_an_offset():
    at = job(at="2026-12-01 04:00:00", time_zone="Europe/Prague")
    assert next_starts(at, NOON, 5) == [datetime(2026, 12, 1, 3, tzinfo=UTC)]
    assert next_starts(replace(at, at="2026-12-01 04:00:00+05:30"), NOON, 5) == [
        datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
    ]
    assert next_starts(at, datetime(2026, 12, 1, 3, tzinfo=UTC), 5) == []


@pytest.mark.parametrize(
    ("cron", "first"),
    [
        ("0 3 * * 1", utc(2026, 6, 8, 3)),  # Monday, as in cron, where APScheduler has Tuesday
        ("0 3 * * 0", utc(2026, 6, 7, 3)),
        ("0 3 * * 7", utc(2026, 6, 7, 3)),
        ("0 3 * * sat-sun", utc(2026, 6, 6, 3)),
        ("0 3 13 * fri", utc(2026, 6, 5, 3)),  # the 13th or a Friday
        ("0 3 2 * fri", utc(2026, 6, 2, 3)),
        ("0 0 29 2 *", utc(2028, 2, 29)),
        ("*/25 * * * *", utc(2026, 6, 1, 12, 25)),
        ("59 23 31 12 *", utc(2026, 12, 31, 23, 59)),
    ],
)
def test_cron_means_what_it_means_elsewhere(cron, first):
    assert next_starts(job(cron=cron), NOON, 1) == [first]


def brute(times, moment, zone):
    """The first minute after the moment whose local time fits."""
    at = moment.replace(second=0, microsecond=0) + MINUTE
    for _ in range(60 * 24 * 40):
        local = at.astimezone(zone)
        in_month, in_week = local.day in times.days, local.isoweekday() % 7 in times.weekdays
        fits_day = (in_month or in_week) if times.either else (in_month and in_week)
        if local.minute in times.minutes and local.hour in times.hours and local.month in times.months and fits_day:
            return at
        at += MINUTE
    return None


def numbers(low, high):
    one = st.integers(low, high).map(str)
    span = st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda two: f"{min(two)}-{max(two)}")
    stepped = st.tuples(st.one_of(st.just("*"), span), st.integers(1, high)).map(lambda two: f"{two[0]}/{two[1]}")
    return st.one_of(
        st.just("*"), st.just("*"), one, span, stepped, st.lists(one, min_size=2, max_size=3).map(",".join)
    )


CRONS = st.tuples(numbers(0, 59), numbers(0, 23), numbers(1, 31), numbers(1, 12), numbers(0, 7)).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(cron=CRONS, minutes=st.integers(0, 60 * 24 * 365))
def test_every_cron_that_loads_starts_at_the_first_minute_that_fits(cron, minutes):
    try:
        times = cron_times(cron)
    except ValueError:
        return
    moment = datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC) + minutes * MINUTE
    found = trigger_of(job(cron=cron)).after(moment)
    assert found is not None
    expected = brute(times, moment, UTC)
    assert found == expected or (expected is None and found > moment + 39 * DAY)


@settings(max_examples=40, deadline=None)
@given(cron=CRONS, change=st.sampled_from([SPRING, AUTUMN]), minutes=st.integers(-26 * 60, 4 * 60))
def test_around_a_change_of_the_clocks_starts_only_ever_go_forward_and_show_a_time_that_fits(cron, change, minutes):
    try:
        times = cron_times(cron)
    except ValueError:
        return
    trigger, moment = trigger_of(job(cron=cron, time_zone="Europe/Prague")), change + minutes * MINUTE
    for _ in range(8):
        following = trigger.after(moment)
        assert following > moment
        local = following.astimezone(PRAGUE)
        assert following == SPRING or (local.hour in times.hours and local.minute in times.minutes)
        expected = brute(times, moment, PRAGUE)
        skipped = expected is not None and expected.astimezone(PRAGUE).fold == 1 and not times.every_hour
        assert skipped or expected is None or following in (SPRING, expected)
        moment = following


# -- changes of the clocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("30 2 * * *", ["03:00+0200"]),  # 02:30 does not exist
        ("0,15,30 2 * * *", ["03:00+0200"]),  # once, however many were swallowed
        ("30 2,3 * * *", ["03:00+0200", "03:30+0200"]),
        ("0 2,3 * * *", ["03:00+0200"]),
        ("30 1 * * *", ["01:30+0100"]),
        ("0 3 * * *", ["03:00+0200"]),
        ("30 * * * *", ["00:30+0100", "01:30+0100", "03:30+0200", "04:30+0200"]),
        ("30 */2 * * *", ["00:30+0100", "03:00+0200", "04:30+0200"]),
    ],
)
def test_in_spring_a_time_that_does_not_exist_is_the_jump(cron, expected):
    assert local_starts(cron, SPRING - 2 * HOUR, SPRING + 2 * HOUR) == expected


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("30 2 * * *", ["02:30+0200"]),  # once, the first time
        ("0 2 * * *", ["02:00+0200"]),
        ("0 3 * * *", ["03:00+0100"]),
        ("15,45 2 * * *", ["02:15+0200", "02:45+0200"]),
        ("30 * * * *", ["01:30+0200", "02:30+0200", "02:30+0100", "03:30+0100"]),  # every hour is every hour
        ("*/30 2-3 * * *", ["02:00+0200", "02:30+0200", "03:00+0100", "03:30+0100"]),
    ],
)
def test_in_autumn_a_time_that_exists_twice_counts_once(cron, expected):
    assert local_starts(cron, AUTUMN - HOUR - 31 * MINUTE, AUTUMN + 2 * HOUR) == expected


def test_within_the_doubled_hour_a_start_is_found_from_either_side_of_it():
    trigger = trigger_of(job(cron="30 2 * * *", time_zone="Europe/Prague"))
    first = AUTUMN - 30 * MINUTE
    assert trigger.after(first - MINUTE) == first
    for later in (first, AUTUMN, AUTUMN + 29 * MINUTE, AUTUMN + 31 * MINUTE):
        assert trigger.after(later) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_every_quarter_hour_goes_by_the_time_that_passes_through_both_changes():
    for change in (SPRING, AUTUMN):
        trigger, moment = trigger_of(job(cron="*/15 * * * *", time_zone="Europe/Prague")), change - 3 * HOUR
        for _ in range(30):
            following = trigger.after(moment)
            assert following - moment == 15 * MINUTE
            moment = following


@pytest.mark.parametrize(
    ("zone", "local", "moment"),
    [
        ("Europe/Prague", utc(2026, 3, 29, 2, 30), SPRING),
        ("Europe/Prague", utc(2026, 10, 25, 2, 30), AUTUMN - 30 * MINUTE),
        ("Australia/Lord_Howe", utc(2026, 10, 4, 2, 15), utc(2026, 10, 3, 15, 30)),
        ("Pacific/Apia", utc(2011, 12, 30, 12), utc(2011, 12, 30, 10)),  # a whole day left out
        ("Asia/Kathmandu", utc(2026, 1, 1), utc(2025, 12, 31, 18, 15)),
    ],
)
def test_a_local_time_is_one_moment_in_every_zone(zone, local, moment):
    assert instant_of(local.replace(tzinfo=None), ZoneInfo(zone)) == moment


def test_a_whole_day_that_a_zone_leaves_out_starts_a_daily_job_once():
    starts = local_starts(
        "0 5 * * *", datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 1, 12, tzinfo=UTC), "Pacific/Apia"
    )
    assert starts == ["05:00-1000", "05:00-1000", "00:00+1400", "05:00+1400", "05:00+1400"]


@settings(max_examples=20, deadline=None)
@given(
    zone=st.sampled_from(["Europe/Prague", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    year=st.integers(2020, 2034),
)
def test_a_daily_job_starts_once_on_each_local_day_of_any_year(zone, hour, minute, year):
    trigger = trigger_of(job(cron=f"{minute} {hour} * * *", time_zone=zone))
    place = ZoneInfo(zone)
    moment, days = datetime(year, 1, 1, tzinfo=place).astimezone(UTC) - MINUTE, []
    while (moment := trigger.after(moment)).astimezone(place).year == year:
        days.append(moment.astimezone(place).date())
    assert len(days) == len(set(days)) == (366 if year % 4 == 0 else 365)


# -- jitter ------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    salt=st.text(max_size=5), name=st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), jitter=st.integers(0, 3599)
)
def test_each_start_is_put_off_by_no_more_than_the_jitter_and_never_shifts_those_after_it(salt, name, jitter):
    one = job(id=name, every=HOUR, jitter=timedelta(seconds=jitter))
    for number, start in enumerate(next_starts(one, NOON - timedelta(microseconds=1), 30, salt)):
        named = NOON - HOUR + number * HOUR if start < NOON + number * HOUR else NOON + number * HOUR
        assert timedelta() <= start - named <= one.jitter


def test_the_jitter_of_a_start_is_the_same_everywhere_and_differs_between_starts_jobs_and_libraries():
    one = job(every=HOUR, jitter=30 * MINUTE)
    starts = next_starts(one, NOON, 24, "me@news.example")
    assert next_starts(one, NOON, 24, "me@news.example") == starts
    assert next_starts(one, starts[3], 5, "me@news.example") == starts[4:9]
    assert len({start.minute for start in starts}) > 8
    assert next_starts(one, NOON, 24, "you@news.example") != starts
    assert next_starts(replace(one, id="two"), NOON, 24, "me@news.example") != starts


# -- missed starts -----------------------------------------------------------------------------------------------


def missed(trigger, stored, now):
    """The starts that APScheduler finds at a wake-up: as its `Job._get_run_times` does."""
    found, following = [], stored
    while following is not None and following <= now:
        found.append(following)
        following = trigger.get_next_fire_time(following, now)
    return found


def test_a_long_outage_does_not_list_what_is_too_old_to_be_made_up_for():
    trigger = trigger_of(job(every=MINUTE, misfire_grace=5 * MINUTE))
    found = missed(trigger, NOON, NOON + 3650 * DAY)
    assert found[0] == NOON
    assert found[1:] == [NOON + 3650 * DAY - number * MINUTE for number in range(5, -1, -1)]


def test_a_start_that_is_seconds_late_was_not_missed_whatever_the_grace():
    options = options_of(job(every=HOUR, misfire_grace=timedelta()))
    assert options["misfire_grace_time"] == ON_TIME.total_seconds()
    assert options["max_instances"] == 1
    assert options["coalesce"]


def test_a_new_job_has_missed_nothing():
    assert planned(trigger_of(job(every=HOUR)), None, NOON + MINUTE) == NOON + HOUR


def test_what_was_missed_while_nobody_scheduled_stays_planned():
    trigger = trigger_of(job(every=HOUR))
    assert planned(trigger, NOON, NOON + 10 * DAY) == NOON


@pytest.mark.parametrize("back", [timedelta(seconds=5), HOUR - MINUTE])
def test_a_clock_that_is_set_back_a_little_repeats_no_start(back):
    trigger = trigger_of(job(cron="0 12 * * *"))
    stored = NOON + DAY
    assert planned(trigger, stored, NOON + MINUTE - back, NOON + timedelta(seconds=1)) == stored


def test_a_clock_that_was_years_ahead_does_not_stop_a_job_for_years():
    trigger = trigger_of(job(every=HOUR))
    ahead = NOON + 3650 * DAY
    assert planned(trigger, ahead, NOON + MINUTE, ahead - HOUR) == NOON + HOUR
    assert planned(trigger, NOON + HOUR + SET_BACK, NOON + MINUTE, NOON - HOUR) == NOON + HOUR


def test_a_single_start_is_made_up_for_within_its_grace_and_never_repeated():
    trigger = trigger_of(job(at="2026-06-01 12:00", misfire_grace=HOUR))
    assert planned(trigger, None, NOON - DAY) == NOON
    assert planned(trigger, None, NOON + 30 * MINUTE) == NOON
    assert planned(trigger, None, NOON + 2 * HOUR) is None
    assert planned(trigger, None, NOON + 30 * MINUTE, last_start=NOON) is None
    assert planned(trigger, None, NOON - 30 * MINUTE, last_start=NOON) is None  # the clock was set back
    assert planned(trigger, None, NOON - 30 * MINUTE, last_start=NOON - HOUR) == NOON  # by hand before


# -- the job store -----------------------------------------------------------------------------------------------


def test_a_trigger_survives_the_job_store_and_is_known_again():
    for rule in ({"every": HOUR}, {"cron": "30 2 * * *", "time_zone": "Europe/Prague"}, {"at": "2026-12-01 04:00"}):
        one = job(**rule, jitter=5 * MINUTE)
        trigger = trigger_of(one, "me")
        trigger.after(NOON)
        again = pickle.loads(pickle.dumps(trigger))  # noqa: S301 - our own
        assert again == trigger
        assert hash(again) == hash(trigger)
        assert str(again) == str(trigger)
        assert again.after(NOON) == trigger.after(NOON)
        assert trigger != trigger_of(one, "you")
        assert trigger != trigger_of(replace(one, misfire_grace=2 * HOUR), "me")
    assert trigger != "at"


def test_a_trigger_of_another_version_is_refused_so_that_the_job_is_planned_anew():
    trigger = JobTrigger.__new__(JobTrigger)
    with pytest.raises(ValueError, match="version 9"):
        trigger.__setstate__({"version": 9})


def test_every_built_in_job_starts():
    values = {setting.key: setting.default for setting in SETTINGS}
    for one in scheduled_jobs({}, values, "here"):
        assert len(next_starts(one, NOON, 3)) == 3
