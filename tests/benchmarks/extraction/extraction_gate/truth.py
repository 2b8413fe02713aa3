"""What is true of a labelled page, and what the page is asked as.

Why optional lines: whether "(Reporting by ...)" or a summary line belongs to the body is a convention. Such lines
stand in the truth where the extractor has them, and are missing from it where it has not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """A stated time: `day` as the reader sees it, `value` in UTC, `precision` by `storage.types.DatePrecision`."""

    day: str
    value: datetime
    precision: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """Fields as `storage.types.Article` has them; empty means that the page does not say it.

    What is ``None``, and the figures named in `unscored`, nobody knows: they are not scored.
    """

    body: tuple[str, ...]
    headline: str = ""
    optional: tuple[tuple[int, str], ...] = ()
    standfirst: str | None = ""
    people: tuple[str, ...] | None = ()
    perhaps_people: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    published: Dated | None = None
    modified: Dated | None = None
    site_name: str | None = ""
    language: str | None = ""
    section: str | None = ""
    keywords: tuple[str, ...] | None = ()
    image: str | None = ""
    caption: str | None = ""
    credit: str | None = ""
    dateline: str | None = ""
    agency: str | None = ""
    corrections: tuple[str, ...] | None = ()
    declared_url: str | None = ""
    access: str | None = "full"
    medium: str | None = "text"
    entries: tuple[tuple[str, str], ...] | None = ()
    unscored: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledPage:
    """One page as a server sent it, with its truth; `codec` is the one that it was written in, stated or not."""

    id: str
    structure: str
    host: str
    url: str
    content: bytes = field(repr=False)
    content_type: str = ""
    codec: str = ""
    captured_at: datetime | None = None
    truth: Truth = field(repr=False)
