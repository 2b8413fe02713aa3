"""The values that say what changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """What sort of change it is; `crawler.changes.kinds` has the rules.

    ``NONE``: nothing at all. ``NOISE``: only what never matters (counters, time stamps, related boxes, typography).
    """

    NONE = "none"
    NOISE = "noise"
    CORRECTION = "correction"
    HEADLINE = "headline"
    ADDITION = "addition"
    CUT = "cut"
    REORDER = "reorder"
    REWRITE = "rewrite"
    EDIT = "edit"


class StepKind(StrEnum):
    """What became of one sentence.

    ``MOVED`` stands where the sentence came to, ``LEFT`` where it was before: every moved sentence has one of each.
    """

    KEPT = "kept"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Words that stand for others: half-open ranges of characters; a range is empty where words only came or went."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One sentence on the way from the old text to the new one.

    Attributes:
        kind: see `StepKind`.
        old: the sentence as the old text has it; empty for an added one.
        new: as the new text has it; empty for one that was removed.
        old_at: its place in the old text, 0-based; ``None`` for an added one.
        new_at: its place in the new text, 0-based; ``None`` for one that was removed.
        paragraph: block in which it stands, 0-based: of the new text, of the old one where it was removed or left.
        mark: what opens that block where the sentence is the block's first (``## ``, ``- ``, ``> ``); else empty.
        spans: the words that differ, in order; only for sentences that were changed (or moved and changed).
        noise: why it does not matter (``counter``, ``related``, ``typography``); empty where it does.
    """

    kind: StepKind
    old: str = ""
    new: str = ""
    old_at: int | None = None
    new_at: int | None = None
    paragraph: int = 0
    mark: str = ""
    spans: tuple[Span, ...] = ()
    noise: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How much changed, of what matters.

    Attributes:
        kept: sentences that stayed as they were and where they were, those that do not matter among them.
        changed: sentences in which words changed.
        added: new sentences.
        removed: sentences that went.
        moved: sentences that stand elsewhere now.
        words_added: in new sentences, and within changed ones.
        words_removed: in sentences that went, and within changed ones.
    """

    kept: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0
    moved: int = 0
    words_added: int = 0
    words_removed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What changed between two versions of a text.

    Attributes:
        kind: see `ChangeKind`.
        matters: whether a reader would call the two texts different: false for ``NONE`` and ``NOISE`` alone.
        rule: name of the rule that decided.
        evidence: one clause with the figures.
        counts: how much changed.
        headline: the headline's step, ``KEPT`` or ``CHANGED``.
        notices: notices of correction that are new, as written.
        steps: all sentences in the order of the new text; what is gone stands where it was.
        rough: the texts are so long that whole paragraphs were compared, or some passages only roughly.
    """

    kind: ChangeKind
    matters: bool
    rule: str
    evidence: str
    counts: Counts
    headline: Step
    notices: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    rough: bool = False
