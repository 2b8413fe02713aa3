"""What stored captures give today, staged beside their versions, and put in their place.

Why staged at all: what a new extractor would do to a library is a figure that somebody has to look at before it is
done, and extracting a library takes hours that a kill must not cost twice.

Why a version is left alone that was extracted again since: another process read the same capture with what it knew
later; its text is at least as good, and the figures were made against a text that is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, delete, func, insert, select

from storage.placing import largest_first
from storage.sql.articles import reextract
from storage.sql.chunks import CHUNK, chunks
from storage.sql.lines import add_lines
from storage.sql.models import ArticleRow, ArticleVersionRow, CaptureRow, DocumentRow, HostRow, ReextractionRow
from storage.sql.rows import HAS_RECORD
from storage.sql.texts import Packed, pack_article, unpack_article
from storage.types import CaptureKind, Reextraction

Reading = Callable[[], AbstractContextManager[Connection]]

_FIGURES = [column for column in ReextractionRow.__table__.columns if column.name != "article"]


def hosts_of_versions(connection: Connection, *, made_by: str, imported_by: str) -> dict[str, int]:
    """See `storage.article_store.ArticleStore.hosts_of_versions`."""
    imported = CaptureRow.kind == CaptureKind.IMPORTED.value
    present = case((imported, imported_by), else_=made_by)
    statement = (
        select(HostRow.name, func.count().label("versions"))
        .select_from(ArticleVersionRow)
        .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
        .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
        .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        .join(HostRow, HostRow.id == DocumentRow.host_id)
        .where(HAS_RECORD, ArticleVersionRow.extractor_version != present)
        .group_by(HostRow.name)
    )
    return largest_first({row.name: row.versions for row in connection.execute(statement)})


def stage(connection: Connection, staged: Sequence[Reextraction]) -> None:
    """See `storage.article_store.ArticleStore.stage_reextractions`."""
    owners = _owners(connection, (one.version_id for one in staged))
    known = {one.version_id: one for one in staged if one.version_id in owners}
    for piece in chunks(known):
        connection.execute(delete(ReextractionRow).where(ReextractionRow.version_id.in_(piece)))
        connection.execute(insert(ReextractionRow), [_values(known[version_id]) for version_id in piece])
    for version_id, one in known.items():
        if one.article is not None and not one.weighed:
            add_lines(connection, owners[version_id], one.article.edge_lines)


def staged(connection: Connection, extractor_version: str, version_ids: Iterable[int]) -> dict[int, Reextraction]:
    """See `storage.article_store.ArticleStore.staged_reextractions`."""
    found: dict[int, Reextraction] = {}
    for piece in chunks(version_ids):
        rows = connection.execute(
            _rows(*ReextractionRow.__table__.columns).where(
                ReextractionRow.version_id.in_(piece), ReextractionRow.extractor_version == extractor_version
            )
        )
        found |= {row.version_id: _reextraction(row, row.article) for row in rows}
    return found


def all_staged(read: Reading, extractor_version: str, *, host: str, after: int) -> Iterator[Reextraction]:
    """See `storage.article_store.ArticleStore.reextractions`."""
    statement = _rows(*_FIGURES).where(ReextractionRow.extractor_version == extractor_version)
    statement = statement.order_by(ReextractionRow.version_id).limit(CHUNK)
    if host:
        statement = statement.where(HostRow.name == host)
    while True:
        with read() as connection:
            rows = connection.execute(statement.where(ReextractionRow.version_id > after)).all()
        for row in rows:
            yield _reextraction(row, None)
        if len(rows) < CHUNK:
            return
        after = rows[-1].version_id


def put_in_place(
    connection: Connection, version_ids: Iterable[int], extractor_version: str, *, now: datetime
) -> list[int]:
    """See `storage.article_store.ArticleStore.apply_reextractions`."""
    ours = {
        version_id: one
        for version_id, one in staged(connection, extractor_version, version_ids).items()
        if one.weighed and not one.lost
    }
    present = _extracted_at(connection, ours)
    written = []
    for version_id, one in ours.items():
        if one.article is not None and present.get(version_id) == one.seen_at:
            reextract(connection, version_id, one.article, now=now, dry_run=False)
            written.append(version_id)
    for piece in chunks(ours):
        connection.execute(delete(ReextractionRow).where(ReextractionRow.version_id.in_(piece)))
    return written


def forget(connection: Connection, *, except_version: str) -> int:
    """See `storage.article_store.ArticleStore.forget_reextractions`."""
    return connection.execute(
        delete(ReextractionRow).where(ReextractionRow.extractor_version != except_version)
    ).rowcount


def _rows(*columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    return (
        select(*columns, DocumentRow.canonical_url.label("url"))
        .select_from(ReextractionRow)
        .join(ArticleVersionRow, ArticleVersionRow.id == ReextractionRow.version_id)
        .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
        .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        .join(HostRow, HostRow.id == DocumentRow.host_id)
    )


def _owners(connection: Connection, version_ids: Iterable[int]) -> dict[int, int]:
    """The document of each version that is known."""
    owners: dict[int, int] = {}
    for piece in chunks(version_ids):
        rows = connection.execute(
            select(ArticleVersionRow.id, ArticleRow.document_id)
            .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
            .where(ArticleVersionRow.id.in_(piece))
        )
        owners |= {row.id: row.document_id for row in rows}
    return owners


def _extracted_at(connection: Connection, version_ids: Iterable[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for piece in chunks(version_ids):
        rows = connection.execute(
            select(ArticleVersionRow.id, ArticleVersionRow.extracted_at).where(ArticleVersionRow.id.in_(piece))
        )
        found |= {row.id: row.extracted_at for row in rows}
    return found


def _values(one: Reextraction) -> Packed:
    return {
        "version_id": one.version_id,
        "extractor_version": one.extractor_version,
        "seen_at": one.seen_at,
        "article": None if one.article is None else pack_article(one.article),
        "weighed": one.weighed,
        "fields": list(one.fields),
        "words_before": one.words_before,
        "words_after": one.words_after,
        "problem": one.problem,
        "lost": one.lost,
    }


def _reextraction(row: Row[Any], packed: Packed | None) -> Reextraction:
    return Reextraction(
        version_id=row.version_id,
        extractor_version=row.extractor_version,
        seen_at=row.seen_at,
        url=row.url,
        article=None if packed is None else unpack_article(packed),
        weighed=row.weighed,
        fields=tuple(row.fields),
        words_before=row.words_before,
        words_after=row.words_after,
        problem=row.problem,
        lost=row.lost,
    )
