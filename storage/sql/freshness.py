"""Keeping what says how fresh a page is: how old its article is, how often it was asked for again and had changed.

Why the counts stand on the rows of documents and hosts: they are read with every document that is handed out. Counting
attempts each time would read the whole history of a page to decide when it is due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, literal_column, select, update

from storage.freshness import SEEN, Stored, live, replaced, with_text
from storage.sql.chunks import chunks
from storage.sql.models import ArticleRow, ArticleVersionRow, AttemptRow, DocumentRow, HostRow
from storage.types import Archived, DocumentRole, FetchResult

_REPORTED_AT = (
    select(ArticleVersionRow.reported_at)
    .join(ArticleRow, (ArticleRow.id == ArticleVersionRow.article_id) & (ArticleRow.latest == ArticleVersionRow.number))
    .where(ArticleRow.document_id == DocumentRow.id)
    .correlate(DocumentRow)
    .scalar_subquery()
)
_CHECKED = (
    update(DocumentRow)
    .where(DocumentRow.id == bindparam("document"))
    .values(checks=DocumentRow.checks + 1, changes=DocumentRow.changes + bindparam("changed"))
)
_CHANGED = update(DocumentRow).where(DocumentRow.id == bindparam("document"))
_HOST_CHECKED = (
    update(HostRow)
    .where(HostRow.id == bindparam("host"))
    .values(checks=HostRow.checks + bindparam("checked"), changes=HostRow.changes + bindparam("changed"))
)


def note(
    connection: Connection, results: Sequence[FetchResult], archived: Sequence[Archived], hosts: Mapping[int, int]
) -> None:
    """Write down what a stored batch says; ``hosts`` are by document."""
    report(connection, with_text(results, archived))
    found = live(results, archived)
    known = _known(connection, found)
    checks = [(result, one) for result, one in found if result.attempt.document_id in known]
    changed = _changed(connection, checks)
    if not checks:
        return
    rows = [
        {"document": result.attempt.document_id, "changed": int(one.attempt_id in changed)} for result, one in checks
    ]
    connection.execute(_CHECKED, rows)
    moments = [
        {"document": result.attempt.document_id, "changed_at": result.attempt.finished_at}
        for result, one in checks
        if one.attempt_id in changed
    ]
    if moments:
        connection.execute(_CHANGED, moments)
    _count_hosts(connection, rows, hosts)


def report(connection: Connection, document_ids: Iterable[int]) -> None:
    """Write down when the current versions of these documents' articles were reported."""
    for piece in chunks(sorted(set(document_ids))):
        connection.execute(update(DocumentRow).where(DocumentRow.id.in_(piece)).values(reported_at=_REPORTED_AT))


def report_article(connection: Connection, article_id: int) -> None:
    """The same for the document of an article whose versions were extracted anew."""
    document = select(ArticleRow.document_id).where(ArticleRow.id == article_id).scalar_subquery()
    connection.execute(update(DocumentRow).where(DocumentRow.id == document).values(reported_at=_REPORTED_AT))


def _known(connection: Connection, found: Sequence[Stored]) -> set[int]:
    """Those of the documents that had been seen on the live web before this batch."""
    ours = [one.attempt_id for _, one in found if one.attempt_id is not None]
    if not ours:
        return set()
    seen = select(AttemptRow.document_id).where(
        AttemptRow.document_id == DocumentRow.id,
        AttemptRow.id < min(ours),
        AttemptRow.archive == "",
        AttemptRow.replayed_capture_id.is_(None),
        AttemptRow.outcome.in_(sorted(SEEN)),
    )
    sources = select(DocumentRow.id).where(
        DocumentRow.role == literal_column(f"'{DocumentRole.SOURCE}'"), seen.exists()
    )
    known: set[int] = set()
    for piece in chunks(sorted({result.attempt.document_id for result, _ in found})):
        known.update(connection.scalars(sources.where(DocumentRow.id.in_(piece))))
    return known


def _changed(connection: Connection, checks: Sequence[Stored]) -> set[int]:
    """The attempts that brought another text than the version in whose place it came has."""
    before = replaced(checks)
    texts: dict[int, str] = {}
    for piece in chunks(sorted(set(before.values()))):
        rows = connection.execute(
            select(ArticleVersionRow.id, ArticleVersionRow.text_digest).where(ArticleVersionRow.id.in_(piece))
        )
        texts |= {row.id: row.text_digest for row in rows}
    fresh = {one.attempt_id: result.article.text_digest for result, one in checks if result.article is not None}
    return {attempt for attempt, version in before.items() if texts.get(version) != fresh.get(attempt)}


def _count_hosts(connection: Connection, rows: Sequence[Mapping[str, int]], hosts: Mapping[int, int]) -> None:
    checked: Counter[int] = Counter()
    changed: Counter[int] = Counter()
    for row in rows:
        checked[hosts[row["document"]]] += 1
        changed[hosts[row["document"]]] += row["changed"]
    counted = [{"host": host, "checked": checked[host], "changed": changed[host]} for host in sorted(checked)]
    connection.execute(_HOST_CHECKED, counted)
