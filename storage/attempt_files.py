"""Attempts in files: a file per month, ``attempts-2026-03.jsonl.zst``, to which stretches are appended.

Each line is one attempt, complete, as JSON; each stretch is a frame of its own, so that ``zstdcat FILE`` shows all of
them and one can be read alone. The database knows where each stretch is and what its bytes are; what a file has behind
the last of them was written by a program that was killed before it was written down, and is put aside in
``uncommitted/``: the attempts in it are in the database still, unless this folder belonged to another database once. So
no two of these are ever written over one another.

Why the last stretch is read before another one is put behind it: a file of this name here may be of another library, or
begin with what this machine wrote in vain while another one thinned, too; the attempts behind it would be lost to both.

Why a month and not a day, and why the month in which they began: a person looks for them by time, and a library of
twenty years has 240 files. Why a stretch is read again from the file before it counts: it is the only copy from then
on.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import zstandard

from storage.captures.files import PARTIAL, UNCOMMITTED, make_folder, sync_folder, write_all, write_all_at
from storage.errors import LibraryError
from storage.types import AttemptBatch, FetchAttempt, FetchReason, Outcome, Redirect, RobotsDecision

FOLDER = "attempts"
"""Of the files, in a library's folder."""

_LEVEL = 9
_STEP = 1 << 20
_SHOWN_DIGITS = 12
_MOMENTS = ("started_at", "finished_at", "next_fetch_at")
_PLAIN = (
    "id",
    "key",
    "document_id",
    "reason",
    "outcome",
    "request_url",
    "final_url",
    "status",
    "detail",
    "bytes_received",
    "run_token",
    "archive",
)


def file_of(moment: datetime) -> str:
    """The name of the file that has the attempts which began in the month of this moment."""
    return f"attempts-{moment:%Y-%m}.jsonl.zst"


@dataclass(frozen=True, slots=True)
class AttemptFiles:
    """The files of one library.

    Attributes:
        folder: where they are; made when the first is written.
    """

    folder: Path

    def append(
        self, file: str, attempts: Sequence[FetchAttempt], *, after: AttemptBatch | None, now: datetime
    ) -> AttemptBatch:
        """Write attempts behind the last stretch that counts; they are on disk when this returns.

        Args:
            file: its name.
            attempts: of its month.
            after: that last stretch; ``None`` where the file has none.
            now: written down with the stretch.

        Raises:
            LibraryError: the file does not hold that stretch, or cannot be written.
        """
        lines = b"".join(json.dumps(_packed(one), separators=(",", ":")).encode() + b"\n" for one in attempts)
        frame = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(lines)
        offset = after.end if after else 0
        batch = AttemptBatch(
            file=file,
            offset=offset,
            length=len(frame),
            attempts=len(attempts),
            sha256=hashlib.sha256(frame).hexdigest(),
            machine=socket.gethostname(),
            written_at=now,
        )
        self._write(batch, frame, after)
        if [one.id for one in self.read(batch)] != [one.id for one in attempts]:
            raise LibraryError(f"{self.folder / file} does not hold what was just written to it: see to its disk")
        return batch

    def _write(self, batch: AttemptBatch, frame: bytes, after: AttemptBatch | None) -> None:
        path = self.folder / batch.file
        try:
            make_folder(self.folder)
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | (0 if after else os.O_CREAT), 0o644)
            try:
                if after is not None and not _holds(fd, after):
                    raise FileNotFoundError
                self._put_aside(fd, batch)
                write_all_at(fd, frame, batch.offset)
                os.fsync(fd)
            finally:
                os.close(fd)
            sync_folder(self.folder)
        except FileNotFoundError as problem:
            raise LibraryError(
                f"{path} does not hold what the library knows of it: {after.machine if after else 'nobody'} wrote to"
                " it last; apply the rules of retention there, or restore the file"
            ) from problem
        except OSError as problem:
            raise LibraryError(f"{path} cannot be written: {problem.strerror}") from problem

    def _put_aside(self, fd: int, batch: AttemptBatch) -> None:
        """Cut off what stands behind the stretches that count; the database has it, or another one had it."""
        if os.fstat(fd).st_size > batch.offset:
            folder = self.folder / UNCOMMITTED
            make_folder(folder)
            copy = folder / f"{batch.file}{PARTIAL}"
            digest = _copy_behind(fd, batch.offset, copy)
            copy.rename(folder / f"{batch.file}.{batch.offset}.{digest[:_SHOWN_DIGITS]}")
            sync_folder(folder)
            os.ftruncate(fd, batch.offset)

    def read(self, batch: AttemptBatch) -> Iterator[FetchAttempt]:
        """The attempts of a stretch, in the order in which they were written.

        Raises:
            LibraryError: the file is not here, or its bytes are others.
        """
        for line in self.lines(batch):
            yield _unpacked(json.loads(line))

    def lines(self, batch: AttemptBatch) -> list[bytes]:
        """The same, as they are written."""
        path = self.folder / batch.file
        try:
            with path.open("rb") as file:
                file.seek(batch.offset)
                frame = file.read(batch.length)
        except OSError as problem:
            raise LibraryError(f"{path} cannot be read: {problem.strerror}; {batch.machine} wrote it") from problem
        if hashlib.sha256(frame).hexdigest() != batch.sha256:
            raise LibraryError(f"{path} is damaged at {batch.offset}: restore it from a backup")
        return zstandard.ZstdDecompressor().decompress(frame).splitlines()


def _holds(fd: int, batch: AttemptBatch) -> bool:
    return hashlib.sha256(os.pread(fd, batch.length, batch.offset)).hexdigest() == batch.sha256


def _copy_behind(source: int, offset: int, path: Path) -> str:
    """Copy what a file has from an offset on, onto disk; returns its digest."""
    digest = hashlib.sha256()
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        while piece := os.pread(source, _STEP, offset):
            write_all(fd, piece)
            digest.update(piece)
            offset += len(piece)
        os.fsync(fd)
    finally:
        os.close(fd)
    return digest.hexdigest()


def _packed(attempt: FetchAttempt) -> dict[str, Any]:
    """An attempt that brought nothing: such a one has no judgement of a page (`storage.thinning`)."""
    told: dict[str, Any] = {name: getattr(attempt, name) for name in _PLAIN}
    for name in _MOMENTS:
        moment: datetime | None = getattr(attempt, name)
        told[name] = moment.isoformat() if moment else None
    robots = attempt.robots
    told["redirects"] = [[hop.url, hop.status] for hop in attempt.redirects]
    told["robots"] = {"allowed": robots.allowed, "rule": robots.rule, "status": robots.status} if robots else None
    told["reservations"] = list(attempt.reservations)
    return told


def _unpacked(told: dict[str, Any]) -> FetchAttempt:
    moments = {name: datetime.fromisoformat(told[name]) if told[name] else None for name in _MOMENTS}
    return FetchAttempt(
        **{
            **told,
            **moments,
            "reason": FetchReason(told["reason"]),
            "outcome": Outcome(told["outcome"]),
            "redirects": tuple(Redirect(url=url, status=status) for url, status in told["redirects"]),
            "robots": RobotsDecision(**told["robots"]) if told["robots"] else None,
            "reservations": tuple(told["reservations"]),
        }
    )
