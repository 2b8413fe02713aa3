"""How cited documents fare, in memory: the public copy of each, and the counts of a report about link rot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from storage.memory.library import Library
from storage.types import ArchiveLink, ArchiveSave, BackfillState, Document, LinkRot, Outcome, SavingState

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_Group = tuple[int, str, Outcome | None, BackfillState | None]


def archive_links(library: Library, document_ids: Iterable[int]) -> dict[int, ArchiveLink]:
    """See `storage.protocol.Store.archive_links`."""
    known = [library.documents[one] for one in sorted(set(document_ids) & library.documents.keys())]
    links = {one.id: _accepted(library, one) or _cited(one) or _saved(library, one) for one in known}
    return {document_id: link for document_id, link in links.items() if link is not None}


def _saved(library: Library, document: Document) -> ArchiveLink | None:
    own = (one for one in library.saves.values() if one.document_id == document.id)
    copies = [one for one in own if one.state is SavingState.SAVED and one.url]
    if not copies:
        return None
    latest = max(copies, key=_made)
    return ArchiveLink(archive=latest.archive, url=latest.url, captured_at=latest.captured_at)


def _made(save: ArchiveSave) -> tuple[datetime, str]:
    return save.captured_at or _LONG_AGO, save.archive


def _cited(document: Document) -> ArchiveLink | None:
    known = document.memento
    if known is None:
        return None
    return ArchiveLink(archive=known.archive, url=known.url, captured_at=known.captured_at)


def _accepted(library: Library, document: Document) -> ArchiveLink | None:
    """The copy that shows the latest version, the current one counting as the latest of all; later copies win."""
    if document.article_id is None:
        return None
    current = library.current(document.article_id)
    copies = []
    for capture_id, (version_id, _) in library.sightings.items():
        version, memento = library.versions[version_id], library.captures[capture_id].memento
        if version.article_id == document.article_id and memento is not None and memento.public_url:
            place = (version == current, version.number, library.captures[capture_id].captured_at, capture_id)
            copies.append((place, memento))
    if not copies:
        return None
    _, best = max(copies, key=lambda one: one[0])
    return ArchiveLink(archive=best.archive, url=best.public_url, captured_at=best.captured_at, verified=True)


def link_rot(library: Library) -> Iterator[LinkRot]:
    """See `storage.protocol.Store.link_rot`."""
    years: dict[int, int] = {}
    for event in library.events():
        for document_id in library.cited(event):
            years.setdefault(document_id, event.entry.event_date.year)
    documents, articles = Counter[_Group](), Counter[_Group]()
    for document_id, year in years.items():
        document, backfill = library.documents[document_id], library.backfills.get(document_id)
        if library.tombstone(document) is not None:
            continue
        group = (year, document.host, document.last_outcome, backfill.state if backfill else None)
        documents[group] += 1
        articles[group] += document.article_id is not None
    for year, host, outcome, state in sorted(documents, key=lambda one: (one[0], one[1], one[2] or "", one[3] or "")):
        group = (year, host, outcome, state)
        yield LinkRot(
            year=year,
            host=host,
            outcome=outcome,
            backfill=state,
            documents=documents[group],
            articles=articles[group],
        )
