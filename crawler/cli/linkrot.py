"""``dateline linkrot``: how many of the cited pages are still there, by year, host and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.console import JsonOption, LibraryOption, Listing, opened, print_json, say, tell
from crawler.cli.linkrot_picture import draw, picture_format
from crawler.errors import ConfigurationError
from crawler.linkrot import LinkRotReport, Rot, report_of
from crawler.written_files import Written, write_whole

_LIMIT = 20
_HEADINGS = (
    *("cited#", "live#", "%#", "dead#", "%#", "unclear#", "%#", "rescued#", "%#"),
    *("missing#", "%#", "not asked#", "articles#"),
)


class By(StrEnum):
    """What a table counts by."""

    YEAR = "year"
    HOST = "host"
    OUTCOME = "outcome"


def linkrot(
    *,
    library: LibraryOption = None,
    by: Annotated[By, typer.Option("--by", help="Count by this.")] = By.YEAR,
    limit: Annotated[int, typer.Option(min=1, help="At most so many hosts.")] = _LIMIT,
    picture: Annotated[
        Path | None, typer.Option("--picture", help="Draw it by year into this file, .svg or .png.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a picture that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Count cited pages: live, rescued from archives, missing in all of them, not asked for in all of them yet.

    Dead (says the web) and unclear (no answer, refused) are all three but live. Percentages are of the cited.
    """
    drawn_as = picture_format(picture) if picture else ""
    with opened(library) as found:
        report = report_of(found.store.link_rot())
    if picture:
        _draw(report, picture, drawn_as, force=force)
    if as_json:
        print_json(_as_json(report, limit))
    elif not report.total.cited:
        say("no event cites anything yet: `dateline events import FOLDER` adds some")
    else:
        _print(report, by, limit)
    if picture:
        tell(f"drawn: {picture}")


def _draw(report: LinkRotReport, picture: Path, drawn_as: str, *, force: bool) -> None:
    if write_whole(picture, [draw(report.years, drawn_as)], force=force) is Written.KEPT:
        raise ConfigurationError(f"{picture} is there and shows something else: --force writes over it")


def _as_json(report: LinkRotReport, limit: int) -> Mapping[str, object]:
    return {
        "total": report.total,
        "years": [{"year": year or None, "counts": rot} for year, rot in report.years.items()],
        "hosts": [{"host": host, "counts": rot} for host, rot in islice(report.hosts.items(), limit)],
        "hosts_in_all": len(report.hosts),
        "outcomes": [{"outcome": outcome, "counts": rot} for outcome, rot in report.outcomes.items()],
    }


def _print(report: LinkRotReport, by: By, limit: int) -> None:
    years = {str(year) if year else "no year": rot for year, rot in report.years.items()}
    groups = {By.YEAR: years, By.HOST: report.hosts, By.OUTCOME: report.outcomes}[by]
    shown = limit if by is By.HOST else len(groups)
    made = Listing(by.value, *_HEADINGS)
    for name, rot in islice(groups.items(), shown):
        made.add(name, *_cells(rot))
    made.add("all", *_cells(report.total))
    made.print()
    if shown < len(groups):
        say(f"{len(groups) - shown} more: --limit {len(groups)}")


def _cells(rot: Rot) -> list[object]:
    parts = (rot.live, rot.dead, rot.unclear, rot.rescued, rot.missing)
    counted: list[object] = [rot.cited]
    for part in parts:
        counted += [part, f"{rot.share(part):.0%}"]
    return [*counted, rot.not_asked, rot.articles]
