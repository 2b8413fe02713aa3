"""Processes of a measurement: what they cost in processor time, and a PostgreSQL server that belongs to nobody else.

Why /proc and not `getrusage` of what was waited for: extracting processes are children of a fork server that nobody
waits for, and a killed worker's are nobody's children any more.
"""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("dateline"))
_TICK = os.sysconf("SC_CLK_TCK")
_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))


def stat_of(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def resident_mb(pid: int) -> float:
    """Resident memory of one process now."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


class Meter:
    """Counts the processor seconds of process groups, those of every process in them."""

    def __init__(self) -> None:
        self.groups: set[int] = set()
        self._seen: dict[tuple[int, str], float] = {}

    def look(self) -> None:
        """Note what each process has used so far; what it uses after the last look is not counted."""
        for entry in os.scandir("/proc"):
            if entry.name.isdecimal():
                fields = stat_of(int(entry.name))
                if fields and int(fields[2]) in self.groups:
                    # With the time at which it began: ids are used again.
                    self._seen[int(entry.name), fields[19]] = (int(fields[11]) + int(fields[12])) / _TICK

    @property
    def seconds(self) -> float:
        return sum(self._seen.values())


def start(*words: str, cwd: Path, quiet: bool = True, environment: dict[str, str] | None = None) -> subprocess.Popen:
    """Our command in a group of its own."""
    said = subprocess.DEVNULL if quiet else subprocess.PIPE
    return subprocess.Popen(
        [COMMAND, *words],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        text=True,
        start_new_session=True,
        env=environment,
    )


def metered(processes: list[subprocess.Popen]) -> tuple[float, float]:
    """Wait for processes; (processor seconds of their groups, seconds)."""
    meter, began = Meter(), time.monotonic()
    meter.groups = {process.pid for process in processes}
    while any(process.poll() is None for process in processes):
        meter.look()
        time.sleep(0.1)
    return meter.seconds, time.monotonic() - began


class PrivateServer:
    """A PostgreSQL server in a folder of its own, which can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        if not _BINARIES:
            raise SystemExit("no PostgreSQL server programs under /usr/lib/postgresql")
        self.folder, self.port = folder, _free_port()
        # The server refuses to be root's.
        self._user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}

    @property
    def url(self) -> str:
        name = "postgres" if self._user else pwd.getpwuid(os.geteuid()).pw_name
        return f"postgresql+psycopg://{name}@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        if self._user:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self._run("initdb", "--no-sync", "-A", "trust", "-D", self._data)
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"
        options += " -c synchronous_commit=off -c shared_buffers=512MB -c max_wal_size=8GB -c autovacuum_naptime=5min"
        self._run("pg_ctl", "-D", self._data, "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self, how: str = "fast") -> None:
        """``immediate`` is what a crash does: nothing is written any more, and the next start recovers."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", how, "stop")

    def restart(self, how: str = "immediate", away_s: float = 2.0) -> None:
        self.stop(how)
        time.sleep(away_s)
        self.start()

    def cpu_s(self) -> float:
        """Processor seconds that the server has used, with all of its processes, those that ended too."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split("\n")[0])
        total = 0.0
        for entry in os.scandir("/proc"):
            if entry.name.isdecimal() and (fields := stat_of(int(entry.name))):
                own = int(fields[11]) + int(fields[12])
                if int(entry.name) == postmaster:
                    total += own + int(fields[13]) + int(fields[14])
                elif int(fields[1]) == postmaster:
                    total += own
        return total / _TICK

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [str(_BINARIES[-1] / program), *words],
            check=False,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            **self._user,
        )
        if done.returncode:
            raise SystemExit(f"{program} {' '.join(words)}: status {done.returncode}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def private_server():
    """A server that is gone when the context ends."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        server = PrivateServer(Path(name))
        server.make()
        try:
            yield server
        finally:
            with suppress(SystemExit):
                server.stop("immediate")


@contextmanager
def web_of(hosts: int, pages: int, log: Path):
    """The heavy web in a process of its own; its address as a proxy."""
    words = [sys.executable, str(Path(__file__).with_name("scaling_pages.py")), "--hosts", str(hosts)]
    words += ["--pages", str(pages), "--log", str(log)]
    web = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        yield web.stdout.readline().strip()
    finally:
        web.terminate()
        web.wait()
