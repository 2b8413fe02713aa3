"""A crawl that is asked to stop while a server never answers: it ends in seconds, and nothing is lost or blamed."""

import os
import signal
import time
from datetime import timedelta

import pytest
from silent_proxy import Silent

from storage.types import LeaseRequest, RunState, Selection, utc_now

URLS = ["http://harbour-mail.example/1", "http://hill-gazette.example/2", "http://hill-gazette.example/3"]
TIMEOUT_S = 600


@pytest.fixture
def silent(desk):
    server = Silent()
    desk.configure(proxy=server.url, timeout_s=TIMEOUT_S)
    desk.import_urls(*URLS)
    yield server
    server.close()


def test_sigterm_gives_up_what_is_under_way_and_a_second_one_ends_at_once(desk, silent):
    process = desk.start("crawl")
    silent.wait_for(2, process)
    began = time.monotonic()
    os.kill(process.pid, signal.SIGTERM)
    out, err = process.communicate(timeout=TIMEOUT_S / 4)
    assert time.monotonic() - began < TIMEOUT_S / 10
    assert process.returncode == 143, err
    assert "run the same command again" in out
    assert "Traceback" not in err
    assert "never retrieved" not in err
    assert "was destroyed" not in err
    with desk.library() as library:
        (run,) = library.store.runs()
        due = list(library.store.due(Selection(), now=utc_now()))
        status = library.store.status(now=utc_now())
    assert (run.state, run.exit_status, run.problem) == (RunState.INTERRUPTED, 143, "")
    assert (status.attempts, status.leased, status.untried) == (0, 0, 3)
    assert sorted(document.request_url for document in due) == URLS
    assert {document.failures for document in due} == {0}
    assert list((desk.folder / "runs").iterdir()) == []
    assert desk.problems() == []

    again = desk.start("crawl")
    silent.wait_for(4, again)
    os.kill(again.pid, signal.SIGTERM)
    deadline = time.monotonic() + 60
    while "asked to stop" not in (desk.folder / "logs" / f"{run.number + 1}.log").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(again.pid, signal.SIGTERM)
    _, err = again.communicate(timeout=TIMEOUT_S / 4)
    assert again.returncode == 143
    assert "stopped by force" in err
    desk.run("captures", "verify")
    with desk.library() as library:
        assert library.store.run(run.number + 1).state is RunState.DEAD
        assert library.store.status(now=utc_now()).leased == 0


def test_what_is_under_way_to_a_host_that_another_run_took_is_given_up(desk, silent):
    """As after a pause that was longer than the lease: the run finds out with its next sign of life."""
    desk.configure(proxy=silent.url, timeout_s=TIMEOUT_S, lease_s=10)
    process = desk.start("crawl")
    silent.wait_for(2, process)
    with desk.library() as library:
        store, now = library.store, utc_now()
        (run,) = store.runs()
        store.reclaim([run.token], not_before=now)
        request = LeaseRequest(
            token="successor", now=utc_now(), until=now + timedelta(hours=1), max_hosts=9, per_host=9
        )
        assert len(store.lease(request)) == len(URLS)
        _, err = process.communicate(timeout=TIMEOUT_S / 4)
        assert process.returncode == 0, err
        assert all(hung_up(connection) for connection in silent.held[:2])
        (ended,) = store.runs()
        status = store.status(now=utc_now())
        assert (ended.state, ended.problem) == (RunState.FINISHED, "")
        assert (status.attempts, status.leased, status.untried) == (0, 3, 3)
        assert store.held_hosts("successor") == {"harbour-mail.example", "hill-gazette.example"}
    assert "held by another run from now on" in err
    assert "never retrieved" not in err
    assert "was destroyed" not in err


def hung_up(connection):
    """Whether the other side closed it."""
    connection.settimeout(10)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
