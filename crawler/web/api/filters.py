"""What lists can be asked for: the selection language of the command line, as parameters."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from crawler.naming import with_event
from crawler.selecting import LONGEST, WORDS_FIELD, from_fields
from crawler.web.api.shapes.shape import WRITTEN, Said
from storage.protocol import Store
from storage.types import LibraryQuery, Outcome, TextKind

MOST = 200
"""Entries of the longest part of a list."""
MOST_CURSOR = 4_000
_LONGEST_SELECTION = 4 * LONGEST
_YEAR = "([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
_DAY = f"^({_YEAR}(-(0?[1-9]|1[0-2])(-(0?[1-9]|[12][0-9]|3[01]))?)?)?$"
_LANGUAGE = "^([A-Za-z]{2})?$"


class YesNo(StrEnum):
    """Yes or no."""

    YES = "yes"
    NO = "no"


class Direction(StrEnum):
    """Which come first."""

    NEWEST = "newest"
    OLDEST = "oldest"


class Filters(Said):
    """Which events or articles are meant; filters narrow each other, none means all, an empty one says nothing."""

    where: Annotated[str, Field(max_length=_LONGEST_SELECTION, examples=["ferry since:2006-07 text:full"])] = ""
    """A selection as behind `--where` on the command line: words, and `KEY:VALUE` of the filters below."""
    q: Annotated[str, Field(max_length=_LONGEST_SELECTION, examples=["ferry reef"])] = ""
    """Words of which all must occur; the same language as `where`, beside it."""
    since: Annotated[str, Field(pattern=_DAY, examples=["2006-07"])] = ""
    """Of this day or later: `2006`, `2006-07` or `2006-07-05`."""
    until: Annotated[str, Field(pattern=_DAY, examples=["2007"])] = ""
    """Of this day or earlier, likewise."""
    publisher: Annotated[str, Field(max_length=LONGEST, examples=["harbour-post.example"])] = ""
    """Events with a source on this host; articles of this host. A host, or any URL on it."""
    outcome: Annotated[Outcome | Literal[""], Field(examples=["gone"])] = ""
    """Events with a source of which the latest attempt ended so; articles of such documents."""
    text: Annotated[TextKind | Literal[""], Field(examples=["full"])] = ""
    """Events whose articles are so; articles that are so."""
    language: Annotated[str, Field(pattern=_LANGUAGE, examples=["en"])] = ""
    """Events with an article in this language (ISO 639-1); such articles."""
    agency: Annotated[str, Field(max_length=LONGEST, examples=["Reuters"])] = ""
    """Events with an article that credits this wire agency; such articles."""
    event: Annotated[str, Field(max_length=LONGEST, examples=["2006/07/5/ferry-runs-aground"])] = ""
    """Only this event; only its articles. A key, or the beginning of one that only one event has."""
    marked: Annotated[YesNo | Literal[""], Field(examples=["yes"])] = ""
    """`yes`: of articles only those that a person marked as none, of events those that have one."""

    def query(self, store: Store) -> LibraryQuery:
        """What they mean.

        Raises:
            SelectionError: they cannot be understood.
            EventNotFound, AmbiguousEvent: the event is unknown.
        """
        said = {name: str(value) for name, value in self if name in Filters.model_fields and value}
        words = " ".join(one for one in (said.pop("where", ""), said.pop(WORDS_FIELD, "")) if one)
        return with_event(store, from_fields({WORDS_FIELD: words, **said}))


Limit = Annotated[int, Field(ge=1, le=MOST, description="At most so many entries."), WRITTEN]
Cursor = Annotated[
    str,
    Field(
        max_length=MOST_CURSOR,
        pattern="^[A-Za-z0-9_-]*$",
        description="The `next` of an earlier part of this list, which had the same filters and order.",
    ),
]


class ListFilters(Filters):
    """Which part of a list of events or articles is meant."""

    order: Direction = Direction.NEWEST
    """Which come first: by day, then by key or number."""
    limit: Limit = 50
    cursor: Cursor = ""
    total: YesNo = YesNo.NO
    """Whether the answer says how many there are in all."""


class SearchFilters(Filters):
    """What is searched, and how much of it is shown."""

    order: Direction = Direction.NEWEST
    """Which come first: by day, then by key or number."""
    limit: Limit = 10
