"""A crawl that does nothing but open pages in the browser; run as a program by ``test_browser.py``.

One JSON argument: ``library`` (a folder), ``urls``, ``settings`` (as on the command line), ``names`` (host name ->
address that it resolves to; then the gateway asks the hosts itself, while the pages still come through the proxy),
``unruled`` (the page may ask for everything, as if it had broken out of the browser's rules).
Says one JSON object per page, then the statistics.
"""

import json
import socket
import sys
from functools import partial

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.addon import crawl_settings
from crawler.browser import BROWSER, chromium, visits
from crawler.browser.forwarding import Forwarder
from crawler.configuration import load
from crawler.handlers import EXCHANGES
from crawler.outcomes import outcome_of_failure

RESOLVE = socket.getaddrinfo


def say(**facts):
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def described(request):
    return [
        {
            "url": one.url,
            "status": one.status,
            "rendered": one.rendered,
            "truncated": one.truncated,
            "tls": one.tls,
            "payload": one.payload.decode("utf-8", "replace")[:2000],
            "at": one.fetched_at.timestamp(),
        }
        for one in request.meta.get(EXCHANGES, [])
    ]


class Probe(Spider):
    """Asks for every URL, each to be opened in the browser."""

    name = "probe"

    def __init__(self, urls, conditions, **kwargs):
        super().__init__(**kwargs)
        self.urls, self.conditions = urls, conditions

    async def start(self):
        for url in self.urls:
            yield Request(
                url,
                self.answered,
                errback=self.unanswered,
                meta={BROWSER: True},
                headers=self.conditions,
                dont_filter=True,
            )

    def answered(self, response):
        headers = {name.decode().lower(): response.headers[name].decode() for name in response.headers}
        say(
            url=response.url,
            outcome="answered",
            status=response.status,
            body=response.text[:3000],
            headers=headers,
            flags=response.flags,
            exchanges=described(response.request),
        )

    def unanswered(self, failure):
        outcome, detail = outcome_of_failure(failure.value)
        say(url=failure.request.url, outcome=outcome, detail=detail, exchanges=described(failure.request))


def played(names, name, port, *arguments, **named):
    """The system's resolver, with some names of ours."""
    return RESOLVE(names.get(name, name), port, *arguments, **named)


def settings_for(configuration):
    settings = Settings()
    settings.set("ADDONS", {})
    for name, value in crawl_settings(configuration).items():
        settings.set(name, value, "addon")
    handler = "crawler.browser.handler.BrowserHandler"
    own = {
        "DOWNLOAD_HANDLERS": dict.fromkeys(("file", "ftp", "s3", "data")) | {"http": handler, "https": handler},
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawler.middlewares.proxy.ProxyMiddleware": 740,
        },
        "ITEM_PIPELINES": {},
        "LOG_FORMATTER": "scrapy.logformatter.LogFormatter",
        "LOG_LEVEL": "WARNING",
    }
    for name, value in own.items():
        settings.set(name, value, "cmdline")
    return settings


def main():
    asked = json.loads(sys.argv[1])
    configuration = load(asked["library"], {f"crawl.{name}": value for name, value in asked["settings"].items()})
    if names := asked.get("names"):
        socket.getaddrinfo = partial(played, names)
        made = chromium._forwarder(configuration)
        direct = Forwarder(unsafe_target=made.unsafe_target, forbidden=made.forbidden)
        chromium._forwarder = lambda _: direct
    if asked.get("unruled"):
        visits.refusal = lambda *_: ""
    process = AsyncCrawlerProcess(settings_for(configuration))
    crawler = process.create_crawler(Probe)
    process.crawl(crawler, urls=asked["urls"], conditions=asked.get("conditions", {}))
    process.start()
    say(stats={name: value for name, value in crawler.stats.get_stats().items() if name.startswith("browser/")})


if __name__ == "__main__":
    main()
