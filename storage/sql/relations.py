"""How articles relate to articles of other documents: one row for each pair, the lower number first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, union, union_all, update

from storage.relating import Said, shown, strength, strongest, turned, unsaid
from storage.sql.lists import Listed, Lookup, Statement
from storage.sql.models import ArticleRow, DocumentMergeRow, RelationRow
from storage.types import Relation, RelationKind, Verdict

_STANDS = DocumentMergeRow.undone_at.is_(None)
_ROOT = func.coalesce(
    select(DocumentMergeRow.into_id)
    .where(DocumentMergeRow.document_id == bindparam("document"), _STANDS)
    .scalar_subquery(),
    bindparam("document"),
)
_MERGED = union(
    select(DocumentMergeRow.document_id).where(DocumentMergeRow.into_id == _ROOT, _STANDS),
    select(_ROOT),
)
_PAIR = (RelationRow.article_id == bindparam("one"), RelationRow.other_id == bindparam("other"))
_ADD = insert(RelationRow)
_UPDATE, _DELETE = update(RelationRow).where(*_PAIR), delete(RelationRow).where(*_PAIR)


def _touching(among: Listed) -> Statement:
    # Two lookups and no "or", which PostgreSQL answers by reading the table once it may not combine indexes.
    return union_all(
        *(
            select(*RelationRow.__table__.columns).where(among(one, "articles"))
            for one in (RelationRow.article_id, RelationRow.other_id)
        )
    )


def _documents(among: Listed) -> Statement:
    return select(ArticleRow.id, ArticleRow.document_id).where(among(ArticleRow.id, "articles"))


_TOUCHING, _DOCUMENTS = Lookup(_touching), Lookup(_documents)


def merged_with(connection: Connection, document_id: int) -> set[int]:
    """Other documents that are this one by a merge."""
    return set(connection.scalars(_MERGED, {"document": document_id})) - {document_id}


def touching(connection: Connection, article_ids: Iterable[int]) -> dict[tuple[int, int], Row[Any]]:
    """The rows of all relations that any of the articles has, by pair."""
    rows = _TOUCHING.execute(connection, {"articles": article_ids})
    return {(row.article_id, row.other_id): row for row in rows}


def of_article(connection: Connection, article_id: int) -> dict[int, Relation]:
    """All relations of an article by the other one, as they are seen from it."""
    found = map(relation, touching(connection, [article_id]).values())
    seen = (one if one.article_id == article_id else turned(one) for one in found)
    return {one.other_id: one for one in seen}


def relations(connection: Connection, article_ids: Sequence[int]) -> dict[int, list[Relation]]:
    """For each article what `storage.story_store.StoryStore.relations` answers."""
    found: dict[int, list[Relation]] = {article_id: [] for article_id in article_ids}
    for one in map(relation, touching(connection, article_ids).values()):
        for seen in (one, turned(one)):
            if seen.article_id in found:
                found[seen.article_id].append(seen)
    return {article_id: shown(own) for article_id, own in found.items()}


def relation(row: Row[Any]) -> Relation:
    """The value of one row."""
    return Relation(
        article_id=row.article_id,
        other_id=row.other_id,
        kind=RelationKind(row.kind),
        signal=row.signal,
        score=row.score,
        share=row.share,
        other_share=row.other_share,
        evidence=row.evidence,
    )


# -- writing ---------------------------------------------------------------------------------------------------------


def add_relations(connection: Connection, article_id: int, verdict: Verdict, *, known: bool) -> bool:
    """Write what a verdict says of a new version, where nothing stronger is known; tells whether anything was written.

    ``known``: the article had versions before.
    """
    said = strongest(article_id, [verdict])
    before = of_article(connection, article_id) if known and said else {}
    stronger = {
        other: one for other, one in said.items() if other not in before or strength(one) > strength(before[other])
    }
    _write(connection, before, stronger)
    return bool(stronger)


def replace_relations(connection: Connection, article_id: int, document_id: int, again: Sequence[Said]) -> set[int]:
    """Write what was said again of all versions of an article in place of what was known.

    Relations to documents that are its own by a merge stay: verdicts no longer speak of them; so do those to articles
    that a limit may have kept from being candidates. Returns the articles that it had relations with before or has now.
    """
    said = strongest(article_id, (one.verdict for one in again))
    before = of_article(connection, article_id)
    gone = unsaid(before, again)
    if gone and (merged := merged_with(connection, document_id)):
        gone -= {row.id for row in _DOCUMENTS.execute(connection, {"articles": gone}) if row.document_id in merged}
    if gone:
        connection.execute(_DELETE, [_pair(before[other]) for other in gone])
    _write(
        connection, before, {other: one for other, one in said.items() if _figures(before.get(other)) != _figures(one)}
    )
    return before.keys() | said.keys()


def _figures(one: Relation | None) -> tuple[object, ...]:
    """What two relations are compared by: the words of the evidence depend on who came last."""
    return () if one is None else (one.kind, one.signal, one.score, one.share, one.other_share)


def _write(connection: Connection, before: dict[int, Relation], now: dict[int, Relation]) -> None:
    fresh = [one for other, one in now.items() if other not in before]
    changed = [one for other, one in now.items() if other in before]
    if fresh:
        connection.execute(_ADD, [_values(one) for one in fresh])
    if changed:
        connection.execute(_UPDATE, [{**_pair(one), **_values(one)} for one in changed])


def _pair(one: Relation) -> dict[str, int]:
    return {"one": min(one.article_id, one.other_id), "other": max(one.article_id, one.other_id)}


def _values(seen: Relation) -> dict[str, Any]:
    one = seen if seen.article_id < seen.other_id else turned(seen)
    return {
        "article_id": one.article_id,
        "other_id": one.other_id,
        "kind": one.kind,
        "signal": one.signal,
        "score": one.score,
        "share": one.share,
        "other_share": one.other_share,
        "evidence": one.evidence,
    }
