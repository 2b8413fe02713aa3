"""What an article consists of beside its text: who signed it, what it shows, how its body was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.types.time import DatedTime


class ContributorKind(StrEnum):
    """What somebody is who signs an article."""

    PERSON = "person"
    AGENCY = "agency"
    ORGANISATION = "organisation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contributor:
    """One who signed an article.

    Attributes:
        name: as written, without role and place; of an agency its usual name.
        kind: see `ContributorKind`.
        role: as written (``Moscow correspondent``, ``translation``); empty where none is stated.
    """

    name: str
    kind: ContributorKind = ContributorKind.PERSON
    role: str = ""


class Medium(StrEnum):
    """In what form a page tells its story."""

    TEXT = "text"
    LIVE_BLOG = "live_blog"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveEntry:
    """One entry of a live blog.

    Attributes:
        body: structured text, as `Article.body` defines it.
        headline: empty where it has none.
        posted_at: as stated; ``None`` where nothing is, or the hour alone without any day.
        clock: the stated time of day as written (``14:05``); empty where there is none.
    """

    body: str
    headline: str = ""
    posted_at: DatedTime | None = None
    clock: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaItem:
    """A video or sound that a page is about, or the file that a document is.

    Attributes:
        medium: ``VIDEO``, ``AUDIO`` or ``DOCUMENT``.
        name: its title; empty where it has none.
        description: what the page says it shows.
        url: of the file or its player, absolute; empty where none is stated.
        seconds: how long it runs; ``None`` where unknown.
        pages: of a document; ``None`` for the others.
    """

    medium: Medium
    name: str = ""
    description: str = ""
    url: str = ""
    seconds: int | None = None
    pages: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """A block that a candidate had and that is not in the body.

    Attributes:
        text: its first 200 characters.
        reason: why it was cut (``byline``, ``newsletter``, ``stands on 4 other pages of the host``).
        place: ``top``, ``bottom`` or ``middle``.
    """

    text: str
    reason: str
    place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BodyTrial:
    """One candidate for the body.

    Attributes:
        name: of the candidate: ``rule``, ``readable``, ``tables``, ``trafilatura fast``, ``trafilatura`` or
            ``long lines``.
        words: how many it has.
        score: what the chooser gave it; comparable within one page only.
        note: what decided, with the figures.
    """

    name: str
    words: int
    score: float
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class BodyChoice:
    """How the body was found.

    Attributes:
        winner: name of the candidate that was taken; empty where nothing was extracted from a page.
        why: one phrase with the figures.
        trials: all candidates that were tried, in the order in which they were.
        cuts: blocks that went, in the order of the page; at most 40.
        rule: name of the publisher rule that applied; empty where none did.
        missed: names of what a publisher rule of this host should have found and did not (``bbc`` where no layout of
            a known publisher fits, ``bbc-2003: headline`` for one field).
    """

    winner: str = ""
    why: str = ""
    trials: tuple[BodyTrial, ...] = ()
    cuts: tuple[Cut, ...] = ()
    rule: str = ""
    missed: tuple[str, ...] = ()
