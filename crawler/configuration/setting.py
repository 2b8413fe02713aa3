"""What a setting is."""

from __future__ import annotations

import math
from dataclasses import dataclass

Value = str | int | float | bool | list[str]
"""What a setting can be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        key: ``section.name`` as in the file.
        default: also tells the type.
        low: smallest allowed number.
        high: largest allowed number.
        meaning: one sentence for the README and the written file.
    """

    key: str
    default: Value
    meaning: str
    low: float = -math.inf
    high: float = math.inf
