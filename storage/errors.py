"""What can go wrong in storage, as one tree.

StorageError
├── LibraryError               the library folder or its settings are not usable
│   ├── SchemaMismatch         the database stands at another migration than this program needs
│   └── DiskFull               the disk has less room left than runs may leave
├── NotFound                   what was asked for by name is not there
│   ├── EventNotFound
│   ├── AmbiguousEvent         several events have that prefix
│   ├── DocumentNotFound
│   ├── ArticleNotFound
│   ├── VersionNotFound
│   ├── CaptureNotFound
│   ├── ClusterNotFound
│   ├── HostNotFound
│   ├── RunNotFound
│   ├── MarkNotFound
│   ├── OrderNotFound
│   └── TakedownNotFound
├── JobRunning                 the scheduled job is at work already, here or on another machine
├── StillNeeded                what is to be removed holds bytes that captures of other documents rest on
├── Unstorable                 one result of a batch cannot be stored; the others are
├── StoreUnavailable           the database cannot be reached or is locked for too long; trying again may help
├── PlaceUnavailable           where full WARC files are kept cannot be reached or written; trying again may help
└── CaptureError               a WARC record is not what its row says
    ├── RecordMissing
    └── DigestMismatch

Failures of the world while crawling are values (`storage.types.Outcome`), not exceptions.
"""

from __future__ import annotations


class StorageError(Exception):
    """Base of all errors of this package; its text is fit to be shown to a person."""


class LibraryError(StorageError):
    """The library folder or its settings are not usable."""


class SchemaMismatch(LibraryError):
    """The database stands at another migration than this program needs.

    ``newer``: at a later one, which a newer dateline made; ``oldest`` is then the oldest revision whose programs may
    use it, where that is known.
    """

    def __init__(self, found: str, needed: str, *, newer: bool = False, oldest: str = "") -> None:
        self.found, self.needed, self.newer, self.oldest = found, needed, newer, oldest
        state = f"is at revision {found}" if found else "has no schema yet"
        if oldest:
            state += f", which programs from {oldest} on may use"
        remedy = "a newer dateline made it: install that" if newer else "run `dateline db upgrade`"
        super().__init__(f"the database {state}, this program needs {needed}: {remedy}")


class DiskFull(LibraryError):
    """The disk has less room left than ``storage.min_free_mb`` says; sizes are in MiB."""

    def __init__(self, folder: str, free: int, least: int) -> None:
        self.folder, self.free, self.least = folder, free, least
        super().__init__(
            f"{free} MiB free on {folder}, runs stop below {least}: free some room or lower storage.min_free_mb"
        )


class NotFound(StorageError):
    """What was asked for by name is not there."""


class EventNotFound(NotFound):
    """No event has this key, alias or prefix."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no event is called {name!r}: `dateline events list` shows the keys")


class AmbiguousEvent(NotFound):
    """Several events have that prefix."""

    def __init__(self, name: str, keys: tuple[str, ...]) -> None:
        self.name, self.keys = name, keys
        shown = "\n  ".join(keys[:10])
        super().__init__(f"{name!r} fits {len(keys)} or more events; write more of the key:\n  {shown}")


class DocumentNotFound(NotFound):
    """No event entry cites this URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(f"no event entry cites {url}: `dateline events import` adds entries")


class ArticleNotFound(NotFound):
    """There is no article with this number."""

    def __init__(self, article_id: int) -> None:
        self.article_id = article_id
        super().__init__(f"there is no article {article_id}: `dateline articles list` shows them")


class VersionNotFound(NotFound):
    """There is no article version with this number."""

    def __init__(self, version_id: int) -> None:
        self.version_id = version_id
        super().__init__(f"there is no article version {version_id}")


class CaptureNotFound(NotFound):
    """There is no capture with this number."""

    def __init__(self, capture_id: int) -> None:
        self.capture_id = capture_id
        super().__init__(f"there is no capture {capture_id}: `dateline why URL` shows those of a document")


class ClusterNotFound(NotFound):
    """There is no story with this number."""

    def __init__(self, cluster_id: int) -> None:
        self.cluster_id = cluster_id
        super().__init__(f"there is no story {cluster_id}: `dateline show NUMBER` names the story of an article")


class HostNotFound(NotFound):
    """No document is on this host."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no document is on the host {name!r}: `dateline hosts list` shows them")


class RunNotFound(NotFound):
    """No run has this number or token."""

    def __init__(self, name: str | int) -> None:
        self.name = name
        super().__init__(f"there is no run {name}: `dateline runs` shows them")


class MarkNotFound(NotFound):
    """No mark stands on this article."""

    def __init__(self, article_id: int) -> None:
        self.article_id = article_id
        super().__init__(f"nobody marked article {article_id}: `dateline marks` shows those that are marked")


class OrderNotFound(NotFound):
    """There is no order with this number."""

    def __init__(self, order_id: int) -> None:
        self.order_id = order_id
        super().__init__(f"there is no order {order_id}")


class TakedownNotFound(NotFound):
    """Nothing was taken down under this name."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        super().__init__(f"no tombstone stands for {subject}: `dateline forget --list` shows those that do")


class JobRunning(StorageError):
    """A run of the job is at work already."""

    def __init__(self, job: str) -> None:
        self.job = job
        super().__init__(f"the job {job} is running already: `dateline runs --job {job}` shows its runs")


class StillNeeded(StorageError):
    """Captures of other documents are revisits of what is to be removed."""


class Unstorable(StorageError):
    """One result of a batch contradicts itself or the library; its text becomes `storage.types.Archived.error`."""


class StoreUnavailable(StorageError):
    """The database cannot be reached, or was locked for too long."""


class PlaceUnavailable(StorageError):
    """The folder or object store of ``storage.captures`` cannot be reached, read or written."""

    def __init__(self, place: str, problem: str) -> None:
        self.place, self.problem = place, problem
        super().__init__(f"the captures in {place} cannot be used now: {problem}")


class CaptureError(StorageError):
    """A WARC record is not what its row says."""


class RecordMissing(CaptureError):
    """The file or the record at that place is gone."""

    def __init__(self, file: str, offset: int, problem: str) -> None:
        self.file, self.offset = file, offset
        super().__init__(f"{file} has no readable record at offset {offset}: {problem}")


class DigestMismatch(CaptureError):
    """The payload's bytes do not have the digest that was stored."""

    def __init__(self, file: str, offset: int, stored: str, found: str) -> None:
        self.file, self.offset, self.stored, self.found = file, offset, stored, found
        super().__init__(f"{file} at offset {offset}: payload digest is {found}, stored is {stored}")
