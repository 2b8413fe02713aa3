"""Every setting there is: its key, type, default, bounds and meaning.

Reading, checking, the file that ``dateline init`` writes and the test that compares the README all walk these tables.
`SETTINGS` holds for the whole library, `HOST_SETTINGS` for one host, ``[hosts."www.news.example"]``,
`ARCHIVE_SETTINGS` for one archive, ``[archives."our-archive"]``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Value = str | int | float | bool | list[str]
"""What a setting can be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        key: ``section.name`` as in the file.
        default: also tells the type.
        low: smallest allowed number.
        high: largest allowed number.
        meaning: one sentence for the README and the written file.
    """

    key: str
    default: Value
    meaning: str
    low: float = -math.inf
    high: float = math.inf


SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="storage.database",
        default="",
        meaning="SQLAlchemy URL of the database; empty is the SQLite file dateline.db in the library folder",
    ),
    Setting(
        key="storage.rotate_mb",
        default=1024,
        low=1,
        high=65536,
        meaning="a WARC file is closed and the next one begun at this size, in MiB",
    ),
    Setting(
        key="crawl.contact",
        default="",
        meaning="e-mail address or URL at which site owners reach you; sent in the User-Agent",
    ),
    Setting(
        key="crawl.delay_s",
        default=2.0,
        low=0.01,
        high=3600,
        meaning="least time between two requests to one host, in seconds; a longer Crawl-delay is obeyed",
    ),
    Setting(
        key="crawl.hosts",
        default=32,
        low=1,
        high=1000,
        meaning="how many hosts are asked at the same time, each one request at a time",
    ),
    Setting(
        key="crawl.timeout_s",
        default=30.0,
        low=0.1,
        high=600,
        meaning="time limit of one request from connecting to the last byte, in seconds",
    ),
    Setting(key="crawl.max_mb", default=8.0, low=0.01, high=1024, meaning="byte limit of one response, in MiB"),
    Setting(key="crawl.max_redirects", default=8, low=0, high=30, meaning="how many redirects one fetch follows"),
    Setting(key="crawl.obey_robots", default=True, meaning="whether robots.txt is asked for and obeyed"),
    Setting(
        key="crawl.proxy",
        default="",
        meaning="URL of an HTTP proxy that all requests go through; empty asks the hosts themselves",
    ),
    Setting(
        key="crawl.allow_private",
        default=False,
        meaning="whether private and special addresses and all ports may be asked; only for a web of your own",
    ),
    Setting(key="crawl.browser", default=False, meaning="whether pages that need JavaScript are opened in a browser"),
    Setting(key="crawl.browser_path", default="", meaning="the browser's program; empty is the system's Chromium"),
    Setting(
        key="crawl.lease_s",
        default=300,
        low=10,
        high=86400,
        meaning="after how many silent seconds another machine may take over a run's work",
    ),
    Setting(
        key="extraction.workers", default=0, low=0, high=256, meaning="extracting processes; 0 is one per processor"
    ),
    Setting(
        key="extraction.timeout_s",
        default=20.0,
        low=0.5,
        high=600,
        meaning="time limit for extracting one page, in seconds",
    ),
    Setting(
        key="extraction.memory_mb",
        default=1024,
        low=256,
        high=65536,
        meaning="memory limit of one extracting process, in MiB",
    ),
    Setting(
        key="images.store",
        default=False,
        meaning="whether the lead images of articles are fetched and stored too; needs the extra images",
    ),
    Setting(key="images.max_mb", default=5.0, low=0.01, high=1024, meaning="byte limit of one lead image, in MiB"),
    Setting(
        key="backfill.archives",
        default="local, internet-archive, arquivo.pt, common-crawl",
        meaning="the web archives to ask, in this order, parted by commas; one that is left out is asked only by name",
    ),
    Setting(
        key="backfill.before_days",
        default=2,
        low=0,
        high=36500,
        meaning="how many days before the event an archived copy may have been made",
    ),
    Setting(
        key="backfill.after_days",
        default=1826,
        low=0,
        high=36500,
        meaning="how many days after the event an archived copy may have been made",
    ),
    Setting(
        key="backfill.candidates",
        default=4,
        low=1,
        high=100,
        meaning="how many copies of one page are fetched from one archive before the next archive is asked",
    ),
    Setting(
        key="backfill.parallel",
        default=4,
        low=1,
        high=64,
        meaning="how many pages are looked for at the same time; each archive's own pace holds for all together",
    ),
    Setting(
        key="backfill.answer_days",
        default=30,
        low=0,
        high=3650,
        meaning="for how many days an archive's answer about what it has is not asked for again",
    ),
    Setting(
        key="backfill.retry_days",
        default=180,
        low=1,
        high=3650,
        meaning="after how many days an archive that had no fitting copy of a page is asked for it once more",
    ),
    Setting(
        key="discovery.feeds", default=[], meaning="URLs of RSS, Atom or JSON feeds that `dateline discover` polls"
    ),
    Setting(
        key="discovery.sitemaps", default=[], meaning="URLs of news sitemaps, or indexes of sitemaps, that it polls too"
    ),
    Setting(
        key="discovery.sections",
        default=[],
        meaning="URLs of home and section pages that it polls for articles, and for the feeds that they declare",
    ),
    Setting(
        key="discovery.publishers",
        default=0,
        low=0,
        high=10000,
        meaning="of how many of the publishers that are cited most the home page is polled too; 0 is of none",
    ),
    Setting(
        key="discovery.max_age_days",
        default=7,
        low=1,
        high=3650,
        meaning="entries of feeds that are older than so many days by their date are left out",
    ),
    Setting(
        key="discovery.per_host",
        default=50,
        low=1,
        high=1000000,
        meaning="how many articles that feeds named one run fetches from one host at most; the others stay due",
    ),
    Setting(
        key="discovery.most",
        default=1000,
        low=1,
        high=10000000,
        meaning="how many articles that feeds named one run fetches in all at most; the others stay due",
    ),
    Setting(
        key="discovery.max_mb", default=10.0, low=0.01, high=50, meaning="byte limit of one feed or sitemap, in MiB"
    ),
    Setting(
        key="linking.at_crawl",
        default=True,
        meaning="whether a crawl links what it fetched to events by content at its end",
    ),
    Setting(
        key="linking.model",
        default="",
        meaning="folder with a sentence model (model.onnx, tokenizer.json) for linking; needs the extra embeddings",
    ),
)

HOST_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="delay_s",
        default=10.0,  # of the example; without it crawl.delay_s holds
        low=0.01,
        high=3600,
        meaning="least time between two requests to this host, in seconds; a longer Crawl-delay is obeyed",
    ),
    Setting(key="paused", default=False, meaning="whether this host is left alone"),
    Setting(key="verify_tls", default=True, meaning="whether this host's certificate must be valid"),
)
"""What ``[hosts."NAME"]`` may say: the fields of `crawler.configuration.HostRule`."""

ARCHIVE_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="kind",
        default="cdx",
        meaning="how the archive is spoken to: cdx (pywb, OpenWayback and most others), memento or common-crawl",
    ),
    Setting(
        key="index_url",
        default="http://archive.example:8080/news/cdx",  # of the example; a new archive must say its own
        meaning="URL of its index: a CDX server, a TimeMap's beginning, a list of indexes",
    ),
    Setting(
        key="replay_url",
        default="http://archive.example:8080/news/",  # likewise
        meaning="beginning of the URLs of its copies, before the timestamp; a kind cdx needs it",
    ),
    Setting(
        key="public_url",
        default="",
        meaning="beginning of the addresses at which readers open its copies; empty: they cannot",
    ),
    Setting(
        key="hosts",
        default="",
        meaning="hosts, parted by commas, whose URLs in entries are its copies; empty is the host of its own URLs",
    ),
    Setting(
        key="index_interval_s",
        default=1.0,
        low=0.0,
        high=3600,
        meaning="least time between two requests to its index, in seconds, on all machines together",
    ),
    Setting(
        key="replay_interval_s",
        default=1.0,
        low=0.0,
        high=3600,
        meaning="least time between two requests for its copies, in seconds, on all machines together",
    ),
    Setting(
        key="dialect",
        default="pywb",
        meaning="which variant of CDX its index speaks: pywb, openwayback, internet-archive or arquivo",
    ),
    Setting(key="enabled", default=True, meaning="whether it is asked without being named on the command line"),
)
"""What ``[archives."NAME"]`` may say: the fields of `crawler.archives.ArchivePlace`.

The defaults are those of a new archive; a section with the name of a built-in one changes only what it says.
"""
