"""``dateline why``: everything known about one URL, above all why its article is missing."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli.console import JsonOption, LibraryOption, opened, out, plain, print_json, table
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
    out.print(f"[bold]{plain(document.canonical_url)}[/]", highlight=False)
    for key, cited in history.cited_by:
        out.print(f"  cited by {plain(key)}\n    as {plain(cited)}", highlight=False)
    if document.last_outcome is None:
        out.print("  not tried yet: `dateline crawl` fetches it", highlight=False)
    else:
        out.print(f"  {document.last_outcome}: {OUTCOME_MEANINGS[document.last_outcome]}", highlight=False)
    if document.article_id is not None:
        out.print(f"  article {document.article_id}: `dateline show {document.article_id}`", highlight=False)
    if document.memento is not None:
        out.print(f"  an entry cites a memento: {plain(document.memento.url)}", highlight=False)
    following = f"{document.next_fetch_at:%Y-%m-%d %H:%M}Z" if document.next_fetch_at else "not again unless asked for"
    out.print(f"  next try: {following}", highlight=False)
    _print_attempts(history)


def _print_attempts(history: DocumentHistory) -> None:
    if not history.attempts:
        return
    made = table("when", "reason", "outcome", "status#", "detail")
    for attempt in history.attempts:
        chain = "".join(f"{hop.status} {hop.url} -> " for hop in attempt.redirects)
        detail = plain(f"{chain}{attempt.final_url if chain else ''} {attempt.detail}".strip())
        made.add_row(
            f"{attempt.started_at:%Y-%m-%d %H:%M:%S}",
            attempt.reason,
            attempt.outcome,
            str(attempt.status or ""),
            detail,
        )
    out.print(made)
