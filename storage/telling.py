"""Which articles tell one story, worked out from their relations: pure, shared by every backend.

Why average link and not connected components: a digest has half of two stories, a write-through some of three; taken
as links of a chain they make one story of a week. A group takes another in where the mean of all relations between the
two is high; a pair that has none counts zero. Rejected: single link (the chain), complete link (the beginning and the
end of one report, printed by two papers, share nothing, and would never meet in the whole).

Why scores are counted in whole millionths: sums of fractions depend on the order in which they are added, and the order
of arrival must leave no trace. Ties go by the time of the report and the canonical URL, never by an article's number,
which says only who came first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.searching import day_number

MOST_TOLD = 400
"""How many connected articles are grouped: a group of more is a payload that is everywhere, not a story."""

LEAST_FIT = 0.42
"""The mean relation at which two groups are one. Two unlike parts of a whole give half of their likeness to it."""

_MILLION = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Teller:
    """What is asked of an article that tells a story.

    Attributes:
        article_id: of the article.
        reported_at: when its first version was published, else captured.
        canonical_url: of its document; no two are equal.
        agency_own: the agency that it credits published it itself.
        teaser: its current text is one.
        length: of its current body, in characters.
    """

    article_id: int
    reported_at: datetime
    canonical_url: str
    agency_own: bool = False
    teaser: bool = False
    length: int = 0


# -- groups ----------------------------------------------------------------------------------------------------------


def groups(tellers: Sequence[Teller], scores: Mapping[tuple[int, int], float]) -> list[tuple[int, ...]]:
    """Articles by story: each group, and all of them, in the order of their reports.

    ``scores`` has each pair once, in either order; pairs with articles that are no tellers do not count.
    """
    ordered = [one.article_id for one in sorted(tellers, key=lambda one: (one.reported_at, one.canonical_url))]
    rank = {article_id: place for place, article_id in enumerate(ordered)}
    linked = _Linked(len(ordered))
    for (one, other), score in scores.items():
        if one in rank and other in rank and one != other:
            linked.relate(rank[one], rank[other], round(score * _MILLION))
    return [tuple(ordered[place] for place in sorted(group)) for group in linked.grouped()]


def among_copies(
    scores: Mapping[tuple[int, int], float], copies: Collection[tuple[int, int]]
) -> dict[tuple[int, int], float]:
    """The scores of pairs that a chain of copies connects, derived pairs among them; the others group nothing.

    An old cluster may hold articles together that no copy connects any longer. What one derives from the other then
    must not keep them: in a library into which the same articles came otherwise, nobody would have asked.
    """
    root: dict[int, int] = {}

    def top(one: int) -> int:
        while (above := root.get(one, one)) != one:
            root[one] = one = root.get(above, above)
        return one

    for one, other in copies:
        root[top(one)] = top(other)
    return {pair: score for pair, score in scores.items() if top(pair[0]) == top(pair[1])}


class _Linked:
    """Groups of places and the sums of the relations between them; a group is named by its earliest place.

    Which two groups fit best of all need not be known: two that are each other's nearest are joined whatever happens
    elsewhere, since no group that is made later lies nearer to either. Following nearest groups finds such pairs in
    steps that grow with the square of the places, not with the cube (the chain of nearest neighbours).
    """

    def __init__(self, count: int) -> None:
        self.members = {place: [place] for place in range(count)}
        self.sums: dict[int, dict[int, int]] = {place: {} for place in range(count)}

    def relate(self, one: int, other: int, score: int) -> None:
        self.sums[one][other] = self.sums[other][one] = score

    def grouped(self) -> list[list[int]]:
        """Join whatever fits; groups by their first place."""
        done: list[list[int]] = []
        chain: list[int] = []
        while self.members:
            if not chain:
                chain.append(next(iter(self.members)))
            nearest = self._nearest(chain)
            if nearest is None:
                done.append(self.members.pop(chain.pop()))
            elif chain[-2:-1] == [nearest]:
                self._join(*sorted((chain.pop(), chain.pop())))
            else:
                chain.append(nearest)
        return sorted(done, key=min)

    def _nearest(self, chain: list[int]) -> int | None:
        """The group that fits the last of the chain best, if it fits; of equals the one before it, then the first."""
        last, before = chain[-1], chain[-2] if len(chain) > 1 else None
        size, nearest, best = len(self.members[last]), None, float(LEAST_FIT * _MILLION)
        for other, total in self.sums[last].items():
            if other not in self.members:
                continue
            fit = total / (size * len(self.members[other]))
            if fit > best or (fit == best and (nearest is None or other == before or other < nearest != before)):
                nearest, best = other, fit
        return nearest

    def _join(self, first: int, second: int) -> None:
        self.members[first] += self.members.pop(second)
        sums = self.sums[first]
        for neighbour, total in self.sums.pop(second).items():
            if neighbour == first:
                continue
            sums[neighbour] = self.sums[neighbour][first] = sums.get(neighbour, 0) + total
            del self.sums[neighbour][second]
        del sums[second]


# -- what a group is -------------------------------------------------------------------------------------------------


def fits(group: Sequence[int], scores: Mapping[tuple[int, int], float]) -> dict[int, float]:
    """The mean relation of each member with the others, to six places; 1.0 for a group of one."""
    if len(group) == 1:
        return {group[0]: 1.0}
    totals = dict.fromkeys(group, 0)
    for (one, other), score in scores.items():
        if one in totals and other in totals and one != other:
            totals[one] += round(score * _MILLION)
            totals[other] += round(score * _MILLION)
    return {article_id: round(total / (len(group) - 1)) / _MILLION for article_id, total in totals.items()}


def numbered(stories: Sequence[Sequence[int]], before: Mapping[int, int]) -> list[int | None]:
    """For each group the cluster that it goes on as; ``None`` for a new one.

    It is the one that had most of its articles; a cluster goes on in one group only. Among equals the lowest cluster
    goes first, then the group that stands first. ``before``: article -> its cluster until now.
    """
    members = [(place, article_id) for place, story in enumerate(stories) for article_id in story]
    shared = Counter((place, before[article_id]) for place, article_id in members if article_id in before)
    numbers: dict[int, int] = {}
    for (place, cluster_id), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0][1], item[0][0])):
        if place not in numbers and cluster_id not in numbers.values():
            numbers[place] = cluster_id
    return [numbers.get(place) for place in range(len(stories))]


def heirs(before: Mapping[int, int], now: Mapping[int, int]) -> dict[int, int]:
    """Clusters that lost all of their articles -> the one where most of these are told; of several the lowest.

    Both map an article to its cluster: until now, and from now on.
    """
    found: dict[int, int] = {}
    for cluster_id in set(before.values()) - set(now.values()):
        counts = Counter(now[article_id] for article_id, own in before.items() if own == cluster_id)
        found[cluster_id] = min(counts, key=lambda one: (-counts[one], one))
    return found


def retold(before: Mapping[int, int], now: Mapping[int, int]) -> set[int]:
    """Articles whose story has other articles than before; see `heirs` for what is given."""
    gone = {before[one] for one in now if one in before and before[one] != now[one]}
    come = {now[one] for one in now if before.get(one) != now[one]}
    return {one for one, cluster_id in now.items() if cluster_id in gone | come}


def moved(before: Mapping[int, int], now: Mapping[int, int]) -> set[int]:
    """Articles whose cluster has another number than before, new ones among them; likewise."""
    return {one for one, cluster_id in now.items() if before.get(one) != cluster_id}


def beside(
    scores: Mapping[int, float], cluster_of: Mapping[int, int], sizes: Mapping[int, int]
) -> tuple[int, float] | None:
    """The cluster that one article among too many is placed in, and how well it fits; ``None`` where none does.

    Args:
        scores: other article -> score of the relation with it.
        cluster_of: other article -> its cluster.
        sizes: cluster -> its members, without the article itself.
    """
    totals: Counter[int] = Counter()
    for other, score in scores.items():
        totals[cluster_of[other]] += round(score * _MILLION)
    ranked = sorted((-round(total / sizes[cluster_id]), cluster_id) for cluster_id, total in totals.items())
    if not ranked or -ranked[0][0] < LEAST_FIT * _MILLION:
        return None
    return ranked[0][1], -ranked[0][0] / _MILLION


def representative(tellers: Sequence[Teller]) -> int:
    """The article that stands for a story; see `storage.article_store.ArticleStore.archive`."""
    return min(tellers, key=_standing).article_id


def _standing(one: Teller) -> tuple[bool, bool, int, int, str]:
    return not one.agency_own, one.teaser, day_number(one.reported_at), -one.length, one.canonical_url
