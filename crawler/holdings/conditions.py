"""Whether a held file still is what was indexed."""

from __future__ import annotations

import os
from enum import StrEnum

from storage.types import HeldFile


class Condition(StrEnum):
    """What a look at the disk says about a held file."""

    AS_INDEXED = "as indexed"
    CHANGED = "changed"
    GONE = "gone"


def condition_of(file: HeldFile) -> Condition:
    """One look; a file that cannot be looked at is gone for us."""
    try:
        state = os.stat(file.path)  # noqa: PTH116 - size and nanoseconds, as in `crawler.holdings.files.modified`
    except OSError:
        return Condition.GONE
    same = (state.st_size, state.st_mtime_ns) == (file.size, file.modified_ns)
    return Condition.AS_INDEXED if same else Condition.CHANGED
