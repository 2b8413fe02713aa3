"""Event entries as JSON and back: the form in which revisions are kept for ever.

Why written out field by field: this is a file format. Renaming an attribute must not rename what is stored, and a
generic ``asdict`` takes four times as long.

Why the raw text is not in it: it stands beside the entry (`storage.sql.models.events`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from storage.types import (
    DocumentIdentity,
    EntryOrigin,
    EventEntry,
    KnownMemento,
    LinkKind,
    RelatedLink,
    SourceLink,
)

Packed = dict[str, Any]


def pack_entry(entry: EventEntry) -> Packed:
    """The entry as JSON values; nothing but its raw text is left out."""
    return {
        "key": entry.key,
        "event_date": entry.event_date.isoformat(),
        "headline": entry.headline,
        "headline_raw": entry.headline_raw,
        "description": entry.description,
        "description_raw": entry.description_raw,
        "language": entry.language,
        "category": entry.category,
        "topics": list(entry.topics),
        "entities": list(entry.entities),
        "sources": [_pack_source(link) for link in entry.sources],
        "related": [_pack_related(link) for link in entry.related],
        "origin": {"name": entry.origin.name, "line": entry.origin.line, "format": entry.origin.format},
    }


def unpack_entry(packed: Packed) -> EventEntry:
    """The entry again."""
    return EventEntry(
        key=packed["key"],
        event_date=date.fromisoformat(packed["event_date"]),
        headline=packed["headline"],
        headline_raw=packed["headline_raw"],
        description=packed["description"],
        description_raw=packed["description_raw"],
        language=packed["language"],
        category=packed["category"],
        topics=tuple(packed["topics"]),
        entities=tuple(packed["entities"]),
        sources=tuple(_unpack_source(link) for link in packed["sources"]),
        related=tuple(_unpack_related(link) for link in packed["related"]),
        origin=EntryOrigin(**packed["origin"]),
    )


def _pack_source(link: SourceLink) -> Packed:
    return {
        "position": link.position,
        "label": link.label,
        "cited_url": link.cited_url,
        "kind": link.kind.value,
        "identity": _pack_identity(link.identity),
        "problem": link.problem,
    }


def _unpack_source(packed: Packed) -> SourceLink:
    return SourceLink(
        position=packed["position"],
        label=packed["label"],
        cited_url=packed["cited_url"],
        kind=LinkKind(packed["kind"]),
        identity=_unpack_identity(packed["identity"]),
        problem=packed["problem"],
    )


def _pack_identity(identity: DocumentIdentity | None) -> Packed | None:
    if identity is None:
        return None
    return {
        "canonical_url": identity.canonical_url,
        "request_url": identity.request_url,
        "url_key": identity.url_key,
        "host": identity.host,
        "memento": _pack_memento(identity.memento),
    }


def _unpack_identity(packed: Packed | None) -> DocumentIdentity | None:
    return None if packed is None else DocumentIdentity(**{**packed, "memento": _unpack_memento(packed["memento"])})


def _pack_memento(memento: KnownMemento | None) -> Packed | None:
    if memento is None:
        return None
    captured_at = memento.captured_at and memento.captured_at.isoformat()
    return {"archive": memento.archive, "url": memento.url, "captured_at": captured_at}


def _unpack_memento(packed: Packed | None) -> KnownMemento | None:
    if packed is None:
        return None
    captured_at = packed["captured_at"] and datetime.fromisoformat(packed["captured_at"])
    return KnownMemento(archive=packed["archive"], url=packed["url"], captured_at=captured_at)


def _pack_related(link: RelatedLink) -> Packed:
    return {
        "position": link.position,
        "headline": link.headline,
        "target_key": link.target_key,
        "context": list(link.context),
    }


def _unpack_related(packed: Packed) -> RelatedLink:
    return RelatedLink(**{**packed, "context": tuple(packed["context"])})
