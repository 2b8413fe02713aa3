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
    - briefs (at most 200 units) are compared with each other by *all* their grams, as a signal of its own, `BRIEFS`,
      and `GRAMS` keeps silent about such pairs. A lower modulus for short texts within one signal was rejected: the
      samples of a brief and of a long text would not be comparable any more, and that is the pair "cut to 30 %".
      Daily reports from one template share up to .47 of their grams: hence the higher threshold. With `GRAMS` alone,
      at the same needed containment, half of the briefs cut to 30 % were lost.

    What this cannot see is a text with every fifth word changed (a third of its grams survive) and that is meant:
    between .25 and .4 lie texts that share quotes, digests and write-throughs, neither the same story nor another.
    A signal that weighs whole texts against each other belongs beside this one.

    Grams come from the body alone: headlines are rewritten by every desk, and a site's fixed headline ("Morning
    briefing") says nothing. Languages written without spaces have no cheap words: there a unit is one character
    and a gram is longer (see `_SCRIPTS`). The length is chosen by the gram's first unit, never by the whole text,
    so that a bilingual copy is cut like its original.

    blake2b rather than xxhash: it is in the standard library, fixed for ever, and fast enough (about 1 ms for 600
    words). Python's own `hash` differs in every process.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.dedup.folding import folded_body
from crawler.dedup.signals.protocol import Match, copy_kind
from storage.types import Article, Candidate

_WORDS_PER_GRAM = 5
_SCRIPTS = (
    # Han and kana: a word has between one and three characters.
    ("\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff", 8),
    # Thai, Lao, Myanmar, Khmer: a word has about four characters, marks counted.
    ("\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff", 20),
)
_UNIT = re.compile("|".join(f"[{block}]" for block, _ in _SCRIPTS) + f"|[^ {''.join(block for block, _ in _SCRIPTS)}]+")
_LENGTHS = tuple((re.compile(f"[{block}]"), length) for block, length in _SCRIPTS)
_FIRST_UNSPACED = "\u0e00"
_MOST_UNITS = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class GramSignal:
    """Containment of sampled grams.

    Attributes:
        name: see `Signal`.
        every: one gram in this many is kept.
        least_containment: of a near duplicate, were the sample of unlimited size.
        slack: added to it, divided by the number of keys of the shorter text; 0 where nothing is sampled.
        least_keys: texts with fewer keys are not judged.
        longest: texts with more units (words, or characters where there are no words) get no keys.
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
        units = _UNIT.findall(folded_body(article.body))
        if self.longest is not None and len(units) > self.longest:
            return ()
        hashes = {_hash(gram) for gram in _grams(units[:_MOST_UNITS])}
        return tuple(sorted(key for key in hashes if key % self.every == 0))

    def judge(self, article: Article, candidate: Candidate) -> Match | None:
        """A match where the shorter text's grams stand in the longer one often enough."""
        shorter = _of_shorter(article, candidate, self.name)
        if shorter < self.least_keys or _of_shorter(article, candidate, self.finer):
            return None
        shared = min(candidate.shared_keys.get(self.name, 0), shorter)
        score, needed = shared / shorter, self.least_containment + self.slack / shorter
        if score < needed:
            return None
        evidence = (
            f"{shared} of {shorter} compared phrases of the shorter text stand in the other "
            f"({score:.2f}, needed {needed:.2f})"
        )
        return Match(score=score, kind=copy_kind(article, candidate), evidence=evidence)


def _of_shorter(article: Article, candidate: Candidate, name: str) -> int:
    return min(len(article.keys.get(name, ())), candidate.own_keys.get(name, 0))


def _grams(units: list[str]) -> Iterator[str]:
    lengths = [_gram_length(unit) for unit in units]
    for start, length in enumerate(lengths):
        if start + length <= len(units):
            yield " ".join(units[start : start + length])


def _gram_length(unit: str) -> int:
    if unit < _FIRST_UNSPACED:
        return _WORDS_PER_GRAM
    return next((length for script, length in _LENGTHS if script.match(unit)), _WORDS_PER_GRAM)


def _hash(gram: str) -> int:
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest(), "big", signed=True)


BRIEFS = GramSignal(name="briefs", every=1, least_containment=0.5, slack=0, least_keys=25, longest=200)
GRAMS = GramSignal(name="grams", every=8, least_containment=0.4, slack=3, least_keys=6, finer=BRIEFS.name)
