"""How two articles of different documents relate: a copy, derived, or nothing.

=======================  ===============================================================================  ========
rule                     it speaks when                                                                   relation
=======================  ===============================================================================  ========
same payload             both captures had the same payload                                               copy
same text                both have the same text digest, and 60 letters or more                           copy
wording                  both texts are at hand: what their common passages say (below)                   either
name of a signal         the stored text is not at hand: the best of the sampled signals                  either
=======================  ===============================================================================  ========

`wording`, by the common passages (`alignment`); "share" is the part of the shorter text that stands in them, changed
words between equal ones counted:

========================================================================================================  ========
a template filled twice: figures or names disagree where the words agree (`facts`)                        nothing
fewer than 25 words in common, or less than .25 of the shorter text                                       nothing
share .55 or more, and .35 of the longer text too                                                         copy
share .70 or more, and the passages stand at the top of the longer text: it was cut, or goes on           copy
share .36 or more, .27 of the longer text, at the top of one of the two; what is not common comes in      copy
short pieces in one of them, of less than 60 words
anything else with one passage of 30 words or more                                                        derived
anything else                                                                                             nothing
========================================================================================================  ========

Why
    *Two signals, one verdict.* The sample finds candidates among millions and judges what it can: a text with every
    fifth word changed keeps a third of its phrases, as much as a report that quotes another at length. With both texts
    at hand the passages decide alone, in both directions: a sample that says .5 by chance makes no copy either.

    *Copies stand at the top.* A copy is cut from the bottom and furniture is put around it; a digest has two paragraphs
    of many stories, a write-through has a new top above the old background, a quotation stands in the middle. Between
    .36 and .55 the share alone cannot tell them apart; the place can, and the length of what lies between: furniture
    comes in pieces of a sentence or two, another item or a new top in paragraphs. A brief that stands whole in the
    midst of a much longer text is an item of a digest or of a live page: derived; where it opens that text, it is its
    beginning, and the text its continuation: a copy. That a brief which is the first item of a digest looks like a cut
    copy is known and borne.

    *Site furniture* comes in pieces of a sentence or two at top, middle and end of both texts: the rules for share and
    place keep it from making copies, the one for a long passage from making two briefs of one site derived. What
    stands on reports of many other days comes counted with the candidate (``stock_keys``): the common passages are
    reduced by the same part.

    *One likeness for both directions.* All rules read figures that are the same whichever text is fresh. A relation
    that depended on the order of arrival would make the clusters depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.dedup.alignment import Alignment, aligned
from crawler.dedup.facts import facts
from crawler.dedup.folding import folded_text
from crawler.dedup.signals import SIGNALS, Match
from crawler.dedup.wording import Wording, wording
from storage.types import Article, Candidate, Likeness, RelationKind

WORDING = "wording"
RANKS = {"same payload": 0, "same text": 1}
"""Of several copies, which rule's goes before the others'; everything else goes by its score."""
_LEAST_LETTERS = 60
_LEAST_WORDS = 25
_LEAST_SHARE = 0.25
_COPY_SHARE = 0.55
_COPY_SHARE_OF_LONGER = 0.35
_CUT_SHARE = 0.7
_TOP_SHARE = 0.36
_TOP_SHARE_OF_LONGER = 0.27
_LONGEST_PIECE = 60
_AT_TOP = 0.7
_LEAST_PASSAGE = 30
_MANY_KEYS = 40
_FEW_SHARED = 0.06


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """How much of two texts is common, stock phrases taken off.

    Attributes:
        words: that the side with fewer of them has in common passages.
        shorter: part of the shorter text.
        longer: part of the longer text.
    """

    words: float
    shorter: float
    longer: float


def likenesses(article: Article, others: Sequence[Candidate]) -> Iterator[tuple[Candidate, Likeness]]:
    """How the article relates to each version of other documents, where it does."""
    for candidate in others:
        if found := likeness(article, candidate):
            yield candidate, found


def likeness(article: Article, candidate: Candidate) -> Likeness | None:
    """How the article relates to a version of another document; ``None`` where they have little in common."""
    where = f"version {candidate.version_id} of {candidate.canonical_url}"
    if candidate.same_payload:
        return _equal(candidate, "same payload", f"the payload is byte for byte that of {where}")
    if candidate.text_digest == article.text_digest and is_telling(article):
        return _equal(candidate, "same text", f"the text is that of {where}")
    name, match = _compared(article, candidate)
    if match is None:
        return None
    return Likeness(
        version_id=candidate.version_id,
        article_id=candidate.article_id,
        kind=match.kind,
        signal=name,
        score=match.score,
        share=match.share,
        other_share=match.other_share,
        evidence=f"compared with {where}, {match.evidence}",
    )


def _compared(article: Article, candidate: Candidate) -> tuple[str, Match | None]:
    """What the texts say where both are at hand, else the best of the signals, with its name."""
    if article.body and candidate.body and _worth_a_look(article, candidate):
        return WORDING, judged(article.body, candidate.body, stock=_stock(candidate))
    if article.body and candidate.body:
        return WORDING, None
    return _sampled(article, candidate)


def _sampled(article: Article, candidate: Candidate) -> tuple[str, Match | None]:
    found = [(signal.name, match) for signal in SIGNALS if (match := signal.judge(article, candidate))]
    return max(found, key=lambda item: item[1].score, default=("", None))


def is_telling(article: Article) -> bool:
    """Whether an equal text proves anything: a page that says it is gone does not."""
    return len(folded_text(article.headline, article.body).replace(" ", "")) >= _LEAST_LETTERS


def _equal(candidate: Candidate, rule: str, evidence: str) -> Likeness:
    return Likeness(
        version_id=candidate.version_id,
        article_id=candidate.article_id,
        kind=RelationKind.COPY,
        signal=rule,
        score=1.0,
        share=1.0,
        other_share=1.0,
        evidence=evidence,
    )


def _worth_a_look(article: Article, candidate: Candidate) -> bool:
    """False where a large sample shares next to nothing: reading both texts would say the same."""
    counts = [
        (min(len(keys), candidate.own_keys.get(name, 0)), candidate.shared_keys.get(name, 0))
        for name, keys in article.keys.items()
    ]
    return all(own < _MANY_KEYS or shared >= _FEW_SHARED * own for own, shared in counts)


def _stock(candidate: Candidate) -> float:
    """The part of the shared phrases that is stock, by the signal that shares most."""
    shared, name = max(((count, name) for name, count in candidate.shared_keys.items()), default=(0, ""))
    return min(candidate.stock_keys.get(name, 0) / shared, 1.0) if shared else 0.0


def overlap(article: Article, candidate: Candidate) -> tuple[float, str]:
    """How much two versions of one document share, 0 to 1, with a clause; whatever they are to each other."""
    if article.body and candidate.body:
        laid = _laid(article.body, candidate.body)
        shares = _shares(laid.alignment, stock=0.0)
        return laid.score(shares), f"by {WORDING}, {_evidence(laid.alignment, shares)}"
    name, match = _sampled(article, candidate)
    return (match.score, f"by {name}, {match.evidence}") if match else (0.0, "")


def sampled_share(article: Article, candidate: Candidate) -> float:
    """The largest part of the shorter text's keys that both have, of any signal."""
    shares = [0.0]
    for name, keys in article.keys.items():
        if shorter := min(len(keys), candidate.own_keys.get(name, 0)):
            shares.append(min(candidate.shared_keys.get(name, 0) / shorter, 1.0))
    return max(shares)


# -- both texts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Laid:
    """Two texts beside each other; ``swapped`` where the fresh one is the longer."""

    alignment: Alignment
    swapped: bool

    @staticmethod
    def score(shares: Shares) -> float:
        """The same whichever of the two is fresh."""
        return round(max(shares.shorter, shares.longer), 4)

    def sides(self, shares: Shares) -> tuple[float, float]:
        """The part of the fresh text, and of the other."""
        sides = round(shares.shorter, 4), round(shares.longer, 4)
        return (sides[1], sides[0]) if self.swapped else sides


def judged(body: str, other_body: str, *, stock: float = 0.0) -> Match | None:
    """What two texts are by their common passages, of which the part ``stock`` is said to prove nothing."""
    laid = _laid(body, other_body)
    shares = _shares(laid.alignment, stock)
    if shares.words < _LEAST_WORDS or shares.shorter < _LEAST_SHARE or facts(laid.alignment).twins:
        return None
    copy = _is_copy(laid.alignment, shares)
    if not copy and _longest(laid.alignment) < _LEAST_PASSAGE:
        return None
    share, other_share = laid.sides(shares)
    return Match(
        kind=RelationKind.COPY if copy else RelationKind.DERIVED,
        score=laid.score(shares),
        share=share,
        other_share=other_share,
        evidence=_evidence(laid.alignment, shares),
    )


def _laid(body: str, other_body: str) -> _Laid:
    one, other = wording(body), wording(other_body)
    swapped = _size(one) > _size(other)
    return _Laid(aligned(other, one) if swapped else aligned(one, other), swapped)


def _size(text: Wording) -> tuple[int, Sequence[str]]:
    return len(text.units), text.units


def _shares(alignment: Alignment, stock: float) -> Shares:
    told = [side.told_words * (1 - stock) for side in (alignment.shorter, alignment.longer)]
    lengths = [side.wording.length - side.told_words * stock for side in (alignment.shorter, alignment.longer)]
    shorter, longer = (
        min(words / length, 1.0) if length > 0 else 0.0 for words, length in zip(told, lengths, strict=True)
    )
    return Shares(words=min(told), shorter=shorter, longer=longer)


def _is_copy(alignment: Alignment, shares: Shares) -> bool:
    tops = alignment.shorter.at_top, alignment.longer.at_top
    if shares.shorter >= _COPY_SHARE:
        cut = shares.shorter >= _CUT_SHARE and tops[1] >= _AT_TOP
        return cut or shares.longer >= _COPY_SHARE_OF_LONGER
    enough = shares.shorter >= _TOP_SHARE and shares.longer >= _TOP_SHARE_OF_LONGER
    pieces = alignment.shorter.longest_piece, alignment.longer.longest_piece
    return enough and max(tops) >= _AT_TOP and min(pieces) < _LONGEST_PIECE


def _longest(alignment: Alignment) -> float:
    return max((alignment.shorter.wording.words(*stretch.here) for stretch in alignment.stretches), default=0.0)


def _evidence(alignment: Alignment, shares: Shares) -> str:
    passages = len(alignment.stretches)
    return (
        f"{shares.shorter:.2f} of the shorter text stands in the other, {shares.longer:.2f} of the longer one, "
        f"in {passages} passage{'' if passages == 1 else 's'}"
    )
