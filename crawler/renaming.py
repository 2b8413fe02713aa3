"""Give stored documents the canonical URLs of the present rules: the pass of ``dateline merges renew``.

Why the URL that is requested says what a document is: it is what was cited, unwrapped and repaired, nothing more. Only
a fragment that is part of the address is missing there, and the stored canonical URL keeps it.

Why batch by batch: each is one transaction in which nobody else can write, and a kill costs no more than one. What was
renewed is no longer different, so a run that was stopped is simply started again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from crawler.errors import UnusableUrl
from crawler.urls import identify
from storage.protocol import Store
from storage.types import Document, DocumentIdentity, RenewedUrl, UrlChange, utc_now

_BATCH = 256
MOST_SHOWN = 20


@dataclass(slots=True)
class Renewed:
    """What a pass over all documents brought.

    Attributes:
        looked: documents looked at.
        renamed: of them got their present canonical URL.
        merged: were merged into the document that has it.
        left: have another canonical URL than the present rules say, and keep it.
        changes: the first of all these, `MOST_SHOWN` at most.
    """

    looked: int = 0
    renamed: int = 0
    merged: int = 0
    left: int = 0
    changes: list[RenewedUrl] = field(default_factory=list)

    def add(self, one: RenewedUrl) -> None:
        """Count one."""
        self.renamed += one.change is UrlChange.RENAMED
        self.merged += one.change is UrlChange.MERGED
        self.left += one.change is UrlChange.LEFT
        if len(self.changes) < MOST_SHOWN:
            self.changes.append(one)


def renew_urls(store: Store, *, dry_run: bool = False, progress: Callable[[int], None] = lambda _: None) -> Renewed:
    """Give all documents their present canonical URLs.

    Args:
        store: open.
        dry_run: write nothing, only say what would be done.
        progress: called after each batch with how many documents were looked at.
    """
    report, after, foretold = Renewed(), 0, _Foretold()
    while (
        found := store.renew_urls(present_identity, after=after, limit=_BATCH, now=utc_now(), dry_run=dry_run)
    ).looked:
        for one in foretold.of(found.changes) if dry_run else found.changes:
            report.add(one)
        report.looked += found.looked
        after = found.last
        progress(report.looked)
    return report


def present_identity(document: Document) -> DocumentIdentity | None:
    """What a stored document is by the present rules; ``None`` where it cannot be requested any more."""
    _, mark, fragment = document.canonical_url.partition("#")
    try:
        return identify(f"{document.request_url}{mark}{fragment}")
    except UnusableUrl:
        return None


@dataclass(slots=True)
class _Foretold:
    """What earlier batches would have written, had they written anything."""

    documents: set[int] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)

    def of(self, changes: Iterable[RenewedUrl]) -> Iterable[RenewedUrl]:
        """The changes as they would come."""
        for one in changes:
            if one.document_id in self.documents:
                continue
            self.documents.add(one.document_id)
            taken = one.change is UrlChange.RENAMED and one.url in self.urls
            if one.change is UrlChange.RENAMED:
                self.urls.add(one.url)
            yield replace(one, change=UrlChange.MERGED) if taken else one
