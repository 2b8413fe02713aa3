"""The tables that `run.py` prints."""

from __future__ import annotations

import statistics

from extraction_gate.measuring import ratios
from extraction_gate.scoring import FIELDS, body_scores, shingles

_PER_STRUCTURE = (
    "title",
    "authors",
    "date",
    "modified",
    "agency",
    "dateline",
    "standfirst",
    "section",
    "image",
    "caption",
)


def fields_table(results):
    """One row per field over all pages, one column per extractor: F1 and right/wrong/missed."""
    print(f"\n{'field (F1)':18}" + "".join(f"{name:>28}" for name in results))
    print(f"{'body':18}" + "".join(f"{result.total.body:>28.3f}" for result in results.values()))
    for name in FIELDS:
        row = [_cell(result.total.tallies.get(name)) for result in results.values()]
        print(f"{name:18}" + "".join(f"{cell:>28}" for cell in row))


def _cell(tally):
    if tally is None or not tally.asked:
        return "-"
    return f"{tally.f1:.3f} ({tally.right}/{tally.wrong}/{tally.missed})"


def structures_table(results):
    """One row per structure and extractor."""
    print(
        f"\n{'structure':16}{'extractor':14}{'n':>4}{'body':>7}" + "".join(f"{name[:7]:>9}" for name in _PER_STRUCTURE)
    )
    for structure in next(iter(results.values())).structures:
        for name, result in results.items():
            scores = result.structures[structure]
            cells = [scores.tallies.get(one) for one in _PER_STRUCTURE]
            shown = "".join(f"{cell.f1:>9.3f}" if cell and cell.asked else f"{'-':>9}" for cell in cells)
            print(f"{structure[:15]:16}{name[:13]:14}{len(scores.precisions):>4}{scores.body:>7.3f}{shown}")


def costs(results):
    """CPU of every extractor, and ours against the baseline."""
    print()
    for name, result in results.items():
        seconds = sorted(result.seconds.values())
        print(f"{name:14} CPU ms a page: median {1000 * statistics.median(seconds):.1f}, sum {sum(seconds):.1f} s")
    if {"ours", "trafilatura"} <= set(results):
        each = ratios(results["ours"], results["trafilatura"])
        print(f"ours / trafilatura: median {statistics.median(each):.2f}, p95 {each[int(0.95 * (len(each) - 1))]:.2f}")


def trust_table(scores):
    """Mean confidence beside the share of right values, per field."""
    print(f"\n{'confidence':18}{'n':>5}{'stated':>9}{'right':>9}")
    for name, pairs in sorted(scores.trust.items()):
        stated, right = statistics.mean(one for one, _ in pairs), statistics.mean(good for _, good in pairs)
        print(f"{name:18}{len(pairs):>5}{stated:>9.3f}{right:>9.3f}")
    print("\nwinners:", ", ".join(f"{name} {count}" for name, count in scores.winners.most_common()))


def page_report(page, answer, faults):
    """What is wrong with one page, for a reader: fields, and lines of text that are too many or missing."""
    text = answer.get("text") or ""
    precision, recall = body_scores(page.truth, text) if page.truth.body else (1.0, 1.0)
    print(f"\n{page.id}: body precision {precision:.3f}, recall {recall:.3f}")
    for name, (expected, found) in faults.items():
        print(f"   {name}: {found} and not {expected}")
    known = shingles("\n".join((*page.truth.body, *(line for _, line in page.truth.optional))))
    for line in text.split("\n\n"):
        if not shingles(line) & known:
            print(f"   + {line[:110]!r}")
    for line in page.truth.body:
        if not shingles(line) & shingles(text):
            print(f"   - {line[:110]!r}")
