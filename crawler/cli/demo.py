"""``dateline demo``: everything once, without any network."""

from __future__ import annotations

import io
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import OK, DryRunOption, JsonOption, Listing, print_json, say, shortened
from crawler.cli.crawl import LogLevelOption, crawl_with_progress, print_outcomes
from crawler.configuration import FILE_NAME, load, render
from crawler.entry_files import walk
from crawler.errors import ConfigurationError
from crawler.events import ReadOptions
from crawler.importing import ImportReport, import_entries
from crawler.library import Library, open_library
from storage.types import EventSummary, LibraryStatus, Outcome, utc_now

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.crawling import CrawlReport

_SHOWN = 6
_HEADLINE = 64
_KEY = 48
_SETTINGS = {"crawl.delay_s": 0.2, "crawl.timeout_s": 3.0, "crawl.max_mb": 1.0, "extraction.workers": 2}


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder of the demo's library; made anew.")] = Path("dateline-demo"),
    *,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "WARNING",
) -> int:
    """Make a library, start a small invented web on this machine, import bundled event entries and crawl them."""
    from crawler.demo import demo_sites, entries_folder  # noqa: PLC0415 - no other command needs the web
    from crawler.demo.web import LocalWeb  # noqa: PLC0415

    if folder.is_dir() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder} is not empty: remove it, or name another folder: dateline demo FOLDER")
    if dry_run:
        _tell_plan(folder, as_json=as_json)
        return OK
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(render(folder.resolve().name), encoding="utf-8")
    with LocalWeb(demo_sites()) as web:
        settings = load(folder, _SETTINGS | {"crawl.proxy": web.proxy_url})
        with open_library(settings, create=True) as library:
            imported = import_entries(library, walk([entries_folder()], io.BytesIO()), ReadOptions())
        report = crawl_with_progress(settings, f"dateline demo {folder}", {}, log_level)
    with open_library(settings) as library:
        if as_json:
            print_json({"imported": imported, "crawl": report, "status": library.store.status(now=utc_now())})
        else:
            _tell(library, folder, imported, report)
    return OK


def _tell_plan(folder: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"library": str(folder.resolve()), "made": False})
    else:
        say(f"would make a library in {folder}, import the bundled event entries and crawl an invented web for them")


def _tell(library: Library, folder: Path, imported: ImportReport, report: CrawlReport) -> None:
    counts = library.store.status(now=utc_now())
    say(
        ("imported", "bold"),
        f" {imported.new} events with {imported.links_added} source links"
        f" and {imported.saved_new} saved article(s) from {imported.files} files",
    )
    say()
    say(("crawled", "bold"), " an invented web of many hosts on this machine:")
    print_outcomes(report.outcomes)
    say()
    verdicts = ", ".join(f"{count} {name}" for name, count in report.verdicts.items())
    say(("articles", "bold"), f" {counts.articles} in {counts.clusters} stories: {verdicts}")
    say()
    events = sorted(library.store.events(limit=None), key=lambda event: (-event.sources, event.key))
    _tell_coverage(events, counts)
    say()
    _tell_next(library, folder, events)


def _tell_coverage(events: list[EventSummary], counts: LibraryStatus) -> None:
    complete = sum(event.articles >= event.sources > 0 for event in events)
    say(("coverage", "bold"), f" {complete} of {counts.events} events have all their articles; the most cited:")
    made = Listing("date", "articles#", "sources#", "headline…")
    for event in events[:_SHOWN]:
        made.add(event.event_date, event.articles, event.sources, shortened(event.headline, _HEADLINE))
    made.print()


def _tell_next(library: Library, folder: Path, events: list[EventSummary]) -> None:
    named = f"-L {shlex.quote(str(folder))}"
    say(("try next", "bold"))
    for line in (
        f"dateline status {named}",
        f"dateline show {shlex.quote(events[0].key[:_KEY])} {named}",
        f"dateline why {shlex.quote(_missing_url(library, events))} {named}",
        f"dateline hosts list {named}",
        f"dateline articles export {named} -f md {shlex.quote(str(folder / 'articles'))}",
        f"dateline captures verify {named}",
    ):
        say(f"  {line}")


def _missing_url(library: Library, events: list[EventSummary]) -> str:
    """Some cited URL without an article; best one that is gone although its server says that all is well."""
    views = (library.store.event(event.key) for event in sorted(events, key=lambda event: event.key))
    documents = ((source, source.document) for view in views for source in view.sources)
    missing = [(source, known) for source, known in documents if known is not None and known.article_id is None]
    missing.sort(key=lambda pair: pair[1].last_outcome is not Outcome.SOFT_404)
    return missing[0][0].link.cited_url if missing else "URL"
