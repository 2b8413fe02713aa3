"""One page in the browser, from its first byte to what it shows.

The page's own document is not asked for again: the browser is handed the answer that the crawler got a moment ago,
under the page's address. So the raw capture is exactly what the page was built from, robots.txt, intervals, size and
certificate were dealt with as for every page, and the host answers one request less.

Why the page may not lead the browser elsewhere: a navigation would be a visit that no robots.txt was asked about.
Redirects by HTTP come back to Scrapy before the browser sees anything; those by script are refused, and the page
stays what it is.

Why the end is told by an exception (`Seen`): after the last step that can be plugged into it, scrapy-playwright reads
the page's content without any limit on its size; there is no other way out before that.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route, WebSocketRoute
from playwright.async_api import Request as Asked
from scrapy import Request
from scrapy_playwright.page import PageMethod

from crawler.browser.errors import BrowserEnded
from crawler.browser.policy import AT_A_TIME, Wanted, refusal, site_of_url
from crawler.browser.settings import BrowserLimits
from crawler.browser.snapshot import Snapshot, Wire, settled_snapshot
from storage.types import Exchange

_NOT_PASSED_ON = frozenset(
    {
        *("content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade"),
        # They would make the browser fetch, go elsewhere, report, or come back by other ways.
        *("refresh", "link", "alt-svc", "nel", "report-to", "reporting-endpoints", "clear-site-data"),
    }
)


class Seen(Exception):
    """The page has been read; not a failure (see the module's text)."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__("the page has been read")
        self.snapshot = snapshot


class Visit:
    """One page being shown.

    Args:
        exchange: the answer that the page is built from.
        content: its payload without content-encoding.
        limits: how long and how much.
        begun: called when the page is open and its time begins.

    Attributes:
        page: once it is open.
        counts: what the page asked for: ``requests``, and ``refused/`` with the reason.
    """

    def __init__(self, exchange: Exchange, content: bytes, *, limits: BrowserLimits, begun: Callable[[], None]) -> None:
        self._exchange, self._content, self._limits, self._begun = exchange, content, limits, begun
        self._site = site_of_url(exchange.url)
        self._served = False
        self._flying: dict[Asked, asyncio.Future[Any]] = {}
        self._doors: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_A_TIME))
        self._gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.page: Page | None = None
        self.counts: Counter[str] = Counter()

    def request(self, name: str, context: dict[str, Any]) -> Request:
        """What scrapy-playwright is asked to do."""
        return Request(
            self._exchange.url,
            dont_filter=True,
            meta={
                "playwright": True,
                "playwright_context": name,
                "playwright_context_kwargs": context,
                "playwright_include_page": True,
                "playwright_page_init_callback": self._opened,
                "playwright_page_goto_kwargs": {"wait_until": "commit"},
                "playwright_page_methods": [PageMethod(self._read)],
            },
        )

    def end(self) -> None:
        """Nobody reads the page any more: what still waits for its turn goes."""
        self._lost("it was read")

    async def _opened(self, page: Page, request: Request) -> None:  # noqa: ARG002 - as scrapy-playwright calls it
        self.page = page
        self._begun()
        page.on("crash", lambda _: self._lost("the page's process ended: it used too much memory, or it crashed"))
        page.on("close", lambda _: self._lost("the browser ended while it showed the page"))
        page.on("requestfinished", self._landed)
        page.on("requestfailed", self._landed)
        # For windows that the page opens all the same; the page's own routes come first.
        await page.context.route("**", self._refuse)
        await page.context.route_web_socket("**", self._refuse_socket)
        await page.route("**", self._route)

    async def _read(self, page: Page) -> None:
        wire = cast("Wire", await page.context.new_cdp_session(page))
        reading = asyncio.ensure_future(settled_snapshot(wire, lambda: bool(self._flying), self._limits))
        try:
            await self._or_gone(reading)
            if not reading.done():
                raise BrowserEnded(self._gone.result())
            snapshot = reading.result()
        finally:
            reading.cancel()
        if site_of_url(snapshot.url) != self._site:
            raise BrowserEnded(f"the page left for {snapshot.url[:80]}, nothing of it is left to read")
        raise Seen(snapshot)

    async def _or_gone(self, wanted: asyncio.Future[Any]) -> None:
        either: list[asyncio.Future[Any]] = [wanted, self._gone]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)

    def _lost(self, why: str) -> None:
        if not self._gone.done():
            self._gone.set_result(why)

    # -- what the page asks for -----------------------------------------------------------------------------------

    async def _route(self, route: Route, asked: Asked) -> None:
        with suppress(PlaywrightError):  # the page is gone: nobody waits for an answer
            if asked.is_navigation_request():
                await self._navigate(route)
                return
            made = self.counts["requests"]
            wanted = Wanted(url=asked.url, kind=asked.resource_type, method=asked.method, made_before=made)
            if reason := refusal(wanted, self._site):
                await self._abort(route, reason)
                return
            self.counts["requests"] += 1
            if await self._turn(asked):
                await route.continue_()

    async def _turn(self, asked: Asked) -> bool:
        """Wait for one of the host's places; False where the page ends before."""
        door = self._doors[origin_of(asked.url)]
        entering = asyncio.ensure_future(door.acquire())
        # Noted before the wait: a page that waits for its turn is not at rest.
        self._flying[asked] = entering
        await self._or_gone(entering)
        if self._gone.done():
            entering.cancel()
            return False
        return True

    async def _navigate(self, route: Route) -> None:
        if self._served:
            # "Aborted" keeps the page that is shown; every other error puts the browser's own page in its place.
            await self._abort(route, "navigation", "aborted")
            return
        self._served = True
        await route.fulfill(status=self._exchange.status, headers=self._headers(), body=self._content)

    def _landed(self, asked: Asked) -> None:
        entering = self._flying.pop(asked, None)
        if entering is None or entering.cancel():
            return
        self._doors[origin_of(asked.url)].release()

    async def _abort(self, route: Route, reason: str, error: str = "blockedbyclient") -> None:
        self.counts[f"refused/{reason}"] += 1
        await route.abort(error)

    async def _refuse(self, route: Route) -> None:
        with suppress(PlaywrightError):
            await self._abort(route, "window")

    async def _refuse_socket(self, socket: WebSocketRoute) -> None:
        self.counts["refused/socket"] += 1
        with suppress(PlaywrightError):
            await socket.close()

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        for name, value in self._exchange.headers:
            key = name.lower()
            if key not in _NOT_PASSED_ON:
                # Playwright's way of saying a header twice.
                headers[key] = f"{headers[key]}\n{value}" if key in headers else value
        return headers


def origin_of(url: str) -> str:
    """Scheme, host and port: what two requests at a time are allowed to."""
    return "/".join(url.split("/", 3)[:3])
