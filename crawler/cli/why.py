"""``dateline why``: everything known about one URL, above all why its article is missing."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from crawler.cli.console import JsonOption, LibraryOption, Listing, count_of, opened, print_json, say, shortened
from crawler.cli.host_conditions import HINDERED, HostView, view_of
from crawler.planning import RETRY_RULES, asks_archive
from crawler.urls import identify
from storage.types import OUTCOME_MEANINGS, Capture, DocumentHistory, FetchAttempt, Outcome, PageVerdict, utc_now

_OURS = frozenset({Outcome.FAILED, Outcome.EXTRACTION_LIMIT})
"""Outcomes for which the page is not to blame, or not alone."""
_CLUES = 3
_DETAIL = 80
_UNVERIFIED = "unverified"


def why(
    url: Annotated[str, typer.Argument(help="A cited URL, in any of its variants.")],
    *,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what became of a cited URL: who cites it, every attempt with its outcome and evidence, and the next try."""
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
    if document.last_outcome is None:
        say("  not tried yet: `dateline crawl` fetches it")
    else:
        say(f"  {document.last_outcome}: {OUTCOME_MEANINGS[document.last_outcome]}")
    if document.article_id is not None:
        say(f"  article {document.article_id}: `dateline show {document.article_id}`")
    if document.memento is not None:
        say(f"  an entry cites a memento: {document.memento.url}")
    _print_next(history, host)
    _print_attempts(history)


def _print_next(history: DocumentHistory, host: HostView) -> None:
    """When it is tried again, and what a person can do before."""
    document = history.document
    following = f"{document.next_fetch_at:%Y-%m-%d %H:%M}Z" if document.next_fetch_at else "not again unless asked for"
    because = f" ({RETRY_RULES[document.last_outcome].why})" if document.last_outcome else ""
    say(f"  next try: {following}{because}")
    if asks_archive(document):
        say("  a web archive may have it; dateline does not ask one yet")
    if host.condition in HINDERED:
        say(f"  its host {document.host} is {host.words}; `dateline hosts show {document.host}` says more")
    if document.last_outcome in _OURS and history.captures:
        url = shlex.quote(document.canonical_url)
        say(f"  its page is stored: `dateline replay {url}` judges it again without fetching")


def _print_attempts(history: DocumentHistory) -> None:
    if not history.attempts:
        return
    made = Listing("when", "reason", "outcome", "status#", "detail")
    for attempt in history.attempts:
        chain = "".join(f"{hop.status} {hop.url} -> " for hop in attempt.redirects)
        detail = f"{chain}{attempt.final_url if chain else ''} {_told(attempt)}".strip()
        when = f"{attempt.started_at:%Y-%m-%d %H:%M:%S}"
        made.add(when, attempt.reason, attempt.outcome, attempt.status or "", detail)
        for name, text in _evidence(attempt, history.captures):
            made.add("", "", name, "", text)
    made.print()


def _told(attempt: FetchAttempt) -> str:
    """The attempt's sentence, unless it only says what the line of the judgement says better."""
    judged = attempt.page.kind.replace("_", " ") if attempt.page else ""
    return "" if judged and attempt.detail.startswith(judged) else attempt.detail


def _evidence(attempt: FetchAttempt, captures: Iterable[Capture]) -> Iterator[tuple[str, str]]:
    """What stood beside an attempt, as (name, text): the judgement, robots.txt, reservations, a bad certificate."""
    if attempt.page is not None:
        yield "  judged", _judgement(attempt.page)
    if attempt.robots is not None:
        yield "  robots", ("" if attempt.robots.allowed else "forbidden: ") + attempt.robots.rule
    if attempt.reservations:
        yield "  reserved", "; ".join(attempt.reservations)
    own = (capture for capture in captures if capture.attempt_id == attempt.id)
    if tls := next((capture.tls for capture in own if capture.tls.startswith(_UNVERIFIED)), ""):
        yield "  certificate", tls


def _judgement(page: PageVerdict) -> str:
    """``soft_404 0.93: redirected to the home page (http://a.example/), 2 more clues``; what speaks for it first."""
    speaking = [clue for clue in page.clues if clue.kind is page.kind and clue.weight > 0]
    shown = (speaking or page.clues)[:_CLUES]
    texts = [clue.name + (f" ({shortened(clue.detail, _DETAIL)})" if clue.detail else "") for clue in shown]
    if len(page.clues) > len(shown):
        texts.append(count_of(len(page.clues) - len(shown), "more clue"))
    return f"{page.kind} {page.score:.2f}" + (": " if texts else "") + ", ".join(texts)
