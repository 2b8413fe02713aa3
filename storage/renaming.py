"""Which documents get another canonical URL, because the rules for URLs became better: pure, for every backend.

Why a document in the way is renewed first: the URL that it has may not be its own any more, and then the two are not
one. Taking documents by number alone would merge them or not as their numbers happen to stand.

Why all is decided before anything is written: documents may exchange URLs, and no two can have one at any moment.

Rejected: giving a document that is merged a URL made up for it, so that a third one gets the URL which it has. None is
safe from being somebody's own later; the third one is left, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from storage.merging import Known, root_by_claim, root_of
from storage.types import Document, DocumentIdentity, DocumentRole, RenewedUrl, UrlChange

Holder = Callable[[str], Document | None]
"""The stored document with a canonical URL."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rename:
    """One document that gets another canonical URL."""

    document: Document
    identity: DocumentIdentity


@dataclass(frozen=True, kw_only=True, slots=True)
class Sameness:
    """One document that is the same as one that has its present canonical URL."""

    document: Document
    into: Document
    url: str


@dataclass(kw_only=True, slots=True)
class Renaming:
    """Decides document by document; working state.

    Attributes:
        identify: see `storage.story_store.Identifier`.
        stored: who has a URL in the library as it is.
        renames: to be written at one go, before `same`.
        same: in the order of deciding.
        left: likewise, with the reason.
    """

    identify: Callable[[Document], DocumentIdentity | None]
    stored: Holder
    renames: list[Rename] = field(default_factory=list)
    same: list[Sameness] = field(default_factory=list)
    left: list[RenewedUrl] = field(default_factory=list)
    _identities: dict[int, DocumentIdentity | None] = field(default_factory=dict)
    _holders: dict[str, Document | None] = field(default_factory=dict)
    _settled: set[int] = field(default_factory=set)

    def decide(self, documents: Iterable[Document]) -> None:
        """Settle these documents, in this order, and those that stand in their way."""
        for document in documents:
            if document.id not in self._settled:
                for one in reversed(self._in_the_way(document)):
                    self._settle(one)

    def _in_the_way(self, document: Document) -> list[Document]:
        """The document, the one that has its URL and is to have another, the one that has that, and so on."""
        chain = [document]
        while (holder := self._blocker(chain[-1])) is not None and holder.id not in self._settled:
            if any(one.id == holder.id for one in chain):
                self._holders[holder.canonical_url] = None
                break
            chain.append(holder)
        return chain

    def _blocker(self, document: Document) -> Document | None:
        """Who else has the URL that a document is to have."""
        url = self._url(document)
        return None if url in {"", document.canonical_url} else self._holder(url)

    def _settle(self, document: Document) -> None:
        self._settled.add(document.id)
        identity = self._identity(document)
        if identity is None:
            self._leave(document, "", "it has no canonical URL by the present rules")
            return
        url = identity.canonical_url
        if url == document.canonical_url:
            return
        holder = self._blocker(document)
        if holder is None:
            self._rename(document, identity)
        elif self._url(holder) != url:
            self._leave(document, url, f"document {holder.id} has that URL, cannot get its own and is another one")
        elif {document.role, holder.role} != {DocumentRole.SOURCE}:
            self._leave(document, url, f"document {holder.id} has that URL, and they are not both sources")
        else:
            self.same.append(Sameness(document=document, into=holder, url=url))

    def _rename(self, document: Document, identity: DocumentIdentity) -> None:
        before = self._holder(document.canonical_url)
        if before is not None and before.id == document.id:
            self._holders[document.canonical_url] = None
        self._holders[identity.canonical_url] = document
        self.renames.append(Rename(document=document, identity=identity))

    def _leave(self, document: Document, url: str, reason: str) -> None:
        self.left.append(left(document, url, reason))

    def _holder(self, url: str) -> Document | None:
        if url not in self._holders:
            self._holders[url] = self.stored(url)
        return self._holders[url]

    def _url(self, document: Document) -> str:
        identity = self._identity(document)
        return identity.canonical_url if identity is not None else ""

    def _identity(self, document: Document) -> DocumentIdentity | None:
        if document.id not in self._identities:
            self._identities[document.id] = self.identify(document)
        return self._identities[document.id]


def left(document: Document, url: str, reason: str) -> RenewedUrl:
    """A document that stays as it is."""
    return RenewedUrl(
        document_id=document.id, before=document.canonical_url, url=url, change=UrlChange.LEFT, reason=reason
    )


def renamed(rename: Rename) -> RenewedUrl:
    """What to say of a document that got another URL."""
    return RenewedUrl(
        document_id=rename.document.id,
        before=rename.document.canonical_url,
        url=rename.identity.canonical_url,
        change=UrlChange.RENAMED,
    )


def judged(pair: Sameness, known: Known) -> RenewedUrl | None:
    """Whether a document is to be merged; ``None`` where the two are one already."""
    document, into = pair.document, pair.into
    if root_of(document.id, known) == root_of(into.id, known):
        return None
    if root_by_claim(document.id, into.id, known) is None:
        return left(document, pair.url, f"document {into.id} has that URL, and an earlier merge says otherwise")
    return RenewedUrl(document_id=document.id, before=document.canonical_url, url=pair.url, change=UrlChange.MERGED)


def evidence(pair: Sameness) -> str:
    """Why the two are one."""
    return f"by the rules for URLs {pair.document.request_url} is {pair.url}"


def told(
    batch: Sequence[Document], renaming: Renaming, judgements: Iterable[RenewedUrl | None]
) -> tuple[RenewedUrl, ...]:
    """What to say of a batch: who was left is said with the batch that it belongs to, so that nobody counts twice."""
    own = {one.id for one in batch}
    decided = [one for one in judgements if one is not None]
    every = [*map(renamed, renaming.renames), *decided, *renaming.left]
    return tuple(one for one in every if one.change is not UrlChange.LEFT or one.document_id in own)
