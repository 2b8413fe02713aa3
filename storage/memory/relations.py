"""How articles relate, in memory: what was said of their versions, the strongest of each pair."""

from __future__ import annotations

from collections.abc import Sequence

from storage.memory.library import Library
from storage.relating import Said, shown, strength, strongest, turned, unsaid
from storage.types import Relation, RelationKind, Verdict


def relations(library: Library, article_id: int) -> list[Relation]:
    """See `storage.story_store.StoryStore.relations`."""
    return shown(library.relations.get(article_id, {}).values())


def add_relations(library: Library, article_id: int, verdict: Verdict) -> None:
    """Keep what a verdict says of a new version, where nothing stronger is known."""
    known = library.relations.get(article_id, {})
    for other, fresh in strongest(article_id, [verdict]).items():
        if other not in known or strength(fresh) > strength(known[other]):
            _put(library, fresh)


def replace_relations(library: Library, article_id: int, again: Sequence[Said]) -> set[int]:
    """Keep what was said again of all versions of an article in place of what was known.

    Relations to documents that are its own by a merge stay: verdicts no longer speak of them; so do those to articles
    that a limit may have kept from being candidates. Returns the articles that it had relations with before or has now.
    """
    said = strongest(article_id, (one.verdict for one in again))
    before = dict(library.relations.get(article_id, {}))
    root = library.standing_document(library.articles[article_id])
    for other in unsaid(before, again):
        if library.standing_document(library.articles[other]) != root:
            del library.relations[article_id][other]
            del library.relations[other][article_id]
    for other, one in said.items():
        if _figures(before.get(other)) != _figures(one):
            _put(library, one)
    return before.keys() | said.keys()


def _figures(one: Relation | None) -> tuple[object, ...]:
    """What two relations are compared by: the words of the evidence depend on who came last."""
    return () if one is None else (one.kind, one.signal, one.score, one.share, one.other_share)


def _put(library: Library, one: Relation) -> None:
    library.relations.setdefault(one.article_id, {})[one.other_id] = one
    library.relations.setdefault(one.other_id, {})[one.article_id] = turned(one)


def copies_of(library: Library, article_id: int) -> dict[int, float]:
    """The articles to which this one has a relation of kind copy, with its score."""
    every = library.relations.get(article_id, {}).values()
    return {one.other_id: one.score for one in every if one.kind is RelationKind.COPY}
