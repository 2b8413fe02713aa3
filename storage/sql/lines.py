"""Host memory: at the edges of which documents of a host a line stood.

Why at most five documents a line: "on four others" is all that is ever asked, and the lines of a host's frame stand on
all of its pages; a library of a million articles would hold twenty million rows that say nothing more.

Why a line that has its five keeps them when one of their documents is extracted otherwise: it stood on more documents
than were written down, and nobody knows which. The line did stand on that page, whoever looked.

Why copies do not count: a story that its host shows under four addresses would be furniture from its first line to its
last. A document whose story an earlier one of the same host has told leaves no lines.

Why the statements are made once, here: a batch asks them a hundred times, and making them costs more than the database
does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, text
from sqlalchemy.orm import aliased

from storage.placing import LINE_DOCUMENTS, MOST_FAMILIAR
from storage.sql.chunks import chunks
from storage.sql.keys import unpack
from storage.sql.lists import numbers
from storage.sql.models import ArticleRow, ArticleVersionRow, ClusterMemberRow, DocumentRow, HostLineRow, HostRow

# With RETURNING the rows go in one statement; psycopg sends one each otherwise.
_INSERT = insert(HostLineRow).returning(HostLineRow.line)
_OWN, _OTHER = aliased(ClusterMemberRow), aliased(ClusterMemberRow)
_EARLIER, _ITS_DOCUMENT = aliased(ArticleRow), aliased(DocumentRow)
_IS_COPY = (
    select(_OTHER.article_id)
    .join(_OWN, _OWN.cluster_id == _OTHER.cluster_id)
    .join(ArticleRow, ArticleRow.id == _OWN.article_id)
    .join(_EARLIER, _EARLIER.id == _OTHER.article_id)
    .join(_ITS_DOCUMENT, _ITS_DOCUMENT.id == _EARLIER.document_id)
    .where(
        ArticleRow.document_id == DocumentRow.id,
        _OTHER.article_id < _OWN.article_id,
        _ITS_DOCUMENT.host_id == DocumentRow.host_id,
    )
    .correlate(DocumentRow)
    .exists()
)
_OF_DOCUMENT = select(DocumentRow.host_id, _IS_COPY.label("copy")).where(DocumentRow.id == bindparam("document"))
_NAMED = select(HostRow.id).where(HostRow.name == bindparam("host"))
# Line by line: told "any of these", PostgreSQL reads all lines of the host once it has prepared the statement, which it
# then plans for a host of the usual size; on the largest host of a million articles that took a third of a second.
_KNOWN = {
    "sqlite": text(
        "SELECT line, count(*) AS documents, sum(document_id = :document) AS own FROM host_lines"
        " WHERE host_id = :host AND line IN (SELECT value FROM json_each(:lines)) GROUP BY line"
    ),
    "postgresql": text(
        "SELECT wanted.line, found.documents, found.own FROM unnest(CAST(:lines AS bigint[])) AS wanted (line), LATERAL"
        " (SELECT count(*) AS documents, count(*) FILTER (WHERE document_id = :document) AS own FROM host_lines"
        " WHERE host_id = :host AND line = wanted.line) AS found WHERE found.documents > 0"
    ),
}
_TAKE_OFF = delete(HostLineRow).where(
    HostLineRow.host_id == bindparam("host"),
    HostLineRow.line.in_(bindparam("lines", expanding=True)),
    HostLineRow.document_id == bindparam("document"),
)


def familiar_lines(connection: Connection, host: str, lines: Iterable[int], *, document_id: int) -> dict[int, int]:
    """See `storage.article_store.ArticleStore.familiar_lines`."""
    host_id = connection.scalar(_NAMED, {"host": host})
    if host_id is None:
        return {}
    others = {row.line: row.documents - row.own for row in _known(connection, host_id, document_id, set(lines))}
    return {line: min(number, MOST_FAMILIAR) for line, number in others.items() if number}


def add_lines(connection: Connection, document_id: int, lines: Iterable[int]) -> None:
    """Write down that these lines stood on the document, unless enough others are known to have them."""
    wanted = set(lines)
    if not wanted:
        return
    host_id, copy = connection.execute(_OF_DOCUMENT, {"document": document_id}).one()
    if copy:
        return
    for row in _known(connection, host_id, document_id, wanted):
        if row.own or row.documents >= LINE_DOCUMENTS:
            wanted.discard(row.line)
    if wanted:
        rows = [{"host_id": host_id, "line": line, "document_id": document_id} for line in sorted(wanted)]
        connection.execute(_INSERT, rows)


def replace_lines(connection: Connection, article_id: int, old: Iterable[int], new: Iterable[int]) -> None:
    """Take lines off an article's document that one of its versions had, except what any version still has."""
    document_id = connection.scalars(select(ArticleRow.document_id).where(ArticleRow.id == article_id)).one()
    host_id, _ = connection.execute(_OF_DOCUMENT, {"document": document_id}).one()
    gone = set(old) - _of_versions(connection, article_id)
    few = [
        row.line for row in _known(connection, host_id, document_id, gone) if row.own and row.documents < LINE_DOCUMENTS
    ]
    for piece in chunks(few):
        connection.execute(_TAKE_OFF, {"host": host_id, "lines": piece, "document": document_id})
    add_lines(connection, document_id, new)


def _known(connection: Connection, host_id: int, document_id: int, lines: set[int]) -> Iterator[Row[Any]]:
    """On how many documents of the host each line is known to have stood, and whether on this one; known ones only."""
    asked = {"host": host_id, "document": document_id, "lines": numbers(connection, sorted(lines))}
    yield from connection.execute(_KNOWN[connection.dialect.name], asked).all()


def _of_versions(connection: Connection, article_id: int) -> set[int]:
    """The lines that the versions of an article have now."""
    statement = select(ArticleVersionRow.edge_lines).where(
        ArticleVersionRow.article_id == article_id, ArticleVersionRow.edge_lines.is_not(None)
    )
    return {line for packed in connection.scalars(statement) if packed for line in unpack(bytes(packed))}
