"""How publisher rules fare: one count over the versions to which a rule had something to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, text

from storage.placing import rule_lines
from storage.sql.models import ArticleRow, ArticleVersionRow, CaptureRow, DocumentRow, HostRow
from storage.sql.models.articles import RULED
from storage.sql.texts import unpack_missed
from storage.types import RuleHealth

# The words of the index, or it would not be used; bound parameters are not the same.
_RULED = text(f"({RULED.text})")

Reading = Callable[[], AbstractContextManager[Connection]]


def rule_health(read: Reading, since: datetime | None) -> Iterator[RuleHealth]:
    """See `storage.article_store.ArticleStore.rule_health`."""
    with read() as connection:
        rows = connection.execute(_groups(since)).all()
    return rule_lines((row.name, row.rule, unpack_missed(row.missed), row.versions, row.latest) for row in rows)


def _groups(since: datetime | None) -> Select[*tuple[Any, ...]]:
    group = (HostRow.name, ArticleVersionRow.rule, ArticleVersionRow.missed)
    statement = (
        select(*group, func.count().label("versions"), func.max(CaptureRow.captured_at).label("latest"))
        .select_from(ArticleVersionRow)
        .join(CaptureRow, CaptureRow.id == ArticleVersionRow.capture_id)
        .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
        .join(DocumentRow, DocumentRow.id == ArticleRow.document_id)
        .join(HostRow, HostRow.id == DocumentRow.host_id)
        .where(_RULED)
        .group_by(*group)
    )
    return statement if since is None else statement.where(CaptureRow.captured_at >= since)
