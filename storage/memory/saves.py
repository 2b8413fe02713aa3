"""What the in-memory store knows of what archives were asked to save."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from storage.errors import StorageError
from storage.memory.library import Library
from storage.types import ArchiveSave


def claim_save(library: Library, save: ArchiveSave) -> bool:
    """See `storage.protocol.Store.claim_save`."""
    known = library.saves.get((save.document_id, save.archive))
    if known is not None and (known.next_at is None or known.next_at > save.asked_at):
        return False
    put_save(library, save)
    return True


def put_save(library: Library, save: ArchiveSave) -> None:
    """See `storage.protocol.Store.put_save`."""
    if save.document_id not in library.documents:
        raise StorageError(f"there is no document {save.document_id}")
    library.saves[save.document_id, save.archive] = save


def saves(library: Library, document_ids: Iterable[int]) -> dict[int, tuple[ArchiveSave, ...]]:
    """See `storage.protocol.Store.saves`."""
    wanted = set(document_ids)
    found: defaultdict[int, list[ArchiveSave]] = defaultdict(list)
    for save in sorted(library.saves.values(), key=lambda one: (one.document_id, one.asked_at, one.archive)):
        if save.document_id in wanted:
            found[save.document_id].append(save)
    return {document_id: tuple(own) for document_id, own in found.items()}
