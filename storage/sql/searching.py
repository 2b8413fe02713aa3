"""Searching the texts of events and articles.

Why the databases only find candidates, and Python ranks them: PostgreSQL's rank knows no rarity, SQLite's reads all
postings of every word for it, and callers weigh what they get themselves. Candidates are what shares two of the rarest
words; then, while there is room, what has any of the words.

Why days stand in the index beside the words: of a word that a hundred thousand texts have, only those of the days that
are asked about are looked at, by both databases. Of long spans the days are compared afterwards; ``+ 0`` keeps
PostgreSQL, before it has statistics, from going by the days alone and making words of every text of them anew.

Why the rarity of a word is no more than an estimate: SQLite counts its postings, PostgreSQL remembers a sample of the
most frequent words (`ANALYZE`, which the server does by itself); a word that it does not remember is a rare one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, Connection, cast, func, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.searching import day_number, ranked, shares, wanted_words
from storage.sql.models import ArticleTextRow, Base, EventTextRow

_PAIRED = 8
_MOST_FOUND = 500
_MOST_POSTINGS = 20_000
_MOST_DAYS = 31

_ON_SQLITE = """
    SELECT t.{key} AS number, t.text FROM {index} i JOIN {table} t ON t.{key} = i.rowid
    WHERE {index} MATCH :wanted AND t.day + 0 BETWEEN :since AND :until ORDER BY i.rowid DESC LIMIT :most
"""
_ON_POSTGRESQL = """
    SELECT t.{key} AS number, t.text FROM {table} t
    WHERE array_to_tsvector(string_to_array(rtrim('@' || CAST(t.day AS text) || ' ' || t.text), ' '))
          @@ CAST(:wanted AS tsquery)
      AND t.day + 0 BETWEEN :since AND :until LIMIT :most
"""
_FOR_THIS_SEARCH = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true)"
)
_COUNTED_BY_SQLITE = "SELECT term, doc FROM {index}_words WHERE term = :word"
_COUNTED_BY_POSTGRESQL = """
    SELECT term, share FROM pg_stats,
           unnest(CAST(CAST(most_common_elems AS text) AS text[]), most_common_elem_freqs) AS counted (term, share)
    WHERE schemaname = current_schema() AND tablename = '{index}' AND term = ANY(:words)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Searched:
    """A table of texts: its key and the index over its words."""

    table: type[Base]
    key: str
    index: str

    def fill(self, statement: str) -> Any:  # noqa: ANN401 -- a textual statement, typed by its columns
        """The statement for this table."""
        return text(statement.format(table=self.table.__tablename__, key=self.key, index=self.index))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Days:
    """The days that are searched, both included."""

    since: int
    until: int

    @classmethod
    def between(cls, since: date | None, until: date | None) -> _Days:
        return cls(since=day_number(since or date.min), until=day_number(until or date.max))

    def each(self) -> Sequence[int]:
        """The days one by one where they are few, else none."""
        return range(self.since, self.until + 1) if self.until - self.since < _MOST_DAYS else ()


EVENTS = _Searched(table=EventTextRow, key="event_id", index="fts_events")
ARTICLES = _Searched(table=ArticleTextRow, key="article_id", index="fts_articles")
BODIES = _Searched(table=ArticleTextRow, key="article_id", index="fts_bodies")
"""Whole articles, for readers; only `having_all` searches them."""


def search(
    connection: Connection,
    where: _Searched,
    words: Iterable[str],
    *,
    since: date | None,
    until: date | None,
    limit: int,
) -> list[int]:
    """Ids of what has any of the words, best first: see `storage.linking_store.LinkingStore`.

    Of more than `_MOST_FOUND` (or ``limit``, if that is more) some are passed over that share but one word with the
    search. Without days, or with many, only the rarest words are looked for: as many as stand in `_MOST_POSTINGS`
    texts.
    """
    wanted = wanted_words(words)
    days = _Days.between(since, until)
    if not wanted or limit <= 0 or days.since > days.until:
        return []
    expect_words(connection)
    frequent = _shares(connection, where, wanted)
    rarest = sorted(wanted, key=lambda word: (frequent.get(word, 0.0), wanted.index(word)))
    most = max(_MOST_FOUND, limit)
    found: dict[int, str] = {}
    chosen = rarest if days.each() else _rare(connection, where, rarest, frequent)
    for choices in (list(combinations(chosen[:_PAIRED], 2)), [(word,) for word in chosen]):
        if len(found) < most and choices:
            found |= _texts(connection, where, choices, days, most)
    return ranked(wanted, found, frequent if not days.each() else shares(wanted, found))[:limit]


def expect_words(connection: Connection) -> None:
    """Have PostgreSQL plan each search of this transaction for what is looked for in it.

    It would read the whole table, in the hope of soon having enough of what it takes for frequent; and after a few
    searches it would go by one plan for all words, which took five seconds for a rare one.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_FOR_THIS_SEARCH)


def _rare(connection: Connection, where: _Searched, rarest: Sequence[str], frequent: Mapping[str, float]) -> list[str]:
    """The rarest of these words: as many as do not stand in too many texts together, at least one."""
    texts = _texts_in(connection, where)
    chosen: list[str] = []
    postings = 0.0
    for word in rarest:
        postings += frequent.get(word, 0.0) * texts
        if chosen and postings > _MOST_POSTINGS:
            break
        chosen.append(word)
    return chosen


def _texts(
    connection: Connection, where: _Searched, choices: Iterable[tuple[str, ...]], days: _Days, most: int
) -> dict[int, str]:
    """What has all words of any of the choices, by id."""
    on_sqlite = connection.dialect.name == "sqlite"
    wanted = _fts5(choices, days) if on_sqlite else _tsquery(choices, days)
    statement = where.fill(_ON_SQLITE if on_sqlite else _ON_POSTGRESQL)
    given = {"wanted": wanted, "since": days.since, "until": days.until, "most": most}
    return {row.number: row.text for row in connection.execute(statement, given)}


def _fts5(choices: Iterable[tuple[str, ...]], days: _Days) -> str:
    words = " OR ".join("({})".format(" AND ".join(f'"{word}"' for word in choice)) for choice in choices)
    named = " OR ".join(f'"{day}"' for day in days.each())
    return f"(day : ({named})) AND (text : ({words}))" if named else f"text : ({words})"


def _tsquery(choices: Iterable[tuple[str, ...]], days: _Days) -> str:
    words = " | ".join("({})".format(" & ".join(f"'{word}'" for word in choice)) for choice in choices)
    named = " | ".join(f"'@{day}'" for day in days.each())
    return f"({named}) & ({words})" if named else words


def _shares(connection: Connection, where: _Searched, words: Sequence[str]) -> dict[str, float]:
    """Word -> about the share of all texts that have it; words that are rare may be left out."""
    if connection.dialect.name == "postgresql":
        rows = connection.execute(where.fill(_COUNTED_BY_POSTGRESQL), {"words": list(words)})
        return {row.term: row.share for row in rows}
    counts = dict(_counts(connection, where, words))
    texts = _texts_in(connection, where)
    return {word: count / texts for word, count in counts.items()}


def _texts_in(connection: Connection, where: _Searched) -> int:
    """About how many texts there are, at least one; PostgreSQL would read them all to count them."""
    if connection.dialect.name == "postgresql":
        known = connection.scalar(where.fill("SELECT reltuples FROM pg_class WHERE oid = CAST('{table}' AS regclass)"))
        return max(1, int(known or 0))
    return (connection.scalar(select(func.count()).select_from(where.table)) or 0) + 1


def _counts(connection: Connection, where: _Searched, words: Iterable[str]) -> Iterator[tuple[str, int]]:
    statement = where.fill(_COUNTED_BY_SQLITE)
    for word in words:
        for row in connection.execute(statement, {"word": word}):
            yield row.term, row.doc


# -- every word ------------------------------------------------------------------------------------------------------

_VECTOR = "array_to_tsvector(string_to_array({trimmed}, ' '))"
_VECTORS = {
    "fts_events": _VECTOR.format(trimmed="rtrim('@' || CAST(event_texts.day AS text) || ' ' || event_texts.text)"),
    "fts_bodies": _VECTOR.format(trimmed="btrim(article_texts.text || ' ' || coalesce(article_texts.rest, ''))"),
}
"""What PostgreSQL's indexes are over, to the letter."""


def having_all(dialect: str, where: _Searched, words: Iterable[str]) -> Any:  # noqa: ANN401 -- a select of numbers
    """The ids of the texts that have every one of these words, which are some, as `storage.searching` makes them."""
    if dialect == "sqlite":
        index: ColumnElement[str] = literal_column(where.index)
        query = " AND ".join(f'"{word}"' for word in words)
        wanted = index.op("MATCH")(f"text : ({query})" if where is EVENTS else query)
        return select(literal_column("rowid").label(where.key)).select_from(table(where.index)).where(wanted)
    vector: ColumnElement[str] = literal_column(_VECTORS[where.index])
    query = " & ".join(f"'{word}'" for word in words)
    return select(getattr(where.table, where.key)).where(vector.op("@@")(cast(query, TSQUERY)))
