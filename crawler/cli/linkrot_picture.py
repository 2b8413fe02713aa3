"""The picture of link rot: cited pages by year of the event, as stacked bars, in numbers and as shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler import pictures
from crawler.errors import ConfigurationError
from crawler.linkrot import Rot
from crawler.pictures import matplotlib

FORMATS = ("svg", "png")

_PARTS = (
    ("live", "live", "#3a8f6f"),
    ("rescued", "rescued from an archive", "#3f7fbf"),
    ("missing", "missing", "#c9543f"),
    ("not_asked", "not asked yet", "#cfcfcf"),
)
_INK, _FAINT = "#333333", "#dddddd"
_STYLE = {
    "svg.hashsalt": "dateline",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.edgecolor": _FAINT,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}
_LEAST_WIDTH, _MOST_WIDTH, _PER_YEAR = 7.5, 16.0, 0.42
_MOST_LABELS = 24
_FEW_YEARS = 8
"""So many have room at least, so that one year is a bar and no wall."""
_ROOM_FOR_SHARE = 0.08
"""Smallest share of a bar that a figure fits into."""


def picture_format(path: Path) -> str:
    """The format that the file's name asks for, once it is sure that it can be drawn.

    Raises:
        ConfigurationError: there is no such format, or the extra ``plot`` is not installed.
    """
    name = path.suffix.lower().removeprefix(".")
    if name not in FORMATS:
        raise ConfigurationError(f"{path} is neither .svg nor .png: name the picture so")
    matplotlib()
    return name


def draw(years: Mapping[int, Rot], picture: str) -> bytes:
    """The picture file; years without events keep their place, pages without a year are left out.

    Raises:
        ConfigurationError: no cited page has a year, or the extra ``plot`` is not installed.
    """
    known = {year: rot for year, rot in years.items() if year}
    if not known:
        raise ConfigurationError("no cited page has a year: import event entries first")
    with pictures.drawing(_STYLE):
        return pictures.saved(_figure(known), picture, dpi=150, facecolor="white")


def _figure(years: Mapping[int, Rot]) -> Any:  # noqa: ANN401
    span = range(min(years), max(years) + 1)
    rows = [years.get(year, Rot()) for year in span]
    width = min(_MOST_WIDTH, max(_LEAST_WIDTH, 2.0 + _PER_YEAR * len(span)))
    figure = pictures.figure(width, 6.4)
    numbers, shares = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    cited = sum(row.cited for row in rows)
    figure.suptitle(f"What became of {cited:,} cited pages", x=0.01, ha="left", fontsize=14, fontweight="bold")
    _bars(numbers, span, [[getattr(row, name) for row in rows] for name, _, _ in _PARTS])
    _bars(shares, span, [[row.share(getattr(row, name)) for row in rows] for name, _, _ in _PARTS])
    _label(numbers, shares, span)
    if len(span) <= _MOST_LABELS:
        _write_shares(shares, span, rows)
    handles, labels = numbers.get_legend_handles_labels()
    sums = (sum(getattr(row, name) for row in rows) for name, _, _ in _PARTS)
    named = [f"{label} ({part / max(1, cited):.0%})" for label, part in zip(labels, sums, strict=True)]
    figure.legend(handles, named, loc="outside lower center", ncols=len(_PARTS), frameon=False)
    return figure


def _bars(axes: Any, span: Sequence[int], parts: Sequence[Sequence[float]]) -> None:  # noqa: ANN401
    floor = [0.0] * len(span)
    for (_, label, colour), heights in zip(_PARTS, parts, strict=True):
        axes.bar(span, heights, bottom=floor, width=0.82, label=label, color=colour)
        floor = [low + height for low, height in zip(floor, heights, strict=True)]
    pictures.calm(axes, _FAINT)


def _label(numbers: Any, shares: Any, span: Sequence[int]) -> None:  # noqa: ANN401
    numbers.set_ylabel("cited pages")
    pictures.count_up(numbers)
    shares.set_ylabel("share")
    shares.set_ylim(0, 1)
    shares.yaxis.set_major_formatter(matplotlib("matplotlib.ticker").PercentFormatter(1.0, decimals=0))
    shares.set_xlabel("year of the earliest event that cites the page")
    step = -(-len(span) // _MOST_LABELS)
    shares.set_xticks(list(span)[::step])
    margin = max(0.6, (_FEW_YEARS - len(span)) / 2)
    shares.set_xlim(span[0] - margin, span[-1] + margin)


def _write_shares(axes: Any, span: Sequence[int], rows: Sequence[Rot]) -> None:  # noqa: ANN401
    """The percentage in each part that is high enough."""
    for year, row in zip(span, rows, strict=True):
        floor = 0.0
        for name, _, _ in _PARTS:
            share = row.share(getattr(row, name))
            if share >= _ROOM_FOR_SHARE:
                colour = _INK if name == "not_asked" else "white"
                axes.text(year, floor + share / 2, f"{share:.0%}", ha="center", va="center", fontsize=7, color=colour)
            floor += share
