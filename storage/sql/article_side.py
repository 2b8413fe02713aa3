"""The sections "archive" and "extraction" of the store on SQLAlchemy, as `storage.sql.store` has the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from storage.article_store import Decider
from storage.sql import archiving, articles, lead_images, reading, reextractions, rules
from storage.sql import engine as engines
from storage.sql.connected import Connected
from storage.sql.lines import familiar_lines
from storage.sql.visits import visits
from storage.types import (
    Archived,
    Article,
    ArticleVersion,
    Capture,
    FetchResult,
    KnownPayload,
    Reextraction,
    RuleHealth,
    WantedImage,
)


class ArticleSide(Connected):
    """How articles come in, and how they are extracted again."""

    # -- archive -------------------------------------------------------------------------------------------------

    def known_payloads(self, digests: Iterable[str]) -> dict[str, KnownPayload]:
        """See `ArticleStore.known_payloads`."""
        with self._read() as connection:
            return archiving.known_payloads(connection, digests)

    def visits(self, capture_ids: Collection[int]) -> dict[int, tuple[Capture, ...]]:
        """See `ArticleStore.visits`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return visits(connection, capture_ids)

    def archive(self, results: Sequence[FetchResult], *, decide: Decider, now: datetime) -> list[Archived]:
        """See `ArticleStore.archive`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return archiving.archive(connection, results, decide=decide, now=now)

    def put_lead_images(self, wanted: Mapping[int, WantedImage], *, now: datetime, dry_run: bool = False) -> int:
        """See `ArticleStore.put_lead_images`."""
        with self._write(keep=not dry_run) as connection:
            engines.expect_lookups(connection)
            return lead_images.put(connection, wanted, now=now)

    # -- extraction ----------------------------------------------------------------------------------------------

    def reextract(self, version_id: int, article: Article, *, now: datetime, dry_run: bool = False) -> tuple[str, ...]:
        """See `ArticleStore.reextract`."""
        with self._read() if dry_run else self._write() as connection:
            engines.expect_lookups(connection)
            return articles.reextract(connection, version_id, article, now=now, dry_run=dry_run)

    def familiar_lines(self, host: str, lines: Iterable[int], *, document_id: int) -> dict[int, int]:
        """See `ArticleStore.familiar_lines`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return familiar_lines(connection, host, lines, document_id=document_id)

    def own_versions(self, document_id: int, *, limit: int) -> list[tuple[ArticleVersion, Capture]]:
        """See `ArticleStore.own_versions`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return reading.own_versions(connection, document_id, limit=limit)

    def rule_health(self, *, since: datetime | None = None) -> Iterator[RuleHealth]:
        """See `ArticleStore.rule_health`."""
        return rules.rule_health(self._read, since)

    def hosts_of_versions(self, *, made_by: str = "", imported_by: str = "") -> dict[str, int]:
        """See `ArticleStore.hosts_of_versions`."""
        with self._read() as connection:
            return reextractions.hosts_of_versions(connection, made_by=made_by, imported_by=imported_by)

    def stage_reextractions(self, staged: Sequence[Reextraction]) -> None:
        """See `ArticleStore.stage_reextractions`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            reextractions.stage(connection, staged)

    def staged_reextractions(self, extractor_version: str, version_ids: Iterable[int]) -> dict[int, Reextraction]:
        """See `ArticleStore.staged_reextractions`."""
        with self._read() as connection:
            engines.expect_lookups(connection)
            return reextractions.staged(connection, extractor_version, version_ids)

    def reextractions(self, extractor_version: str, *, host: str = "", after: int = 0) -> Iterator[Reextraction]:
        """See `ArticleStore.reextractions`."""
        return reextractions.all_staged(self._read, extractor_version, host=host, after=after)

    def apply_reextractions(self, version_ids: Iterable[int], extractor_version: str, *, now: datetime) -> list[int]:
        """See `ArticleStore.apply_reextractions`."""
        with self._write() as connection:
            engines.expect_lookups(connection)
            return reextractions.put_in_place(connection, version_ids, extractor_version, now=now)

    def forget_reextractions(self, *, except_version: str) -> int:
        """See `ArticleStore.forget_reextractions`."""
        with self._write() as connection:
            return reextractions.forget(connection, except_version=except_version)
