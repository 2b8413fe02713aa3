"""Writing articles and their versions, and what follows from a text: keys, words that are searched, relations, stories.

Why extracting again compares nothing: a pass over a library changes thousands of texts, and each would be compared with
texts that change a moment later. The articles are noted, and compared when the pass is through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from storage.errors import VersionNotFound
from storage.placing import compares_anew, differing_fields, links_anew, reported_at
from storage.searching import article_text, day_number, rest_of
from storage.sql.clusters import found, tell
from storage.sql.freshness import report_article
from storage.sql.keys import add_keys, drop_keys, pack, stored_keys, unpack
from storage.sql.lines import add_lines, replace_lines
from storage.sql.models import ArticleRow, ArticleTextRow, ArticleVersionRow, Base, CaptureRow
from storage.sql.relations import add_relations
from storage.sql.rows import versions
from storage.sql.texts import article as article_of
from storage.sql.texts import article_values
from storage.types import Access, Article, Capture, Verdict

_KNOWN = (
    select(ArticleRow.id, func.max(ArticleVersionRow.number).label("newest"))
    .join(ArticleVersionRow, ArticleVersionRow.article_id == ArticleRow.id)
    .where(ArticleRow.document_id == bindparam("document"))
    .group_by(ArticleRow.id)
)
# The order is that of `storage.placing.currency`.
_CURRENT = (
    select(ArticleVersionRow.number)
    .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
    .where(ArticleVersionRow.article_id == ArticleRow.id)
    .order_by(ArticleVersionRow.access == Access.TEASER, CaptureRow.captured_at.desc(), ArticleVersionRow.number.desc())
    .limit(1)
    .correlate(ArticleRow)
    .scalar_subquery()
)
_FIRST, _LATEST = aliased(ArticleVersionRow), aliased(ArticleVersionRow)
_SEARCHED = (
    select(
        _LATEST.headline,
        _LATEST.standfirst,
        _LATEST.body,
        _FIRST.reported_at,
        ArticleTextRow.article_id,
        ArticleTextRow.day,
        ArticleTextRow.text,
        ArticleTextRow.rest,
    )
    .select_from(ArticleRow)
    .join(_FIRST, (_FIRST.article_id == ArticleRow.id) & (_FIRST.number == 1))
    .join(_LATEST, (_LATEST.article_id == ArticleRow.id) & (_LATEST.number == ArticleRow.latest))
    .outerjoin(ArticleTextRow, ArticleTextRow.article_id == ArticleRow.id)
    .where(ArticleRow.id == bindparam("article"))
)
_UNFILLED = (
    select(ArticleTextRow.article_id)
    .where(ArticleTextRow.rest.is_(None), ArticleTextRow.article_id > 0)  # a range, so that only its index is searched
    .order_by(ArticleTextRow.article_id)
)
_FILLED_AT_ONCE = 20
"""Texts of older programs that are completed beside each batch of articles."""
_OF_ARTICLE = update(ArticleRow).where(ArticleRow.id == bindparam("article"))
_CHOOSE = _OF_ARTICLE.values(latest=_CURRENT)
_COMPARE_LATER, _LINK_LATER = _OF_ARTICLE.values(compare_pending=True), _OF_ARTICLE.values(link_pending=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fresh:
    """An article on its way in: what was extracted from which capture (fresh or replayed) of which document."""

    document_id: int
    capture_id: int
    page: Capture
    article: Article
    now: datetime
    replayed: bool = False


@cache
def into(table: type[Base]) -> Insert:
    """The statement that inserts rows; made once, as making it takes a third of what running it does."""
    return insert(table)


def insert_one(connection: Connection, table: type[Base], values: Mapping[str, Any]) -> int:
    """Insert a row; returns its id."""
    key = connection.execute(into(table), values).inserted_primary_key
    return int(key[0]) if key else 0


def add_version(connection: Connection, fresh: Fresh, verdict: Verdict) -> tuple[int, int]:
    """Write a new version, making the document's article where it has none; returns the ids of article and version."""
    known = connection.execute(_KNOWN, {"document": fresh.document_id}).first()
    number = known.newest + 1 if known else 1
    article_id = known.id if known else _add_article(connection, fresh)
    version = {
        "article_id": article_id,
        "number": number,
        "capture_id": fresh.capture_id,
        "extracted_at": fresh.now,
        **article_values(fresh.article, fresh.page.captured_at),
    }
    version_id = insert_one(connection, ArticleVersionRow, version)
    add_keys(connection, version_id, fresh.article, reported_at(fresh.article, fresh.page.captured_at))
    if known:
        _make_current(connection, article_id)
        if put_text(connection, article_id):
            connection.execute(_LINK_LATER, {"article": article_id})
    else:
        _add_text(connection, article_id, fresh)
    _relate(connection, article_id, verdict, known=bool(known))
    add_lines(connection, fresh.document_id, fresh.article.edge_lines)
    return article_id, version_id


def _add_article(connection: Connection, fresh: Fresh) -> int:
    row = {"document_id": fresh.document_id, "latest": 1, "added_at": fresh.now, "compare_pending": False}
    return insert_one(connection, ArticleRow, row)


def _relate(connection: Connection, article_id: int, verdict: Verdict, *, known: bool) -> None:
    """Write what a verdict says of other articles, and which story this one tells now."""
    related = add_relations(connection, article_id, verdict, known=known)
    if related or known:
        tell(connection, [article_id], placed=[article_id])
    else:
        found(connection, article_id)


def _make_current(connection: Connection, article_id: int) -> None:
    """Write down which version is the article's current one."""
    connection.execute(_CHOOSE, {"article": article_id})


# -- what is searched ------------------------------------------------------------------------------------------------


def _add_text(connection: Connection, article_id: int, fresh: Fresh) -> None:
    day = day_number(reported_at(fresh.article, fresh.page.captured_at))
    text = article_text(fresh.article)
    row = {"article_id": article_id, "day": day, "text": text, "rest": rest_of(fresh.article, text)}
    connection.execute(into(ArticleTextRow), row)


def put_text(connection: Connection, article_id: int) -> bool:
    """Write down what is searched of an article's current version; tells whether linking finds it otherwise now.

    Its further words are null where that version is another or was rewritten: triggers see to that.
    """
    row = connection.execute(_SEARCHED, {"article": article_id}).one()
    article = Article(headline=row.headline, standfirst=row.standfirst, body=row.body)
    text, day = article_text(article), day_number(row.reported_at)
    is_same = (row.day, row.text) == (day, text)
    if is_same and row.rest is not None:
        return False
    values = {"day": day, "text": text, "rest": rest_of(article, text)}
    if row.article_id is None:
        connection.execute(insert(ArticleTextRow), {"article_id": article_id, **values})
    else:
        connection.execute(update(ArticleTextRow).where(ArticleTextRow.article_id == article_id), values)
    return not is_same


def fill_texts(connection: Connection) -> None:
    """Complete some of the texts that a program of before wrote; without any, this is one look at an empty index."""
    for article_id in connection.scalars(_UNFILLED.limit(_FILLED_AT_ONCE)).all():
        put_text(connection, article_id)


# -- extracting again ------------------------------------------------------------------------------------------------


def reextract(
    connection: Connection, version_id: int, article: Article, *, now: datetime, dry_run: bool
) -> tuple[str, ...]:
    """See `storage.article_store.ArticleStore.reextract`."""
    row = connection.execute(versions().where(ArticleVersionRow.id == version_id)).first()
    if row is None:
        raise VersionNotFound(version_id)
    stored = replace(article_of(row), keys=stored_keys(connection, version_id))
    changed = differing_fields(stored, article)
    if dry_run:
        return changed
    edges, fresh = _edges(row.edge_lines), pack(article.edge_lines)
    if changed:
        values = {**article_values(article, row.captured_at), "extracted_at": now}
        connection.execute(update(ArticleVersionRow).where(ArticleVersionRow.id == version_id), values)
    elif edges != unpack(fresh):
        connection.execute(update(ArticleVersionRow).where(ArticleVersionRow.id == version_id), {"edge_lines": fresh})
    if edges != unpack(fresh):
        replace_lines(connection, row.article_id, edges, article.edge_lines)
    if {"keys", "published_at"} & set(changed):
        drop_keys(connection, version_id, stored)
        add_keys(connection, version_id, article, reported_at(article, row.captured_at))
    if changed:
        _settle(connection, row.article_id, changed)
    return changed


def _settle(connection: Connection, article_id: int, changed: Sequence[str]) -> None:
    """Work out again which version is current and what is searched, and note what else must be worked out."""
    _make_current(connection, article_id)
    report_article(connection, article_id)
    put_text(connection, article_id)
    if compares_anew(changed):
        connection.execute(_COMPARE_LATER, {"article": article_id})
    if links_anew(changed):
        connection.execute(_LINK_LATER, {"article": article_id})


def _edges(packed: bytes | None) -> frozenset[int]:
    return unpack(bytes(packed)) if packed else frozenset()
