"""Removing documents for good: rows, WARC records, tombstones.

In this order: what other documents rest on is written anew, then rows go and tombstones stand (one transaction for some
hundred documents), then the records are overwritten. Killed between any two, nothing is half: the tombstone of a host
stands before the first of its documents goes, so nothing new comes; the same command goes on; and stretches of files
that are noted are overwritten by whatever program starts next.

Why the tombstones of a host's documents are one, and those of copies one each: a person lifts what a person named.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby, islice

from crawler.errors import ConfigurationError, UnusableUrl
from crawler.library import Library
from crawler.naming import host_name
from crawler.urls import host_of, identify
from storage import __version__
from storage.captures import CaptureWriter, Removed, remove_uncommitted, stored_revisit
from storage.errors import CaptureError, StillNeeded, StorageError
from storage.finishing import finish
from storage.protocol import Store
from storage.types import Capture, Document, DocumentIdentity, KnownPayload, LinkState, Takedown, TakedownKind
from storage.upkeep_lock import upkeep

log = logging.getLogger(__name__)

BATCH = 200
"""Documents in one transaction."""
LOCK_PATIENCE_S = 10.0
_TRIES = 5
_SHOWN_DIGITS = 18
_WORK = "a takedown"

Progress = Callable[[str, int], None]
"""Told what is done now, and how many more documents or records of it are."""


def _silent(_what: str, _count: int) -> None:
    """Nobody looks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a person wants to be removed.

    Attributes:
        kind: a document or a host.
        subject: canonical URL of the document, or name of the host.
        document: the document; ``None`` for a host, and for a URL that the library does not know.
        identity: of a URL that the library does not know.
    """

    kind: TakedownKind
    subject: str
    document: Document | None = None
    identity: DocumentIdentity | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What would go.

    Attributes:
        target: of the command.
        standing: the tombstone that stands already.
        documents: how many: the host's, or one; copies that go with it, and their number, apart.
        removes: what goes -> how many, copies included where they go too.
        events: keys of events that lose the article; of a host none are told, ``removes`` counts the links.
        copies: other documents with the same page or text.
        held: files of the user's that have the URL.
    """

    target: Target
    standing: Takedown | None
    documents: int
    removes: Mapping[str, int]
    events: tuple[str, ...] = ()
    copies: tuple[Document, ...] = ()
    held: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Forgotten:
    """What was removed.

    Attributes:
        takedowns: tombstones, or records of what went, each with what it removed.
        moved: captures of other documents that were written anew.
        overwritten: records and bytes of WARC files.
    """

    takedowns: list[Takedown] = field(default_factory=list)
    moved: int = 0
    overwritten: Removed = field(default_factory=Removed)


# -- what a person names -----------------------------------------------------------------------------------------------


def target_of(store: Store, name: str) -> Target:
    """An article's number, a URL in any of its variants, or a host.

    Raises:
        ArticleNotFound: there is no such article.
        UnusableUrl: the URL is none.
        ConfigurationError: it is no host. One that the library does not know may be kept away, too.
    """
    if name.isascii() and name.isdigit() and len(name) <= _SHOWN_DIGITS:
        document = store.article(int(name)).document
        return Target(kind=TakedownKind.DOCUMENT, subject=document.canonical_url, document=document)
    if "://" in name:
        return _url_target(store, name)
    return Target(kind=TakedownKind.HOST, subject=host_name(name))


def _url_target(store: Store, url: str) -> Target:
    """The document that is stored under just this URL first: the rules may call it otherwise by now."""
    document, identity = store.find_document(url), None
    if document is None:
        identity = identify(url)
        document = store.find_document(identity.canonical_url)
    subject = document.canonical_url if document else identity.canonical_url if identity else url
    return Target(
        kind=TakedownKind.DOCUMENT, subject=subject, document=document, identity=None if document else identity
    )


def tombstone_named(store: Store, name: str) -> Takedown:
    """The tombstone that a person wants to lift.

    Raises:
        ConfigurationError: none stands, or another one keeps the document away.
    """
    target = target_of(store, name)
    wanted = (target.kind, target.subject)
    for one in store.takedowns(standing_only=True):
        if (one.kind, one.subject) == wanted:
            return one
    host = target.document.host if target.document else target.identity.host if target.identity else target.subject
    other = store.takedown_of(target.subject, host)
    if other is None:
        raise ConfigurationError(f"no tombstone stands for {name}: `dateline forget --list` shows those that do")
    raise ConfigurationError(f"{other.text}; lift that one: dateline forget --undo {other.subject}")


# -- looking -----------------------------------------------------------------------------------------------------------


def preview(library: Library, target: Target, *, now: datetime, copies: bool) -> Preview:
    """What would go, copies too where they are to."""
    store = library.store
    same: dict[int, Document] = {}
    removes: Counter[str] = Counter()
    documents = 0
    for piece in batches(_documents(store, target)):
        documents += len(piece)
        same |= {one.id: one for one in store.copies_of(piece)}
        removes.update(_counted(store, target, piece, now))
    if target.kind is TakedownKind.HOST:
        same = {number: one for number, one in same.items() if one.host != target.subject}
    if copies:
        for piece in batches(same):
            removes.update(_counted(store, target, piece, now))
    return Preview(
        target=target,
        standing=_standing(store, target),
        documents=documents,
        removes=dict(removes),
        events=_events(store, target.document),
        copies=tuple(same.values()),
        held=_held(store, target),
    )


def _counted(store: Store, target: Target, document_ids: Sequence[int], now: datetime) -> Mapping[str, int]:
    asked = Takedown(kind=target.kind, subject=target.subject, reason="", who="", made_at=now)
    return store.take_down(asked, document_ids=document_ids, dry_run=True).removed


def _standing(store: Store, target: Target) -> Takedown | None:
    host = target.subject if target.kind is TakedownKind.HOST else ""
    return store.takedown_of("" if host else target.subject, host)


def _events(store: Store, document: Document | None) -> tuple[str, ...]:
    if document is None or document.article_id is None:
        return ()
    counted = {LinkState.LINKED, LinkState.CONFIRMED}
    return tuple(sorted({one.event_key for one in store.article(document.article_id).events if one.state in counted}))


def _held(store: Store, target: Target) -> tuple[str, ...]:
    key = target.document.url_key if target.document else target.identity.url_key if target.identity else ""
    return tuple(sorted({one.path for one in store.held_records(key)})) if key else ()


def _documents(store: Store, target: Target) -> Iterator[int]:
    if target.kind is TakedownKind.HOST:
        yield from store.documents_of(target.subject)
    elif target.document is not None:
        yield target.document.id


def batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """Parts of which each is removed at once."""
    rest = iter(ids)
    while piece := list(islice(rest, BATCH)):
        yield piece


# -- removing ----------------------------------------------------------------------------------------------------------


def forget(
    library: Library,
    target: Target,
    *,
    takedown: Takedown,
    copies: Sequence[Document] = (),
    token: str,
    progress: Progress = _silent,
) -> Forgotten:
    """Remove what a person named, and leave tombstones. Running it again goes on where it was stopped.

    Args:
        library: open.
        target: what was named.
        takedown: kind, subject, reason, who and when; not stored yet.
        copies: documents that go too, each with a tombstone of its own.
        token: of the run.
        progress: see there.

    Raises:
        LibraryError: another program removes or copies captures, or a file cannot be written.
        StorageError: what others rest on cannot be read.
    """
    store, done = library.store, Forgotten()
    if target.identity is not None:
        document = store.ensure_document(target.identity, now=takedown.made_at)
        target = replace(target, document=document, identity=None)
    with upkeep(library.configuration.library, _WORK, patience_s=LOCK_PATIENCE_S):
        made = store.take_down(takedown, document_ids=())
        for piece in batches(_documents(store, target)):
            made = remove_batch(library, made, piece, done=done, token=token)
            progress("documents", len(piece))
        done.takedowns.append(made)
        for one in copies:
            asked = replace(
                takedown,
                kind=TakedownKind.DOCUMENT,
                subject=one.canonical_url,
                reason=f"{takedown.reason} (the same as {takedown.subject})",
            )
            done.takedowns.append(remove_batch(library, asked, [one.id], done=done, token=token))
            progress("documents", 1)
        overwrite(library, done, progress)
        _clear_uncommitted(library, target, done)
    return done


def remove_batch(
    library: Library,
    takedown: Takedown,
    document_ids: Sequence[int],
    *,
    done: Forgotten,
    token: str,
    before: datetime | None = None,
) -> Takedown:
    """Remove the rows of some documents, once nothing that stays rests on their records.

    Returns the takedown as it is stored.

    Raises:
        StorageError: what others rest on cannot be read, or ever more comes to rest on it.
    """
    for _ in range(_TRIES):
        resting = library.store.resting_on(document_ids, before=before)
        if resting:
            done.moved += _move(library, resting, takedown, token)
        try:
            return library.store.take_down(takedown, document_ids=document_ids, before=before)
        except StillNeeded as error:
            # Another program stored a revisit between the two calls.
            log.info("%s; looking again", error)
    raise StorageError(f"ever more captures come to rest on those of {takedown.subject}: try again later")


def _move(library: Library, resting: Sequence[Capture], takedown: Takedown, token: str) -> int:
    """Write captures anew: of those with the same bytes the first holds them, the others refer to it."""
    moved: dict[int, Capture] = {}
    with (
        library.reader() as reader,
        CaptureWriter(library.captures, token=token, software=f"dateline/{__version__}") as writer,
    ):
        for _, group in groupby(resting, key=lambda one: one.revisit_of):
            known: KnownPayload | None = None
            for one in group:
                try:
                    payload = reader.payload(one)
                    stored = stored_revisit(library.captures, one, library.places)
                except CaptureError as error:
                    raise StorageError(
                        f"the capture of {one.page_url} rests on what is to be removed, and cannot be read: {error};"
                        " `dateline captures verify` shows what is wrong; remove that document too, or restore the file"
                    ) from error
                fresh = writer.append_again(stored, payload, known=known)
                known = known or KnownPayload.of(fresh)
                moved[one.id or 0] = fresh
        writer.sync()
        why = f"written anew, as they rested on what was removed: {takedown.subject}"
        library.store.move_captures(moved, takedown=why, now=takedown.made_at)
    return len(moved)


def overwrite(library: Library, done: Forgotten, progress: Progress = _silent) -> None:
    """Overwrite every stretch that is noted, whoever noted it."""
    overwritten = finish(library.captures, library.store, library.places, done=lambda count: progress("records", count))
    done.overwritten += overwritten


def _clear_uncommitted(library: Library, target: Target, done: Forgotten) -> None:
    """Overwrite what killed runs left of these documents."""
    subjects = frozenset(one.subject for one in done.takedowns)
    hosts = frozenset({target.subject}) if target.kind is TakedownKind.HOST else frozenset()

    def wanted(url: str) -> bool:
        try:
            return url in subjects or identify(url).canonical_url in subjects or host_of(url) in hosts
        except UnusableUrl:
            return False

    made = done.takedowns[0]
    removed = remove_uncommitted(library.captures, wanted, takedown_id=made.id or 0, made_at=made.made_at)
    done.overwritten += removed
