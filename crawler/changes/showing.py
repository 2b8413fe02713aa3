"""Which part of a change a reader is shown, and in which words: for the command line and for the pages. Pure.

Why sentences that stayed are folded: what changed is a line or two of a page. One sentence stays on either side of a
change, so that it can be read where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from crawler.changes.model import Change, Step, StepKind
from crawler.changes.versions import FieldChange, field_changes
from storage.types import ArticleVersion

_CONTEXT = 1
"""Sentences shown on either side of a change."""
_LEAST_FOLDED = 2


class PieceKind(StrEnum):
    """What became of some words of a sentence."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Words of a sentence that stayed, went or came."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One sentence that is shown, or how many are not.

    Attributes:
        step: the sentence; ``None`` where sentences are folded.
        folded: how many sentences stayed and are not shown here; 0 for a sentence.
        moved: where the sentence went to or came from (``moved to sentence 7``), said of the first of each run.
        remark: why it does not matter (``counter: does not matter``); empty where it does.
    """

    step: Step | None = None
    folded: int = 0
    moved: str = ""
    remark: str = ""


def lines_of(steps: Sequence[Step]) -> Iterator[Line]:
    """What is shown of the steps between two texts, in their order; nothing where none changed."""
    shown = _shown(steps)
    hidden, before = 0, None
    for index, step in enumerate(steps):
        if index not in shown:
            hidden += 1
            continue
        yield from _folded(hidden)
        remark = f"{step.noise}: does not matter" if step.noise else ""
        yield Line(step=step, moved=_moved(step, before), remark=remark)
        hidden, before = 0, step
    if shown:
        yield from _folded(hidden)


def pieces_of(step: Step) -> Iterator[Piece]:
    """A changed sentence with the words that went and those that came in their places; all others whole."""
    if step.kind is not StepKind.CHANGED:
        yield Piece(kind=PieceKind.KEPT, text=step.new or step.old)
        return
    place = 0
    for span in step.spans:
        found = (
            (PieceKind.KEPT, step.new[place : span.new_start]),
            (PieceKind.REMOVED, step.old[span.old_start : span.old_end]),
            (PieceKind.ADDED, step.new[span.new_start : span.new_end]),
        )
        yield from (Piece(kind=kind, text=text) for kind, text in found if text)
        place = span.new_end
    if step.new[place:]:
        yield Piece(kind=PieceKind.KEPT, text=step.new[place:])


def fields_of(old: ArticleVersion, new: ArticleVersion, change: Change) -> list[FieldChange]:
    """What else changed, the headline first; names are words."""
    rows = [
        FieldChange(name=one.name.replace("_", " "), old=one.old, new=one.new)
        for one in field_changes(old.article, new.article)
    ]
    if change.headline.kind is StepKind.CHANGED:
        rows.insert(0, FieldChange(name="headline", old=change.headline.old, new=change.headline.new))
    return rows


def change_told(change: Change) -> str:
    """``correction: a notice is new``."""
    return f"{change.kind}: {change.evidence}" if change.evidence else str(change.kind)


def order_remark(old: ArticleVersion, new: ArticleVersion) -> str:
    """That the version with the higher number is the older one, where it is; else empty."""
    if new.captured_at < old.captured_at and new.number > old.number:
        return f"version {new.number} is the older one: it was found after version {old.number}"
    return ""


def rough_remark(change: Change) -> str:
    """That the comparison is not exact, where it is not; else empty."""
    return "the texts are very long: some passages were compared only roughly" if change.rough else ""


def _shown(steps: Sequence[Step]) -> set[int]:
    """Places of the steps that are shown: those that changed something and their neighbours."""
    changed = [index for index, step in enumerate(steps) if step.kind is not StepKind.KEPT]
    shown = {near for index in changed for near in range(index - _CONTEXT, index + _CONTEXT + 1)}
    for a, b in pairwise(sorted(shown)):
        if b - a - 1 < _LEAST_FOLDED:  # a line that says "1 sentence unchanged" is no shorter than the sentence
            shown.update(range(a, b))
    return shown


def _folded(number: int) -> Iterator[Line]:
    if number:
        yield Line(folded=number)


def _moved(step: Step, before: Step | None) -> str:
    if step.kind not in {StepKind.MOVED, StepKind.LEFT}:
        return ""
    old_at, new_at = step.old_at or 0, step.new_at or 0
    if before and before.kind is step.kind and (before.old_at, before.new_at) == (old_at - 1, new_at - 1):
        return ""
    if step.kind is StepKind.LEFT:
        return f"moved to sentence {new_at + 1}"
    return f"moved from sentence {old_at + 1}"
