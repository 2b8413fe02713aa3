"""``dateline refetch``: fetch one event's sources again, whether due or not."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli.console import DryRunOption, JsonOption, LibraryOption, settings_of
from crawler.cli.crawl import (
    AllowPrivateOption,
    LogLevelOption,
    crawl_with_progress,
    given_settings,
    report_crawl,
    show_plan,
)
from crawler.cli.linking import link_after


def refetch(
    event: Annotated[str, typer.Argument(help="Event key, page path, file, or a unique beginning of the key.")],
    *,
    library: LibraryOption = None,
    allow_private: AllowPrivateOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    log_level: LogLevelOption = "",
) -> int:
    """Fetch the sources of one event now; unchanged pages are asked for with a conditional request."""
    settings = settings_of(library, given_settings(allow_private=allow_private))
    if dry_run:
        return show_plan(library, {"event": event}, as_json=as_json)
    report = crawl_with_progress(settings, f"dateline refetch {event}", {"event": event}, log_level)
    return report_crawl(report, link_after(settings, report.state), as_json=as_json)
