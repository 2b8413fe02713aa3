"""Keep what tells stories apart, and what links articles to events by their content.

Articles have relations to one another; clusters that became part of another say so. The index of keys knows the day and
is narrower: it is filled from the old one here, which goes. Documents say which other document they claim to be, and
which they were found to be. Events have their entities and words as they are looked for, articles their words; the
index over words has another form on each database. Event links say how far they can be relied on, and who said so.
Feeds are documents with a role of their own. What articles have in common is worked out by ``dateline dedup rebuild``,
which every article waits for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import StoredText, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COMPARE_PENDING = sa.text("compare_pending")
LINK_PENDING = sa.text("link_pending")
IS_FEED = sa.text("role = 'feed'")
EPOCH = date(1970, 1, 1)
STREAMED = 1_000

_FILL_KEY_INDEX = """
    INSERT INTO key_index (key, day, version_id)
    SELECT DISTINCT ((k.key >> 4) & 4294967295) - 2147483648, {day}, k.version_id
    FROM article_keys k JOIN article_versions v ON v.id = k.version_id
    WHERE (k.key & 8) = 0
"""
_DAY = {
    "sqlite": "CAST(julianday(date(v.reported_at)) - 2440587.5 AS INTEGER)",
    "postgresql": "((v.reported_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01')",
}
_WORDS = {
    "postgresql": (
        (
            "CREATE INDEX {index} ON {table} USING gin ("
            "array_to_tsvector(string_to_array(rtrim('@' || CAST(day AS text) || ' ' || text), ' ')))"
            " WITH (gin_pending_list_limit = 512)"
        ),
    ),
    "sqlite": (
        (
            "CREATE VIRTUAL TABLE {index} USING fts5("
            "day, text, content='{table}', content_rowid='{key}', tokenize='ascii', detail=column, columnsize=0)"
        ),
        "CREATE VIRTUAL TABLE {index}_words USING fts5vocab('{index}', 'row')",
        "INSERT INTO {index} ({index}) VALUES ('rebuild')",
        (
            "CREATE TRIGGER {index}_added AFTER INSERT ON {table} BEGIN"
            " INSERT INTO {index} (rowid, day, text) VALUES (new.{key}, new.day, new.text); END"
        ),
        (
            "CREATE TRIGGER {index}_removed AFTER DELETE ON {table} BEGIN"
            " INSERT INTO {index} ({index}, rowid, day, text) VALUES ('delete', old.{key}, old.day, old.text); END"
        ),
        (
            "CREATE TRIGGER {index}_changed AFTER UPDATE ON {table} BEGIN"
            " INSERT INTO {index} ({index}, rowid, day, text) VALUES ('delete', old.{key}, old.day, old.text);"
            " INSERT INTO {index} (rowid, day, text) VALUES (new.{key}, new.day, new.text); END"
        ),
    ),
}


def upgrade() -> None:
    """Add the columns and the tables, and fill what can be filled without understanding texts."""
    _add_columns()
    _create_relations()
    _create_key_index()
    _create_same_documents()
    _create_discovery()
    _create_texts()
    _fill()
    for table, key in (("event_texts", "event_id"), ("article_texts", "article_id")):
        _index_words(table, key)


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")


def _add_columns() -> None:
    op.add_column("articles", sa.Column("compare_pending", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("articles", sa.Column("link_pending", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_index(
        "ix_articles_compare_pending",
        "articles",
        ["id"],
        sqlite_where=COMPARE_PENDING,
        postgresql_where=COMPARE_PENDING,
    )
    op.create_index(
        "ix_articles_link_pending", "articles", ["id"], sqlite_where=LINK_PENDING, postgresql_where=LINK_PENDING
    )
    op.add_column("article_versions", sa.Column("agency_own", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("clusters", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.add_column("event_links", sa.Column("state", StoredText(), server_default=sa.text("'linked'"), nullable=False))
    op.add_column("event_links", sa.Column("decided_by", StoredText(), server_default=sa.text("''"), nullable=False))
    op.add_column("event_links", sa.Column("decided_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_documents_feeds", "documents", ["next_fetch_at", "id"], sqlite_where=IS_FEED, postgresql_where=IS_FEED
    )


def _create_relations() -> None:
    op.create_table(
        "relations",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("other_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", StoredText(), nullable=False),
        sa.Column("signal", StoredText(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("other_share", sa.Double(), nullable=False),
        sa.Column("evidence", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_relations_article_id"),
        sa.ForeignKeyConstraint(["other_id"], ["articles.id"], name="fk_relations_other_id"),
        sa.PrimaryKeyConstraint("article_id", "other_id", name="pk_relations"),
    )
    op.create_index("ix_relations_other_id", "relations", ["other_id"])


def _create_key_index() -> None:
    op.create_table(
        "key_index",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "day", "version_id", name="pk_key_index"),
        sqlite_with_rowid=False,
    )


def _create_same_documents() -> None:
    op.create_table(
        "document_claims",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("target_digest", sa.LargeBinary(16), nullable=False),
        sa.Column("how", StoredText(), nullable=False),
        sa.Column("canonical_url", StoredText(), nullable=False),
        sa.Column("evidence", StoredText(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_document_claims_document_id"),
        sa.PrimaryKeyConstraint("document_id", "target_digest", "how", name="pk_document_claims"),
    )
    op.create_index("ix_document_claims_target_digest", "document_claims", ["target_digest"])
    op.create_table(
        "document_merges",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("into_id", ID, nullable=False),
        sa.Column("how", StoredText(), nullable=False),
        sa.Column("evidence", StoredText(), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_because", StoredText(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_document_merges_document_id"),
        sa.ForeignKeyConstraint(["into_id"], ["documents.id"], name="fk_document_merges_into_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_document_merges"),
    )
    op.create_index("ix_document_merges_into_id", "document_merges", ["into_id"])


def _create_discovery() -> None:
    op.create_table(
        "feeds",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", StoredText(), nullable=False),
        sa.Column("found_by", StoredText(), nullable=False),
        sa.Column("title", StoredText(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("interval_s", sa.Double(), nullable=True),
        sa.Column("polls", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("last_found_at", UtcDateTime(), nullable=True),
        sa.Column("problem", StoredText(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_feeds_document_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_feeds"),
    )
    op.create_table(
        "discoveries",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("feed_id", ID, autoincrement=False, nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("title", StoredText(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_discoveries_document_id"),
        sa.ForeignKeyConstraint(["feed_id"], ["documents.id"], name="fk_discoveries_feed_id"),
        sa.PrimaryKeyConstraint("document_id", "feed_id", name="pk_discoveries"),
    )
    op.create_index("ix_discoveries_feed_id", "discoveries", ["feed_id"])


def _create_texts() -> None:
    op.create_table(
        "event_entities",
        sa.Column("entity", StoredText(), nullable=False),
        sa.Column("event_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_event_entities_event_id"),
        sa.PrimaryKeyConstraint("entity", "event_id", name="pk_event_entities"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_entities_event_id", "event_entities", ["event_id"])
    for table, key, parent in (("event_texts", "event_id", "events"), ("article_texts", "article_id", "articles")):
        op.create_table(
            table,
            sa.Column(key, ID, autoincrement=False, nullable=False),
            sa.Column("day", sa.Integer(), nullable=False),
            sa.Column("text", StoredText(), nullable=False),
            sa.ForeignKeyConstraint([key], [f"{parent}.id"], name=f"fk_{table}_{key}"),
            sa.PrimaryKeyConstraint(key, name=f"pk_{table}"),
        )
        op.create_index(f"ix_{table}_day_{key}", table, ["day", key])


# -- filling -----------------------------------------------------------------------------------------------------------


def _fill() -> None:
    connection = op.get_bind()
    connection.execute(sa.text(_FILL_KEY_INDEX.format(day=_DAY[connection.dialect.name])))
    op.drop_table("article_keys")
    for rows in _pages(connection, _EVENTS):
        connection.execute(_EVENT_TEXTS, [_event_text(row) for row in rows])
        if entities := [one for row in rows for one in _entities(row)]:
            connection.execute(_EVENT_ENTITIES, entities)
    for rows in _pages(connection, _ARTICLES):
        connection.execute(_ARTICLE_TEXTS, [_article_text(row) for row in rows])


def _pages(connection: sa.Connection, statement: Any) -> Iterator[Any]:  # noqa: ANN401 -- a text with columns
    last = 0
    while rows := connection.execute(statement, {"last": last, "most": STREAMED}).all():
        yield rows
        last = rows[-1].id


_EVENTS = sa.text(
    "SELECT e.id, e.event_date, r.entry FROM events e"
    " JOIN event_revisions r ON r.event_id = e.id AND r.number = e.revision"
    " WHERE e.id > :last ORDER BY e.id LIMIT :most"
).columns(id=ID, event_date=sa.Date(), entry=sa.JSON())
_ARTICLES = sa.text(
    "SELECT a.id, v.reported_at, c.headline, c.standfirst, substr(c.body, 1, 1500) AS body FROM articles a"
    " JOIN article_versions v ON v.article_id = a.id AND v.number = 1"
    " JOIN article_versions c ON c.article_id = a.id AND c.number = a.latest"
    " WHERE a.id > :last ORDER BY a.id LIMIT :most"
).columns(id=ID, reported_at=UtcDateTime())
_EVENT_TEXTS = sa.text("INSERT INTO event_texts (event_id, day, text) VALUES (:id, :day, :text)")
_EVENT_ENTITIES = sa.text("INSERT INTO event_entities (entity, event_id) VALUES (:entity, :id)")
_ARTICLE_TEXTS = sa.text("INSERT INTO article_texts (article_id, day, text) VALUES (:id, :day, :text)")


def _event_text(row: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of any statement
    entry = row.entry
    parts = (entry["headline"], *entry["topics"], *entry["entities"], entry["category"])
    return {"id": row.id, "day": (row.event_date - EPOCH).days, "text": " ".join(_words_in("\n".join(parts)))}


def _entities(row: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- likewise
    stored = (_UNSTORABLE.sub("\ufffd", name) for name in row.entry["entities"])
    names = (" ".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in stored)
    return [{"entity": name, "id": row.id} for name in dict.fromkeys(names) if name]


def _article_text(row: Any) -> dict[str, Any]:  # noqa: ANN401 -- likewise
    text = " ".join(_words_in(f"{row.headline}\n{row.standfirst}\n{row.body}"))
    return {"id": row.id, "day": (row.reported_at.date() - EPOCH).days, "text": text}


# -- words, as `storage.searching` made them when this was written -----------------------------------------------------

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_OWN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_PLAIN = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]+)"
)
_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M")
_MARK = re.compile(f"[{_MARKS}]")
_MARKED = re.compile(f"(?:[^\\W_]|[{_MARKS}])+")


def _words_in(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFKC", _ACCENTS.sub("", folded)).translate(_OWN_LETTERS)
    found = _MARKED.findall(folded) if _MARK.search(folded) else _PLAIN.findall(folded)
    return [part[:64] for word in found for part in _parted(word)]


def _parted(word: str) -> Iterator[str]:
    for number, piece in enumerate(_UNSPACED.split(word)):
        if number % 2 and len(piece) > 1:
            yield from (piece[start : start + 2] for start in range(len(piece) - 1))
        elif piece:
            yield piece


def _index_words(table: str, key: str) -> None:
    for statement in _WORDS[op.get_bind().dialect.name]:
        op.execute(statement.format(index=f"fts_{table.removesuffix('_texts')}s", table=table, key=key))
