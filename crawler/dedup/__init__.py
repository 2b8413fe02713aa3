"""Is this the same story? A pure verdict with its reasons, from fingerprints alone.

`fingerprint` computes what is stored and compared, `decide` compares; looking candidates up is storage's part. The
rules and their order stand in `verdicts`, the signals in `signals`, what counts as text in `folding`.
"""

from crawler.dedup.fingerprints import fingerprint, text_digest
from crawler.dedup.reserving import reserved
from crawler.dedup.signals import SIGNALS, Match, Signal
from crawler.dedup.verdicts import decide

__all__ = ["SIGNALS", "Match", "Signal", "decide", "fingerprint", "reserved", "text_digest"]
