"""What `decide` says of the labelled pairs, as storage would ask it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from crawler.dedup import decide, fingerprint
from storage.types import Article, Candidate, Verdict, VerdictKind

from .pairs import Label, Pair

COPIES = {VerdictKind.NEAR_DUPLICATE, VerdictKind.SYNDICATED}
Table = Mapping[tuple[Label, str], Mapping[Label, int]]


def verdict(pair: Pair, *, with_text: bool = True) -> Verdict:
    """What `decide` says of the fresh article when the other one is stored; a candidate shares a key at least."""
    stored, fresh = fingerprint(pair.stored), fingerprint(pair.fresh)
    found = candidate(stored, fresh, with_text=with_text)
    known = any(found.shared_keys.values()) or stored.text_digest == fresh.text_digest
    return decide(fresh, [found] if known else [])


def candidate(stored: Article, fresh: Article, *, number: int = 1, with_text: bool = True) -> Candidate:
    """The stored article as storage would present it."""
    return Candidate(
        version_id=number,
        article_id=number,
        document_id=number,
        canonical_url=f"https://harbour-post.example/{number}",
        same_document=False,
        current=True,
        same_payload=False,
        text_digest=stored.text_digest,
        published_at=datetime(2006, 7, 5, tzinfo=UTC),
        agency=stored.agency,
        length=len(stored.body),
        shared_keys={name: len(set(keys) & set(fresh.keys[name])) for name, keys in stored.keys.items()},
        own_keys={name: len(keys) for name, keys in stored.keys.items()},
        headline=stored.headline if with_text else "",
        body=stored.body if with_text else "",
        language=stored.language,
    )


def said(found: Verdict) -> Label:
    """The label of a verdict."""
    if found.kind in COPIES:
        return Label.COPY
    return Label.DERIVED if found.kind is VerdictKind.DERIVED else Label.OTHER


def judged(labelled: Iterable[Pair], *, with_text: bool = True) -> Table:
    """Per label and kind of pair: how often it was called what."""
    counts: defaultdict[tuple[Label, str], defaultdict[Label, int]] = defaultdict(lambda: defaultdict(int))
    for pair in labelled:
        counts[pair.label, pair.kind][said(verdict(pair, with_text=with_text))] += 1
    return counts


def quality(table: Table) -> tuple[float, float, float]:
    """Precision, recall and F1 of being called a copy, over all pairs."""
    right = sum(said[Label.COPY] for (label, _), said in table.items() if label is Label.COPY)
    wrong = sum(said[Label.COPY] for (label, _), said in table.items() if label in {Label.DERIVED, Label.OTHER})
    copies = sum(sum(said.values()) for (label, _), said in table.items() if label is Label.COPY)
    precision, recall = right / (right + wrong), right / copies
    return precision, recall, 2 * precision * recall / (precision + recall)
