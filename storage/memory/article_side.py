"""The sections "archive" and "extraction" of the in-memory store, as `storage.memory.store` has the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from storage.article_store import Decider
from storage.memory import archiving, lead_images, reextracting
from storage.memory.library import Library
from storage.memory.lines import familiar_lines
from storage.types import (
    Archived,
    Article,
    ArticleVersion,
    Capture,
    CaptureKind,
    FetchResult,
    KnownPayload,
    Reextraction,
    RuleHealth,
    WantedImage,
)


class ArticleSide:
    """How articles come in, and how they are extracted again."""

    _library: Library

    # -- archive -------------------------------------------------------------------------------------------------

    def known_payloads(self, digests: Iterable[str]) -> dict[str, KnownPayload]:
        """See `ArticleStore.known_payloads`."""
        wanted, known = set(digests), dict[str, KnownPayload]()
        for one in self._library.captures.values():
            holds = not one.revisit_of and one.kind is not CaptureKind.RENDERED and one.takedown_id is None
            if one.payload_digest in wanted and holds:
                known.setdefault(one.payload_digest, KnownPayload.of(one))
        return known

    def visits(self, capture_ids: Collection[int]) -> dict[int, tuple[Capture, ...]]:
        """See `ArticleStore.visits`."""
        stored = self._library.captures
        own = {number: stored[number].attempt_id for number in capture_ids if number in stored}
        visits: dict[int | None, list[Capture]] = {attempt: [] for attempt in own.values()}
        for one in sorted(stored.values(), key=lambda one: (one.fetched_at, one.id)):
            if one.attempt_id in visits:
                visits[one.attempt_id].append(one)
        return {number: tuple(visits[attempt]) for number, attempt in own.items()}

    def archive(self, results: Sequence[FetchResult], *, decide: Decider, now: datetime) -> list[Archived]:
        """See `ArticleStore.archive`."""
        return archiving.archive(self._library, results, decide=decide, now=now)

    def put_lead_images(self, wanted: Mapping[int, WantedImage], *, now: datetime, dry_run: bool = False) -> int:
        """See `ArticleStore.put_lead_images`."""
        return lead_images.put(self._library, wanted, now=now, dry_run=dry_run)

    # -- extraction ----------------------------------------------------------------------------------------------

    def reextract(self, version_id: int, article: Article, *, now: datetime, dry_run: bool = False) -> tuple[str, ...]:
        """See `ArticleStore.reextract`."""
        return reextracting.reextract(self._library, version_id, article, now=now, dry_run=dry_run)

    def familiar_lines(self, host: str, lines: Iterable[int], *, document_id: int) -> dict[int, int]:
        """See `ArticleStore.familiar_lines`."""
        return familiar_lines(self._library, host, lines, document_id=document_id)

    def own_versions(self, document_id: int, *, limit: int) -> list[tuple[ArticleVersion, Capture]]:
        """See `ArticleStore.own_versions`."""
        article_id = self._library.documents[document_id].article_id if document_id in self._library.documents else None
        own = [] if article_id is None else self._library.versions_of(article_id)
        latest = sorted(own, key=lambda one: one.number, reverse=True)[:limit]
        return [(one, self._library.captures[one.capture_id]) for one in latest]

    def rule_health(self, *, since: datetime | None = None) -> Iterator[RuleHealth]:
        """See `ArticleStore.rule_health`."""
        return reextracting.rule_health(self._library, since)

    def hosts_of_versions(self, *, made_by: str = "", imported_by: str = "") -> dict[str, int]:
        """See `ArticleStore.hosts_of_versions`."""
        return reextracting.hosts_of_versions(self._library, made_by=made_by, imported_by=imported_by)

    def stage_reextractions(self, staged: Sequence[Reextraction]) -> None:
        """See `ArticleStore.stage_reextractions`."""
        reextracting.stage(self._library, staged)

    def staged_reextractions(self, extractor_version: str, version_ids: Iterable[int]) -> dict[int, Reextraction]:
        """See `ArticleStore.staged_reextractions`."""
        return reextracting.staged(self._library, extractor_version, version_ids)

    def reextractions(self, extractor_version: str, *, host: str = "", after: int = 0) -> Iterator[Reextraction]:
        """See `ArticleStore.reextractions`."""
        return reextracting.all_staged(self._library, extractor_version, host=host, after=after)

    def apply_reextractions(self, version_ids: Iterable[int], extractor_version: str, *, now: datetime) -> list[int]:
        """See `ArticleStore.apply_reextractions`."""
        return reextracting.put_in_place(self._library, version_ids, extractor_version, now=now)

    def forget_reextractions(self, *, except_version: str) -> int:
        """See `ArticleStore.forget_reextractions`."""
        return reextracting.forget(self._library, except_version=except_version)
