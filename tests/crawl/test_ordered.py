"""Orders that real processes perform: whoever performs them is killed, and so is the command at work."""

import os
import signal
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest
from progress import pages_served, wait_for_pages
from workers_at_work import until

from crawler.demo.bulk import bulk_sites
from crawler.demo.web import LocalWeb
from storage.types import OrderKind, OrderState, RunState, utc_now

PAGES = 12
PATIENCE_S = 60
RUNNER = """
import sys, time
from pathlib import Path
from crawler.configuration import load
from crawler.ordered import OrderPace, OrderRunner
runner = OrderRunner(load(Path(sys.argv[1])), pace=OrderPace(look=0.2, lease=2.0))
runner.start()
try:
    time.sleep(600)
except KeyboardInterrupt:
    runner.stop()
"""


class Scene:
    """A library with one event that cites pages of this machine, an order for it, and those who perform it."""

    def __init__(self, desk, web):
        self.desk, self.web = desk, web
        self.runners = []
        desk.configure(allow_private=True, delay_s=0.25)
        cited = "".join(
            f"ferry,2031-03-04,Ferry runs aground,http://127.0.0.1:{web.port}/news/{number}.html\n"
            for number in range(PAGES)
        )
        desk.import_table(f"event_id,date,headline,url\n{cited}")
        with desk.library() as library:
            event = next(library.store.events()).key
            self.order = library.store.put_order(OrderKind.REFETCH, event, by="mara", now=utc_now()).id

    def start(self):
        self.runners.append(self.desk.start("-c", RUNNER, self.desk.folder, program=sys.executable))
        return self.runners[-1]

    def started(self, pages):
        """A runner, and its run at work, once so many pages are served."""
        runner = self.start()
        assert wait_for_pages(self.web, pages, runner)
        (run,) = self.runs(RunState.RUNNING)
        return runner, run

    def asked(self):
        with self.desk.library() as library:
            return library.store.order(self.order)

    def runs(self, state=None):
        with self.desk.library() as library:
            return library.store.runs(state=state)

    def done(self):
        return until(lambda: (order := self.asked()).ended_at and order, PATIENCE_S)

    def attempts(self):
        """How often each page was asked for, by the library's own rows."""
        with self.desk.library() as library:
            views = library.store.articles()
            return Counter({one.id: len(self.desk.attempts(one.document.canonical_url)) for one in views})

    def close(self):
        for process in (*self.runners, *self.runs(RunState.RUNNING)):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for runner in self.runners:
            print(*runner.communicate(), sep="\n")


@pytest.fixture
def scene(desk):
    (site,) = bulk_sites(hosts=1, pages=PAGES)
    with LocalWeb([replace(site, host="127.0.0.1")]) as web:
        made = Scene(desk, web)
        yield made
        made.close()


def test_when_a_runner_is_killed_its_command_goes_on_and_is_not_begun_a_second_time(scene):
    first, run = scene.started(pages=2)
    taken = scene.asked()
    os.kill(first.pid, signal.SIGKILL)
    scene.start()
    order = scene.done()
    assert order.taken_by != taken.taken_by
    assert (order.state, order.exit_status, order.run) == (OrderState.DONE, 0, run.number)
    assert [(one.number, one.state) for one in scene.runs()] == [(run.number, RunState.FINISHED)]
    assert pages_served(scene.web) == PAGES
    assert set(scene.attempts().values()) == {1}
    assert len(scene.attempts()) == PAGES
    assert scene.desk.problems() == []


def test_when_a_runner_and_its_command_are_killed_the_next_one_begins_anew(scene):
    first, run = scene.started(pages=2)
    os.kill(first.pid, signal.SIGKILL)
    os.killpg(run.pid, signal.SIGKILL)
    second = scene.start()
    order = scene.done()
    assert (order.state, order.exit_status) == (OrderState.DONE, 0)
    assert order.run > run.number
    again, dead = scene.runs()
    assert ((dead.number, dead.state), again.state) == ((run.number, RunState.DEAD), RunState.FINISHED)
    assert again.started_at > dead.heartbeat_at
    assert len(scene.attempts()) == PAGES
    os.kill(second.pid, signal.SIGINT)
    assert second.wait(PATIENCE_S) == 0
    assert scene.desk.problems() == []
