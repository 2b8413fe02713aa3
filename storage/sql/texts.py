"""What was extracted, as columns of a version and as one JSON value, and back.

Why both forms: a version's fields are looked at by queries and by people with a database shell; what is staged is read
by nobody, and a new field of an article needs no new column there.

Why lists stand as JSON in one column each: they are shown with their article and never searched. What `rule_health`
counts (the publisher's rule and what it missed) are columns.

Why written out field by field: this is a file format. Renaming an attribute must not rename what is stored.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from storage.sql.keys import pack
from storage.types import (
    Access,
    Article,
    BodyChoice,
    BodyTrial,
    Contributor,
    ContributorKind,
    Cut,
    DatedTime,
    DatePrecision,
    LiveEntry,
    MediaItem,
    Medium,
)

Packed = dict[str, Any]

_TEXTS = (
    *("headline", "body", "byline", "language", "site_name", "declared_url", "lead_image_url", "agency", "dateline"),
    *("lead_image_caption", "lead_image_credit", "standfirst", "section"),
    *("extractor", "extractor_version", "text_digest"),
)
"""Fields that are stored as they are."""

_BETWEEN = "\n"
"""Stands between the names in the column ``missed``; a name is one line."""


# -- columns ---------------------------------------------------------------------------------------------------------


def article_values(article: Article, captured_at: datetime) -> Packed:
    """Columns of a version that come from the extraction; its keys live elsewhere."""
    return {
        **{name: getattr(article, name) for name in _TEXTS},
        "reported_at": article.published_at.value if article.published_at else captured_at,
        **_dated("published", article.published_at),
        **_dated("modified", article.modified_at),
        "access": article.access,
        "agency_own": article.agency_own,
        "medium": article.medium,
        **_lists(article),
        "evidence": dict(article.evidence),
        "confidence": dict(article.confidence),
        "choice": _pack_choice(article.choice),
        "rule": article.choice.rule,
        "missed": _BETWEEN.join(article.choice.missed),
        "edge_lines": pack(article.edge_lines) if article.edge_lines else None,
    }


def article(row: Row[Any]) -> Article:
    """The extraction of one row of versions; its keys and edge lines are not read."""
    return Article(
        **{name: getattr(row, name) for name in _TEXTS},
        published_at=_dated_time(row.published_at, row.published_precision, row.published_evidence, row.published_raw),
        modified_at=_dated_time(row.modified_at, row.modified_precision, row.modified_evidence, row.modified_raw),
        access=Access(row.access),
        agency_own=row.agency_own,
        medium=Medium(row.medium),
        **_from_lists({name: getattr(row, name) for name in ("keywords", "corrections", *_NESTED)}),
        evidence=row.evidence,
        confidence=row.confidence,
        choice=_unpack_choice(row.choice, row.rule, unpack_missed(row.missed)),
    )


def unpack_missed(text: str) -> tuple[str, ...]:
    """The names of what was missed."""
    return tuple(text.split(_BETWEEN)) if text else ()


def _dated(name: str, dated: DatedTime | None) -> Packed:
    return {
        f"{name}_at": dated.value if dated else None,
        f"{name}_precision": dated.precision if dated else "",
        f"{name}_evidence": dated.evidence if dated else "",
        f"{name}_raw": dated.raw if dated else "",
    }


def _dated_time(value: datetime | None, precision: str, evidence: str, raw: str) -> DatedTime | None:
    if value is None:
        return None
    return DatedTime(value=value, precision=DatePrecision(precision), evidence=evidence, raw=raw)


# -- one JSON value --------------------------------------------------------------------------------------------------


def pack_article(article: Article) -> Packed:
    """The article as JSON values, whole: with keys and edge lines."""
    return {
        **{name: getattr(article, name) for name in _TEXTS},
        "published_at": _pack_time(article.published_at),
        "modified_at": _pack_time(article.modified_at),
        "access": article.access.value,
        "agency_own": article.agency_own,
        "medium": article.medium.value,
        **_lists(article),
        "evidence": dict(article.evidence),
        "confidence": dict(article.confidence),
        "choice": _pack_choice(article.choice),
        "rule": article.choice.rule,
        "missed": _BETWEEN.join(article.choice.missed),
        "edge_lines": list(article.edge_lines),
        "keys": {signal: list(keys) for signal, keys in article.keys.items()},
    }


def unpack_article(packed: Packed) -> Article:
    """The article again."""
    return Article(
        **{name: packed[name] for name in _TEXTS},
        published_at=_unpack_time(packed["published_at"]),
        modified_at=_unpack_time(packed["modified_at"]),
        access=Access(packed["access"]),
        agency_own=packed.get("agency_own", False),
        medium=Medium(packed["medium"]),
        **_from_lists(packed),
        evidence=packed["evidence"],
        confidence=packed["confidence"],
        choice=_unpack_choice(packed["choice"], packed["rule"], unpack_missed(packed["missed"])),
        edge_lines=tuple(packed["edge_lines"]),
        keys={signal: tuple(keys) for signal, keys in packed["keys"].items()},
    )


def _pack_time(dated: DatedTime | None) -> list[str] | None:
    return None if dated is None else [dated.value.isoformat(), dated.precision.value, dated.evidence, dated.raw]


def _unpack_time(packed: list[str] | None) -> DatedTime | None:
    if packed is None:
        return None
    value, precision, evidence, raw = packed
    return _dated_time(datetime.fromisoformat(value), precision, evidence, raw)


# -- lists of values -------------------------------------------------------------------------------------------------

_NESTED = ("contributors", "entries", "media")


def _lists(article: Article) -> Packed:
    return {
        "keywords": list(article.keywords),
        "corrections": list(article.corrections),
        "contributors": [[one.name, one.kind.value, one.role] for one in article.contributors],
        "entries": [[one.body, one.headline, _pack_time(one.posted_at), one.clock] for one in article.entries],
        "media": [
            [one.medium.value, one.name, one.description, one.url, one.seconds, one.pages] for one in article.media
        ],
    }


def _from_lists(packed: Packed) -> Packed:
    return {
        "keywords": tuple(packed["keywords"]),
        "corrections": tuple(packed["corrections"]),
        "contributors": tuple(
            Contributor(name=name, kind=ContributorKind(kind), role=role) for name, kind, role in packed["contributors"]
        ),
        "entries": tuple(
            LiveEntry(body=body, headline=headline, posted_at=_unpack_time(posted_at), clock=clock)
            for body, headline, posted_at, clock in packed["entries"]
        ),
        "media": tuple(
            MediaItem(medium=Medium(medium), name=name, description=description, url=url, seconds=seconds, pages=pages)
            for medium, name, description, url, seconds, pages in packed["media"]
        ),
    }


def _pack_choice(choice: BodyChoice) -> Packed:
    """Everything but the rule's name and what it missed, which are columns; empty where nothing is said."""
    said = {
        "winner": choice.winner,
        "why": choice.why,
        "trials": [[one.name, one.words, one.score, one.note] for one in choice.trials],
        "cuts": [[one.text, one.reason, one.place] for one in choice.cuts],
    }
    return {name: value for name, value in said.items() if value}


def _unpack_choice(packed: Packed, rule: str, missed: tuple[str, ...]) -> BodyChoice:
    return BodyChoice(
        winner=packed.get("winner", ""),
        why=packed.get("why", ""),
        trials=tuple(
            BodyTrial(name=name, words=words, score=score, note=note)
            for name, words, score, note in packed.get("trials", ())
        ),
        cuts=tuple(Cut(text=text, reason=reason, place=place) for text, reason, place in packed.get("cuts", ())),
        rule=rule,
        missed=missed,
    )
