"""Attempts that move into files: which, and how their rows go.

Why the attempts of some hundred documents are read at a time, whole: whether one ended as the one before it did is a
window over the attempts of its document, which costs one pass over them; asking for each attempt's neighbours would
read those of a feed that has a hundred thousand of them a hundred thousand times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from storage.errors import StorageError
from storage.sql.chunks import CHUNK, chunks
from storage.sql.engine import expect_lookups, refusal
from storage.sql.models import AttemptBatchRow, AttemptRow, CaptureRow, DocumentRow, HostRow, ThinnedDocumentRow
from storage.sql.rows import attempt
from storage.sql.rows import attempts as attempt_rows
from storage.sql.selecting import Reading
from storage.thinning import KEPT
from storage.types import AttemptBatch, AttemptRule, FetchAttempt, ThinnedAttempts


def thinnable(read: Reading, rule: AttemptRule, *, after: int) -> Iterator[tuple[int, int]]:
    """See `storage.thinning_store.ThinningStore.thinnable`."""
    documents = select(DocumentRow.id).order_by(DocumentRow.id).limit(CHUNK)
    if rule.host:
        documents = documents.join(HostRow, HostRow.id == DocumentRow.host_id).where(HostRow.name == rule.host)
    while True:
        with read() as connection:
            expect_lookups(connection)
            piece = connection.scalars(documents.where(DocumentRow.id > after)).all()
            found = [(row.document_id, row.id) for row in connection.execute(_of(piece, rule))]
        yield from found
        if len(piece) < CHUNK:
            return
        after = piece[-1]


def _of(document_ids: Sequence[int], rule: AttemptRule) -> Select[Any]:
    """Those of these documents' attempts that need not stay; `storage.thinning` says the same of values."""
    window: dict[str, Any] = {"partition_by": (AttemptRow.document_id, AttemptRow.archive), "order_by": AttemptRow.id}
    placed = (
        select(
            AttemptRow.id,
            AttemptRow.document_id,
            AttemptRow.outcome,
            case((_is_quiet(rule), 1), else_=0).label("quiet"),
            func.lag(AttemptRow.outcome).over(**window).label("before"),
            func.lead(AttemptRow.id).over(**window).label("behind"),
        )
        .where(AttemptRow.document_id.in_(document_ids))
        .subquery()
    )
    brought = select(CaptureRow.id).where(CaptureRow.attempt_id == placed.c.id)
    alike = (placed.c.quiet == 1, placed.c.before == placed.c.outcome, placed.c.behind.is_not(None))
    return (
        select(placed.c.document_id, placed.c.id)
        .where(*alike, ~brought.exists())
        .order_by(placed.c.document_id, placed.c.id)
    )


def _is_quiet(rule: AttemptRule) -> ColumnElement[bool]:
    return and_(
        AttemptRow.finished_at < rule.before,
        AttemptRow.outcome.not_in(sorted(KEPT)),
        AttemptRow.page.is_(None),
        AttemptRow.page_key.is_(None),
        AttemptRow.coverage.is_(None),
        AttemptRow.replayed_capture_id.is_(None),
    )


def attempts(connection: Connection, attempt_ids: Collection[int]) -> list[FetchAttempt]:
    """See `storage.thinning_store.ThinningStore.attempts`."""
    wanted = attempt_rows().order_by(AttemptRow.id)
    return [
        attempt(row)
        for piece in chunks(sorted(attempt_ids))
        for row in connection.execute(wanted.where(AttemptRow.id.in_(piece)))
    ]


def thin(connection: Connection, attempt_ids: Collection[int], batches: Sequence[AttemptBatch]) -> None:
    """See `storage.thinning_store.ThinningStore.thin`."""
    gone = 0
    for piece in chunks(sorted(attempt_ids)):
        own = AttemptRow.id.in_(piece)
        counted = (func.count().label("attempts"), func.min(AttemptRow.started_at).label("since"))
        of_documents = select(AttemptRow.document_id, *counted, func.max(AttemptRow.started_at).label("until"))
        rows = connection.execute(of_documents.where(own).group_by(AttemptRow.document_id)).all()
        if rows:
            connection.execute(_adding(connection.dialect.name), [row._asdict() for row in rows])
        gone += connection.execute(delete(AttemptRow).where(own)).rowcount
    if gone != len(attempt_ids):
        raise StorageError("attempts that were to be thinned are gone: another program thins them, too")
    if not batches:
        return
    try:
        connection.execute(insert(AttemptBatchRow), [_batch_values(one) for one in batches])
    except IntegrityError as problem:
        raise StorageError(f"another program thins attempts, too: {refusal(problem)}") from problem


@cache
def _adding(dialect: str) -> Any:  # noqa: ANN401 -- each dialect has an insert of its own
    made = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(ThinnedDocumentRow)
    least, most = (func.min, func.max) if dialect == "sqlite" else (func.least, func.greatest)
    return made.on_conflict_do_update(
        index_elements=["document_id"],
        set_={
            "attempts": ThinnedDocumentRow.attempts + made.excluded.attempts,
            "since": least(ThinnedDocumentRow.since, made.excluded.since),
            "until": most(ThinnedDocumentRow.until, made.excluded.until),
        },
    )


def _batch_values(batch: AttemptBatch) -> dict[str, Any]:
    return {
        "file": batch.file,
        "batch_offset": batch.offset,
        "length": batch.length,
        "attempts": batch.attempts,
        "sha256": batch.sha256,
        "machine": batch.machine,
        "written_at": batch.written_at,
    }


def attempt_batches(connection: Connection) -> list[AttemptBatch]:
    """See `storage.thinning_store.ThinningStore.attempt_batches`."""
    stored = select(*AttemptBatchRow.__table__.columns)
    by_place = stored.order_by(AttemptBatchRow.file, AttemptBatchRow.batch_offset)
    return [_batch(row) for row in connection.execute(by_place)]


def _batch(row: Row[Any]) -> AttemptBatch:
    return AttemptBatch(
        file=row.file,
        offset=row.batch_offset,
        length=row.length,
        attempts=row.attempts,
        sha256=row.sha256,
        machine=row.machine,
        written_at=row.written_at,
    )


def thinned(connection: Connection, document_id: int) -> ThinnedAttempts | None:
    """What of a document's attempts is in files."""
    own = select(ThinnedDocumentRow.attempts, ThinnedDocumentRow.since, ThinnedDocumentRow.until)
    row = connection.execute(own.where(ThinnedDocumentRow.document_id == document_id)).first()
    return None if row is None else ThinnedAttempts(attempts=row.attempts, since=row.since, until=row.until)


def thinned_in_all(connection: Connection) -> int:
    """How many attempts are in files."""
    return int(connection.scalar(select(func.sum(ThinnedDocumentRow.attempts))) or 0)
