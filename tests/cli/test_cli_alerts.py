"""What ``dateline alerts`` shows, and how it ends."""

from datetime import timedelta

import pytest

from crawler.configuration import load
from crawler.library import open_library
from storage.types import AlertKind, Run, RunState, utc_now

SILENT = (AlertKind.SILENT_HOST, "harbour-post.example")
LATE = (AlertKind.JOB_LATE, "sources")


@pytest.fixture
def put(in_news):
    def keep(*names, ago=timedelta()):
        with open_library(load(in_news)) as library:
            library.store.put_alerts(
                {name: f"{name[1]}: as \x1b[31mit is" for name in names}, kinds=tuple(AlertKind), now=utc_now() - ago
            )

    return keep


@pytest.fixture
def ran(in_news):
    """A run of a job that is over."""

    def keep(number, state, *, job="sources", ago=timedelta(hours=1)):
        began = utc_now() - ago
        run = Run(
            token=f"{number:016x}",
            command="dateline crawl",
            machine="elsewhere",
            pid=1,
            started_at=began,
            heartbeat_at=began,
            job=job,
        )
        with open_library(load(in_news)) as library:
            library.store.start_run(run)
            library.store.finish_run(run.token, now=began, state=state, counts={}, problem="the proxy is gone")

    return keep


def test_nothing_stands(dateline, in_news):
    assert dateline("alerts").out == "no alert stands\n"
    assert dateline("alerts", "--all").out == "there was never an alert\n"
    assert dateline("alerts", "--json").json == {"standing": 0, "checked": False, "alerts": []}


def test_what_stands_is_shown_with_status_1(dateline, put):
    put(SILENT, LATE, ago=timedelta(hours=1))
    said = dateline("alerts", expect=1)
    assert "harbour-post.example: as" in said.out
    assert "\x1b" not in said.out
    assert "silent_host: a host that used to give articles was asked and gave none" in said.out
    put(LATE)
    said = dateline("alerts", "--json", expect=1).json
    assert [(one["kind"], one["subject"], one["closed_at"]) for one in said["alerts"]] == [
        ("job_late", "sources", None)
    ]
    assert said["standing"] == 1


def test_all_are_those_that_are_over_too(dateline, put):
    put(SILENT, ago=timedelta(hours=1))
    put()
    assert dateline("alerts").out == "no alert stands\n"
    (alert,) = dateline("alerts", "--all", "--json").json["alerts"]
    assert alert["closed_at"] is not None
    assert "silent_host" in dateline("alerts", "--all").out


def test_a_limit_says_that_there_are_more(dateline, put):
    put(*((AlertKind.SILENT_HOST, f"{number}.example") for number in range(5)))
    assert "5 stand in all" in dateline("alerts", "--limit", 2, expect=1).out
    assert len(dateline("alerts", "--limit", 2, "--json", expect=1).json["alerts"]) == 2


def test_a_check_opens_and_closes(dateline, ran):
    ran(1, RunState.FAILED)
    assert dateline("alerts").out == "no alert stands\n"
    said = dateline("alerts", "--check", expect=1).out
    assert "the proxy is gone" in said
    assert dateline("alerts", "--check", "--json", expect=1).json["checked"] is True
    ran(2, RunState.FINISHED, ago=timedelta(minutes=1))
    assert dateline("alerts", "--check").out == "no alert stands\n"


def test_a_check_finds_jobs_that_nobody_started(dateline, ran):
    ran(1, RunState.FINISHED, ago=timedelta(days=3))
    (alert,) = dateline("alerts", "--check", "--json", expect=1).json["alerts"]
    assert (alert["kind"], alert["subject"]) == ("job_late", "sources")
