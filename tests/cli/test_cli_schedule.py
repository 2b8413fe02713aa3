"""``dateline schedule``: the jobs as people see and change them; the scheduler itself is tested elsewhere."""

import json
import socket
from datetime import timedelta

import pytest

from crawler.cli.job_commands import command_problem
from crawler.configuration import load
from crawler.configuration.jobs import DEFAULT_JOBS
from crawler.library import open_library
from crawler.scheduling import daemon
from storage.leading import open_leadership
from storage.types import Run, RunState, utc_now

NOBODY = "no scheduler is at work: `dateline schedule run` starts one"
NIGHTLY = ("add", "nightly", "--command", "crawl --host www.news.example", "--cron", "15 3 * * mon-fri")


@pytest.fixture
def schedule(dateline, in_news):
    """Run ``dateline schedule ...`` on the library ``news``."""

    def run(*words, expect=0):
        return dateline("schedule", *words, expect=expect)

    return run


@pytest.fixture
def runs_of(in_news):
    """Store a run of a job, as the scheduler and the command do."""

    def store(job, *, state=RunState.FINISHED, status=0, ago=timedelta(hours=2), **said):
        began = utc_now() - ago
        row = Run(token=f"{job}{ago.total_seconds():.0f}", command="dateline crawl", machine=socket.gethostname(),
                  pid=1, started_at=began, heartbeat_at=began, job=job, who="ada")  # fmt: skip
        with open_library(load(in_news)) as library:
            made = library.store.start_run(row)
            now = began + timedelta(minutes=5)
            if state is RunState.FINISHED:
                library.store.finish_run(row.token, now=now, state=state, counts=said.get("counts", {}))
            if state is not RunState.RUNNING:
                library.store.settle_run(
                    row.token, now=now, state=state, exit_status=status, problem=said.get("problem", "")
                )
        return made

    return store


def test_the_list_shows_when_each_job_starts_and_that_nobody_starts_it(schedule):
    said = schedule("list")
    lines = said.out.splitlines()
    assert lines[0].split()[:2] == ["job", "when"]
    assert [line.split()[0] for line in lines[1:]] == [job.id for job in DEFAULT_JOBS]
    assert "every 1h" in lines[1]
    assert "never ran" in lines[1]
    assert NOBODY in said.err


def test_the_list_for_scripts_has_one_document_per_job(schedule):
    jobs = {job["id"]: job for job in schedule("list", "--json").lines}
    sources = jobs["sources"]
    assert (sources["command"], sources["every_s"], sources["cron"]) == ("dateline crawl", 3600.0, None)
    assert sources["next_start"] > utc_now().isoformat()[:16]
    assert sources["last_run"] is None
    assert sources["built_in"]


def test_a_library_without_jobs_says_how_to_get_one(schedule, in_news):
    (in_news / "dateline.toml").write_text("[schedule]\ndefaults = false\n")
    assert "dateline schedule add ID" in schedule("list").out
    assert schedule("list", "--json").out == ""


def test_one_job_is_shown_with_its_next_starts(schedule):
    said = schedule("show", "verify")
    assert "reads every raw capture" in said.out
    assert "dateline captures verify" in said.out
    assert "starts made up for within 3d, all by one run" in said.out
    shown = schedule("show", "verify", "--json").json
    assert len(shown["next_starts"]) == 5
    assert all(one[:19].replace("T", " ") in said.out for one in shown["next_starts"])


def test_a_job_that_is_not_there_is_named_with_what_may_be_meant(schedule):
    for command in ("show", "pause", "resume", "run-now", "remove", "history"):
        assert "there is no job 'sorces': did you mean sources?" in schedule(command, "sorces", expect=2).err
    assert "`dateline schedule list` shows" in schedule("show", "zzz", expect=2).err


# -- adding and removing -----------------------------------------------------------------------------------------


def test_a_job_is_added_to_the_file_which_stays_as_it_was(schedule, in_news):
    file = in_news / "dateline.toml"
    file.write_text('# ours\n[crawl]\ncontact = "desk@news.example" # Ada\n')
    before = file.read_text()
    would = schedule(*NIGHTLY, "--time-zone", "Europe/Prague", "--dry-run")
    assert "would be added" in would.out
    assert file.read_text() == before
    said = schedule(*NIGHTLY, "--time-zone", "Europe/Prague", "--jitter", "5m", "--no-coalesce", "--minimum", 3)
    assert "nightly: added to " in said.out
    assert "03:1" in said.out
    assert "in Europe/Prague: dateline crawl --host www.news.example" in said.out
    assert NOBODY in said.err
    assert file.read_text() == before + (
        '\n[jobs."nightly"]\ncommand = "crawl --host www.news.example"\ncron = "15 3 * * mon-fri"\n'
        'time_zone = "Europe/Prague"\njitter = "5m"\ncoalesce = false\nminimum = 3\n'
    )
    assert "nightly" in schedule("list").out


def test_a_job_with_an_interval_a_date_or_switched_off(schedule, in_news):
    made = schedule(
        "add", "one", "--command", "crawl", "--every", "6h", "--deadline", "0s", "--disabled", "--json"
    ).json
    assert (made["added"], made["every_s"], made["deadline_s"], made["enabled"]) == (True, 21600.0, None, False)
    assert made["next_start"] is None
    made = schedule("add", "two", "--command", "crawl", "--at", "2100-01-01 04:00", "--json").json
    assert made["next_start"] == "2100-01-01T04:00:00+00:00"
    assert [job.id for job in load(in_news).jobs[-2:]] == ["one", "two"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("sources", "--command", "crawl", "--every", "1h"), 'sources is a built-in job: write [jobs."sources"] in'),
        (("old", "--command", "crawl", "--every", "1h"), "there is a job old in"),
        (("One", "--command", "crawl", "--every", "1h"), "command line: 'One' is no id for a job"),
        (("one", "--command", "crawl"), 'command line: jobs."one" does not say when'),
        (("one", "--command", "crawl", "--every", "1h", "--cron", "* * * * *"), "says cron and every"),
        (("one", "--command", "crawl", "--cron", "0 25 * * *"), "the hour lies between 0 and 23, not 25"),
        (("one", "--command", "crawl", "--at", "2020-01-01 04:00"), "is over: the job would never start"),
        (("one", "--command", "crawl", "--every", "1h", "--time-zone", "Europe/Prag"), "did you mean Europe/Prague?"),
        (("one", "--command", "crwl", "--every", "1h"), "there is no command 'crwl'; did you mean crawl?"),
        (("one", "--command", "crawl --hst x", "--every", "1h"), "the command of the job one is wrong: No such option"),
        (("one", "--command", "schedule history x --limit many", "--every", "1h"), "Invalid value for '--limit'"),
        (("one", "--command", "captures verfy", "--every", "1h"), "no command 'captures verfy'; did you mean verify?"),
        (("one", "--command", "captures", "--every", "1h"), "captures needs a command behind it: verify"),
        (("one", "--command", "crawl --help", "--every", "1h"), "it only prints its help"),
        (("one", "--command", "--version", "--every", "1h"), "it begins with no command of dateline"),
        (("one", "--command", "schedule run", "--every", "1h"), "schedule run is not for a job"),
        (("one", "--command", "crawl -L x", "--every", "1h"), "names a library"),
    ],
)
def test_a_job_that_could_not_run_is_refused_and_nothing_written(schedule, in_news, options, complaint):
    file = in_news / "dateline.toml"
    file.write_text('[jobs.old]\ncommand = "crawl"\nevery = "1d"\n')
    before = file.read_text()
    assert complaint in schedule("add", *options, expect=2).err
    assert file.read_text() == before


def test_every_command_of_a_built_in_job_is_one_that_there_is():
    for job in load_defaults():
        assert command_problem(job.command) == "", job.id


def load_defaults():
    return [job for job in load(".").jobs if job.built_in]


def test_a_job_is_removed_with_what_people_said_of_it_and_its_runs_stay(schedule, in_news, runs_of):
    before = (in_news / "dateline.toml").read_text()
    schedule(*NIGHTLY)
    schedule("pause", "nightly")
    runs_of("nightly")
    assert "would be removed" in schedule("remove", "nightly", "--dry-run").out
    assert "paused" in schedule("show", "nightly").out
    assert "nightly: removed from" in schedule("remove", "nightly").out
    assert (in_news / "dateline.toml").read_text() == before
    assert "nightly" not in schedule("list").out
    assert len(schedule("history", "nightly", "--json").lines) == 1
    schedule(*NIGHTLY)
    assert schedule("show", "nightly", "--json").json["paused_at"] is None


def test_a_built_in_job_is_not_removed_but_can_be_switched_off(schedule, in_news):
    assert 'enabled = false below [jobs."verify"]' in schedule("remove", "verify", expect=2).err
    (in_news / "dateline.toml").write_text('[jobs."verify"]\nenabled = false\n')
    line = next(line for line in schedule("list").out.splitlines() if line.startswith("verify"))
    assert "switched off" in line


def test_a_file_that_cannot_be_edited_by_a_program_is_left_alone(schedule, in_news):
    file = in_news / "dateline.toml"
    file.write_text('jobs = {one = {command = "crawl", every = "1h"}}\n')
    assert "remove it there by hand" in schedule("remove", "one", expect=2).err
    assert "that nothing can be added to" in schedule(*NIGHTLY, expect=2).err
    assert file.read_text() == 'jobs = {one = {command = "crawl", every = "1h"}}\n'


# -- pausing and wanting -----------------------------------------------------------------------------------------


def test_a_pause_stands_until_it_is_ended_and_keeps_its_reason(schedule):
    assert "sources: paused: the site moves;" in schedule("pause", "sources", "--reason", "the site moves").out
    assert "paused: the site moves" in schedule("pause", "sources").out
    assert "paused: the site moves" in schedule("list").out
    shown = schedule("show", "sources", "--json").json
    assert shown["pause_reason"] == "the site moves"
    assert shown["next_starts"] == []
    assert "sources: resumed; next start " in schedule("resume", "sources").out
    assert "sources: was not paused; next start " in schedule("resume", "sources").out
    assert schedule("pause", "sources", "--json").json["pause_reason"] == ""
    assert schedule("resume", "sources", "--json").json["next_start"]


def test_a_job_that_is_gone_from_the_file_but_paused_is_told(schedule, in_news):
    schedule(*NIGHTLY)
    schedule("pause", "nightly")
    (in_news / "dateline.toml").write_text("")
    assert "in no dateline.toml any more: nightly" in schedule("list").err


def test_a_job_can_be_wanted_at_once_and_nobody_starting_it_is_told(schedule):
    said = schedule("run-now", "sources")
    assert "sources: wanted at once" in said.out
    assert NOBODY in said.err
    assert "at once, " in schedule("list").out
    wanted = schedule("run-now", "sources", "--json").json
    assert not wanted["scheduler_at_work"]
    assert wanted["wanted_at"]


def test_a_job_at_work_is_not_started_beside_itself(schedule, runs_of):
    run = runs_of("sources", state=RunState.RUNNING, ago=timedelta(seconds=5))
    said = schedule("run-now", "sources", expect=1)
    assert f"its run {run.number} is at work; nothing is started beside it" in said.out
    assert f"its run {run.number} is at work and goes on" in schedule("pause", "sources").out


def test_a_scheduler_at_work_is_named(schedule, in_news):
    configuration = load(in_news)
    with open_leadership(configuration.database_url, configuration.library) as lead:
        assert lead.acquire()
        assert f"the scheduler on {socket.gethostname()} starts it within seconds" in schedule("run-now", "sources").err
        assert NOBODY not in schedule("list").err
        assert schedule("run-now", "sources", "--json").json["scheduler_at_work"]
    assert NOBODY in schedule("list").err


def test_the_scheduler_is_started_with_the_settings_and_told_which_commands_are_wrong(schedule, in_news, monkeypatch):
    (in_news / "dateline.toml").write_text('[jobs.one]\ncommand = "crwl"\nevery = "1h"\n')
    began = []

    def run(configuration, *, once):
        began.append((configuration.library, once))
        return 1

    monkeypatch.setattr(daemon, "run", run)
    said = schedule("run", "--once", expect=1)
    assert began == [(in_news, True)]
    assert "the command of the job one is wrong, its runs will fail: there is no command 'crwl'" in said.err


# -- history -----------------------------------------------------------------------------------------------------


def test_the_history_of_a_job_is_its_runs_latest_first(schedule, runs_of):
    runs_of("sources", counts={"stored": 12, "gone": 3})
    runs_of("sources", ago=timedelta(hours=1), state=RunState.KILLED, status=-9, problem="it ran past its deadline")
    runs_of("backfill")
    lines = schedule("history", "sources").out.splitlines()
    assert len(lines) == 3
    assert "killed" in lines[1]
    assert "it ran past its deadline" in lines[1]
    assert "3 gone, 12 stored" in lines[2]
    assert "0:05:00" in lines[2]
    assert [run["exit_status"] for run in schedule("history", "sources", "--json").lines] == [-9, 0]
    assert len(schedule("history", "sources", "--limit", 1, "--json").lines) == 1
    listed = next(line for line in schedule("list").out.splitlines() if line.startswith("sources"))
    assert "killed, exit -9" in listed
    assert json.loads(schedule("show", "sources", "--json").out)["last_run"]["state"] == "killed"


def test_a_job_that_never_ran_says_how_to_start_it(schedule):
    assert "verify never ran: `dateline schedule run-now verify`" in schedule("history", "verify").out
    assert schedule("history", "verify", "--json").out == ""
