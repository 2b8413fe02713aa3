"""Index the words of whole articles, and what lists of articles are narrowed by.

``article_texts`` gets what its ``text`` leaves out: the further words of the current version, each once. The index over
both (``fts_bodies``) answers readers; linking goes on with its own, over headlines and beginnings with their days.

It only expands: a program of before writes articles without their further words. They are null then, and null again
when such a program changes a text, which triggers see to; programs from here on fill in what is null as they write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import StoredText

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
expands = True

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNFILLED = sa.text("rest IS NULL")
PRESENT = sa.text("withdrawn_at IS NULL")
CREDITED = sa.text("agency <> ''")
STREAMED = 500
MOST_BYTES = 400_000
_PLAIN = re.compile(r"[^\W_]+")
_earlier: Any = import_module("storage.sql.migrations.versions.0005_keep_what_tells_stories_apart")
"""It holds the words as they were made when `text` was filled; released migrations never change."""

_OF_BEFORE = "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'fts_articles'"
_INDEX = {
    "postgresql": (
        (
            "CREATE INDEX fts_bodies ON article_texts USING gin ("
            "array_to_tsvector(string_to_array(btrim(text || ' ' || coalesce(rest, '')), ' ')))"
            " WITH (gin_pending_list_limit = 512)"
        ),
        (
            "CREATE FUNCTION article_rest_is_old() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF TG_TABLE_NAME = 'articles' THEN"
            " UPDATE article_texts SET rest = NULL WHERE article_id = new.id AND rest IS NOT NULL;"
            " ELSE"
            " UPDATE article_texts SET rest = NULL WHERE article_id = new.article_id AND rest IS NOT NULL;"
            " END IF; RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER article_rest_of_another AFTER UPDATE OF latest ON articles FOR EACH ROW"
            " WHEN (new.latest <> old.latest) EXECUTE FUNCTION article_rest_is_old()"
        ),
        (
            "CREATE TRIGGER article_rest_rewritten AFTER UPDATE OF headline, standfirst, body ON article_versions"
            " FOR EACH ROW WHEN ((new.headline, new.standfirst, new.body) IS DISTINCT FROM"
            " (old.headline, old.standfirst, old.body)) EXECUTE FUNCTION article_rest_is_old()"
        ),
    ),
    "sqlite": (
        (
            "CREATE VIRTUAL TABLE fts_bodies USING fts5(text, rest, content='article_texts',"
            " content_rowid='article_id', tokenize='ascii', detail=none, columnsize=0)"
        ),
        "INSERT INTO fts_bodies (fts_bodies) VALUES ('rebuild')",
        (
            "CREATE TRIGGER fts_bodies_added AFTER INSERT ON article_texts BEGIN"
            " INSERT INTO fts_bodies (rowid, text, rest) VALUES (new.article_id, new.text, new.rest); END"
        ),
        (
            "CREATE TRIGGER fts_bodies_removed AFTER DELETE ON article_texts BEGIN"
            " INSERT INTO fts_bodies (fts_bodies, rowid, text, rest)"
            " VALUES ('delete', old.article_id, old.text, old.rest); END"
        ),
        (
            "CREATE TRIGGER fts_bodies_changed AFTER UPDATE OF text, rest ON article_texts BEGIN"
            " INSERT INTO fts_bodies (fts_bodies, rowid, text, rest)"
            " VALUES ('delete', old.article_id, old.text, old.rest);"
            " INSERT INTO fts_bodies (rowid, text, rest) VALUES (new.article_id, new.text, new.rest); END"
        ),
        (
            "CREATE TRIGGER article_rest_of_another AFTER UPDATE OF latest ON articles WHEN new.latest <> old.latest"
            " BEGIN UPDATE article_texts SET rest = NULL WHERE article_id = new.id AND rest IS NOT NULL; END"
        ),
        (
            "CREATE TRIGGER article_rest_rewritten AFTER UPDATE OF headline, standfirst, body ON article_versions"
            " WHEN new.headline <> old.headline OR new.standfirst <> old.standfirst OR new.body <> old.body"
            " BEGIN UPDATE article_texts SET rest = NULL WHERE article_id = new.article_id AND rest IS NOT NULL; END"
        ),
        # Linking's index has neither days nor words that change with ``rest`` alone.
        "DROP TRIGGER fts_articles_changed",
        (
            "CREATE TRIGGER fts_articles_changed AFTER UPDATE OF day, text ON article_texts BEGIN"
            " INSERT INTO fts_articles (fts_articles, rowid, day, text)"
            " VALUES ('delete', old.article_id, old.day, old.text);"
            " INSERT INTO fts_articles (rowid, day, text) VALUES (new.article_id, new.day, new.text); END"
        ),
    ),
}


def upgrade() -> None:
    """Add the column, fill it, then make the indexes."""
    connection = op.get_bind()
    op.add_column("article_texts", sa.Column("rest", StoredText(), nullable=True))
    own = connection.scalar(sa.text(_OF_BEFORE)) if connection.dialect.name == "postgresql" else None
    if own:  # every row that is filled would be put into it anew
        op.execute("DROP INDEX fts_articles")
    for rows in _pages(connection):
        connection.execute(_FILL, [{"id": row.id, "rest": _rest(row)} for row in rows])
    if own:
        connection.exec_driver_sql(own)
    for statement in _INDEX[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    op.create_index(
        "ix_article_texts_unfilled", "article_texts", ["article_id"], sqlite_where=UNFILLED, postgresql_where=UNFILLED
    )
    op.create_index(
        "ix_article_versions_shown",
        "article_versions",
        ["article_id", "number", "language", "agency", "access", "capture_id"],
    )
    op.create_index("ix_article_versions_language", "article_versions", ["language", "article_id", "number"])
    op.create_index(
        "ix_article_versions_agency",
        "article_versions",
        ["agency", "article_id", "number"],
        sqlite_where=CREDITED,
        postgresql_where=CREDITED,
    )
    op.create_index("ix_documents_last_outcome", "documents", ["last_outcome"])
    op.create_index(
        "ix_source_links_present",
        "source_links",
        ["document_id", "event_id"],
        sqlite_where=PRESENT,
        postgresql_where=PRESENT,
    )


def downgrade() -> None:
    """Refuse."""
    raise NotImplementedError("a library never goes back to an older schema: restore a copy of the database")


_ARTICLES = sa.text(
    "SELECT a.id, v.headline, v.standfirst, v.body, t.text FROM articles a"
    " JOIN article_texts t ON t.article_id = a.id"
    " JOIN article_versions v ON v.article_id = a.id AND v.number = a.latest"
    " WHERE a.id > :last ORDER BY a.id LIMIT :most"
).columns(id=ID)
_FILL = sa.text("UPDATE article_texts SET rest = :rest WHERE article_id = :id")


def _pages(connection: sa.Connection) -> Iterator[Any]:
    last = 0
    while rows := connection.execute(_ARTICLES, {"last": last, "most": STREAMED}).all():
        yield rows
        last = rows[-1].id


# -- as `storage.searching` made it when this was written --------------------------------------------------------------


def _rest(row: Any) -> str:  # noqa: ANN401 -- a row of any statement
    known = set(row.text.split())
    every = dict.fromkeys(_words_in(f"{row.headline}\n{row.standfirst}\n{row.body}"))
    return _bounded(" ".join(word for word in every if word not in known))


def _words_in(text: str) -> list[str]:
    if text.isascii():
        return [word[:64] for word in _PLAIN.findall(text.lower())]
    found: list[str] = _earlier._words_in(text)  # noqa: SLF001
    return found


def _bounded(words: str) -> str:
    if len(words) * 4 <= MOST_BYTES or len(words.encode()) <= MOST_BYTES:
        return words
    return words.encode()[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]
