"""Charts on pages: stacked bars as SVG inside the page, drawn by matplotlib and made fit for it.

What matplotlib writes cannot stand in our pages as it is: they allow no ``style`` attributes, several pictures on one
page would share ids, and colours that are written down cannot turn with light and dark. So it draws with colours that
only mean something (`_INK`, `_SERIES`), and `_fit` turns these into classes, styles into attributes, and gives ids the
chart's name. What the classes look like says ``static/dateline.css``.

Why patterns on the bars: whoever sees no colours tells them apart by these, and by the order in the legend. Why one
path per series and not one shape per bar: thirty years of months are 360 bars, four parts each, a hundred kilobytes.

Why nothing is remembered here but the pictures drawn last: equal charts are equal pictures.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree
from markupsafe import Markup

from crawler import pictures

log = logging.getLogger(__name__)

_INK, _FAINT, _HATCH = "#000001", "#000002", "#000003"
_SERIES = ("#0000a0", "#0000a1", "#0000a2", "#0000a3", "#0000a4", "#0000a5")
_PATTERNS = ("", "////", "\\\\\\\\", "xxxx", "----", "++++")
_CLASSES: Mapping[str, str] = {
    _FAINT: "faint",
    _HATCH: "hatch",
    **{one: f"series-{n}" for n, one in enumerate(_SERIES)},
}
"""Colour -> the class that says what it looks like."""
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "dateline",
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "hatch.linewidth": 1.0,
    "text.color": _INK,
    "text.parse_math": False,
    "axes.edgecolor": _FAINT,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}
_WIDTH, _HEIGHT = 11.6, 4.0
"""Inches of 72 points each."""
_FEW_BARS = 8
"""So many have room at least, so that one bar is no wall."""
_CROWD = 120
"""From so many bars on there is no gap between them: it would be less than a dot wide."""
_KEPT = 64

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_ATTRIBUTES = frozenset(
    {"fill", "fill-opacity", "opacity", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-linejoin"}
    | {"stroke-opacity", "stroke-width", "text-anchor"}
)
"""What of a style is kept, as attributes."""
_SIZE = re.compile(r"([0-9.]+)px")
_STRAIGHT = re.compile(r"[MLz0-9.\s-]+")
_STEP = re.compile(r"([ML]) (\S+) (\S+)\s*(z?)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One part of every bar.

    Attributes:
        label: in the legend.
        values: one per bar, none below 0.
        look: colour and pattern, from 0 to 5; each chart has a look once.
    """

    label: str
    values: tuple[int, ...]
    look: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """Stacked bars.

    Attributes:
        name: for ids, unique on its page: small letters and hyphens.
        title: what is shown, in a few words.
        noun: what is counted, as plural.
        across: what one bar is: ``month``.
        labels: of the bars, from left to right; at least one.
        marks: places of bars below which something is written, and what.
        series: from below.
    """

    name: str
    title: str
    noun: str
    across: str
    labels: tuple[str, ...]
    marks: tuple[tuple[int, str], ...]
    series: tuple[Series, ...]

    @property
    def total(self) -> int:
        """Of all bars."""
        return sum(sum(one.values) for one in self.series)

    @property
    def gist(self) -> str:
        """What the figures say, in one sentence."""
        told = ", ".join(f"{sum(one.values):,} {one.label} ({self.share(one):.0%})" for one in self.series)
        return f"{self.labels[0]} to {self.labels[-1]}, {self.total:,} {self.noun} in all: {told}."

    @property
    def rows(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Label of each bar, with its values; bars of nothing are left out."""
        for label, *values in zip(self.labels, *(one.values for one in self.series), strict=True):
            if any(values):
                yield label, tuple(values)

    def share(self, one: Series) -> float:
        """A series' share of everything, from 0 to 1."""
        return sum(one.values) / max(1, self.total)

    @property
    def picture(self) -> Markup:
        """See `svg_of`."""
        return svg_of(self)


@lru_cache(maxsize=_KEPT)
def svg_of(chart: Chart) -> Markup:
    """The chart as an ``<svg>`` for a page; equal charts give equal texts."""
    with pictures.drawing(_STYLE):
        file = pictures.saved(_figure(chart), "svg", dpi=72, transparent=True)
    return Markup(_fit(file, chart))  # noqa: S704 - made by a serializer from our own figures


def drawn(chart: Chart | None) -> Chart | None:
    """The same, once its picture is there; for who remembers charts, so that no reader has to wait for drawing."""
    if chart is not None:
        svg_of(chart)
    return chart


def warm_up() -> None:
    """Load what draws in a thread of its own, so that the first who looks at a chart need not wait for it."""
    threading.Thread(target=_load, name="charts", daemon=True).start()


def _load() -> None:
    none = Series(label="nothing", values=(0,))
    try:
        svg_of(Chart(name="none", title="", noun="", across="", labels=("",), marks=(), series=(none,)))
    except Exception:
        log.exception("charts cannot be drawn")


# -- drawing -----------------------------------------------------------------------------------------------------


def _figure(chart: Chart) -> Any:  # noqa: ANN401 - an optional library without type information
    figure = pictures.figure(_WIDTH, _HEIGHT)
    axes = figure.subplots()
    floor = [0] * len(chart.labels)
    for one in chart.series:
        top = [low + value for low, value in zip(floor, one.values, strict=True)]
        axes.add_artist(_patch(_bars(floor, top), one.look, f"{one.label} ({chart.share(one):.0%})"))
        floor = top
    axes.set_ylim(0, max(1, *floor) * 1.06)
    margin = max(0.6, (_FEW_BARS - len(floor)) / 2)
    axes.set_xlim(-margin, len(floor) - 1 + margin)
    axes.set_xticks([place for place, _ in chart.marks], [text for _, text in chart.marks])
    axes.set_ylabel(chart.noun)
    pictures.calm(axes, _FAINT)
    axes.tick_params(left=False, bottom=False)
    pictures.count_up(axes)
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    return figure


def _bars(floor: Sequence[int], top: Sequence[int]) -> Any:  # noqa: ANN401
    """All bars of a series in one path."""
    path = pictures.matplotlib("matplotlib.path").Path
    half = 0.41 if len(floor) < _CROWD else 0.5
    corners: list[tuple[float, float]] = []
    for at, (low, high) in enumerate(zip(floor, top, strict=True)):
        if high > low:
            left, right = at - half, at + half
            corners += [(left, low), (left, high), (right, high), (right, low), (left, low)]
    steps = [path.MOVETO, path.LINETO, path.LINETO, path.LINETO, path.CLOSEPOLY] * (len(corners) // 5)
    return path(corners or [(0.0, 0.0)], steps or None)


def _patch(path: Any, look: int, label: str) -> Any:  # noqa: ANN401
    return pictures.matplotlib("matplotlib.patches").PathPatch(
        path, facecolor=_SERIES[look], edgecolor=_HATCH, hatch=_PATTERNS[look], linewidth=0, label=label
    )


# -- making it fit -----------------------------------------------------------------------------------------------


def _fit(file: bytes, chart: Chart) -> str:
    root = etree.fromstring(file, etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True))
    etree.strip_elements(root, f"{{{_SVG}}}style", f"{{{_SVG}}}metadata", etree.Comment, with_tail=False)
    used = set(_used(root))
    for element in root.iter():
        _attributes_for_style(element)
        _name(element, chart.name, used)
        if _STRAIGHT.fullmatch(drawn_as := element.get("d", "")):
            element.set("d", _short(drawn_as))
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    _describe(root, chart)
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _describe(root: Any, chart: Chart) -> None:  # noqa: ANN401
    """What somebody hears who does not see it."""
    for place, (name, text) in enumerate((("title", chart.title), ("desc", chart.gist))):
        made = etree.Element(f"{{{_SVG}}}{name}", id=f"{chart.name}-{name}")
        made.text = text
        root.insert(place, made)
    root.set("role", "img")
    root.set("aria-labelledby", f"{chart.name}-title {chart.name}-desc")


def _used(root: Any) -> Iterator[str]:  # noqa: ANN401
    """Ids that something refers to."""
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == _LINK:
                yield value.removeprefix("#")
            yield from _REFERENCE.findall(value)


def _name(element: Any, name: str, used: set[str]) -> None:  # noqa: ANN401
    """Ids that are used get the chart's name, the others go."""
    own = element.attrib.pop("id", "")
    if own in used:
        element.set("id", f"{name}-{own}")
    if target := element.attrib.pop(_LINK, ""):
        element.set("href", f"#{name}-{target.removeprefix('#')}")
    for key, value in element.attrib.items():
        if "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{name}-\1)", value))


def _attributes_for_style(element: Any) -> None:  # noqa: ANN401
    said = {key: element.attrib.pop(key) for key in ("fill", "stroke") if key in element.attrib}
    said |= _said(element.attrib.pop("style", ""))
    if size := _SIZE.search(said.get("font-size", said.get("font", ""))):
        element.set("font-size", size[1])
    classes = {_CLASSES[value] for value in said.values() if value in _CLASSES}
    if classes:
        element.set("class", " ".join(sorted(classes)))
    for key, value in said.items():
        if key in _ATTRIBUTES and value not in _CLASSES:
            element.set(key, "currentColor" if value == _INK else value)


def _short(path: str) -> str:
    """The same path in tenths of a point, lines straight up and across by one number."""
    told: list[str] = []
    last = ("", "")
    for step in _STEP.finditer(path):
        x, y = (f"{float(one):.1f}".removesuffix(".0") for one in step.group(2, 3))
        letter = step[1]
        told.append(f"V{y}" if letter == "L" and x == last[0] else f"H{x}" if letter == "L" and y == last[1] else "")
        told[-1] = told[-1] or f"{letter}{x} {y}"
        last = (x, y)
        told += ["z"] if step[4] else []
    return "".join(told)


def _said(style: str) -> Iterator[tuple[str, str]]:
    """``fill: #000001; stroke: none`` in pairs."""
    for part in style.split(";"):
        key, colon, value = part.partition(":")
        if colon:
            yield key.strip(), value.strip()
