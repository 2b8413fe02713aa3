"""``dateline runs``, and what every command leaves in its run's row."""

import json
import logging
import os
import signal
import threading
import time
from datetime import timedelta

import pytest

from crawler import disk, run_views, runs
from crawler.cli import runs as runs_command
from crawler.configuration import load
from crawler.library import open_library
from crawler.runs import RUN_VARIABLE, registered, run
from storage.types import Run, RunState, utc_now

URLS = ("http://a.example/1", "http://b.example/2")


def stored_runs(folder):
    with open_library(load(folder)) as library:
        return library.store.runs()


def put(folder, **given):
    now = utc_now()
    values = {
        "token": f"{len(stored_runs(folder)):016x}",
        "command": "dateline crawl",
        "machine": "elsewhere",
        "pid": 12,
        "started_at": now,
        "heartbeat_at": now,
        "who": "mira",
    }
    with open_library(load(folder)) as library:
        return library.store.start_run(Run(**values | given))


def close(folder, begun, *, after=timedelta(seconds=5), exit_status=0, state=RunState.FINISHED, **given):
    now = begun.started_at + after
    with open_library(load(folder)) as library:
        library.store.finish_run(begun.token, now=now, state=state, counts=given.pop("counts", {}), **given)
        library.store.settle_run(begun.token, now=now, state=state, exit_status=exit_status)


@pytest.fixture
def some(in_news):
    """A finished run of a job, one that failed, one that is at work."""
    long_ago = utc_now() - timedelta(hours=3)
    close(
        in_news,
        put(in_news, started_at=long_ago, job="nightly", who="scheduler"),
        after=timedelta(minutes=127),
        counts={"fetched": 120, "gone": 7, "timeout": 30, "forbidden": 1},
    )
    failed = put(in_news, command="dateline link run")
    close(in_news, failed, state=RunState.FAILED, exit_status=1, problem="the database is away")
    put(in_news, command="dateline backfill --host a.example")
    return in_news


# -- listing ---------------------------------------------------------------------------------------------------


def test_a_library_without_runs_says_so(dateline, in_news):
    assert dateline("runs").out == "no runs yet\n"
    assert dateline("runs", "--job", "nightly").out == "no run fits\n"
    assert dateline("runs", "--json").out == ""


def test_runs_are_listed_latest_first(dateline, some):
    head, *lines = dateline("runs").out.splitlines()
    assert head.split() == ["run", "state", "exit", "started", "took", "by", "command", "counts"]
    assert [line.split()[:2] for line in lines] == [["3", "running"], ["2", "failed"], ["1", "finished"]]
    assert "mira" in lines[0]
    assert "dateline backfill --host a.example" in lines[0]
    assert "5 s" in lines[1]
    assert lines[1].endswith("the database is away")
    assert "2 h 07 min" in lines[2]
    assert "nightly" in lines[2]
    assert lines[2].endswith("120 fetched, 30 timeout, 7 gone, ...")


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["--job", "nightly"], [1]),
        (["--state", "failed"], [2]),
        (["--state", "running"], [3]),
        (["--limit", "2"], [3, 2]),
        (["--job", "weekly"], []),
    ],
)
def test_runs_are_chosen(dateline, some, words, numbers):
    assert [one["number"] for one in dateline("runs", *words, "--json").lines] == numbers


def test_what_is_left_out_is_said(dateline, some):
    assert dateline("runs", "--limit", "1").out.endswith("only the latest 1: --limit lists more\n")


def test_an_unknown_state_is_refused(dateline, some):
    assert "killed" in dateline("runs", "--state", "lost", expect=2).err


# -- one run ---------------------------------------------------------------------------------------------------


def test_a_run_is_shown_with_all_that_is_known(dateline, some):
    said = " ".join(dateline("runs", "show", 1).out.split())
    for text in (
        "run 1 finished: it did what it had to do",
        "command dateline crawl",
        "job nightly",
        "by scheduler on elsewhere, process 12",
        "took 2 h 07 min",
        "exit status 0",
        "counts 120 fetched, 30 timeout, 7 gone, 1 forbidden",
    ):
        assert text in said
    assert "problem   the database is away" in dateline("runs", "show", 2).out
    at_work = dateline("runs", "show", 3).out
    assert "last sign" in at_work
    assert "exit" not in at_work


def test_a_run_that_does_not_exist_is_said(dateline, some):
    assert "there is no run 99: `dateline runs` shows them" in dateline("runs", "show", 99, expect=2).err
    assert "--json" in dateline("runs", "show", 1, "--follow", "--json", expect=2).err


def test_the_last_lines_of_log_and_output_are_shown(dateline, some):
    (some / "logs").mkdir()
    (some / "logs" / "1.log").write_text("".join(f"line {number}\n" for number in range(30)))
    (some / "logs" / "1.out").write_bytes(b"printed \x1b[2J\xff\n")
    said = dateline("runs", "show", 1, "--lines", 2).out
    assert "log, its last lines:\nline 28\nline 29\n" in said
    assert said.endswith("printed:\nprinted \ufffd[2J\ufffd\n")
    read = dateline("runs", "show", 1, "--json", "--lines", 1).json
    assert (read["log_lines"], read["output_lines"]) == (["line 29"], ["printed \x1b[2J\ufffd"])
    assert (read["number"], read["state"], read["exit_status"]) == (1, "finished", 0)


def test_a_run_whose_process_was_killed_is_told_apart(dateline, in_news):
    put(in_news, heartbeat_at=utc_now() - timedelta(days=1))
    said = dateline("runs", "show", 1, "--follow").out
    assert "its process is gone without a word" in said
    assert said.endswith("run 1 running, its exit status is not known\n")


# -- following -------------------------------------------------------------------------------------------------


class AtWork(threading.Thread):
    """A run of somebody else, who logs until told to end."""

    def __init__(self, folder):
        super().__init__()
        self.folder, self.begun, self.followed, self.ended = folder, threading.Event(), threading.Event(), False
        self.token = ""

    def run(self):
        with open_library(load(self.folder)) as library, registered(library, "dateline link run") as work:
            logging.getLogger("crawler.harbour").warning("boat 1 comes")
            self.token = work.token
            self.begun.set()
            self.followed.wait(60)
            logging.getLogger("crawler.harbour").warning("boat 2 comes")
            (self.folder / "logs" / "1.out").write_text("no line end")
            work.counts["articles"] = 4
        with open_library(load(self.folder)) as library:
            library.store.settle_run(work.token, now=utc_now(), state=RunState.FINISHED, exit_status=3)


@pytest.fixture
def at_work(in_news, monkeypatch):
    thread = AtWork(in_news)
    monkeypatch.setattr(runs_command, "_LOOK_S", 0.02)
    thread.start()
    assert thread.begun.wait(60)
    monkeypatch.setattr(runs, "_process", runs._Process())  # as in another process
    yield thread
    thread.followed.set()
    thread.join()


def test_a_run_is_followed_to_its_end(dateline, at_work, monkeypatch):
    follow = runs_command._follow
    monkeypatch.setattr(runs_command, "_follow", lambda *given: (at_work.followed.set(), follow(*given)))
    monkeypatch.setattr(run_views, "has_process", lambda one: one.exit_status is None)
    said = dateline("runs", "show", 1, "--follow").out
    logged = [line.rpartition(": ")[2] for line in said.splitlines()]
    assert logged.index("boat 1 comes") < logged.index("boat 2 comes")
    assert "no line end" in logged
    assert said.endswith("run 1 finished, exit status 3\n")


def test_ctrl_c_ends_the_following_and_not_the_run(dateline, at_work, monkeypatch):
    def pressed(_):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)

    monkeypatch.setattr(runs_command.time, "sleep", pressed)
    said = dateline("runs", "show", 1, "--follow", expect=130)
    monkeypatch.undo()
    assert "not followed any more; run 1 is left alone" in said.err
    with open_library(load(at_work.folder)) as library:
        assert library.store.run(1).state is RunState.RUNNING


def test_a_log_that_is_put_aside_is_followed_on(tmp_path):
    from crawler.following import Tail  # noqa: PLC0415 - only here

    path = tmp_path / "1.log"
    tail = Tail(path)
    assert tail.lines() == []
    path.write_text("one\ntw")
    assert tail.lines() == ["one"]
    with path.open("a") as file:
        file.write("o\nthree\n")
    path.rename(tmp_path / "1.log.1")
    path.write_text("four\n")
    assert tail.lines() == ["two", "three", "four"]
    path.write_text("5\n")  # emptied and begun anew
    assert tail.lines() == ["5"]
    with path.open("a") as file:
        file.write("no end")
    assert (tail.lines(), tail.end()) == ([], ["no end"])
    tail.close()
    tail.close()


# -- what commands leave behind --------------------------------------------------------------------------------


def test_a_command_leaves_its_run_with_its_exit_status(dateline, in_news, table):
    dateline("events", "import", table(*URLS))
    (one,) = stored_runs(in_news)
    assert (one.state, one.exit_status, dict(one.counts)) == (
        RunState.FINISHED,
        0,
        {"new": 2, "changed": 0, "imported": 0},
    )
    assert one.command.startswith("dateline events import ")
    assert one.who
    assert one.log == "logs/1.log"


def test_a_failing_command_leaves_its_exit_status(dateline, in_news, tmp_path):
    (tmp_path / "broken.csv").write_text("foo,bar\n1,2\n")
    dateline("events", "import", "broken.csv", expect=2)
    (one,) = stored_runs(in_news)
    assert (one.state, one.exit_status) == (RunState.FINISHED, 2)
    assert one.note == "0 files read, 1 not imported"


def test_a_mistake_of_ours_is_a_sentence_and_a_traceback_in_the_log(dateline, in_news, table, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("crawler.cli.events.import_entries", broken)
    said = dateline("events", "import", table(*URLS), expect=1)
    assert said.err == ("error: ZeroDivisionError: by nothing\nour own code failed; the log of run 1 says where\n")
    (one,) = stored_runs(in_news)
    assert (one.state, one.exit_status, one.problem) == (RunState.FAILED, 1, "ZeroDivisionError: by nothing")
    assert "Traceback" in dateline("runs", "show", 1).out


def test_a_mistake_without_a_run_keeps_its_traceback(in_news, monkeypatch):
    from crawler import cli  # noqa: PLC0415 - only here

    monkeypatch.setattr("sys.argv", ["dateline", "runs"])
    monkeypatch.setattr("crawler.cli.runs.opened", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cli.main()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_interrupts_any_command_in_order(dateline, in_news, table, monkeypatch, number, status):
    before = signal.getsignal(signal.SIGTERM)

    def stopped(*_, **__):
        os.kill(os.getpid(), number)
        time.sleep(5)

    monkeypatch.setattr("crawler.cli.events.import_entries", stopped)
    said = dateline("events", "import", table(*URLS), expect=status)
    assert "run the same command again to go on" in said.err
    (one,) = stored_runs(in_news)
    assert (one.state, one.exit_status, one.problem) == (RunState.INTERRUPTED, status, "")
    assert signal.getsignal(signal.SIGTERM) is before


def test_what_only_reads_or_would_do_something_leaves_no_run(dateline, in_news, table):
    for words in (
        ["status"],
        ["runs"],
        ["events", "import", table(*URLS), "--dry-run"],
        ["link", "run", "--dry-run"],
        ["merges", "renew", "--dry-run"],
        ["replay", "--dry-run"],
        ["reextract"],
    ):
        dateline(*words)
    assert stored_runs(in_news) == []
    assert not (in_news / "logs").exists()


def test_what_takes_long_leaves_one(dateline, in_news):
    for words in (["link", "run"], ["dedup", "rebuild", "--again"], ["merges", "renew"], ["captures", "verify"]):
        dateline(*words)
    assert [(one.command, one.exit_status) for one in reversed(stored_runs(in_news))] == [
        ("dateline link run", 0),
        ("dateline dedup rebuild --again", 0),
        ("dateline merges renew", 0),
        ("dateline captures verify", 0),
    ]


def test_the_schedulers_row_is_the_commands(dateline, in_news, table, monkeypatch):
    given = put(in_news, job="import", machine="vm", pid=0, who="scheduler")
    monkeypatch.setenv(RUN_VARIABLE, given.token)
    dateline("events", "import", table(*URLS))
    (one,) = stored_runs(in_news)
    assert (one.number, one.job, one.exit_status, one.pid) == (given.number, "import", 0, os.getpid())


def test_without_room_it_says_so_and_ends_with_1(dateline, in_news, table, monkeypatch):
    monkeypatch.setattr(disk, "free_bytes", lambda _: 312 << 20)
    for words in (["events", "import", table(*URLS)], ["holdings", "add", "."]):
        said = dateline(*words, expect=1)
        assert said.err.startswith(f"error: 312 MiB free on {in_news}, runs stop below 512: free some room")
    said = dateline("backup", "copy", expect=1)
    assert said.err.startswith("error: 312 MiB free on copy, runs stop below 512")
    assert not (in_news.parent / "copy").exists()
    dateline("link", "run")
    assert {one.exit_status for one in stored_runs(in_news)[1:]} == {1}
    assert dateline("status", "--json").json["status"]["events"] == 0


def test_the_log_may_be_json(dateline, in_news, table):
    (in_news / "dateline.toml").write_text('[logs]\nformat = "json"\nlevel = "DEBUG"\n')
    dateline("events", "import", table(*URLS))
    lines = [json.loads(line) for line in (in_news / "logs" / "1.log").read_text().splitlines()]
    assert lines
    assert {line["run"] for line in lines} == {1}


def test_status_shows_the_latest_runs(dateline, some):
    assert "latest runs\n" in dateline("status").out
    assert [one["state"] for one in dateline("status", "--json").json["runs"]] == ["running", "failed", "finished"]


def test_a_dead_run_is_buried_by_the_next_command_that_works(dateline, in_news):
    put(in_news, heartbeat_at=utc_now() - timedelta(days=1))
    dateline("runs")
    assert stored_runs(in_news)[0].state is RunState.RUNNING
    with open_library(load(in_news)) as library, run(library, "dateline crawl"):
        pass
    assert dateline("runs", "--state", "dead", "--json").lines[0]["number"] == 1
