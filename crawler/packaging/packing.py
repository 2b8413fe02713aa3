"""A WACZ (1.1.1) of articles: the captures of all their versions, an index, a list of pages, digests.

What goes in, article by article in the given order: for each version the capture that it was extracted from, with the
redirects that led there, its request and the metadata that says where it comes from; for a revisit the record that has
its bytes, whichever document's it is; the lead image where it is stored. Records are copied byte for byte
(`storage.captures.lifting`); `crawler.packaging.added` says which of ours stand beside them. What was taken down, or
cannot be read, is left out; ``left_out`` in ``datapackage.json`` says how many captures.

Why the bytes depend on the selection alone: no time of making is in them. ``created`` is the date of the latest record,
since a package cannot be older and nothing in it is younger.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from crawler.library import Library
from crawler.packaging.added import date_of
from crawler.packaging.archive import About, Archive
from crawler.packaging.captures import Found, Taken, captures_of, taken
from crawler.packaging.index import write_index
from crawler.packaging.spool import Spool
from crawler.packaging.zipped import Zipped
from storage import __version__
from storage.captures import CaptureReader
from storage.errors import CaptureError
from storage.protocol import Store
from storage.types import ArticleVersion, ArticleView, Capture

PAGES = "pages/pages.jsonl"
VERSION = "1.1.1"

_GIB = 1 << 30
_AT_ONCE = 50
"""Articles of which the captures are looked up together."""
_MOST_PROBLEMS = 100
_PACKAGE = "datapackage.json"
_DIGEST = "datapackage-digest.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Collection:
    """What the package says of itself.

    Attributes:
        title: one line.
        description: plain text; may be empty.
        rotate_at: bytes after which a WARC file in it gets no further record.
    """

    title: str
    description: str = ""
    rotate_at: int = _GIB


@dataclass(slots=True)
class Packed:
    """What was written, and what was not.

    Attributes:
        articles: that were gone through.
        pages: versions that can be opened.
        records: in the WARC files.
        images: lead images.
        removed: captures that were taken down.
        unreadable: captures that could not be read.
        problems: one sentence for each of the first hundred of those.
        first: (URL, time) of the first page; empty where there is none.
    """

    articles: int = 0
    pages: int = 0
    records: int = 0
    images: int = 0
    removed: int = 0
    unreadable: int = 0
    problems: list[str] = field(default_factory=list)
    first: tuple[str, str] | tuple[()] = ()


def pack(library: Library, views: Iterable[ArticleView], out: BinaryIO, collection: Collection) -> Packed:
    """Write a WACZ; memory grows with the largest record only.

    Args:
        library: with the captures.
        views: of the articles.
        out: need not be seekable; stays open.
        collection: what the package says of itself.

    Raises:
        PlaceUnavailable: files of captures are in a place that cannot be used now.
    """
    packed = Packed()
    about = About(title=collection.title, software=f"dateline/{__version__}", rotate_at=collection.rotate_at)
    with closing(Zipped(out)) as zipped, Spool() as spool, library.reader() as reader:
        archive = Archive(zipped, spool, about)
        packer = _Packer(store=library.store, reader=reader, archive=archive, spool=spool, packed=packed)
        with archive.opened():
            rest = iter(views)
            while batch := list(islice(rest, _AT_ONCE)):
                packer.articles(batch)
        packed.records = archive.records
        write_index(zipped, spool.lines())
        _write_pages(zipped, spool)
        _write_package(zipped, collection, packed, archive)
    return packed


@dataclass(frozen=True, kw_only=True, slots=True)
class _Packer:
    """Everything that articles need on their way in."""

    store: Store
    reader: CaptureReader
    archive: Archive
    spool: Spool
    packed: Packed

    def articles(self, views: Sequence[ArticleView]) -> None:
        """All versions of some, and their lead images."""
        found = captures_of(self.store, views)
        for view in views:
            self.packed.articles += 1
            for version in sorted(view.versions, key=lambda one: one.number):
                self._version(view, version, found)
            if [one for one in found.of_image(view) if self._capture(one, found)]:
                self.packed.images += 1

    def _version(self, view: ArticleView, version: ArticleVersion, found: Found) -> None:
        page, others = found.of(version)
        if page is None:
            self._tell(f"{view.document.canonical_url}: the capture of version {version.number} is not stored")
            return
        for other in others:
            self._capture(other, found)
        if (records := self._capture(page, found)) is not None:
            self._page(view, version, records)

    def _capture(self, capture: Capture, found: Found) -> Taken | None:
        if capture.takedown_id is not None:
            self.packed.removed += 1
            return None
        try:
            records = taken(self.reader, capture, found.known)
        except CaptureError as problem:
            self._tell(f"{capture.page_url}: {problem}")
            return None
        for record in records.records.all():
            self.archive.write(record)
        if records.added is not None:
            self.archive.write_made(records.added, records.records.record)
        return records

    def _page(self, view: ArticleView, version: ArticleVersion, records: Taken) -> None:
        url, time = _address(records)
        said = {
            "id": f"article-{view.id}-{version.number}",
            "url": url,
            "ts": time,
            "title": version.article.headline or url,
            "text": version.article.body,
            "article": view.id,
            "version": version.number,
        }
        self.spool.add_page(json.dumps(said).encode() + b"\n")
        self.packed.pages += 1
        self.packed.first = self.packed.first or (url, time)

    def _tell(self, text: str) -> None:
        self.packed.unreadable += 1
        if len(self.packed.problems) < _MOST_PROBLEMS:
            self.packed.problems.append(text)


def _address(found: Taken) -> tuple[str, str]:
    """Under which URL, and at what time, the page of a capture is found."""
    if found.added is not None:
        url, date = dict(found.added.fields)["WARC-Target-URI"], found.added.date
    else:
        head = found.records.record.head
        url, date = head.fields.get("warc-target-uri", ""), date_of(head)
    return url, f"{date:%Y-%m-%dT%H:%M:%SZ}"


def _write_pages(zipped: Zipped, spool: Spool) -> None:
    header = {"format": "json-pages-1.0", "id": "pages", "title": "All pages", "hasText": True}
    with zipped.member(PAGES, stored=False) as writing:
        writing.write(json.dumps(header).encode() + b"\n")
        for piece in spool.pages():
            writing.write(piece)


def _write_package(zipped: Zipped, collection: Collection, packed: Packed, archive: Archive) -> None:
    said = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": collection.title,
        "description": collection.description,
        "created": f"{archive.latest:%Y-%m-%dT%H:%M:%SZ}",
        "software": f"dateline/{__version__}",
        "left_out": {"removed": packed.removed, "unreadable": packed.unreadable},
        **(dict(zip(("mainPageUrl", "mainPageDate"), packed.first, strict=True)) if packed.first else {}),
        "resources": [
            {
                "name": member.path.rpartition("/")[2],
                "path": member.path,
                "hash": f"sha256:{member.sha256}",
                "bytes": member.size,
            }
            for member in zipped.members
        ],
    }
    with zipped.member(_PACKAGE, stored=False) as writing:
        writing.write(json.dumps({name: value for name, value in said.items() if value}, indent=2).encode())
    digest = {"path": _PACKAGE, "hash": f"sha256:{zipped.members[-1].sha256}"}
    with zipped.member(_DIGEST, stored=False) as writing:
        writing.write(json.dumps(digest, indent=2).encode())
