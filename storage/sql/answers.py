"""What archives' indexes answered, kept so that nothing is asked twice while the answer is good.

Why compressed: the index of a large site answers with megabytes of lines that are nearly the same.
"""

from __future__ import annotations

import zlib
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from storage.sql.columns import short_digest, storable
from storage.sql.models import ArchiveAnswerRow
from storage.types import ArchiveAnswer


def answer(connection: Connection, archive: str, question: str, *, now: datetime) -> ArchiveAnswer | None:
    """See `storage.protocol.Store.answer`."""
    kept = select(*ArchiveAnswerRow.__table__.columns).where(_is(archive, question))
    row = connection.execute(kept.where(ArchiveAnswerRow.good_until >= now)).first()
    if row is None or row.question != storable(question):
        return None
    return ArchiveAnswer(
        archive=archive,
        question=question,
        answered_at=row.answered_at,
        good_until=row.good_until,
        status=row.status,
        headers=tuple((name, value) for name, value in row.headers),
        body=zlib.decompress(row.body),
    )


def put_answer(connection: Connection, fresh: ArchiveAnswer) -> None:
    """See `storage.protocol.Store.put_answer`."""
    values = {
        "question": fresh.question,
        "answered_at": fresh.answered_at,
        "good_until": fresh.good_until,
        "status": fresh.status,
        "headers": [list(header) for header in fresh.headers],
        "body": zlib.compress(fresh.body),
    }
    again = update(ArchiveAnswerRow).where(_is(fresh.archive, fresh.question))
    if not connection.execute(again, values).rowcount:
        place = {"archive": fresh.archive, "question_digest": short_digest(fresh.question)}
        connection.execute(insert(ArchiveAnswerRow), {**place, **values})


def forget_answers(connection: Connection, *, before: datetime) -> int:
    """See `storage.protocol.Store.forget_answers`."""
    return connection.execute(delete(ArchiveAnswerRow).where(ArchiveAnswerRow.good_until < before)).rowcount


def _is(archive: str, question: str) -> ColumnElement[bool]:
    return and_(
        ArchiveAnswerRow.archive == storable(archive), ArchiveAnswerRow.question_digest == short_digest(question)
    )
