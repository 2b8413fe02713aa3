"""What a fresh text is in its own document's history: named rules in a fixed order, the first that speaks decides.

===========================  =========================================================================  ==============
rule                         it speaks when                                                             verdict
===========================  =========================================================================  ==============
same text                    the document's current version has the same text digest                    revisit
teaser beside the full text  the text is a teaser; the current version is longer, or equal and none     revisit
same payload                 the document's current version came from the same payload                  revisit
text of an earlier time      the current version was captured later; another one has the same text      revisit
change without meaning       the current version's text is at hand; only what never matters differs     revisit
text changed back            an older version of the document has the same text digest                  new version
text changed                 the document has a version already                                         new version
===========================  =========================================================================  ==============

Why
    *Text that came back* is a new version, not a revisit of the old one: versions are the sequence of what readers
    saw, and A, B, A is three states. The verdict is compared with the current version, as for every change.

    *A copy of an earlier time*, as archives give it, says nothing about what came after: where its text is that of any
    version, it is a sighting of that one, and nothing has changed back.

    *The same payload with another text* on the same document means that extraction changed, not the article;
    `dateline reextract` is the way to bring the better text in.

    *A teaser never takes the place of the full text*: a publisher that closes its articles after a week, or shows some
    readers less, has not edited them. The capture is recorded as a sighting of the version that readers of the library
    keep, and the evidence gives both lengths. It comes before "same payload", because a teaser that was sighted once
    lends its payload to that version. A longer text after a teaser is a new version like any other change; so is a
    teaser that is longer than another teaser.

    *A change without meaning* is what `crawler.changes` calls noise: counters, times of an update, related boxes. It
    stands here and not in `folding`, because a digest must be right about every text by itself, and these show only
    when two texts lie side by side. Each capture is compared with the version that is kept, so that noise never adds
    up to a version. A change that matters is named with its kind and rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crawler.dedup.likeness import overlap
from storage.types import Access, Article, Candidate, Verdict, VerdictKind

if TYPE_CHECKING:  # its patterns take long to build: only a document whose text changed pays for it
    from crawler.changes import Change

Rule = Callable[[Article, Sequence[Candidate]], Verdict | None]


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


def _change_without_meaning(article: Article, own: Sequence[Candidate]) -> Verdict | None:
    latest = _latest(own)
    change = _change_since(article, latest)
    if latest is None or change is None or change.matters:
        return None
    evidence = (
        f"only what never matters differs from the document's current version {latest.version_id} "
        f"({change.rule}): {change.evidence}"
    )
    return _compared(VerdictKind.REVISIT, "change without meaning", article, latest, evidence)


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
    if change := _change_since(article, latest):
        evidence = f"{evidence}; {change.kind} ({change.rule}): {change.evidence}"
    return _compared(VerdictKind.NEW_VERSION, rule, article, latest, evidence)


def _change_since(article: Article, latest: Candidate | None) -> Change | None:
    """What changed, where the stored text is at hand."""
    if latest is None or not latest.body:
        return None
    from crawler.changes import change_between  # noqa: PLC0415 - see above

    return change_between(latest.headline, latest.body, article.headline, article.body)


def _compared(kind: VerdictKind, rule: str, article: Article, latest: Candidate, evidence: str) -> Verdict:
    """A verdict whose score says how much the two texts share."""
    score, clause = overlap(article, latest)
    return _verdict(kind, rule, latest, score=score, evidence=f"{evidence}; {clause}" if clause else evidence)


def _verdict(kind: VerdictKind, rule: str, matched: Candidate, *, score: float, evidence: str) -> Verdict:
    return Verdict(kind=kind, signal=rule, matched_version_id=matched.version_id, score=score, evidence=evidence)


def _latest(own: Sequence[Candidate]) -> Candidate | None:
    return max(own, key=lambda candidate: (candidate.current, candidate.version_id), default=None)


OWN_HISTORY: tuple[Rule, ...] = (
    _text_unchanged,
    _teaser_beside_full_text,
    _payload_unchanged,
    _text_of_an_earlier_time,
    _change_without_meaning,
    _text_changed_back,
    _text_changed,
)
