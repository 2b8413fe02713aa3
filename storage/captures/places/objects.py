"""A bucket, or a part of one, in an object store that speaks S3, through fsspec and s3fs.

What s3fs does by default and is not wanted here:

- Instances are shared by all code of a process, with whatever that set: ours is our own (``skip_instance_cache``).
- Listings are kept for ever, and a file that another machine put there is not in them (``use_listings_cache``).
- A file object that is closed because of an exception ends its upload, and half a file is there under the whole one's
  name: files are put by ``put_file``, which breaks off.
- Ten parts of 50 MiB are held in memory: ours are four of 16 MiB.
- A bucket that is missing looks like a missing file.
- An instance is bound to its process (`storage.captures.places.place_at`); extraction workers never get one.

Why the ETag is believed nowhere: of a file in several parts it is no digest of the file, and with encryption by a key
service it is none at all.

Where the bucket keeps versions, a takedown leaves the former version of a file there. Turn versions off, or let a rule
of the bucket delete what is not current; let one delete uploads that were never completed, too: a process that is
killed leaves one, which nobody sees and somebody pays for.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from storage.errors import LibraryError, PlaceUnavailable

_CONNECT_S, _READ_S, _TRIES = 5, 60, 3
_PART = 16 << 20
_PARTS_AT_ONCE = 4
_LONGEST = 300

T = TypeVar("T")


class ObjectPlace:
    """See `storage.captures.places.Place`; usable from several threads."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._root = address.removeprefix("s3://")
        self._bucket = self._root.partition("/")[0]
        self._store = _opened()

    def local_path(self, name: str) -> Path | None:
        """See `Place.local_path`."""
        del name
        return None

    def put(self, source: Path, name: str) -> None:
        """See `Place.put`."""

        def put() -> None:
            self._store.put_file(
                str(source),
                self._path(name),
                chunksize=_PART,
                max_concurrency=_PARTS_AT_ONCE,
                ContentType="application/warc",
            )

        self._asked(put)

    def size(self, name: str) -> int | None:
        """See `Place.size`."""

        def looked() -> Any:  # noqa: ANN401 -- fsspec has no types
            return self._store.info(self._path(name), refresh=True)

        try:
            found = self._asked(looked)
        except FileNotFoundError:
            return None
        return int(found["size"]) if found["type"] == "file" else None

    def read(self, name: str, start: int, end: int) -> bytes:
        """See `Place.read`."""

        def cut() -> Any:  # noqa: ANN401 -- as above
            return self._store.cat_file(self._path(name), start=start, end=end)

        return bytes(self._asked(cut)) if start < end else b""

    def remove(self, name: str) -> None:
        """See `Place.remove`."""

        def remove() -> None:
            self._store.rm_file(self._path(name))

        self._asked(remove)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _asked(self, work: Callable[[], T]) -> T:
        """What the store says; whatever goes wrong beside a missing file means that it cannot be used."""
        try:
            return work()
        except FileNotFoundError:
            self._require_bucket()
            raise
        except Exception as problem:
            # A network client raises what the three layers below it raise.
            raise PlaceUnavailable(self.address, _told(problem)) from problem

    def _require_bucket(self) -> None:
        try:
            self._store.info(self._bucket, refresh=True)
        except FileNotFoundError as problem:
            raise PlaceUnavailable(self.address, f"there is no bucket {self._bucket}") from problem
        except Exception as problem:
            raise PlaceUnavailable(self.address, _told(problem)) from problem


def _opened() -> Any:  # noqa: ANN401 -- as above
    try:
        import fsspec  # noqa: PLC0415 -- takes long to load, and most libraries have no such place

        store = fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False)
    except ImportError as problem:
        raise LibraryError(f"captures in an object store need: pip install 'dateline[s3]' ({problem})") from problem
    store.connect_timeout, store.read_timeout, store.retries = _CONNECT_S, _READ_S, _TRIES
    return store


def _told(problem: Exception) -> str:
    """One line; where all that is said is "invalid", the code behind it."""
    cause = problem.__cause__ or problem.__context__
    vague = isinstance(problem, OSError) and problem.errno in {errno.EINVAL, errno.EIO}
    text = str(cause if vague and cause is not None else problem).strip() or type(problem).__name__
    return " ".join(text.split())[:_LONGEST]
