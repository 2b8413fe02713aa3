"""The floors that the measured figures must not fall under, and the rule that they only rise.

Why a refusal: a floor that is lowered together with the change that broke it protects nothing. Whoever lowers one
must name it, so that the change's readers see which field was given up.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

FLOORS = Path(__file__).parents[1] / "floors.toml"


class Refused(Exception):
    """A floor would fall that nobody has named."""


def read(path=FLOORS):
    """``fields.title`` -> floor; empty where nothing has been pinned yet."""
    if not path.exists():
        return {}
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {f"{table}.{name}": value for table, values in tables.items() for name, value in values.items()}


def measured(total, groups):
    """The figures that are pinned: every field over all pages, the body over each group of structures."""
    figures = {"fields.body": total.body} | {f"fields.{name}": tally.f1 for name, tally in total.tallies.items()}
    return figures | {f"body.{name.replace(' ', '-')}": scores.body for name, scores in groups.items()}


def pinned(figures, floors, lowered=()):
    """The new floors: what is measured, rounded down to .001.

    Raises:
        Refused: one of them is lower than it was (or gone) and is not named in `lowered`.
    """
    fresh = {name: math.floor(value * 1000 + 1e-9) / 1000 for name, value in figures.items()}
    falling = [name for name, floor in floors.items() if fresh.get(name, -1.0) < floor]
    if unnamed := [name for name in falling if name not in lowered]:
        fall = ", ".join(f"{name} {floors[name]:.3f} -> {fresh.get(name, math.nan):.3f}" for name in unnamed)
        raise Refused(f"floors would fall: {fall}; name each of them after --lower, or mend the extractor")
    return fresh


def write(floors, path=FLOORS):
    """Store the floors, a table for the fields and one for the groups."""
    lines = ["# Written by `run.py --pin`; see README.md. Figures are F1.\n"]
    for table in ("fields", "body"):
        rows = sorted((name, value) for name, value in floors.items() if name.startswith(f"{table}."))
        lines += [f"\n[{table}]\n", *(f"{name.partition('.')[2]} = {value:.3f}\n" for name, value in rows)]
    path.write_text("".join(lines), encoding="utf-8")
