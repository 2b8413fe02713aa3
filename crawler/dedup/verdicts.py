"""The verdict on a fresh article: named rules in a fixed order, the first that speaks decides.

===========================  =========================================================================  ==============
rule                         it speaks when                                                             verdict
===========================  =========================================================================  ==============
same text                    the document's current version has the same text digest                    revisit
teaser beside the full text  the text is a teaser; the current version is longer, or equal and none     revisit
same payload                 the document's current version came from the same payload                  revisit
text of an earlier time      the current version was captured later; another one has the same text      revisit
text changed back            an older version of the document has the same text digest                  new version
text changed                 the document has a version already                                         new version
same payload                 another document's capture had the same payload                            near duplicate
same text                    another document's version has the same text digest                        copy
name of a signal             the best score of all signals over all other documents                     copy
none                         nothing of the above                                                       new
===========================  =========================================================================  ==============

A copy is ``syndicated`` where either side credits a wire agency, else ``near_duplicate``.

Why
    *The document's own history comes first*, whatever other documents hold: what this address shows now belongs to
    its own chain of versions. Where another document has the text too, the evidence says so.

    *Text that came back* is a new version, not a revisit of the old one: versions are the sequence of what readers
    saw, and A, B, A is three states. The verdict is compared with the current version, as for every change.

    *A copy of an earlier time*, as archives give it, says nothing about what came after: where its text is that of any
    version, it is a sighting of that one, and nothing has changed back.

    *The same payload with another text* on the same document means that extraction changed, not the article;
    `dateline reextract` is the way to bring the better text in.

    *The same payload comes before the same text* among other documents: byte for byte one page under two addresses
    is no wire copy, even if an agency is credited on it.

    *A teaser never takes the place of the full text*: a publisher that closes its articles after a week, or shows some
    readers less, has not edited them. The capture is recorded as a sighting of the version that readers of the library
    keep, and the evidence gives both lengths. It comes before "same payload", because a teaser that was sighted once
    lends its payload to that version. A longer text after a teaser is a new version like any other change; so is a
    teaser that is longer than another teaser.

    *Equal short texts* of two documents prove nothing ("This page is no longer available"): the rule wants at least
    60 characters, spaces not counted. Equal payloads need no such floor.

    *Ties* go to the current version, then the earliest text (most likely the origin), then the lowest id, so that
    the order in which storage lists candidates is without effect.

    Connected components are not built here: a verdict names the one version that the article was matched with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from crawler.dedup.folding import folded_text
from crawler.dedup.signals import SIGNALS, Match, copy_kind
from storage.types import Access, Article, Candidate, Verdict, VerdictKind

_LEAST_LETTERS = 60
_Rule = Callable[[Article, Sequence[Candidate]], Verdict | None]


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
    own = [candidate for candidate in ordered if candidate.same_document]
    others = [candidate for candidate in ordered if not candidate.same_document]
    elsewhere = _first(_ELSEWHERE, article, others)
    if own_verdict := _first(_OWN, article, own):
        return replace(own_verdict, evidence=own_verdict.evidence + _outranked(elsewhere))
    return elsewhere or Verdict(kind=VerdictKind.NEW, evidence=_nothing(article, others))


def _rank(candidate: Candidate) -> tuple[object, ...]:
    return (not candidate.current, candidate.published_at, candidate.version_id)


def _first(rules: Sequence[_Rule], article: Article, candidates: Sequence[Candidate]) -> Verdict | None:
    return next((verdict for rule in rules if (verdict := rule(article, candidates))), None)


# -- the document's own versions ---------------------------------------------------------------------------------


def _text_unchanged(article: Article, own: Sequence[Candidate]) -> Verdict | None:
    latest = _latest(own)
    if latest is None or latest.text_digest != article.text_digest:
        return None
    evidence = f"the text is that of the document's current version {latest.version_id}"
    return _verdict(VerdictKind.REVISIT, "same text", latest, score=1.0, evidence=evidence)


def _teaser_beside_full_text(article: Article, own: Sequence[Candidate]) -> Verdict | None:
    latest = _latest(own)
    if latest is None or article.access is not Access.TEASER:
        return None
    length = len(article.body)
    more = latest.length > length or (latest.access is not Access.TEASER and latest.length == length)
    if not more:
        return None
    evidence = (
        f"a teaser of {length} characters never replaces the document's current version {latest.version_id}, "
        f"which has {latest.length}"
    )
    return _compared(VerdictKind.REVISIT, "teaser beside the full text", article, latest, evidence)


def _payload_unchanged(_article: Article, own: Sequence[Candidate]) -> Verdict | None:
    latest = _latest(own)
    if latest is None or not latest.same_payload:
        return None
    evidence = (
        f"the payload is byte for byte that of the document's current version {latest.version_id}; "
        "the text reads otherwise because extraction changed"
    )
    return _verdict(VerdictKind.REVISIT, "same payload", latest, score=1.0, evidence=evidence)


def _text_of_an_earlier_time(article: Article, own: Sequence[Candidate]) -> Verdict | None:
    latest = _latest(own)
    same = [candidate for candidate in own if candidate.text_digest == article.text_digest]
    if latest is None or not latest.later or not same:
        return None
    seen = max(same, key=lambda candidate: candidate.version_id)
    evidence = (
        f"the text is that of the document's version {seen.version_id}; "
        f"its current version {latest.version_id} was captured later"
    )
    return _verdict(VerdictKind.REVISIT, "text of an earlier time", seen, score=1.0, evidence=evidence)


def _text_changed_back(article: Article, own: Sequence[Candidate]) -> Verdict | None:
    latest = _latest(own)
    older = [candidate for candidate in own if candidate.text_digest == article.text_digest]
    if latest is None or not older:
        return None
    source = max(older, key=lambda candidate: candidate.version_id)
    evidence = (
        f"the text differs from the document's current version {latest.version_id} "
        f"and is again that of its version {source.version_id}"
    )
    return _change(article, latest, "text changed back", evidence)


def _text_changed(article: Article, own: Sequence[Candidate]) -> Verdict | None:
    latest = _latest(own)
    if latest is None:
        return None
    evidence = f"the text differs from the document's current version {latest.version_id}"
    return _change(article, latest, "text changed", evidence)


def _change(article: Article, latest: Candidate, rule: str, evidence: str) -> Verdict:
    return _compared(VerdictKind.NEW_VERSION, rule, article, latest, evidence)


def _compared(kind: VerdictKind, rule: str, article: Article, latest: Candidate, evidence: str) -> Verdict:
    """A verdict whose score says how much the two texts share."""
    best = next(_matches(article, [latest]), None)
    if best is None:
        return _verdict(kind, rule, latest, score=0.0, evidence=evidence)
    _, name, match = best
    evidence = f"{evidence}; by {name}, {match.evidence}"
    return _verdict(kind, rule, latest, score=match.score, evidence=evidence)


def _latest(own: Sequence[Candidate]) -> Candidate | None:
    return max(own, key=lambda candidate: (candidate.current, candidate.version_id), default=None)


# -- versions of other documents ---------------------------------------------------------------------------------


def _payload_elsewhere(_article: Article, others: Sequence[Candidate]) -> Verdict | None:
    twin = next((candidate for candidate in others if candidate.same_payload), None)
    if twin is None:
        return None
    evidence = f"the payload is byte for byte that of version {twin.version_id} of {twin.canonical_url}"
    return _verdict(VerdictKind.NEAR_DUPLICATE, "same payload", twin, score=1.0, evidence=evidence)


def _text_elsewhere(article: Article, others: Sequence[Candidate]) -> Verdict | None:
    twin = next((candidate for candidate in others if candidate.text_digest == article.text_digest), None)
    if twin is None or not _is_telling(article):
        return None
    evidence = f"the text is that of version {twin.version_id} of {twin.canonical_url}{_credit(article, twin)}"
    return _verdict(copy_kind(article, twin), "same text", twin, score=1.0, evidence=evidence)


def _signal_elsewhere(article: Article, others: Sequence[Candidate]) -> Verdict | None:
    found = list(_matches(article, others))
    if not found:
        return None
    candidate, name, match = max(found, key=lambda item: item[2].score)
    where = f"version {candidate.version_id} of {candidate.canonical_url}"
    evidence = f"compared with {where}, {match.evidence}{_credit(article, candidate)}"
    return _verdict(match.kind, name, candidate, score=match.score, evidence=evidence)


def _matches(article: Article, candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, str, Match]]:
    for candidate in candidates:
        for signal in SIGNALS:
            if match := signal.judge(article, candidate):
                yield candidate, signal.name, match


_OWN: tuple[_Rule, ...] = (
    _text_unchanged,
    _teaser_beside_full_text,
    _payload_unchanged,
    _text_of_an_earlier_time,
    _text_changed_back,
    _text_changed,
)
_ELSEWHERE: tuple[_Rule, ...] = (_payload_elsewhere, _text_elsewhere, _signal_elsewhere)


# -- in words ----------------------------------------------------------------------------------------------------


def _verdict(kind: VerdictKind, rule: str, matched: Candidate, *, score: float, evidence: str) -> Verdict:
    return Verdict(kind=kind, signal=rule, matched_version_id=matched.version_id, score=score, evidence=evidence)


def _is_telling(article: Article) -> bool:
    return len(folded_text(article.headline, article.body).replace(" ", "")) >= _LEAST_LETTERS


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
        return "no stored version shares anything with it"
    closest = max(others, key=lambda candidate: _overlap(article, candidate))
    return (
        f"none of the compared versions ({len(others)}) is close enough; "
        f"the closest, version {closest.version_id}, shares {_overlap(article, closest):.2f}"
    )


def _overlap(article: Article, candidate: Candidate) -> float:
    names = (signal.name for signal in SIGNALS)
    return max((_containment(article, candidate, name) for name in names), default=0.0)


def _containment(article: Article, candidate: Candidate, name: str) -> float:
    shorter = min(len(article.keys.get(name, ())), candidate.own_keys.get(name, 0))
    return min(candidate.shared_keys.get(name, 0) / shorter, 1.0) if shorter else 0.0
