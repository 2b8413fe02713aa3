"""Every setting that holds for one host, one archive, one scheduled job or one rule about what is not kept.

`HOST_SETTINGS` are those of ``[hosts."www.news.example"]``, `ARCHIVE_SETTINGS` of ``[archives."our-archive"]``,
`JOB_SETTINGS` of ``[jobs."nightly"]``, `RETENTION_SETTINGS` of ``[retention."raw"]``.
"""

from __future__ import annotations

from crawler.configuration.setting import Setting

HOST_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="delay_s",
        default=10.0,  # of the example; without it crawl.delay_s holds
        low=0.01,
        high=3600,
        meaning="least time between two requests to this host, in seconds; a longer Crawl-delay is obeyed",
    ),
    Setting(
        key="per_day",
        default=200,  # of the example; without it crawl.per_day holds
        low=0,
        high=1000000,
        meaning="how many documents of this host are asked for on one day (UTC) at most; 0: any number",
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

JOB_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="command",
        default="crawl --host www.news.example",  # of the example; a new job must say its own
        meaning="the command as a person types it, without dateline; the library is added",
    ),
    Setting(
        key="cron",
        default="",
        meaning="when, as minute hour day month weekday (15 3 * * mon-fri); one of cron, every and at",
    ),
    Setting(
        key="every", default="6h", meaning="how often, as a number with s, m, h, d or w; one of cron, every and at"
    ),
    Setting(key="at", default="", meaning="once, at this date and time (2026-12-01 04:00); one of cron, every and at"),
    Setting(key="time_zone", default="", meaning="of cron and at; empty is schedule.time_zone"),
    Setting(key="jitter", default="0s", meaning="each start is put off by a random time up to this one"),
    Setting(
        key="deadline", default="6h", meaning="a run that takes longer is ended with its whole process group; 0s: none"
    ),
    Setting(
        key="misfire_grace",
        default="1h",
        meaning="a start that was missed (nobody scheduled, or the machine slept) is made up for within this time",
    ),
    Setting(
        key="coalesce",
        default=True,
        meaning="whether several missed starts are made up for by one; else by one after the other",
    ),
    Setting(
        key="minimum",
        default=0,
        low=0,
        high=1000000000,
        meaning="a run that brings fewer successes than this, though it had work to do, raises an alert",
    ),
    Setting(key="enabled", default=True, meaning="whether it is started by the clock; by hand it can be in any case"),
)
"""What ``[jobs."ID"]`` may say: the fields of `crawler.configuration.jobs.Job`.

The defaults of ``command`` and ``every`` are those of the example; a section with the id of a built-in job changes only
what it says.
"""

RETENTION_SETTINGS: tuple[Setting, ...] = (
    Setting(
        key="host", default="www.news.example", meaning="only documents of this host; without it, of all"
    ),  # of the example
    Setting(
        key="days",
        default=3650,  # likewise; a rule must say its own
        low=1,
        high=36500,
        meaning="what was captured, or asked for, longer ago than so many days is removed",
    ),
    Setting(
        key="remove",
        default="captures",
        meaning="captures: the raw captures, texts stay; all: texts too, and what is removed is not fetched again;"
        " attempts: those that brought nothing go from the database into files below attempts/",
    ),
)
"""What ``[retention."NAME"]`` may say: the fields of `crawler.configuration.retention.Rule`."""
