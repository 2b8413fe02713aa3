"""How well pages are judged: the labelled set of ``tests/golden/classes`` read by the crawler, page by page.

``python tests/benchmarks/classifier.py [dev|test|blind] [--clues]`` prints for each part and for all: the confusion
matrix, precision, recall and F1 per kind with their counts, and the wrong cases, the strongest clues of each with
``--clues``. Without a name it takes ``dev`` and ``test``; ``blind`` is judged only where it is named. The gate
(tests/golden/test_classes.py) pins the floors. About 40 ms a page.

Why precision and recall per kind and not one figure: an article that is taken for a wall is lost, a wall that is taken
for an article is believed, and the two must not be traded for each other unseen.
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from crawler.extraction import PageInput
from crawler.workers import understand
from storage.types import PageKind, PageVerdict

CLASSES = Path(__file__).resolve().parents[1] / "golden" / "classes"
ABBREVIATIONS = {kind: "".join(part[:4] for part in kind.split("_"))[:7] for kind in PageKind}


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One case and what the crawler made of it."""

    case: Any
    verdict: PageVerdict

    @property
    def right(self) -> bool:
        """Whether the label was found."""
        return self.verdict.kind is self.case.kind

    def __str__(self) -> str:
        """What a reader of a failure needs."""
        case, found = self.case, self.verdict
        return f"{case.split}/{case.id}: {case.kind}, taken for {found.kind} ({found.score:.2f}) [{case.note}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quality:
    """Of one kind of page: how many were called so, how many are, how many of both."""

    called: int
    labelled: int
    right: int

    @property
    def precision(self) -> float:
        """Share of the pages called so that are; 1 where none was."""
        return self.right / self.called if self.called else 1.0

    @property
    def recall(self) -> float:
        """Share of the pages that are so that were called so; 1 where there is none."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def loading() -> ModuleType:
    """The module that makes the labelled set; it stands beside its data, outside any package."""
    known = sys.modules.get("labelled_pages")
    if known is None:
        spec = importlib.util.spec_from_file_location("labelled_pages", CLASSES / "loading.py")
        assert spec is not None
        assert spec.loader is not None
        known = sys.modules["labelled_pages"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(known)
    return known


def page_input(case: Any) -> PageInput:
    """A case as the crawler would hand it over."""
    return PageInput(
        url=case.url,
        content=case.content,
        content_type=case.content_type,
        captured_at=case.captured_at,
        status=case.status,
        headers=case.headers,
        requested_url=case.requested_url,
        redirects=case.redirects,
        citations=(case.citation,),
    )


def judged(cases: Iterable[Any]) -> list[Judged]:
    """Every case with its verdict.

    Raises:
        ValueError: a page was given no verdict at all.
    """
    results = []
    for case in cases:
        verdict = understand(page_input(case)).verdict
        if verdict is None:
            raise ValueError(f"{case.id} was not judged")
        results.append(Judged(case=case, verdict=verdict))
    return results


def qualities(results: Iterable[Judged]) -> dict[PageKind, Quality]:
    """The figures of every kind."""
    matrix = confusion(results)
    return {
        kind: Quality(
            called=sum(count for (_, found), count in matrix.items() if found is kind),
            labelled=sum(count for (label, _), count in matrix.items() if label is kind),
            right=matrix[kind, kind],
        )
        for kind in PageKind
    }


def confusion(results: Iterable[Judged]) -> Counter[tuple[PageKind, PageKind]]:
    """How often a label was taken for a kind."""
    return Counter((result.case.kind, result.verdict.kind) for result in results)


def _print_table(name: str, results: list[Judged]) -> None:
    right = sum(result.right for result in results)
    print(f"\n== {name}: {right} of {len(results)} right ({right / len(results):.3f}) ==")
    matrix = confusion(results)
    print(f"{'labelled as':17}" + "".join(f"{ABBREVIATIONS[kind]:>8}" for kind in PageKind))
    for label in PageKind:
        print(f"{label:17}" + "".join(f"{matrix[label, found] or '.':>8}" for found in PageKind))
    print(f"\n{'kind':17}{'precision':>10}{'recall':>8}{'F1':>8}{'called':>8}{'are':>6}{'right':>7}")
    for kind, figures in qualities(results).items():
        rates = f"{figures.precision:10.3f}{figures.recall:8.3f}{figures.f1:8.3f}"
        print(f"{kind:17}{rates}{figures.called:8}{figures.labelled:6}{figures.right:7}")


def _print_wrong(results: list[Judged], *, clues: bool) -> None:
    wrong = [result for result in results if not result.right]
    print(f"\n{len(wrong)} wrong:")
    for result in wrong:
        print(result)
        for clue in result.verdict.clues[:6] if clues else ():
            print(f"    {clue.weight:+5.1f} {clue.kind:16} {clue.name}  {clue.detail[:90]}")


def main() -> None:
    """Print the gated parts, or the named ones."""
    parts = [split for split in loading().SPLITS if split in sys.argv] or ["dev", "test"]
    results = judged(case for case in loading().cases() if case.split in parts)
    for part in parts:
        _print_table(part, [result for result in results if result.case.split == part])
    if len(parts) > 1:
        _print_table("all", results)
    _print_wrong(results, clues="--clues" in sys.argv)


if __name__ == "__main__":
    main()
