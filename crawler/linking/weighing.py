"""From the features of a pair to a probability: weights that were fitted, as data.

Two steps. A pair's strength is the weighted sum of its features; the weights make the right event the strongest of an
article's candidates as often as can be (conditional logit), and so say how probable each candidate is when one of them
is right. Whether one is right at all comes from the strength of the best. The product is the pair's probability: twins
(the daily report of another country, of another day) share it, so that neither is sure.

Fitted by ``tests/benchmarks/linking/fit.py`` on cited articles of 2020 to 2023, of which only the words in the URL and
the day were known, every second month kept aside. Each article counted as often with its event as without it, again
among few events instead of all of its days, and among the events of another year, as news that no entry tells of.
Figures for the months kept aside stand in that folder's README.

Why days count so much: of cited articles that are dated, 87 in 100 bear the day of their entry and 97 lie within a day
of it. Why an undated article has a table of its own: its event is one of thousands instead of one of sixty.

Rejected: one logistic regression on all pairs (it ranks worse: most pairs are easy ones of other days); boosted trees
(no better with eleven features, and nobody can read them); isotonic calibration (steps where there are few articles).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.linking.features import Features

LINKED = 0.9
"""From this probability on a pair is linked; `PROPOSED` below it."""
PROPOSED = 0.5
"""From this probability on a pair is proposed to a person."""

_PER_DOUBLED_DAYS = 1.5
"""Strength that events beyond the days around lose: 3 of 100 articles have theirs there, among thousands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """The strength of an article's best event to the log-odds that it reports any.

    Attributes:
        start: log-odds at strength 0.
        strength: what one unit of it adds.
    """

    start: float
    strength: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighing:
    """What was fitted.

    Attributes:
        weights: of the features.
        dated: curve for articles that state their day.
        undated: for all others.
    """

    weights: Features
    dated: Curve
    undated: Curve

    def strength(self, found: Features, apart: int = 0) -> float:
        """How strongly a pair hangs together, so many days apart; comparable between the events of one article."""
        strength = _sum(self.weights, found)
        return strength - _PER_DOUBLED_DAYS * math.log2(abs(apart)) if abs(apart) > 1 else strength

    def probabilities(self, strengths: Sequence[float], *, dated: bool) -> list[float]:
        """For each event of an article: that it is the one that is reported."""
        if not strengths:
            return []
        curve = self.dated if dated else self.undated
        best = max(strengths)
        any_of_them = 1 / (1 + math.exp(-max(-30.0, min(30.0, curve.start + curve.strength * best))))
        shares = [math.exp(strength - best) for strength in strengths]
        return [any_of_them * share / math.fsum(shares) for share in shares]


def _sum(weights: Features, found: Features) -> float:
    return sum(weight * value for weight, value in zip(weights, found, strict=True))


# fmt: off
BY_WORDS = Weighing(
    weights=Features(
        cosine=2.02, told=5.54, covered=3.0, rarest=5.54, same_day=2.38, later_event=0.1,
        same_place=1.45, other_place=-1.52, same_figure=0.86, named=1.24, meaning=0.0,
    ),
    dated=Curve(start=-7.78, strength=0.896),
    undated=Curve(start=-6.97, strength=0.77),
)
"""Without a sentence model."""

BY_MEANING = Weighing(
    weights=Features(
        cosine=1.28, told=3.07, covered=1.41, rarest=4.24, same_day=2.31, later_event=0.13,
        same_place=0.79, other_place=-1.46, same_figure=0.92, named=0.54, meaning=7.1,
    ),
    dated=Curve(start=-9.24, strength=0.965),
    undated=Curve(start=-8.78, strength=0.893),
)
"""With one; fitted with all-MiniLM-L6-v2 as int8."""
# fmt: on
