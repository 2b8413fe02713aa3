"""``dateline replay``: understand stored captures again, without fetching anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.console import (
    INCOMPLETE,
    INTERRUPTED,
    OK,
    DryRunOption,
    JsonOption,
    LibraryOption,
    Listing,
    count_of,
    jsonable,
    opened,
    print_json,
    progress_bar,
    require_host,
    say,
    tell,
)
from crawler.cli.fetching import print_interrupted, print_verdicts
from crawler.cli.linking import LinkedAfter, link_after, print_linked
from crawler.cli.story import removed_by
from crawler.naming import select
from storage.errors import NotFound
from storage.protocol import Store
from storage.types import Outcome, RunState

if TYPE_CHECKING:  # the pool takes half a second to import: only this command's work pays for it
    from crawler.replaying import Replayed


def replay(
    url: Annotated[str, typer.Argument(help="Only this document, whatever came of it.")] = "",
    *,
    library: LibraryOption = None,
    outcome: Annotated[str, typer.Option(help="Documents whose latest attempt ended so; default: failed.")] = "",
    host: Annotated[str, typer.Option(help="Only documents of this host.")] = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """Judge stored pages again with the present rules; those that are articles now become articles."""
    outcome = outcome or ("" if url else Outcome.FAILED)
    typed = "dateline replay" + (f" {url}" if url else "") + (f" --outcome {outcome}" if outcome else "")
    with opened(library) as found, progress_bar() as bar:
        host = require_host(found.store, host)
        selection = replace(select(found.store, host=host, outcome=outcome, url=url), due_only=False)
        if url:
            require_replayable(found.store, selection.canonical_url)
        from crawler.replaying import replay as replay_pages  # noqa: PLC0415 - see above
        from crawler.replaying import rows_of  # noqa: PLC0415 - see above

        task = bar.add_task("understanding", total=sum(1 for _ in rows_of(found, selection)))
        command = typed + (f" --host {host}" if host else "")
        report = replay_pages(
            found, selection, command=command, dry_run=dry_run, progress=lambda: bar.update(task, advance=1)
        )
        settings = found.configuration
    linked = None if dry_run else link_after(settings, report.state)
    if as_json:
        print_json({**jsonable(report), "linking": linked})
    else:
        _tell(report, linked, dry_run=dry_run)
    status = INCOMPLETE if report.problems else OK
    return INTERRUPTED if report.state is RunState.INTERRUPTED else (linked.status if linked else OK) or status


def require_replayable(store: Store, canonical_url: str) -> None:
    """Refuse a document of which nothing is stored because it was removed; whoever asks should know.

    Raises:
        DocumentNotFound: there is no such document.
        NotFound: it was taken down, or its raw captures were removed.
    """
    history = store.history(canonical_url)
    if takedown := store.takedown_of(canonical_url, history.document.host):
        raise NotFound(f"{canonical_url}: {takedown.text}")
    if history.captures and all(one.takedown_id is not None for one in history.captures):
        raise NotFound(f"{canonical_url}: {removed_by(store, history.captures)[-1].text}")


def _tell(report: Replayed, linked: LinkedAfter | None, *, dry_run: bool) -> None:
    changed = report.changed.total()
    would = "would be" if dry_run else "is" if changed == 1 else "are"
    same = report.pages - changed - len(report.problems)
    kept = f", {len(report.problems)} left as it was" if report.problems else ""
    say(f"{count_of(report.pages, 'page')} understood again: {changed} {would} judged otherwise, {same} the same{kept}")
    if changed:
        made = Listing("judged", "pages#")
        for name, count in report.changed.most_common():
            made.add(name, count)
        made.print()
    print_verdicts(report.verdicts)
    print_linked(linked)
    for url, problem in report.problems:
        tell(("left as it was: ", "yellow"), f"{url}: {problem}")
    print_interrupted(report.state)
