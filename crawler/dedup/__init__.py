"""Is this the same story? A pure verdict with its reasons, from fingerprints and, where they are at hand, the texts.

`fingerprint` computes what is stored and compared, `decide` compares; looking candidates up is storage's part. The
rules and their order stand in `verdicts` (a document's own history in `own_history`, other documents in `likeness`),
the signals of the index in `signals`, the comparison of two whole texts in `alignment` and `facts`, what counts as text
in `folding` and `units`. `passages` names what two texts have in common.
"""

from crawler.dedup.fingerprints import fingerprint, refingerprinted, text_digest
from crawler.dedup.passages import Passage, passages
from crawler.dedup.reserving import reserved
from crawler.dedup.signals import SIGNALS, Match, Signal
from crawler.dedup.verdicts import decide

__all__ = [
    "SIGNALS",
    "Match",
    "Passage",
    "Signal",
    "decide",
    "fingerprint",
    "passages",
    "refingerprinted",
    "reserved",
    "text_digest",
]
