"""What the rules of `crawler.changes.kinds` ask about two texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.changes.aligning import align
from crawler.changes.furniture import marked
from crawler.changes.model import Counts, Step, StepKind
from crawler.changes.notices import new_notices
from crawler.changes.sentences import MOST_SENTENCES, Sentence, blocks_of, cut, keys_of_blocks
from crawler.changes.steps import spans_between, steps_between
from crawler.changes.words import key_of, words_of

_GONE = {StepKind.REMOVED, StepKind.LEFT}
_GERMAN = frozenset(("der", "die", "und"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A headline, a body, and notices of correction that do not stand in the body."""

    headline: str
    body: str
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything that the rules ask about.

    Attributes:
        identical: the texts are equal sign by sign.
        same_words: the bodies have the same words in the same order.
        headline: its step.
        notices: notices of correction that are new.
        steps: of the body's sentences.
        counts: of the steps.
        old_words: of the old body, furniture left out.
        new_words: of the new body, likewise.
        german: the text is in German, which writes every noun with a capital letter.
        rough: see `crawler.changes.Change`.
    """

    identical: bool
    same_words: bool
    headline: Step
    notices: tuple[str, ...]
    steps: tuple[Step, ...]
    counts: Counts
    old_words: int
    new_words: int
    german: bool
    rough: bool

    @property
    def headline_changed(self) -> bool:
        """Whether its words did."""
        return self.headline.kind is StepKind.CHANGED

    @property
    def mattering(self) -> list[Step]:
        """Steps of the body that changed something that matters."""
        return [step for step in self.steps if step.kind is not StepKind.KEPT and not step.noise]


def facts_of(before: Text, after: Text) -> Facts:
    """Compare two texts."""
    old, new, whole = _both_cut(before, after)
    found = align(old, new)
    steps = steps_between(old, new, found)
    same_words = _words_of(old) == _words_of(new)
    if same_words:
        steps = tuple(step if step.noise else replace(step, noise="typography") for step in steps)
    return Facts(
        identical=before == after,
        same_words=same_words,
        headline=_headline_step(before.headline, after.headline),
        notices=new_notices(
            [*before.corrections, *_paragraphs(old)],
            [*after.corrections, *_paragraphs(new)],
        ),
        steps=steps,
        counts=_counted(steps),
        old_words=_length(old),
        new_words=_length(new),
        german=set(_words_of(old).split()) >= _GERMAN,
        rough=found.rough or whole,
    )


def _both_cut(before: Text, after: Text) -> tuple[list[Sentence], list[Sentence], bool]:
    """The sentences of both, or the blocks of both where the texts are very long."""
    old_blocks, new_blocks = blocks_of(before.body), blocks_of(after.body)
    old, new = list(cut(old_blocks)), list(cut(new_blocks))
    whole = max(len(old), len(new)) > MOST_SENTENCES
    if whole:
        old, new = list(cut(old_blocks, whole=True)), list(cut(new_blocks, whole=True))
    old_keys, new_keys = keys_of_blocks(old, len(old_blocks)), keys_of_blocks(new, len(new_blocks))
    return (
        marked(old, old_blocks, headline=before.headline, keys=old_keys, elsewhere=set(new_keys)),
        marked(new, new_blocks, headline=after.headline, keys=new_keys, elsewhere=set(old_keys)),
        whole,
    )


def _headline_step(old: str, new: str) -> Step:
    old, new = " ".join(old.split()), " ".join(new.split())
    changed = key_of(old) != key_of(new)
    return Step(
        kind=StepKind.CHANGED if changed else StepKind.KEPT,
        old=old,
        new=new,
        old_at=0,
        new_at=0,
        spans=spans_between(old, new) if changed else (),
    )


def _words_of(sentences: Sequence[Sentence]) -> str:
    return " ".join(one.key for one in sentences if one.key)


def _length(sentences: Sequence[Sentence]) -> int:
    return sum(len(one.key.split()) for one in sentences if not one.noise)


def _paragraphs(sentences: Sequence[Sentence]) -> list[str]:
    found: dict[int, list[str]] = {}
    for one in sentences:
        found.setdefault(one.paragraph, []).append(one.text)
    return [" ".join(texts) for texts in found.values()]


def _counted(steps: Sequence[Step]) -> Counts:
    kinds = [StepKind.KEPT if step.noise else step.kind for step in steps if not (step.noise and step.kind in _GONE)]
    came, went = _word_counts(steps)
    return Counts(
        kept=kinds.count(StepKind.KEPT),
        changed=kinds.count(StepKind.CHANGED),
        added=kinds.count(StepKind.ADDED),
        removed=kinds.count(StepKind.REMOVED),
        moved=kinds.count(StepKind.MOVED),
        words_added=came,
        words_removed=went,
    )


def _word_counts(steps: Sequence[Step]) -> tuple[int, int]:
    came = went = 0
    for step in steps:
        if step.noise:
            continue
        if step.kind is StepKind.ADDED:
            came += len(key_of(step.new).split())
        elif step.kind is StepKind.REMOVED:
            went += len(key_of(step.old).split())
        for span in step.spans:
            came += len(words_of(step.new[span.new_start : span.new_end]))
            went += len(words_of(step.old[span.old_start : span.old_end]))
    return came, went
