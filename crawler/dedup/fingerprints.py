"""Everything about an article that is compared later, computed once.

Why
    `text_digest` answers "is it exactly the same text": SHA-256 over the folded headline and body (see `folding`).
    The headline is in it because a changed headline on one document is a change worth a version; that wire copies
    carry other headlines is what the signals are for, which read the body alone. Byline, dates and site name stay
    out: extraction finds them in one capture and not in the next.

    A digest depends on nothing but the text and this code: no seed, no process state, so that fingerprints of
    different machines and years can be compared. Whoever changes `folding` or a signal's keys must re-extract the
    library (`dateline reextract`) or have it compared again, or old and new versions stop finding each other.

    `agency_own` is worked out here and not by the extractor, because it follows from the host and a table alone: a new
    line of the table needs no page read again. Where the host is not known, what the article says stays.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from crawler.dedup.agency_hosts import publishes
from crawler.dedup.folding import folded_text
from crawler.dedup.signals import SIGNALS
from storage.types import Article


def fingerprint(article: Article, *, host: str = "") -> Article:
    """The same article with `text_digest`, the `keys` of every signal and `agency_own` filled in; idempotent.

    ``host`` is that of its document; without it ``agency_own`` stays as it is.
    """
    keys = {signal.name: signal.keys(article) for signal in SIGNALS}
    own = publishes(article.agency, host) if host else article.agency_own
    return replace(article, text_digest=text_digest(article), keys=keys, agency_own=own)


def refingerprinted(article: Article, host: str) -> Article:
    """A stored article as the present program fingerprints it; a `storage.story_store.Fingerprinter`."""
    return fingerprint(article, host=host)


def text_digest(article: Article) -> str:
    """SHA-256 of the folded headline and body, 64 hex digits; a text without words has a digest too."""
    return hashlib.sha256(folded_text(article.headline, article.body).encode()).hexdigest()
