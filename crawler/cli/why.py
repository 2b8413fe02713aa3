"""``dateline why``: everything known about one URL, above all why its article is missing."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from crawler.cli.console import JsonOption, LibraryOption, opened, print_json, say
from crawler.cli.host_conditions import HINDERED, HostView, view_of
from crawler.cli.story import story
from crawler.planning import RETRY_RULES, asks_archive
from crawler.urls import identify
from storage.types import (
    BACKFILL_MEANINGS,
    OUTCOME_MEANINGS,
    BackfillState,
    DocumentHistory,
    DocumentRole,
    Outcome,
    utc_now,
)

_OURS = frozenset({Outcome.FAILED, Outcome.EXTRACTION_LIMIT})
"""Outcomes for which the page is not to blame, or not alone."""


def why(
    url: Annotated[str, typer.Argument(help="A cited URL, in any of its variants.")],
    *,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the story of a cited URL: who cites it, every attempt with its evidence, where it stands, the next try."""
    identity = identify(url)
    now = utc_now()
    with opened(library) as found:
        history = found.store.history(identity.canonical_url)
        host = view_of(found.store.host(history.document.host, now=now), found.configuration, now)
    if as_json:
        print_json(history)
        return
    _print(history, host)


def _print(history: DocumentHistory, host: HostView) -> None:
    document = history.document
    say((document.canonical_url, "bold"))
    for key, cited in history.cited_by:
        say(f"  cited by {key}")
        say(f"    as {cited}")
    for article_id in history.lead_image_of:
        say(f"  lead image of article {article_id}")
    if document.memento is not None:
        say(f"  an entry cites a memento: {document.memento.url}")
    told = story(history)
    if told.rows:
        told.print()
    if document.last_outcome is None:
        say("  not tried yet: `dateline crawl` fetches it")
    else:
        say(f"  {document.last_outcome}: {OUTCOME_MEANINGS[document.last_outcome]}")
    if document.article_id is not None:
        say(f"  article {document.article_id}: `dateline show {document.article_id}`")
    _print_next(history, host)
    _print_archives(history)


def _print_next(history: DocumentHistory, host: HostView) -> None:
    """When it is tried again, and what a person can do before."""
    document = history.document
    following = f"{document.next_fetch_at:%Y-%m-%d %H:%M}Z" if document.next_fetch_at else "not again unless asked for"
    because = f" ({RETRY_RULES[document.last_outcome].why})" if document.last_outcome else ""
    say(f"  next try: {following}{because}")
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
    next_at = f"; next {wanted.next_at:%Y-%m-%d %H:%M}Z" if wanted.next_at and wanted.ended_at else ""
    say(f"  archives: {wanted.state} ({wanted.reason}): {BACKFILL_MEANINGS[wanted.state]}{next_at}")
    if wanted.state in {BackfillState.WANTED, BackfillState.WAITING}:
        say("  `dateline backfill` asks them")
