"""Which articles tell one story, in memory; see `storage.sql.clusters` for what is looked at and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from storage.memory.library import Library, next_id, reported_at
from storage.memory.relations import copies_of
from storage.telling import (
    MOST_TOLD,
    Teller,
    among_copies,
    beside,
    fits,
    groups,
    heirs,
    moved,
    numbered,
    representative,
    retold,
)
from storage.types import Access


def retell(library: Library, article_ids: Iterable[int], *, placed: Collection[int]) -> set[int]:
    """Tell anew the stories of articles and of all that are connected with them.

    Of too many connected articles only those of ``placed`` are looked at. Returns the articles whose cluster has
    another number than before; new ones are among them.
    """
    done: set[int] = set()
    elsewhere: set[int] = set()
    for article_id in sorted(set(article_ids)):
        if article_id in done:
            continue
        web = _web(library, article_id)
        if web is not None:
            done |= web
            elsewhere |= _regroup(library, web)
        elif article_id in placed:
            elsewhere |= _place(library, article_id)
    return elsewhere


def _web(library: Library, article_id: int) -> set[int] | None:
    """Everything that copies or a cluster connect with an article; ``None`` if that is too much."""
    found, edge = {article_id}, {article_id}
    while edge := {other for end in edge for other in _beside(library, end)} - found:
        found |= edge
        if len(found) > MOST_TOLD:
            return None
    return found


def _beside(library: Library, article_id: int) -> set[int]:
    cluster_id = library.cluster_of.get(article_id)
    return {*copies_of(library, article_id), *(library.clusters[cluster_id] if cluster_id else ())}


def _tellers(library: Library, article_ids: Iterable[int]) -> list[Teller]:
    return [_teller(library, one) for one in article_ids]


def _teller(library: Library, article_id: int) -> Teller:
    current = library.current(article_id).article
    return Teller(
        article_id=article_id,
        reported_at=reported_at(library.versions_of(article_id)[0]),
        canonical_url=library.documents[library.articles[article_id]].canonical_url,
        agency_own=current.agency_own,
        teaser=current.access is Access.TEASER,
        length=len(current.body),
    )


def _scores(library: Library, article_ids: Collection[int]) -> dict[tuple[int, int], float]:
    return {
        (one, other): relation.score
        for one in article_ids
        for other, relation in library.relations.get(one, {}).items()
        if one < other and other in article_ids
    }


def _copies(library: Library, article_ids: Iterable[int]) -> list[tuple[int, int]]:
    return [(one, other) for one in article_ids for other in copies_of(library, one)]


# -- all of a web ----------------------------------------------------------------------------------------------------


def _regroup(library: Library, web: set[int]) -> set[int]:
    before = {one: library.cluster_of[one] for one in web if one in library.cluster_of}
    if len(web) == 1 and before:
        return set()
    stories = groups(_tellers(library, web), among_copies(_scores(library, web), _copies(library, web)))
    for article_id, cluster_id in before.items():
        del library.clusters[cluster_id][article_id]
    for story, number in zip(stories, numbered(stories, before), strict=True):
        _write(library, story, number or next_id(library.clusters, after=library.last_cluster))
    now = {one: library.cluster_of[one] for one in web}
    library.merged_into.update(heirs(before, now))
    library.unlinked.update(retold(before, now))
    return moved(before, now)


def _write(library: Library, story: Sequence[int], cluster_id: int) -> None:
    """Put articles into a cluster, with how well each fits and the one that stands for it."""
    library.clusters.setdefault(cluster_id, {}).update(fits(story, _scores(library, story)))
    library.cluster_of.update(dict.fromkeys(story, cluster_id))
    _elect(library, cluster_id)


def _elect(library: Library, cluster_id: int) -> None:
    library.representatives[cluster_id] = representative(_tellers(library, library.clusters[cluster_id]))


# -- one of too many -------------------------------------------------------------------------------------------------


def _place(library: Library, article_id: int) -> set[int]:
    """Put one article beside the group whose copy it is most, whatever the others are to one another."""
    own = library.cluster_of.get(article_id)
    if own is not None:
        del library.clusters[own][article_id]
    scores = copies_of(library, article_id)
    cluster_of = {other: library.cluster_of[other] for other in scores}
    best = beside(scores, cluster_of, {one: len(library.clusters[one]) for one in cluster_of.values()})
    fresh = next_id(library.clusters, after=library.last_cluster)
    kept = own if own is not None and not library.clusters[own] else fresh
    cluster_id, fit = best or (kept, 1.0)
    library.clusters.setdefault(cluster_id, {})[article_id] = fit
    library.cluster_of[article_id] = cluster_id
    library.unlinked.add(article_id)
    _elect(library, cluster_id)
    if own is not None and own != cluster_id:
        _leave(library, own, cluster_id)
    return set() if own == cluster_id else {article_id}


def _leave(library: Library, cluster_id: int, heir: int) -> None:
    if library.clusters[cluster_id]:
        _elect(library, cluster_id)
    else:
        library.merged_into[cluster_id] = heir


# -- without some ----------------------------------------------------------------------------------------------------


def leave(library: Library, article_ids: Collection[int], neighbours: Iterable[int]) -> None:
    """Take articles out of their stories for good, and tell anew what is left of these and of their neighbours'.

    Relations with them are gone already; the articles themselves are still there. A cluster that nobody is left in is
    removed, and so are those that had become part of it.
    """
    touched = {library.cluster_of[one] for one in article_ids}
    for article_id in article_ids:
        del library.clusters[library.cluster_of.pop(article_id)][article_id]
    left = {one for cluster_id in touched for one in library.clusters[cluster_id]}
    library.unlinked.update(left)
    retell(library, left | set(neighbours), placed=())
    for cluster_id in touched:
        members = library.clusters[cluster_id]
        if members:
            _elect(library, cluster_id)
        if len(members) == 1:
            members.update(dict.fromkeys(members, 1.0))
    gone = {one for one in touched if not library.clusters[one] and one not in library.merged_into}
    while gone:
        for cluster_id in gone:
            del library.clusters[cluster_id]
            library.last_cluster = max(library.last_cluster, cluster_id)
            library.representatives.pop(cluster_id, None)
            library.merged_into.pop(cluster_id, None)
        gone = {one for one, into in library.merged_into.items() if into not in library.clusters}
