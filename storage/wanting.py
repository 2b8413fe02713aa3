"""Which documents are wanted from web archives, and why: shared by every backend.

Why the outcome comes first: of several reasons it says most about what the live web did. A memento that an entry cites
is tried at once in any case.

Rejected: leaving out documents that have an article. The cited page is gone, and editors want a public copy of it too.
"""

from __future__ import annotations

from storage.types import BackfillRules, Document, DocumentRole, HostState, Outcome

MEMENTO_CITED = "memento cited"
HOST_DEAD = "host dead"
REQUESTED = "requested"

LEAST_SAME = 0.95
"""Score of a relation between copies from which two articles are the same but for a line of their pages' frame."""

MOST_COUNTED = 100_000
"""Waiting documents are counted up to here."""

MOST_RECORDS = 10_000
"""Records of one URL key that are told: a page captured every hour for a year."""


def reason_of(document: Document, host: HostState, rules: BackfillRules) -> str:
    """Why a document is wanted from archives; empty where it is not. `storage.sql.queueing` says the same in SQL."""
    outcome = document.last_outcome
    if outcome is Outcome.FETCHED or document.role is not DocumentRole.SOURCE:
        return ""
    if outcome is not None and outcome in rules.failures and document.failures >= rules.failures[outcome]:
        return outcome.value
    if document.article_id is not None:
        return ""
    if document.memento is not None:
        return MEMENTO_CITED
    dead = host.last_outcome in rules.dead_outcomes and host.failures >= rules.dead_after
    return HOST_DEAD if dead else ""
