"""The one browser of a crawl: started when the first page needs it, started again when it ended, gone with the crawl.

scrapy-playwright opens, drives and closes the browser, its contexts and pages; this is the thin part around it.
Three things it would do differently by default:

* Its driver is started with the first page that needs it, not with every crawl.
* A page whose browser ended is not asked for again at once: the attempt has its outcome, and comes back when planned.
* A browser that ends is started again for the next page, but one that ended `_CHANCES` times without having shown a
  page in between is left alone: pages then stay as the server sent them, with their honest outcome.

Why nothing is left behind when the crawler is killed: the driver ends when its standard input does, and Chromium ends
when the driver's pipe does; both are closed by the kernel, whatever killed us.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from typing import Any, NoReturn, TypeAlias
from weakref import WeakKeyDictionary

from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy.crawler import Crawler
from scrapy.exceptions import NotSupported
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.browser.errors import BrowserEnded, BrowserTimeout, BrowserUnavailable
from crawler.browser.forwarding import Forwarder
from crawler.browser.gateway import Gateway, Pass
from crawler.browser.policy import site_of_url
from crawler.browser.settings import BrowserLimits, context_options, launch_options
from crawler.browser.snapshot import Snapshot
from crawler.browser.visits import Seen, Visit
from crawler.configuration import Configuration
from crawler.guard import forbidden, unsafe_target
from crawler.urls import host_of
from storage.types import Exchange

log = logging.getLogger(__name__)

_CHANCES = 3
_START_S = 90.0
_CLOSE_S = 5.0
_ERROR_LENGTH = 200

_Driver: TypeAlias = AbstractAsyncContextManager[Playwright]


class Chromium:
    """The browser; `show` pages, `close` at the end."""

    def __init__(self, crawler: Crawler, configuration: Configuration) -> None:
        self._configuration, self._stats = configuration, crawler.stats
        self._user_agent = str(crawler.settings["USER_AGENT"])
        self._limits = BrowserLimits.of(configuration)
        self._gateway = Gateway(_forwarder(configuration), timeout_s=self._limits.timeout_s)
        self._provider: _Provider | None = None
        self._handler = self._adapted(crawler)
        self._places = asyncio.Semaphore(self._limits.pages)
        self._open = 0
        self._spoilt = False
        self._wasted = 0
        self._given_up = ""

    async def show(self, exchange: Exchange, content: bytes) -> Snapshot:
        """Open a page and read it when its scripts have done their work.

        Args:
            exchange: the answer that the page is built from.
            content: its payload without content-encoding.

        Raises:
            BrowserTimeout: the page did not let itself be read in time.
            RenderedTooLarge: there is more of it than may be kept.
            BrowserEnded: the browser or the page's process ended.
            BrowserUnavailable: the browser cannot be started.
        """
        async with self._places:
            if self._given_up:
                raise BrowserUnavailable(self._given_up)
            admitted = self._gateway.admit(site_of_url(exchange.url), most_bytes=self._limits.most_bytes)
            try:
                # A task of its own: time limits need one, and Scrapy may run this in none.
                return await asyncio.ensure_future(self._shown(exchange, content, admitted))
            finally:
                await self._gateway.revoke(admitted)

    async def close(self) -> None:
        """End the browser and the gateway; idempotent."""
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(2 * _CLOSE_S):
                await self._handler.close()
        await self._reset()
        await self._gateway.close()

    # -- one page ---------------------------------------------------------------------------------------------------

    async def _shown(self, exchange: Exchange, content: bytes, admitted: Pass) -> Snapshot:
        clock = asyncio.timeout(_START_S)
        loop = asyncio.get_running_loop()
        visit = Visit(
            exchange,
            content,
            limits=self._limits,
            begun=lambda: clock.reschedule(loop.time() + self._limits.timeout_s),
        )
        self._open += 1
        try:
            await self._gateway.start()
            async with clock:
                await self._handler.download_request(
                    visit.request(admitted.user, self._context(exchange.url, admitted))
                )
        except Seen as seen:
            self._wasted = 0
            return seen.snapshot
        except (TimeoutError, PlaywrightTimeout) as problem:
            if visit.page is None:
                raise BrowserEnded(f"the browser did not open a page within {_START_S:g} s") from problem
            raise BrowserTimeout(f"not read within {self._limits.timeout_s:g} s: its scripts do not end") from problem
        except PlaywrightError as problem:
            raise BrowserEnded(f"the browser failed: {_first_line(problem)}") from problem
        finally:
            await self._leave(visit)
            self._count(visit, admitted)
        raise BrowserEnded("the browser did not show the page")

    def _context(self, url: str, admitted: Pass) -> dict[str, Any]:
        return context_options(
            self._gateway.url,
            user=admitted.user,
            secret=admitted.secret,
            user_agent=self._user_agent,
            verify_tls=self._configuration.host_rule(host_of(url)).verify_tls,
        )

    async def _leave(self, visit: Visit) -> None:
        """Close the page; a browser that cannot even do that is ended, once no other page is open in it."""
        visit.end()
        self._open -= 1
        if visit.page is not None:
            try:
                async with asyncio.timeout(_CLOSE_S):
                    await visit.page.context.close()
            except (PlaywrightError, TimeoutError):
                self._spoilt = True
        browser: Browser | None = getattr(self._handler, "browser", None)
        if browser is None or not browser.is_connected() or (self._spoilt and not self._open):
            await self._reset()

    def _count(self, visit: Visit, admitted: Pass) -> None:
        self._stats.inc_value("browser/pages")
        self._stats.inc_value("browser/connections", admitted.connections)
        for name, count in visit.counts.items():
            self._stats.inc_value(f"browser/{name}", count)
        for reason, count in admitted.refused.items():
            self._stats.inc_value(f"browser/gateway_refused/{reason}", count)
        refused = sum(admitted.refused.values()) + visit.counts.total() - visit.counts["requests"]
        log.debug("the page made %d requests, %d more were refused", visit.counts["requests"], refused)

    # -- the browser --------------------------------------------------------------------------------------------------

    def _adapted(self, crawler: Crawler) -> ScrapyPlaywrightDownloadHandler:
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
        handler = ScrapyPlaywrightDownloadHandler(crawler)
        handler.browser_provider_cls = self._provided
        handler.config.navigation_timeout_ms = 1000 * self._limits.timeout_s
        handler.config.target_closed_max_retries = 0
        return handler

    def _provided(self, config: object) -> _Provider:  # noqa: ARG002 - as scrapy-playwright calls it
        self._provider = _Provider(self._launch)
        return self._provider

    async def _launch(self, driver: _Driver) -> Browser:
        if self._given_up:
            raise BrowserUnavailable(self._given_up)
        if self._wasted >= _CHANCES:
            self._give_up(f"it ended {_CHANCES} times without having shown a page")
        self._wasted += 1
        try:
            playwright = await driver.__aenter__()
            return await playwright.chromium.launch(**launch_options(self._configuration, self._gateway.url))
        except (PlaywrightError, OSError) as problem:
            self._give_up(_first_line(problem), problem)

    def _give_up(self, why: str, cause: Exception | None = None) -> NoReturn:
        self._given_up = f"the browser cannot be used: {why}"
        log.error("%s; pages that need JavaScript stay as they are", self._given_up)
        raise BrowserUnavailable(self._given_up) from cause

    async def _reset(self) -> None:
        """Forget the browser, so that the next page starts another one; idempotent."""
        self._spoilt = False
        self._handler.context_wrappers.clear()
        if hasattr(self._handler, "browser"):
            del self._handler.browser
        if self._provider is not None:
            await self._provider.close()


class _Provider:
    """What scrapy-playwright asks for a browser; the driver is started with the browser and ends with it."""

    def __init__(self, launch: Callable[[_Driver], Awaitable[Browser]]) -> None:
        self._launch = launch
        self._driver: _Driver | None = None

    async def start(self) -> None:
        """Nothing: most crawls need no browser."""

    async def launch_browser(self) -> Browser:
        """Start driver and browser.

        Raises:
            BrowserUnavailable: it cannot be done.
        """
        await self.close()
        self._driver = async_playwright()
        return await self._launch(self._driver)

    async def launch_persistent_context(self, context_kwargs: dict[str, Any]) -> BrowserContext:
        """Refused: nothing is kept from one page to the next."""
        raise NotSupported(f"no persistent contexts: {sorted(context_kwargs)}")

    async def close(self) -> None:
        """End the driver, and with it the browser; idempotent."""
        driver, self._driver = self._driver, None
        if driver is not None:
            with suppress(PlaywrightError, TimeoutError, OSError):
                async with asyncio.timeout(_CLOSE_S):
                    await driver.__aexit__(None, None, None)


_of_crawls: WeakKeyDictionary[Crawler, Chromium] = WeakKeyDictionary()


def chromium_of(crawler: Crawler) -> Chromium:
    """The crawl's one browser: Scrapy makes a handler for each URL scheme."""
    if crawler not in _of_crawls:
        _of_crawls[crawler] = Chromium(crawler, crawler.settings["DATELINE_CONFIGURATION"])
    return _of_crawls[crawler]


def _forwarder(configuration: Configuration) -> Forwarder:
    private = configuration.flag("crawl.allow_private")
    return Forwarder(
        unsafe_target=partial(unsafe_target, allow_private=private),
        forbidden=_nothing_forbidden if private else forbidden,
        proxy=configuration.text("crawl.proxy"),
    )


def _nothing_forbidden(address: str) -> str:  # noqa: ARG001 - takes the place of `forbidden`
    return ""


def _first_line(problem: Exception) -> str:
    lines = str(problem).strip().splitlines()
    return (lines[0] if lines else type(problem).__name__)[:_ERROR_LENGTH]
