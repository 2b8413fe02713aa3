"""What a signal of near duplication promises.

Why
    A signal is two pure functions: the keys under which a text is found again, and the judgement of a text that was
    found. Storage knows neither; it keeps rows of (signal name, key, version), counts what two versions share, and
    so needs no migration for a new signal. A judgement works from counts alone, because reading the candidates'
    texts back for every fresh article costs more than everything else in the step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storage.types import Article, Candidate, RelationKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A judgement that two texts have much in common.

    Attributes:
        kind: a copy, or derived.
        score: 0 to 1; comparable between signals, the same whichever of the two is fresh.
        share: how much of the fresh text stands in the stored one, 0 to 1.
        other_share: how much of the stored text stands in the fresh one, 0 to 1.
        evidence: a clause with the figures, fit to follow "because".
    """

    kind: RelationKind
    score: float
    share: float
    other_share: float
    evidence: str


class Signal(Protocol):
    """One way of finding near duplicates.

    Attributes:
        name: short, unique among signals, stored with every key; renaming it orphans what is stored.
    """

    @property
    def name(self) -> str:
        """See above."""

    def keys(self, article: Article) -> tuple[int, ...]:
        """64-bit signed keys of the text: sorted, unique, the same in every process; empty where it has none.

        Reads ``headline`` and ``body`` only, never raises, whatever the text. Keys should be rare: two unrelated
        articles of one day share hardly any, or every look-up drags half the library along.
        """

    def judge(self, article: Article, candidate: Candidate) -> Match | None:
        """Whether both are the same story, by ``article.keys``, ``candidate.shared_keys`` and ``own_keys``.

        ``None`` says "not by this signal". Counts that contradict each other (stored by other code) never raise.
        """
