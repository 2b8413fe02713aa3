"""Dedup keys as they are stored: packed per signal, and mixed with the signal's name for the index."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from functools import lru_cache

_WORD = struct.Struct("<q")


def pack(keys: Iterable[int]) -> bytes:
    """Distinct keys in ascending order, 8 bytes each.

    Raises:
        struct.error: a key does not fit into 64 bits with a sign.
    """
    ordered = sorted(set(keys))
    return struct.pack(f"<{len(ordered)}q", *ordered)


def unpack(packed: bytes) -> frozenset[int]:
    """The keys again."""
    return frozenset(struct.unpack(f"<{len(packed) // _WORD.size}q", packed))


@lru_cache(maxsize=64)
def _salt(signal: str) -> int:
    return int(_WORD.unpack(hashlib.blake2b(signal.encode(), digest_size=_WORD.size).digest())[0])


def index_keys(keys: Mapping[str, Iterable[int]]) -> set[int]:
    """Keys of all signals as the index holds them: the signal's name is mixed in, so that signals never meet."""
    return {key ^ _salt(signal) for signal, own in keys.items() for key in own}
