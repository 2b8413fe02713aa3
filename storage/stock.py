"""Which keys the index holds, and which of those are stock: pure, shared by every backend.

Why the index has half of the keys, 32 bits of each: it only has to find what may be alike, which is then compared by
all keys. Of two texts that share twelve keys one pair in four thousand is not found; a narrow key meets another's about
once in a hundred articles, and mostly on another day. Both halve the largest table of a library.

Why stock is counted in days as well as in versions: a report that forty papers print on two days is news; a sentence
that comes back on a third day, outside the window in which copies appear, is a publisher's boilerplate or a phrase of
the trade. Why only outside the window: inside it, what everybody prints is the story itself.

Why what is counted in the index is scaled: half of the keys are not in it, and which half is chance. Rejected: asking
the keys of all versions, which are packed per version and would be read by the thousand.

Why stock keys find nothing: what shares nothing else proves nothing, and in a large library nearly all that shares a
key with a fresh article shares a stock phrase alone. They are counted for what other keys have found.

Why a slight overlap of large samples makes no candidate: a copy with every fifth word changed shares a third of its
keys; of forty it shares two or fewer once in fifty thousand times. The weakest quotation (a quarter of the shorter
text, half of it reworded) is missed one time in nine. Small samples are never refused.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

MANY_VERSIONS = 5
"""In how many versions outside the window a key must stand to be stock."""

MANY_DAYS = 3
"""On how many different days those must have been reported."""

MANY_KEYS = 40
"""From how many keys of the shorter text on their number proves that two texts have little in common."""

LEAST_SHARED = 0.06
"""Which part of so many keys must be shared."""

_WORD = struct.Struct("<q")
_OTHER_HALF = 8
_NARROW = 4


@lru_cache(maxsize=64)
def _salt(signal: str) -> int:
    return int(_WORD.unpack(hashlib.blake2b(signal.encode(), digest_size=_WORD.size).digest())[0])


def narrowed(signal: str, keys: Iterable[int]) -> list[int]:
    """What the index holds of the keys of one signal: 32 bits with a sign. Migrations repeat this in SQL.

    The signal's name is mixed in, so that signals never meet.
    """
    salt = _salt(signal)
    mixed = (key ^ salt for key in keys)
    return [((key >> _NARROW) & 0xFFFFFFFF) - 0x80000000 for key in mixed if not key & _OTHER_HALF]


def indexed(keys: Mapping[str, Iterable[int]]) -> set[int]:
    """What the index holds of the keys of all signals."""
    return {key for signal, own in keys.items() for key in narrowed(signal, own)}


def is_stock(days: Iterable[int], *, first_day: int, last_day: int) -> bool:
    """Whether a key is stock that stands in versions of these days, one day for each version.

    The two others are the ends of the window in which copies are looked for; days are those of
    `storage.searching.day_number`.
    """
    outside = [day for day in days if not first_day <= day <= last_day]
    return len(outside) >= MANY_VERSIONS and len(set(outside)) >= MANY_DAYS


def is_slight(fresh: Mapping[str, int], stored: Mapping[str, int], shared: Mapping[str, int]) -> bool:
    """Whether two texts share so little of a large sample that they cannot be alike.

    The three are counts per signal: of the fresh text's keys, of the stored text's, and of those that both have.
    """
    shorter = ((name, min(count, stored.get(name, 0))) for name, count in fresh.items())
    return any(count >= MANY_KEYS and shared.get(name, 0) < LEAST_SHARED * count for name, count in shorter)


def stock_counts(shared: Mapping[str, AbstractSet[int]], stock: AbstractSet[int]) -> dict[str, int]:
    """Per signal how many of the shared keys are stock, without those that have none.

    ``stock``: keys of the index. The share among the shared keys that are in the index is taken for all of them.
    """
    counts: dict[str, int] = {}
    for signal, keys in shared.items():
        known = narrowed(signal, keys)
        found = sum(key in stock for key in known)
        if found:
            counts[signal] = (2 * found * len(keys) + len(known)) // (2 * len(known))
    return counts
