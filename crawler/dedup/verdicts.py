"""The verdict on a fresh article: its own document's history, then copies, then what it is derived from, then new.

============================  ====================================================================  ===================
what is found                 where the rules stand                                                 verdict
============================  ====================================================================  ===================
a version of its document     `own_history`                                                         revisit,
                                                                                                    new version
same payload elsewhere        `likeness`                                                            near duplicate
another copy elsewhere        `likeness`: same text, else the best score                            copy
derived from one elsewhere    `likeness`: the best score                                            derived
none of these                                                                                       new
============================  ====================================================================  ===================

A copy is ``syndicated`` where either side credits a wire agency, else ``near_duplicate``.

Why
    *The document's own history comes first*, whatever other documents hold: what this address shows now belongs to
    its own chain of versions. Where another document has the text too, the evidence says so, and ``likenesses`` has
    it: relations between articles do not wait for a verdict of their own.

    *The same payload comes before the same text* among other documents: byte for byte one page under two addresses
    is no wire copy, even if an agency is credited on it.

    *Derived is a verdict of its own*, after every copy: neither the same story nor nothing. It founds a story; the
    relation says what it draws on. A chain of such relations would make one story of a week.

    *Ties* go to the current version, then the earliest text (most likely the origin), then the lowest id, so that
    the order in which storage lists candidates is without effect.

    Clusters are not built here: a verdict names the one version that the article was matched with, ``likenesses`` one
    version of every article that it has much in common with (`storage.telling` groups them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.dedup.likeness import RANKS, likenesses, sampled_share
from crawler.dedup.own_history import OWN_HISTORY
from storage.types import Article, Candidate, Likeness, RelationKind, Verdict, VerdictKind

Found = tuple[Candidate, Likeness]


def decide(article: Article, candidates: Sequence[Candidate]) -> Verdict:
    """What a fresh, fingerprinted article is, compared with all stored versions that may be the same.

    The order of the candidates is without effect. There is one candidate per stored version, with the counts of
    every signal.

    Raises:
        ValueError: the article has no fingerprint; equality of empty digests would merge everything.
    """
    if not article.text_digest:
        raise ValueError("the article has no text digest: call `fingerprint` before `decide`")
    ordered = sorted(candidates, key=_rank)
    others = [candidate for candidate in ordered if not candidate.same_document]
    found = sorted(likenesses(article, others), key=_strength)
    elsewhere = _elsewhere(article, found)
    own = [candidate for candidate in ordered if candidate.same_document]
    if own_verdict := next((verdict for rule in OWN_HISTORY if (verdict := rule(article, own))), None):
        verdict = replace(own_verdict, evidence=own_verdict.evidence + _outranked(elsewhere))
    else:
        verdict = elsewhere or Verdict(kind=VerdictKind.NEW, evidence=_nothing(article, others))
    return replace(verdict, likenesses=_of_articles(found))


def _rank(candidate: Candidate) -> tuple[object, ...]:
    return (not candidate.current, candidate.published_at, candidate.version_id)


def _strength(found: Found) -> tuple[bool, int, float]:
    """Strongest first; sorting is stable, so that of equals the order of `_rank` stays."""
    _, likeness = found
    return likeness.kind is not RelationKind.COPY, RANKS.get(likeness.signal, len(RANKS)), -likeness.score


def _of_articles(found: Sequence[Found]) -> tuple[Likeness, ...]:
    """The strongest likeness of each article, strongest first.

    Of equal scores the shares decide and not which version is current: seen from the other article, another one is.
    """
    strongest: dict[int, Likeness] = {}
    for found_one in sorted(found, key=lambda one: (*_strength(one), -one[1].share - one[1].other_share)):
        strongest.setdefault(found_one[1].article_id, found_one[1])
    return tuple(strongest.values())


def _elsewhere(article: Article, found: Sequence[Found]) -> Verdict | None:
    if not found:
        return None
    candidate, likeness = found[0]
    kind = _kind(article, candidate, likeness)
    credit = _credit(article, candidate) if likeness.signal != "same payload" else ""
    return Verdict(
        kind=kind,
        signal=likeness.signal,
        matched_version_id=candidate.version_id,
        score=likeness.score,
        evidence=likeness.evidence + credit,
    )


def _kind(article: Article, candidate: Candidate, likeness: Likeness) -> VerdictKind:
    """Wire copy where either side credits an agency; papers often drop the credit, and the text says it is the same."""
    if likeness.kind is RelationKind.DERIVED:
        return VerdictKind.DERIVED
    credited = (article.agency or candidate.agency) and likeness.signal != "same payload"
    return VerdictKind.SYNDICATED if credited else VerdictKind.NEAR_DUPLICATE


# -- in words --------------------------------------------------------------------------------------------------------


def _credit(article: Article, candidate: Candidate) -> str:
    here, there = article.agency, candidate.agency
    if here and there:
        return f"; wire copy: {here} is credited here, {there} there"
    if here or there:
        return f"; wire copy: {here or there} is credited {'here' if here else 'there'} only"
    return ""


def _outranked(elsewhere: Verdict | None) -> str:
    if elsewhere is None:
        return ""
    return (
        f"; version {elsewhere.matched_version_id} of another document matches too ({elsewhere.signal}, "
        f"{elsewhere.score:.2f}), but a document's own history decides first"
    )


def _nothing(article: Article, others: Sequence[Candidate]) -> str:
    if not others:
        return "no stored version shares enough with it to be compared"
    closest = max(others, key=lambda candidate: sampled_share(article, candidate))
    return (
        f"none of the compared versions ({len(others)}) is close enough; "
        f"the closest, version {closest.version_id}, shares {sampled_share(article, closest):.2f}"
    )
