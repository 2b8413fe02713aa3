"""Signals of near duplication, in the order in which ties are broken.

A new one is a module here and its place in `SIGNALS`; with it come its labelled pairs in the dedup gate. The signal
contract test walks this tuple.
"""

from __future__ import annotations

from crawler.dedup.signals.grams import BRIEFS, GRAMS
from crawler.dedup.signals.protocol import Match, Signal

SIGNALS: tuple[Signal, ...] = (GRAMS, BRIEFS)

__all__ = ["SIGNALS", "Match", "Signal"]
