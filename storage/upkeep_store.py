"""The part of the store's contract that keeps a library going for years: daily counts, alerts, takedowns.

Why days are counted when results are stored and not when somebody asks: attempts grow for ever, and a question that is
asked each minute must not read millions of them. The counts are written in the transaction of the attempts.

Why a removal is three steps: the bytes are in files, the rows in a database, and no transaction spans both. Captures of
other documents that rest on the bytes are written anew first (`move_captures`); then rows go and the stretches of the
files are noted, in one transaction; then the stretches are overwritten, and `end_removals` says so. Killed between any
two, the next program that starts goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from storage.types import Alert, AlertKind, Capture, Document, HostDay, Removal, RetentionRule, Takedown, TakedownKind


class UpkeepStore(Protocol):
    """The sections "days", "alerts" and "takedowns" of `storage.protocol.Store`."""

    # -- days --------------------------------------------------------------------------------------------------

    def host_days(self, *, since: date, until: date, host: str = "") -> Iterator[HostDay]:
        """What was counted on these days (both included), by (day, host, archive, outcome); streams."""

    # -- alerts ------------------------------------------------------------------------------------------------

    def put_alerts(
        self, found: Mapping[tuple[AlertKind, str], str], *, kinds: Collection[AlertKind], now: datetime
    ) -> tuple[list[Alert], list[Alert]]:
        """Say what stands now, of these kinds: (kind, subject) -> text. Returns what was opened and what was closed.

        One that stands already gets the new text and moment; one of these kinds that is not found any more is closed.
        """

    def alerts(self, *, open_only: bool = True, limit: int | None = None) -> list[Alert]:
        """Alerts, latest opening first."""

    def untold_alerts(self) -> list[Alert]:
        """Alerts of whose opening or closing nobody was notified yet, oldest first.

        One that was closed before anybody was told of its opening is not among them.
        """

    def told_alert(self, alert_id: int, told: str) -> None:
        """Somebody was notified that it was ``opened`` or ``closed``."""

    # -- takedowns ---------------------------------------------------------------------------------------------

    def take_down(
        self, takedown: Takedown, *, document_ids: Sequence[int], before: datetime | None = None, dry_run: bool = False
    ) -> Takedown:
        """Remove documents' texts and captures, note which stretches of files go, and leave a tombstone.

        One transaction. ``document_ids`` are the documents that it is about; lead images that only their articles show
        go with them. Articles go with versions, keys, edge lines, staged extractions, relations, links to events (also
        those that a person confirmed), words of the search index and cluster membership (stories are told anew);
        captures go with their sightings and images, and so do the places of their URLs in held files. Documents,
        attempts and source links stay, without evidence that quotes the page (`FetchAttempt.page`, ``coverage``,
        ``detail``). A document that is merged into one of them, or into which one of them is merged, is not one of
        them. Tombstoned documents are never due, leased, queued for archives, or given an article; a host's tombstone
        holds for documents that come later too.

        ``RAW`` removes captures only, those that were fetched before ``before`` where that is given: their rows stay
        and say so (`Capture.takedown_id`), versions and sightings stay as they are. It leaves no tombstone and changes
        nothing of when documents are due.

        Many documents may be taken down bit by bit: a takedown with an ``id``, or one of the same kind and subject as a
        tombstone that stands, goes on with that one. Returns it with its id and what was ``removed`` by all calls
        (``articles``, ``versions``, ``links``, ``captures``, ``bytes``). ``dry_run`` counts only, and of this call.

        Raises `StillNeeded` where a surviving capture is a revisit of one of theirs: `move_captures` first.
        """

    def resting_on(self, document_ids: Collection[int], *, before: datetime | None = None) -> list[Capture]:
        """Captures that stay and are revisits of records that go with these documents, by (record, id).

        ``before`` as in `take_down`: then younger captures of the same documents stay too.
        """

    def move_captures(self, moved: Mapping[int, Capture], *, takedown: str, now: datetime) -> None:
        """Captures, by id, stand elsewhere now: they were written anew (location, ``revisit_of``).

        Their old stretches are noted as removals under a takedown of kind ``RAW`` whose reason is ``takedown``. One
        that is gone meanwhile is left out, and its new record noted as a removal too.
        """

    def removals(self) -> list[Removal]:
        """Stretches of files that are still to be overwritten, by (file, offset)."""

    def end_removals(self, done: Sequence[Removal]) -> None:
        """These stretches are overwritten.

        When none is left, what a database keeps of removed rows beside its tables (the words of an index, a journal,
        free pages) is overwritten too, where this program can do that: on SQLite. Call it with nothing to have just
        that done.
        """

    def takedowns(self, *, standing_only: bool = False) -> list[Takedown]:
        """All takedowns, latest first; ``standing_only``: tombstones that hold."""

    def takedown_of(self, canonical_url: str, host: str) -> Takedown | None:
        """The tombstone that keeps this document away: its own, else its host's."""

    def copies_of(self, document_ids: Collection[int]) -> list[Document]:
        """Other documents that have the same page or text, by id.

        Those with a capture of the same payload (rendered and empty ones do not count), with a version of the same
        text, with an article that is a copy with a score of .95 or more, or that are one with them by a merge.
        """

    def documents_of(self, host: str, *, after: int = 0) -> Iterator[int]:
        """All documents of a host, whatever they are; ascending ids behind ``after``; streams."""

    def urls_of(self, document_ids: Collection[int]) -> dict[int, str]:
        """The canonical URLs of documents, by id ascending; unknown ones are left out."""

    def lift_takedown(self, kind: TakedownKind, subject: str, *, now: datetime, who: str) -> Takedown:
        """The document (or the host's) may be fetched again; due now. What was removed stays removed.

        Raises `TakedownNotFound`.
        """

    def expired(self, rule: RetentionRule, *, after: int = 0) -> Iterator[int]:
        """Documents of which everything was fetched before the rule's moment, and that have a capture or had one.

        Raw only: documents that still have such a capture. Ascending ids behind ``after``; streams. The moment is that
        of fetching, also of an archived copy: a rule says how long something is kept, not how old the page is.
        """
