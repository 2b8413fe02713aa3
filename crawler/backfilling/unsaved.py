"""Which documents an archive is asked to save: those that live, and of which no public copy is known.

A document lives where the latest answer of the live web was the page itself (`LIVING`): an article or the beginning of
one, "not modified", a PDF or another file, or a page that was whole and only too hard for us. Walls, home pages and
errors are no page worth a copy, what is too large the service refuses, and what was never asked for may be dead.

Why "no public copy" and not "no archive has it": what is wanted is a link that editors can put beside a source. So a
copy that was accepted from a file of our own or from Common Crawl does not count, and neither do copies in an archive
that are none of the article; an accepted or cited copy in any archive that people can open does.

Why never a private address, whatever ``allow_private`` says: that setting is about what we ask ourselves. Nobody tells
the world which servers stand in the house.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from crawler.archives.saving import STATUS_KEPT_S
from crawler.backfilling.orders import Order
from crawler.guard import unsafe_target
from storage.protocol import Store
from storage.types import ArchiveSave, Citation, Document, Outcome, SavingState

LIVING: Final = frozenset(
    {Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.TEASER, Outcome.NOT_HTML, Outcome.EXTRACTION_LIMIT}
)
MOST: Final = 8_000
"""Documents of one run: at the service's pace more than a day's work."""
_CHUNK = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsaved:
    """One document that an archive is to save.

    Attributes:
        document: which.
        pending: the job of an earlier run, whose end nobody heard of; ``None`` where it is to be asked for.
    """

    document: Document
    pending: ArchiveSave | None = None


def unsaved(store: Store, wanted: Order, *, archive: str, now: datetime) -> Iterator[Unsaved]:
    """The documents meant that live, have no public copy, and may be asked for now; each once, at most `MOST`."""
    yield from islice(_all(store, wanted, archive, now), MOST)


def is_followed(save: ArchiveSave, now: datetime) -> bool:
    """Whether the service still knows where this job stands."""
    young = now - save.asked_at < timedelta(seconds=STATUS_KEPT_S)
    return save.state is SavingState.PENDING and bool(save.job) and young


def _all(store: Store, wanted: Order, archive: str, now: datetime) -> Iterator[Unsaved]:
    given: set[int] = set()
    for selection in wanted.selections:
        living = (one for one in store.due(replace(selection, due_only=False), now=now) if _lives(one))
        while chunk := list(islice(living, _CHUNK)):
            for one in _of(store, [document for document in chunk if document.id not in given], wanted, archive, now):
                given.add(one.document.id)
                yield one


def _lives(document: Document) -> bool:
    return document.last_outcome in LIVING and not unsafe_target(document.request_url)


def _of(store: Store, documents: Sequence[Document], wanted: Order, archive: str, now: datetime) -> Iterator[Unsaved]:
    ids = [document.id for document in documents]
    copies, saves = store.archive_links(ids), store.saves(ids)
    citations = store.citations(ids) if wanted.since or wanted.before else {}
    for document in documents:
        if document.id in copies or not _is_of(citations.get(document.id, ()), wanted):
            continue
        known = next((save for save in saves.get(document.id, ()) if save.archive == archive), None)
        if known is not None and is_followed(known, now):
            yield Unsaved(document=document, pending=known)
        elif known is None or (known.next_at is not None and known.next_at <= now):
            yield Unsaved(document=document)


def _is_of(citations: Sequence[Citation], wanted: Order) -> bool:
    days = [citation.event_date.isoformat() for citation in citations]
    after = not wanted.since or any(day >= wanted.since for day in days)
    return after and (not wanted.before or any(day < wanted.before for day in days))
