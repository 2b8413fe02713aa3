"""Parts of a page that follow what happens, as server-sent events.

A stream says ``part`` with the HTML of the part each time it changed, ``status`` with one sentence for screen readers
when that changed, and ``end`` when nothing more will come. The HTML comes from the template that the page itself
includes, so whoever has no script sees the same by loading the page again.

Why events and no socket in both directions: nothing is said back, a browser begins anew by itself when the site was
restarted, and a proxy that knows HTTP knows this.

Why those who follow one thing share its question: twenty people who watch one crawl must not ask the database twenty
times a second. Why questions have threads of their own, a few: watchers must not keep readers waiting.

Why a stream ends after an hour: the browser begins a new one, and a connection that nobody reads is let go.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from storage.errors import StorageError

_LINE = re.compile(r"\r\n|\r|\n")
_HANDS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """How something stands.

    Attributes:
        html: what the page shows of it.
        sentence: the same in a few words that rarely change, for whoever listens.
        over: nothing more will come.
    """

    html: str
    sentence: str = ""
    over: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much is streamed.

    Attributes:
        look_s: seconds between two questions.
        quiet_s: after so many silent seconds a comment says that the stream lives.
        lasts_s: seconds of the longest stream.
        per_client: streams of one client at once.
        in_all: streams at once.
    """

    look_s: float = 1.0
    quiet_s: float = 15.0
    lasts_s: float = 3600.0
    per_client: int = 20
    in_all: int = 200


@dataclass(slots=True)
class _Topic:
    """One thing that some follow, with what was found last."""

    look: Callable[[], Part]
    followers: int = 0
    found: Part | None = None
    found_at: float = 0.0
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Streams:
    """All streams of a site, in one event loop."""

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits or Limits(), clock
        self._topics: dict[str, _Topic] = {}
        self._clients: Counter[str] = Counter()
        self._stopping = asyncio.Event()
        self._hands = ThreadPoolExecutor(_HANDS, thread_name_prefix="streams")

    @property
    def open(self) -> int:
        """How many there are."""
        return self._clients.total()

    def stop(self) -> None:
        """End all; called in the loop that they are in."""
        self._stopping.set()
        self._hands.shutdown(wait=False)

    async def follow(self, client: str, topic: str, look: Callable[[], Part]) -> Response:
        """The stream of one thing, for one client.

        Args:
            client: address.
            topic: who follows the same, shares what is found.
            look: how it stands now; called in a thread.

        Raises:
            HTTPException: there are too many streams (429, 503).
            NotFound: there is no such thing.
        """
        self._require_room(client)
        leave = self._entered(client, topic, look)
        try:
            await self._looked(self._topics[topic])
        except BaseException:
            leave()
            raise
        return _Stream(self._said(self._topics[topic]), leave)

    def _entered(self, client: str, topic: str, look: Callable[[], Part]) -> Callable[[], None]:
        """Count one more; returns what takes that back."""
        found = self._topics.setdefault(topic, _Topic(look=look))
        found.followers += 1
        self._clients[client] += 1

        def leave() -> None:
            self._clients -= Counter([client])
            found.followers -= 1
            if not found.followers:
                self._topics.pop(topic, None)

        return leave

    def _require_room(self, client: str) -> None:
        if self.open >= self._limits.in_all or self._stopping.is_set():
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "Too many pages are followed at once: reload this one.")
        if self._clients[client] >= self._limits.per_client:
            detail = "Too many pages are followed from your address at once: close some, or reload this one."
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, detail)

    async def _looked(self, topic: _Topic) -> Part:
        """How it stands, asked for by the first who wants to know after a while."""
        async with topic.asking:
            old = self._clock() - topic.found_at >= self._limits.look_s / 2
            if topic.found is None or (old and not self._stopping.is_set()):
                topic.found = await asyncio.get_running_loop().run_in_executor(self._hands, topic.look)
                topic.found_at = self._clock()
            return topic.found

    async def _said(self, topic: _Topic) -> AsyncIterator[bytes]:
        begun = spoke = self._clock()
        before = Part(html="")
        yield b"retry: 3000\n\n"
        while not self._stopping.is_set() and self._clock() - begun < self._limits.lasts_s:
            now = before
            with suppress(StorageError):  # the database may be away for a moment
                now = await self._looked(topic)
            for message in _news(before, now):
                yield message
                spoke = self._clock()
            if now.over:
                return
            before = now
            if self._clock() - spoke >= self._limits.quiet_s:
                yield b": nothing new\n\n"
                spoke = self._clock()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._limits.look_s)


class _Stream(StreamingResponse):
    """Sends events; says when it is over, however it ends."""

    def __init__(self, content: AsyncIterator[bytes], ended: Callable[[], None]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(content, media_type="text/event-stream", headers=headers)
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See Starlette."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


def _news(before: Part, now: Part) -> Iterator[bytes]:
    if now.html != before.html:
        yield event("part", now.html)
    if now.sentence != before.sentence:
        yield event("status", now.sentence)
    if now.over:
        yield event("end", "")


def event(name: str, data: str) -> bytes:
    """One event as it is sent; what ends a line in the data does not end the event."""
    lines = "".join(f"data: {line}\n" for line in _LINE.split(data))
    return f"event: {name}\n{lines}\n".encode("utf-8", "replace")
