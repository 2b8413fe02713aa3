"""Every setting of the whole library: its key, type, default, bounds and meaning.

Reading, checking, the file that ``dateline init`` writes and the test that compares the README all walk these tables.
`SETTINGS` holds for the whole library, those of `dateline serve` (`web_settings`) among them; what holds for one host,
one archive, one job stands in `section_settings`.
"""

from __future__ import annotations

from crawler.configuration.setting import Setting
from crawler.configuration.web_settings import WEB_SETTINGS

SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="storage.database",
        default="",
        meaning="SQLAlchemy URL of the database; empty is the SQLite file dateline.db in the library folder",
    ),
    Setting(
        key="storage.captures",
        default="",
        meaning="where full WARC files go: a folder that all machines share, or s3://BUCKET/PREFIX; "
        "empty keeps them in the library's own folder",
    ),
    Setting(
        key="storage.rotate_mb",
        default=1024,
        low=1,
        high=65536,
        meaning="a WARC file is closed and the next one begun at this size, in MiB",
    ),
    Setting(
        key="storage.min_free_mb",
        default=512,
        low=0,
        high=1 << 30,
        meaning="runs stop when the disk of the library has less room left than this, in MiB; 0 never stops them",
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
        key="crawl.per_day",
        default=5000,
        low=0,
        high=1000000,
        meaning="how many documents of one host are asked for on one day (UTC) at most, by all runs together; 0: any",
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
        key="workers.use",
        default=False,
        meaning="whether scheduled crawls and backfills are queued for workers (`dateline work`) instead of running "
        "where the scheduler does; needs PostgreSQL",
    ),
    Setting(
        key="workers.lease_s",
        default=10.0,
        low=4,
        high=3600,
        meaning="after how many silent seconds others may take over what a worker holds; it asks nothing after that",
    ),
    Setting(
        key="workers.slice_s",
        default=10.0,
        low=1,
        high=600,
        meaning="about how many seconds a worker stays with one host before others that wait come first",
    ),
    Setting(
        key="workers.metrics",
        default="",
        meaning="address for the metrics of a worker, such as 127.0.0.1:9465; empty is none",
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
        key="recrawl.enabled",
        default=True,
        meaning="whether what was fetched is asked for again, to catch corrections and to see that it still lives",
    ),
    Setting(
        key="recrawl.ratio",
        default=0.2,
        low=0.01,
        high=10,
        meaning="the wait before a page is asked for again, as a share of the time since it was published or changed",
    ),
    Setting(
        key="recrawl.least_hours",
        default=1.0,
        low=0.1,
        high=8760,
        meaning="no page is asked for again sooner than after so many hours",
    ),
    Setting(
        key="recrawl.most_days",
        default=180,
        low=1,
        high=3650,
        meaning="every page that lives is asked for again after so many days at the latest",
    ),
    Setting(
        key="recrawl.dead_days",
        default=730,
        low=1,
        high=3650,
        meaning="what is gone is asked for ever more rarely, after so many days at the latest",
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
    Setting(
        key="schedule.defaults",
        default=True,
        meaning="whether the built-in jobs run beside those that the file names",
    ),
    Setting(
        key="schedule.time_zone",
        default="UTC",
        meaning="time zone in which jobs that do not name one are scheduled, such as Europe/Prague",
    ),
    Setting(
        key="schedule.listen",
        default="127.0.0.1:9437",
        meaning="where the scheduler answers /health and /metrics, as ADDRESS:PORT; empty is nowhere",
    ),
    Setting(
        key="schedule.stop_s",
        default=30.0,
        low=0,
        high=3600,
        meaning="how long the scheduler waits for its jobs to stop in order before it kills them, in seconds",
    ),
    *WEB_SETTINGS,
    Setting(
        key="health.window_days",
        default=14,
        low=2,
        high=365,
        meaning="a host's last day is compared with so many days before it",
    ),
    Setting(
        key="health.least_attempts",
        default=10,
        low=1,
        high=100000,
        meaning="a host is judged when it was asked so often on its last days, and at least so often before",
    ),
    Setting(
        key="health.drop",
        default=0.5,
        low=0.05,
        high=1,
        meaning="an alert is raised when a host's articles per attempt fall by more than this share",
    ),
    Setting(
        key="notify.command",
        default="",
        meaning="command that is told of alerts, as JSON on its standard input; split as a shell does, run without one",
    ),
    Setting(key="notify.webhook", default="", meaning="URL to which alerts are sent, as JSON by POST"),
    Setting(
        key="notify.timeout_s",
        default=20.0,
        low=0.1,
        high=600,
        meaning="time limit of one notification, in seconds",
    ),
    Setting(key="logs.format", default="text", meaning="how the logs of runs are written: text or json"),
    Setting(
        key="logs.level", default="INFO", meaning="least level of a line in the log of a run: DEBUG, INFO, WARNING"
    ),
    Setting(
        key="logs.rotate_mb",
        default=20.0,
        low=0.01,
        high=65536,
        meaning="a run's log file is put aside and a new one begun at this size, in MiB",
    ),
    Setting(key="logs.keep", default=4, low=0, high=1000, meaning="how many files put aside are kept of one run's log"),
    Setting(
        key="logs.keep_days",
        default=90,
        low=1,
        high=36500,
        meaning="`dateline retention` removes logs, and rows of runs, that are older than so many days",
    ),
)
