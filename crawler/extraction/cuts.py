"""What is told of a block that goes from a body, whoever takes it out."""

from __future__ import annotations

from storage.types import Cut

MOST_CUTS = 40
"""So many are told of one body."""
_CHARS = 200


def cut(text: str, reason: str, place: str) -> Cut:
    """The cut of a block; see `storage.types.Cut`."""
    return Cut(text=text[:_CHARS], reason=reason, place=place)
