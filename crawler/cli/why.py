"""``dateline why``: everything known about one URL, above all why its article is missing."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from crawler.cli.console import JsonOption, LibraryOption, count_of, jsonable, opened, plain, print_json, say, shortened
from crawler.cli.merges import merge_words
from crawler.cli.story import removed_by, story
from crawler.document_stories import archives_of, next_try
from crawler.host_conditions import HINDERED, HostView, view_of
from crawler.planning import asks_archive
from crawler.thinning import with_archived
from crawler.urls import Change, Step, explain, identify
from storage.types import (
    OUTCOME_MEANINGS,
    BackfillState,
    DocumentHistory,
    DocumentRole,
    Outcome,
    Takedown,
    utc_now,
)

_OURS = frozenset({Outcome.FAILED, Outcome.EXTRACTION_LIMIT})
"""Outcomes for which the page is not to blame, or not alone."""
_PLAIN_STEPS = frozenset({Change.SCHEME, Change.WWW, Change.SPELLING})
"""Steps that every reader expects."""
_TITLE = 80


def why(
    url: Annotated[str, typer.Argument(help="A cited URL, in any of its variants.")],
    *,
    archived: Annotated[
        bool, typer.Option("--archived", help="Attempts too that moved into files below attempts/ (see retention).")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the story of a cited URL: who cites it, every attempt with its evidence, where it stands, the next try."""
    identity = identify(url)
    now = utc_now()
    with opened(library) as found:
        history = found.store.history(identity.canonical_url)
        if archived:
            history = with_archived(found, history)
        document = history.document
        host = view_of(found.store.host(document.host, now=now), found.configuration, now)
        takedown = found.store.takedown_of(document.canonical_url, document.host)
        removed = removed_by(found.store, history.captures)
    if as_json:
        print_json({**jsonable(history), "takedown": takedown})
        return
    _print(history, host, explain(url), takedown)
    for one in removed:
        say(f"  {one.text}; its text stays")


def _print(history: DocumentHistory, host: HostView, steps: tuple[Step, ...], takedown: Takedown | None) -> None:
    document = history.document
    say((document.canonical_url, "bold"))
    _print_steps(steps)
    if takedown is not None:
        say((f"  {takedown.text}", "red"))
    for key, cited in history.cited_by:
        say(f"  cited by {key}")
        say(f"    as {cited}")
    for article_id in history.lead_image_of:
        say(f"  lead image of article {article_id}")
    _print_others(history)
    if document.memento is not None:
        say(f"  an entry cites a memento: {document.memento.url}")
    told = story(history)
    if told.rows:
        told.print()
    _print_thinned(history)
    if takedown is None:
        _print_standing(history, host)
    else:
        say("  it is kept away: neither the live web nor an archive is asked for it")
        say(f"  `dateline forget --undo {shlex.quote(takedown.subject)}` lifts that")


def _print_thinned(history: DocumentHistory) -> None:
    """How many attempts are in files, of which time, and what shows them; nothing where they are shown above."""
    thinned = history.thinned
    if thinned is None or any(thinned.since == one.started_at for one in history.attempts):
        return
    when = f"{thinned.since:%Y-%m-%d} to {thinned.until:%Y-%m-%d}"
    say(f"  {count_of(thinned.attempts, 'more attempt')}, {when}, ended as the one before it; in files below attempts/")
    say("    `dateline why --archived` shows them too")


def _print_standing(history: DocumentHistory, host: HostView) -> None:
    """What came of it so far, and what comes next."""
    document = history.document
    if document.last_outcome is None:
        say("  not tried yet: `dateline crawl` fetches it")
    else:
        say(f"  {document.last_outcome}: {OUTCOME_MEANINGS[document.last_outcome]}")
    if document.article_id is not None:
        say(f"  article {document.article_id}: `dateline show {document.article_id}`")
    _print_next(history, host)
    _print_archives(history)


def _print_others(history: DocumentHistory) -> None:
    """Which other documents it is, and which feeds named it."""
    for found in history.found_by:
        titled = f", as {shortened(plain(found.title), _TITLE)!r}" if found.title else ""
        say(f"  found by {found.feed_url} on {found.found_at:%Y-%m-%d}{titled}")
    for merge in history.merges:
        ours = merge.document_id == history.document.id
        was = "was" if merge.undone_at is not None else "is"
        say(f"  {was} {merge.into_url}" if ours else f"  {merge.canonical_url} {was} this document")
        say(f"    {merge_words(merge)}")
        if merge.undone_at is None and ours:
            say(f"    `dateline merges undo {shlex.quote(merge.canonical_url)} --because ...` takes it back")


def _print_steps(steps: tuple[Step, ...]) -> None:
    """What made of the given URL the canonical one, where more than its scheme and ``www.`` went."""
    telling = [step for step in steps if step.change not in _PLAIN_STEPS]
    if telling:
        say(f"  from the URL given: {'; '.join(plain(str(step)) for step in telling)}")


def _print_next(history: DocumentHistory, host: HostView) -> None:
    """When it is tried again, and what a person can do before."""
    document = history.document
    say(f"  next try: {next_try(history)}")
    if host.condition in HINDERED:
        say(f"  its host {document.host} is {host.words}; `dateline hosts show {document.host}` says more")
    if document.last_outcome in _OURS and history.captures and document.role is DocumentRole.SOURCE:
        url = shlex.quote(document.canonical_url)
        say(f"  its page is stored: `dateline replay {url}` judges it again without fetching")


def _print_archives(history: DocumentHistory) -> None:
    """Where it stands with archives."""
    wanted = history.backfill
    if wanted is None:
        cited = history.document.memento is not None and history.document.article_id is None
        if asks_archive(history.document) or cited:
            say("  a web archive may have it: `dateline backfill` asks")
        return
    say(f"  archives: {archives_of(history)}")
    if wanted.state in {BackfillState.WANTED, BackfillState.WAITING}:
        say("  `dateline backfill` asks them")
