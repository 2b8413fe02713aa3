"""Turn the pages of a list: the entries of one page, and where the pages before and behind it begin.

Why a page before is found by asking the other way round: a place says what to continue behind, in either direction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Entry = TypeVar("Entry")
Place = TypeVar("Place")
Entry_co = TypeVar("Entry_co", covariant=True)
Place_contra = TypeVar("Place_contra", contravariant=True)


class Find(Protocol[Entry_co, Place_contra]):
    """Entries behind a place, in one order or the other; as `BrowsingStore.find_events` with a query."""

    def __call__(self, *, after: Place_contra | None, newest_first: bool, limit: int) -> Sequence[Entry_co]:
        """See the class."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turned(Generic[Entry, Place]):
    """One page of a list.

    Attributes:
        entries: in the order of the list.
        before: place before which the previous page ends; ``None`` on the first page.
        after: place behind which the next page begins; ``None`` on the last page.
    """

    entries: Sequence[Entry]
    before: Place | None = None
    after: Place | None = None


def turned(
    find: Find[Entry, Place],
    place_of: Callable[[Entry], Place],
    *,
    after: Place | None = None,
    before: Place | None = None,
    newest_first: bool,
    limit: int,
) -> Turned[Entry, Place]:
    """The page behind ``after``, or the one that ends before ``before``; the first one where neither is given.

    What lies before the first page is no page: where fewer than ``limit`` entries come before a place, the list begins.
    """
    if before is None:
        found = find(after=after, newest_first=newest_first, limit=limit + 1)
        shown, is_first, is_last = found[:limit], after is None, len(found) <= limit
    else:
        found = find(after=before, newest_first=not newest_first, limit=limit + 1)
        if len(found) <= limit:
            return turned(find, place_of, newest_first=newest_first, limit=limit)
        shown, is_first, is_last = found[:limit][::-1], False, False
    return Turned(
        entries=shown,
        before=None if is_first or not shown else place_of(shown[0]),
        after=None if is_last else place_of(shown[-1]),
    )
