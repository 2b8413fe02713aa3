"""The part of the store's contract that is about articles: how they come in, and how they are extracted again.

Why a module of its own: it is the half of `storage.protocol.Store` that speaks of texts; everybody imports `Store`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from storage.types import (
    Archived,
    Article,
    ArticleVersion,
    Candidate,
    Capture,
    FetchResult,
    KnownPayload,
    Reextraction,
    RuleHealth,
    Verdict,
    WantedImage,
)

Decider = Callable[[Article, Sequence[Candidate]], Verdict]
"""Given a fresh article and all candidates for being the same, the verdict. Pure."""


class ArticleStore(Protocol):
    """The sections "archive" and "extraction" of `storage.protocol.Store`."""

    # -- archive -----------------------------------------------------------------------------------------------

    def known_payloads(self, digests: Iterable[str]) -> dict[str, KnownPayload]:
        """For each digest that is stored, the record that holds its bytes as a server sent them (no rendered page)."""

    def visits(self, capture_ids: Collection[int]) -> dict[int, tuple[Capture, ...]]:
        """For each capture by its number all captures of its attempt, itself among them, in the order of their coming.

        Unknown ones are left out; one whose record was removed is not. A few questions, however many captures.
        """

    def archive(self, results: Sequence[FetchResult], *, decide: Decider, now: datetime) -> list[Archived]:
        """Deduplicate and store a batch in one transaction, each item under its own savepoint.

        Per item: attempt; captures; document state (outcome, counts, validators, next try; its lease ends if the
        run still holds it; an attempt at an archive leaves all of that as it is); then, where there is an article:
        candidates are looked up, ``decide`` is asked, the version is written, the cluster joined, and the event links
        of every present citation added. The states of `FetchResult.hosts` are written as by `put_host_states`, also
        for an item that cannot be stored; its ``search`` as by `put_search`, its ``lead_image`` as by
        `put_lead_images`, its ``image`` with the last capture, only with the item.
        A result under a `FetchResult.lease` that is not held any more is ``stale``: nothing of it is written, nor what
        it taught about hosts; an attempt at an archive is held by its place in the queue of backfills. So is one whose
        capture is a revisit of a record of a stale one in the same batch. What was stored before is ``repeated`` all
        the same, and what was taken down is kept out.
        A result with ``replayed`` has no captures of its own: its article belongs to that stored capture of the same
        document, which becomes the attempt's page. Nobody was asked, so it never adds to the document's failures. It
        cannot be stored where the document was attempted after the replay began (``attempt.started_at``), or where it
        would make a second version of one capture (`reextract` is the way).

        Candidates are: the document's own versions; versions whose capture has the same payload digest; versions
        with the same text digest; versions whose time lies within the signal window (3 days) and that share signal
        keys which are not stock (the best 200 by such keys), but no version that shares less than .06 of 40 or more
        keys of the shorter text. Candidates of earlier items of the same batch count. Of versions with the
        same payload or text the first 20 are given: some payloads (a consent wall) are everywhere. Candidates of other
        documents come without those of documents that are the fresh one's own by a merge. `Candidate` says which of
        them have their text.

        What the verdict says about other documents (``likenesses``) becomes relations between articles: of several
        versions of a pair the strongest counts. Then the story is told anew: all articles that are connected by
        relations of kind copy are grouped by best average fit (`storage.telling`), whatever their order of arrival.
        A group keeps the number of the cluster that had most of its articles; a cluster that lost all of them to
        another says so (``merged_into``), one that was split keeps its number with the larger part. Of more than 400
        connected articles only the fresh one is placed, beside the group that fits it best; `compare_again` does not
        look further either. The member that stands for the cluster: published by the credited agency itself, else the
        one that is no teaser and was reported first (by day), then the fullest, then the lowest canonical URL.

        A later version of an article becomes the current one unless that would be a step back: a teaser never replaces
        a full text, and of two texts of the same access the one captured later stays current (an archive gives old
        ones last). A revisit of an own version is only recorded.

        ``FetchResult.claims`` are kept. A claim becomes a merge in the same transaction, on whichever side comes last,
        when the document that it names is known, both have an article, and the texts are copies (same payload, same
        text, or a relation of kind copy with a score of at least .8); a permanent redirect needs no more than that the
        other document is known and that no more than 5 documents moved there. A claim that points back, or a merge
        that was undone, merges nothing. A known document of a claim that is no source is passed over.
        ``FetchResult.feed`` is written as `DiscoveryStore` says.

        An item that cannot be stored gets ``error`` and leaves nothing behind; the others are stored. Writers are
        serialised, so two that bring the same story at once see each other. ``decide`` may
        raise `storage.errors.Unstorable` to refuse one item; any other exception of it ends the call.
        """

    def put_lead_images(self, wanted: Mapping[int, WantedImage], *, now: datetime, dry_run: bool = False) -> int:
        """Link versions, by id, to the documents of their lead images; returns how many documents are new.

        New documents are due at once. One that is known stays as it is: an image that an entry cites stays a source,
        one that was asked for is not asked again. A version that has a link gets another one only for another URL.
        ``dry_run`` answers the same and writes nothing.
        """

    # -- extraction ----------------------------------------------------------------------------------------------

    def reextract(self, version_id: int, article: Article, *, now: datetime, dry_run: bool = False) -> tuple[str, ...]:
        """Put a new extraction of the same capture in place of a version's text, keys and edge lines.

        Returns the names of the fields that differ (empty: nothing changed). The verdict, number and capture stay.
        Edge lines are replaced even where no field differs. Raises `VersionNotFound`.
        """

    def familiar_lines(self, host: str, lines: Iterable[int], *, document_id: int) -> dict[int, int]:
        """For each line that stood at the edge of other documents of the host, on how many; counted up to 4.

        A document counts once, whichever of its versions had the line; one whose story an earlier document of the host
        tells (they share a cluster) does not count. Lines of other hosts never count. Of a line
        that stands everywhere no more than 5 documents are remembered; such a line stays known when one of them is
        extracted otherwise, since it stood on documents that were not written down.
        """

    def own_versions(self, document_id: int, *, limit: int) -> list[tuple[ArticleVersion, Capture]]:
        """The latest versions of a document's article with their captures, highest number first."""

    def rule_health(self, *, since: datetime | None = None) -> Iterator[RuleHealth]:
        """How often each publisher rule applied or missed something: by host, then rules, then misses, by name.

        Versions whose capture is older than ``since`` do not count. Several names missed on one page count once each.
        """

    def hosts_of_versions(self, *, made_by: str = "", imported_by: str = "") -> dict[str, int]:
        """How many versions with a capture that has a record each host has, most first, then by name.

        Versions that the extractor of version ``made_by`` made do not count, nor, of imported articles, those that
        ``imported_by`` made.
        """

    def stage_reextractions(self, staged: Sequence[Reextraction]) -> None:
        """Put extractions beside their versions, over earlier ones of the same versions.

        The edge lines of those that are not weighed yet become lines of their documents, beside those of the versions:
        the host is known before the first of its pages is cut. Those of versions that are unknown are left out.
        """

    def staged_reextractions(self, extractor_version: str, version_ids: Iterable[int]) -> dict[int, Reextraction]:
        """What this extractor staged for these versions, with the articles."""

    def reextractions(self, extractor_version: str, *, host: str = "", after: int = 0) -> Iterator[Reextraction]:
        """Everything that this extractor staged (for one host) by version id, without the articles; streams."""

    def apply_reextractions(self, version_ids: Iterable[int], extractor_version: str, *, now: datetime) -> list[int]:
        """Put what is staged and weighed in place of the versions' texts, as `reextract` does, and end the staging.

        One transaction. A version that was extracted again since then keeps its text; what was staged for it is
        dropped. So is a capture that could not be read. That a capture has no article any more stays on record, so
        that nobody looks again. Returns the versions that were written.
        """

    def forget_reextractions(self, *, except_version: str) -> int:
        """Drop what other extractors staged and nobody applied; returns how many."""
