"""robots.txt, obeyed; what it said, and the line that said it, goes with every request (RFC 9309).

- A file: its rules hold for a day; a crawl that lasts longer asks again.
- 4xx, or redirects that lead nowhere: there are no rules.
- 429: the host says "too often", also to us who only ask for its rules.
- 5xx, or no answer: nothing may be fetched until the rules can be read. That is said of the document (its attempt ends
  so, and the host rests); the dead host is not asked a second time for the page.

Why not Scrapy's own middleware: it takes every failure for "no rules", reads error pages as rules, and does not tell
which line decided. In Scrapy 2.19 several requests that wait for one robots.txt await one Deferred; from the third on
they are told that there are no rules (seen: 4 of 6 disallowed pages fetched). Here they await one task.

Why redirects are followed here and not by Scrapy: five of them count, whatever a page may have, and what is found at
the end holds for the host that was asked, and for the one where it was found.

Why requests to a web archive's interface pass (`OF_ARCHIVE`): robots.txt speaks to crawlers that follow links into a
site. An archive's index and its replay are interfaces made for programs, with limits of their own that
`crawler.turns` keeps; their robots.txt keeps search engines out of the copies and would close the very door that the
archive opens. Archives enforce what site owners ask for themselves: that answer (`EXCLUDED`) is obeyed.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.configuration import Configuration
from crawler.handlers import HostResting
from crawler.middlewares.keeper import TASK, keeper_of
from crawler.politeness import host_asked
from crawler.robots import RobotsRules, parse
from storage.types import RobotsDecision, utc_now

DECISION = "dateline_robots"
"""Key of a request's meta: the `RobotsDecision` about its URL."""
SITEMAPS = "dateline_sitemaps"
"""Key of a request's meta: the sitemaps that robots.txt of its host names."""
OF_ARCHIVE = "dateline_of_archive"
"""Key of a request's meta: it asks a web archive's interface, where robots.txt is not what decides."""
MOST_REDIRECTS = 5
GOOD_FOR = timedelta(hours=24)
"""As long as RFC 9309 lets a copy be used."""
MOST_KEPT = 2000
"""Files kept at once: twice as many as a crawl may have hosts."""

_ROBOTS = "dont_obey_robotstxt"
"""Scrapy's mark of a request for robots.txt itself; the download handler reads no more of it than counts."""
_NOT_ASKED = RobotsDecision(allowed=True, rule="not asked: crawl.obey_robots is false")
_FIRST_SERVER_ERROR = HTTPStatus.INTERNAL_SERVER_ERROR


class RobotsForbidden(IgnoreRequest):
    """robots.txt of the host asks us not to fetch this URL."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be read (5xx): nothing of the host is fetched until it can.

    Attributes:
        response: what came instead.
    """

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(f"robots.txt: HTTP {response.status}")


class RobotsTooOften(RobotsUnreachable):
    """The host answered 429 to the request for its robots.txt."""


class RobotsUnanswered(IgnoreRequest):
    """No usable answer came for robots.txt; the cause says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rules:
    """What one host's robots.txt says.

    Attributes:
        rules: to be obeyed.
        status: of the answer.
        missing: why there are no rules; empty where there is a file.
        read_at: when it was asked.
    """

    rules: RobotsRules
    status: int
    missing: str
    read_at: datetime

    def decision(self, url: str) -> RobotsDecision:
        """About one URL of the host."""
        ruling = self.rules.ruling(url)
        return RobotsDecision(allowed=ruling.allowed, rule=self.missing or ruling.rule, status=self.status)


class RobotsMiddleware:
    """Ask robots.txt before anything else is asked of a host.

    Stats: ``robots/asked``, ``robots/status/STATUS``, ``robots/forbidden``, ``robots/unreachable``.
    """

    def __init__(self, crawler: Crawler, *, obey: bool) -> None:
        self._crawler, self._obey = crawler, obey
        self._kept: OrderedDict[str, _Rules] = OrderedDict()
        self._asking: dict[str, asyncio.Task[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Read the setting once."""
        configuration: Configuration = crawler.settings["DATELINE_CONFIGURATION"]
        return cls(crawler, obey=configuration.flag("crawl.obey_robots"))

    async def process_request(self, request: Request) -> None:
        """Let the request pass, with the decision in its meta.

        Raises:
            RobotsForbidden: a rule speaks against it.
            RobotsUnreachable: robots.txt was answered with 5xx.
            RobotsTooOften: robots.txt was answered with 429.
            RobotsUnanswered: nothing usable came for it.
        """
        if _ROBOTS in request.meta or OF_ARCHIVE in request.meta:
            return
        if not self._obey:
            request.meta[DECISION] = _NOT_ASKED
            return
        request.meta.pop(DECISION, None)  # of the hop before
        try:
            rules = await self._rules(request)
        except RobotsUnreachable as unreachable:
            request.meta[DECISION] = _closed(unreachable.response.status)
            self._count("unreachable")
            raise
        decision = request.meta[DECISION] = rules.decision(request.url)
        request.meta[SITEMAPS] = rules.rules.sitemaps
        if not decision.allowed:
            self._count("forbidden")
            raise RobotsForbidden(f"robots.txt of {host_asked(request.url)}: {decision.rule}")

    async def _rules(self, request: Request) -> _Rules:
        """The host's rules; whoever asks while they are being fetched waits for them."""
        site = _site(request.url)
        kept = self._kept.get(site)
        if kept is not None and utc_now() - kept.read_at < GOOD_FOR:
            self._kept.move_to_end(site)
            # Said again each time: who gave the host back meanwhile forgot it, and perhaps nothing was stored of it.
            keeper_of(self._crawler).heard_crawl_delay(host_asked(site), kept.rules.crawl_delay_s)
            return kept
        if site not in self._asking:
            self._asking[site] = asyncio.ensure_future(self._ask(site, request))
            self._asking[site].add_done_callback(lambda asked: self._asked(site, asked))
        return await asyncio.shield(self._asking[site])

    def _asked(self, site: str, asked: asyncio.Task[_Rules]) -> None:
        """It is over; whoever still waits is told how. Those that were given up meanwhile need not hear of it."""
        del self._asking[site]
        if not asked.cancelled():
            asked.exception()

    async def _ask(self, site: str, request: Request) -> _Rules:
        url = f"{site}/robots.txt"
        try:
            response = await self._follow(url, request)
        except HostResting:
            raise
        except Exception as error:  # whatever the network or a handler does: the cause tells, `FAILURES` names it
            raise RobotsUnanswered(f"robots.txt: {error}") from error
        self._count("asked")
        self._count(f"status/{response.status}")
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise RobotsTooOften(response)
        if response.status >= _FIRST_SERVER_ERROR:
            raise RobotsUnreachable(response)
        rules = _read(response)
        for place in {site, *([_site(response.url)] if response.url.endswith("/robots.txt") else [])}:
            self._keep(place, rules)
        return rules

    async def _follow(self, url: str, request: Request) -> Response:
        """The answer for robots.txt, behind up to `MOST_REDIRECTS` redirects."""
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._download(url, request)
            target = _target(response)
            if not target:
                break
            url = target
        return response

    async def _download(self, url: str, request: Request) -> Response:
        assert self._crawler.engine is not None  # noqa: S101 - requests come from it
        meta = {TASK: request.meta[TASK]} if TASK in request.meta else {}
        asked = Request(url, callback=NO_CALLBACK, priority=1000, meta={**meta, _ROBOTS: True, "dont_redirect": True})
        return await self._crawler.engine.download_async(asked)

    def _keep(self, site: str, rules: _Rules) -> None:
        self._kept[site] = rules
        self._kept.move_to_end(site)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        keeper_of(self._crawler).heard_crawl_delay(host_asked(site), rules.rules.crawl_delay_s)

    def _count(self, what: str) -> None:
        if self._crawler.stats:
            self._crawler.stats.inc_value(f"robots/{what}")


def _site(url: str) -> str:
    """Scheme and host: what one robots.txt speaks for."""
    return f"{urlsplit(url).scheme}://{host_asked(url)}"


def _target(response: Response) -> str:
    """Where a redirect leads; empty where the answer is none, or leads out of the web."""
    if not HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
        return ""
    location = (response.headers.get("Location") or b"").decode("latin-1").strip()
    try:
        target = Request(urljoin(response.url, location)).url if location else ""
    except ValueError:  # no URL at all
        return ""
    return target if target.startswith(("http://", "https://")) else ""


def _read(response: Response) -> _Rules:
    missing = ""
    if _target(response):
        missing = f"robots.txt redirects more than {MOST_REDIRECTS} times: no rules"
    elif not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        missing = f"robots.txt answered {response.status}: no rules"
    rules = RobotsRules() if missing else parse(response.body)
    return _Rules(rules=rules, status=response.status, missing=missing, read_at=utc_now())


def _closed(status: int) -> RobotsDecision:
    rule = f"robots.txt answered {status}: nothing is fetched until it can be read"
    return RobotsDecision(allowed=False, rule=rule, status=status)
