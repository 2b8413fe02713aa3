"""What the in-memory store knows of searches in archives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from storage.errors import StorageError
from storage.memory.library import Library
from storage.types import ArchiveSearch


def put_search(library: Library, search: ArchiveSearch) -> None:
    """See `storage.protocol.Store.put_search`."""
    if search.document_id not in library.documents:
        raise StorageError(f"there is no document {search.document_id}")
    library.searches[search.document_id, search.archive] = search


def searches(library: Library, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSearch, ...]]:
    """See `storage.protocol.Store.searches`."""
    wanted = set(document_ids)
    found: defaultdict[int, list[ArchiveSearch]] = defaultdict(list)
    for search in sorted(library.searches.values(), key=lambda one: (one.document_id, one.asked_at, one.archive)):
        if search.document_id in wanted:
            found[search.document_id].append(search)
    return {document_id: tuple(own) for document_id, own in found.items()}
