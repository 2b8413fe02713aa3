"""Our command in processes of its own that need not load everything first.

Loading Scrapy and SQLAlchemy takes a command two seconds of processor time, and the tests here start more than a
hundred. One process loads them once, before it does anything else, and forks itself for every command: a real process,
in its own session, which can be killed, and which has its own reactor, extracting processes, files and environment.
What a command loads when it is started by a person is tested with the real program (demo, scheduler, tests/cli).
"""

import contextlib
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

LOADED = ("crawler.cli", "crawler.crawling", "crawler.addon", "crawler.pipelines", "crawler.settings")
LOADED += ("crawler.logformat", "crawler.probing", "crawler.holdings.handler", "storage.schema", "storage.sql.opening")
WALKED = ("scrapy.downloadermiddlewares", "scrapy.spidermiddlewares")
LONGEST = 1 << 20
STARTED_S = 60


# -- in the process that forks ---------------------------------------------------------------------------------------


def serve(fd):
    """Fork for every request that comes through this socket, until it is closed."""
    for name in LOADED:
        importlib.import_module(name)
    for name in WALKED:
        for found in pkgutil.iter_modules(importlib.import_module(name).__path__):
            importlib.import_module(f"{name}.{found.name}")
    assert "twisted.internet.reactor" not in sys.modules, "every command needs a reactor of its own"
    assert threading.active_count() == 1
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the processes that watch are buried by the kernel
    channel = socket.socket(fileno=fd)
    while True:
        content, files, _, _ = socket.recv_fds(channel, LONGEST, 3)
        if not content:
            return None
        if os.fork() == 0:
            channel.close()
            return watch(json.loads(content), *files)
        for file in files:
            os.close(file)


def watch(asked, out, err, status):
    """Fork once more and tell what comes of it; returns in the command's own process only."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ready, leading = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        for file in (ready, leading, status):
            os.close(file)
        return become(asked, out, err)
    for file in (leading, out, err):
        os.close(file)
    os.read(ready, 1)  # its end is the child's: it leads a session now
    os.write(status, f"{child}\n".encode())
    ended = os.waitpid(child, 0)[1]
    os.write(status, f"{os.waitstatus_to_exitcode(ended)}\n".encode())
    return os._exit(0)


def become(asked, out, err):
    """Be a command that was just started."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for file, place in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(file, place)
        os.close(file)
    # Made anew: what Python knows of the old ones (seekable, a terminal) is not true of these.
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["dateline", *asked["words"]]
    return importlib.import_module("crawler.__main__").main()


# -- in the tests ----------------------------------------------------------------------------------------------------


class Child:
    """A command that was started: what is used of `subprocess.Popen`."""

    def __init__(self, words, out, err, status):
        self.args, self.returncode = ["dateline", *words], None
        self._status, self._said = status, b""
        self._pipes = {out: bytearray(), err: bytearray()}
        self._texts = (self._pipes[out], self._pipes[err])
        assert self._hear(STARTED_S, lines=1), "the command was not started"
        self.pid = int(self._said.split(b"\n")[0])

    def poll(self):
        if self.returncode is None and self._hear(0, lines=2):
            self.returncode = int(self._said.split(b"\n")[1])
        return self.returncode

    def communicate(self, timeout=None):
        """What it wrote, as soon as it has ended and nobody holds its pipes any more."""
        until = None if timeout is None else time.monotonic() + timeout
        while self._pipes:
            ready = self._selected(list(self._pipes), until)
            for pipe in ready:
                self._read(pipe)
        if self.returncode is None:
            if not self._hear(self._left(until), lines=2):
                raise subprocess.TimeoutExpired(self.args, timeout)
            self.returncode = int(self._said.split(b"\n")[1])
        return tuple(text.decode() for text in self._texts)

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def _read(self, pipe):
        piece = os.read(pipe, 1 << 16)
        self._pipes[pipe] += piece
        if not piece:
            os.close(pipe)
            del self._pipes[pipe]

    def _selected(self, files, until):
        ready, _, _ = select.select(files, [], [], self._left(until))
        if not ready:
            raise subprocess.TimeoutExpired(self.args, 0)
        return ready

    @staticmethod
    def _left(until):
        return None if until is None else max(0.0, until - time.monotonic())

    def _hear(self, timeout, lines):
        """Whether so many lines came from the process that watches, in time."""
        until = None if timeout is None else time.monotonic() + timeout
        while self._said.count(b"\n") < lines:
            if not select.select([self._status], [], [], self._left(until))[0]:
                return False
            piece = os.read(self._status, 100)
            assert piece, "the process that watches died"
            self._said += piece
        return True

    def __del__(self):
        for file in (*self._pipes, self._status):
            with contextlib.suppress(OSError):
                os.close(file)


class Nursery:
    """Starts commands; its process ends with this one."""

    def __init__(self):
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import nursery; nursery.serve({{}})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code.format(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
        theirs.close()

    def start(self, words, cwd, environment):
        words = [str(word) for word in words]
        asked = json.dumps({"words": words, "cwd": str(cwd), "environment": environment}).encode()
        pairs = [os.pipe() for _ in range(3)]
        socket.send_fds(self._channel, [asked], [writing for _, writing in pairs])
        for _, writing in pairs:
            os.close(writing)
        return Child(words, *(reading for reading, _ in pairs))

    def close(self):
        self._channel.close()
        self._process.wait(30)
