"""Where workers are used, scheduled jobs queue what they would do."""

import pytest

from crawler.configuration import Job, load
from crawler.errors import ConfigurationError
from crawler.scheduling.queued import as_queued, require_queue
from crawler.scheduling.settings_file import SettingsFile
from crawler.scheduling.state import SchedulerState
from storage.types import utc_now

POSTGRES = 'database = "postgresql:///library"'


@pytest.fixture
def configured(tmp_path):
    def build(*, use, database=POSTGRES):
        (tmp_path / "dateline.toml").write_text(f"[storage]\n{database}\n[workers]\nuse = {str(use).lower()}\n")
        return load(tmp_path)

    return build


def job(*words):
    return Job(id="one", command=words)


@pytest.mark.parametrize(
    "words", [("crawl",), ("crawl", "--host", "a.example"), ("backfill",), ("refetch", "2006/07/5/x")]
)
def test_what_workers_can_do_is_left_to_them(configured, words):
    assert as_queued(configured(use=True), job(*words)).command == (*words, "--queue")
    assert as_queued(configured(use=False), job(*words)).command == words


@pytest.mark.parametrize(
    "words",
    [("discover",), ("plan", "--book"), ("crawl", "--queue"), ("backfill", "--save"), ("crawl", "--dry-run"), ()],
)
def test_everything_else_is_done_where_the_scheduler_is(configured, words):
    assert as_queued(configured(use=True), job(*words)).command == words


def test_workers_without_postgresql_are_refused(configured):
    require_queue(configured(use=True))
    require_queue(configured(use=False, database=""))
    with pytest.raises(ConfigurationError, match="through PostgreSQL"):
        require_queue(configured(use=True, database=""))


def test_settings_that_want_workers_where_there_are_none_change_nothing(configured, tmp_path):
    file = SettingsFile(configured(use=False, database=""), SchedulerState(started_at=utc_now()))
    configured(use=True, database="")
    assert not file.changed(asked=True)
    assert not file.now.flag("workers.use")
    assert "through PostgreSQL" in file._state.settings_problem
