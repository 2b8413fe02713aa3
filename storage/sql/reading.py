"""Reading documents, captures and articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from storage.errors import ArticleNotFound, DocumentNotFound
from storage.sql.backfills import backfills
from storage.sql.chunks import CHUNK, chunks
from storage.sql.columns import StoredText
from storage.sql.discovery import discoveries
from storage.sql.events import event_links
from storage.sql.lead_images import lead_images, showing
from storage.sql.marks import marks_of
from storage.sql.merges import merges_of
from storage.sql.models import (
    ArticleRow,
    ArticleVersionRow,
    AttemptRow,
    CaptureRow,
    ClusterMemberRow,
    ClusterRow,
    DocumentRow,
    EventLinkRow,
    EventRow,
    HostRow,
    SourceLinkRow,
)
from storage.sql.relations import relations
from storage.sql.rows import (
    HAS_RECORD,
    attempt,
    attempts,
    capture,
    captures,
    documents,
    url_digest,
    version,
    versions,
)
from storage.sql.rows import document as document_of
from storage.sql.saves import saves
from storage.sql.searches import searches
from storage.sql.selecting import Reading, conditions, of_host
from storage.sql.takedowns import noted_end
from storage.sql.thinning import thinned
from storage.types import (
    ArticleVersion,
    ArticleView,
    Capture,
    ClusterMember,
    Document,
    DocumentHistory,
    EventLink,
    Selection,
)

_ARTICLES = 100


def find_document(connection: Connection, canonical_url: str) -> Document | None:
    """See `storage.protocol.Store.find_document`."""
    row = connection.execute(documents().where(DocumentRow.url_digest == url_digest(canonical_url))).first()
    return None if row is None else document_of(row)


def document(connection: Connection, canonical_url: str) -> Document:
    """See `storage.protocol.Store.document`."""
    found = find_document(connection, canonical_url)
    if found is None:
        raise DocumentNotFound(canonical_url)
    return found


def history(connection: Connection, canonical_url: str) -> DocumentHistory:
    """See `storage.protocol.Store.history`."""
    found = document(connection, canonical_url)
    citing = (
        select(EventRow.key, SourceLinkRow.cited_url)
        .join(EventRow, EventRow.id == SourceLinkRow.event_id)
        .where(SourceLinkRow.document_id == found.id)
        .order_by(EventRow.key, SourceLinkRow.id)
    )
    asked = attempts().where(AttemptRow.document_id == found.id).order_by(AttemptRow.started_at, AttemptRow.id)
    observed = captures().join(AttemptRow, AttemptRow.id == CaptureRow.attempt_id)
    observed = observed.where(AttemptRow.document_id == found.id).order_by(CaptureRow.fetched_at, CaptureRow.id)
    return DocumentHistory(
        document=found,
        cited_by=tuple((row.key, row.cited_url) for row in connection.execute(citing)),
        attempts=tuple(map(attempt, connection.execute(asked))),
        captures=tuple(map(capture, connection.execute(observed))),
        backfill=backfills(connection, [found.id]).get(found.id),
        searches=searches(connection, [found.id]).get(found.id, ()),
        saves=saves(connection, [found.id]).get(found.id, ()),
        lead_image_of=showing(connection, found.id),
        merges=merges_of(connection, [found.id]).get(found.id, ()),
        found_by=discoveries(connection, [found.id]).get(found.id, ()),
        thinned=thinned(connection, found.id),
    )


# -- articles --------------------------------------------------------------------------------------------------------


def article(connection: Connection, article_id: int) -> ArticleView:
    """See `storage.protocol.Store.article`."""
    found = _article_views(connection, [article_id])
    if not found:
        raise ArticleNotFound(article_id)
    return found[0]


def article_views(connection: Connection, article_ids: Sequence[int]) -> list[ArticleView]:
    """See `storage.browsing_store.BrowsingStore.article_views`."""
    pieces = chunks(dict.fromkeys(article_ids), _ARTICLES)
    found = {view.id: view for piece in pieces for view in _article_views(connection, piece)}
    return [found[one] for one in article_ids if one in found]


def articles(read: Reading, selection: Selection | None, *, after: int) -> Iterator[ArticleView]:
    """See `storage.protocol.Store.articles`."""
    wanted = conditions(selection, None) + of_host(read, selection) if selection else []
    statement = (
        select(ArticleRow.id)
        .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        .join(HostRow, HostRow.id == DocumentRow.host_id)
        .where(*wanted)
        .order_by(ArticleRow.id)
        .limit(_ARTICLES)
    )
    while True:
        with read() as connection:
            ids = connection.scalars(statement.where(ArticleRow.id > after)).all()
            page = _article_views(connection, ids)
        yield from page
        if len(ids) < _ARTICLES:
            return
        after = ids[-1]


def _article_views(connection: Connection, ids: Sequence[int]) -> list[ArticleView]:
    """The articles that exist among `ids`, by id."""
    # By the documents' own numbers: SQLite reads every document where only the outer join's side is named.
    of_articles = select(ArticleRow.document_id).where(ArticleRow.id.in_(ids))
    wanted = documents().where(DocumentRow.id.in_(of_articles), ArticleRow.id.in_(ids))
    rows = connection.execute(wanted.order_by(ArticleRow.id)).all()
    by_article = _versions_of(connection, ids)
    clusters = _clusters_of(connection, ids)
    links = _links_of(connection, ids)
    images = lead_images(connection, ids)
    related = relations(connection, [row.article_id for row in rows])
    merged = merges_of(connection, [row.id for row in rows])
    named = discoveries(connection, [row.id for row in rows])
    marks = marks_of(connection, ids)
    return [
        ArticleView(
            id=row.article_id,
            document=document_of(row),
            versions=tuple(by_article[row.article_id]),
            cluster=clusters[row.article_id][1],
            events=tuple(links[row.article_id]),
            lead_image=images.get(row.article_id),
            cluster_id=clusters[row.article_id][0],
            relations=tuple(related[row.article_id]),
            merges=merged.get(row.id, ()),
            found_by=named.get(row.id, ()),
            mark=marks.get(row.article_id),
        )
        for row in rows
    ]


def _versions_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[ArticleVersion]]:
    """For each article its versions in the order of their numbers, but the current one last."""
    found: defaultdict[int, list[ArticleVersion]] = defaultdict(list)
    is_current = and_(ArticleRow.id == ArticleVersionRow.article_id, ArticleRow.latest == ArticleVersionRow.number)
    stored = versions().outerjoin(ArticleRow, is_current).where(ArticleVersionRow.article_id.in_(ids))
    statement = stored.order_by(ArticleRow.id.is_not(None), ArticleVersionRow.number)
    for row in connection.execute(statement):
        found[row.article_id].append(version(row))
    return found


def _links_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[EventLink]]:
    found: defaultdict[int, list[EventLink]] = defaultdict(list)
    for link in event_links(connection, EventLinkRow.article_id.in_(ids)):
        found[link.article_id].append(link)
    return found


def _clusters_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, tuple[ClusterMember, ...]]]:
    """For each article its cluster and all members of it, by id."""
    of_articles = select(ClusterMemberRow.article_id, ClusterMemberRow.cluster_id)
    rows = connection.execute(of_articles.where(ClusterMemberRow.article_id.in_(ids)))
    cluster_of = {row.article_id: row.cluster_id for row in rows}
    told: defaultdict[int, list[ClusterMember]] = defaultdict(list)
    for row in connection.execute(members().where(ClusterMemberRow.cluster_id.in_(set(cluster_of.values())))):
        told[row.cluster_id].append(member(row))
    return {article_id: (cluster_id, tuple(told[cluster_id])) for article_id, cluster_id in cluster_of.items()}


def members() -> Any:  # noqa: ANN401 -- a select, typed by its columns
    """Members of clusters as `member` reads them, by article."""
    latest = and_(ArticleVersionRow.article_id == ArticleRow.id, ArticleVersionRow.number == ArticleRow.latest)
    first = aliased(ArticleVersionRow)
    return (
        select(
            *ClusterMemberRow.__table__.columns,
            ClusterRow.representative_id,
            DocumentRow.canonical_url,
            ArticleVersionRow.headline,
            ArticleVersionRow.agency,
            func.length(ArticleVersionRow.body).label("length"),
            first.reported_at,
        )
        .join(ClusterRow, ClusterRow.id == ClusterMemberRow.cluster_id)
        .join(ArticleRow, ArticleRow.id == ClusterMemberRow.article_id)
        .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        .join(ArticleVersionRow, latest)
        .join(first, and_(first.article_id == ArticleRow.id, first.number == 1))
        .order_by(ClusterMemberRow.article_id)
    )


def member(row: Row[Any]) -> ClusterMember:
    """The value of one row of `members`."""
    return ClusterMember(
        article_id=row.article_id,
        canonical_url=row.canonical_url,
        headline=row.headline,
        representative=row.article_id == row.representative_id,
        score=row.score,
        agency=row.agency,
        reported_at=row.reported_at,
        length=row.length,
    )


def all_versions(read: Reading, *, host: str, after: int) -> Iterator[tuple[ArticleVersion, Capture, Document]]:
    """See `storage.protocol.Store.versions`."""
    statement = versions().where(HAS_RECORD).order_by(ArticleVersionRow.id).limit(_ARTICLES)
    if host:
        of_host = select(ArticleRow.id).join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        of_host = of_host.join(HostRow, HostRow.id == DocumentRow.host_id).where(HostRow.name == host)
        statement = statement.where(ArticleVersionRow.article_id.in_(of_host))
    while True:
        with read() as connection:
            page = [version(row) for row in connection.execute(statement.where(ArticleVersionRow.id > after))]
            shown, owners = _captures_of(connection, page), _owners_of(connection, page)
        for one in page:
            yield one, shown[one.capture_id], owners[one.article_id]
        if len(page) < _ARTICLES:
            return
        after = page[-1].id


def own_versions(connection: Connection, document_id: int, *, limit: int) -> list[tuple[ArticleVersion, Capture]]:
    """See `storage.article_store.ArticleStore.own_versions`."""
    statement = versions().join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
    statement = statement.where(ArticleRow.document_id == document_id)
    rows = connection.execute(statement.order_by(ArticleVersionRow.number.desc()).limit(limit))
    found = [version(row) for row in rows]
    shown = _captures_of(connection, found)
    return [(one, shown[one.capture_id]) for one in found]


def _captures_of(connection: Connection, page: list[ArticleVersion]) -> dict[int, Capture]:
    rows = connection.execute(captures().where(CaptureRow.id.in_([one.capture_id for one in page])))
    return {row.id: capture(row) for row in rows}


def _owners_of(connection: Connection, page: list[ArticleVersion]) -> dict[int, Document]:
    rows = connection.execute(documents().where(ArticleRow.id.in_({one.article_id for one in page})))
    return {row.article_id: document_of(row) for row in rows}


# -- captures --------------------------------------------------------------------------------------------------------


def all_captures(read: Reading) -> Iterator[Capture]:
    """See `storage.protocol.Store.captures`."""
    statement = captures().where(HAS_RECORD).order_by(CaptureRow.file, CaptureRow.record_offset).limit(CHUNK)
    behind: list[ColumnElement[bool]] = []
    while True:
        with read() as connection:
            rows = connection.execute(statement.where(*behind)).all()
        yield from map(capture, rows)
        if len(rows) < CHUNK:
            return
        last = tuple_(literal(rows[-1].file, StoredText()), literal(rows[-1].record_offset))
        behind = [tuple_(CaptureRow.file, CaptureRow.record_offset) > last]


def committed_end(connection: Connection, file: str) -> int:
    """See `storage.protocol.Store.committed_end`; records never overlap, so the last one ends last.

    What is still to be overwritten is no leftover of a killed run, so it counts.
    """
    end = CaptureRow.record_offset + CaptureRow.record_length
    last = select(end).where(CaptureRow.file == file).order_by(CaptureRow.record_offset.desc()).limit(1)
    return max(connection.scalar(last) or 0, noted_end(connection, file))
