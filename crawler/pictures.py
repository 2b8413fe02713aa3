"""What every picture that we draw has in common: matplotlib is there, nobody draws at the same time, no traces.

Why no ``pyplot``: it wants a display or a setting for having none; a figure alone draws into a file anywhere. Equal
numbers give equal bytes: no date, no program version, no random names in the file.

Why one picture at a time: what text and lines look like is a setting of the whole of matplotlib, and a site draws in
several threads.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from crawler.errors import ConfigurationError

_NO_TRACES: Mapping[str, Mapping[str, None]] = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}
_DRAWING = threading.Lock()


def matplotlib(module: str = "matplotlib") -> Any:  # noqa: ANN401  an optional library without type information
    """One of its modules.

    Raises:
        ConfigurationError: the extra ``plot`` is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        remedy = "install the extra `plot`: pip install 'dateline[plot]'"
        raise ConfigurationError(f"a picture needs matplotlib: {remedy}") from error


@contextmanager
def drawing(style: Mapping[str, Any]) -> Iterator[None]:
    """While it lasts, matplotlib has these settings and draws for nobody else."""
    with _DRAWING, matplotlib().rc_context(dict(style)):
        yield


def figure(width: float, height: float) -> Any:  # noqa: ANN401
    """A new figure of so many inches, whose parts keep clear of each other."""
    return matplotlib("matplotlib.figure").Figure(figsize=(width, height), layout="constrained")


def saved(drawn: Any, picture: str, **options: object) -> bytes:  # noqa: ANN401
    """A figure as a file, ``svg`` or ``png``."""
    out = io.BytesIO()
    drawn.savefig(out, format=picture, metadata=_NO_TRACES[picture], **options)
    return out.getvalue()


def calm(axes: Any, faint: str) -> None:  # noqa: ANN401
    """Only horizontal lines, behind what is drawn."""
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=faint, linewidth=0.8)
    axes.tick_params(length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def count_up(axes: Any) -> None:  # noqa: ANN401
    """Whole numbers upwards, few of them."""
    ticker = matplotlib("matplotlib.ticker")
    axes.yaxis.set_major_locator(ticker.MaxNLocator(integer=True, nbins=6, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
    axes.margins(y=0.06)
