"""Measure links by content: ``python tests/benchmarks/linking/run.py [--external FILE.jsonl] [--model FOLDER]``.

Without a file: the invented set, whose floors are pinned in ``tests/unit/linking``. With one: real events (see
`linking_gate.external`), the months held out, beside plain bm25 of SQLite in the same run.
"""

import argparse
from dataclasses import replace

from linking_gate.external import external_cases
from linking_gate.invented import invented_cases
from linking_gate.measuring import measure, measure_plain
from linking_gate.searching import Shelf

from crawler.linking import LINKED, PROPOSED, Finder, Vocabulary

PRECISIONS = (0.90, 0.95, 0.98)


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--external")
    parser.add_argument("--model")
    parser.add_argument("--all", action="store_true", help="also the months that weights were fitted on")
    given = parser.parse_args()
    found = external_cases(given.external) if given.external else invented_cases()
    cases = [case for case in found.cases if case.held_out or given.all]
    shelf, vocabulary = Shelf(found.events), Vocabulary(found.events)
    print(f"{len(found.events)} events, {len(cases)} articles")
    print(f"{'method':34}{'R@1':>7}{'R@5':>7}" + "".join(f"  rec@P{precision:.2f}" for precision in PRECISIONS))
    line("plain bm25, +-1 day", measure_plain(cases, shelf))
    methods = [("words", Finder(vocabulary))]
    if given.model:
        from crawler.linking.embedding import OnnxEmbedder  # noqa: PLC0415 - an extra

        methods.append(("words and meaning", Finder(vocabulary, OnnxEmbedder(given.model))))
    for name, finder in methods:
        tell(name, measure(cases, finder, shelf))
        if not given.external:
            by_group(cases, finder, shelf)
        if given.external:
            missing = [replace(case, right=frozenset()) for case in cases]
            tell_missing(measure(missing, finder, Without(shelf, cases)))
            undated = [replace(case, article=replace(case.article, dated=False)) for case in cases]
            tell(f"{name}, as if undated", measure(undated, finder, shelf))


def by_group(cases, finder, shelf):
    """The invented set, kind by kind."""
    for group in dict.fromkeys(case.group for case in cases):
        some = [case for case in cases if case.group == group]
        figures = measure(some, finder, shelf)
        shares = "  ".join(
            f"{word} {precision:.3f} of {pairs}"
            for word, (pairs, precision, _) in (
                ("linked", figures.above(LINKED)),
                ("or proposed", figures.above(PROPOSED)),
            )
        )
        print(f"    {group:20}{len(some):5} articles  R@1 {figures.recall_at(1):.3f}  right: {shares}")


class Without:
    """A shelf from which the events that an article reports were taken."""

    def __init__(self, shelf, cases):
        self.shelf = shelf
        self.right = {case.article.canonical_url: case.right for case in cases}

    def candidates(self, article, vocabulary):
        right = self.right[article.canonical_url]
        return [event for event in self.shelf.candidates(article, vocabulary) if event.key not in right]


def tell_missing(figures):
    """How many articles get a wrong event where their own is missing (some of these are right when read)."""
    pairs = [sum(score >= threshold for score, _ in figures.answers) for threshold in (LINKED, PROPOSED)]
    print(f"    without their own event: {pairs[0]} linked, {pairs[1]} linked or proposed of {len(figures.answers)}")


def line(name, figures):
    """One row."""
    recalls = "".join(f"{figures.recall_at_precision(precision):11.3f}" for precision in PRECISIONS)
    print(f"{name:34}{figures.recall_at(1):7.3f}{figures.recall_at(5):7.3f}{recalls}")


def tell(name, figures):
    """One method: a row, the thresholds, the calibration."""
    line(name, figures)
    for threshold, word in ((LINKED, "linked"), (PROPOSED, "linked or proposed")):
        pairs, precision, recall = figures.above(threshold)
        print(f"    {word} (from {threshold}): {pairs} pairs, precision {precision:.3f}, of all articles {recall:.3f}")
    print(
        "    score -> right:", *(f"{score:.2f} {share:.2f} ({pairs})" for score, share, pairs in figures.calibration())
    )


if __name__ == "__main__":
    main()
