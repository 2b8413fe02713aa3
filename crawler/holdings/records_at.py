"""The bytes of one record of a held file, by its place.

They come as they are stored where that is a gzip member or a plain record; what is stored otherwise (LZ4, Zstandard, a
file compressed as a whole) is unpacked, so that whoever asked needs to know of two forms only.

Why a file that changed is refused as a whole: its records may lie anywhere now, and a wrong page at a right offset
would be stored as evidence.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from http import HTTPStatus

from crawler.holdings.files import WACZ, modified
from crawler.holdings.flows import GzipFlow
from crawler.holdings.frames import is_framed, unpacked
from crawler.holdings.reading import inner_name
from crawler.holdings.sources import FileSource
from crawler.holdings.wacz import Wacz
from storage.types import HeldFile


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a record is; see `storage.types.HeldRecord`."""

    offset: int
    length: int
    member: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why there are no bytes.

    Attributes:
        status: as HTTP would say it: 404 no such place, 410 the file is gone or another one, 413 too long, 503 it
            cannot be read now.
        text: one sentence.
    """

    status: int
    text: str


def record_at(file: HeldFile, place: Place, *, most: int) -> bytes | Refusal:
    """The bytes of one record, at most so many of them. Never raises for what is on the disk."""
    if place.offset < 0 or place.length <= 0:
        return Refusal(status=HTTPStatus.NOT_FOUND, text=f"{file.path}: no record is there")
    if place.length > most:
        return Refusal(
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            text=f"{file.path}: the record at {place.offset} has {place.length} bytes, at most {most} are read",
        )
    try:
        # A named pipe in the file's place must not hold the thread.
        fd = os.open(file.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return _gone(file, "it is not there any more")
    except OSError as problem:
        return _unreadable(file, problem)
    try:
        return _read(file, fd, place, most)
    except OSError as problem:
        return _unreadable(file, problem)
    finally:
        os.close(fd)


def _read(file: HeldFile, fd: int, place: Place, most: int) -> bytes | Refusal:
    if not stat.S_ISREG(os.fstat(fd).st_mode) or modified(fd) != (file.size, file.modified_ns):
        return _gone(file, "it has changed since it was indexed")
    data = _bytes(file, fd, place, most)
    if len(data) > most:
        return Refusal(
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            text=f"{file.path}: the record at {place.offset} unpacks to more than {most} bytes",
        )
    return data or Refusal(status=HTTPStatus.NOT_FOUND, text=f"{file.path}: no record is at {place.offset}")


def _bytes(file: HeldFile, fd: int, place: Place, most: int) -> bytes:
    source = FileSource.whole(fd)
    if file.kind == WACZ:
        return _of_member(fd, place)
    if place.member:
        return _inside(source, place) if place.member == inner_name(file.path) else b""
    if is_framed(source.read_at(0, 4)):
        return unpacked(source, place.offset, place.length, most + 1)
    return _whole(source.read_at(place.offset, place.length), place)


def _of_member(fd: int, place: Place) -> bytes:
    archive = Wacz(fd)
    try:
        return _whole(archive.find(place.member).read_at(place.offset, place.length), place)
    finally:
        archive.close()


def _inside(source: FileSource, place: Place) -> bytes:
    """Out of a file that is compressed as a whole: everything before it has to be unpacked."""
    flow = GzipFlow(source)
    flow.pass_over(place.offset)
    return _whole(flow.peek(place.length), place)


def _whole(data: bytes, place: Place) -> bytes:
    return data if len(data) == place.length else b""


def _gone(file: HeldFile, why: str) -> Refusal:
    remedy = f"`dateline holdings add {file.path}` reads it anew"
    return Refusal(status=HTTPStatus.GONE, text=f"{file.path}: {why}; {remedy}")


def _unreadable(file: HeldFile, problem: OSError) -> Refusal:
    text = f"{file.path} cannot be read: {problem.strerror or problem}"
    return Refusal(status=HTTPStatus.SERVICE_UNAVAILABLE, text=text)
