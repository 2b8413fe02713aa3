"""What the evidence of a change says: amounts, and figures and names that became others."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from crawler.changes.facts import Facts
from crawler.changes.model import Span, Step
from crawler.changes.words import is_figure, key_of, words_of

NAMED = 4
"""How many of a sort are named."""
_MOST_WORDS = 3
"""Words in one name or figure."""
_SPELT_ALIKE = 0.6
_LONGEST_QUOTE = 90


class Swap(NamedTuple):
    """A figure or name that became another."""

    sort: str
    old: str
    new: str


def swaps_of(facts: Facts) -> list[Swap]:
    """All figures and names that became others, in changed sentences and then in the headline."""
    return [
        swap
        for step in (*facts.mattering, facts.headline)
        for span in step.spans
        if (swap := _swap(step, span, german=facts.german))
    ]


def swaps_told(swaps: Sequence[Swap]) -> str:
    """``figures changed: 12 -> 14; names changed: Smith -> Smyth``."""
    told: dict[str, list[str]] = {}
    for swap in swaps:
        one = f"{swap.old} -> {swap.new}"
        if one not in told.setdefault(swap.sort, []):
            told[swap.sort].append(one)
    return "; ".join(
        f"{sort} changed: {', '.join(ones[:NAMED])}" + (f" and {len(ones) - NAMED} more" if len(ones) > NAMED else "")
        for sort, ones in told.items()
    )


def words_of_headline(facts: Facts) -> str:
    """What became of the headline."""
    headline = facts.headline
    swaps = [swap for span in headline.spans if (swap := _swap(headline, span, german=True))]
    if len(swaps) == len(headline.spans):
        return f"in the headline, {swaps_told(swaps)}"
    return f'the headline was "{shortened(headline.old)}"' if headline.old else "there was no headline"


def amounts(facts: Facts) -> str:
    """How many sentences and words came, went, changed and moved."""
    counts = facts.counts
    told = [
        f"{number} {'sentence' if number == 1 else 'sentences'} {name}"
        for number, name in (
            (counts.added, "added"),
            (counts.removed, "removed"),
            (counts.changed, "changed"),
            (counts.moved, "moved"),
        )
        if number
    ]
    clauses = [f"{', '.join([*told, f'{counts.kept} kept'])} (+{counts.words_added} -{counts.words_removed} words)"]
    if facts.headline_changed:
        clauses.append("the headline changed too")
    if swaps := swaps_told(swaps_of(facts)):
        clauses.append(swaps)
    return "; ".join(clauses)


def shortened(text: str) -> str:
    """At most a line of it."""
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1].rstrip() + "\u2026"


def _swap(step: Step, span: Span, *, german: bool) -> Swap | None:
    """What became what; nothing where it is neither a figure nor a name."""
    old, new = step.old[span.old_start : span.old_end], step.new[span.new_start : span.new_end]
    old_words, new_words = key_of(old).split(), key_of(new).split()
    if not old_words or not new_words or max(len(old_words), len(new_words)) > _MOST_WORDS:
        return None
    if all(map(is_figure, (*old_words, *new_words))):
        return Swap("figures", old, new)
    if not (span.old_start and span.new_start and _is_capitalised(old) and _is_capitalised(new)):
        return None
    alike = SequenceMatcher(None, min(old, new), max(old, new), autojunk=False).ratio() >= _SPELT_ALIKE
    return Swap("names", old, new) if alike or not german else None


def _is_capitalised(text: str) -> bool:
    return all(text[word.start].isupper() for word in words_of(text))
