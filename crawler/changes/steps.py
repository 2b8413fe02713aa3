"""The steps from one text to the other, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from crawler.changes.aligning import Alignment
from crawler.changes.model import Span, Step, StepKind
from crawler.changes.sentences import Sentence
from crawler.changes.words import Word, words_of

_MOST_WORDS = 400
"""Longer sentences are compared from both ends only."""


def steps_between(old: Sequence[Sentence], new: Sequence[Sentence], found: Alignment) -> tuple[Step, ...]:
    """Every sentence of both texts once: in the order of the new text, what is gone where it was."""
    paired = found.kept | found.changed
    origins = {j: i for i, j in found.moved.items()}
    steps: list[Step] = []
    a = c = 0
    for b, d in [*sorted(paired.items()), (len(old), len(new))]:
        steps += (_gone(old, new, i, found) for i in range(a, b))
        steps += (_come(old, new, j, origins.get(j)) for j in range(c, d))
        if b < len(old):
            steps.append(_met(old, new, (b, d), changed=b in found.changed))
        a, c = b + 1, d + 1
    return tuple(steps)


def _gone(old: Sequence[Sentence], new: Sequence[Sentence], i: int, found: Alignment) -> Step:
    one, place = old[i], found.moved.get(i)
    return Step(
        kind=StepKind.REMOVED if place is None else StepKind.LEFT,
        old=one.text,
        new="" if place is None else new[place].text,
        old_at=i,
        new_at=place,
        paragraph=one.paragraph,
        mark=one.mark,
        noise=_noise(one),
    )


def _come(old: Sequence[Sentence], new: Sequence[Sentence], j: int, origin: int | None) -> Step:
    one = new[j]
    return Step(
        kind=StepKind.ADDED if origin is None else StepKind.MOVED,
        old="" if origin is None else old[origin].text,
        new=one.text,
        old_at=origin,
        new_at=j,
        paragraph=one.paragraph,
        mark=one.mark,
        noise=_noise(one),
    )


def _met(old: Sequence[Sentence], new: Sequence[Sentence], places: tuple[int, int], *, changed: bool) -> Step:
    before, after = old[places[0]], new[places[1]]
    return Step(
        kind=StepKind.CHANGED if changed else StepKind.KEPT,
        old=before.text,
        new=after.text,
        old_at=places[0],
        new_at=places[1],
        paragraph=after.paragraph,
        mark=after.mark,
        spans=spans_between(before.text, after.text) if changed else (),
        noise=(before.noise and after.noise) if changed else "",
    )


def _noise(sentence: Sentence) -> str:
    return sentence.noise or ("" if sentence.key else "typography")


def spans_between(old: str, new: str) -> tuple[Span, ...]:
    """The words that differ between two sentences, from the first to the last."""
    before, after = words_of(old), words_of(new)
    first, second = [word.folded for word in before], [word.folded for word in after]
    turned = second < first
    ranges = _differing(second, first) if turned else _differing(first, second)
    if turned:
        ranges = [(c, d, a, b) for a, b, c, d in ranges]
    return tuple(
        Span(
            old_start=_offset(before, a, b, old)[0],
            old_end=_offset(before, a, b, old)[1],
            new_start=_offset(after, c, d, new)[0],
            new_end=_offset(after, c, d, new)[1],
        )
        for a, b, c, d in ranges
    )


def _differing(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    if max(len(old), len(new)) <= _MOST_WORDS:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return [(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    tails = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    end = next((i for i, (a, b) in enumerate(tails) if a != b), min(len(old), len(new)) - start)
    return [(start, len(old) - end, start, len(new) - end)]


def _offset(words: list[Word], first: int, end: int, text: str) -> tuple[int, int]:
    """Characters from the first word to the last; an empty range lies before the word that it stands at."""
    if first < end:
        return words[first].start, words[end - 1].end
    place = words[first].start if first < len(words) else len(text)
    return place, place
