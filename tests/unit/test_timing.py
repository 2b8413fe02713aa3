from datetime import UTC, datetime, timedelta

import pytest

from crawler.timing import keep_time
from storage import open_store
from storage.types import follow_clock, own_now, utc_now
from storage.types.time import TOLERANCE, _followed

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIVE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def own_clock():
    """The clock is the whole process's: each test gives it back."""
    yield
    _followed.ahead = timedelta(0)


def followed(ahead, took=timedelta(0)):
    return follow_clock(MOMENT + took / 2 + ahead, asked_between=(MOMENT, MOMENT + took))


def is_ahead_by(offset):
    return abs(utc_now() - own_now() - offset) < timedelta(milliseconds=100)


@pytest.mark.parametrize("ahead", [FIVE, -FIVE, timedelta(seconds=0.6)])
def test_a_clock_that_differs_is_followed(ahead):
    assert followed(ahead) == ahead
    assert is_ahead_by(ahead)


@pytest.mark.parametrize("ahead", [timedelta(0), TOLERANCE, -TOLERANCE])
def test_a_clock_that_hardly_differs_is_not(ahead):
    assert followed(ahead) == timedelta(0)
    assert is_ahead_by(timedelta(0))


def test_what_the_answers_way_explains_is_no_difference():
    assert followed(timedelta(seconds=2), took=timedelta(seconds=4)) == timedelta(0)
    assert followed(timedelta(seconds=3), took=timedelta(seconds=4)) == timedelta(seconds=3)


def test_time_does_not_tremble():
    followed(FIVE)
    assert followed(FIVE + timedelta(seconds=0.4)) == FIVE
    assert followed(FIVE + timedelta(seconds=0.7)) == FIVE + timedelta(seconds=0.7)


def test_a_clock_that_was_set_right_is_its_own_again():
    followed(FIVE)
    assert followed(timedelta(seconds=0.1)) == timedelta(0)
    assert is_ahead_by(timedelta(0))


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="database_now"):
        follow_clock(datetime(2026, 3, 1), asked_between=(MOMENT, MOMENT))  # noqa: DTZ001


class Skewed:
    """A store whose server's clock is not this machine's."""

    def __init__(self, store, ahead):
        self.store, self.ahead = store, ahead

    def clock(self):
        return own_now() + self.ahead


@pytest.mark.parametrize("ahead", [FIVE, -FIVE])
def test_a_run_on_a_machine_with_a_wrong_clock_keeps_the_databases_time(ahead, caplog):
    with open_store("memory:") as store:
        assert abs(keep_time(Skewed(store, ahead)) - ahead) < timedelta(seconds=0.1)
    assert is_ahead_by(ahead)
    assert f"300.0 s {'behind' if ahead > timedelta(0) else 'ahead of'} the database's" in caplog.text
    assert own_now() - datetime.now(UTC) < timedelta(seconds=1)


def test_a_library_without_a_server_has_no_other_clock(caplog):
    with open_store("memory:") as store:
        assert keep_time(store) == timedelta(0)
    assert not caplog.records
