"""Column types that behave alike on SQLite and PostgreSQL.

Why own types:
- SQLite has no time zones and PostgreSQL answers in the session's: `UtcDateTime` gives aware UTC on both.
- PostgreSQL orders text by the database's locale, SQLite by code point: `StoredText` is collated "C", so pages of
  a listing follow one another in the same order everywhere and prefix searches can use the index.
- No database holds NUL and lone surrogates, yet pages from the wild have them: they become U+FFFD, as the HTML
  standard does. What must survive unchanged (entries, headers) is kept as JSON, where both are escaped.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from storage.types import require_utc

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""64-bit on both; SQLite gives automatic numbers only to a column declared INTEGER."""

Json = JSON(none_as_null=True)
"""Structured facts that are shown but never searched; text, so that nothing is reordered or refused."""


def storable(text: str) -> str:
    """The text as a database can hold it: NUL and lone surrogates become U+FFFD."""
    return _UNSTORABLE.sub("�", text)


def short_digest(text: str) -> bytes:
    """16 bytes that stand for a text which may be too long to be indexed."""
    return hashlib.blake2b(storable(text).encode(), digest_size=16).digest()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; anything else is refused before it is written."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what is not in UTC; SQLite gets it without the zone."""
        if value is None:
            return None
        require_utc(value=value)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StoredText(TypeDecorator[str]):
    """Text ordered by code point on every database; also takes members of a `StrEnum`."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Collate by code point where the database would use a locale."""
        plain = Text(collation="C") if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(plain)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make it storable."""
        del dialect
        return None if value is None else storable(str(value))
