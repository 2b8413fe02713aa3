"""What becomes of a crawl by three workers when one of them, or what all need, fails: one line per fault.

    python tests/benchmarks/scaling.py --faults [--hosts 50] [--pages 40] [--pause 30] [--delay 0.05] [--only NAME]

Each fault gets a library, a web and three workers on machines (folders) of their own, with the default lease of ten
seconds. Lost: documents of which no article is stored. Fetched twice: requests for a page that was answered whole
before. Stored twice: attempts and captures beyond one of each per document. In flight: the most requests that one host
had at once, by the web's own log; shortest: between the starts of two requests to one host, which includes how late a
busy web reads them. Recovery: until the last of the victim's hosts was asked by somebody else; where all workers fail
together, until the first page after it.

The database is a server of this benchmark's own, so that it can be crashed and started again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
from scaling_processes import PrivateServer, private_server

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "crawl"))

from conftest import Desk
from database_wire import DatabaseWire
from workers_at_work import Crew, hired, until

from storage import schema
from storage.types import utc_now

FAKE_TIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


class Scene:
    """Three workers at work, each holding hosts; what happens to them is the fault."""

    def __init__(self, crew: Crew, server: PrivateServer, options: argparse.Namespace) -> None:
        self.crew, self.server, self.options = crew, server, options
        self.since, self.hosts, self.token = None, set(), ""

    def begin(self, **first) -> object:
        """Three workers at work; the first of them, whose machine may be a special one."""
        self.crew.configure(hosts=16, lease_s=10, slice_s=10)
        quiet = ("--log-level", "WARNING")  # nobody reads what they say before they end; a full pipe would halt them
        victim = self.crew.start(*quiet, machine="one", **first)
        self.crew.start(*quiet, machine="two"), self.crew.start(*quiet, machine="three")
        self.crew.begin()
        self.crew.wait_until_at_work(*self.crew.workers, hosts=3, pages=5)
        return victim

    def struck(self, victim, since=None) -> None:
        self.since, self.hosts, self.token = since or utc_now(), victim.hosts(), victim.token()

    def all_struck(self) -> None:
        """Recovery is until the first page after it."""
        self.since, self.hosts, self.token = utc_now(), set(), ""


def nothing(scene: Scene) -> None:
    scene.begin()


def killed(scene: Scene) -> None:
    victim = scene.begin()
    scene.struck(victim)
    victim.kill()


def paused(scene: Scene) -> None:
    victim = scene.begin()
    scene.struck(victim)
    victim.pause()
    time.sleep(scene.options.pause)
    victim.resume()


def paused_under_way(scene: Scene) -> None:
    """With slow pages under way."""
    for number in range(0, scene.crew.hosts, 3):
        scene.crew.slow_down(f"paper-{number:03}.bulk.example", 1.0)
    paused(scene)


def connections_cut(scene: Scene) -> None:
    scene.begin()
    scene.all_struck()
    for _ in range(3):
        scene.crew.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        time.sleep(1)


def restarted(scene: Scene) -> None:
    scene.begin()
    scene.server.stop("fast")
    time.sleep(2)
    scene.server.start()
    scene.all_struck()


def crashed(scene: Scene) -> None:
    """Commits wait for the disk here, as on any server that is to survive a crash."""
    with psycopg.connect(scene.server.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ALTER DATABASE postgres SET synchronous_commit = on")
    scene.begin()
    scene.server.stop("immediate")
    time.sleep(20)
    scene.server.start()
    scene.all_struck()


def cut_off(scene: Scene) -> None:
    with DatabaseWire(scene.crew.url) as wire:
        victim = scene.begin(url=wire.url)
        scene.struck(victim)
        wire.cut()
        time.sleep(scene.options.pause)
        wire.mend()
        scene.crew.wait_until_done(300)
        scene.crew.stop()


def disk_full(scene: Scene) -> None:
    crew = scene.crew
    folder = crew.desk.folder.parent / "one"
    with small_disk(folder) as is_real:
        victim = scene.begin()
        if not is_real:
            victim.limit_files(600_000)
        until(lambda: victim.process.poll() is not None or crew.is_done(), 300)
        print(f"  the full worker: status {victim.process.returncode}, {last_words(victim)}")
        crew.wait_until_done(300)
        crew.stop()
        if is_real:  # what a person does before the next command
            subprocess.run(["mount", "-o", "remount,size=64m", str(folder / "captures")], check=True)
        crew._bring_captures_together(crew.desk.folder / "captures")
    crew.workers = [worker for worker in crew.workers if worker is not victim]


def clock_ahead(scene: Scene) -> None:
    skewed(scene, 300)


def clock_behind(scene: Scene) -> None:
    skewed(scene, -300)


def skewed(scene: Scene, seconds: int) -> None:
    """The whole process, with libfaketime, where that is installed; else our own clock in it."""
    if FAKE_TIME is None:
        scene.begin(skew_s=seconds)
        return
    environment = scene.crew.desk.environment | {
        "LD_PRELOAD": str(FAKE_TIME),
        "FAKETIME": f"{seconds:+}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": "",
    }
    scene.begin(environment=environment)


def stopped(scene: Scene) -> None:
    """SIGTERM, as a rolling deployment does."""
    victim = scene.begin()
    scene.struck(victim)
    _, seconds = victim.stop()
    print(f"  SIGTERM: ended after {seconds:.1f} s with status {victim.process.returncode}")


FAULTS = {
    "none": nothing,
    "kill -9": killed,
    "SIGTERM": stopped,
    "paused": paused,
    "paused, requests under way": paused_under_way,
    "cut off from the database": cut_off,
    "connections cut 3 times": connections_cut,
    "database restarted": restarted,
    "database crashed, 20 s away": crashed,
    "disk full": disk_full,
    "clock 5 minutes ahead": clock_ahead,
    "clock 5 minutes behind": clock_behind,
}


def run(options: argparse.Namespace) -> None:
    print(f"{options.hosts * options.pages} URLs on {options.hosts} hosts, 3 workers, pauses of {options.pause:g} s")
    with private_server() as server:
        for name, fault in FAULTS.items():
            if options.only in name:
                with tempfile.TemporaryDirectory() as folder:
                    measure(name, fault, server, Path(folder), options)


def measure(name: str, fault, server: PrivateServer, folder: Path, options: argparse.Namespace) -> None:
    (folder / "library").mkdir()
    empty(server.url)
    began = time.monotonic()
    with hired(
        Desk(folder / "library"), server.url, hosts=options.hosts, pages=options.pages, delay_s=options.delay
    ) as crew:
        scene = Scene(crew, server, options)
        fault(scene)
        crew.wait_until_done(900)
        crew.stop()
        judged = crew.judged(since=scene.since, hosts=scene.hosts, but=scene.token)
        took = time.monotonic() - began
        recovery = judged.recovery_s if scene.hosts else first_after(crew, scene.since)
    recovered = "" if recovery is None else f"{recovery:5.1f} s"
    print(
        f"{name:28} lost {judged.lost}, fetched twice {judged.fetched_twice:3}, stored twice {judged.stored_twice},"
        f" in flight {judged.in_flight}, shortest {judged.shortest_s:.3f} s, recovery {recovered:>7},"
        f" captures with problems {len(judged.problems)}, {took:.0f} s",
        flush=True,
    )


def first_after(crew: Crew, since) -> float | None:
    if since is None:
        return None
    starts = [access.started_at for access in crew.web.log if access.started_at > since]
    return (min(starts) - since) / timedelta(seconds=1) if starts else None


def empty(database: str) -> None:
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        for name in ("dateline_queue", "public"):
            connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        connection.execute("CREATE SCHEMA public")
    schema.upgrade(database)


def last_words(worker) -> str:
    return (worker.said().strip().splitlines() or [""])[-1]


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of one megabyte for the captures of a machine; False where this user may not make one."""
    captures = folder / "captures"
    captures.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "none", str(captures)]
    made = os.geteuid() == 0 and subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode == 0
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", "-l", str(captures)], check=False)
