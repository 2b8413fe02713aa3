"""A word of doubt on a verdict, where the extractor and not the publisher may have changed a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.types import Article, Candidate, Verdict, VerdictKind


def reserved(article: Article, candidates: Sequence[Candidate], verdict: Verdict) -> Verdict:
    """The verdict, with a word where a new version may be the extractor's doing and not the publisher's.

    A stored version was extracted again before this (`crawler.renewing`); one that still has another extractor's text
    is one whose capture could not be.
    """
    if verdict.kind is not VerdictKind.NEW_VERSION:
        return verdict
    matched = next((one for one in candidates if one.version_id == verdict.matched_version_id), None)
    if matched is None or matched.extractor_version == article.extractor_version:
        return verdict
    word = "the stored text is another extractor's and its capture could not be extracted again: the change may be ours"
    return replace(verdict, evidence=f"{verdict.evidence.removesuffix('.')}; {word}")
