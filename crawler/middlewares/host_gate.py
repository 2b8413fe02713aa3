"""No host is asked that the run does not hold: a redirect to another host waits until it is had, or ends there.

It stands before everything else, so that robots.txt of the other host is asked under the same claim, and so that a URL
that the guard refuses by its mere text is neither claimed nor asked for its robots.txt; and behind
everything else on the way back, so that "too often" counts at once, also where it was said to no document (to the
question for robots.txt, to a probe).
"""

from __future__ import annotations

from datetime import datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.configuration import Configuration
from crawler.guard import ForbiddenAddress, unsafe_target
from crawler.handlers import HostResting
from crawler.items import FetchTask
from crawler.middlewares.keeper import TASK, keeper_of
from crawler.politeness import host_asked


class HostHeld(HostResting):
    """The host where a redirect leads may not be asked now; it was not.

    Attributes:
        ready_at: when it may be; ``None`` where nobody knows.
    """

    def __init__(self, reason: str, ready_at: datetime | None) -> None:
        self.ready_at = ready_at
        super().__init__(reason)


class HostGateMiddleware:
    """Hold the host of every request that serves a document. Stats: ``host_gate/refused``."""

    def __init__(self, crawler: Crawler, *, allow_private: bool) -> None:
        self._crawler, self._allow_private = crawler, allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostGateMiddleware:
        """Read the setting once; the hosts are the spider's."""
        configuration: Configuration = crawler.settings["DATELINE_CONFIGURATION"]
        return cls(crawler, allow_private=configuration.flag("crawl.allow_private"))

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked.

        Raises:
            ForbiddenAddress: the URL is not to be asked for at all.
            HostHeld: it may not, for longer than a request can wait.
        """
        task: FetchTask | None = request.meta.get(TASK)
        if task is None:
            return
        if reason := unsafe_target(request.url, allow_private=self._allow_private):
            raise ForbiddenAddress(request.url, reason)
        refusal = await keeper_of(self._crawler).visit(task.document, host_asked(request.url))
        if refusal is not None:
            if self._crawler.stats:
                self._crawler.stats.inc_value("host_gate/refused")
            raise HostHeld(refusal.reason, refusal.ready_at)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 - Scrapy's signature
        """Let the host rest, where the answer asks for that."""
        keeper_of(self._crawler).hold_back(response)
        return response
