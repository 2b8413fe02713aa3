"""``dateline retention``: remove what is older than the rules allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import OK, JsonOption, LibraryOption, Listing, count_of, opened, print_json, say
from crawler.cli.forget import shown_progress
from crawler.configuration import Removes
from crawler.phrases import size_text
from crawler.runs import login_name, registered
from storage.types import utc_now

if TYPE_CHECKING:  # writing captures takes a while to import
    from crawler.retaining import Kept


def retention(
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Remove it; without this option it is only said what would be removed.")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> int:
    """Remove what the rules below [retention] do not keep, old logs and rows of runs, and old answers of archives.

    Attempts that a rule names are not removed: they go from the database into files below attempts/.
    Stopped at any moment, run the same command again.
    """
    from crawler.retaining import apply_rules, look  # noqa: PLC0415 - see above

    with opened(library) as found:
        now = utc_now()
        if not apply:
            report = look(found, now=now)
        else:
            with registered(found, "dateline retention --apply") as work, shown_progress(0) as progress:
                report = apply_rules(found, now=now, who=login_name(), token=work.token, progress=progress)
                work.counts.update(report.counts)
    if as_json:
        print_json({"applied": apply, **report.as_mapping()})
    else:
        _tell(report, applied=apply)
    return OK


_WHAT = {
    Removes.CAPTURES: "raw captures",
    Removes.ALL: "everything",
    Removes.ATTEMPTS: "vain attempts",
}


def _tell_attempts(report: Kept, *, applied: bool) -> None:
    """Where attempts go, or went."""
    moved = sum(one.removed.get("attempts", 0) for one in report.rules)
    if moved and applied:
        size = size_text(sum(one.removed.get("written", 0) for one in report.rules))
        say(f"{count_of(moved, 'attempt')} moved into files below attempts/ ({size}); `dateline why` says of which URL")
    elif moved:
        say(f"{count_of(moved, 'attempt')} would move into files below attempts/")


def _tell(report: Kept, *, applied: bool) -> None:
    if report.rules:
        made = Listing("rule", "of", "older than", "removes", "documents#", "captures#", "attempts#", "bytes#")
        for one in report.rules:
            rule, removed = one.rule, one.removed
            counts = (one.documents, removed.get("captures", 0), removed.get("attempts", 0))
            size = size_text(removed.get("bytes", 0))
            made.add(rule.name, rule.host or "all", f"{rule.age.days} days", _WHAT[rule.removes], *counts, size)
        made.print()
        _tell_attempts(report, applied=applied)
    else:
        say('no rules: dateline.toml has no [retention."NAME"]; all captures are kept')
    verb = "removed" if applied else "to be removed"
    say(f"{count_of(report.runs, 'row')} of runs, {count_of(report.logs, 'log file')} {verb}")
    if applied:
        say(f"{count_of(report.answers, 'answer')} of archives {verb}")
        if report.moved:
            say(f"{count_of(report.moved, 'capture')} that stay rested on what was removed and were written anew")
        if report.files:
            say(f"{count_of(report.files, 'WARC file')} in which nothing was left were deleted")
    else:
        say("`dateline retention --apply` removes it")
