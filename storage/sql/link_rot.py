"""How cited documents fare: the public copy of each, and the counts of a report about link rot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, extract, func, select

from storage.sql.chunks import chunks
from storage.sql.mementos import unpack_memento
from storage.sql.models import (
    ArchiveSaveRow,
    ArticleRow,
    ArticleVersionRow,
    BackfillRow,
    CaptureRow,
    DocumentRow,
    EventRow,
    HostRow,
    SightingRow,
    SourceLinkRow,
)
from storage.sql.rows import NOT_TAKEN_DOWN
from storage.sql.selecting import Reading
from storage.types import ArchiveLink, BackfillState, LinkRot, Outcome, SavingState

_STREAMED = 1_000


def archive_links(connection: Connection, document_ids: Iterable[int]) -> dict[int, ArchiveLink]:
    """See `storage.protocol.Store.archive_links`."""
    found: dict[int, ArchiveLink] = {}
    for piece in chunks(sorted(set(document_ids))):
        links = _saved(connection, piece) | _cited(connection, piece) | _accepted(connection, piece)
        found |= dict(sorted(links.items()))
    return found


def _saved(connection: Connection, document_ids: list[int]) -> dict[int, ArchiveLink]:
    own = (
        ArchiveSaveRow.document_id.in_(document_ids),
        ArchiveSaveRow.state == SavingState.SAVED,
        ArchiveSaveRow.url != "",
    )
    copy = select(
        ArchiveSaveRow.document_id, ArchiveSaveRow.archive, ArchiveSaveRow.url, ArchiveSaveRow.captured_at
    ).where(*own)
    rows = connection.execute(copy.order_by(ArchiveSaveRow.captured_at.asc().nulls_first(), ArchiveSaveRow.archive))
    return {row.document_id: ArchiveLink(archive=row.archive, url=row.url, captured_at=row.captured_at) for row in rows}


def _cited(connection: Connection, document_ids: list[int]) -> dict[int, ArchiveLink]:
    known = select(
        DocumentRow.id, DocumentRow.memento_archive, DocumentRow.memento_url, DocumentRow.memento_captured_at
    )
    rows = connection.execute(known.where(DocumentRow.id.in_(document_ids), DocumentRow.memento_url.is_not(None)))
    return {
        row.id: ArchiveLink(archive=row.memento_archive, url=row.memento_url, captured_at=row.memento_captured_at)
        for row in rows
    }


def _accepted(connection: Connection, document_ids: list[int]) -> dict[int, ArchiveLink]:
    """The copy that shows the latest version, the current one counting as the latest of all; later copies win."""
    links: dict[int, ArchiveLink] = {}
    for row in connection.execute(_copies(document_ids)):
        memento = unpack_memento(row.memento)
        if memento is not None and memento.public_url:
            links[row.document_id] = ArchiveLink(
                archive=memento.archive, url=memento.public_url, captured_at=memento.captured_at, verified=True
            )
    return links


def _copies(document_ids: list[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(ArticleRow.document_id, CaptureRow.memento)
        .join(ArticleVersionRow, ArticleVersionRow.article_id == ArticleRow.id)
        .join(SightingRow, SightingRow.version_id == ArticleVersionRow.id)
        .join(CaptureRow, CaptureRow.id == SightingRow.capture_id)
        .where(ArticleRow.document_id.in_(document_ids), CaptureRow.memento.is_not(None))
        .order_by(
            ArticleVersionRow.number == ArticleRow.latest,
            ArticleVersionRow.number,
            CaptureRow.captured_at,
            CaptureRow.id,
        )
    )


def link_rot(read: Reading) -> Iterator[LinkRot]:
    """See `storage.protocol.Store.link_rot`."""
    with read() as connection:
        yield from map(_line, connection.execute(_lines(), execution_options={"yield_per": _STREAMED}))


def _lines() -> Select[*tuple[Any, ...]]:
    cited = (
        select(SourceLinkRow.document_id, func.min(EventRow.event_date).label("first"))
        .join(EventRow, EventRow.id == SourceLinkRow.event_id)
        .where(SourceLinkRow.withdrawn_at.is_(None), SourceLinkRow.document_id.is_not(None))
        .group_by(SourceLinkRow.document_id)
        .subquery()
    )
    group = (
        extract("year", cited.c.first).label("year"),
        HostRow.name,
        DocumentRow.last_outcome,
        BackfillRow.state,
    )
    return (
        select(*group, func.count().label("documents"), func.count(ArticleRow.id).label("articles"))
        .select_from(cited)
        .join(DocumentRow, DocumentRow.id == cited.c.document_id)
        .join(HostRow, HostRow.id == DocumentRow.host_id)
        .outerjoin(ArticleRow, ArticleRow.document_id == DocumentRow.id)
        .outerjoin(BackfillRow, BackfillRow.document_id == DocumentRow.id)
        .where(NOT_TAKEN_DOWN)
        .group_by(*group)
        .order_by(*(column.asc().nulls_first() for column in group))
    )


def _line(row: Row[*tuple[Any, ...]]) -> LinkRot:
    return LinkRot(
        year=int(row.year),
        host=row.name,
        outcome=None if row.last_outcome is None else Outcome(row.last_outcome),
        backfill=None if row.state is None else BackfillState(row.state),
        documents=row.documents,
        articles=row.articles,
    )
