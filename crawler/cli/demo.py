"""``dateline demo``: everything once, without any network.

Why the library's own file names no proxy: the web that it leads to is gone when the demo ends. While it runs, the crawl
is told by an override, and the discovery and the backfill, child processes, by a file of their own beside which they
are started. For the same reason its feed is switched off in the end: it is there to be looked at.

Why the archives to ask are named in the library's file: nothing that a person does with it later may ask real archives
for pages that were invented.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from crawler.cli.child_command import run_child
from crawler.cli.console import BAD_INPUT, INCOMPLETE, INTERRUPTED, OK, DryRunOption, JsonOption, print_json, say
from crawler.cli.crawl import crawl_with_progress
from crawler.cli.demo_report import Done, tell_done, with_article
from crawler.cli.fetching import LogLevelOption
from crawler.cli.linking import link_after
from crawler.configuration import FILE_NAME, Configuration, load, render
from crawler.configuration.rendering import toml_value
from crawler.entry_files import walk
from crawler.errors import ConfigurationError
from crawler.events import ReadOptions
from crawler.importing import import_entries
from crawler.library import open_library
from crawler.stopping import STATUSES
from crawler.wanted_feeds import wanted_feed
from storage.types import FeedKind, RunState, utc_now

_SETTINGS: Mapping[str, Any] = {
    "crawl.delay_s": 0.2,
    "crawl.timeout_s": 3.0,
    "crawl.max_mb": 1.0,
    "extraction.workers": 2,
}
_ARCHIVES: Mapping[str, Any] = {"backfill.archives": "local, old-pages"}
_TWO_PAGES: Mapping[str, Any] = {"extraction.workers": 1, "crawl.delay_s": 0.05}
"""Enough for a feed and what it names; a worker takes a second to start."""


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder of the demo's library; made anew.")] = Path("dateline-demo"),
    *,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "WARNING",
) -> int:
    """Make a library and a small invented web: import entries, crawl, link, poll a feed, rescue what is gone."""
    if folder.is_dir() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder} is not empty: remove it, or name another folder: dateline demo FOLDER")
    if dry_run:
        _tell_plan(folder, as_json=as_json)
        return OK
    done = _run(folder, log_level)
    with open_library(load(folder)) as library:
        if as_json:
            status = library.store.status(now=utc_now())
            told = {"imported": done.imported, "crawl": done.crawl, "linking": done.linked}
            print_json({**told, "discover": done.discovered, "backfill": done.backfill, "status": status})
        else:
            tell_done(library, folder, done)
    return done.status


def _run(folder: Path, log_level: str) -> Done:
    """Import, crawl, poll a feed and look in the archive, with the invented web running meanwhile."""
    from crawler.demo import ARCHIVE_SETTINGS, demo_sites, entries_folder  # noqa: PLC0415 - no other command needs it
    from crawler.demo.web import LocalWeb  # noqa: PLC0415 - as above

    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(render(folder.resolve().name, _ARCHIVES) + ARCHIVE_SETTINGS, encoding="utf-8")
    with LocalWeb(demo_sites()) as web:
        used = {**_SETTINGS, "crawl.proxy": web.proxy_url}
        settings = load(folder, used)
        with open_library(settings, create=True) as library:
            imported = import_entries(library, walk([entries_folder()], io.BytesIO()), ReadOptions())
        crawl = crawl_with_progress(settings, f"dateline demo {folder}", {}, log_level)
        with open_library(settings) as library:
            from_live = with_article(library.store.events(limit=None))
        done = Done(imported=imported, crawl=crawl, from_live=from_live)
        if crawl.state is not RunState.FINISHED:
            return replace(done, status=INTERRUPTED if crawl.state is RunState.INTERRUPTED else INCOMPLETE)
        done = replace(done, linked=link_after(settings, crawl.state))
        if done.linked and done.linked.interrupted:
            return replace(done, status=INTERRUPTED)
        return _gone_on(done, settings, {**used, **_ARCHIVES}, log_level)


def _gone_on(done: Done, settings: Configuration, used: Mapping[str, Any], log_level: str) -> Done:
    """Poll the feed, then look in the archive; an interruption of the first one ends both."""
    from crawler.demo import FEED_URL  # noqa: PLC0415 - as above

    with open_library(settings) as library:
        library.store.put_feeds([wanted_feed(FEED_URL, FeedKind.FEED)], now=utc_now())
    status, discovered = _child("discover", settings.library, {**used, **_TWO_PAGES}, log_level)
    with open_library(settings) as library:
        for feed in library.store.feeds():
            library.store.enable_feed(feed.document.id, enabled=False, now=utc_now())
    done = replace(done, discovered=discovered, status=status)
    if status == INTERRUPTED:
        return done
    ended, backfill = _child("backfill", settings.library, used, log_level)
    return replace(done, backfill=backfill, status=ended or status)


def _child(command: str, library: Path, settings: Mapping[str, Any], log_level: str) -> tuple[int, Mapping[str, Any]]:
    """Run a command with these settings; returns its exit status and its report."""
    from crawler.demo import ARCHIVE_SETTINGS  # noqa: PLC0415 - as above

    file = f"library = {toml_value(str(library))}\n{render('', settings)}{ARCHIVE_SETTINGS}"
    with TemporaryDirectory(prefix="dateline-demo-") as place:
        (Path(place) / FILE_NAME).write_text(file, encoding="utf-8")
        ended = run_child([command, "--json", "--log-level", log_level], Path(place))
    if ended.status < 0:
        return INTERRUPTED, {}
    status = {BAD_INPUT: INCOMPLETE, **dict.fromkeys(STATUSES, INTERRUPTED)}.get(ended.status, ended.status)
    return status, json.loads(ended.out) if ended.out else {}


def _tell_plan(folder: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"library": str(folder.resolve()), "made": False})
    else:
        say(
            f"would make a library in {folder}, import the bundled event entries, crawl an invented web for them,"
            " poll a feed of it, and look in an invented archive for what that web has lost"
        )
