"""The scheduler in this process, with jobs that are tiny programs, on both databases."""

import asyncio
import os
import pickle
import signal
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.configuration import Job, load
from crawler.library import open_library
from crawler.liveness import SCHEDULER
from crawler.runs import Work, lock_path
from crawler.scheduling import processes
from crawler.scheduling.daemon import Daemon, run
from crawler.scheduling.job_store import MirroredJobStore
from crawler.scheduling.pace import Pace
from storage.errors import StoreUnavailable
from storage.leading import open_leadership
from storage.opening import shared_engine
from storage.sql.models.revision import HEAD
from storage.types import Run, RunState, utc_now

FAST = Pace(standby=0.1, holds=0.2, tick=0.1, rows=0.1, orphans=0.3, poll=0.02, retry=0.1, grace=0.3)
PATIENCE_S = 30
SECOND = timedelta(seconds=1)
SOON = SECOND / 4
SLEEPS = "import time; time.sleep(300)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(300)"
)


def program(_configuration, job):
    """What is executed in these tests: the job's first word is a python program."""
    return [sys.executable, "-S", "-c", *job.command]


def job_of(text="pass", name="one", **fields):
    fields = fields if {"cron", "at", "every"} & fields.keys() else {"every": timedelta(days=9), **fields}
    return Job(id=name, command=(text,), **fields)


@pytest.fixture(params=["sqlite", "postgresql"])
def configuration(request, tmp_path):
    """Of a library without jobs."""
    folder = tmp_path / "news"
    folder.mkdir()
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        (folder / "dateline.db").write_bytes(template.read_bytes())
        address = ""
    else:
        address = request.getfixturevalue("postgres_url")
        forget_timetable(address)
    settings = f'[storage]\ndatabase = "{address}"\n[schedule]\ndefaults = false\nstop_s = 5.0\n[crawl]\nlease_s = 10\n'
    (folder / "dateline.toml").write_text(settings)
    return load(folder)


def forget_timetable(address):
    """APScheduler's table is none of the store's: it is not emptied with the others."""
    engine = shared_engine(address)
    with engine.begin() as connection:
        MirroredJobStore(engine).jobs_t.drop(connection, checkfirst=True)
    engine.dispose()


@pytest.fixture
def library(configuration):
    with open_library(configuration) as opened:
        opened.store.start_run(own_row())
        yield opened


def own_row():
    now = utc_now()
    return Run(token="0daemon0", command=SCHEDULER, machine="here", pid=1, started_at=now, heartbeat_at=now)


def daemon_of(library, *jobs, **options):
    with_jobs = replace(library, configuration=replace(library.configuration, jobs=jobs))
    values = {"pace": FAST, "arguments": program, **options}
    return Daemon(with_jobs, Work(run=own_row()), **values)


@asynccontextmanager
async def scheduling(library, *jobs, daemon=None, **options):
    """A scheduler that is at work meanwhile."""
    daemon = daemon or daemon_of(library, *jobs, **options)
    task = asyncio.create_task(daemon.run())
    try:
        yield daemon
    finally:
        daemon.stop()
        async with asyncio.timeout(PATIENCE_S):
            await task


async def until(true):
    """Wait for it; a failing condition tells by its last value."""
    async with asyncio.timeout(PATIENCE_S):
        while not (found := true()):  # noqa: ASYNC110 - rows and files tell nobody
            await asyncio.sleep(0.02)
    return found


def runs_of(library, state=None):
    return [run for run in library.store.runs(state=state) if run.job]


def want(library, name="one"):
    library.store.want_job(name, now=utc_now(), who="ada")


def overlaps(runs):
    spans = sorted((run.started_at, run.finished_at) for run in runs)
    return [(one, other) for one, other in pairwise(spans) if other[0] < one[1]]


# -- another version -----------------------------------------------------------------------------------------------


@pytest.fixture
def upgraded(library):
    """Has the database say that a newer program upgraded it, and that only newer ones may use it."""
    engine = shared_engine(library.configuration.database_url)

    def say(revision, oldest):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608 -- ours
            connection.exec_driver_sql("DELETE FROM compatibility")
            connection.exec_driver_sql(f"INSERT INTO compatibility (id, oldest) VALUES (1, '{oldest}')")  # noqa: S608

    yield say
    say(HEAD, HEAD)
    engine.dispose()


def test_a_scheduler_stops_in_order_when_the_database_is_none_of_its_own_any_more(library, upgraded, caplog):
    async def scenario():
        daemon = daemon_of(library, job_of(SLEEPS))
        at_work = asyncio.create_task(daemon.run())
        await until(lambda: daemon.state.leading)
        want(library)
        (run,) = await until(lambda: [one for one in runs_of(library, RunState.RUNNING) if one.pid])
        upgraded("9998", oldest=HEAD)
        ticked = daemon.state.ticked_at
        await until(lambda: daemon.state.ticked_at > ticked)
        assert not at_work.done()
        upgraded("9999", oldest="9999")
        async with asyncio.timeout(PATIENCE_S):
            status = await at_work
        assert status == 1
        return run

    run = asyncio.run(scenario())
    said = next(one for one in caplog.records if one.levelname == "ERROR")
    assert "the scheduler stops, and its runs with it" in said.getMessage()
    assert "a newer dateline made it" in said.getMessage()
    with pytest.raises(ProcessLookupError):
        os.kill(run.pid, 0)


# -- starting ----------------------------------------------------------------------------------------------------


def test_a_job_runs_by_the_clock_and_its_row_tells_all(library):
    async def scenario():
        async with scheduling(library, job_of("print('hello')", every=SECOND, deadline=timedelta(hours=2))) as daemon:
            await until(lambda: runs_of(library, RunState.FINISHED))
            assert daemon.state.leading
            assert set(daemon.state.next_starts) == {"one"}

    asyncio.run(scenario())
    row = runs_of(library)[-1]
    assert (row.job, row.exit_status, row.problem) == ("one", 0, "")
    assert row.command == """dateline 'print('"'"'hello'"'"')'"""
    assert row.pid > 0
    assert row.who
    assert row.deadline_at == row.started_at + timedelta(hours=2)
    assert (library.configuration.library / row.log).read_text() == "hello\n"
    assert library.store.run("0daemon0").note == "leading"


def test_a_failing_job_is_recorded_with_its_status(library):
    async def scenario():
        async with scheduling(library, job_of("raise SystemExit(3)")) as daemon:
            want(library)
            await until(lambda: runs_of(library, RunState.FAILED))
            await until(lambda: daemon.state.counts["failed"] == 1)

    asyncio.run(scenario())
    assert (runs_of(library)[0].exit_status, runs_of(library)[0].problem) == (3, "it ended with status 3")


def test_a_program_that_is_not_there_is_a_failed_run(library):
    async def scenario():
        async with scheduling(library, job_of(), arguments=lambda *_: ["/nowhere/program"]):
            want(library)
            await until(lambda: runs_of(library, RunState.FAILED))

    asyncio.run(scenario())
    assert "it cannot be started" in runs_of(library)[0].problem


def test_a_job_never_overlaps_itself(library):
    async def scenario():
        async with scheduling(library, job_of("import time; time.sleep(0.6)", every=SOON)) as daemon:
            await until(lambda: len(runs_of(library, RunState.FINISHED)) >= 2)
            assert daemon.state.counts["skipped"] >= 2

    asyncio.run(scenario())
    assert overlaps(runs_of(library)) == []


def test_a_job_that_is_at_work_elsewhere_is_not_started(library):
    elsewhere = replace(own_row(), token="e15e", job="one", machine="elsewhere")
    library.store.start_run(elsewhere)

    async def scenario():
        async with scheduling(library, job_of(every=SOON)) as daemon:
            await until(lambda: daemon.state.counts["skipped"] >= 2)

    asyncio.run(scenario())
    assert [run.token for run in runs_of(library)] == ["e15e"]


def test_a_paused_job_waits_and_one_that_is_wanted_does_not(library):
    library.store.pause_job("one", now=utc_now(), who="ada", reason="moving house")

    async def scenario():
        async with scheduling(library, job_of(every=SOON)) as daemon:
            await until(lambda: daemon.state.counts["paused"] >= 2)
            assert runs_of(library) == []
            want(library)
            await until(lambda: runs_of(library, RunState.FINISHED))
            library.store.resume_job("one")
            await until(lambda: len(runs_of(library, RunState.FINISHED)) >= 2)

    asyncio.run(scenario())
    by_clock, by_hand = runs_of(library)[0], runs_of(library)[-1]
    assert by_hand.who == "ada"
    assert by_clock.who != "ada"


def test_a_job_that_is_wanted_while_it_runs_is_started_again_when_it_ended(library):
    async def scenario():
        async with scheduling(library, job_of("import time; time.sleep(0.4)")):
            want(library)
            await until(lambda: runs_of(library, RunState.RUNNING))
            want(library)
            await until(lambda: len(runs_of(library, RunState.FINISHED)) == 2)

    asyncio.run(scenario())
    assert overlaps(runs_of(library)) == []


def test_a_job_that_is_turned_off_runs_by_hand_only(library):
    async def scenario():
        async with scheduling(library, job_of(every=SOON, enabled=False)) as daemon:
            await asyncio.sleep(0.7)
            assert (runs_of(library), daemon.state.next_starts) == ([], {})
            want(library)
            await until(lambda: runs_of(library, RunState.FINISHED))

    asyncio.run(scenario())


def test_nothing_is_started_on_a_disk_that_is_nearly_full(library, caplog):
    full = replace(library.configuration, values={**library.configuration.values, "storage.min_free_mb": 1 << 30})

    async def scenario():
        async with scheduling(replace(library, configuration=full), job_of(every=SOON)) as daemon:
            await until(lambda: daemon.state.counts["disk_low"])

    asyncio.run(scenario())
    assert runs_of(library) == []
    assert "MiB free" in caplog.text


# -- ending ------------------------------------------------------------------------------------------------------


def test_a_job_past_its_deadline_is_killed(library):
    async def scenario():
        async with scheduling(library, job_of(STUBBORN, deadline=timedelta(seconds=0.5))):
            want(library)
            await until(lambda: runs_of(library, RunState.KILLED))

    asyncio.run(scenario())
    row = runs_of(library)[0]
    assert (row.problem, row.exit_status) == ("it ran past its deadline", -signal.SIGKILL)


def test_a_killed_process_is_recorded_as_dead_and_the_next_start_works(library):
    async def scenario():
        async with scheduling(library, job_of(SLEEPS)) as daemon:
            want(library)
            (run,) = await until(lambda: [one for one in runs_of(library, RunState.RUNNING) if one.pid])
            os.kill(run.pid, signal.SIGKILL)
            await until(lambda: runs_of(library, RunState.DEAD))
            want(library)
            await until(lambda: runs_of(library, RunState.RUNNING))
            await until(lambda: daemon.state.at_work == {"one": runs_of(library)[0].number})

    asyncio.run(scenario())
    assert [run.exit_status for run in runs_of(library)] == [-signal.SIGTERM, -signal.SIGKILL]


def test_a_silent_run_is_killed_when_it_spoke_before(library, monkeypatch):
    monkeypatch.setattr("crawler.scheduling.at_work.SILENT_LEASES", 0.05)
    lock = "import fcntl, glob, os, sys, time; f = open(f'runs/{os.environ[\"DATELINE_RUN\"]}.lock', 'w');"

    async def scenario():
        async with scheduling(library, job_of(f"{lock} fcntl.flock(f, 2); time.sleep(300)")):
            want(library)
            await until(lambda: runs_of(library, RunState.KILLED))

    asyncio.run(scenario())
    assert runs_of(library)[0].problem.startswith("it gave no sign of life for ")


def test_stopping_asks_first_and_kills_what_does_not_listen(library):
    patient = {**library.configuration.values, "schedule.stop_s": 0.5}
    hurried = replace(library, configuration=replace(library.configuration, values=patient))

    async def scenario():
        async with scheduling(hurried, job_of(SLEEPS, "gentle"), job_of(STUBBORN, "stubborn")):
            want(library, "gentle")
            want(library, "stubborn")
            await until(lambda: len(list(Path(library.configuration.library, "logs").glob("*.out"))) == 2)
            await until(lambda: "up" in "".join(one.read_text() for one in logs(library)))

    asyncio.run(scenario())
    states = {run.job: (run.state, run.exit_status) for run in runs_of(library)}
    assert states["gentle"] == (RunState.INTERRUPTED, -signal.SIGTERM)
    assert states["stubborn"] == (RunState.KILLED, -signal.SIGKILL)
    with open_leadership(library.configuration.database_url, library.configuration.library) as next_one:
        assert next_one.acquire()


def logs(library):
    return (library.configuration.library / "logs").glob("*.out")


def test_a_second_signal_kills_at_once(library):
    async def scenario():
        async with scheduling(library, job_of(STUBBORN)) as daemon:
            want(library)
            await until(lambda: any("up" in one.read_text() for one in logs(library)))
            began = time.monotonic()
            daemon.stop(signal.SIGINT)
            await asyncio.sleep(0.1)
            daemon.stop(signal.SIGINT)
            await until(lambda: runs_of(library, RunState.KILLED))
            assert time.monotonic() - began < library.configuration.number("schedule.stop_s")

    asyncio.run(scenario())


# -- leading -----------------------------------------------------------------------------------------------------


def test_of_two_schedulers_one_starts_jobs_and_the_other_takes_over(library):
    async def scenario():
        second = daemon_of(library, job_of(every=SECOND))
        async with scheduling(library, job_of(every=SECOND)) as first:
            await until(lambda: first.state.leading)
            async with scheduling(library, daemon=second):
                await until(lambda: first.state.counts["started"])
                assert not second.state.leading
                first.stop()
                await until(lambda: second.state.counts["started"])
                assert not first.state.leading

    asyncio.run(scenario())
    starts = [run.started_at.replace(microsecond=0) for run in runs_of(library)]
    assert len(set(starts)) == len(starts)
    assert overlaps(runs_of(library)) == []


@pytest.fixture
def left_behind(library):
    """Starts a run as a scheduler would that is killed then; its row and its process are left."""
    started = []

    def begin(text, *, pid=None, job=None, **fields):
        job = job or job_of()
        now = utc_now()
        row = Run(
            **{
                "token": f"0rphan{len(started)}",
                "command": "dateline crawl",
                "machine": os.uname().nodename,
                "pid": 0,
                "job": job.id,
                "started_at": now,
                "heartbeat_at": now,
                **fields,
            }
        )
        library.store.start_run(row)
        folder = library.configuration.library
        output = folder / "logs" / "left.out"
        child = processes.start([sys.executable, "-S", "-c", text], token=row.token, folder=folder, output=output)
        started.append(child)
        library.store.adopt_run(row.token, pid=child.pid if pid is None else pid, log="", now=now)
        return row.token, child

    yield begin
    for child in started:
        child.sweep()
        child._process.wait()


async def reaped(child):
    """What init does for a process whose parent is gone."""
    await until(child.ended)


def test_a_run_of_a_dead_scheduler_is_taken_over_and_not_started_twice(library, left_behind):
    token, child = left_behind(SLEEPS)

    async def scenario():
        async with scheduling(library, job_of(every=SOON)) as daemon:
            await until(lambda: daemon.state.counts["skipped"])
            assert (daemon.state.counts["adopted"], daemon.state.counts["started"]) == (1, 0)
            os.kill(child.pid, signal.SIGKILL)
            await reaped(child)
            await until(lambda: daemon.state.counts["started"])

    asyncio.run(scenario())
    row = library.store.run(token)
    assert (row.state, row.exit_status, row.problem) == (RunState.DEAD, None, "its process is gone")
    assert overlaps(runs_of(library)) == []


def test_an_orphans_deadline_holds(library, left_behind):
    soon = utc_now() + timedelta(seconds=0.5)
    token, child = left_behind(STUBBORN, deadline_at=soon)

    async def scenario():
        async with scheduling(library, job_of()):
            await reaped(child)
            await until(lambda: library.store.run(token).state is not RunState.RUNNING)

    asyncio.run(scenario())
    assert library.store.run(token).state is RunState.KILLED


def test_a_row_whose_process_never_came_is_settled(library):
    before = utc_now() - timedelta(minutes=1)
    row = replace(own_row(), token="0never0", job="one", machine=os.uname().nodename, pid=0)
    library.store.start_run(replace(row, started_at=before, heartbeat_at=utc_now()))

    async def scenario():
        async with scheduling(library, job_of(every=SOON)) as daemon:
            await until(lambda: daemon.state.counts["started"])

    asyncio.run(scenario())
    assert library.store.run("0never0").state is RunState.DEAD


def test_a_scheduler_that_stops_stops_its_orphans_too(library, left_behind):
    token, child = left_behind(SLEEPS)

    async def scenario():
        async with scheduling(library, job_of()) as daemon:
            await until(lambda: daemon.state.at_work)
            daemon.stop()
            await reaped(child)

    asyncio.run(scenario())
    assert library.store.run(token).state is RunState.DEAD
    assert child.exit_status == -signal.SIGTERM


def test_a_command_without_heartbeat_of_its_own_is_spoken_for(library, monkeypatch):
    monkeypatch.setattr("crawler.scheduling.at_work.heartbeat_s", lambda _: 0.2)

    async def scenario():
        async with scheduling(library, job_of(SLEEPS)):
            want(library)
            (run,) = await until(lambda: runs_of(library, RunState.RUNNING))
            await until(lambda: library.store.run(run.token).heartbeat_at > run.heartbeat_at + timedelta(seconds=0.5))
            assert not lock_path(library.configuration.library, run.token).exists()

    asyncio.run(scenario())


# -- settings ----------------------------------------------------------------------------------------------------


def test_jobs_follow_the_settings_file_and_a_broken_one_changes_nothing(library, caplog):
    caplog.set_level("INFO")
    path = library.configuration.library / "dateline.toml"
    plain = path.read_text()

    def write(text):
        path.write_text(plain + text)

    async def scenario():
        write('[jobs.first]\ncommand = "status"\nevery = "1h"\n')
        filled = replace(library, configuration=load(library.configuration.library))
        daemon = Daemon(filled, Work(run=own_row()), pace=FAST, arguments=program)
        async with scheduling(library, daemon=daemon):
            await until(lambda: set(daemon.state.next_starts) == {"first"})
            write('[jobs.second]\ncommand = "status"\nevery = "2h"\n')
            await until(lambda: set(daemon.state.next_starts) == {"second"})
            write('[jobs.second]\ncommand = "status"\nevery = "2 moons"\n')
            await until(lambda: daemon.state.settings_problem)
            assert set(daemon.state.next_starts) == {"second"}
            write('[jobs.second]\ncommand = "status"\nevery = "2h"\n')
            await until(lambda: not daemon.state.settings_problem)

    asyncio.run(scenario())
    assert "job first is no longer scheduled" in caplog.text


def test_a_start_that_was_missed_is_made_up_for_once(library):
    def every(hours):
        return job_of(every=timedelta(hours=hours), misfire_grace=timedelta(days=1))

    async def known():
        async with scheduling(library, every(1)) as daemon:
            await until(lambda: daemon.state.leading)

    asyncio.run(known())
    set_back(library, timedelta(hours=3))
    reports = []

    async def later(job):
        async with scheduling(library, job) as daemon:
            await until(lambda: daemon.state.leading)
            await asyncio.sleep(0.5)
            await until(lambda: not daemon.state.at_work)
            reports.append(daemon.state.counts["started"])

    asyncio.run(later(every(2)))  # the rule was changed while the start was missed
    asyncio.run(later(every(2)))
    assert reports == [1, 0]


def set_back(library, by):
    """Let the clock go on while nobody schedules: every next start is so much earlier."""
    engine = shared_engine(library.configuration.database_url)
    store = MirroredJobStore(engine)
    with engine.begin() as connection:
        column = store.jobs_t.c.next_run_time
        connection.execute(store.jobs_t.update().values(next_run_time=column - by.total_seconds()))
    with engine.begin() as connection:
        for row in connection.execute(store.jobs_t.select()).all():
            state = pickle.loads(row.job_state)  # noqa: S301 - our own
            state["next_run_time"] -= by
            connection.execute(store.jobs_t.update().values(job_state=pickle.dumps(state)))
    engine.dispose()


# -- a database that is away -------------------------------------------------------------------------------------


class Flaky:
    """A store whose database is away now and then."""

    def __init__(self, store):
        self._store = store
        self.away = False

    def __getattr__(self, name):
        def call(*words, **named):
            if self.away:
                raise StoreUnavailable("away")
            return getattr(self._store, name)(*words, **named)

        return call


def test_starts_and_ends_wait_for_a_database_that_is_away(library):
    flaky = Flaky(library.store)

    async def scenario():
        async with scheduling(
            replace(library, store=flaky), job_of("import time; time.sleep(0.5)", every=2 * SECOND)
        ) as daemon:
            await until(lambda: runs_of(library, RunState.RUNNING))
            flaky.away = True
            await until(lambda: daemon.state.database_away)
            await asyncio.sleep(2.5)  # it ends, and the next start falls due
            assert daemon.state.at_work
            assert len(runs_of(library)) == 1
            flaky.away = False
            await until(lambda: runs_of(library, RunState.FINISHED))
            await until(lambda: len(runs_of(library)) == 2)
            assert daemon.state.database_away == ""

    asyncio.run(scenario())
    assert overlaps([run for run in runs_of(library) if run.finished_at]) == []


@pytest.mark.parametrize("configuration", ["postgresql"], indirect=True)
def test_a_leader_whose_connections_are_cut_leads_again_and_starts_nothing_twice(
    library, configuration, postgres_server
):
    async def scenario():
        async with scheduling(library, job_of(every=SECOND)) as daemon:
            for _ in range(3):
                started = daemon.state.counts["started"]
                await until(lambda before=started: daemon.state.counts["started"] > before)
                since = await until(lambda: daemon.state.leading_since)
                await asyncio.to_thread(postgres_server.cut, configuration.database_url)
                await until(lambda before=since: daemon.state.leading_since not in (None, before))
            started = daemon.state.counts["started"]
            await until(lambda: daemon.state.counts["started"] > started)

    asyncio.run(scenario())
    starts = [run.started_at.replace(microsecond=0) for run in runs_of(library)]
    assert len(set(starts)) == len(starts)
    assert {run.state for run in runs_of(library)} <= {RunState.FINISHED, RunState.INTERRUPTED}


# -- the command -------------------------------------------------------------------------------------------------


def test_once_starts_what_is_wanted_and_ends(library):
    want(library)
    daemon = daemon_of(library, job_of("import time; time.sleep(0.3)"), job_of(SLEEPS, "two"), once=True)
    assert asyncio.run(asyncio.wait_for(daemon.run(), PATIENCE_S)) == 0
    assert [(one.job, one.state) for one in runs_of(library)] == [("one", RunState.FINISHED)]


def test_the_command_writes_a_row_of_its_own_and_gives_the_lead_back(library, configuration):
    assert run(configuration, once=True) == 0
    own = next(one for one in library.store.runs() if one.command == SCHEDULER and one.token != "0daemon0")
    assert (own.state, own.note, own.job) == (RunState.FINISHED, "leading", "")
    with open_leadership(configuration.database_url, configuration.library) as other:
        assert other.acquire()
        assert run(configuration, once=True) == 1  # it leaves the work to the other
