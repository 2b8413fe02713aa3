"""The event side: entries as a person wrote them, repaired but never silently."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum

from storage.types.time import require_utc


class LinkKind(StrEnum):
    """What a source link points at, as far as the entry itself tells."""

    ARTICLE = "article"
    IMAGE = "image"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownMemento:
    """A memento that an entry cites itself: the cited URL was an archive's replay URL.

    Attributes:
        archive: host of the archive, for example ``web.archive.org``.
        url: the replay URL as cited.
        captured_at: the memento's own time, ``None`` where its URL does not say.
    """

    archive: str
    url: str
    captured_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a moment that is not in UTC."""
        require_utc(captured_at=self.captured_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentIdentity:
    """Which document a cited URL means (`crawler.urls` decides).

    Attributes:
        canonical_url: our identity for the document; equal for all its variants. Not meant to be requested.
        request_url: the URL to request, unwrapped and repaired, without fragment.
        url_key: the SURT, as archives index; for matching only, several documents may share one.
        host: lower-case host name of ``request_url`` with its port where it is not the scheme's own.
        memento: set where the cited URL was an archive's.
    """

    canonical_url: str
    request_url: str
    url_key: str
    host: str
    memento: KnownMemento | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceLink:
    """One cited label and URL of one event entry.

    Attributes:
        position: 1-based place among the entry's source links, in reading order (a page's own numbers repeat).
        label: as written, markup removed; empty where there is none.
        cited_url: exactly as written.
        kind: what is not an article is kept and never fetched.
        identity: the document meant; ``None`` when ``cited_url`` cannot be requested at all.
        problem: why there is no ``identity``, one sentence; empty otherwise.
    """

    position: int
    label: str
    cited_url: str
    kind: LinkKind = LinkKind.ARTICLE
    identity: DocumentIdentity | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedLink:
    """One entry naming another; the other may not have been imported yet.

    Attributes:
        position: 1-based, in reading order.
        headline: of the other entry, as this one writes it (repaired).
        target_key: event key of the other entry.
        context: the entities that both share, as listed.
    """

    position: int
    headline: str
    target_key: str
    context: tuple[str, ...] = ()


STANDARD_INPUT = "-"
"""`EntryOrigin.name` of what is no file: two entries read there have nothing in common."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryOrigin:
    """Where an entry was read.

    Attributes:
        name: path as given, or ``archive.tar.gz/member``; ``-`` for standard input.
        line: 1-based line on which the entry starts.
        format: name of the entry format that read it.
    """

    name: str
    line: int
    format: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EventEntry:
    """One page or item describing one event.

    Attributes:
        key: event key: ``YYYY/MM/D/slug`` (month padded, day not), from the page path or made from the headline.
        event_date: the day that the entry is filed under.
        headline: repaired, markup removed, spaces folded.
        headline_raw: exactly as written.
        description: the entry's own blurb, repaired; often a publisher's boilerplate; not to be trusted.
        description_raw: exactly as written.
        language: ISO 639-1 code of the entry's language.
        category: heading the entry stands under where the format has such (``Armed conflicts and attacks``).
        topics: parent topic headings, outermost first.
        entities: entities named in or beside the entry, in order of appearance, no repeats.
        sources: source links in reading order.
        related: related links in reading order.
        origin: where it was read; not part of the content.
        raw: the text that it was read from, exactly as it stands in its file (the page, the line, the item with the
            lines that belong to it), so that it can be given back with nothing changed; empty where the format has no
            text of one entry. Not part of the content.
    """

    key: str
    event_date: date
    headline: str
    headline_raw: str
    description: str = ""
    description_raw: str = ""
    language: str = "en"
    category: str = ""
    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    sources: tuple[SourceLink, ...] = ()
    related: tuple[RelatedLink, ...] = ()
    origin: EntryOrigin = field(default_factory=lambda: EntryOrigin(name="-", line=1, format="unknown"))
    raw: str = ""

    def content_digest(self) -> str:
        """SHA-256 in hex of everything that the entry says; equal digests mean "nothing was edited".

        What we derive ourselves (the documents' identities) and where the entry was read stand outside: a better
        rule for canonical URLs or a moved folder is not an edit.
        """
        said = [getattr(self, name) for name in _SAID]
        said.append([[link.position, link.label, link.cited_url, link.kind] for link in self.sources])
        said.append([[link.position, link.headline, link.target_key, link.context] for link in self.related])
        packed = json.dumps(said, ensure_ascii=False, default=str)
        return hashlib.sha256(packed.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedArticle:
    """An article that a person saved as text: imported as a capture of kind ``imported``, it has no event entry.

    Attributes:
        headline: repaired, spaces folded.
        body: paragraphs separated by one blank line, furniture (the in-body "Related article") removed.
        byline: as written after "By"; empty where there is none.
        published_on: the bare date line; ``None`` where there is none.
        photo_credit: the bold credit line; empty where there is none.
        cited_url: the original URL as written.
        identity: the document meant.
        raw: the file's bytes, unchanged: the payload of the capture.
        origin: where it was read.
    """

    headline: str
    body: str
    byline: str
    published_on: date | None
    photo_credit: str
    cited_url: str
    identity: DocumentIdentity
    raw: bytes
    origin: EntryOrigin


@dataclass(frozen=True, kw_only=True, slots=True)
class LooseSource:
    """A URL wanted without an event entry (a plain list of URLs)."""

    cited_url: str
    identity: DocumentIdentity
    origin: EntryOrigin


_SAID = tuple(one.name for one in fields(EventEntry) if one.name not in {"sources", "related", "origin", "raw"})
"""Fields of an entry that its digest takes as they are."""


class EntryChange(StrEnum):
    """What importing one entry did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedEntry:
    """The answer to storing one entry.

    Attributes:
        key: the event's own key after the import.
        change: what happened.
        alias_of: set when the entry came under another key but is the same event: that event's key; else empty.
        reason: why it was taken for the same event (``same key``, ``same sources``, ``near-same headline``), or empty.
        links_added: source links that are new on the event.
        links_withdrawn: source links that the entry no longer has; they are kept and marked.
    """

    key: str
    change: EntryChange
    alias_of: str = ""
    reason: str = ""
    links_added: int = 0
    links_withdrawn: int = 0
