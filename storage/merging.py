"""Which documents are one: the rules, pure, shared by every backend.

Why what is stored is flat (every merged document names the one that stands for it, which is merged into none): readers
ask "who stands for this one" for every article of a page, and follow no chains for it. What a document was merged into
first stands in its claims; by them an undone merge takes along again what had come with it.

Why a merge that a person took back blocks both directions: that two documents are not one does not depend on which of
them says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet

from storage.errors import Unstorable
from storage.types import DocumentMerge, EventLink, LinkState, SameDocumentHow

LEAST_COPY = 0.8
"""Score of a relation of kind copy from which two texts are the same for a declared URL."""

MOST_MOVED = 5
"""How many documents may move to one for good before it is no longer believed: a server that sends a whole section to
one page has lost the others, whatever status it answers with."""

AUTOMATIC = (SameDocumentHow.REDIRECT, SameDocumentHow.CANONICAL)
"""What merges without a person, the stronger first."""

_COUNTED = frozenset({LinkState.LINKED, LinkState.CONFIRMED})

Known = Callable[[int], DocumentMerge | None]
"""What is known of a document's merge, undone ones included."""


def root_of(document_id: int, known: Known) -> int:
    """The document that stands for this one: itself unless it is merged."""
    merge = known(document_id)
    return merge.into_id if merge is not None and merge.undone_at is None else document_id


def root_by_claim(document_id: int, target_id: int, known: Known) -> int | None:
    """Into which document a claim merges one; ``None`` where it points back, or where a merge stands or was undone."""
    if known(document_id) is not None:
        return None
    root = root_of(target_id, known)
    if document_id in {root, target_id}:
        return None
    back = known(root)
    return None if back is not None and back.into_id == document_id else root


def root_by_hand(document_id: int, into_id: int, known: Known) -> int:
    """Into which document a person merges one.

    Raises:
        Unstorable: into itself, or into what is merged into it already.
    """
    root = root_of(into_id, known)
    if document_id in {root, into_id}:
        same = "itself" if into_id == document_id else f"document {into_id}, which is merged into it"
        raise Unstorable(f"document {document_id} cannot be merged into {same}")
    return root


def following(document_id: int, into_id: int, group: AbstractSet[int], claims: Iterable[tuple[int, int]]) -> list[int]:
    """Documents that came to `into_id` only through `document_id`, ascending.

    Args:
        document_id: a document that leaves.
        into_id: that it was merged into.
        group: everything that is merged into `into_id`.
        claims: which document of the group names which other document.
    """
    named: dict[int, set[int]] = {}
    for claimant, target in claims:
        named.setdefault(claimant, set()).add(target)
    stay = {one for one in group if into_id in named.get(one, ())}
    found = {document_id}
    while fresh := {one for one in group - stay - found if named.get(one, set()) & found}:
        found |= fresh
    return sorted(found - {document_id})


def covered(
    links: Iterable[EventLink], standing: Mapping[int, int], marked: Collection[int] = ()
) -> dict[int, int | None]:
    """The articles that cover an event by its links, each with the article of the document that stands for its own.

    Only links count that are linked or confirmed. An article that stands for a linked one covers the event too, unless
    a person said that it does not, or that it is no article: then neither does.

    Args:
        links: of one event.
        standing: article -> article of the document into which its own was merged.
        marked: articles of which a person said that they are none.
    """
    links = list(links)
    rejected = {link.article_id for link in links if link.state is LinkState.REJECTED} | set(marked)
    counted = {link.article_id for link in links if link.state in _COUNTED} - rejected
    found: dict[int, int | None] = {one: standing.get(one) for one in counted if standing.get(one) not in rejected}
    return found | {into: None for into in found.values() if into is not None}
