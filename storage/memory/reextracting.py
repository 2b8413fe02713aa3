"""Extracting captures again in the in-memory store: at once, or staged and applied later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from storage.errors import VersionNotFound
from storage.memory.candidates import put_keys
from storage.memory.freshness import report
from storage.memory.library import Library
from storage.memory.lines import add_lines, replace_lines
from storage.placing import compares_anew, differing_fields, largest_first, links_anew, rule_lines
from storage.types import Article, ArticleVersion, CaptureKind, Document, Reextraction, RuleHealth


def reextract(library: Library, version_id: int, article: Article, *, now: datetime, dry_run: bool) -> tuple[str, ...]:
    """See `storage.article_store.ArticleStore.reextract`."""
    version = library.versions.get(version_id)
    if version is None:
        raise VersionNotFound(version_id)
    keys = {signal: tuple(own) for signal, own in library.keys[version_id].items()}
    changed = differing_fields(replace(version.article, keys=keys), article)
    if changed and not dry_run:
        plain = replace(article, keys={}, edge_lines=())
        library.versions[version_id] = replace(version, article=plain, extracted_at=now)
        put_keys(library, version_id, article)
        _wait(library, version.article_id, changed)
        report(library, [library.articles[version.article_id]])
    if not dry_run:
        replace_lines(library, version_id, article.edge_lines)
    return changed


def _wait(library: Library, article_id: int, changed: tuple[str, ...]) -> None:
    """Note what else must be worked out again."""
    if compares_anew(changed):
        library.uncompared.add(article_id)
    if links_anew(changed):
        library.unlinked.add(article_id)


def rule_health(library: Library, since: datetime | None) -> Iterator[RuleHealth]:
    """See `storage.article_store.ArticleStore.rule_health`."""
    return rule_lines(
        (_owner(library, one).host, one.article.choice.rule, one.article.choice.missed, 1, one.captured_at)
        for one in library.versions.values()
        if since is None or one.captured_at >= since
    )


def hosts_of_versions(library: Library, *, made_by: str, imported_by: str) -> dict[str, int]:
    """See `storage.article_store.ArticleStore.hosts_of_versions`."""
    found: Counter[str] = Counter()
    for version in library.versions.values():
        capture = library.captures[version.capture_id]
        present = imported_by if capture.kind is CaptureKind.IMPORTED else made_by
        if capture.takedown_id is None and version.article.extractor_version != present:
            found[_owner(library, version).host] += 1
    return largest_first(found)


def stage(library: Library, staged: Sequence[Reextraction]) -> None:
    """See `storage.article_store.ArticleStore.stage_reextractions`."""
    for one in staged:
        version = library.versions.get(one.version_id)
        if version is None:
            continue
        owner = _owner(library, version)
        library.reextractions[one.version_id] = replace(one, url=owner.canonical_url)
        if one.article is not None and not one.weighed:
            add_lines(library, owner.id, one.article.edge_lines)


def staged(library: Library, extractor_version: str, version_ids: Iterable[int]) -> dict[int, Reextraction]:
    """See `storage.article_store.ArticleStore.staged_reextractions`."""
    found = {version_id: library.reextractions.get(version_id) for version_id in version_ids}
    return {
        version_id: one
        for version_id, one in found.items()
        if one is not None and one.extractor_version == extractor_version
    }


def all_staged(library: Library, extractor_version: str, *, host: str, after: int) -> Iterator[Reextraction]:
    """See `storage.article_store.ArticleStore.reextractions`."""
    for version_id, one in sorted(library.reextractions.items()):
        fits = not host or _owner(library, library.versions[version_id]).host == host
        if one.extractor_version == extractor_version and version_id > after and fits:
            yield replace(one, article=None)


def put_in_place(library: Library, version_ids: Iterable[int], extractor_version: str, *, now: datetime) -> list[int]:
    """See `storage.article_store.ArticleStore.apply_reextractions`."""
    written = []
    for version_id, one in staged(library, extractor_version, version_ids).items():
        if one.lost or not one.weighed:
            continue
        if one.article is not None and library.versions[version_id].extracted_at == one.seen_at:
            reextract(library, version_id, one.article, now=now, dry_run=False)
            written.append(version_id)
        del library.reextractions[version_id]
    return written


def forget(library: Library, *, except_version: str) -> int:
    """See `storage.article_store.ArticleStore.forget_reextractions`."""
    others = [one for one in library.reextractions.values() if one.extractor_version != except_version]
    for one in others:
        del library.reextractions[one.version_id]
    return len(others)


def _owner(library: Library, version: ArticleVersion) -> Document:
    return library.documents[library.articles[version.article_id]]
