"""The part of the store's contract that is about stories: relations between articles, clusters, documents that are one.

Why a module of its own: these questions are asked of what is stored; `storage.article_store` says how it comes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from storage.article_store import Decider
from storage.types import (
    Article,
    Document,
    DocumentIdentity,
    DocumentMerge,
    Relation,
    RenewedUrls,
    SameDocumentHow,
    WireCount,
)

Fingerprinter = Callable[[Article, str], Article]
"""Given an article as it is stored and the host of its document, the same article with the keys, the digest and the
``agency_own`` that the present program gives it. Pure."""

Identifier = Callable[[Document], DocumentIdentity | None]
"""Given a document as it is stored, its identity by the present rules for URLs; ``None`` where they have none. Pure."""


class StoryStore(Protocol):
    """The section "stories" of `storage.protocol.Store`."""

    def relations(self, article_id: int) -> list[Relation]:
        """How an article relates to others, strongest first, then by number; at most 100."""

    def compare_later(self, article_ids: Iterable[int] | None = None) -> int:
        """Mark articles (``None``: all) as waiting for `compare_again`; returns how many wait then."""

    def waiting_for_comparison(self, *, after: int = 0, limit: int) -> list[int]:
        """Articles that wait, ascending, behind a number."""

    def compare_again(
        self, article_ids: Sequence[int], *, decide: Decider, fingerprint: Fingerprinter, now: datetime
    ) -> int:
        """Work out anew the keys, relations and clusters of articles, which then wait no longer.

        Returns how many articles are in another cluster than before, others that moved with them among them. One
        transaction. All versions of each article are
        fingerprinted and compared as if they had come last; verdicts that were given stay as they are. Unknown articles
        are passed over. When no article waits, relations and clusters are those that the same articles give in any
        order of arrival, with two exceptions. What is stock is counted when an article is compared: only after all
        were compared again (``dateline dedup rebuild --again``) does the order of arrival leave no trace where stock
        phrases are concerned. And of what `ArticleStore.archive` limits, the order says who is found. Where a limit
        was reached, relations to articles that were no candidates stay, whichever side found them; they go when either
        side is compared with room to spare, or with the other one, and says otherwise.
        """

    def wire_counts(self) -> Iterator[WireCount]:
        """Articles per publisher and credited agency, by host, then agency; streams."""

    def merge_documents(
        self, document_id: int, into_id: int, *, how: SameDocumentHow, evidence: str, now: datetime
    ) -> DocumentMerge:
        """Say that a document is another one; ``into_id`` is followed to the document that stands for it already.

        What was merged into ``document_id`` follows it. By hand it also replaces a merge that was undone or that
        stood; automatically it never does. Merging what is merged so already changes nothing. Raises
        `DocumentNotFound`, and `storage.errors.Unstorable` where it would merge a document into itself.
        """

    def undo_merge(self, document_id: int, *, because: str, now: datetime) -> DocumentMerge:
        """Take a merge back, for good unless a person merges again. Raises `DocumentNotFound` where there is none."""

    def merges(self, *, undone: bool = False) -> Iterator[DocumentMerge]:
        """All merges by document, without those that were undone unless asked for; streams."""

    def renew_urls(
        self, identify: Identifier, *, after: int = 0, limit: int, now: datetime, dry_run: bool = False
    ) -> RenewedUrls:
        """Give documents the canonical URLs that the present rules give them, `limit` of them behind a number.

        A document whose URL no other has gets it, with its URL key; what is requested, its host and its number stay,
        and its article waits to be compared again. Where another document has that URL for good, both keep theirs and
        this one is merged into it (`SameDocumentHow.RULES`), if both are sources and no merge says otherwise, undone
        ones included. Where the other one's own URL is another by now, that one is renewed first, whatever its number;
        documents that only exchange URLs do so. Nothing is fetched or deleted. One transaction; done again it changes
        nothing. With ``dry_run`` nothing is written, and the answer says what would be.
        """
