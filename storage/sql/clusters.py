"""Telling stories anew: which articles are one cluster, who stands for it, which number it has.

Why all articles that are connected are looked at, and not the fresh one alone: a cluster must be what its articles
give, not what they gave in the order in which they came. A digest that came first would keep two stories in one.

Why clusters that are touched are looked at whole: where a relation has gone, what it held together is connected no
longer, and would be left behind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from storage.sql.chunks import chunks
from storage.sql.lists import Listed, Lookup, Statement
from storage.sql.models import ArticleRow, ArticleVersionRow, ClusterMemberRow, ClusterRow, DocumentRow
from storage.sql.relations import of_article, touching
from storage.telling import (
    MOST_TOLD,
    Teller,
    among_copies,
    beside,
    fits,
    groups,
    heirs,
    moved,
    numbered,
    representative,
    retold,
)
from storage.types import Access, RelationKind

_FOUND, _ADD = insert(ClusterRow), insert(ClusterMemberRow)
_MOVE = update(ClusterMemberRow).where(ClusterMemberRow.article_id == bindparam("article"))
_ELECT = update(ClusterRow).where(ClusterRow.id == bindparam("cluster"))


def _fellows(among: Listed) -> Statement:
    own = aliased(ClusterMemberRow)
    touched = select(own.cluster_id).where(among(own.article_id, "articles"))
    return (
        select(*ClusterMemberRow.__table__.columns, ClusterRow.representative_id)
        .join(ClusterRow, ClusterRow.id == ClusterMemberRow.cluster_id)
        .where(ClusterMemberRow.cluster_id.in_(touched))
    )


def _tellers(among: Listed) -> Statement:
    first, current = aliased(ArticleVersionRow), aliased(ArticleVersionRow)
    return (
        select(
            ArticleRow.id,
            DocumentRow.canonical_url,
            first.reported_at,
            current.agency_own,
            current.access,
            func.length(current.body).label("length"),
        )
        .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        .join(first, (first.article_id == ArticleRow.id) & (first.number == 1))
        .join(current, (current.article_id == ArticleRow.id) & (current.number == ArticleRow.latest))
        .where(among(ArticleRow.id, "articles"))
    )


def _link_later(among: Listed) -> Statement:
    return update(ArticleRow).where(among(ArticleRow.id, "articles")).values(link_pending=True)


_FELLOWS, _TELLERS, _LINK_LATER = Lookup(_fellows), Lookup(_tellers), Lookup(_link_later)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Web:
    """Articles that are connected by copies, or that a cluster holds together until now.

    Attributes:
        articles: all of them.
        scores: of the relations among them, and of some with others.
        copies: those of them that are copies.
        members: the rows of the clusters that they are in, by article; a fresh one has none.
    """

    articles: frozenset[int]
    scores: Mapping[tuple[int, int], float]
    copies: Collection[tuple[int, int]]
    members: Mapping[int, Row[Any]]


def found(connection: Connection, article_id: int) -> None:
    """Give an article that has nothing in common with any other a cluster of its own."""
    member = {"article_id": article_id, "cluster_id": _new_cluster(connection, article_id), "score": 1.0}
    connection.execute(_ADD, member)


def tell(connection: Connection, article_ids: Iterable[int], *, placed: Collection[int]) -> set[int]:
    """Tell anew the stories of articles and of all that are connected with them.

    Of too many connected articles only those of ``placed`` are looked at. Returns the articles whose cluster has
    another number than before; new ones are among them.
    """
    done: set[int] = set()
    elsewhere: set[int] = set()
    for article_id in sorted(set(article_ids)):
        if article_id in done:
            continue
        web = _web(connection, article_id)
        if web is not None:
            done |= web.articles
            elsewhere |= _regroup(connection, web)
        elif article_id in placed:
            elsewhere |= _place(connection, article_id)
    return elsewhere


def _web(connection: Connection, article_id: int) -> _Web | None:
    """Everything that is connected with an article; ``None`` if that is too much."""
    articles, edge = {article_id}, {article_id}
    scores: dict[tuple[int, int], float] = {}
    copies: set[tuple[int, int]] = set()
    while len(articles) <= MOST_TOLD:
        fresh: set[int] = set()
        for pair, row in touching(connection, edge).items():
            scores[pair] = row.score
            if row.kind == RelationKind.COPY:
                fresh.update(pair)
                copies.add(pair)
        edge = fresh - articles
        if not edge:
            members = {row.article_id: row for row in _FELLOWS.execute(connection, {"articles": articles})}
            edge = members.keys() - articles
            if not edge:
                return _Web(articles=frozenset(articles), scores=scores, copies=copies, members=members)
        articles |= edge
    return None


# -- all of a web ----------------------------------------------------------------------------------------------------


def _regroup(connection: Connection, web: _Web) -> set[int]:
    before = {article_id: row.cluster_id for article_id, row in web.members.items()}
    if len(web.articles) == 1 and before:
        return set()
    tellers = _load(connection, web.articles)
    stories = groups(list(tellers.values()), among_copies(web.scores, web.copies))
    now: dict[int, int] = {}
    for story, number in zip(stories, numbered(stories, before), strict=True):
        now |= dict.fromkeys(story, _write(connection, web, number, [tellers[one] for one in story]))
    for cluster_id, heir in heirs(before, now).items():
        connection.execute(_ELECT, {"cluster": cluster_id, "merged_into": heir})
    _LINK_LATER.execute(connection, {"articles": retold(before, now)})
    return moved(before, now)


def _load(connection: Connection, article_ids: Iterable[int]) -> dict[int, Teller]:
    return {row.id: _teller(row) for row in _TELLERS.execute(connection, {"articles": article_ids})}


def _teller(row: Row[Any]) -> Teller:
    return Teller(
        article_id=row.id,
        reported_at=row.reported_at,
        canonical_url=row.canonical_url,
        agency_own=row.agency_own,
        teaser=row.access == Access.TEASER,
        length=row.length,
    )


def _write(connection: Connection, web: _Web, number: int | None, story: Sequence[Teller]) -> int:
    """Write down one story: its cluster, who stands for it, and what of its members changed; returns the cluster."""
    first = representative(story)
    cluster_id = number or _new_cluster(connection, first)
    fit = fits([one.article_id for one in story], web.scores)
    known = {article_id: web.members[article_id] for article_id in fit if article_id in web.members}
    if any(row.cluster_id == number and row.representative_id != first for row in web.members.values()):
        connection.execute(_ELECT, {"cluster": cluster_id, "representative_id": first})
    fresh = [
        {"article_id": article_id, "cluster_id": cluster_id, "score": score}
        for article_id, score in fit.items()
        if article_id not in known
    ]
    changed = [
        {"article": article_id, "cluster_id": cluster_id, "score": fit[article_id]}
        for article_id, row in known.items()
        if (row.cluster_id, row.score) != (cluster_id, fit[article_id])
    ]
    if fresh:
        connection.execute(_ADD, fresh)
    if changed:
        connection.execute(_MOVE, changed)
    return cluster_id


def _new_cluster(connection: Connection, representative_id: int) -> int:
    key = connection.execute(_FOUND, {"representative_id": representative_id}).inserted_primary_key
    return int(key[0]) if key else 0


# -- one of too many -------------------------------------------------------------------------------------------------


def _place(connection: Connection, article_id: int) -> set[int]:
    """Put one article beside the group whose copy it is most, whatever the others are to one another."""
    known = of_article(connection, article_id).values()
    scores = {one.other_id: one.score for one in known if one.kind is RelationKind.COPY}
    members = {row.article_id: row for row in _FELLOWS.execute(connection, {"articles": {article_id, *scores}})}
    cluster_of = {other: row.cluster_id for other, row in members.items() if other != article_id}
    sizes = Counter(cluster_of.values())
    own = members.get(article_id)
    best = beside(scores, cluster_of, sizes)
    if best is None:
        alone = own is not None and own.cluster_id not in sizes
        cluster_id, fit = own.cluster_id if own and alone else _new_cluster(connection, article_id), 1.0
    else:
        cluster_id, fit = best
    _join(connection, article_id, own, (cluster_id, fit))
    _elect(connection, [article_id, *(other for other, one in cluster_of.items() if one == cluster_id)], cluster_id)
    if own is None or own.cluster_id == cluster_id:
        return {article_id} if own is None else set()
    left = [other for other, one in cluster_of.items() if one == own.cluster_id]
    if left:
        _elect(connection, left, own.cluster_id)
    else:
        connection.execute(_ELECT, {"cluster": own.cluster_id, "merged_into": cluster_id})
    return {article_id}


def _join(connection: Connection, article_id: int, own: Row[Any] | None, place: tuple[int, float]) -> None:
    values = {"cluster_id": place[0], "score": place[1]}
    if own is None:
        connection.execute(_ADD, {"article_id": article_id, **values})
    elif (own.cluster_id, own.score) != place:
        connection.execute(_MOVE, {"article": article_id, **values})
    _LINK_LATER.execute(connection, {"articles": [article_id]})


def _elect(connection: Connection, members: Iterable[int], cluster_id: int) -> None:
    first = representative(list(_load(connection, members).values()))
    connection.execute(_ELECT, {"cluster": cluster_id, "representative_id": first})


# -- without some ----------------------------------------------------------------------------------------------------


def leave(connection: Connection, article_ids: Collection[int], neighbours: Iterable[int]) -> None:
    """Take articles out of their stories for good, and tell anew what is left of these and of their neighbours'.

    Relations with them are gone already; the articles themselves are still there. A cluster that nobody is left in is
    removed, and so are those that had become part of it.
    """
    if not article_ids:
        return
    touched: set[int] = set()
    for piece in chunks(sorted(article_ids)):
        own = ClusterMemberRow.article_id.in_(piece)
        touched.update(connection.scalars(select(ClusterMemberRow.cluster_id).where(own)))
        connection.execute(delete(ClusterMemberRow).where(own))
    left = _members(connection, touched)
    fellows = sorted({one for members in left.values() for one in members})
    _LINK_LATER.execute(connection, {"articles": fellows})
    tell(connection, {*fellows, *neighbours}, placed=())
    now = _members(connection, touched)
    for cluster_id, members in now.items():
        _elect(connection, members, cluster_id)
        if len(members) == 1:
            connection.execute(_MOVE, {"article": members[0], "cluster_id": cluster_id, "score": 1.0})
    _drop(connection, touched - now.keys())
    _stand_by(connection, article_ids)


def _members(connection: Connection, cluster_ids: Iterable[int]) -> dict[int, list[int]]:
    """The articles of those of these clusters that have some."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    member = select(ClusterMemberRow.cluster_id, ClusterMemberRow.article_id)
    for piece in chunks(sorted(cluster_ids)):
        for row in connection.execute(member.where(ClusterMemberRow.cluster_id.in_(piece))):
            found[row.cluster_id].append(row.article_id)
    return found


def _drop(connection: Connection, cluster_ids: Collection[int]) -> None:
    """Remove clusters without members that go on nowhere, and those that had become part of them."""
    gone: set[int] = set()
    for piece in chunks(sorted(cluster_ids)):
        of_piece = (ClusterRow.id.in_(piece), ClusterRow.merged_into.is_(None))
        gone.update(connection.scalars(select(ClusterRow.id).where(*of_piece)))
    while gone:
        part_of: set[int] = set()
        for piece in chunks(sorted(gone)):
            part_of.update(connection.scalars(select(ClusterRow.id).where(ClusterRow.merged_into.in_(piece))))
            connection.execute(delete(ClusterRow).where(ClusterRow.id.in_(piece)))
        gone = part_of


def _stand_by(connection: Connection, article_ids: Collection[int]) -> None:
    """Let clusters that became part of another be represented as that one is, where a removed article stood there."""
    for piece in chunks(sorted(article_ids)):
        stale = select(ClusterRow.id, ClusterRow.merged_into).where(ClusterRow.representative_id.in_(piece))
        for cluster_id, into in connection.execute(stale).all():
            first = _representative_at_end(connection, into)
            if first is None:
                connection.execute(delete(ClusterRow).where(ClusterRow.id == cluster_id))
            else:
                connection.execute(_ELECT, {"cluster": cluster_id, "representative_id": first})


def _representative_at_end(connection: Connection, cluster_id: int | None) -> int | None:
    """Who represents the cluster in which a story is told now; ``None`` where it is told nowhere."""
    while cluster_id is not None:
        of_cluster = select(ClusterRow.representative_id, ClusterRow.merged_into).where(ClusterRow.id == cluster_id)
        row = connection.execute(of_cluster).first()
        if row is None or row.merged_into is None:
            return None if row is None else int(row.representative_id)
        cluster_id = row.merged_into
    return None
