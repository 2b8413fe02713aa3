"""Workers at work on one library, each on a machine of its own where that matters, and a judge of what came of it.

A machine is a folder: another library folder on the same database has its own captures, lock files and logs, so that
workers in two of them know of each other what two machines would, which is what the database says.

The judge believes the web's own log and the library's rows, and neither what a worker says of itself.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import median

from progress import pages_served
from raw_postgres import connected, drop_queue

from crawler.configuration import load
from crawler.demo.access import by_host, max_in_flight
from crawler.demo.bulk import bulk_sites, bulk_urls
from crawler.demo.site import Site
from crawler.demo.web import LocalWeb
from crawler.library import open_library
from crawler.liveness import put_in_order
from crawler.urls import canonical_url
from storage.captures import verify
from storage.types import Outcome, RunState, utc_now

SETTINGS = {"lease_s": 4, "slice_s": 2}
PATIENCE_S = 60
STOPPED = (0, 130, 143)
"""Exit statuses of a worker that was asked to stop."""

SKEWED = """
import sys
from storage.types import time as clock

def own_now():
    return datetime.now(UTC) + timedelta(seconds={seconds})

clock.own_now.__code__ = own_now.__code__
sys.argv[0] = "dateline"
from crawler.__main__ import main
sys.exit(main())
"""
"""A program whose every clock on the wall is wrong: whoever has taken the function has it wrong too."""


def until(true, patience_s=PATIENCE_S, pause_s=0.05):
    """Wait for it; returns what it said."""
    began = time.monotonic()
    while not (found := true()):
        assert time.monotonic() - began < patience_s, "it did not happen"
        time.sleep(pause_s)
    return found


@dataclass
class Worker:
    """One process of `dateline work`, and everything that it started."""

    crew: "Crew"
    folder: Path
    process: object

    @property
    def pid(self):
        return self.process.pid

    def signal(self, number):
        """To the whole group: a machine that stops, stops with its extracting processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self):
        """As the end of its machine would; returns the moment."""
        self.signal(signal.SIGKILL)
        moment = utc_now()
        self.process.communicate()
        return moment

    def pause(self):
        self.signal(signal.SIGSTOP)
        return utc_now()

    def resume(self):
        self.signal(signal.SIGCONT)
        return utc_now()

    def limit_files(self, size):
        """No file that it writes may grow beyond this: to the program a full disk, to all others nothing."""
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (size, size))

    def stop(self, timeout=30):
        """Ask it to stop; returns what it said and how many seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        said = self.said(timeout)
        return said, time.monotonic() - began

    def said(self, timeout=30):
        """Wait for its end; what it wrote. No traceback is ever shown to a person."""
        try:
            out, err = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        assert "Traceback" not in err, err
        return out + err

    def token(self):
        """Of its run; empty before it has one."""
        return next((token for (token,) in self.crew.rows("SELECT token FROM runs WHERE pid = %s", self.pid)), "")

    def hosts(self):
        """The names of the hosts that it holds, by the library's rows."""
        held = "SELECT h.name FROM hosts h JOIN runs r ON r.token = h.lease_token WHERE r.pid = %s"
        return {name for (name,) in self.crew.rows(held, self.pid)}

    def pages(self):
        """How many attempts of its are stored."""
        stored = "SELECT count(*) FROM attempts a JOIN runs r ON r.token = a.run_token WHERE r.pid = %s"
        return self.crew.rows(stored, self.pid)[0][0]


@dataclass
class Crew:
    """A library on PostgreSQL, the web that it cites, and the workers that were started on it.

    Attributes:
        url: of the database.
        hosts: of the web.
        pages: of each host.
        delay_s: least time between two requests to a host.
        urls: that the library cites.
        slow: URLs of pages that take long, each as often as it was asked for.
        slowed: hosts whose pages take long now.
    """

    desk: object
    web: object
    url: str
    hosts: int = 12
    pages: int = 8
    delay_s: float = 0.2
    urls: list = field(default_factory=list)
    workers: list = field(default_factory=list)
    slow: list = field(default_factory=list)
    slowed: set = field(default_factory=set)

    def __post_init__(self):
        self.urls = self.urls or list(bulk_urls(hosts=self.hosts, pages=self.pages))

    def configure(self, *, hosts=6, without=(), **workers):
        """Write the configuration.

        Args:
            hosts: places of one worker.
            without: URLs that the library is not to cite.
            workers: settings of workers.
        """
        self.desk.configure(database=self.url, proxy=self.web.proxy_url, delay_s=self.delay_s, hosts=hosts)
        path = self.desk.folder / "dateline.toml"
        lines = [f"{name} = {json.dumps(value)}" for name, value in (SETTINGS | workers).items()]
        text = path.read_text().replace("workers = 2\ntimeout_s", "workers = 1\ntimeout_s")
        path.write_text("\n".join([text, "[workers]", *lines]) + "\n")
        self.urls = [url for url in self.urls if url not in without]

    def slow_down(self, host, seconds):
        """Let each page of a host take so long from now on."""
        pages = next(site for site in bulk_sites(hosts=self.hosts, pages=self.pages) if site.host == host)

        def answer(request):
            self.slow.append(request.host + request.target)
            return replace(pages.fallback(request), delay_s=seconds)

        self.slowed.add(host)
        self.web.put(Site(host=host, routes={}, fallback=answer))

    def speed_up(self):
        """Let all pages be as quick as before."""
        for site in bulk_sites(hosts=self.hosts, pages=self.pages):
            if site.host in self.slowed:
                self.web.put(site)
        self.slowed.clear()

    def slow_under_way(self, hosts):
        """How many requests for slow pages of these hosts are under way."""
        ended = Counter(access.host + access.target for access in self.web.log)
        begun = Counter(one for one in self.slow if one.partition("/")[0] in hosts)
        return sum((begun - ended).values())

    def library(self):
        return open_library(load(self.desk.folder))

    def machine(self, name, url=""):
        """The folder of another machine, which perhaps reaches the database on another way."""
        folder = self.desk.folder.parent / name
        if not (folder / "dateline.toml").exists():
            folder.mkdir(exist_ok=True)
            text = (self.desk.folder / "dateline.toml").read_text()
            (folder / "dateline.toml").write_text(text.replace(self.url, url) if url else text)
        return folder

    def start(self, *words, machine="", url="", skew_s=0, environment=None):
        """Start `dateline work`, or another command.

        Args:
            words: of the command; options alone are those of `work`.
            machine: where; empty is the library's own.
            url: of the database, as that machine reaches it.
            skew_s: how far its clock is ahead.
            environment: in place of the tests' own.
        """
        folder = self.machine(machine, url) if machine else self.desk.folder
        desk = type(self.desk)(folder, environment or self.desk.environment)
        words = words if words and not words[0].startswith("-") else ("work", *words)
        if skew_s:
            process = desk.start("-c", SKEWED.format(seconds=skew_s), *words, program=sys.executable)
        else:
            process = desk.start(*words)
        self.workers.append(Worker(self, desk.folder, process))
        return self.workers[-1]

    # -- what happens ------------------------------------------------------------------------------------------------

    def served(self):
        """How many requests for pages have been answered."""
        return pages_served(self.web)

    def wait_for_pages(self, count):
        until(lambda: self.served() >= count or self.all_gone(), pause_s=0.02)
        assert self.served() >= count, self.complaint()

    def complaint(self):
        """What the workers that are gone said."""
        gone = [worker for worker in self.workers if worker.process.poll() is not None]
        return "\n".join(["the workers ended before", *(str(worker.process.communicate()) for worker in gone)])

    def any_gone(self):
        return any(worker.process.poll() is not None for worker in self.workers)

    def all_gone(self):
        return all(worker.process.poll() is not None for worker in self.workers)

    def rows(self, query, *values):
        """Rows of the database, over a connection that is made for it: others are cut in these tests."""
        with connected(self.url) as connection:
            return connection.execute(query, values).fetchall()

    def ready(self):
        """How many workers take jobs."""
        if self.rows("SELECT to_regclass('dateline_queue.dateline_places')") == [(None,)]:
            return 0
        return self.rows("SELECT count(DISTINCT name) FROM dateline_queue.dateline_places WHERE queue = 'hosts'")[0][0]

    def begin(self):
        """Wait until every worker is ready, then cite the pages: so that each has its share of the work."""
        self.wait_until_ready()
        self.desk.import_urls(*self.urls)

    def wait_until_ready(self):
        until(lambda: self.ready() == len(self.workers) or self.any_gone())
        assert not self.any_gone(), self.complaint()

    def wait_until_at_work(self, *workers, hosts=2, pages=1):
        """Until each of them holds so many hosts and has stored so many pages; what they hold then."""
        for worker in workers:
            until(lambda worker=worker: len(worker.hosts()) >= hosts and worker.pages() >= pages, pause_s=0.02)
        return [worker.hosts() for worker in workers]

    def is_done(self):
        with self.library() as library:
            status = library.store.status(now=utc_now())
        return status.due == 0 and status.leased == 0 and status.untried == 0

    def wait_until_done(self, patience_s=90):
        until(lambda: self.is_done() or self.all_gone(), patience_s, pause_s=0.2)
        assert self.is_done(), self.complaint()

    def stop(self):
        """Ask those that are left to stop; nothing may be on lease after that, and nobody may complain."""
        left = [worker for worker in self.workers if worker.process.poll() is None]
        for worker in left:
            worker.process.send_signal(signal.SIGTERM)
        said = [worker.said() for worker in left]
        assert {worker.process.returncode for worker in left} <= set(STOPPED), said
        with self.library() as library:
            assert [host.state.name for host in library.store.hosts(now=utc_now()) if host.lease_token] == []
            at_work = {run.pid for run in library.store.runs(state=RunState.RUNNING)}
        # The row of one that was killed on another machine stays open until somebody was silent with it for a lease.
        assert at_work.isdisjoint(worker.pid for worker in left)
        return said

    def close(self):
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.signal(signal.SIGCONT)
                worker.kill()

    # -- what came of it ---------------------------------------------------------------------------------------------

    def judged(self, since=None, hosts=(), but=""):
        """The judgement; with the moment of a fault also when the last of these hosts was asked by somebody else."""
        with self.library() as library:
            histories = {url: library.store.history(canonical_url(url)) for url in self.urls}
            versions = library.store.status(now=utc_now()).versions
            self._bring_captures_together(library.captures)
            problems = list(verify(library.captures, library.store.captures(), library.places))
        asked = Counter(
            (access.host, access.target)
            for access in self.web.log
            if access.complete and access.target != "/robots.txt"
        )
        return Judgement(
            documents=len(histories),
            lost=sum(one.document.last_outcome is not Outcome.FETCHED for one in histories.values())
            + max(0, len(histories) - versions),
            stored_twice=sum(_extra(one) for one in histories.values()) + max(0, versions - len(histories)),
            fetched_twice=sum(count - 1 for count in asked.values()),
            in_flight=max(max_in_flight(self.web.log).values()),
            shortest_s=min(min(one) for one in self.intervals()),
            median_s=min(median(one) for one in self.intervals()),
            problems=problems,
            recovery_s=_recovery(histories.values(), since, hosts, but) if since else None,
        )

    def intervals_of(self, host):
        """Seconds between the starts of consecutive requests to a host, as the web saw them."""
        moments = sorted(access.started_at for access in by_host(self.web.log)[host])
        return [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]

    def intervals(self):
        """Those of each host that was asked more than once."""
        return [found for host in by_host(self.web.log) if (found := self.intervals_of(host))]

    def _bring_captures_together(self, captures):
        """Into one folder, as the common place of all machines would have them."""
        for folder in {worker.folder for worker in self.workers}:
            with open_library(load(folder, {"storage.database": self.url})) as library:
                put_in_order(library)  # as every command does when it begins
        for folder in {worker.folder for worker in self.workers} - {self.desk.folder}:
            shutil.copytree(folder / "captures", captures, dirs_exist_ok=True)


def _extra(history):
    """How many attempts and captures a document has beyond one of each."""
    fetched = sum(attempt.outcome is Outcome.FETCHED for attempt in history.attempts)
    return max(0, fetched - 1) + max(0, len(history.captures) - max(fetched, 1))


def _recovery(histories, since, hosts, but):
    """Seconds until the last of the hosts, of those with work left, was asked by another run than this one."""
    first = defaultdict(list)
    for one in histories:
        for attempt in one.attempts:
            if attempt.started_at > since and attempt.run_token != but:
                first[one.document.host].append(attempt.started_at)
    waited = [(min(first[host]) - since).total_seconds() for host in hosts if host in first]
    return max(waited, default=0.0)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    documents: int
    lost: int
    stored_twice: int
    fetched_twice: int
    in_flight: int
    shortest_s: float
    median_s: float
    problems: list
    recovery_s: float | None

    def __str__(self):
        recovery = "" if self.recovery_s is None else f", recovery {self.recovery_s:.1f} s"
        return (
            f"{self.documents} documents, lost {self.lost}, fetched twice {self.fetched_twice}, stored twice"
            f" {self.stored_twice}, most in flight per host {self.in_flight}, shortest interval {self.shortest_s:.3f} s"
            f" (least median of a host {self.median_s:.3f} s){recovery}"
        )

    def assert_clean(self, delay_s):
        """Nothing lost, nothing stored twice, no host hurried."""
        print(self)
        assert (self.lost, self.stored_twice, self.in_flight, self.problems) == (0, 0, 1, []), self
        # One request that reaches a busy web late shortens the interval after it: the median of a host tells.
        assert self.median_s >= 0.75 * delay_s, self
        assert self.shortest_s >= 0.4 * delay_s, self


@contextmanager
def hired(desk, url, **crew):
    """A crew on a database that is emptied for it; its workers end with the context."""
    drop_queue(url)
    made = Crew(desk, None, url, **crew)
    with LocalWeb(bulk_sites(hosts=made.hosts, pages=made.pages)) as made.web:
        try:
            yield made
        finally:
            made.close()
