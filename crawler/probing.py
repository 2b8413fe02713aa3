"""What does a host answer for a path that cannot exist? Asked once a month, where it could change a verdict.

The path lies beside the page in doubt, since many hosts answer each section by itself, and is the same for one host and
folder, so that asking again changes nothing in its cache or its logs. The request goes through the crawl's own engine:
robots.txt, the host's slot and interval, the address guard and the byte limits hold for it as for every page.

Why any failure is "no probe": the page was fetched and must be stored; a host that does not answer a made-up path tells
nothing about it. Why one probe at a time and host: pages of a host are in doubt together.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from hashlib import blake2b
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit, urlunsplit
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.archiving import Patient
from crawler.extraction import PageInput
from crawler.items import FetchedPage
from crawler.middlewares.keeper import TASK
from crawler.politeness import host_asked
from crawler.session import CrawlSession
from storage.types import HostProbe, utc_now

log = logging.getLogger(__name__)

GOOD_FOR: Final = timedelta(days=30)
"""As long as a probe counts."""
LONGEST_S: Final = 120.0
"""A probe that takes longer, its turn in the host's queue included, is given up."""

_INCONCLUSIVE = frozenset({401, 402, 403, 407, 408, 425, 429, 451})
_asking: WeakKeyDictionary[Crawler, dict[str, asyncio.Task[HostProbe | None]]] = WeakKeyDictionary()


def fresh(probe: HostProbe | None) -> HostProbe | None:
    """The probe while it still counts."""
    return probe if probe is not None and utc_now() - probe.probed_at < GOOD_FOR else None


class Prober:
    """Probes the host of a page, or finds a probe that is still good."""

    def __init__(self, crawler: Crawler, session: CrawlSession) -> None:
        self._crawler, self._session = crawler, session

    async def probe(self, page: FetchedPage) -> HostProbe | None:
        """What the page's host answers for a path that cannot exist; ``None`` where that could not be found out."""
        url = impossible_url(page.final_url)
        host = host_asked(url) if url else ""
        if not host:
            return None
        asking = _asking.setdefault(self._crawler, {})
        if host not in asking:
            asking[host] = asyncio.ensure_future(self._known_or_asked(host, url, page))
            asking[host].add_done_callback(lambda _: asking.pop(host, None))
        return await asyncio.shield(asking[host])

    async def _known_or_asked(self, host: str, url: str, page: FetchedPage) -> HostProbe | None:
        store = Patient(self._session.store)
        known = fresh((await store.call(lambda one: one.probes([host]))).get(host))
        if known is not None:
            return known
        try:
            asked = await asyncio.wait_for(self._ask(url, page), LONGEST_S)
        except Exception as failure:  # noqa: BLE001 - whatever hinders the probe, the page itself is there
            log.debug("no probe of %s: %s", host, failure)
            return None
        if asked is not None:
            await store.call(lambda one: one.put_probe(host, asked))
        return asked

    async def _ask(self, url: str, page: FetchedPage) -> HostProbe | None:
        assert self._crawler.engine is not None  # noqa: S101 - pages come from it
        # Without the task's key the hosts that a redirect reaches could not be held for it.
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta={TASK: page.task})
        response = await self._crawler.engine.download_async(request)
        if response.status in _INCONCLUSIVE or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        return HostProbe(
            probed_at=utc_now(),
            url=url,
            status=response.status,
            final_url=response.url,
            fingerprint=await self._session.pool.fingerprint(_given(response)),
        )


def impossible_url(url: str) -> str:
    """A path beside this page that nobody ever made, with the page's ending; empty where the URL is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    folder, _, name = parts.path.rpartition("/")
    _, dot, ending = name.rpartition(".")
    word = blake2b(f"{parts.netloc}{folder}".encode(), digest_size=6).hexdigest()
    known = dot + ending if ending.isalpha() and len(ending) <= len("shtml") else ""
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/no-such-page-{word}{known if dot else ''}", "", ""))


def _given(response: Response) -> PageInput:
    return PageInput(
        url=response.url,
        content=response.body,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        captured_at=utc_now(),
    )
