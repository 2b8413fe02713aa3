"""Everything that dateline plugs into Scrapy, in the order in which it runs.

Why an add-on: one page shows the whole assembly, and ``scrapy crawl sources`` gets the same crawl as ``dateline
crawl``. Scrapy's defaults are wrong for us (robots ignored, delay 0, 1 GiB bodies, certificates not checked, remote
control over HTTP); each line below that changes one says so by its name.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from crawler.browser import available
from crawler.configuration import Configuration, load
from crawler.logformat import quieten
from crawler.middlewares.host_slot import JITTER, padded
from crawler.user_agent import user_agent

_MIB = 1 << 20


class DatelineAddon:
    """Turns a library's configuration into Scrapy's settings."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy once per crawler, before anything but the spider is built."""
        quieten()
        configuration: Configuration = settings.get("DATELINE_CONFIGURATION") or load(settings.get("DATELINE_LIBRARY"))
        for name, value in crawl_settings(configuration).items():
            settings.set(name, value, "addon")
        if not settings.get("DATELINE_COMMAND"):
            settings.set("DATELINE_COMMAND", " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]), "addon")


def crawl_settings(configuration: Configuration) -> dict[str, Any]:
    """All of Scrapy's settings that dateline decides."""
    return {
        "DATELINE_CONFIGURATION": configuration,
        **_politeness(configuration),
        **_limits(configuration),
        **_handlers(configuration),
        **_ASSEMBLY,
    }


def _politeness(configuration: Configuration) -> dict[str, Any]:
    return {
        "USER_AGENT": user_agent(configuration),
        "ROBOTSTXT_OBEY": configuration.flag("crawl.obey_robots"),
        # Never 0: with no delay Scrapy 2.14-2.19 does not hold the per-host concurrency either.
        "DOWNLOAD_DELAY": padded(configuration.number("crawl.delay_s")),
        "DOWNLOAD_DELAY_JITTER": JITTER,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "CONCURRENT_REQUESTS": 2 * configuration.whole("crawl.hosts") + 8,
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
    }


def _limits(configuration: Configuration) -> dict[str, Any]:
    return {
        "DOWNLOAD_TIMEOUT": configuration.number("crawl.timeout_s"),
        "DOWNLOAD_MAXSIZE": configuration.size("crawl.max_mb"),
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "REDIRECT_MAX_TIMES": configuration.whole("crawl.max_redirects"),
        "METAREFRESH_MAXDELAY": 5,
        "RETRY_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 64 * _MIB,
        # An answer gives one item; Scrapy starts as many tasks for each answer as it says here (100 by default).
        "CONCURRENT_ITEMS": 1,
        "HTTPPROXY_ENABLED": True,
    }


def _handlers(configuration: Configuration) -> dict[str, Any]:
    """Where there is a browser, the handler that opens a page in it when asked to; `missing_reason` says why not."""
    web = "crawler.browser.handler.BrowserHandler" if available(configuration) else "crawler.handlers.RecordingHandler"
    unused = dict.fromkeys(("file", "ftp", "s3", "data"))
    held = "crawler.holdings.handler.HoldingsHandler"
    return {"DOWNLOAD_HANDLERS": {"http": web, "https": web, "warc": held, **unused}}


_ASSEMBLY: dict[str, Any] = {
    "DOWNLOADER": "crawler.giving_up.PatientDownloader",
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.middlewares.host_gate.HostGateMiddleware": 50,
        "crawler.middlewares.robots.RobotsMiddleware": 100,
        "crawler.middlewares.proxy.ProxyMiddleware": 740,
        "crawler.middlewares.host_slot.HostSlotMiddleware": 840,
    },
    # They drop or change requests without a word; ours are bounded by the frontier.
    "SPIDER_MIDDLEWARES": {
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
        "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    },
    "ITEM_PIPELINES": {
        "crawler.pipelines.ExtractPipeline": 100,
        "crawler.pipelines.ArchivePipeline": 200,
    },
    # The database is the frontier: a document is leased once, nothing else may drop its request.
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    "LOG_FORMATTER": "crawler.logformat.EventLog",
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "STATS_DUMP": False,
    "MEMUSAGE_ENABLED": False,
    "LOGSTATS_INTERVAL": 0,
}
