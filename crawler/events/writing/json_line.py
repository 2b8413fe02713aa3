"""JSON lines: one entry a line, in the shape that the format ``jsonl`` reads back unchanged.

=================  =======================================================================================
field              meaning
=================  =======================================================================================
event_id           the event's key
date               ``2006-07-05``
headline           repaired, markup removed
headline_raw       exactly as written
description        repaired
description_raw    exactly as written
language           ISO 639-1
category           heading that the entry stands under
topics             outermost first
entities           in order of appearance
sources            objects: ``label``, ``url``; with notes also ``status`` (``live | dead | unfit | unknown``),
                   ``outcome`` of the latest attempt, ``archive``, ``archive_url``, ``archive_date``
                   (``2006-07-05``), ``archive_verified`` (we fetched the copy and accepted its article),
                   ``article`` (its headline) and ``document`` (its canonical URL)
related            objects: ``headline``, ``event_id``, ``context``
=================  =======================================================================================

Every line has every field; with notes every source has every field, empty or null where nothing is known.
"""

from __future__ import annotations

import json
import re
from typing import Any

from crawler.events.notes import Notes, SourceNote
from storage.types import EventEntry, SourceLink

_UNSAFE = re.compile("[\u0085\u2028\u2029\ud800-\udfff]")


def line_of(entry: EventEntry, notes: Notes | None = None) -> str:
    """One line with its line end."""
    line = json.dumps(record_of(entry, notes), ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", line) + "\n"


def record_of(entry: EventEntry, notes: Notes | None = None) -> dict[str, Any]:
    """The fields of a line, in their order."""
    return {
        "event_id": entry.key,
        "date": entry.event_date.isoformat(),
        "headline": entry.headline,
        "headline_raw": entry.headline_raw,
        "description": entry.description,
        "description_raw": entry.description_raw,
        "language": entry.language,
        "category": entry.category,
        "topics": list(entry.topics),
        "entities": list(entry.entities),
        "sources": [_source(link, notes) for link in entry.sources],
        "related": [
            {"headline": link.headline, "event_id": link.target_key, "context": list(link.context)}
            for link in entry.related
        ],
    }


def _source(link: SourceLink, notes: Notes | None) -> dict[str, Any]:
    said: dict[str, Any] = {"label": link.label, "url": link.cited_url}
    if notes is None:
        return said
    note = notes.get(link.cited_url, SourceNote())
    return said | {
        "status": note.status,
        "outcome": note.outcome,
        "archive": note.archive.archive if note.archive else "",
        "archive_url": note.archive_url,
        "archive_date": note.archive_day or None,
        "archive_verified": note.archive.verified if note.archive else False,
        "article": note.headline,
        "document": note.document,
    }
