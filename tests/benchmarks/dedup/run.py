"""The perturbation gate of `crawler.dedup` as tables: ``python tests/benchmarks/dedup/run.py [SEED ...]``.

Recall per change, what derived pairs and look-alikes were called, F1 of copies, and how well whole stories are kept
together (adjusted Rand index). ``--sampled`` withholds the stored texts, as from the 21st candidate on. ``--external
FOLDER`` takes base texts from the ``items.jsonl`` files below a folder (``{"truth": {"title": ..., "body": ...}}``) in
place of the invented ones. The gate (tests/unit/dedup/test_dedup_gate.py) pins the floors for fixed seeds.
"""

from __future__ import annotations

import argparse
from itertools import chain
from pathlib import Path

from dedup_gate.clusters import clustered, week
from dedup_gate.external import external_pairs
from dedup_gate.measuring import judged, quality
from dedup_gate.pairs import Label, pairs


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seeds", nargs="*", type=int)
    parser.add_argument("--sampled", action="store_true", help="without the stored texts")
    parser.add_argument("--external", type=Path, help="folder of texts")
    arguments = parser.parse_args()
    seeds = arguments.seeds or [1, 2, 3]
    made = (external_pairs(arguments.external, seed) if arguments.external else pairs(seed) for seed in seeds)
    table = judged(chain.from_iterable(made), with_text=not arguments.sampled)
    for (label, kind), said in sorted(table.items(), key=lambda item: list(Label).index(item[0][0])):
        counts = "  ".join(f"{name} {said.get(name, 0):4}" for name in (Label.COPY, Label.DERIVED, Label.OTHER))
        meant = Label.COPY if label is Label.BEYOND else label
        print(f"{label:8} {kind:52} {counts}  right {said.get(meant, 0) / sum(said.values()):.3f}")
    print("copies: precision {:.4f}  recall {:.4f}  F1 {:.4f}".format(*quality(table)))
    if not arguments.external:
        print("stories: ARI", "  ".join(f"{clustered(week(seed)):.3f}" for seed in seeds))


if __name__ == "__main__":
    main()
