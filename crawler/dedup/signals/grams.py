"""Near duplicates by shared runs of words: sampled 5-word grams and their containment.

Why
    A copy of a news text is often a *part* of the original (cut from the bottom) or the original plus furniture.
    Containment, the share of the shorter text's grams that stand in the longer one, is 1 for both; Jaccard
    similarity, which MinHash and SimHash estimate, is small for both. FracMinHash keeps a gram when its hash is a
    multiple of `every`: the choice depends on the gram alone, so the samples of two texts are comparable whatever
    their lengths, and the index is one narrow table that grows incrementally.

    The index costs about one key per eight words, and a sample of n keys errs by about 1 / sqrt(n). Hence:

    - the containment that is needed grows as the sample shrinks: ``least_containment + slack / n``, which is .46
      at 50 keys (400 words), .65 at 12, and near the upper end of what a text with a third in common shows by
      chance. Copies that were only cut stay near 1 at every length; what a brief shares with a long report because
      both quote the same two sentences does not get there. On the gate's pairs, fixed thresholds from .4 to .5 called
      such briefs copies, .6 lost half of the copies with every eighth word edited, and a floor of 12 keys instead
      lost a quarter of those cut to 30 %;
    - briefs (at most 200 words) are compared with each other by *all* their grams, as a signal of its own, `BRIEFS`,
      and `GRAMS` keeps silent about such pairs. A lower modulus for short texts within one signal was rejected: the
      samples of a brief and of a long text would not be comparable any more, and that is the pair "cut to 30 %".
      Daily reports from one template share up to .47 of their grams: hence the higher threshold. With `GRAMS` alone,
      at the same needed containment, half of the briefs cut to 30 % were lost.

    Between .25 and the containment needed, with eight keys in common, the sample says "derived": quotes, digests,
    write-throughs. A text with every fifth word changed lies there too, since a third of its grams survive; that is
    why a stored text that is at hand is read instead (`crawler.dedup.likeness`), and the sample only finds it. Where
    *exactly* every fifth word is another, no gram is left and nothing is found. Grams of four words would find it and
    bring more unrelated candidates; no desk edits so.

    Keys that stand in reports of many other days (``stock_keys``) are taken off the shared ones and off both texts:
    two reports that share nothing but a template's sentences are compared by the rest.

    Grams come from the body alone: headlines are rewritten by every desk, and a site's fixed headline ("Morning
    briefing") says nothing. What a gram is where no spaces are written, `crawler.dedup.units` says.

    blake2b rather than xxhash: it is in the standard library, fixed for ever, and fast enough (about 1 ms for 600
    words). Python's own `hash` differs in every process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.dedup.folding import folded_body
from crawler.dedup.signals.protocol import Match
from crawler.dedup.units import MOST_UNITS, script_of, units_of, words_of
from storage.types import Article, Candidate, RelationKind

_LEAST_DERIVED = 0.25
_LEAST_SHARED = 8
_MOST_PER_WORD = 4
"""Units; of Thai. More need not be looked at to know that a text is no brief."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GramSignal:
    """Containment of sampled grams.

    Attributes:
        name: see `Signal`.
        every: one gram in this many is kept.
        least_containment: of a near duplicate, were the sample of unlimited size.
        slack: added to it, divided by the number of keys of the shorter text; 0 where nothing is sampled.
        least_keys: texts with fewer keys are not judged.
        longest: texts with more words get no keys.
        finer: name of the signal that judges alone where both texts have keys of it; empty for none.
    """

    name: str
    every: int
    least_containment: float
    slack: float
    least_keys: int
    longest: int | None = None
    finer: str = ""

    def keys(self, article: Article) -> tuple[int, ...]:
        """Keys of the body's grams; of its first 20,000 units, which bounds what one endless live page can cost."""
        units = units_of(folded_body(article.body))
        if self.longest is not None and _has_more(units, self.longest):
            return ()
        hashes = {_hash(gram) for gram in _grams(units[:MOST_UNITS])}
        return tuple(sorted(key for key in hashes if key % self.every == 0))

    def judge(self, article: Article, candidate: Candidate) -> Match | None:
        """A match where the shorter text's grams stand in the longer one often enough."""
        own, other = len(article.keys.get(self.name, ())), candidate.own_keys.get(self.name, 0)
        stock = candidate.stock_keys.get(self.name, 0)
        shorter = min(own, other) - stock
        if shorter < self.least_keys or min(
            len(article.keys.get(self.finer, ())), candidate.own_keys.get(self.finer, 0)
        ):
            return None
        shared = max(min(candidate.shared_keys.get(self.name, 0) - stock, shorter), 0)
        kind = self._kind(shared, shorter)
        if kind is None:
            return None
        return Match(
            kind=kind,
            score=shared / shorter,
            share=min(shared / (own - stock), 1.0),
            other_share=min(shared / (other - stock), 1.0),
            evidence=self._evidence(shared, shorter),
        )

    def _kind(self, shared: int, shorter: int) -> RelationKind | None:
        if shared / shorter >= self._needed(shorter):
            return RelationKind.COPY
        derived = shared / shorter >= _LEAST_DERIVED and shared >= _LEAST_SHARED
        return RelationKind.DERIVED if derived else None

    def _needed(self, shorter: int) -> float:
        return self.least_containment + self.slack / shorter

    def _evidence(self, shared: int, shorter: int) -> str:
        return (
            f"{shared} of {shorter} compared phrases of the shorter text stand in the other "
            f"({shared / shorter:.2f}, needed for a copy {self._needed(shorter):.2f})"
        )


def _has_more(units: list[str], words: int) -> bool:
    return len(units) > words and sum(words_of(units[: _MOST_PER_WORD * words + 1])) > words


def _grams(units: list[str]) -> Iterator[str]:
    lengths = [script_of(unit).gram for unit in units]
    for start, length in enumerate(lengths):
        if start + length <= len(units):
            yield " ".join(units[start : start + length])


def _hash(gram: str) -> int:
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest(), "big", signed=True)


BRIEFS = GramSignal(name="briefs", every=1, least_containment=0.5, slack=0, least_keys=25, longest=200)
GRAMS = GramSignal(name="grams", every=8, least_containment=0.4, slack=3, least_keys=6, finer=BRIEFS.name)
