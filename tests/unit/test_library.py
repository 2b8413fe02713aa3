import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.configuration import load
from crawler.library import open_library
from crawler.runs import bury_dead_runs, run
from crawler.urls import identify
from storage.captures import CaptureWriter
from storage.errors import LibraryError, SchemaMismatch
from storage.types import EntryOrigin, HostState, LeaseRequest, LooseSource, RunState, utc_now


@pytest.fixture
def folder(tmp_path):
    with open_library(load(tmp_path / "news"), create=True):
        pass
    return tmp_path / "news"


@pytest.fixture
def library(folder):
    with open_library(load(folder)) as opened:
        yield opened


def lease_everything(library, token):
    now = utc_now()
    request = LeaseRequest(token=token, now=now, until=now + timedelta(hours=1), max_hosts=9, per_host=9)
    return library.store.lease(request)


def fill(library):
    origin = EntryOrigin(name="-", line=1, format="urls")
    url = "http://news.example/1"
    library.store.put_loose([LooseSource(cited_url=url, identity=identify(url), origin=origin)], now=utc_now())


CRAWL = """
import signal, sys
from datetime import timedelta
from crawler.configuration import load
from crawler.library import open_library
from crawler.runs import run
from storage.types import LeaseRequest, utc_now

with open_library(load(sys.argv[1])) as library, run(library, "dateline crawl") as begun:
    now = utc_now()
    until = now + timedelta(hours=1)
    library.store.lease(LeaseRequest(token=begun.token, now=now, until=until, max_hosts=9, per_host=9))
    print(begun.token, flush=True)
    signal.pause()
"""


def killed_run(folder):
    """Token of a run whose process was killed while it held leases."""
    process = subprocess.Popen([sys.executable, "-c", CRAWL, str(folder)], stdout=subprocess.PIPE, text=True)
    token = process.stdout.readline().strip()
    process.kill()
    process.communicate()
    return token


def test_a_folder_that_is_not_there_or_no_library_is_refused(tmp_path):
    with pytest.raises(LibraryError, match="dateline init"), open_library(load(tmp_path / "nothing")):
        pass
    (tmp_path / "empty").mkdir()
    with pytest.raises(LibraryError, match="holds no library"), open_library(load(tmp_path / "empty")):
        pass
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_database_without_a_schema_is_refused(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DATELINE_DATABASE", f"sqlite:///{tmp_path / 'other.db'}")
    (tmp_path / "other.db").touch()
    with pytest.raises(SchemaMismatch, match="db upgrade"), open_library(load(folder)):
        pass


def test_a_live_run_is_left_alone(library):
    fill(library)
    with run(library, "dateline crawl") as first:
        assert lease_everything(library, first.token)
        with run(library, "dateline crawl") as second:
            assert not lease_everything(library, second.token)
        states = {one.token: one.state for one in library.store.runs()}
    assert states[first.token] is RunState.RUNNING


def test_a_killed_run_is_buried_at_once_and_its_work_comes_back(folder, library):
    fill(library)
    token = killed_run(folder)
    assert library.store.status(now=utc_now()).leased == 1
    bury_dead_runs(library)
    assert library.store.status(now=utc_now()).leased == 0
    assert [(one.token, one.state) for one in library.store.runs()] == [(token, RunState.DEAD)]
    (host,) = library.store.hosts(now=utc_now())
    assert utc_now() < host.state.not_before <= utc_now() + timedelta(seconds=2)
    assert list((folder / "runs").iterdir()) == []


@pytest.mark.parametrize(("silent_s", "state"), [(10, RunState.RUNNING), (1000, RunState.DEAD)])
def test_a_run_on_another_machine_is_dead_only_when_it_is_silent_for_too_long(library, silent_s, state):
    with run(library, "dateline crawl") as here:
        pass
    moment = utc_now() - timedelta(seconds=silent_s)
    there = replace(here, token="f" * 16, machine="elsewhere", started_at=moment, heartbeat_at=moment)
    library.store.start_run(there)
    bury_dead_runs(library)
    assert {one.token: one.state for one in library.store.runs()}[there.token] is state


def test_a_run_that_fails_says_so(library):
    fill(library)
    with pytest.raises(ZeroDivisionError), run(library, "dateline crawl") as begun:
        assert 1 / len(lease_everything(library, begun.token)[1:])
    assert [one.state for one in library.store.runs()] == [RunState.FAILED]
    assert library.store.status(now=utc_now()).leased == 0


def test_what_was_put_in_order_after_a_crash_is_said(folder, library, caplog):
    with CaptureWriter(folder / "captures", token="a" * 16, software="dateline/test") as writer:
        writer.append_text("http://news.example/1", b"text", "text/plain", fetched_at=utc_now(), known={})
    with run(library, "dateline crawl"):
        pass
    assert "moved to uncommitted/" in caplog.text
    caplog.clear()
    with run(library, "dateline crawl"):
        pass
    assert caplog.text == ""


def test_a_host_of_a_dead_run_rests_for_the_interval_that_it_asked_for(folder, library):
    fill(library)
    library.store.put_host_states([HostState(name="news.example", crawl_delay_s=120)])
    killed_run(folder)
    before = utc_now()
    bury_dead_runs(library)
    state = library.store.host_states(["news.example"])["news.example"]
    assert state.not_before >= before + timedelta(seconds=120)
    assert (state.crawl_delay_s, state.rest_reason) == (120, "interval")
