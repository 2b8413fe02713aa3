"""JSON Schemas (2020-12) of the lines that exports write; ``dateline export --schema FORMAT`` prints one.

What the fields mean is said where they are made: `crawler.exporting.record`, `crawler.exporting.event_record`,
`crawler.exporting.wcep_record`.

Why every field is required and no other is allowed: that is what an export promises, and what a test can hold it to.
A field is never renamed or removed; a later version may write more of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from crawler.events.notes import UrlStatus
from storage.types import (
    Access,
    ContributorKind,
    DatePrecision,
    DigestCheck,
    LinkHow,
    LinkKind,
    Medium,
    Outcome,
    VerdictKind,
)

Schema: TypeAlias = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _object(fields: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(fields), "required": list(fields), "additionalProperties": False}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _or_null(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "null"}]}


def _one_of(values: type[Any], *more: str) -> Schema:
    return {"enum": [*(value.value for value in values), *more]}


def _texts(*names: str) -> dict[str, Schema]:
    return dict.fromkeys(names, _TEXT)


_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SHARE: Schema = {"type": "number"}
_TRUTH: Schema = {"type": "boolean"}
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?Z$"}
_PRECISION: Schema = _or_null(_one_of(DatePrecision))
_TEXTS: Schema = _list(_TEXT)

_EVENT_LINK = _object({"event_key": _TEXT, "how": _one_of(LinkHow), "score": _SHARE, "evidence": _TEXT})
_CONTRIBUTOR = _object({"name": _TEXT, "kind": _one_of(ContributorKind), "role": _TEXT})
_MEDIA = _object(
    {"medium": _one_of(Medium)}
    | _texts("name", "description", "url")
    | {"seconds": _or_null(_NUMBER), "pages": _or_null(_NUMBER)}
)
_ENTRY = _object(
    _texts("headline", "body") | {"posted_at": _or_null(_TIME), "posted_precision": _PRECISION, "clock": _TEXT}
)
_CHOICE = _object(
    _texts("winner", "why", "rule")
    | {
        "missed": _TEXTS,
        "trials": _list(_object({"name": _TEXT, "words": _COUNT, "score": _SHARE, "note": _TEXT})),
        "cuts": _list(_object(_texts("text", "reason", "place"))),
    }
)
_LEAD_IMAGE = _object(
    {"url": _TEXT, "stored": _TRUTH, "outcome": _one_of(Outcome, "")}
    | dict.fromkeys(("width", "height"), _or_null(_NUMBER))
    | {"media_type": _or_null(_TEXT), "bytes": _or_null(_NUMBER), "hash": _or_null(_TEXT)}
    | {"captured_at": _or_null(_TIME), "file": _or_null(_TEXT), "offset": _or_null(_NUMBER)}
)
_MARK = _object({"by": _TEXT, "at": _TIME, "because": _TEXT})

_ARTICLE = _object(
    {"article_id": _NUMBER}
    | _texts("headline", "body", "byline")
    | {"published_at": _or_null(_TIME), "published_precision": _PRECISION}
    | {"modified_at": _or_null(_TIME), "modified_precision": _PRECISION}
    | _texts("language", "site_name", "agency", "dateline")
    | {"access": _one_of(Access)}
    | _texts("lead_image_url", "canonical_url", "request_url", "declared_url")
    | {"captured_at": _TIME, "extracted_at": _TIME, "extractor": _TEXT, "version": _NUMBER, "versions": _NUMBER}
    | {"verdict": _one_of(VerdictKind), "verdict_evidence": _TEXT, "text_digest": _TEXT}
    | {"cluster": _list(_NUMBER), "representative": _NUMBER, "events": _TEXTS, "event_links": _list(_EVENT_LINK)}
    | {"evidence": {"type": "object", "additionalProperties": _TEXT}}
    | _texts("archive", "archive_url", "archive_page_url")
    | {"archive_requested_at": _or_null(_TIME), "archive_digest": _one_of(DigestCheck, ""), "archive_source": _TEXT}
    | {"standfirst": _TEXT, "section": _TEXT, "keywords": _TEXTS, "contributors": _list(_CONTRIBUTOR)}
    | {"lead_image_caption": _TEXT, "lead_image_credit": _TEXT, "corrections": _TEXTS}
    | {"medium": _one_of(Medium), "media": _list(_MEDIA), "entries": _list(_ENTRY)}
    | {"confidence": {"type": "object", "additionalProperties": _SHARE}, "choice": _CHOICE}
    | {"lead_image": _or_null(_LEAD_IMAGE), "mark": _or_null(_MARK)}
)
_SOURCE = _object(
    {"label": _TEXT, "url": _TEXT, "status": _one_of(UrlStatus), "outcome": _or_null(_one_of(Outcome))}
    | _texts("archive", "archive_url")
    | {"archive_date": _or_null(_DAY), "archive_verified": _TRUTH, "article": _TEXT, "document": _TEXT}
    | {"position": _NUMBER, "kind": _one_of(LinkKind), "host": _TEXT, "problem": _TEXT}
    | {"attempts": _COUNT, "last_attempt_at": _or_null(_TIME), "article_id": _or_null(_NUMBER)}
)
_EVENT = _object(
    {"event_id": _TEXT, "date": _DAY}
    | _texts("headline", "headline_raw", "description", "description_raw", "language", "category")
    | {"topics": _TEXTS, "entities": _TEXTS, "sources": _list(_SOURCE)}
    | {"related": _list(_object({"headline": _TEXT, "event_id": _TEXT, "context": _TEXTS}))}
    | {"aliases": _TEXTS, "revision": _NUMBER, "imported_at": _TIME, "revised_at": _TIME}
    | {"articles": _list({"$ref": "#/$defs/article"})}
)
_WCEP_ARTICLE = _object(
    {
        "id": _NUMBER,
        "time": _or_null(_TIME),
        "title": _TEXT,
        "text": _TEXT,
        "url": _TEXT,
        "archive_url": _or_null(_TEXT),
    }
    | {"origin": _one_of(LinkHow), "language": _TEXT, "access": _one_of(Access), "agency": _TEXT, "story": _NUMBER}
)
_WCEP = _object(
    {"id": _TEXT, "date": _DAY, "summary": _TEXT, "articles": _list(_WCEP_ARTICLE) | {"minItems": 1}}
    | {"collection": {"enum": ["train", "val", "test"]}, "wiki_links": _TEXTS, "reference_urls": _TEXTS}
    | {"category": _TEXT}
)

ARTICLE_SCHEMA: Schema = {"$schema": _DIALECT, "title": "An article of a dateline library"} | _ARTICLE
EVENT_SCHEMA: Schema = (
    {"$schema": _DIALECT, "title": "An event of a dateline library, with its articles"}
    | _EVENT
    | {"$defs": {"article": _ARTICLE}}
)
WCEP_SCHEMA: Schema = {"$schema": _DIALECT, "title": "An event for summarising many documents"} | _WCEP
