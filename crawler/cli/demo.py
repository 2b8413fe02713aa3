"""``dateline demo``: everything once, without any network.

Why the library's own file names no proxy: the web that it leads to is gone when the demo ends. While it runs, the crawl
is told by an override, and the backfill, a child process, by a file of its own beside which it is started.

Why the archives to ask are named in the library's file: nothing that a person does with it later may ask real archives
for pages that were invented.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from crawler.cli.child_command import run_child
from crawler.cli.console import BAD_INPUT, INCOMPLETE, INTERRUPTED, OK, DryRunOption, JsonOption, print_json, say
from crawler.cli.crawl import LogLevelOption, crawl_with_progress
from crawler.cli.demo_report import Done, tell_done, with_article
from crawler.configuration import FILE_NAME, load, render
from crawler.configuration.rendering import toml_value
from crawler.entry_files import walk
from crawler.errors import ConfigurationError
from crawler.events import ReadOptions
from crawler.importing import import_entries
from crawler.library import open_library
from storage.types import RunState, utc_now

_SETTINGS = {"crawl.delay_s": 0.2, "crawl.timeout_s": 3.0, "crawl.max_mb": 1.0, "extraction.workers": 2}
_ARCHIVES = {"backfill.archives": "local, old-pages"}


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder of the demo's library; made anew.")] = Path("dateline-demo"),
    *,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "WARNING",
) -> int:
    """Make a library, start a small invented web on this machine, import event entries, crawl, rescue what is gone."""
    if folder.is_dir() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder} is not empty: remove it, or name another folder: dateline demo FOLDER")
    if dry_run:
        _tell_plan(folder, as_json=as_json)
        return OK
    done = _run(folder, log_level)
    with open_library(load(folder)) as library:
        if as_json:
            status = library.store.status(now=utc_now())
            print_json({"imported": done.imported, "crawl": done.crawl, "backfill": done.backfill, "status": status})
        else:
            tell_done(library, folder, done)
    return done.status


def _run(folder: Path, log_level: str) -> Done:
    """Import, crawl and look in the archive, with the invented web running meanwhile."""
    from crawler.demo import ARCHIVE_SETTINGS, demo_sites, entries_folder  # noqa: PLC0415 - no other command needs it
    from crawler.demo.web import LocalWeb  # noqa: PLC0415 - as above

    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(render(folder.resolve().name, _ARCHIVES) + ARCHIVE_SETTINGS, encoding="utf-8")
    with LocalWeb(demo_sites()) as web:
        used = _SETTINGS | {"crawl.proxy": web.proxy_url}
        settings = load(folder, used)
        with open_library(settings, create=True) as library:
            imported = import_entries(library, walk([entries_folder()], io.BytesIO()), ReadOptions())
        crawl = crawl_with_progress(settings, f"dateline demo {folder}", {}, log_level)
        with open_library(settings) as library:
            from_live = with_article(library.store.events(limit=None))
        if crawl.state is not RunState.FINISHED:
            status = INTERRUPTED if crawl.state is RunState.INTERRUPTED else INCOMPLETE
            return Done(imported=imported, crawl=crawl, from_live=from_live, backfill={}, status=status)
        file = f"library = {toml_value(str(folder.resolve()))}\n{render('', used | _ARCHIVES)}{ARCHIVE_SETTINGS}"
        status, backfill = _rescued(file, log_level)
    return Done(imported=imported, crawl=crawl, from_live=from_live, backfill=backfill, status=status)


def _rescued(settings: str, log_level: str) -> tuple[int, Mapping[str, Any]]:
    """Run ``dateline backfill`` with these settings; returns its exit status and its report."""
    with TemporaryDirectory(prefix="dateline-demo-") as place:
        (Path(place) / FILE_NAME).write_text(settings, encoding="utf-8")
        ended = run_child(["backfill", "--json", "--log-level", log_level], Path(place))
    if ended.status < 0:
        return INTERRUPTED, {}
    status = INCOMPLETE if ended.status == BAD_INPUT else ended.status
    return status, json.loads(ended.out) if ended.out else {}


def _tell_plan(folder: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"library": str(folder.resolve()), "made": False})
    else:
        say(
            f"would make a library in {folder}, import the bundled event entries, crawl an invented web for them"
            " and look in an invented archive for what that web has lost"
        )
