"""Processes of jobs: started in a group of their own, watched, and ended with all that they started."""

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest
from living import is_running

from crawler.configuration import LIBRARY_VARIABLE, Job, load
from crawler.liveness import is_held
from crawler.runs import RUN_VARIABLE
from crawler.scheduling.clocks import ClockWatch
from crawler.scheduling.processes import Orphan, arguments, command_line, is_alive, start, working_folder
from crawler.scheduling.service import READY, tell_service
from crawler.scheduling.watching import Limits, Watch, ending_of
from storage.types import Run, RunState, utc_now

IGNORES = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


TOKEN = "feed0123"


def run_row(token=TOKEN, pid=0, **fields):
    now = utc_now()
    values = {"command": "dateline crawl", "machine": "here", "started_at": now, "heartbeat_at": now, "job": "sources"}
    return Run(token=token, pid=pid, number=1, **{**values, **fields})


@pytest.fixture
def launch(tmp_path):
    """Starts a python program as a job; whatever is left of it is killed."""
    started = []

    def begin(program, token=TOKEN):
        words = [sys.executable, "-c", program]
        started.append(start(words, token=token, folder=tmp_path, output=tmp_path / "logs" / "1.out"))
        return started[-1]

    yield begin
    for child in started:
        child.sweep()
        child._process.wait()


def wait_until(true, patience_s=20):
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def written(path):
    return path.read_text().split() if path.exists() else []


# -- starting ----------------------------------------------------------------------------------------------------


def test_a_job_has_a_group_of_its_own_its_token_and_its_output_in_a_file(launch, tmp_path, monkeypatch):
    monkeypatch.setenv(LIBRARY_VARIABLE, "/elsewhere")
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/somebody")
    child = launch(
        "import os, sys; print(os.getpgid(0), os.getsid(0), os.environ['DATELINE_RUN'], os.getcwd(),"
        " 'DATELINE_LIBRARY' in os.environ, 'NOTIFY_SOCKET' in os.environ, repr(sys.stdin.read()));"
        " print('complaint', file=sys.stderr)"
    )
    wait_until(child.ended)
    said = (tmp_path / "logs" / "1.out").read_text().split()
    assert sorted(said) == sorted(
        [str(child.pid)] * 2 + ["feed0123", str(tmp_path), "False", "False", "''", "complaint"]
    )
    assert child.exit_status == 0


def test_the_command_is_ours_and_names_the_library(tmp_path):
    (tmp_path / "dateline.toml").write_text("")
    configuration = load(tmp_path)
    job = Job(id="nightly", command=("crawl", "--host", "a b.example"))
    assert command_line(job) == "dateline crawl --host 'a b.example'"
    assert arguments(configuration, job) == [
        *(sys.executable, "-m", "crawler", "crawl", "--host", "a b.example"),
        *("--library", str(tmp_path)),
    ]
    assert working_folder(configuration) == tmp_path


def test_a_library_whose_settings_stand_elsewhere_is_found_from_there(tmp_path, monkeypatch):
    (tmp_path / "dateline.toml").write_text('library = "news"\n')
    monkeypatch.chdir(tmp_path)
    configuration = load()
    assert arguments(configuration, Job(id="one", command=("crawl",)))[-1] == "crawl"
    assert working_folder(configuration) == tmp_path


# -- ending ------------------------------------------------------------------------------------------------------


def test_what_a_job_leaves_behind_is_killed_even_where_it_left_the_group(launch, tmp_path):
    pids = tmp_path / "pids"
    child = launch(
        "import subprocess, sys\n"
        f"sleeper = [sys.executable, '-c', {(IGNORES + '; time.sleep(300)')!r}]\n"
        "ones = [subprocess.Popen(sleeper), subprocess.Popen(sleeper, start_new_session=True)]\n"
        f"open({str(pids)!r}, 'w').write(' '.join(str(one.pid) for one in ones))\n"
    )
    wait_until(child.ended)
    left = [int(one) for one in written(pids)]
    assert len(left) == 2
    assert all(map(is_running, left))
    child.sweep()
    wait_until(lambda: not any(map(is_running, left)))


def test_a_deadline_ends_a_job_with_a_grandchild_that_ignores_it(launch, tmp_path):
    ready = tmp_path / "ready"
    child = launch(
        f"{IGNORES}; import subprocess, sys\n"
        f"inner = subprocess.Popen([sys.executable, '-c', {(IGNORES + '; time.sleep(300)')!r}])\n"
        f"open({str(ready)!r}, 'w').write(str(inner.pid))\n"
        "time.sleep(300)\n"
    )
    wait_until(lambda: written(ready))
    limits = Limits(left=0.0, silence=1000, grace=0.3, poll=0.02)

    async def watched():
        return await Watch(run_row(), child, limits, steady=time.monotonic).until_gone()

    ending = asyncio.run(watched())
    assert (ending.state, ending.exit_status) == (RunState.KILLED, -signal.SIGKILL)
    assert ending.problem == "it ran past its deadline"
    wait_until(lambda: not is_running(int(written(ready)[0])))


class Steady:
    """A steady clock that the test moves, and a group of processes that ends when it is told to."""

    exit_status = None

    def __init__(self):
        self.now = 100.0
        self.sent = []
        self.gone = False

    def __call__(self):
        return self.now

    def ended(self):
        return self.gone

    def send(self, number):
        self.sent.append(number)

    def sweep(self):
        self.gone = True


def watch_of(steady, **limits):
    values = {"left": None, "silence": 10.0, "grace": 5.0, "poll": 0.01}
    return Watch(run_row(), steady, Limits(**{**values, **limits}), steady=steady)


def test_silence_ends_a_run_that_spoke_before():
    steady = Steady()
    watch = watch_of(steady)
    watch.saw(1, spoke=True)
    steady.now += 9
    watch.saw(2, spoke=True)
    steady.now += 9
    watch._look()
    assert steady.sent == []
    watch.saw(2, spoke=True)  # the same sign again is none
    steady.now += 1
    watch._look()
    assert steady.sent[0] is signal.SIGTERM
    steady.now += 4.9
    watch._look()
    assert signal.SIGKILL not in steady.sent
    steady.now += 0.1
    watch._look()
    assert steady.sent[-1] is signal.SIGKILL
    assert watch._ending().state is RunState.KILLED
    assert watch._ending().problem == "it gave no sign of life for 10 s"


def test_silence_of_a_command_without_heartbeat_or_without_a_database_is_nobodys_fault():
    steady = Steady()
    mute, away = watch_of(steady), watch_of(steady)
    away.saw(1, spoke=True)
    for _ in range(5):
        steady.now += 9
        away.excuse()
        mute._look()
        away._look()
    assert steady.sent == []


def test_a_deadline_counts_the_time_in_which_the_machine_was_awake():
    steady = Steady()
    watch = watch_of(steady, left=60.0)
    steady.now += 59.9
    watch._look()
    assert steady.sent == []
    steady.now += 0.1
    watch._look()
    assert steady.sent[0] is signal.SIGTERM


@pytest.mark.parametrize(
    ("status", "stopped", "state"),
    [
        (0, False, RunState.FINISHED),
        (1, False, RunState.FINISHED),
        (2, False, RunState.FAILED),
        (130, False, RunState.INTERRUPTED),
        (143, True, RunState.INTERRUPTED),
        (-signal.SIGTERM, True, RunState.INTERRUPTED),
        (-signal.SIGTERM, False, RunState.DEAD),
        (-signal.SIGKILL, False, RunState.DEAD),
        (-signal.SIGKILL, True, RunState.KILLED),
        (-signal.SIGSEGV, True, RunState.DEAD),
    ],
)
def test_an_exit_status_says_how_a_run_ended(status, stopped, state):
    ending = ending_of(status, stopped=stopped)
    assert ending.state is state
    assert bool(ending.problem) == (state in (RunState.FAILED, RunState.DEAD, RunState.KILLED))


def test_only_the_first_process_is_asked_to_end_and_all_are_killed(launch, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    notes = (
        "import os, pathlib, signal, subprocess, sys, time\n"
        f"path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path({str(first)!r})\n"
        "signal.signal(signal.SIGTERM, lambda *_: path.with_suffix('.asked').write_text('asked'))\n"
    )
    rest = "path.write_text(str(os.getpid()))\nwhile True: time.sleep(300)\n"
    begun = f"subprocess.Popen([sys.executable, '-c', {notes + rest!r}, {str(second)!r}])\n"
    child = launch(notes + begun + rest)
    wait_until(lambda: written(first) and written(second))
    child.send(signal.SIGTERM)
    wait_until(lambda: written(first.with_suffix(".asked")))
    assert not second.with_suffix(".asked").exists()
    child.send(signal.SIGKILL)
    wait_until(lambda: child.ended() and not is_running(int(written(second)[0])))


# -- orphans -----------------------------------------------------------------------------------------------------


def test_a_process_counts_as_a_run_by_its_token_or_its_lock_and_never_by_its_number(launch, tmp_path):
    lock = tmp_path / "feed0123.lock"
    child = launch("import time; time.sleep(300)")
    wait_until(lambda: is_alive(run_row(pid=child.pid), lock))
    assert is_alive(run_row(pid=0), lock)  # its scheduler did not come to write the number down
    assert not is_alive(run_row("beef", pid=child.pid), lock)
    stranger = Orphan(run_row("beef", pid=child.pid), lock)
    stranger.send(signal.SIGKILL)
    stranger.sweep()
    assert is_running(child.pid)


def test_a_lock_file_is_held_as_long_as_its_process_lives(launch, tmp_path):
    lock = tmp_path / "beef.lock"
    child = launch(
        "import fcntl, os, time\n"
        f"file = open({str(lock)!r}, 'w'); fcntl.flock(file, fcntl.LOCK_EX)\n"
        "file.write('held'); file.flush(); time.sleep(300)\n"
    )
    wait_until(lambda: written(lock))
    assert is_held(lock)
    orphan = Orphan(run_row("beef", pid=child.pid), lock)
    assert not orphan.ended()
    orphan.send(signal.SIGKILL)
    wait_until(child.ended)
    assert orphan.ended()
    assert not is_held(lock)
    assert not is_held(tmp_path / "nowhere.lock")


def test_an_orphans_own_processes_are_swept_with_it(launch, tmp_path):
    pids = tmp_path / "pids"
    child = launch(
        "import os, subprocess, sys, time\n"
        f"os.environ.pop({RUN_VARIABLE!r})\n"
        "one = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\n"
        f"open({str(pids)!r}, 'w').write(str(one.pid)); time.sleep(300)\n"
    )
    wait_until(lambda: written(pids))
    orphan = Orphan(run_row(pid=child.pid), tmp_path / "feed0123.lock")
    assert not orphan.ended()
    os.kill(child.pid, signal.SIGKILL)
    wait_until(orphan.ended)
    orphan.sweep()
    wait_until(lambda: not is_running(int(written(pids)[0])))


# -- clocks and services -----------------------------------------------------------------------------------------


def test_a_clock_that_was_moved_is_noticed_and_one_that_is_slewed_is_not():
    now = {"wall": 1000.0, "steady": 50.0}
    watch = ClockWatch(wall=lambda: now["wall"], steady=lambda: now["steady"])

    def after(wall, steady):
        now["wall"] += wall
        now["steady"] += steady
        return watch.moved()

    assert after(1.0, 1.0) == 0
    assert after(1.5, 1.0) == 0
    assert after(8 * 3600 + 1, 1.0) == 8 * 3600  # the machine slept
    assert after(1.0, 1.0) == 0
    assert after(-3599.0, 1.0) == -3600  # set back
    assert after(1.0, 1.0) == 0


def test_a_service_manager_is_told(tmp_path, monkeypatch):
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(path))
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        tell_service(READY, "STATUS=leading")
        assert channel.recv(100) == b"READY=1\nSTATUS=leading"
    tell_service(READY)  # nobody listens any more
    monkeypatch.setenv("NOTIFY_SOCKET", "")
    tell_service(READY)


def test_the_environment_of_a_zombie_is_nobodys(launch):
    child = launch("pass")
    row = run_row(pid=child.pid)
    wait_until(lambda: not is_running(child.pid))
    assert not is_alive(row, Path("/nowhere.lock"))
