"""Compare stored articles: two of them for a reader, or all that wait, after the program or their texts changed.

Why batch by batch: each is one transaction in which nobody else can write, and a kill costs no more than one. What was
compared waits no longer, so the next run goes on where this one ended.

Why marking all and comparing are two things: a run over all that was killed goes on without marking them again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crawler.dedup import Passage, decide, fingerprint, passages, refingerprinted
from storage.protocol import Store
from storage.types import Article, ArticleView, Candidate, Relation, RelationKind, utc_now

_BATCH = 64
_WHOLE = 0.9
"""From which share of its text on an article stands in another one."""


# -- all that wait ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Recompared:
    """What comparing again brought.

    Attributes:
        waiting: articles that waited when it began.
        compared: of them compared.
        moved: articles whose cluster got another number, waiting or not; counted once per batch in which they moved.
        stories_before: clusters when it began.
        stories: clusters when it ended.
    """

    waiting: int = 0
    compared: int = 0
    moved: int = 0
    stories_before: int = 0
    stories: int = 0


def compare_waiting(
    store: Store, *, again: bool = False, progress: Callable[[int, int], None] = lambda _, __: None
) -> Recompared:
    """Compare all articles that wait, with the present fingerprints and rules.

    Args:
        store: open.
        again: mark all articles as waiting first.
        progress: called after each batch with how many are compared and how many there are.
    """
    report = Recompared(stories_before=store.status(now=utc_now()).clusters)
    report.waiting = store.compare_later(None if again else ())
    after = 0
    while compared := compare_next(store, after=after):
        report.moved += compared.moved
        report.compared += compared.articles
        progress(report.compared, report.waiting)
        after = compared.last
    report.stories = store.status(now=utc_now()).clusters
    return report


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One batch.

    Attributes:
        articles: how many were compared.
        moved: see `Recompared`.
        last: the highest number among them.
    """

    articles: int
    moved: int
    last: int


def compare_next(store: Store, *, after: int) -> Compared | None:
    """Compare the next articles that wait, behind a number; ``None`` where none does. One transaction."""
    batch = store.waiting_for_comparison(after=after, limit=_BATCH)
    if not batch:
        return None
    moved = store.compare_again(batch, decide=decide, fingerprint=refingerprinted, now=utc_now())
    return Compared(articles=len(batch), moved=moved, last=batch[-1])


# -- two of them -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What two articles have in common.

    Attributes:
        article_id: the one that is looked from.
        other_id: the other one.
        same_story: whether both are in one cluster.
        relation: as it is stored, else as it is worked out now; ``None`` where they have little in common.
        stored: whether it is the stored one.
        containment: who contains whom, in words; empty where neither does.
        passages: of the current texts, longest first.
    """

    article_id: int
    other_id: int
    same_story: bool
    relation: Relation | None
    stored: bool
    containment: str
    passages: tuple[Passage, ...]


def compared(one: ArticleView, other: ArticleView) -> Comparison:
    """What two articles have in common, by their current texts."""
    known = next((relation for relation in one.relations if relation.other_id == other.id), None)
    relation = known or _related_now(one, other)
    return Comparison(
        article_id=one.id,
        other_id=other.id,
        same_story=one.cluster_id == other.cluster_id,
        relation=relation,
        stored=known is not None,
        containment=_containment(relation),
        passages=passages(one.versions[-1].article, other.versions[-1].article),
    )


def _related_now(one: ArticleView, other: ArticleView) -> Relation | None:
    """What the rules say of the two current texts, whatever the days between them."""
    fresh = fingerprint(one.versions[-1].article, host=one.document.host)
    verdict = decide(fresh, [_candidate(other, fresh)])
    if not verdict.likenesses:
        return None
    found = verdict.likenesses[0]
    return Relation(
        article_id=one.id,
        other_id=other.id,
        kind=found.kind,
        signal=found.signal,
        score=found.score,
        share=found.share,
        other_share=found.other_share,
        evidence=found.evidence,
    )


def _candidate(view: ArticleView, fresh: Article) -> Candidate:
    version = view.versions[-1]
    article = fingerprint(version.article, host=view.document.host)
    shared = {name: len(set(keys) & set(fresh.keys.get(name, ()))) for name, keys in article.keys.items()}
    return Candidate(
        version_id=version.id,
        article_id=view.id,
        document_id=view.document.id,
        canonical_url=view.document.canonical_url,
        same_document=False,
        current=True,
        same_payload=False,
        text_digest=article.text_digest,
        published_at=article.published_at.value if article.published_at else version.captured_at,
        agency=article.agency,
        access=article.access,
        length=len(article.body),
        extractor_version=article.extractor_version,
        shared_keys={name: count for name, count in shared.items() if count},
        own_keys={name: len(set(keys)) for name, keys in article.keys.items()},
        agency_own=article.agency_own,
        headline=article.headline,
        body=article.body,
        language=article.language,
    )


def _containment(relation: Relation | None) -> str:
    if relation is None:
        return ""
    here, there = relation.share >= _WHOLE, relation.other_share >= _WHOLE
    one, other = f"article {relation.article_id}", f"article {relation.other_id}"
    if here and there:
        return f"{one} and {other} have the same text"
    if here:
        return f"{one} stands in {other}"
    return f"{other} stands in {one}" if there else ""


def related_in_words(relation: Relation) -> str:
    """``copy of article 7 (0.93): 95 % of its text stands there, 40 % of that one's here``."""
    kind = "copy of" if relation.kind is RelationKind.COPY else "derived, shares text with"
    shares = f"{relation.share:.0%} of its text stands there, {relation.other_share:.0%} of that one's here"
    return f"{kind} article {relation.other_id} ({relation.score:.2f}): {shares}"
