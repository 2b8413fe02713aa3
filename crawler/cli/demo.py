"""``dateline demo``: everything once, without any network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import BAD_INPUT, OK, JsonOption, err, out, plain, print_json, table
from crawler.cli.crawl import crawl_with_progress, print_outcomes
from crawler.configuration import FILE_NAME, Configuration, load, render
from crawler.demo import demo_sites, entries_folder
from crawler.demo.web import LocalWeb
from crawler.entry_files import walk
from crawler.events import ReadOptions
from crawler.importing import ImportReport, import_entries
from crawler.library import Library, open_library
from storage.types import EventView, LibraryStatus, utc_now

if TYPE_CHECKING:  # Scrapy takes a second to import: only commands that crawl pay for it
    from crawler.crawling import CrawlReport

_SHOWN = 6
_SETTINGS = {"crawl.delay_s": 0.2, "crawl.timeout_s": 3.0, "crawl.max_mb": 1.0, "extraction.workers": 2}


def demo(
    folder: Annotated[Path, typer.Argument(help="Folder of the demo's library; made anew.")] = Path("dateline-demo"),
    *,
    as_json: JsonOption = False,
    log_level: Annotated[str, typer.Option(help="Lines on standard error: DEBUG, INFO, WARNING.")] = "WARNING",
) -> int:
    """Make a library, start a small invented web on this machine, import bundled event entries and crawl them."""
    if (folder / FILE_NAME).exists() or (folder.exists() and any(folder.iterdir())):
        err.print(f"{folder} is not empty: remove it, or name another folder: dateline demo FOLDER", highlight=False)
        return BAD_INPUT
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(render("demo"), encoding="utf-8")
    with LocalWeb(demo_sites()) as web:
        settings = load(folder, _SETTINGS | {"crawl.proxy": web.proxy_url})
        with open_library(settings, create=True) as library:
            imported = import_entries(library, walk([entries_folder()], sys.stdin.buffer), ReadOptions())
        report = crawl_with_progress(settings, f"dateline demo {folder}", {}, log_level)
    with open_library(settings) as library:
        if as_json:
            print_json({"imported": imported, "crawl": report, "status": library.store.status(now=utc_now())})
            return OK
        _tell(library, settings, imported, report)
    return OK


def _tell(library: Library, settings: Configuration, imported: ImportReport, report: CrawlReport) -> None:
    counts = library.store.status(now=utc_now())
    out.print(
        f"[bold]imported[/] {imported.new} events with {imported.links_added} source links"
        f" and {imported.saved_new} saved article(s) from {imported.files} files",
        highlight=False,
    )
    out.print("\n[bold]crawled[/] an invented web of many hosts on this machine:", highlight=False)
    print_outcomes(report.outcomes)
    out.print(
        f"\n[bold]articles[/] {counts.articles} in {counts.clusters} stories: "
        + ", ".join(f"{count} {name}" for name, count in report.verdicts.items()),
        highlight=False,
    )
    _coverage(library, counts)
    example = _example(library)
    folder = settings.library.name
    out.print("\n[bold]try next[/]", highlight=False)
    for line in (
        f"dateline status -L {folder}",
        f"dateline show {example.entry.key[:48]} -L {folder}" if example else f"dateline events list -L {folder}",
        f"dateline why {_missing_url(library)} -L {folder}",
        f"dateline articles export -L {folder} -f md {folder}/articles",
        f"dateline captures verify -L {folder}",
    ):
        out.print(f"  {plain(line)}", highlight=False)


def _coverage(library: Library, counts: LibraryStatus) -> None:
    events = sorted(library.store.events(limit=None), key=lambda event: (-event.sources, event.key))
    complete = sum(event.articles >= event.sources > 0 for event in events)
    out.print(
        f"\n[bold]coverage[/] {complete} of {counts.events} events have all their articles; the most cited:",
        highlight=False,
    )
    made = table("date", "articles#", "sources#", "headline")
    for event in events[:_SHOWN]:
        made.add_row(str(event.event_date), str(event.articles), str(event.sources), plain(event.headline)[:56])
    out.print(made)


def _example(library: Library) -> EventView | None:
    """The event with the most sources: the most to see."""
    events = sorted(library.store.events(limit=None), key=lambda event: -event.sources)
    return library.store.event(events[0].key) if events else None


def _missing_url(library: Library) -> str:
    """Some cited URL without an article."""
    for event in library.store.events(limit=None):
        for source in library.store.event(event.key).sources:
            if source.document is not None and source.document.article_id is None:
                return source.link.cited_url
    return "URL"
