"""The download handler for ``warc://``: held files are asked like any other archive, through the same pipeline.

Two questions are answered:

``warc://index/?key=SURT&since=TIMESTAMP&until=TIMESTAMP`` with one JSON object per record that is held of the key, and
``warc://record/PATH?offset=N&length=N&member=NAME`` with the bytes of one record.

Why a path is looked up among the held files before anything else: a request can come from anything that a crawl has
read. What no person has added to the library is not there, whatever the disk says.

Why the files that are held are asked for anew only when one is unknown or has changed: a backfill asks for thousands of
records, and a person who adds files meanwhile expects them to count.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import parse_qs, unquote, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from crawler.archives.records import parse_date
from crawler.holdings.records_at import Place, Refusal, record_at
from crawler.urls import memento_timestamp
from storage.protocol import Store
from storage.types import Exchange, HeldFile, HeldRecord, utc_now

T = TypeVar("T")

EXCHANGES, STARTED = "dateline_exchanges", "dateline_started"
"""Keys of ``request.meta``, the same as in `crawler.handlers`: who asks an archive finds the exchange there."""

_BYTES = "application/octet-stream"
_ROOM = 2 << 20
"""A record is a little longer than the page in it."""
_REVISIT = "warc/revisit"
_WHOLE_SECOND = timedelta(microseconds=999_999)
"""A record may say its moment more exactly than 14 digits can."""


class _Stores(Protocol):
    """What this module needs of `crawler.store_thread.StoreThread`."""

    def call(self, work: Callable[[Store], T]) -> Awaitable[T]: ...


class HoldingsHandler(BaseDownloadHandler):
    """Answers ``warc://`` from the store of the spider's session and the files that it knows."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._most = crawler.settings.getint("DOWNLOAD_MAXSIZE") + _ROOM
        self._files: dict[str, HeldFile] = {}

    async def download_request(self, request: Request) -> Response:
        """The answer; what is wrong is said by its status and in one sentence.

        Raises:
            StorageError: the store cannot be asked.
        """
        request.meta.setdefault(STARTED, []).append(utc_now())
        response = await self._answered(request)
        request.meta.setdefault(EXCHANGES, []).append(_exchange_of(request, response))
        return response

    async def _answered(self, request: Request) -> Response:
        url = urlsplit(request.url)
        asked = {name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
        if url.netloc == "index":
            return await self._index(request, asked)
        if url.netloc == "record":
            return await self._record(request, _path(url.path), asked)
        return _refused(request, HTTPStatus.NOT_FOUND, "held files have an index and records, nothing else")

    async def _index(self, request: Request, asked: dict[str, str]) -> Response:
        key = asked.get("key", "")
        try:
            since, until = _moment(asked.get("since", "")), _moment(asked.get("until", ""))
            until = until + _WHOLE_SECOND if until else None
        except ValueError as problem:
            return _refused(request, HTTPStatus.BAD_REQUEST, str(problem))
        if not key:
            return _refused(request, HTTPStatus.BAD_REQUEST, "which URL key is wanted is not said")
        records = await self._stores.call(lambda store: store.held_records(key, since=since, until=until))
        lines = "".join(f"{json.dumps(row_of(record))}\n" for record in records)
        return _answer(request, HTTPStatus.OK, "application/x-ndjson", lines.encode("ascii"))

    async def _record(self, request: Request, path: str, asked: dict[str, str]) -> Response:
        try:
            place = Place(
                offset=int(asked.get("offset", "")), length=int(asked.get("length", "")), member=asked.get("member", "")
            )
        except ValueError:
            return _refused(request, HTTPStatus.BAD_REQUEST, "where the record is has to be said in numbers")
        found = await self._read(path, place)
        if isinstance(found, Refusal):
            return _refused(request, found.status, found.text)
        return _answer(request, HTTPStatus.OK, _BYTES, found)

    async def _read(self, path: str, place: Place) -> bytes | Refusal:
        found: bytes | Refusal = Refusal(status=HTTPStatus.NOT_FOUND, text=f"{path} is not held")
        if path in self._files:
            found = await asyncio.to_thread(record_at, self._files[path], place, most=self._most)
        if isinstance(found, Refusal) and found.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            known = self._files.get(path)
            files = await self._stores.call(lambda store: store.held_files())
            self._files = {file.path: file for file in files}
            if path not in self._files:
                return Refusal(status=HTTPStatus.NOT_FOUND, text=f"{path} is not held")
            if self._files[path] != known:
                found = await asyncio.to_thread(record_at, self._files[path], place, most=self._most)
        return found

    @property
    def _stores(self) -> _Stores:
        return cast("_Stores", cast("Any", self.crawler.spider).session.store)


def row_of(record: HeldRecord) -> dict[str, str | bool]:
    """One line of the index: short facts first, because a row is kept up to a length only."""
    return {
        "timestamp": memento_timestamp(record.captured_at),
        "offset": str(record.offset),
        "length": str(record.length),
        "member": record.member,
        "filename": record.path,
        "status": "" if record.status is None else str(record.status),
        "mime": _REVISIT if record.revisit else record.media_type,
        "digest": record.digest,
        "revisit": record.revisit,
        "url": record.url,
        "urlkey": record.url_key,
        "refers_to": record.refers_to,
    }


def _path(quoted: str) -> str:
    """The absolute path behind ``warc://record``, its slashes escaped or not."""
    path = unquote(quoted)
    return path[1:] if path.startswith("//") else path


def _moment(text: str) -> datetime | None:
    """A moment of 14 digits; ``None`` for none.

    Raises:
        ValueError: it is something else.
    """
    if not text:
        return None
    stamp = text if len(text) == len("20060102150405") and text.isdigit() else ""
    day, time = stamp[:8], stamp[8:]
    iso = f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"
    moment = parse_date(iso)
    if moment is None:
        raise ValueError(f"{text[:40]!r} is no moment of 14 digits")
    return moment


def _exchange_of(request: Request, response: Response) -> Exchange:
    return Exchange(
        url=request.url,
        request_headers=(),
        status=response.status,
        headers=(("Content-Type", (response.headers["Content-Type"] or b"").decode("ascii")),),
        payload=response.body,
        fetched_at=utc_now(),
    )


def _refused(request: Request, status: int, text: str) -> Response:
    return _answer(request, status, "text/plain; charset=utf-8", text.encode("utf-8", "replace"))


def _answer(request: Request, status: int, content_type: str, body: bytes) -> Response:
    kind = Response if content_type == _BYTES else TextResponse
    return kind(request.url, status=int(status), headers={"Content-Type": content_type}, body=body, request=request)
