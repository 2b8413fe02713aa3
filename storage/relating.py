"""Which of several likenesses is the relation of two articles: pure, shared by every backend.

Why a copy outweighs any quotation: that two articles tell one story in the same words is said of the pair if any two of
their versions do; that a later version was written through does not unsay it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.types import Candidate, Likeness, Relation, RelationKind, Verdict

MOST_SHOWN = 100
"""How many relations of one article are shown."""


_BETTER = ("same text", "same payload")
"""Signals that say that nothing differs: of equal figures theirs is the better reason, the last one's the best."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What comparing one version again said.

    Attributes:
        verdict: on it.
        candidates: that it was compared with.
        lacking: a limit may have kept others from being candidates.
    """

    verdict: Verdict
    candidates: Sequence[Candidate]
    lacking: bool


def unsaid(known: Iterable[int], said: Sequence[Said]) -> set[int]:
    """Those of the articles with which an article has relations until now of which nothing was said again.

    Where a limit kept candidates out, that an article was not among them says nothing: what the comparison of the
    other one found stays.
    """
    told = {likeness.article_id for one in said for likeness in one.verdict.likenesses}
    silent = set(known) - told
    if any(one.lacking for one in said):
        silent &= {candidate.article_id for one in said for candidate in one.candidates}
    return silent


def strength(one: Likeness | Relation) -> tuple[bool, float, float, int, str]:
    """Sorts what two articles have in common; the largest counts. Looking from the other side changes nothing."""
    better = _BETTER.index(one.signal) if one.signal in _BETTER else -1
    return one.kind is RelationKind.COPY, one.score, one.share + one.other_share, better, one.signal


def shown(relations: Iterable[Relation]) -> list[Relation]:
    """The relations of one article, strongest first, then by number; no more than are shown."""
    ranked = sorted(relations, key=lambda one: (one.kind is not RelationKind.COPY, -one.score, one.other_id))
    return ranked[:MOST_SHOWN]


def strongest(article_id: int, verdicts: Iterable[Verdict]) -> dict[int, Relation]:
    """By other article what the verdicts on the versions of one article say; its own versions are passed over."""
    found: dict[int, Relation] = {}
    for verdict in verdicts:
        for likeness in verdict.likenesses:
            fresh = _relation(article_id, likeness)
            known = found.get(likeness.article_id)
            if likeness.article_id != article_id and (known is None or strength(fresh) > strength(known)):
                found[likeness.article_id] = fresh
    return found


def turned(one: Relation) -> Relation:
    """The same relation, looked from the other article."""
    return Relation(
        article_id=one.other_id,
        other_id=one.article_id,
        kind=one.kind,
        signal=one.signal,
        score=one.score,
        share=one.other_share,
        other_share=one.share,
        evidence=one.evidence,
    )


def _relation(article_id: int, likeness: Likeness) -> Relation:
    return Relation(
        article_id=article_id,
        other_id=likeness.article_id,
        kind=likeness.kind,
        signal=likeness.signal,
        score=likeness.score,
        share=likeness.share,
        other_share=likeness.other_share,
        evidence=likeness.evidence,
    )
