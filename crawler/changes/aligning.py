"""Which sentence of one text is which of the other.

Why in these steps
    *What stayed*: sentences that stand once in both are the anchors (patience); the longest run of them in the same
    order stays, and the gaps between them are searched again. Where a gap has only repeated sentences it is compared
    by longest common subsequence if it is small, and else by looking ahead a little ("rough").
    *What moved*: equal sentences that are left over on both sides.
    *What changed*: of what is left in the same gap, pairs in the same order that share most of their words.

    difflib over sentences was rejected: it takes the longest run first, which makes a moved passage the anchor of
    everything, and on live blogs with repeated lines its time grows with the square of the length and more.

Why the order of the two texts is made canonical
    Ties are broken somehow; to break them the same way in both directions, the smaller text always comes first and the
    result is turned round. So a swap of the texts turns additions into removals and nothing else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from crawler.changes.sentences import Sentence

_MOST_CELLS = 40_000
_LOOK_AHEAD = 40
_BAND = 10
_LEAST_ALIKE = 0.5
_LEAST_SHARED = 2

_Pairs = dict[int, int]
_Gap = tuple[int, int, int, int]


@dataclass(kw_only=True, slots=True)
class Alignment:
    """Places in the old text -> places in the new one.

    Attributes:
        kept: equal sentences in the same order.
        changed: sentences in the same order that share most of their words.
        moved: equal sentences that stand elsewhere.
        rough: some passage was too long and too repetitive to be compared in full.
    """

    kept: _Pairs = field(default_factory=dict)
    changed: _Pairs = field(default_factory=dict)
    moved: _Pairs = field(default_factory=dict)
    rough: bool = False


def align(old: Sequence[Sentence], new: Sequence[Sentence]) -> Alignment:
    """Pair the sentences of two texts; each is in one pair at most. Bounded in time, and symmetric."""
    if [one.key for one in new] < [one.key for one in old]:
        turned = align(new, old)
        return Alignment(
            kept=_turned(turned.kept),
            changed=_turned(turned.changed),
            moved=_turned(turned.moved),
            rough=turned.rough,
        )
    found = Alignment()
    _keep(found, [one.key for one in old], [one.key for one in new])
    _move(found, old, new)
    _pair_changed(found, old, new)
    return found


def _turned(pairs: _Pairs) -> _Pairs:
    return {new: old for old, new in sorted(pairs.items(), key=lambda pair: pair[1])}


# -- what stayed -------------------------------------------------------------------------------------------------


def _keep(found: Alignment, old: list[str], new: list[str]) -> None:
    gaps = [(0, len(old), 0, len(new))]
    while gaps:
        gap = a, b, c, d = _trimmed(found, old, new, gaps.pop())
        anchors = [(a + i, c + j) for i, j in _anchors(old[a:b], new[c:d])]
        if not anchors:
            _keep_repeated(found, old, new, gap)
            continue
        found.kept.update(anchors)
        starts = [(a, c), *((i + 1, j + 1) for i, j in anchors)]
        gaps += [(i, m, j, n) for (i, j), (m, n) in zip(starts, [*anchors, (b, d)], strict=True)]


def _trimmed(found: Alignment, old: list[str], new: list[str], gap: _Gap) -> _Gap:
    """The gap without what is equal at both ends, which stays."""
    a, b, c, d = gap
    while a < b and c < d and old[a] == new[c]:
        found.kept[a] = c
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
        found.kept[b] = d
    return a, b, c, d


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest run in the same order of sentences that stand once on either side."""
    in_old, in_new = Counter(old), Counter(new)
    place = {key: j for j, key in enumerate(new) if in_new[key] == 1}
    pairs = [(i, place[key]) for i, key in enumerate(old) if in_old[key] == 1 and key in place]
    return _longest_rising(pairs)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Patience: piles whose tops rise, and for each card the one it lies behind."""
    tops: list[int] = []
    cards: list[int] = []
    behind: list[int] = []
    for card, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        tops[pile : pile + 1] = [j]
        cards[pile : pile + 1] = [card]
        behind.append(cards[pile - 1] if pile else -1)
    found = []
    card = cards[-1] if cards else -1
    while card >= 0:
        found.append(pairs[card])
        card = behind[card]
    return found[::-1]


def _keep_repeated(found: Alignment, old: list[str], new: list[str], gap: _Gap) -> None:
    a, b, c, d = gap
    if not set(old[a:b]) & set(new[c:d]):
        return
    if (b - a) * (d - c) <= _MOST_CELLS:
        pairs = _best_pairs(b - a, d - c, lambda i, j: 1.0 if old[a + i] == new[c + j] else 0.0)
        found.kept.update((a + i, c + j) for i, j in pairs)
        return
    found.rough = True
    for i in range(a, b):
        j = next((j for j in range(c, min(d, c + _LOOK_AHEAD)) if new[j] == old[i]), None)
        if j is not None:
            found.kept[i] = j
            c = j + 1


def _best_pairs(rows: int, columns: int, worth: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Pairs in the same order with the greatest sum of worths."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    worths = [[worth(i, j) for j in range(columns)] for i in range(rows)]
    for i in range(rows - 1, -1, -1):
        here, below, row = best[i], best[i + 1], worths[i]
        for j in range(columns - 1, -1, -1):
            taken = row[j] + below[j + 1] if row[j] else 0.0
            here[j] = max(taken, below[j], here[j + 1])
    found, i, j = [], 0, 0
    while i < rows and j < columns:
        if worths[i][j] and best[i][j] == worths[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


# -- what moved --------------------------------------------------------------------------------------------------


def _move(found: Alignment, old: Sequence[Sentence], new: Sequence[Sentence]) -> None:
    """Equal sentences that are left over, the first with the first."""
    taken = set(found.kept.values())
    left: dict[str, deque[int]] = defaultdict(deque)
    for j, sentence in enumerate(new):
        if j not in taken and sentence.key:
            left[sentence.key].append(j)
    for i, sentence in enumerate(old):
        if i not in found.kept and left.get(sentence.key):
            found.moved[i] = left[sentence.key].popleft()


# -- what changed ------------------------------------------------------------------------------------------------


def _pair_changed(found: Alignment, old: Sequence[Sentence], new: Sequence[Sentence]) -> None:
    old_words = {i: Counter(one.key.split()) for i, one in enumerate(old) if i not in found.kept}
    taken = set(found.kept.values())
    new_words = {j: Counter(one.key.split()) for j, one in enumerate(new) if j not in taken}
    for old_gap, new_gap in _gaps(found, len(old), len(new)):

        def worth(i: int, j: int, rows: Sequence[int] = old_gap, columns: Sequence[int] = new_gap) -> float:
            noise = old[rows[i]].noise
            if noise or new[columns[j]].noise:
                return float(noise == new[columns[j]].noise)
            return _alike(old_words[rows[i]], new_words[columns[j]])

        pairs = _pairs_in_gap(len(old_gap), len(new_gap), worth)
        found.rough = found.rough or len(old_gap) * len(new_gap) > _MOST_CELLS
        found.changed.update((old_gap[i], new_gap[j]) for i, j in pairs)


def _gaps(found: Alignment, rows: int, columns: int) -> Iterator[tuple[list[int], list[int]]]:
    """Places between two sentences that stayed, without those that moved; only where there are some on both sides."""
    arrived = set(found.moved.values())
    a = c = 0
    for b, d in [*sorted(found.kept.items()), (rows, columns)]:
        old_gap = [i for i in range(a, b) if i not in found.moved]
        new_gap = [j for j in range(c, d) if j not in arrived]
        if old_gap and new_gap:
            yield old_gap, new_gap
        a, c = b + 1, d + 1


def _pairs_in_gap(rows: int, columns: int, worth: Callable[[int, int], float]) -> list[tuple[int, int]]:
    if rows * columns <= _MOST_CELLS:
        return _best_pairs(rows, columns, worth)
    found, start = [], 0
    for i in range(rows):
        middle = i * columns // rows
        near = range(max(start, middle - _BAND), min(columns, middle + _BAND + 1))
        j = max(near, key=lambda j, i=i: worth(i, j), default=None)  # type: ignore[misc]
        if j is not None and worth(i, j):
            found.append((i, j))
            start = j + 1
    return found


def _alike(old: Counter[str], new: Counter[str]) -> float:
    """Share of the words that both have, counted with repeats; 0 where it is less than half, or one word only."""
    shared = sum(min(count, new[word]) for word, count in old.items() if word in new)
    share = 2 * shared / ((old.total() + new.total()) or 1)
    return share if share >= _LEAST_ALIKE and shared >= _LEAST_SHARED else 0.0
