"""What the in-memory store knows about pages: repeated texts, citations, and captures to be understood again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from storage.errors import Unstorable
from storage.memory.library import Library, document_of
from storage.memory.selecting import chosen
from storage.revising import KnownEvent
from storage.types import Capture, Citation, Document, DocumentRole, FetchAttempt, FetchResult, Selection

_MOST_REPEATS = 10
_MOST_CITATIONS = 5


def repeats(library: Library, host: str, page_digest: str, *, document_id: int) -> int:
    """See `storage.protocol.Store.repeats`."""
    showing = {
        one.document_id
        for one in library.attempts.values()
        if page_digest and one.page and one.page.page_digest == page_digest and one.document_id != document_id
    }
    return min(sum(library.documents[other].host == host for other in showing), _MOST_REPEATS)


def citations(library: Library, document_ids: Iterable[int]) -> dict[int, tuple[Citation, ...]]:
    """See `storage.protocol.Store.citations`."""
    events = sorted(library.events(), key=lambda event: event.key)
    found: dict[int, tuple[Citation, ...]] = {}
    for document_id in sorted(set(document_ids)):
        citing = (_citation(library, event, document_id) for event in events)
        if cited := tuple(islice(filter(None, citing), _MOST_CITATIONS)):
            found[document_id] = cited
    return found


def _citation(library: Library, event: KnownEvent, document_id: int) -> Citation | None:
    present = [one.link for one in event.citations if one.withdrawn_at is None]
    meant = [
        link
        for link in present
        if (identity := document_of(link)) and library.document_ids[identity.canonical_url] == document_id
    ]
    if not meant:
        return None
    first = min(meant, key=lambda link: link.position)
    entry = event.entry
    return Citation(event_key=event.key, event_date=entry.event_date, headline=entry.headline, label=first.label)


def replayable(library: Library, selection: Selection) -> Iterator[tuple[Document, FetchAttempt, Capture]]:
    """See `storage.protocol.Store.replayable`."""
    latest: dict[int, tuple[FetchAttempt, Capture]] = {}
    for attempt in sorted(library.attempts.values(), key=lambda one: (one.started_at, one.id)):
        page = None if attempt.archive else _page(library, attempt)
        if page is not None and page.takedown_id is None and not 300 <= page.status < 400:  # noqa: PLR2004 -- a redirect is no page
            latest[attempt.document_id] = (attempt, page)
    for document in sorted(chosen(library, selection, None), key=lambda one: one.id):
        if document.id in latest and document.role is DocumentRole.SOURCE:
            yield (document, *latest[document.id])


def _page(library: Library, attempt: FetchAttempt) -> Capture | None:
    if attempt.id in library.replayed:
        return library.captures[library.replayed[attempt.id]]
    own = [one for one in library.captures.values() if one.attempt_id == attempt.id]
    return own[-1] if own else None


def stored_page(library: Library, result: FetchResult) -> Capture | None:
    """The capture that a result replays; ``None`` where it replays none.

    Raises:
        Unstorable: there is no such capture of its document.
    """
    if result.replayed is None:
        return None
    capture = library.captures.get(result.replayed)
    document_id = result.attempt.document_id
    owners = {one.id: one.document_id for one in library.attempts.values()}
    if capture is None or owners[capture.attempt_id] != document_id:
        raise Unstorable(f"document {document_id} has no capture {result.replayed} to be replayed")
    return capture


def require_unversioned(library: Library, capture_id: int) -> None:
    """Refuse a second version of one capture.

    Raises:
        Unstorable: a version came from this capture already.
    """
    for version in library.versions.values():
        if version.capture_id == capture_id:
            raise Unstorable(f"capture {capture_id} shows version {version.id}: `dateline reextract` renews its text")
