"""The story of a source link in one line: what became of it, for the command line, the pages, the API and exports.

Pure. Exactly one state holds for each link, by the first rule that fits, in the order of `State`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crawler.events.notes import UrlStatus, status_of
from storage.types import OUTCOME_MEANINGS, Document, LinkKind, Mark, Outcome, SourceView, Takedown


class State(StrEnum):
    """Where a source link stands.

    ``IMAGE``: cites no article. ``UNREQUESTABLE``: no request can be made of the cited URL. ``MARKED``: what came was
    stored as an article, and a person said that it is none. ``LIVE``: the text is the live page's. ``RESCUED``: it is
    an archived copy's. ``IMPORTED``: it came with a saved article. ``TAKEN_DOWN``: it was removed on request, and is
    kept away. ``UNTRIED``: nobody asked yet. ``DEAD``: the web itself says that the page is gone. ``MISSING``: it could
    not be had for another reason.
    """

    IMAGE = "image"
    UNREQUESTABLE = "unrequestable"
    MARKED = "marked"
    LIVE = "live"
    RESCUED = "rescued"
    IMPORTED = "imported"
    TAKEN_DOWN = "taken_down"
    UNTRIED = "untried"
    DEAD = "dead"
    MISSING = "missing"


STATE_MEANINGS: Mapping[State, str] = {
    State.IMAGE: "an image, not an article: kept, not fetched",
    State.UNREQUESTABLE: "no request can be made of the cited URL",
    State.MARKED: "a person said that the page is no article",
    State.LIVE: "the live web gave the article",
    State.RESCUED: "a web archive gave the article",
    State.IMPORTED: "the article came with a saved copy of it",
    State.TAKEN_DOWN: "it was removed on request, and is kept away",
    State.UNTRIED: "not tried yet",
    State.DEAD: "the web says that the page is gone",
    State.MISSING: "it could not be had, for the reason that the outcome names",
}

Gone = Mapping[int, Takedown]
"""Document -> the tombstone that keeps it away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceStory:
    """What became of a source link.

    Attributes:
        state: see `State`.
        text: one line, without the state's name and without the article's headline.
        article_id: the article; ``None`` where there is none.
        worry: what was wrong with the latest attempt at a page of which there is an article; empty otherwise.
    """

    state: State
    text: str
    article_id: int | None = None
    worry: str = ""


def story_of(source: SourceView, gone: Gone | None = None) -> SourceStory:
    """The story of a source link; ``gone`` knows of takedowns."""
    if source.link.kind is LinkKind.IMAGE:
        return SourceStory(state=State.IMAGE, text=STATE_MEANINGS[State.IMAGE])
    document = source.document
    if document is None:
        return SourceStory(state=State.UNREQUESTABLE, text=f"cannot be requested: {source.link.problem}")
    if document.article_id is not None:
        return _with_article(source, document, document.article_id)
    if gone and document.id in gone:
        return SourceStory(state=State.TAKEN_DOWN, text=f"taken down: {gone[document.id].text}")
    if document.last_outcome is None:
        return SourceStory(state=State.UNTRIED, text=STATE_MEANINGS[State.UNTRIED])
    dead = status_of(document.last_outcome) is UrlStatus.DEAD
    meaning = f"{document.last_outcome}: {OUTCOME_MEANINGS[document.last_outcome]}"
    return SourceStory(state=State.DEAD if dead else State.MISSING, text=meaning)


def mark_text(mark: Mark) -> str:
    """``marked as no article by mara on 2026-03-01: a list of jobs``."""
    said = f"marked as no article by {mark.marked_by} on {mark.marked_at:%Y-%m-%d}"
    return f"{said}: {mark.because}" if mark.because else said


def _with_article(source: SourceView, document: Document, article_id: int) -> SourceStory:
    state, text = _origin(source, document)
    worry = f"last attempt: {document.last_outcome}" if document.failures else ""
    return SourceStory(state=state, text=text, article_id=article_id, worry=worry)


def _origin(source: SourceView, document: Document) -> tuple[State, str]:
    if source.mark is not None:
        return State.MARKED, mark_text(source.mark)
    if copy := source.memento:
        return State.RESCUED, f"archived {copy.captured_at:%Y-%m-%d}, {copy.archive}"
    if document.last_outcome is Outcome.IMPORTED:
        return State.IMPORTED, STATE_MEANINGS[State.IMPORTED]
    asked = document.last_attempt_at
    return State.LIVE, f"asked last on {asked:%Y-%m-%d}" if asked else ""
