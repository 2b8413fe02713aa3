"""``dateline why``: everything known about one URL, above all why its article is missing."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli.console import JsonOption, LibraryOption, Listing, opened, print_json, say
from crawler.urls import identify
from storage.types import OUTCOME_MEANINGS, DocumentHistory


def why(
    url: Annotated[str, typer.Argument(help="A cited URL, in any of its variants.")],
    *,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what became of a cited URL: who cites it, every attempt with its outcome, and the next try."""
    identity = identify(url)
    with opened(library) as found:
        history = found.store.history(identity.canonical_url)
    if as_json:
        print_json(history)
        return
    _print(history)


def _print(history: DocumentHistory) -> None:
    document = history.document
    say((document.canonical_url, "bold"))
    for key, cited in history.cited_by:
        say(f"  cited by {key}")
        say(f"    as {cited}")
    if document.last_outcome is None:
        say("  not tried yet: `dateline crawl` fetches it")
    else:
        say(f"  {document.last_outcome}: {OUTCOME_MEANINGS[document.last_outcome]}")
    if document.article_id is not None:
        say(f"  article {document.article_id}: `dateline show {document.article_id}`")
    if document.memento is not None:
        say(f"  an entry cites a memento: {document.memento.url}")
    following = f"{document.next_fetch_at:%Y-%m-%d %H:%M}Z" if document.next_fetch_at else "not again unless asked for"
    say(f"  next try: {following}")
    _print_attempts(history)


def _print_attempts(history: DocumentHistory) -> None:
    if not history.attempts:
        return
    made = Listing("when", "reason", "outcome", "status#", "detail")
    for attempt in history.attempts:
        chain = "".join(f"{hop.status} {hop.url} -> " for hop in attempt.redirects)
        detail = f"{chain}{attempt.final_url if chain else ''} {attempt.detail}".strip()
        when = f"{attempt.started_at:%Y-%m-%d %H:%M:%S}"
        made.add(when, attempt.reason, attempt.outcome, attempt.status or "", detail)
    made.print()
