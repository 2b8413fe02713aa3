"""Extraction in processes that may be killed: one page too hard never costs another page.

Why pebble: it kills a running task, which neither concurrent.futures nor multiprocessing can. Why one pebble pool per
worker and not one pool of many: pebble's workers share one pipe and its locks, so a worker that dies with a lock held
stalls all of them, and an idle one that dies breaks the pool. A lane of one worker is simply replaced.

Why forkserver: the parent runs a reactor and threads, so it must never be forked itself, and a fresh interpreter costs
3 s of CPU each time a worker is recycled. The fork server loads everything once, before there are any threads.

Why a lifeline: when the parent is killed nobody is left to stop a worker that hangs inside a regular expression, and a
watching thread would never get the interpreter's lock. The kernel delivers SIGIO when the pipe's only writer is gone,
and the default action of SIGIO is to die. Each lane has a pipe of its own: the receiver of the signal is a property of
the open file, which processes that were handed one pipe would share. (PR_SET_PDEATHSIG was rejected: it fires when
the thread that started the worker ends, not the process.)
"""

from __future__ import annotations

import asyncio
import fcntl
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as TaskTimeout
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any, Final, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from crawler.classify import PageReading
from crawler.configuration import Configuration
from crawler.dedup import fingerprint
from crawler.discovery import FeedInput, FeedReading, read_feed
from crawler.errors import PageTooHard
from crawler.extraction import NoArticle, PageInput
from crawler.imaging import ImageInput, ImageReading, look
from crawler.urls.owners import host_of_url
from storage.types import Article

Answer = TypeVar("Answer")
Given = TypeVar("Given")
Understanding = Callable[[PageInput], Article | NoArticle]
"""What a worker does with a page to extract it; found by name in the worker, so a function of a module."""
Reading = Callable[[PageInput], PageReading]
"""What a worker does with a page to judge and extract it; likewise."""

_OUT_OF_MEMORY: Final = 77
_FORK_SERVER_GONE: Final = 255
_ENDED_BY_OTHERS: Final = (-signal.SIGTERM, _FORK_SERVER_GONE)
"""How a worker ends when SIGTERM reaches the whole family, as from a service manager that stops the crawl."""
_START_S: Final = 30
_MEBIBYTE: Final = 1 << 20


def understand(page: PageInput) -> PageReading:
    """What the page is, with the article and its fingerprints where there is one."""
    from crawler.classify.reading import read_page  # noqa: PLC0415 - in the worker; see `crawler.extraction`

    reading = read_page(page)
    return reading if reading.article is None else replace(reading, article=_fingerprinted(reading.article, page))


def extracted(page: PageInput) -> Article | NoArticle:
    """The article of a page with its fingerprints, or why there is none; nothing is judged."""
    from crawler.extraction.article import extract  # noqa: PLC0415 - likewise

    article = extract(page)
    return article if isinstance(article, NoArticle) else _fingerprinted(article, page)


def _fingerprinted(article: Article, page: PageInput) -> Article:
    return fingerprint(article, host=host_of_url(page.url))


def probed(page: PageInput) -> tuple[int, ...]:
    """The line hashes of one page."""
    from crawler.classify.reading import probe_fingerprint  # noqa: PLC0415 - likewise

    return probe_fingerprint(page)


class ExtractionPool:
    """Worker processes that extract; at most `workers` pages at a time, the others wait.

    Starting it takes a few seconds of CPU once per process (the libraries are loaded ahead of the first page). It
    may serve one event loop after another, never two at a time.

    Args:
        workers: number of processes, at least 1.
        timeout_s: wall-clock seconds that one page may take.
        memory_bytes: data memory that one worker may have (libraries take about 150 MB of it).
        recycle_after: pages after which a worker is replaced, so that caches and leaks stay small; that it is ready
            counts as its first.
        understanding: how a page is extracted.
        reading: how a page is judged and extracted.
    """

    def __init__(
        self,
        workers: int,
        timeout_s: float = 20,
        memory_bytes: int = 1 << 30,
        recycle_after: int = 500,
        understanding: Understanding = extracted,
        reading: Reading = understand,
    ) -> None:
        if workers < 1:
            raise ValueError(f"an extraction pool needs at least one worker, got {workers}")
        self._timeout_s, self._memory_bytes, self._recycle_after = timeout_s, memory_bytes, recycle_after
        self._understanding, self._reading = understanding, reading
        self._context = _process_context()
        self._lifelines = [self._context.Pipe(duplex=False) for _ in range(workers)]
        self._closed = False
        self._running: set[ProcessFuture[Any]] = set()
        self._lanes = [self._new_lane(index) for index in range(workers)]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle: asyncio.LifoQueue[int] = asyncio.LifoQueue()
        # A worker that still starts takes the processor from the loop, whose requests must leave when they are due.
        wait([lane.schedule(int) for lane in self._lanes], timeout=_START_S)

    @classmethod
    def configured(cls, configuration: Configuration) -> Self:
        """The pool that a library's settings ask for."""
        return cls(
            workers=configuration.whole("extraction.workers") or os.cpu_count() or 1,
            timeout_s=configuration.number("extraction.timeout_s"),
            memory_bytes=configuration.size("extraction.memory_mb"),
        )

    @property
    def workers(self) -> int:
        """How many pages it has at a time."""
        return len(self._lifelines)

    async def read(self, page: PageInput) -> PageReading:
        """Judge and extract one page in a worker.

        Raises:
            PageTooHard: the worker was stopped at its time or memory limit, or the page crashed it.
            RuntimeError: the pool is closed.
        """
        return await self._run(self._reading, page)

    async def extract(self, page: PageInput) -> Article | NoArticle:
        """Extract one page in a worker, without judging it; raises as `read` does."""
        return await self._run(self._understanding, page)

    async def look(self, given: ImageInput) -> ImageReading:
        """Look at an image in a worker; raises as `read` does."""
        return await self._run(look, given)

    async def read_feed(self, given: FeedInput) -> FeedReading:
        """Read a feed in a worker; raises as `read` does."""
        return await self._run(read_feed, given)

    async def fingerprint(self, page: PageInput) -> tuple[int, ...]:
        """The line hashes of one page, for `storage.types.HostProbe`; raises as `read` does."""
        return await self._run(probed, page)

    async def _run(self, work: Callable[[Given], Answer], page: Given) -> Answer:
        """One page's work in an idle worker, once there is one."""
        self._require_open()
        idle = self._idle_lanes()
        index = await idle.get()
        try:
            return await self._run_in(index, work, page)
        finally:
            idle.put_nowait(index)

    def close(self) -> None:
        """Stop all workers, busy or not, and wait for their end (well under a second). Safe to call twice.

        Pages that were being extracted end with the `RuntimeError` of a closed pool.
        """
        self._closed = True
        for task in tuple(self._running):
            task.cancel()  # type: ignore[no-untyped-call]
        for lane in self._lanes:
            lane.stop()  # type: ignore[no-untyped-call]
        for lane in self._lanes:
            lane.join()
        self._lanes = []
        for lifeline, held_end in self._lifelines:
            held_end.close()
            lifeline.close()

    def _idle_lanes(self) -> asyncio.LifoQueue[int]:
        """Indices of the lanes without work; a new loop begins with all of them."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._idle = loop, asyncio.LifoQueue()
            for index in range(len(self._lanes)):
                self._idle.put_nowait(index)
        return self._idle

    async def _run_in(self, index: int, work: Callable[[Given], Answer], page: Given) -> Answer:
        try:
            return await self._attempt(index, work, page)
        except BrokenProcessPool:
            # The worker was ended from outside, perhaps before it had the page: once more on a new one.
            await self._replace(index)
        try:
            return await self._attempt(index, work, page)
        except BrokenProcessPool as death:
            await self._replace(index)
            raise PageTooHard("its worker was ended twice") from death

    async def _attempt(self, index: int, work: Callable[[Given], Answer], page: Given) -> Answer:
        self._require_open()
        lane = self._lanes[index]
        if not lane.active:
            raise BrokenProcessPool("the worker died while idle")
        task = lane.schedule(_guarded, args=(work, page), timeout=self._timeout_s)
        self._running.add(task)
        try:
            result: Answer = await asyncio.wrap_future(task)
        except TaskTimeout as stopped:
            raise PageTooHard(f"time limit of {self._timeout_s:g} s") from stopped
        except ProcessExpired as death:
            if death.exitcode in _ENDED_BY_OTHERS:
                raise BrokenProcessPool("somebody ended the worker") from death
            await self._replace(index)
            raise PageTooHard(self._cause_of(death)) from death
        except asyncio.CancelledError:
            self._require_open()
            raise
        finally:
            self._running.discard(task)
        return result

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the extraction pool is closed")

    async def _replace(self, index: int) -> None:
        """Put a new worker in the place of a dead one; the old lane's pipe may hold half a message."""
        if not self._closed:
            old, self._lanes[index] = self._lanes[index], self._new_lane(index)
            old.stop()  # type: ignore[no-untyped-call]
            await asyncio.to_thread(old.join)

    def _new_lane(self, index: int) -> ProcessPool:
        lane = ProcessPool(
            max_workers=1,
            max_tasks=self._recycle_after,
            initializer=_prepare_worker,
            initargs=(self._lifelines[index][0], self._memory_bytes),
            context=self._context,
        )
        if not lane.active:
            raise BrokenProcessPool("no worker process could be started")
        return lane

    def _cause_of(self, death: ProcessExpired) -> str:
        if death.exitcode == _OUT_OF_MEMORY:
            return f"memory limit of {self._memory_bytes // _MEBIBYTE} MiB"
        return f"the page crashed its worker (exit status {death.exitcode})"


def _process_context() -> Any:  # noqa: ANN401 - pebble's and multiprocessing's context types do not agree
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crawler.workers", "crawler.classify.reading", "crawler.extraction.preload"])
    return context


def _prepare_worker(lifeline: Connection, memory_bytes: int) -> None:
    """Runs once in each new worker, before its first page."""
    # pebble's own handler would run in the interpreter, which a hanging page never gives back.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with_parent(lifeline)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from crawler.extraction.preload import warm_up  # noqa: PLC0415 - likewise

    warm_up()


def _guarded(work: Callable[[Given], Answer], page: Given) -> Answer:
    """Runs in the worker, for each page. A worker that ran out of memory is not used again."""
    try:
        return work(page)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)


def _die_with_parent(lifeline: Connection) -> None:
    """Let the kernel end this process when the parent, which holds the pipe's other end, is gone."""
    descriptor = lifeline.fileno()
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
    if lifeline.poll():
        os._exit(0)
