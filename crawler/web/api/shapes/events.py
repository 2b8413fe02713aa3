"""Events: their entry, what became of each source, who reported them."""

from __future__ import annotations

from datetime import date, datetime

from crawler.source_stories import State
from crawler.web.api.shapes.articles import EventLink, Mark
from crawler.web.api.shapes.captures import Memento
from crawler.web.api.shapes.shape import Shape
from storage.types import LinkKind, Outcome


class EventInList(Shape):
    """One event in a list."""

    key: str
    """Its own key."""
    event_date: date
    """The day that it is filed under."""
    headline: str
    """Of its entry."""
    sources: int
    """Its present source links; images are none."""
    articles: int
    """For how many of them there is an article."""


class Source(Shape):
    """One source link of an event, and what became of it."""

    position: int
    """1-based place among the event's source links."""
    label: str
    """As the entry writes it; empty where it has none."""
    cited_url: str
    """Exactly as the entry writes it; it need not be a URL."""
    kind: LinkKind
    """What it points at."""
    state: State
    """Where it stands."""
    story: str
    """The same in one line."""
    worry: str
    """What was wrong with the latest attempt at a page of which there is an article; empty otherwise."""
    article_id: int | None
    """The article; null where there is none."""
    headline: str
    """Of the article; empty where there is none."""
    canonical_url: str | None
    """Of the document that is meant; null where no request can be made of the cited URL, or it is an image."""
    host: str | None
    """Of that document; null likewise."""
    last_outcome: Outcome | None
    """What came of the latest attempt on the live web; null before the first."""
    last_attempt_at: datetime | None
    """When that was."""
    next_fetch_at: datetime | None
    """When it is due again; null: not unless somebody asks for it."""
    memento: Memento | None
    """Where the article comes from where an archived copy gave it; null otherwise."""
    withdrawn_at: datetime | None
    """When a later revision of the entry dropped the link; null while it stands."""
    mark: Mark | None
    """That a person said that its article is none; null where nobody does."""


class RelatedEvent(Shape):
    """An event that the entry names as related."""

    key: str
    """As the entry has it; its own key once it was imported."""
    headline: str
    """As this entry writes it."""
    context: list[str]
    """What both share."""
    known: bool
    """It is in the library."""


class Telling(Shape):
    """One article of a report."""

    article_id: int
    """The article."""
    publisher: str
    """As its page names it, else its host."""
    host: str
    """Of its document."""
    agency: str
    """That its page credits, else the label of its source link; empty for own work."""
    credit: str
    """What credits the agency."""
    headline: str
    """Of its current version."""
    reported_at: datetime
    """When its first version was published, else captured."""
    length: int
    """Characters of its body."""
    also: list[int]
    """Articles of the same document under other URLs."""


class Report(Shape):
    """One independent report of an event: an article and its copies."""

    cluster_id: int
    """The story that they tell."""
    label: str
    """The agency that most of them credit, else the publisher of the one that stands for them."""
    agency: bool
    """Whether the label is an agency."""
    articles: list[Telling]
    """By time."""
    earliest: int
    """The article that was reported first."""
    fullest: int
    """The article with the longest text."""
    representative: int | None
    """The article that stands for the story; null where it does not cover this event."""


class Event(Shape):
    """One event with everything that is known about it."""

    key: str
    """Its own key."""
    aliases: list[str]
    """Further keys under which entries of it came."""
    event_date: date
    """The day that it is filed under."""
    headline: str
    """Of its latest entry, as are the fields below."""
    description: str
    """The entry's own blurb; often a publisher's boilerplate."""
    language: str
    """ISO 639-1."""
    category: str
    """The heading that it stands under; empty where there is none."""
    topics: list[str]
    """Parent topics, the outermost first."""
    entities: list[str]
    """What is named in the entry or beside it."""
    revision: int
    """How often the entry came, edited."""
    imported_at: datetime
    """When it came first."""
    revised_at: datetime
    """When it was last edited."""
    sources: list[Source]
    """Its source links with their stories."""
    related: list[RelatedEvent]
    """Events that the entry names."""
    reports: list[Report]
    """Who reported it, by independent report, the largest first."""
    links: list[EventLink]
    """Articles that report it, proposed and rejected ones among them."""
